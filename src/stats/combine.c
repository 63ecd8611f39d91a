/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * T = mean of tan((1/2 - p) pi) is Cauchy in the tail whatever the dependence (Liu & Xie 2020,
 * arXiv 1808.09011). p above .99 is cut, or one p of 1 would undo all others. Both functions are
 * written so that no digit of a small p is lost: tan((1/2 - p) pi) = 1 / tan(p pi), and
 * 1/2 - atan(T) / pi = atan(1 / T) / pi for T > 0.
 */
#include "stats/combine.h"

#include <math.h>

#define PI    3.141592653589793
#define P_MAX .99

double combine_cauchy(const double *p, size_t count)
{
	double t = 0;

	if (count == 0)
		return 1;
	for (size_t i = 0; i < count; i++)
		t += 1 / tan(fmin(p[i], P_MAX) * PI);
	t /= (double)count;
	return t > 0 ? atan(1 / t) / PI : .5 - atan(t) / PI;
}
