/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With n steps before a pause that add up to S, P(the pause > x) = (1 + x / S)^-n where all are
 * exponentials of one unknown mean; steps that vary d times as much tell as much as n / d of
 * them. The smallest p of all pauses is multiplied by their number.
 *
 * The design compared the longest pause with the mean of the whole record,
 * 1 - (1 - exp(-l g))^n: in a name with a sporadic beginning the longest pause is then a weekend
 * of those weeks, and two silent days at its height are nothing. Weeks to both sides of a pause mix
 * two levels where a change comes with it.
 */
#include "stats/silence.h"

#include <math.h>

#include "base/minmax.h"
#include "stats/fortnight.h"

static double began(const struct optime *o, size_t step)
{
	return step == 0 ? o->first_s : o->ends_s[step - 1];
}

/* Of the days of steps [from, at). */
static double dispersion(const struct optime *o, size_t from, size_t at, double overall)
{
	size_t first = (size_t)(round_down(began(o, from) / DAY_S) - o->first_day);
	size_t last = (size_t)(round_down(began(o, at) / DAY_S) - o->first_day);

	return last - first < SILENCE_OWN_DAYS
		   ? overall
		   : optime_dispersion(o->day_seen + first, o->day_expected + first, last - first);
}

/* sum: of steps [from, at) */
static double log_p(const struct optime *o, size_t from, size_t at, double sum, double overall)
{
	double others = (double)(at - from);

	/* a pause of no more than the mean is none, whatever the days do */
	if (others < 2 || !(sum > 0) || o->steps[at] * others <= sum)
		return 0;
	return -others / dispersion(o, from, at, overall) * log1p(o->steps[at] / sum);
}

void silence_test(const struct optime *o, double overall, struct silence_result *ret)
{
	double best = 0, sum = 0;
	size_t from = 0;

	*ret = (struct silence_result){ .p = 1 };
	for (size_t i = 0; i < o->count; i++) {
		double from_s = began(o, i) - SILENCE_DAYS * DAY_S;
		double value;

		while (began(o, from) < from_s && from + SILENCE_EVENTS < i)
			sum -= o->steps[from++];
		value = log_p(o, from, i, sum, overall);
		if (value < best) {
			best = value;
			ret->at = i;
			ret->times = o->steps[i] * (double)(i - from) / sum;
		}
		sum += o->steps[i];
	}
	ret->p = double_min(1, (double)o->count * exp(best));
}
