/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a whole hunt takes, phase by phase, and what it holds at its peak:
 *
 *   bench-hunt [NAMES CONTACTS [JOBS [MEMORY_MIB]]]
 *
 * makes a haystack of that size and of a quarter and a sixteenth of it, hunts each, and prints a
 * row a size. Popularity falls with rank as in the DNS, nine names in ten have a handful of
 * faithful peers, clients keep office hours behind a cache of five minutes, and one name in ten
 * thousand is asked for every hour. No evidence is parsed: the haystack is written directly.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "haystack/haystack.h"
#include "hunt/hunt.h"

#define DAYS       142
#define FIRST_S    INT64_C(1462320000) /* 2016-05-04 */
#define PEERS      20000
#define TTL_S      300
#define PHASES_MAX 8

struct phase_time {
	const char *name;
	double wall_s;
	double cpu_s;
};

struct stopwatch {
	struct phase_time phases[PHASES_MAX];
	size_t count;
	double wall_s; /* at the last change */
	double cpu_s;
};

static double wall_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double cpu_now(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

/* The time since the last change belongs to the phase that was under way. */
static void change_phase(struct stopwatch *w, const char *name)
{
	double wall = wall_now(), cpu = cpu_now();

	if (w->count > 0) {
		w->phases[w->count - 1].wall_s = wall - w->wall_s;
		w->phases[w->count - 1].cpu_s = cpu - w->cpu_s;
	}
	w->wall_s = wall;
	w->cpu_s = cpu;
	if (w->count < PHASES_MAX)
		w->phases[w->count++].name = name;
}

static void report_phase(void *context, const char *phase, uint64_t done, uint64_t total)
{
	struct stopwatch *w = context;

	(void)total;
	if (done == 0 && strcmp(w->phases[w->count - 1].name, phase) != 0)
		change_phase(w, phase);
}

/* A time at which somebody works: rejection from all hours, one in four outside office hours. */
static double draw_time(struct philox *r)
{
	for (;;) {
		double t = philox_uniform(r) * DAYS * 86400;
		double hour = fmod(t / 3600, 24);
		bool weekend = (int)(t / 86400 + 2) % 7 >= 5;

		if ((!weekend && hour >= 8 && hour < 18) || philox_uniform(r) < 0.25)
			return t;
	}
}

static bool write_name(
    struct haystack_writer *w, uint64_t number, uint64_t contacts, struct err *reterr)
{
	struct contact c = { .kind = KIND_DNS,
		.seen = SEEN_BOTH,
		.direction = DIRECTION_OUT,
		.type = 1,
		.ttl = TTL_S,
		.txid = -1 };
	bool hourly = number % 10000 == 5000;
	struct philox r;
	char text[64];
	uint32_t circle;
	int len;

	philox_init(&r, 7, number, 1);
	len = snprintf(
	    text, sizeof(text), "host%" PRIu64 ".zone%" PRIu64 ".example", number, number / 20);
	if (len < 0 || !endpoint_from_name(&c.target, text, (size_t)len))
		return false;
	circle = number % 10 == 0 ? 1000 : 1 + philox_below(&r, 5);
	for (uint64_t i = 0; i < contacts; i++) {
		/* squared: the first peers of the circle ask most */
		double u = philox_uniform(&r);
		uint32_t peer = (uint32_t)((number * 7919 + (uint64_t)(u * u * circle)) % PEERS);
		uint8_t address[4] = { 10, (uint8_t)(peer >> 16), (uint8_t)(peer >> 8),
			(uint8_t)peer };
		struct addr a = { .len = 4 };
		double t = hourly ? (double)(i * 3600 % (DAYS * 86400)) + philox_uniform(&r) * 20
				  : draw_time(&r);

		memcpy(a.bytes, address, sizeof(address));
		if (hourly)
			a.bytes[3] = 1;
		endpoint_from_addr(&c.peer, &a);
		c.time_ns = (FIRST_S + (int64_t)t) * NS_PER_S;
		if (!haystack_writer_contact(w, &c, reterr))
			return false;
	}
	return true;
}

/* Popularity by rank; names get their share of the contacts, at least one. */
static bool make_haystack(const char *dir, uint64_t names, uint64_t contacts, uint64_t memory_bytes,
    struct haystack **ret, struct err *reterr)
{
	struct haystack_writer *w = NULL;
	struct digest digest = { { 1 } };
	double sum = 0;
	bool ok = false;

	for (uint64_t i = 1; i <= names; i++)
		sum += pow((double)i, -0.6);
	if (!haystack_open(dir, true, ret, reterr) ||
	    !haystack_writer_new(dir, memory_bytes, &w, reterr) ||
	    !haystack_writer_begin(w, reterr))
		goto out;
	for (uint64_t i = 1; i <= names; i++) {
		double share = (double)contacts * pow((double)i, -0.6) / sum;

		if (!write_name(w, i, share < 1 ? 1 : (uint64_t)share, reterr))
			goto out;
	}
	haystack_writer_end(w, &digest);
	ok = haystack_commit(*ret, w, reterr);
out:
	haystack_writer_free(w);
	return ok;
}

static void print_row(const struct stopwatch *w, const struct hunt_result *r, double peak_mib)
{
	double wall = 0, cpu = 0;

	for (size_t i = 0; i < w->count; i++) {
		wall += w->phases[i].wall_s;
		cpu += w->phases[i].cpu_s;
	}
	printf("%" PRIu64 " names, %" PRIu64 " contacts, %" PRIu64 " eligible, %" PRIu64
	       " needles: %.2f s wall, %.2f s CPU, peak %.0f MiB\n",
	    r->names, r->contacts, r->eligible, r->needles, wall, cpu, peak_mib);
	for (size_t i = 0; i < w->count; i++)
		printf("    %-12s %8.2f s wall %8.2f s CPU  %5.1f %%\n", w->phases[i].name,
		    w->phases[i].wall_s, w->phases[i].cpu_s, 100 * w->phases[i].cpu_s / cpu);
}

static bool run(
    uint64_t names, uint64_t contacts, unsigned jobs, uint64_t memory_bytes, struct err *reterr)
{
	struct hunt_settings settings = { .seed = 1,
		.jobs = jobs,
		.memory_bytes = memory_bytes,
		.top = 50,
		.vantage = "unknown",
		.version = "bench" };
	struct stopwatch watch = { .count = 0 };
	struct hunt_progress progress = { .report = report_phase, .context = &watch };
	char dir[] = "/tmp/lodestone-bench-XXXXXX";
	const struct hunt_result *result;
	struct haystack *h = NULL;
	struct arena memory;
	struct rusage usage;
	char command[64];
	bool ok = false;

	if (mkdtemp(dir) == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot make '%s'", dir);
		return false;
	}
	arena_init(&memory, memory_bytes);
	change_phase(&watch, "making it");
	if (!make_haystack(dir, names, contacts, memory_bytes, &h, reterr))
		goto out;
	watch.count = 0;
	change_phase(&watch, "start");
	if (!hunt_run(h, &settings, &progress, &memory, &result, reterr))
		goto out;
	change_phase(&watch, "end");
	watch.count--;
	(void)getrusage(RUSAGE_SELF, &usage);
	print_row(&watch, result, (double)usage.ru_maxrss / 1024);
	ok = true;
out:
	haystack_close(h);
	arena_release(&memory);
	(void)snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) == 0 && ok;
}

int main(int argc, char **argv)
{
	uint64_t names = argc > 2 ? strtoull(argv[1], NULL, 10) : 100000;
	uint64_t contacts = argc > 2 ? strtoull(argv[2], NULL, 10) : 20000000;
	unsigned jobs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 2;
	uint64_t memory_mib = argc > 4 ? strtoull(argv[4], NULL, 10) : 4096;
	struct err err = { .code = ERR_NONE };

	for (uint64_t part = 16; part >= 1; part /= 4) {
		if (!run(names / part, contacts / part, jobs, memory_mib << 20, &err)) {
			(void)fprintf(stderr, "bench-hunt: %s\n", err.text);
			return 2;
		}
		(void)fflush(stdout);
	}
	return 0;
}
