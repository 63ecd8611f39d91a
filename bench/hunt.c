/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long a whole hunt takes, phase by phase, and what it holds at its peak:
 *
 *   bench-hunt [--full]
 *   bench-hunt KIND NAMES CONTACTS
 *
 * makes a haystack and hunts it, in three sizes for each KIND of haystack:
 *
 *   mixed  as networks have it: popularity falls steeply with rank, so that most names are met a
 *          few times only, and names that are met often have many peers, but for one in ten;
 *   harsh  the worst case: popularity falls slowly and nine names in ten have a handful of
 *          faithful peers, so that nearly all are eligible and get tested.
 *
 * In both, people look up names at random, two thirds of them in office hours, and one name in
 * ten thousand is asked for every hour. No evidence is parsed: the haystack is written directly,
 * in a process of its own, so that memory is the hunt's alone (with the pages of the haystack that
 * it has mapped).
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "base/philox.h"
#include "base/stamp.h"
#include "folder.h"
#include "haystack/haystack.h"
#include "hunt/hunt.h"

#define DAYS       142
#define FIRST_S    INT64_C(1462320000) /* 2016-05-04 */
#define PEERS      20000
#define TTL_S      300
#define PHASES_MAX 16
#define JOBS       2
#define MEMORY     (UINT64_C(4) << 30)

struct kind {
	const char *name;
	double steepness;  /* contacts fall with rank to the power of minus this */
	unsigned faithful; /* names in ten that have a handful of peers */
	double spread;     /* peers of the others: contacts to the power of this */
	uint64_t names;    /* of the largest haystack; --full: as DESIGN sets the target */
	uint64_t contacts;
	uint64_t full_names;
	uint64_t full_contacts;
};

static const struct kind kinds[] = {
	{ "mixed", 1.2, 1, 0.75, 50000, 10000000, 1000000, 200000000 },
	{ "harsh", 0.6, 9, 0.75, 10000, 1000000, 100000, 20000000 },
};

struct size {
	const struct kind *kind;
	const char *folder;
	uint64_t names;
	uint64_t contacts;
};

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
static int64_t draw_time(struct philox *r)
{
	for (;;) {
		uint32_t t = philox_below(r, DAYS * 86400);
		uint32_t hour = t / 3600 % 24;
		bool weekend = (t / 86400 + 2) % 7 >= 5;

		if ((!weekend && hour >= 8 && hour < 18) || philox_u32(r) < UINT32_MAX / 4)
			return t;
	}
}

static uint32_t peers_of(
    const struct kind *k, uint64_t number, uint64_t contacts, struct philox *random)
{
	if (number % 10 < k->faithful)
		return 1 + philox_below(random, 5);
	return (uint32_t)fmin(1 + pow((double)contacts, k->spread), PEERS);
}

static bool write_name(struct haystack_writer *w, const struct kind *kind, uint64_t number,
    uint64_t contacts, struct err *reterr)
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
	circle = hourly ? 1 : peers_of(kind, number, contacts, &r);
	contacts = hourly ? DAYS * 24 : contacts;
	for (uint64_t i = 0; i < contacts; i++) {
		/* squared: the first peers of the circle ask most */
		double u = philox_uniform(&r);
		uint32_t peer = (uint32_t)((number * 7919 + (uint64_t)(u * u * circle)) % PEERS);
		struct addr a = { .len = 4,
			.bytes = {
			    10, (uint8_t)(peer >> 16), (uint8_t)(peer >> 8), (uint8_t)peer } };
		int64_t t = hourly ? (int64_t)(i * 3600 + philox_below(&r, 20)) : draw_time(&r);

		endpoint_from_addr(&c.peer, &a);
		c.time_ns = (FIRST_S + t) * NS_PER_S;
		if (!haystack_writer_contact(w, &c, reterr))
			return false;
	}
	return true;
}

/* Popularity by rank; names get their share of the contacts, at least one. */
static bool make_haystack(const struct size *s, struct err *reterr)
{
	struct haystack_writer *w = NULL;
	struct haystack *h = NULL;
	struct digest digest = { { 1 } };
	double sum = 0;
	bool ok = false;

	for (uint64_t i = 1; i <= s->names; i++)
		sum += pow((double)i, -s->kind->steepness);
	if (!haystack_open(s->folder, true, &h, reterr) ||
	    !haystack_writer_new(s->folder, MEMORY, &w, reterr) ||
	    !haystack_writer_begin(w, reterr))
		goto out;
	for (uint64_t i = 1; i <= s->names; i++) {
		double share = (double)s->contacts * pow((double)i, -s->kind->steepness) / sum;

		if (!write_name(w, s->kind, i, share < 1 ? 1 : (uint64_t)share, reterr))
			goto out;
	}
	haystack_writer_end(w, &digest);
	ok = haystack_commit(h, w, reterr);
out:
	haystack_writer_free(w);
	haystack_close(h);
	return ok;
}

