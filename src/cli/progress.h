/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the work is, on standard error: one line that rewrites itself when that is a terminal,
 * after the first second and at most ten times a second; with -v elsewhere, a plain line every
 * 30 seconds; else nothing.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool tty;
	bool plain;
	bool shown;       /* a line stands on the terminal */
	int64_t start_ms; /* of the phase; the rate is measured from it */
	int64_t next_ms;  /* not before this */
	char phase[64];
};

void progress_init(struct progress *p, bool verbose);

/* done of total in the phase's own unit; total 0: not known. bytes: print them as such. */
void progress_update(
    struct progress *p, const char *phase, uint64_t done, uint64_t total, bool bytes);

/* Take the line away: before a message, and at the end. */
void progress_clear(struct progress *p);

#endif
