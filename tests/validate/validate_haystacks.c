/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole hunt from end to end, on haystacks of known origin:
 *
 *   null      names of people, programs and caches alone: is there any discovery?
 *   planted   the same with 50 needles: what share of the discoveries is false, what is found?
 *   permuted  the null one with the names of each resolver's rows dealt out again: as null. (Of a
 *             planted one a clock's times would stay, under other names: a rhythm that is there.)
 *
 *   validate-haystacks [--long] [HAYSTACKS NAMES [LEDGER [FIRST]]]
 *
 * The design asks for 100 haystacks of 1e5 names, which is what --long does. A LEDGER is a file that
 * gets a line for each haystack hunted: those that it has are not hunted again, and the table is of
 * all of them. So a long run can be cut short and taken up again, or be shared by processes that
 * each begin at another FIRST.
 *
 * Only what decides is run (ranking_only): the tests of a finding that enter neither p nor q cost as
 * much as all the rest, and no error rate hangs on them.
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

/* What one hunt gave. */
struct outcome {
	size_t names; /* of the crowd */
	unsigned at;  /* which haystack */
	unsigned sort;
	unsigned needles;
	double contacts;
	double eligible;
	double lambda;
	double smallest_p;
	double smallest_q;
	double seconds;               /* of processor time in the hunt */
	unsigned found[NEEDLE_KINDS]; /* planted needles */
};

struct tally {
	unsigned hunted;
	unsigned with_discovery; /* a needle that was not planted */
	double false_share;      /* sums over haystacks */
	double eligible;
	double contacts;
	double lambda;
	double smallest_p;
	double smallest_q;
	unsigned found[NEEDLE_KINDS];
	double seconds;
};

/* A run: what is asked for, and what has come of it. */
struct session {
	size_t names;
	unsigned stacks;
	unsigned first;
	FILE *ledger; /* or NULL */
	struct outcome *outcomes;
	size_t count;
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

static void count(const struct hunt_result *r, struct outcome *o)
{
	o->needles = (unsigned)r->needles;
	o->contacts = (double)r->contacts;
	o->eligible = (double)r->eligible;
	o->lambda = isfinite(r->lambda_gc) ? r->lambda_gc : 0;
	for (size_t i = 0; i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];
		unsigned kind = planted_kind(&f->target);

		o->smallest_p = fmin(o->smallest_p, f->p);
		o->smallest_q = fmin(o->smallest_q, f->q);
		if (f->needle && kind < NEEDLE_KINDS && o->sort == SORT_PLANTED)
			o->found[kind]++;
	}
}

static bool hunt(const struct world *w, struct outcome *o, struct err *reterr)
{
	const struct hunt_settings settings = { .seed = 1,
		.jobs = 1,
		.memory_bytes = HUNT_BYTES,
		.top = FINDINGS,
		.vantage = "authoritative",
		.version = "validate",
		.ranking_only = true };
	const struct hunt_result *result;
	struct stack s;
	clock_t from;
	bool ok = stack_open(&s, w, reterr);

	from = clock();
	ok = ok && hunt_run(s.haystack, &settings, NULL, &s.memory, &result, reterr);
	o->seconds = (double)(clock() - from) / CLOCKS_PER_SEC;
	if (ok)
		count(result, o);
	stack_close(&s);
	return ok;
}

/* One line, written at once: several processes may share a ledger. */
static void ledger_write(FILE *ledger, const struct outcome *o)
{
	fprintf(ledger, "%zu %u %u %u %.0f %.0f %.4f %.3e %.3e %.2f", o->names, o->at, o->sort,
	    o->needles, o->contacts, o->eligible, o->lambda, o->smallest_p, o->smallest_q,
	    o->seconds);
	for (size_t k = 0; k < NEEDLE_KINDS; k++)
		fprintf(ledger, " %u", o->found[k]);
	fputc('\n', ledger);
	fflush(ledger);
}

/* A line that was cut short when a run was ended is no outcome. */
static bool ledger_parse(const char *line, struct outcome *o)
{
	int at = 0;

	if (strchr(line, '\n') == NULL ||
	    sscanf(line, "%zu %u %u %u %lf %lf %lf %lf %lf %lf%n", &o->names, &o->at, &o->sort,
		&o->needles, &o->contacts, &o->eligible, &o->lambda, &o->smallest_p, &o->smallest_q,
		&o->seconds, &at) < 10)
		return false;
	for (size_t k = 0; k < NEEDLE_KINDS; k++) {
		int len;

		if (sscanf(line + at, "%u%n", &o->found[k], &len) < 1)
			return false;
		at += len;
	}
	return o->sort < SORT_COUNT;
}

static bool add_outcome(struct session *s, const struct outcome *o)
{
	struct outcome *grown = reallocarray(s->outcomes, s->count + 1, sizeof(*grown));

	if (grown == NULL)
		return false;
	s->outcomes = grown;
	s->outcomes[s->count++] = *o;
	return true;
}

