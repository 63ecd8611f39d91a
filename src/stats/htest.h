/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is there any rhythm at a period? Null: a locally constant rate. Caches and office hours reject
 * it as a matter of course, so this orders work and shows a period; it never makes a needle.
 */
#ifndef STATS_HTEST_H
#define STATS_HTEST_H

#include <stddef.h>

#define HTEST_HARMONICS_MAX 20
#define HTEST_EVENTS_MIN    10

struct htest_result {
	double h;
	double p;           /* exp(-0.4 H) */
	unsigned harmonics; /* at which the maximum stands */
	double rayleigh_p;  /* corrected for small n */
	double phase;       /* of the first harmonic, 0..1 */
	double resultant;   /* mean resultant length of the first harmonic, 0..1 */
};

/* H-test of count >= HTEST_EVENTS_MIN events at period_s; 20 harmonics from 100 events on, else 4.
 */
void htest_at(const double *times_s, size_t count, double period_s, struct htest_result *ret);

struct htest_screen {
	double p_any;    /* 1 - (1 - min p)^periods tested; 1 when none was */
	double period_s; /* of the smallest p; NAN when none was tested */
	size_t periods;  /* tested: at least three cycles in the span */
	struct htest_result best;
};

/* All canonical periods (a minute to a week) and ttl_s, 2 ttl_s when ttl_s > 0. */
void htest_screen(const double *times_s, size_t count, double ttl_s, struct htest_screen *ret);

/* Rayleigh p with the small-n correction, from the first harmonic's resultant R = n * mean. */
double htest_rayleigh_p(double resultant, size_t count);

#endif
