/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The point of the unit circle after so many turns. Our own, not the C library's: several points
 * at once by plain arithmetic, and the same bits on every machine.
 */
#ifndef STATS_CIRCLE_H
#define STATS_CIRCLE_H

#include <stdint.h>

#define CIRCLE_TURN 6.283185307179586

/*
 * Cosine and sine of 0 <= turn <= 1 whole turns, each within 3e-16. Reduced to an eighth of a turn
 * around the nearest quarter, where the series of Taylor to x^15 and x^16 leaves less than 1e-16.
 */
static inline void circle_point(double turn, double *ret_cosine, double *ret_sine)
{
	int32_t quarter = (int32_t)(4 * turn + .5);
	double x = CIRCLE_TURN * (turn - .25 * (double)quarter), y = x * x;
	double s =
	    x *
	    (1 + y * (-1. / 6 +
			 y * (1. / 120 +
				 y * (-1. / 5040 + y * (1. / 362880 +
							   y * (-1. / 39916800 +
								   y * (1. / 6227020800 -
									   y / 1307674368000)))))));
	double c =
	    1 +
	    y * (-.5 + y * (1. / 24 +
			       y * (-1. / 720 +
				       y * (1. / 40320 +
					       y * (-1. / 3628800 +
						       y * (1. / 479001600 +
							       y * (-1. / 87178291200 +
								       y / 20922789888000)))))));
	double across = quarter & 1 ? s : c, along = quarter & 1 ? c : s;

	/* quarters 1 and 2 look left, 2 and 3 down */
	*ret_cosine = (quarter + 1) & 2 ? -across : across;
	*ret_sine = quarter & 2 ? -along : along;
}

#endif
