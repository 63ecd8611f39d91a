/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A check may have several parts; the smallest of their p's, times their number, is its p. All
 * checks are combined by Cauchy's test (METHODS 2.i), because they share rows.
 */
#include "hunt/authentic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "finding/authenticity.h"
#include "finding/authenticity_words.h"
#include "stats/combine.h"
#include "stats/excess.h"
#include "stats/homogeneity.h"
#include "stats/repeats.h"

#define VISITS_SECONDS 300 /* for the 60 seconds of a minute */
#define VISITS_LAST    100 /* for the ten digits */
#define BLOCKS         20  /* stretches of a series that tell how much its digits hang together */
#define SHUFFLE        12  /* purpose of the random numbers */

static const char few_others[] =
    "the resolver and the sensor have too few other names to compare with: 50, or 5,000 rows of"
    " them, are needed";
static const char from_evidence[] =
    "not kept in the case: 'lodestone vet TARGET' reads the evidence again";

/* Copies of the imprints to compare with, the target's own left out. */
struct others {
	struct imprint *list;
	struct excess_count *counts; /* room for one of each */
	size_t count;
	uint64_t rows;
};

static bool others_take(
    struct others *o, const struct company *c, uint64_t target, struct err *reterr)
{
	*o = (struct others){ .list = malloc(size_mul(c->count + 1, sizeof(*o->list))),
		.counts = malloc(size_mul(c->count + 1, sizeof(*o->counts))) };
	if (o->list == NULL || o->counts == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < c->count; i++) {
		if (c->names[i].target == target)
			continue;
		o->list[o->count++] = c->names[i].imprint;
		o->rows += c->names[i].imprint.rows;
	}
	return true;
}

static void others_release(struct others *o)
{
	free(o->list);
	free(o->counts);
}

static bool are_enough(const struct others *o)
{
	return o->count >= AUTHENTIC_NAMES_MIN ||
	       (o->rows >= AUTHENTIC_ROWS_MIN && o->count >= EXCESS_NAMES_MIN);
}

/* Of the sensor's other series, behind whatever caches they are. */
static void compare_gaps(
    const struct authentic_input *in, unsigned *parts, struct authenticity_result *ret)
{
	const struct company *c = in->sensor;
	const struct cache_gaps *g = in->gaps;
	struct excess_background forbidden = { .names = 0 }, early = { .names = 0 };

	for (size_t i = 0; i < c->count; i++) {
		if (c->names[i].target == in->target)
			continue;
		violations_add(&forbidden, g, &c->names[i].gaps);
		violations_add_early(&early, &c->names[i].gaps);
	}
	if (forbidden.names >= AUTHENTIC_NAMES_MIN)
		authenticity_offer(ret, parts,
		    (struct authenticity_result){ .p = violations_p(&forbidden, g),
			.seen = (double)g->forbidden,
			.of = (double)g->gaps,
			.expected = excess_expected(&forbidden, g->chances_s) });
	if (early.names >= AUTHENTIC_NAMES_MIN)
		authenticity_offer(ret, parts,
		    (struct authenticity_result){ .p = violations_p_early(&early, g),
			.part = 1,
			.seen = (double)g->before,
			.of = (double)(g->before + g->after),
			.expected = violations_expected_early(&early, g) });
}

static void check_ttl(const struct authentic_input *in, struct authenticity_result *ret)
{
	const struct test_cache *c = in->cache;
	unsigned parts = 0;

	if (c->status.why != NULL) {
		ret->why = c->status.why;
		return;
	}
	if (c->ttl_by_pauses) {
		ret->why = "no answer gave a TTL";
		return;
	}
	authenticity_offer(ret, &parts,
	    (struct authenticity_result){ .p = c->violations_p,
		.seen = (double)c->forbidden,
		.of = (double)c->pauses,
		.expected = c->violations_expected });
	authenticity_offer(ret, &parts,
	    (struct authenticity_result){ .p = c->early_p,
		.part = 1,
		.seen = (double)c->before,
		.of = (double)(c->before + c->after),
		.expected = c->early_expected_pauses });
	if (parts == 0)
		compare_gaps(in, &parts, ret);
	authenticity_close(
	    ret, parts, "resolver and sensor have too few other names of like TTL and rate");
}

static const uint32_t *digits_of(const struct imprint *i, bool last)
{
	return last ? i->last : i->seconds;
}

