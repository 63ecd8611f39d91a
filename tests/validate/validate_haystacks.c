/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole hunt from end to end, on haystacks of known origin:
 *
 *   null      names of people, programs and caches alone: is there any discovery?
 *   planted   the same with 50 needles: what share of the discoveries is false, what is found?
 *   permuted  the null one with the names of each resolver's rows dealt out again: as null. (Of a
 *             planted one a clock's times would stay, under other names: a rhythm that is there.)
 *
 *   validate-haystacks [--long] [HAYSTACKS NAMES]
 *
 * The design asks for 100 haystacks of 1e5 names, which is what --long does.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/parallel.h"
#include "haystack/haystack.h"
#include "hunt/hunt.h"
#include "worlds.h"

#define SEED           20160701
#define SHORT_STACKS   1
#define SHORT_NAMES    2000
#define LONG_STACKS    100
#define LONG_NAMES     100000
#define NEEDLES        50
#define FINDINGS       150
#define LEVEL          .05
#define WRITER_BYTES   (UINT64_C(256) << 20)
#define HUNT_BYTES     (UINT64_C(1) << 30)
#define TYPE_A         1
#define NEEDLE_SHARE_1 (NEEDLES / NEEDLE_KINDS)

enum sort {
	SORT_NULL,
	SORT_PLANTED,
	SORT_PERMUTED,
	SORT_COUNT,
};

static const char *const sort_names[SORT_COUNT] = { "null", "planted", "permuted" };

struct tally {
	unsigned hunted;
	unsigned with_discovery; /* a needle that was not planted */
	double false_share;      /* sums over haystacks */
	double false_square;
	double eligible;
	double contacts;
	double lambda;
	double smallest_p;
	double smallest_q;
	unsigned found[NEEDLE_KINDS];
	double seconds; /* of processor time in the hunt */
};

/* Where a haystack is for a while. */
struct stack {
	char dir[40];
	struct haystack *haystack;
	struct arena memory;
};

static bool name_endpoint(const struct world *w, uint32_t name, struct endpoint *ret)
{
	char text[64];
	int len;

	if (w->names[name].planted)
		len = snprintf(
		    text, sizeof(text), "needle.k%u.n%u.example", w->names[name].kind, name);
	else
		len = snprintf(text, sizeof(text), "host.h%u.crowd.example", name);
	return len > 0 && endpoint_from_name(ret, text, (size_t)len);
}

static bool write_rows(const struct world *w, struct haystack_writer *writer, struct err *reterr)
{
	uint32_t last = UINT32_MAX;
	struct contact c = { .kind = KIND_DNS,
		.digits = 6,
		.seen = SEEN_BOTH,
		.direction = DIRECTION_OUT,
		.type = TYPE_A,
		.txid = -1 };

	for (size_t i = 0; i < w->row_count; i++) {
		const struct world_row *row = &w->rows[i];
		struct addr peer = { .len = 16,
			.bytes = { 0x20, 0x01, 0x0d,
			    0xb8, [14] = (uint8_t)(row->peer >> 8), [15] = (uint8_t)row->peer } };

		if (row->name != last && !name_endpoint(w, row->name, &c.target))
			return false;
		last = row->name;
		endpoint_from_addr(&c.peer, &peer);
		c.time_ns = row->time_ns;
		c.ttl = w->names[row->name].ttl;
		if (!haystack_writer_contact(writer, &c, reterr))
			return false;
	}
	return true;
}

static bool stack_open(struct stack *s, const struct world *w, struct err *reterr)
{
	struct haystack_writer *writer = NULL;
	const struct digest digest = { { 1 } };
	bool ok = false;

	*s = (struct stack){ .dir = "/tmp/lodestone-validate-XXXXXX" };
	arena_init(&s->memory, SIZE_MAX);
	if (mkdtemp(s->dir) == NULL || !haystack_open(s->dir, true, &s->haystack, reterr))
		return false;
	if (haystack_writer_new(s->dir, WRITER_BYTES, &writer, reterr) &&
	    haystack_writer_begin(writer, reterr) && write_rows(w, writer, reterr)) {
		haystack_writer_end(writer, &digest);
		ok = haystack_commit(s->haystack, writer, reterr);
	}
	haystack_writer_free(writer);
	return ok;
}

static void stack_close(struct stack *s)
{
	char command[64];

	haystack_close(s->haystack);
	arena_release(&s->memory);
	(void)snprintf(command, sizeof(command), "rm -r %s", s->dir);
	if (system(command) != 0)
		fprintf(stderr, "%s is left behind\n", s->dir);
}

/* The kind of a planted name, or NEEDLE_KINDS. */
static unsigned planted_kind(const struct endpoint *target)
{
	char text[ENDPOINT_TEXT_MAX];
	unsigned kind;

	(void)endpoint_format(target, text);
	return sscanf(text, "needle.k%u.", &kind) == 1 && kind < NEEDLE_KINDS ? kind : NEEDLE_KINDS;
}