static bool ledger_read(struct session *s)
{
	char line[512];

	rewind(s->ledger);
	s->count = 0;
	while (fgets(line, sizeof(line), s->ledger) != NULL) {
		struct outcome o;

		if (ledger_parse(line, &o) && o.names == s->names && !add_outcome(s, &o))
			return false;
	}
	return true;
}

static bool is_done(const struct session *s, unsigned at, enum sort sort)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->outcomes[i].at == at && s->outcomes[i].sort == sort)
			return true;
	return false;
}

/* Make haystack number `at` of the sort and hunt it, unless that was done before. */
static bool hunt_one(struct session *s, unsigned at, enum sort sort, struct err *reterr)
{
	struct outcome o = {
		.names = s->names, .at = at, .sort = sort, .smallest_p = 1, .smallest_q = 1
	};
	struct world w;
	bool ok;

	if (is_done(s, at, sort))
		return true;
	if (!world_new(&w, s->names, sort == SORT_PLANTED ? NEEDLES : 0, SEED + at)) {
		err_set_memory(reterr);
		return false;
	}
	if (sort == SORT_PERMUTED)
		world_permute(&w, SEED + at);
	ok = hunt(&w, &o, reterr);
	world_free(&w);
	if (ok && s->ledger != NULL)
		ledger_write(s->ledger, &o);
	if (ok && !add_outcome(s, &o)) {
		err_set_memory(reterr);
		return false;
	}
	return ok;
}

static bool hunt_all(struct session *s, struct err *reterr)
{
	for (unsigned sort = 0; sort < SORT_COUNT; sort++)
		for (unsigned at = s->first; at < s->first + s->stacks; at++)
			if (!hunt_one(s, at, (enum sort)sort, reterr))
				return false;
	/* others may have written meanwhile */
	if (s->ledger != NULL && !ledger_read(s)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}

static void add_up(const struct session *s, struct tally *tallies)
{
	for (size_t i = 0; i < SORT_COUNT; i++)
		tallies[i] = (struct tally){ .smallest_p = 1, .smallest_q = 1 };
	for (size_t i = 0; i < s->count; i++) {
		const struct outcome *o = &s->outcomes[i];
		struct tally *t = &tallies[o->sort];
		unsigned planted = 0;

		for (size_t k = 0; k < NEEDLE_KINDS; k++) {
			planted += o->found[k];
			t->found[k] += o->found[k];
		}
		t->hunted++;
		t->with_discovery += o->needles > planted;
		t->false_share += o->needles == 0 ? 0 : (double)(o->needles - planted) / o->needles;
		t->eligible += o->eligible;
		t->contacts += o->contacts;
		t->lambda += o->lambda;
		t->smallest_p = fmin(t->smallest_p, o->smallest_p);
		t->smallest_q = fmin(t->smallest_q, o->smallest_q);
		t->seconds += o->seconds;
	}
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
		bool good;

		if (t->hunted == 0)
			continue;
		good = i == SORT_PLANTED ? is_at_level(t->false_share / n, t->hunted)
					 : is_at_level(t->with_discovery / n, t->hunted);

		printf("| %s | %u | %.0f | %.0f | %.2f | %u | %.4f | %.1e | %.1e | %.1f | %s |\n",
		    sort_names[i], t->hunted, t->contacts / n, t->eligible / n, t->lambda / n,
		    t->with_discovery, t->false_share / n, t->smallest_p, t->smallest_q,
		    t->seconds / n, good ? "" : "OFF");
		fine = fine && good;
	}
	if (tallies[SORT_PLANTED].hunted == 0)
		return fine;
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
	char **words = argv + 1 + is_long;
	int word_count = argc - 1 - is_long;
	struct session s = { .stacks = is_long ? LONG_STACKS : SHORT_STACKS,
		.names = is_long ? LONG_NAMES : SHORT_NAMES };
	struct tally tallies[SORT_COUNT];
	struct err err = { .code = ERR_NONE };
	int status = 2;

	if (word_count >= 2) {
		s.stacks = (unsigned)strtoul(words[0], NULL, 10);
		s.names = strtoul(words[1], NULL, 10);
	}
	if (word_count >= 3 && (s.ledger = fopen(words[2], "a+")) == NULL) {
		fprintf(stderr, "cannot open '%s'\n", words[2]);
		return 2;
	}
	if (word_count >= 4)
		s.first = (unsigned)strtoul(words[3], NULL, 10);
	if (s.ledger != NULL && !ledger_read(&s)) {
		fputs("out of memory\n", stderr);
		goto out;
	}
	if (!hunt_all(&s, &err)) {
		fprintf(stderr, "%s\n", err.text);
		goto out;
	}
	add_up(&s, tallies);
	printf("%u haystacks of %zu names, %d needles in the planted ones, seed %d\n\n",
	    tallies[SORT_NULL].hunted, s.names, NEEDLES, SEED);
	status = print(tallies) ? 0 : 1;
out:
	if (s.ledger != NULL)
		fclose(s.ledger);
	free(s.outcomes);
	return status;
}
