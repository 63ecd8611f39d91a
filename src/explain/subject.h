/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is observed of one name, in the only form in which explanations see it: the same struct
 * for a name out of a haystack and for one that a model made, so that what is learnt on the one
 * holds for the other.
 */
#ifndef EXPLAIN_SUBJECT_H
#define EXPLAIN_SUBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/exposure.h"

/* Contacts of all types, sorted, moved within the grain of their clock (visits_spread()). */
struct subject_peer {
	const double *times_s; /* since 1970-01-01 */
	size_t count;          /* > 0 */
	double ttl_s;          /* the largest that its answers gave; 0: none */
};

enum subject_type {
	SUBJECT_A,
	SUBJECT_AAAA,
	SUBJECT_TXT,
	SUBJECT_MX,
	SUBJECT_OTHER,
	SUBJECT_TYPES,
};

/* Borrows everything. */
struct subject {
	const struct subject_peer *peers; /* any order */
	size_t peer_count;                /* > 0 */
	bool lookups;                     /* DNS: types and TTLs mean something */
	uint64_t types[SUBJECT_TYPES];    /* contacts by type of record */
	uint64_t refused;                 /* contacts that were told the name does not exist */
	uint64_t reverse; /* look-ups by these peers of its addresses' names; 0: none are here */
	bool cached;      /* the peers ask through caches, as far as is known */
	bool bounded;     /* the exposure's span is the record's, not the name's own */
	const struct exposure *exposure;
};

#endif