/* The target's digits, by stretches of its rows, and those of the others. */
static bool compare_digits(const struct authentic_input *in, const struct imprint *target,
    const struct others *o, bool last, unsigned *parts, struct authenticity_result *ret,
    struct err *reterr)
{
	struct homogeneity_input h = { .cells = last ? DIGITS_LAST : DIGITS_SECONDS,
		.block_count = BLOCKS };
	uint32_t *counts = calloc(size_mul(o->count + BLOCKS, h.cells), sizeof(*counts));
	uint32_t *at = counts;
	struct homogeneity found;

	if (counts == NULL) {
		err_set_memory(reterr);
		return false;
	}
	h.blocks = counts;
	for (size_t i = 0; i < BLOCKS; i++, at += h.cells) {
		size_t from = in->count * i / BLOCKS, upto = in->count * (i + 1) / BLOCKS;
		struct imprint block;

		imprint_take(in->rows + from, upto - from, in->exposure, &block);
		memcpy(at, digits_of(&block, last), h.cells * sizeof(*at));
	}
	h.others = at;
	for (size_t i = 0; i < o->count; i++) {
		if (last && o->list[i].digits != target->digits)
			continue;
		memcpy(at, digits_of(&o->list[i], last), h.cells * sizeof(*at));
		at += h.cells;
		h.other_count++;
	}
	homogeneity_test(&h, &found);
	free(counts);
	if (found.tested)
		authenticity_offer(ret, parts,
		    (struct authenticity_result){ .p = found.p,
			.part = last,
			.seen = found.moved * target->visits,
			.of = target->visits,
			.expected = found.moved_usual * target->visits });
	return true;
}

static bool check_digits(const struct authentic_input *in, const struct imprint *target,
    const struct others *o, struct authenticity_result *ret, struct err *reterr)
{
	unsigned parts = 0;

	if (in->keeps_clock) {
		ret->why = "it keeps a schedule, which sets the second";
		return true;
	}
	if (target->visits >= VISITS_SECONDS &&
	    !compare_digits(in, target, o, false, &parts, ret, reterr))
		return false;
	if (target->visits >= VISITS_LAST && target->digits > 0 &&
	    !compare_digits(in, target, o, true, &parts, ret, reterr))
		return false;
	authenticity_close(ret, parts,
	    target->visits < VISITS_SECONDS ? "its busiest peer made too few visits: 300 are needed"
					    : few_others);
	return true;
}

/* Counts of one kind against those of the others. */
typedef double imprint_count(const struct imprint *i);

static double doubles(const struct imprint *i)
{
	return i->doubles;
}

static double dark(const struct imprint *i)
{
	return i->dark;
}

static double accompanied(const struct imprint *i)
{
	return i->accompanied;
}

static double rows(const struct imprint *i)
{
	return i->rows;
}

static double visits(const struct imprint *i)
{
	return i->visits;
}

static struct authenticity_result compare_counts(const struct imprint *target,
    const struct others *o, imprint_count *count, imprint_count *chances, bool fewer, unsigned part)
{
	const struct excess_count own = { count(target), chances(target) };

	for (size_t i = 0; i < o->count; i++)
		o->counts[i] = (struct excess_count){ count(&o->list[i]), chances(&o->list[i]) };
	return (struct authenticity_result){ .p = excess_p_among(own, o->counts, o->count, fewer),
		.part = (uint8_t)part,
		.seen = own.seen,
		.of = own.chances,
		.expected = excess_expected_among(own, o->counts, o->count) };
}

static bool check_copies(const struct authentic_input *in, const struct imprint *target,
    const struct others *o, struct authenticity_result *ret, struct err *reterr)
{
	int64_t *times_ns = malloc(size_mul(in->count + 1, sizeof(*times_ns)));
	struct philox random;
	struct repeats r;
	unsigned parts = 0;
	bool ok;

	if (times_ns == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < in->count; i++)
		times_ns[i] = in->rows[i].time_ns;
	philox_init(&random, in->seed, in->series, SHUFFLE);
	ok = repeats_test(times_ns, in->count, &random, &r, reterr);
	free(times_ns);
	if (!ok)
		return false;
	if (r.tested)
		authenticity_offer(ret, &parts,
		    (struct authenticity_result){ .p = r.p,
			.part = 0,
			.seen = (double)r.run,
			.of = (double)in->count - 1,
			.expected = NAN });
	if (are_enough(o))
		authenticity_offer(ret, &parts, compare_counts(target, o, doubles, rows, false, 1));
	authenticity_close(ret, parts,
	    r.throughout ? "its pauses repeat throughout, as those of a machine do" : few_others);
	return true;
}

