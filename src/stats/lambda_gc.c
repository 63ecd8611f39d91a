/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Genomic control (Devlin & Roeder 1999), as an alarm: is the bulk of the p's where it should be?
 */
#include "stats/lambda_gc.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>

#define MEDIAN_CHI2_1 .45493642311957283

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The square of the normal deviate of p / 2: chi2_1 without loss in the tail. */
static double chi2_of(double p)
{
	double z = gsl_cdf_ugaussian_Qinv(fmin(p, 1) / 2);

	return z * z;
}

double lambda_gc(double *p, size_t count)
{
	if (count == 0)
		return NAN;
	(void)gsl_set_error_handler_off();
	qsort(p, count, sizeof(*p), double_cmp);
	return chi2_of((p[(count - 1) / 2] + p[count / 2]) / 2) / MEDIAN_CHI2_1;
}

double lambda_gc_deflate(double p, double lambda)
{
	if (!(lambda > LAMBDA_GC_TOLERATED))
		return p;
	(void)gsl_set_error_handler_off();
	return fmin(2 * gsl_cdf_ugaussian_Q(sqrt(chi2_of(p) / lambda)), 1);
}
