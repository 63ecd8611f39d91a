/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/verdict.h"

#include <math.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "base/size.h"
#include "hunt/timing.h"
#include "stats/lambda_gc.h"

/* Enough for the median of the sample, which is all that is asked of it. */
#define AUDIT_SURROGATES 99

struct session {
	struct haystack *haystack;
	struct timing_settings timing;
	const struct eligible **names;
	struct timing *results;
	uint32_t work; /* surrogates by it; 0: a fixed number */
	struct phase phase;
};

static uint32_t affordable(uint64_t contacts, uint32_t work)
{
	static const uint32_t runs[] = { 99999, 9999, 999, 99 };

	for (size_t i = 0; i < COUNT_OF(runs); i++)
		if (contacts <= work / runs[i])
			return runs[i];
	return 0;
}

static bool judge(size_t i, void *context, struct err *reterr)
{
	struct session *s = context;
	const struct eligible *e = s->names[i];
	struct timing_settings timing = s->timing;
	struct timing_work *work = NULL;
	struct trace trace;
	bool ok = false;

	if (!trace_init(&trace, 0, reterr))
		return false;
	if (!timing_work_new(&work, reterr) ||
	    !trace_read(&trace, s->haystack, e->key, e->key_len, reterr))
		goto out;
	if (s->work > 0)
		timing.surrogates_max = affordable(trace.contacts, s->work);
	ok = timing_test(&trace, e->key, e->key_len, &timing, work, &s->results[i], reterr);
out:
	timing_work_free(work);
	trace_release(&trace);
	phase_step(&s->phase);
	return ok;
}

bool verdict_run(struct haystack *h, const struct verdict_settings *settings,
    const struct hunt_progress *progress, struct eligible *list, size_t count, struct err *reterr)
{
	struct session s = { .haystack = h,
		.work = settings->work,
		.timing = { .exposure = settings->exposure, .seed = settings->seed } };
	bool ok = false;

	s.names = calloc(count + 1, sizeof(*s.names));
	s.results = calloc(count + 1, sizeof(*s.results));
	if (s.names == NULL || s.results == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	for (size_t i = 0; i < count; i++)
		s.names[i] = &list[i];
	phase_init(&s.phase, progress, "exact tests", count);
	if (!parallel_for(settings->jobs, count, judge, &s, reterr))
		goto out;
	for (size_t i = 0; i < count; i++) {
		list[i].timing = s.results[i];
		list[i].p = s.results[i].p;
	}
	ok = true;
out:
	free(s.names);
	free(s.results);
	return ok;
}

struct draw {
	uint64_t lot;
	const struct eligible *name;
};

static int draw_cmp(const void *a, const void *b)
{
	const struct draw *x = a, *y = b;

	if (x->lot != y->lot)
		return x->lot < y->lot ? -1 : 1;
	return (x->name->name > y->name->name) - (x->name->name < y->name->name);
}

/* The names with the lowest lots: which they are depends on seed and names, on no order. */
static bool draw_sample(
    const struct eligible *list, size_t count, uint64_t seed, const struct eligible **ret)
{
	struct draw *draws = malloc(size_mul(count, sizeof(*draws)));
	uint8_t salt[8];

	if (draws == NULL)
		return false;
	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)(seed >> (8 * i));
	for (size_t i = 0; i < count; i++)
		draws[i] = (struct draw){ .name = &list[i],
			.lot = timing_series_of(list[i].key, list[i].key_len, salt, sizeof(salt)) };
	qsort(draws, count, sizeof(*draws), draw_cmp);
	for (size_t i = 0; i < VERDICT_AUDIT; i++)
		ret[i] = draws[i].name;
	free(draws);
	return true;
}

bool verdict_audit(struct haystack *h, const struct verdict_settings *settings,
    const struct hunt_progress *progress, const struct eligible *list, size_t count,
    double *ret_lambda, struct err *reterr)
{
	struct session s = { .haystack = h,
		.timing = { .exposure = settings->exposure,
		    .seed = settings->seed,
		    .surrogates_max = AUDIT_SURROGATES,
		    .verdict_alone = true } };
	double p[VERDICT_AUDIT];
	size_t tested = 0;
	bool ok = false;

	*ret_lambda = NAN;
	if (count < VERDICT_AUDIT)
		return true;
	s.names = calloc(VERDICT_AUDIT, sizeof(*s.names));
	s.results = calloc(VERDICT_AUDIT, sizeof(*s.results));
	if (s.names == NULL || s.results == NULL ||
	    !draw_sample(list, count, settings->seed, s.names)) {
		err_set_memory(reterr);
		goto out;
	}
	phase_init(&s.phase, progress, "calibration", VERDICT_AUDIT);
	if (!parallel_for(settings->jobs, VERDICT_AUDIT, judge, &s, reterr))
		goto out;
	for (size_t i = 0; i < VERDICT_AUDIT; i++)
		if (s.results[i].streams > 0)
			p[tested++] = s.results[i].p;
	*ret_lambda = lambda_gc(p, tested);
	ok = true;
out:
	free(s.names);
	free(s.results);
	return ok;
}