static void check_coverage(const struct authentic_input *in, const struct imprint *target,
    const struct others *o, struct authenticity_result *ret)
{
	unsigned parts = 0;

	if (in->exposure->down_count == 0) {
		ret->why = "the sensor has no outage into which a row could fall";
		return;
	}
	if (are_enough(o))
		authenticity_offer(ret, &parts, compare_counts(target, o, dark, visits, false, 0));
	authenticity_close(ret, parts, few_others);
}

static void check_companions(
    const struct imprint *target, const struct others *resolver, struct authenticity_result *ret)
{
	unsigned parts = 0;

	if (are_enough(resolver))
		authenticity_offer(
		    ret, &parts, compare_counts(target, resolver, accompanied, visits, true, 0));
	authenticity_close(ret, parts, "the resolver has too few other names to compare with");
}

static void say_why_not(struct test_authenticity *t)
{
	static const enum authenticity_check evidence[] = { CHECK_ORDER, CHECK_PORTS, CHECK_TRAITS,
		CHECK_SERVERS };

	for (size_t i = 0; i < COUNT_OF(evidence); i++)
		t->checks[evidence[i]].why = from_evidence;
	t->checks[CHECK_SELECTION].why =
	    "denominator missing: whether this name was picked out of many cannot be seen from it,"
	    " nor how narrow it is without all names of its peers and all peers of its zone";
}

bool authentic_judge(struct test_authenticity *t, struct arena *memory)
{
	double p[AUTHENTICITY_CHECKS];
	size_t count = 0, least = AUTHENTICITY_CHECKS;
	const char **concerns;

	t->concern_count = 0;
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++) {
		if (t->checks[i].why != NULL)
			continue;
		p[count++] = t->checks[i].p;
		if (least == AUTHENTICITY_CHECKS || t->checks[i].p < t->checks[least].p)
			least = i;
	}
	t->verdict = AUTHENTICITY_NOT_TESTABLE;
	t->status.why = count > 0 ? NULL : "none of its checks could be made";
	t->p = count > 0 ? combine_cauchy(p, count) : NAN;
	if (count == 0)
		return true;
	t->verdict = t->p <= AUTHENTIC_LEVEL ? AUTHENTICITY_CONCERN : AUTHENTICITY_NO_CONCERN;
	if (t->verdict == AUTHENTICITY_NO_CONCERN)
		return true;
	concerns = arena_alloc(memory, AUTHENTICITY_CHECKS * sizeof(*concerns));
	if (concerns == NULL)
		return false;
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++)
		if (t->checks[i].why == NULL && (i == least || t->checks[i].p <= AUTHENTIC_LEVEL))
			concerns[t->concern_count++] = authenticity_words_concern(
			    (enum authenticity_check)i, t->checks[i].part);
	t->concerns = concerns;
	return true;
}

bool authentic_test(const struct authentic_input *in, struct arena *memory,
    struct test_authenticity *ret, struct err *reterr)
{
	struct others resolver = { .count = 0 }, sensor = { .count = 0 };
	const struct others *nearest;
	struct imprint target;
	bool ok = false;

	*ret = (struct test_authenticity){ .p = NAN };
	if (!others_take(&resolver, in->resolver, in->target, reterr) ||
	    !others_take(&sensor, in->sensor, in->target, reterr))
		goto out;
	nearest = are_enough(&resolver) ? &resolver : &sensor;
	imprint_take(in->rows, in->count, in->exposure, &target);
	say_why_not(ret);
	check_ttl(in, &ret->checks[CHECK_TTL]);
	if (!are_enough(nearest))
		ret->checks[CHECK_DIGITS].why = few_others;
	else if (!check_digits(in, &target, nearest, &ret->checks[CHECK_DIGITS], reterr))
		goto out;
	if (!check_copies(in, &target, nearest, &ret->checks[CHECK_COPIES], reterr))
		goto out;
	check_coverage(in, &target, nearest, &ret->checks[CHECK_COVERAGE]);
	check_companions(&target, &resolver, &ret->checks[CHECK_COMPANIONS]);
	ok = authentic_judge(ret, memory);
	if (!ok)
		err_set_memory(reterr);
out:
	others_release(&resolver);
	others_release(&sensor);
	return ok;
}
