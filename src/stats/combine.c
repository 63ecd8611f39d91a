/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * T = mean of tan((1/2 - p) pi) is Cauchy in the tail whatever the dependence (Liu & Xie 2020,
 * arXiv 1808.09011). p above .99 is cut, or one p of 1 would undo all others; the tails use
 * tan((1/2 - p) pi) ~ 1 / (p pi), where the direct form has no digits left.
 */
#include "stats/combine.h"

#include <math.h>

#define PI     3.141592653589793
#define P_MAX  .99
#define P_TAIL 1e-15
#define T_TAIL 1e15

double combine_cauchy(const double *p, size_t count)
{
	double t = 0;

	if (count == 0)
		return 1;
	for (size_t i = 0; i < count; i++) {
		double cut = fmin(p[i], P_MAX);

		t += cut < P_TAIL ? 1 / (cut * PI) : tan((.5 - cut) * PI);
	}
	t /= (double)count;
	if (t > T_TAIL)
		return 1 / (t * PI);
	return .5 - atan(t) / PI;
}
