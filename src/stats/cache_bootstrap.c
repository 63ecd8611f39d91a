/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * H has another scale at each period: office hours alone make it thousands at a day, and the
 * largest H would be that of the day whatever beats within it. So each period's H is first made
 * comparable, by mean and standard deviation over pilot surrogates that are drawn before, and the
 * largest of these counts. Surrogates and series are treated alike, given the pilots.
 */
#include "stats/cache_bootstrap.h"

#include <math.h>

#include "base/minmax.h"
#include "stats/htest.h"
#include "stats/surrogate.h"

#define PERIODS    18
#define PILOTS     24
#define CYCLES_MIN 3

static const double canonical_s[] = { 60, 120, 300, 600, 900, 1200, 1800, 3600, 5400, 7200, 10800,
	14400, 21600, 28800, 43200, 86400 };

struct scale {
	double periods_s[PERIODS];
	size_t count;
	double mean[PERIODS];
	double deviation[PERIODS];
};

static void add_period(struct scale *s, double period_s, double span_s)
{
	if (period_s > 0 && CYCLES_MIN * period_s <= span_s)
		s->periods_s[s->count++] = period_s;
}

/* H at each period; a surrogate with too few events has none. */
static void measure(const double *events_s, size_t count, const struct scale *s, double *ret)
{
	for (size_t p = 0; p < s->count; p++) {
		struct htest_result h = { .h = 0 };

		if (count >= HTEST_EVENTS_MIN)
			htest_at(events_s, count, s->periods_s[p], &h);
		ret[p] = h.h;
	}
}

static double largest(const double *h, const struct scale *s)
{
	double most = -INFINITY;

	for (size_t p = 0; p < s->count; p++)
		most = double_max(most, (h[p] - s->mean[p]) / s->deviation[p]);
	return most;
}

static void learn(struct scale *s, double h[PILOTS][PERIODS])
{
	for (size_t p = 0; p < s->count; p++) {
		double sum = 0, squares = 0;

		for (size_t i = 0; i < PILOTS; i++)
			sum += h[i][p];
		s->mean[p] = sum / PILOTS;
		for (size_t i = 0; i < PILOTS; i++)
			squares += (h[i][p] - s->mean[p]) * (h[i][p] - s->mean[p]);
		s->deviation[p] = sqrt(squares / PILOTS) + 1;
	}
}

bool cache_bootstrap(const double *events_s, size_t count, double dead_s, double ttl_s,
    const struct profile *hours, const struct monte_carlo_plan *plan, struct philox *random,
    struct monte_carlo_result *ret, struct err *reterr)
{
	double last_s = events_s[count - 1], h[PERIODS], pilots[PILOTS][PERIODS];
	struct surrogate drawn = { .count = 0 };
	struct monte_carlo draws = { .count = 0 };
	struct scale s = { .count = 0 };
	bool ok = false;

	*ret = (struct monte_carlo_result){ .p = 1 };
	for (size_t p = 0; p < COUNT_OF(canonical_s); p++)
		add_period(&s, canonical_s[p], last_s - events_s[0]);
	add_period(&s, ttl_s, last_s - events_s[0]);
	add_period(&s, 2 * ttl_s, last_s - events_s[0]);
	if (s.count == 0)
		return true;
	for (size_t i = 0; i < PILOTS; i++) {
		if (!surrogate_draw(&drawn, hours, events_s[0], last_s, dead_s, random, reterr))
			goto out;
		measure(drawn.events_s, drawn.count, &s, pilots[i]);
	}
	learn(&s, pilots);
	measure(events_s, count, &s, h);
	monte_carlo_begin(&draws, largest(h, &s));
	while (monte_carlo_goes_on(&draws, plan)) {
		if (!surrogate_draw(&drawn, hours, events_s[0], last_s, dead_s, random, reterr))
			goto out;
		measure(drawn.events_s, drawn.count, &s, h);
		if (!monte_carlo_add(&draws, largest(h, &s))) {
			err_set_memory(reterr);
			goto out;
		}
	}
	monte_carlo_p(&draws, ret);
	ok = true;
out:
	surrogate_release(&drawn);
	monte_carlo_release(&draws);
	return ok;
}
