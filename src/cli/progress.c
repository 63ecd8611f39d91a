/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/diag.h"

#define DELAY_MS       1000
#define TTY_PERIOD_MS  100
#define LINE_PERIOD_MS 30000
#define LINE_MAX_CHARS 256

static int64_t now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Asked at each line, so that a window may change its size. */
static size_t columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		return 80;
	return size.ws_col;
}

void progress_init(struct progress *p, bool verbose)
{
	/* a background job must not write over what the user is doing */
	bool front = isatty(STDERR_FILENO) == 1 && tcgetpgrp(STDERR_FILENO) == getpgrp();

	*p = (struct progress){ .tty = front, .plain = verbose && !front };
}

static void quantity(char *text, size_t size, double n, bool bytes)
{
	static const char *const units[] = { "", "k", "M", "G", "T", "P" };
	const double step = bytes ? 1024 : 1000;
	size_t unit = 0;

	while (n >= step && unit < 5) {
		n /= step;
		unit++;
	}
	(void)snprintf(text, size, unit == 0 ? "%.0f%s%s" : "%.1f%s%s", n, units[unit],
	    bytes ? (unit == 0 ? "B" : "iB") : "");
}

static void compose(const struct progress *p, uint64_t done, uint64_t total, bool bytes,
    int64_t now, char *line, size_t size)
{
	char part[32], whole[32], rate[32], phase[LINE_MAX_CHARS / 2];
	const int64_t elapsed = now - p->start_ms;

	(void)diag_escape(p->phase, phase, sizeof(phase));
	quantity(part, sizeof(part), (double)done, bytes);
	quantity(whole, sizeof(whole), (double)total, bytes);
	quantity(
	    rate, sizeof(rate), elapsed <= 0 ? 0 : (double)done * 1000 / (double)elapsed, bytes);
	if (total > 0 && done <= total)
		(void)snprintf(line, size, "%s: %3u %%, %s of %s, %s/s", phase,
		    (unsigned)(100 * (double)done / (double)total), part, whole, rate);
	else
		(void)snprintf(line, size, "%s: %s, %s/s", phase, part, rate);
}

void progress_update(
    struct progress *p, const char *phase, uint64_t done, uint64_t total, bool bytes)
{
	char line[LINE_MAX_CHARS];
	int64_t now;

	if (!p->tty && !p->plain)
		return;
	now = now_ms();
	if (strncmp(p->phase, phase, sizeof(p->phase) - 1) != 0) {
		if (p->next_ms == 0)
			p->next_ms = now + (p->tty ? DELAY_MS : LINE_PERIOD_MS);
		(void)snprintf(p->phase, sizeof(p->phase), "%s", phase);
		p->start_ms = now;
	}
	if (now < p->next_ms)
		return;
	p->next_ms = now + (p->tty ? TTY_PERIOD_MS : LINE_PERIOD_MS);
	compose(p, done, total, bytes, now, line, sizeof(line));
	if (p->plain) {
		(void)fprintf(stderr, "lodestone: %s\n", line);
		return;
	}
	/* one column stays free: a full line would wrap. A letter of two columns may still do so.
	 */
	(void)fprintf(stderr, "\r\033[K%.*s", (int)(columns() - 1), line);
	p->shown = true;
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		(void)fputs("\r\033[K", stderr);
	p->shown = false;
}
