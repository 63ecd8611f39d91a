/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With n steps of unknown mean seen, P(the next > x) = (1 + x / S)^-n, S their sum: the chance of
 * exp(-x n / S) with what is not known of the rate taken into account. It is exact for a record of
 * given length, too: n places at random in S + x all fall into S. A rate that fell before the
 * end makes a long pause ordinary, so the last block has its say; a short dense block at the end
 * may be chance, so the whole has its say as well.
 */
#include "stats/stop.h"

#include <math.h>

#include "base/minmax.h"

static double next_is_longer(double count, double total, double after)
{
	return total > 0 ? exp(-count * log1p(after / total)) : 1;
}

double stop_test(double count, double total, double last_count, double last_total, double after,
    double dispersion)
{
	return double_max(next_is_longer(count / dispersion, total, after),
	    next_is_longer(last_count / dispersion, last_total, after));
}

double stop_near_act(double gap_days, size_t acts, double span_days)
{
	return double_min(1, (double)acts * gap_days / span_days);
}
