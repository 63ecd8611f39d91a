/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two names have in common, as the bins of a linkage (METHODS 2.f). */
#ifndef STATS_SUCCESSION_PAIR_H
#define STATS_SUCCESSION_PAIR_H

#include "stats/linkage.h"
#include "stats/succession.h"

/*
 * Do the names of the pair share enough to be weighed: an address, or name servers and a peer, or
 * two rare peers?
 */
bool succession_pair_shares(const struct succession_input *in, const struct succession_pair *pair);

/* The pair's .lives. */
double succession_pair_lives(
    const struct succession_name *died, const struct succession_name *born);

/* Fill what the pair has in common, and its bins; its names, lag and lives are given. */
void succession_pair_compare(
    const struct succession_input *in, struct succession_pair *pair, struct linkage_pair *ret);

/* The band of a linkage for names with so many contacts. */
uint8_t succession_pair_band(uint64_t died, uint64_t born);

/* How often pairs of one thing fall into each bin, before any are seen. */
extern const double succession_pair_prior[FEATURES][LINKAGE_BINS];

#endif
