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

#define RANK_NEIGHBOURS     200 /* names compared with */
#define RANK_NEIGHBOURS_MIN 20  /* fewer: not testable */

/* What is known of a name. All names given together are of one class (kind, type, TTL class). */
struct rank_name {
	uint64_t contacts;      /* N */
	uint64_t peers;         /* k, distinct */
	double peers_effective; /* D2 */
	uint64_t active_days;
};

struct rank_result {
	bool tested;
	uint32_t neighbours;
	double p_narrow;        /* displayed: plain */
	double p_narrow_random; /* randomised over ties: uniform under exchangeability */
	double p_persistent;    /* among names of like N and like D2; many days is extreme; 1 if no
				   neighbours */
	double peers_expected;  /* median D2 of the neighbours */
	bool tail;              /* p_narrow comes from the beta-binomial fit */
};

struct rank_table;

/*
 * Prepare ranks among `count` names. visible_peers is the number of units that the sensor sees at
 * all. The names are copied. False: out of memory.
 */
bool rank_table_new(const struct rank_name *names, size_t count, uint64_t visible_peers,
    uint64_t seed, struct rank_table **ret, struct err *reterr) MUST_USE;
void rank_table_free(struct rank_table *t);

/* Rank of name number i among its neighbours, itself left out. Thread-safe. */
void rank_name(const struct rank_table *t, size_t i, struct rank_result *ret);

#endif
