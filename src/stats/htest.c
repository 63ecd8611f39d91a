/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The H-test (de Jager, Raubenheimer & Swanepoel 1989, A&A 221, 180): H = max over m of
 * Z_m^2 - 4m + 4, p = exp(-0.4 H) (de Jager & Buesching 2010). All harmonics of an event come
 * from its first by the addition theorem: one sine and one cosine per event. With few events the
 * tail is too light for 20 harmonics, so fewer than 100 events get 4.
 */
#include "stats/htest.h"

#include <math.h>

#include "base/attr.h"
#include "stats/circle.h"

#define DECAY         .4
#define HARMONICS_FEW 4
#define EVENTS_MANY   100
#define CYCLES_MIN    3
#define LANES         8

static const double canonical_periods_s[] = { 60, 120, 300, 600, 900, 1200, 1800, 3600, 5400, 7200,
	10800, 14400, 21600, 28800, 43200, 86400, 604800 };

double htest_rayleigh_p(double resultant, size_t count)
{
	double n = (double)count;
	double exponent = sqrt(1 + 4 * n + 4 * (n * n - resultant * resultant)) - (1 + 2 * n);

	return fmin(exp(exponent), 1);
}

/* Sums of the harmonics' cosines and sines, a lane for every LANESth event. */
struct sums {
	double cosines[HTEST_HARMONICS_MAX][LANES];
	double sines[HTEST_HARMONICS_MAX][LANES];
};

/*
 * Add LANES events side by side: an event's harmonics wait for each other, those of different
 * events do not.
 */
static void add_events(
    const double *times_s, double period_s, unsigned harmonics, struct sums *sums)
{
	double c[LANES], s[LANES], ck[LANES], sk[LANES];

	for (unsigned i = 0; i < LANES; i++) {
		double cycles = times_s[i] / period_s;

		circle_point(cycles - floor(cycles), &c[i], &s[i]);
		ck[i] = c[i];
		sk[i] = s[i];
	}
	for (unsigned k = 0; k < harmonics; k++) {
		for (unsigned i = 0; i < LANES; i++) {
			double next = ck[i] * c[i] - sk[i] * s[i];

			sums->cosines[k][i] += ck[i];
			sums->sines[k][i] += sk[i];
			sk[i] = sk[i] * c[i] + ck[i] * s[i];
			ck[i] = next;
		}
	}
}

/* The events that do not fill the lanes go into the first. */
static void add_event(double time_s, double period_s, unsigned harmonics, struct sums *sums)
{
	double cycles = time_s / period_s;
	double c, s, ck, sk;

	circle_point(cycles - floor(cycles), &c, &s);
	ck = c;
	sk = s;
	for (unsigned k = 0; k < harmonics; k++) {
		double next = ck * c - sk * s;

		sums->cosines[k][0] += ck;
		sums->sines[k][0] += sk;
		sk = sk * c + ck * s;
		ck = next;
	}
}

static double lanes_add_up(const double lanes[static LANES])
{
	double sum = 0;

	for (unsigned i = 0; i < LANES; i++)
		sum += lanes[i];
	return sum;
}

void htest_at(const double *times_s, size_t count, double period_s, struct htest_result *ret)
{
	double cosines[HTEST_HARMONICS_MAX], sines[HTEST_HARMONICS_MAX];
	unsigned harmonics = count >= EVENTS_MANY ? HTEST_HARMONICS_MAX : HARMONICS_FEW;
	struct sums sums = { .cosines = { { 0 } } };
	size_t at = 0;
	double z = 0;

	for (; count - at >= LANES; at += LANES)
		add_events(times_s + at, period_s, harmonics, &sums);
	for (; at < count; at++)
		add_event(times_s[at], period_s, harmonics, &sums);
	for (unsigned k = 0; k < harmonics; k++) {
		cosines[k] = lanes_add_up(sums.cosines[k]);
		sines[k] = lanes_add_up(sums.sines[k]);
	}
	*ret = (struct htest_result){ .h = -INFINITY };
	for (unsigned k = 0; k < harmonics; k++) {
		double h;

		z += 2 / (double)count * (cosines[k] * cosines[k] + sines[k] * sines[k]);
		h = z - 4 * (double)(k + 1) + 4;
		if (h > ret->h) {
			ret->h = h;
			ret->harmonics = k + 1;
		}
	}
	ret->p = fmin(exp(-DECAY * ret->h), 1);
	ret->resultant = hypot(cosines[0], sines[0]) / (double)count;
	ret->rayleigh_p = htest_rayleigh_p(ret->resultant * (double)count, count);
	ret->phase = atan2(sines[0], cosines[0]) / CIRCLE_TURN;
	if (ret->phase < 0)
		ret->phase += 1;
}

static void try_period(const double *times_s, size_t count, double period_s, struct htest_screen *s)
{
	struct htest_result r;

	if (times_s[count - 1] - times_s[0] < CYCLES_MIN * period_s)
		return;
	htest_at(times_s, count, period_s, &r);
	/* by H, not by p: that of a sharp clock is 0 at every divisor of its period */
	if (s->periods++ == 0 || r.h > s->best.h) {
		s->best = r;
		s->period_s = period_s;
	}
}

void htest_screen(const double *times_s, size_t count, double ttl_s, struct htest_screen *ret)
{
	*ret = (struct htest_screen){ .p_any = 1, .period_s = NAN };
	if (count < HTEST_EVENTS_MIN)
		return;
	for (size_t i = 0; i < COUNT_OF(canonical_periods_s); i++)
		try_period(times_s, count, canonical_periods_s[i], ret);
	if (ttl_s > 0) {
		try_period(times_s, count, ttl_s, ret);
		try_period(times_s, count, 2 * ttl_s, ret);
	}
	if (ret->periods > 0)
		ret->p_any = -expm1((double)ret->periods * log1p(-ret->best.p));
}