static void count(const struct hunt_result *r, enum sort sort, struct tally *t)
{
	uint64_t planted = 0;
	double false_share;

	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		unsigned kind = planted_kind(&f->target);

		t->smallest_p = fmin(t->smallest_p, f->p);
		t->smallest_q = fmin(t->smallest_q, f->q);
		if (!f->needle || kind == NEEDLE_KINDS || sort != SORT_PLANTED)
			continue;
		planted++;
		t->found[kind]++;
	}
	false_share = r->needles == 0 ? 0 : (double)(r->needles - planted) / (double)r->needles;
	t->hunted++;
	t->with_discovery += r->needles > planted;
	t->false_share += false_share;
	t->false_square += false_share * false_share;
	t->eligible += (double)r->eligible;
	t->contacts += (double)r->contacts;
	t->lambda += isfinite(r->lambda_gc) ? r->lambda_gc : 0;
}

static bool hunt(const struct world *w, enum sort sort, struct tally *t, struct err *reterr)
{
	const struct hunt_settings settings = { .seed = 1,
		.jobs = 1,
		.memory_bytes = HUNT_BYTES,
		.top = FINDINGS,
		.vantage = "authoritative",
		.version = "validate" };
	const struct hunt_result *result;
	struct stack s;
	clock_t from;
	bool ok = stack_open(&s, w, reterr);

	from = clock();
	ok = ok && hunt_run(s.haystack, &settings, NULL, &s.memory, &result, reterr);
	t->seconds += (double)(clock() - from) / CLOCKS_PER_SEC;
	if (ok)
		count(result, sort, t);
	stack_close(&s);
	return ok;
}

static bool hunt_all(size_t names, unsigned at, struct tally *tallies, struct err *reterr)
{
	struct world w;
	bool ok = world_new(&w, names, 0, SEED + at);

	if (!ok) {
		err_set_memory(reterr);
		return false;
	}
	ok = hunt(&w, SORT_NULL, &tallies[SORT_NULL], reterr);
	if (ok) {
		world_permute(&w, SEED + at);
		ok = hunt(&w, SORT_PERMUTED, &tallies[SORT_PERMUTED], reterr);
	}
	world_free(&w);
	if (ok && !world_new(&w, names, NEEDLES, SEED + at)) {
		err_set_memory(reterr);
		return false;
	}
	ok = ok && hunt(&w, SORT_PLANTED, &tallies[SORT_PLANTED], reterr);
	world_free(&w);
	return ok;
}

/* Is a mean share at most the level, give or take two standard errors of what is so rare? */
static bool is_at_level(double share, unsigned drawn)
{
	return share <= LEVEL + 2 * sqrt(LEVEL * (1 - LEVEL) / drawn);
}

static bool print(const struct tally *tallies)
{
	bool fine = true;

	puts("| haystacks | hunted | contacts | eligible | lambda | with a false discovery | "
	     "false share | smallest p | q | CPU s | "
	     "|\n|---|---|---|---|---|---|---|---|---|---|---|");
	for (size_t i = 0; i < SORT_COUNT; i++) {
		const struct tally *t = &tallies[i];
		double n = t->hunted;
		bool good = i == SORT_PLANTED ? is_at_level(t->false_share / n, t->hunted)
					      : is_at_level(t->with_discovery / n, t->hunted);

		printf("| %s | %u | %.0f | %.0f | %.2f | %u | %.4f | %.1e | %.1e | %.1f | %s |\n",
		    sort_names[i], t->hunted, t->contacts / n, t->eligible / n, t->lambda / n,
		    t->with_discovery, t->false_share / n, t->smallest_p, t->smallest_q,
		    t->seconds / n, good ? "" : "OFF");
		fine = fine && good;
	}
	puts("\n| planted | found |\n|---|---|");
	for (unsigned k = 0; k < NEEDLE_KINDS; k++)
		printf("| %s | %.3f |\n", world_needle_name((enum needle_kind)k),
		    tallies[SORT_PLANTED].found[k] /
			(double)(NEEDLE_SHARE_1 * tallies[SORT_PLANTED].hunted));
	return fine;
}

int main(int argc, char **argv)
{
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	unsigned stacks = is_long ? LONG_STACKS : SHORT_STACKS;
	size_t names = is_long ? LONG_NAMES : SHORT_NAMES;
	struct tally tallies[SORT_COUNT];
	struct err err = { .code = ERR_NONE };

	if (argc > 3) {
		stacks = (unsigned)strtoul(argv[2], NULL, 10);
		names = strtoul(argv[3], NULL, 10);
	}
	for (size_t i = 0; i < SORT_COUNT; i++)
		tallies[i] = (struct tally){ .smallest_p = 1, .smallest_q = 1 };
	for (unsigned i = 0; i < stacks; i++)
		if (!hunt_all(names, i, tallies, &err)) {
			fprintf(stderr, "%s\n", err.text);
			return 2;
		}
	printf("%u haystacks of %zu names, %d needles in the planted ones, seed %d\n\n", stacks,
	    names, NEEDLES, SEED);
	return print(tallies) ? 0 : 1;
}
