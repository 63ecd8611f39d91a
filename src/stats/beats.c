/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expectation and maximisation over two kinds of visits. The hours of the day fall out of the
 * comparison: a visit at a given hour is as likely at that hour of either kind, and within a
 * period the rest is uniform. The normal is wrapped once on either side, which suffices up to the
 * widest that is fitted, a fourth of the period.
 */
#include "stats/beats.h"

#include <math.h>

#include "base/minmax.h"
#include "stats/circle.h"

#define TURNS      60
#define WIDEST     .25 /* of the period */
#define NARROWEST  1e-6
#define SHARE_FROM .9
#define IS_BEAT    .5

/* From the beat, in periods, -1/2 to 1/2. */
static double off_beat(double t_s, double period_s, double phase)
{
	double cycles = t_s / period_s - phase;

	return cycles - rint(cycles);
}

static double normal(double off, double sd)
{
	double sum = 0;

	for (int wrap = -1; wrap <= 1; wrap++)
		sum += exp(-.5 * (off + wrap) * (off + wrap) / (sd * sd));
	return sum / (sd * sqrt(CIRCLE_TURN));
}

/* Phase, spread and share, of a period of 1. */
struct fit {
	double phase;
	double sd;
	double share;
};

static double membership(const struct fit *f, double t_s, double period_s)
{
	double beat = f->share * normal(off_beat(t_s, period_s, f->phase), f->sd);

	return beat / (beat + 1 - f->share);
}

static void begin(const double *visits_s, size_t count, double period_s, struct fit *f)
{
	double c = 0, s = 0, length;

	for (size_t i = 0; i < count; i++) {
		double off = off_beat(visits_s[i], period_s, 0), cosine, sine;

		circle_point(off < 0 ? off + 1 : off, &cosine, &sine);
		c += cosine;
		s += sine;
	}
	length = double_min(double_max(hypot(c, s) / (double)count, 1e-3), 1 - 1e-9);
	*f = (struct fit){ .phase = atan2(s, c) / CIRCLE_TURN,
		.sd = double_min(sqrt(-2 * log(length)) / CIRCLE_TURN, WIDEST),
		.share = SHARE_FROM };
}

static void improve(const double *visits_s, size_t count, double period_s, struct fit *f)
{
	double weight = 1e-9, shift = 0, squares = 0;

	for (size_t i = 0; i < count; i++) {
		double p = membership(f, visits_s[i], period_s);

		weight += p;
		shift += p * off_beat(visits_s[i], period_s, f->phase);
	}
	shift /= weight;
	for (size_t i = 0; i < count; i++) {
		double off = off_beat(visits_s[i], period_s, f->phase) - shift;

		squares += membership(f, visits_s[i], period_s) * off * off;
	}
	f->phase += shift;
	f->sd = double_min(double_max(sqrt(squares / weight), NARROWEST), WIDEST);
	f->share = double_min(weight / (double)count, 1 - 1e-6);
}

/* Share of the live cycles between first and last beat that have none. */
static double count_missing(const double *visits_s, size_t count, double period_s,
    const struct exposure *e, const struct fit *f)
{
	double first = NAN, last = NAN, hit = 0, live;

	for (size_t i = 0; i < count; i++) {
		double cycle = rint(visits_s[i] / period_s - f->phase);

		if (membership(f, visits_s[i], period_s) < IS_BEAT || cycle == last)
			continue;
		hit++;
		first = isnan(first) ? cycle : first;
		last = cycle;
	}
	if (isnan(first))
		return NAN;
	live =
	    exposure_live(e, (first + f->phase - .5) * period_s, (last + f->phase + .5) * period_s);
	return double_max(1 - hit * period_s / double_max(live, period_s), 0);
}

void beats_fit(const double *visits_s, size_t count, double period_s, const struct exposure *e,
    struct beats *ret, double *ret_membership)
{
	struct fit f;

	begin(visits_s, count, period_s, &f);
	for (unsigned turn = 0; turn < TURNS; turn++)
		improve(visits_s, count, period_s, &f);
	*ret = (struct beats){ .phase_s = (f.phase - floor(f.phase)) * period_s,
		.jitter_s = f.sd * period_s,
		.share = f.share,
		.missing = count_missing(visits_s, count, period_s, e, &f) };
	for (size_t i = 0; ret_membership != NULL && i < count; i++)
		ret_membership[i] = membership(&f, visits_s[i], period_s);
}
