/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose machine a peer is (METHODS 2.d): all addresses of one autonomous system are one operator,
 * where the user's file knows it; else all of one /24 or /48 are, and a name is one for itself.
 */
#ifndef HUNT_OPERATOR_H
#define HUNT_OPERATOR_H

#include "enrich/enrich.h"

/*
 * The operator's number, from the peer as keys write it (contact/key.h): the same for all peers of
 * one operator, and in every run. name: the number of the operator that a name is, below 2^56 and
 * the caller's own for each.
 */
bool operator_find(const struct enrich *e, const uint8_t *peer, size_t peer_len, uint64_t name,
    uint64_t *ret, struct err *reterr) MUST_USE;

struct operator_share {
	uint64_t number;
	uint64_t contacts;
};

/* Contacts by operator. A zeroed one is empty. */
struct operator_shares {
	struct operator_share *items;
	size_t count;
	size_t capacity;
};

/* False: out of memory. */
bool operator_shares_add(struct operator_shares *s, uint64_t number, uint64_t contacts) MUST_USE;
void operator_shares_release(struct operator_shares *s);

/*
 * How many different operators there are, and how many equal ones would make as much of a crowd:
 * 1 / sum of squared shares, 0 without contacts. Puts the items in order, each operator once.
 */
void operator_shares_count(
    struct operator_shares *s, uint64_t *ret_operators, double *ret_effective);

#endif
