/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * u = 1 - exp(-step / mean step) of the compensator's steps; Kolmogorov's distance to the uniform
 * distribution. Its null distribution depends on the fitted rates, so p comes from surrogates.
 */
#include "stats/gap_shape.h"

#include <math.h>
#include <stdlib.h>

#include "base/philox.h"
#include "stats/compensator.h"
#include "stats/surrogate.h"

#define PURPOSE_SHAPE 10
#define TENTH         .1

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* Kolmogorov's distance; the steps become sorted u. -1: nothing to measure. */
static double distance(double *steps, size_t count)
{
	double sum = 0, worst = 0;

	for (size_t i = 0; i < count; i++)
		sum += steps[i];
	if (!(sum > 0))
		return -1;
	for (size_t i = 0; i < count; i++)
		steps[i] = -expm1(-steps[i] * (double)count / sum);
	qsort(steps, count, sizeof(*steps), double_cmp);
	for (size_t i = 0; i < count; i++) {
		worst = fmax(worst, steps[i] - (double)i / (double)count);
		worst = fmax(worst, (double)(i + 1) / (double)count - steps[i]);
	}
	return worst;
}

/* Fit to a stream's own events what they are tested with, and measure: *ret as distance(). */
static bool measure(struct compensator_stream *s, const struct exposure *e, struct compensator *c,
    double *ret, struct err *reterr)
{
	*ret = -1;
	if (s->count < 2)
		return true;
	if (!profile_fit(
		&s->profile, e, s->events_s, s->count, s->dead_s, PROFILE_TO_TEST, reterr) ||
	    !compensator_run(c, s, 1, 0, 0, reterr))
		return false;
	*ret = distance(c->steps, c->step_count);
	return true;
}

/* Share of the measured pauses in the first tenth. */
static double early_share(const struct compensator *c)
{
	size_t early = 0;

	while (early < c->step_count && c->steps[early] < TENTH)
		early++;
	return (double)early / (double)c->step_count;
}

static bool draw(const struct gap_shape_input *in, const struct monte_carlo_plan *plan,
    struct compensator *c, struct monte_carlo *draws, double *ret_early, struct err *reterr)
{
	struct compensator_stream s = { .dead_s = in->dead_s };
	struct profile null = { .down = NULL };
	struct surrogate surrogate = { .count = 0 };
	struct philox random;
	double value, early = 0;
	bool ok = false;

	philox_init(&random, in->seed, in->series, PURPOSE_SHAPE);
	if (!profile_fit(
		&null, in->exposure, in->events_s, in->count, in->dead_s, PROFILE_TO_DRAW, reterr))
		goto out;
	while (monte_carlo_goes_on(draws, plan)) {
		if (!surrogate_draw(&surrogate, &null, in->events_s[0], in->events_s[in->count - 1],
			in->dead_s, &random, reterr))
			goto out;
		s.events_s = surrogate.events_s;
		s.count = surrogate.count;
		if (!measure(&s, in->exposure, c, &value, reterr))
			goto out;
		/* few steps leave a larger distance: compare what their number does not change */
		if (!monte_carlo_add(draws, value * sqrt((double)surrogate.count))) {
			err_set_memory(reterr);
			goto out;
		}
		early += value < 0 ? TENTH : early_share(c);
	}
	*ret_early = early / (double)draws->count;
	ok = true;
out:
	profile_release(&s.profile);
	profile_release(&null);
	surrogate_release(&surrogate);
	return ok;
}

bool gap_shape_test(const struct gap_shape_input *in, const struct monte_carlo_plan *plan,
    struct gap_shape *ret, struct err *reterr)
{
	struct compensator_stream s = {
		.events_s = in->events_s, .count = in->count, .dead_s = in->dead_s
	};
	struct compensator c = { .steps = NULL };
	struct monte_carlo draws = { .values = NULL };
	struct monte_carlo_result p;
	double value;
	bool ok = false;

	*ret = (struct gap_shape){ .p = 1 };
	if (in->count < GAP_SHAPE_EVENTS_MIN)
		return true;
	if (!measure(&s, in->exposure, &c, &value, reterr))
		goto out;
	ok = true;
	if (value < 0)
		goto out;
	ret->early = early_share(&c);
	monte_carlo_begin(&draws, value * sqrt((double)in->count));
	ok = draw(in, plan, &c, &draws, &ret->early_expected, reterr);
	if (!ok)
		goto out;
	monte_carlo_p(&draws, &p);
	ret->p = p.p;
	ret->tested = true;
out:
	profile_release(&s.profile);
	compensator_release(&c);
	monte_carlo_release(&draws);
	return ok;
}