static void print_pace(uint64_t names, const struct phase_time *p)
{
	if (p->cpu_s > 0)
		printf("  %.0f names a CPU second", (double)names / p->cpu_s);
}

static void print_row(
    const struct kind *kind, const struct stopwatch *w, const struct hunt_result *r)
{
	double wall = 0, cpu = 0;
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	for (size_t i = 0; i < w->count; i++) {
		wall += w->phases[i].wall_s;
		cpu += w->phases[i].cpu_s;
	}
	printf("%s: %" PRIu64 " names, %" PRIu64 " contacts, %" PRIu64
	       " names eligible (%.0f %%), %" PRIu64 " needles: %.2f s, %.2f CPU s, %ld MiB\n",
	    kind->name, r->names, r->contacts, r->eligible,
	    100 * (double)r->eligible / (double)r->names, r->needles, wall, cpu,
	    usage.ru_maxrss / 1024);
	for (size_t i = 0; i < w->count; i++) {
		const struct phase_time *p = &w->phases[i];

		printf("    %-12s %8.2f s %8.2f CPU s  %5.1f %%", p->name, p->wall_s, p->cpu_s,
		    100 * p->cpu_s / cpu);
		/* the funnel: all names get a line of figures, eligible ones their first p */
		if (strcmp(p->name, "summaries") == 0)
			print_pace(r->names, p);
		if (strcmp(p->name, "rhythm") == 0)
			print_pace(r->eligible, p);
		puts("");
	}
}

static bool hunt(const struct size *s, struct err *reterr)
{
	struct hunt_settings settings = { .seed = 1,
		.jobs = JOBS,
		.memory_bytes = MEMORY,
		.top = 50,
		.vantage = "unknown",
		.version = "bench" };
	struct stopwatch watch = { .count = 0 };
	struct hunt_progress progress = { .report = report_phase, .context = &watch };
	const struct hunt_result *result;
	struct haystack *h = NULL;
	struct arena memory;
	bool ok;

	arena_init(&memory, MEMORY);
	change_phase(&watch, "start");
	ok = haystack_open(s->folder, false, &h, reterr) &&
	     hunt_run(h, &settings, &progress, &memory, &result, reterr);
	change_phase(&watch, "end");
	watch.count--;
	if (ok)
		print_row(s->kind, &watch, result);
	haystack_close(h);
	arena_release(&memory);
	return ok;
}

/* In a process of its own. */
static bool apart(bool (*work)(const struct size *s, struct err *reterr), const struct size *s)
{
	struct err err = { .code = ERR_NONE };
	pid_t child;
	int status;

	(void)fflush(stdout);
	child = fork();
	if (child == 0) {
		bool ok = work(s, &err);

		if (!ok)
			(void)fprintf(stderr, "bench-hunt: %s\n", err.text);
		exit(ok ? 0 : 2);
	}
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static bool measure(const struct kind *kind, const char *folder, uint64_t names, uint64_t contacts)
{
	for (uint64_t part = 16; part >= 1; part /= 4) {
		const struct size s = { kind, folder, names / part, contacts / part };
		bool ok = apart(make_haystack, &s) && apart(hunt, &s);

		folder_empty(folder);
		if (!ok)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	bool full = argc == 2 && strcmp(argv[1], "--full") == 0;
	const char *only = argc == 4 ? argv[1] : NULL;
	size_t measured = 0;
	const char *folder;
	bool ok = true;

	if (argc != 1 && argc != 4 && !full) {
		(void)fprintf(stderr, "usage: bench-hunt [--full | KIND NAMES CONTACTS]\n");
		return 2;
	}
	folder = folder_make();
	for (const struct kind *k = kinds; ok && k < kinds + COUNT_OF(kinds); k++) {
		uint64_t names = full ? k->full_names : k->names;
		uint64_t contacts = full ? k->full_contacts : k->contacts;

		if (only != NULL && strcmp(only, k->name) != 0)
			continue;
		if (only != NULL) {
			names = strtoull(argv[2], NULL, 10);
			contacts = strtoull(argv[3], NULL, 10);
		}
		ok = measure(k, folder, names, contacts);
		measured++;
	}
	(void)rmdir(folder);
	return ok && measured > 0 ? 0 : 2;
}
