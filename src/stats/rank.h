/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How narrow, how persistent is a name among names of like popularity? Ranks, so uniform by
 * construction: a filter and a shown effect, in no false-discovery procedure.
 */
#ifndef STATS_RANK_H
#define STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define RANK_NEIGHBORS     200 /* names compared with */
#define RANK_NEIGHBORS_MIN 20  /* fewer: not testable */

/* What is known of a name. All names given together are of one class (kind, type, TTL class). */
struct rank_name {
	uint64_t contacts;      /* N */
	uint64_t peers;         /* k, distinct */
	double peers_effective; /* D2 */
	uint64_t active_days;
};

struct rank_result {
	bool tested; /* enough neighbors */
	uint32_t neighbors;
	double p_narrow;        /* displayed: plain rank, the larger of k's and D2's */
	double p_narrow_random; /* ties broken at random: uniform under exchangeability */
	double
	    p_persistent; /* many active days among names of like N and like D2; 1: no neighbors */
	double peers_expected; /* rank_refine(): median D2 of the neighbors, else NAN */
	bool tail;             /* rank_refine(): p_narrow comes from the beta-binomial fit */
};

struct rank_table;

/*
 * Prepare ranks among `count` names. visible_peers is the number of units that the sensor sees at
 * all. The names are copied. False: out of memory.
 */
bool rank_table_new(const struct rank_name *names, size_t count, uint64_t visible_peers,
    uint64_t seed, struct rank_table **ret, struct err *reterr) MUST_USE;
void rank_table_free(struct rank_table *t);

/* Rank of name number i among its neighbors, itself left out. Microseconds; threads may share t. */
void rank_name(const struct rank_table *t, size_t i, struct rank_result *ret);

/*
 * For the few names that are shown: what its neighbors have, and p_narrow below the rank's floor
 * (down to 1e-3) from a beta-binomial fitted to them. ret comes from rank_name(). Milliseconds.
 */
void rank_refine(const struct rank_table *t, size_t i, struct rank_result *ret);

/* The numbers of the names that name i is ranked among, nearest first. Returns how many. */
size_t rank_band(const struct rank_table *t, size_t i, size_t ret[static RANK_NEIGHBORS]);

/*
 * Both at once for a name and its band, counted in other units than those of the table; at most
 * RANK_NEIGHBORS names. Ties are not broken and persistence is not ranked: NAN.
 */
void rank_among(const struct rank_name *own, const struct rank_name *band, size_t count,
    uint64_t visible_units, struct rank_result *ret);

#endif
