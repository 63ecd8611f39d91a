/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The series is binned by the minute and what the null expects of each bin (the fitted rate where
 * nothing was blocked) is taken off. Seen minus expected is a martingale, so under the null its
 * power is the same at all frequencies, with mean the number of events: the lines of the day, of
 * the week and of a busy cache are gone, which a plain periodogram is full of. One FFT shows
 * all periods at once; the strongest twenty are refined on the events themselves.
 */
#include "stats/period.h"

#include <gsl/gsl_fft_real.h>
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/size.h"
#include "stats/circle.h"

#define BIN_S      60.0
#define BINS_MAX   ((size_t)1 << 21) /* four years of minutes; longer ones get wider bins */
#define CYCLES_MIN 3
#define PEAKS      20
#define STEPS      8   /* of refinement on either side, in 1 / span */
#define AS_STRONG  .5  /* a multiple of the period with that share of its power is the period */
#define ROUND_WITH 1.0 /* within one resolution of the frequency is within what can be told */

static const double customary_s[] = { 120, 300, 600, 900, 1200, 1800, 3600, 5400, 7200, 10800,
	14400, 21600, 28800, 43200, 86400, 604800 };

struct peak {
	double hz;
	double power; /* |sum|^2 / events: mean 1 under the null */
};

struct grid {
	double *bins;
	size_t count; /* a power of 2 */
	double width_s;
	double first_s;
};

static void take_off(struct grid *g, const struct profile *hours, double from_s, double to_s)
{
	while (from_s < to_s) {
		size_t bin = (size_t)((from_s - g->first_s) / g->width_s);
		double end_s = double_min(g->first_s + ((double)bin + 1) * g->width_s, to_s);

		/* where rounding leaves a bin's end at its beginning, go on by hand */
		end_s = double_max(end_s, nextafter(from_s, INFINITY));
		if (bin < g->count)
			g->bins[bin] -= profile_integral(hours, from_s, end_s);
		from_s = end_s;
	}
}

static void fill(struct grid *g, const double *events_s, size_t count, double dead_s,
    const struct profile *hours)
{
	for (size_t i = 1; i < count; i++) {
		size_t bin = (size_t)((events_s[i] - g->first_s) / g->width_s);

		take_off(g, hours, events_s[i - 1] + dead_s, events_s[i]);
		if (bin < g->count)
			g->bins[bin]++;
	}
}

static bool make_grid(struct grid *g, double first_s, double span_s)
{
	*g = (struct grid){ .count = 2, .width_s = BIN_S, .first_s = first_s };
	while (g->width_s * (double)BINS_MAX <= span_s)
		g->width_s *= 2;
	while (g->width_s * (double)g->count <= span_s)
		g->count *= 2;
	g->bins = calloc(g->count, sizeof(*g->bins));
	return g->bins != NULL;
}

/* Put a peak where it belongs among the strongest. */
static void note(struct peak *peaks, size_t *count, double hz, double power)
{
	size_t at;

	if (*count == PEAKS && power <= peaks[PEAKS - 1].power)
		return;
	at = *count < PEAKS ? (*count)++ : PEAKS - 1;
	for (; at > 0 && peaks[at - 1].power < power; at--)
		peaks[at] = peaks[at - 1];
	peaks[at] = (struct peak){ hz, power };
}

/* Local maxima of the spectrum, strongest first. */
static size_t find_peaks(const struct grid *g, size_t events, double span_s, struct peak *peaks)
{
	double length_s = g->width_s * (double)g->count;
	double longest_s = double_min(PERIOD_MAX_S, span_s / CYCLES_MIN);
	size_t first = (size_t)ceil(length_s / longest_s), last = g->count / 2 - 1, found = 0;
	double before = 0, here = 0;

	if (first < 1)
		first = 1;
	for (size_t k = first; k <= last; k++) {
		double re = g->bins[k], im = g->bins[g->count - k];
		double after = (re * re + im * im) / (double)events;

		if (k > first && here >= before && here > after)
			note(peaks, &found, (double)(k - 1) / length_s, here);
		before = here;
		here = after;
	}
	return found;
}

/* |sum exp(2 pi i f t)|^2 / n */
static double power_at(const double *events_s, size_t count, double hz)
{
	double c = 0, s = 0;

	for (size_t i = 0; i < count; i++) {
		double cosine, sine;

		circle_point(fmod((events_s[i] - events_s[0]) * hz, 1), &cosine, &sine);
		c += cosine;
		s += sine;
	}
	return (c * c + s * s) / (double)count;
}

static double refine(const double *events_s, size_t count, double hz, double span_s)
{
	double best = -1, best_hz = hz;

	for (int step = -STEPS; step <= STEPS; step++) {
		double at_hz = hz + step / (STEPS * span_s);
		double power = power_at(events_s, count, at_hz);

		if (power > best) {
			best = power;
			best_hz = at_hz;
		}
	}
	return best_hz;
}

/* The fundamental of the strongest peak: the longest multiple that is nearly as strong. */
static double fundamental(const struct peak *peaks, size_t count, double span_s)
{
	double hz = peaks[0].hz;

	for (size_t i = 1; i < count && peaks[i].power >= AS_STRONG * peaks[0].power; i++) {
		double times = rint(peaks[0].hz / peaks[i].hz);

		if (times >= 2 && peaks[i].hz < hz &&
		    fabs(peaks[i].hz * times - peaks[0].hz) < times * ROUND_WITH / span_s)
			hz = peaks[i].hz;
	}
	return hz;
}

static double customary(double hz, double span_s)
{
	for (size_t i = 0; i < COUNT_OF(customary_s); i++)
		if (fabs(1 / customary_s[i] - hz) < ROUND_WITH / span_s)
			return customary_s[i];
	return 1 / hz;
}

bool period_find(const double *events_s, size_t count, double dead_s, const struct profile *hours,
    struct period_result *ret, struct err *reterr)
{
	double span_s = events_s[count - 1] - events_s[0];
	struct peak peaks[PEAKS];
	struct grid g;
	size_t found;

	*ret = (struct period_result){ .period_s = NAN, .p = 1, .tried = 1 };
	if (span_s < 2 * CYCLES_MIN * PERIOD_MIN_S)
		return true;
	if (!make_grid(&g, events_s[0], span_s)) {
		err_set_memory(reterr);
		return false;
	}
	fill(&g, events_s, count, dead_s, hours);
	(void)gsl_fft_real_radix2_transform(g.bins, 1, g.count);
	found = find_peaks(&g, count, span_s, peaks);
	free(g.bins);
	if (found == 0)
		return true;
	ret->tried = span_s / double_max(PERIOD_MIN_S, 2 * g.width_s);
	ret->p = -expm1(ret->tried * log1p(-exp(-double_max(peaks[0].power, 1e-9))));
	ret->period_s =
	    customary(refine(events_s, count, fundamental(peaks, found, span_s), span_s), span_s);
	return true;
}
