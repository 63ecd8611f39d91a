/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With n events over a clock of length S, a window of length w that holds k of them is scored by
 * the log likelihood ratio of a rate inside against one outside (Kulldorff 1997):
 * k ln(k / E) + (n - k) ln((n - k) / (n - E)), E = n w / S, where k > E. The null is n points at
 * random on [0, S), all windows searched in each surrogate. Counts that vary d times as much as
 * Poisson's tell as much as n / d of his: score and surrogates are both made from so many.
 */
#include "stats/scan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/size.h"
#include "stats/fortnight.h"
#include "stats/monte_carlo.h"

#define SHORTEST_S DAY_S
#define LONGEST_S  (14 * DAY_S)

struct score {
	double value;
	double ratio;
	size_t from;
	size_t upto;
};

static double score_of(double inside, double expected, double all)
{
	double outside = all - inside;

	if (inside <= expected)
		return 0;
	return inside * log(inside / expected) +
	       (outside > 0 ? outside * log(outside / (all - expected)) : 0);
}

/* The best window of one length: it begins at an event. at has count ascending places below total. */
static void scan_window(
    const double *at, size_t count, double total, double window, struct score *best)
{
	double expected = (double)count * window / total;
	size_t upto = 0, most = (size_t)expected, from = count;

	for (size_t i = 0; i < count; i++) {
		while (upto < count && at[upto] <= at[i] + window)
			upto++;
		if (upto - i > most) {
			most = upto - i;
			from = i;
		}
	}
	if (from < count && score_of((double)most, expected, (double)count) > best->value)
		*best = (struct score){ score_of((double)most, expected, (double)count),
			(double)most / expected, from, from + most };
}

static struct score scan(const double *at, size_t count, double total, const struct scan_plan *plan)
{
	struct score best = { .value = 0 };

	for (size_t w = 0; w < plan->window_count; w++)
		if (plan->windows[w] < total)
			scan_window(at, count, total, plan->windows[w], &best);
	return best;
}

/* Points at random on [0, total), in order: the spacings of count + 1 exponentials. */
static void draw(double *at, size_t count, double total, struct philox *random)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		sum += philox_exponential(random);
		at[i] = sum;
	}
	sum += philox_exponential(random);
	for (size_t i = 0; i < count; i++)
		at[i] *= total / sum;
}

size_t scan_windows(double total, double live_s, double ret[static SCAN_WINDOWS_MAX])
{
	size_t count = 0;

	for (double window_s = SHORTEST_S; window_s < LONGEST_S; window_s *= 2)
		ret[count++] = total * window_s / live_s;
	ret[count++] = total * LONGEST_S / live_s;
	return count;
}

/* The last event closes the clock and is left out, as its place is given. */
static double place(const double *steps, size_t count, double *at)
{
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		sum += steps[i];
		at[i] = sum;
	}
	return sum;
}

bool scan_test(const double *steps, size_t count, const struct scan_plan *plan,
    struct scan_result *ret, struct err *reterr)
{
	static const struct monte_carlo_plan surrogates = { .surrogates_max = SCAN_SURROGATES };
	struct monte_carlo draws = { .values = NULL };
	struct monte_carlo_result p;
	double *at = malloc(size_mul(count, sizeof(*at)));
	double total;
	size_t telling;
	struct score seen;
	bool ok = at != NULL;

	assert(count > 0 && plan->window_count <= SCAN_WINDOWS_MAX);
	*ret = (struct scan_result){ .p = 1, .ratio = 1 };
	if (!ok)
		goto out;
	total = place(steps, count, at);
	seen = scan(at, count - 1, total, plan);
	telling = (size_t)((double)(count - 1) / plan->dispersion);
	if (seen.value <= 0 || telling == 0)
		goto out;
	monte_carlo_begin(&draws, seen.value / plan->dispersion);
	while (ok && monte_carlo_goes_on(&draws, &surrogates)) {
		draw(at, telling, total, plan->random);
		ok = monte_carlo_add(&draws, scan(at, telling, total, plan).value);
	}
	monte_carlo_p(&draws, &p);
	*ret = (struct scan_result){ p.p, seen.ratio, seen.from, seen.upto };
out:
	if (!ok)
		err_set_memory(reterr);
	monte_carlo_release(&draws);
	free(at);
	return ok;
}
