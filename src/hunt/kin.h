/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that are compared with each other for succession: what their series say of them, and what
 * facts do. Memory grows with the number of names alone: of each the rarest peers are kept.
 */
#ifndef HUNT_KIN_H
#define HUNT_KIN_H

#include "hunt/funnel.h"
#include "stats/succession.h"

/* The rarest peers of a name; who shares none of them shares nothing that would tell. */
#define KIN_PEERS_MAX 64

/* Beside the statistics' own view of the name. */
struct kin {
	uint32_t name; /* index into the funnel's names */
	uint8_t *key;  /* of its first series; owned */
	size_t key_len;
	size_t target_len; /* of key: tag and target */
	struct addr addresses[SUCCESSION_ADDRESSES_MAX];
	int64_t asked_ns;     /* its first contact */
	uint32_t first_asker; /* of the funnel's peers; INTERN_NONE */
};

struct kinship {
	struct kin *kin;               /* in the order of the funnel's names */
	struct succession_name *names; /* the same */
	size_t count;
	double *address_shares; /* by number of an address: of all names that have one */
};

/* Room for so many names, whose .kin[].name and flags in .names[] are then set. */
bool kinship_new(struct kinship *k, size_t count, struct err *reterr) MUST_USE;
void kinship_release(struct kinship *k);

/* Read peers, hours, TTL and the first asker of the names from their series. */
bool kinship_read_series(struct kinship *k, struct haystack *h, const struct funnel *f,
    unsigned jobs, const struct hunt_progress *progress, struct err *reterr) MUST_USE;

/* Read addresses, servers, zones and reverse records of the names from facts. */
bool kinship_read_facts(struct kinship *k, struct haystack *h, struct err *reterr) MUST_USE;

/* The number in .kin of the funnel's name, or of the first one behind it. */
size_t kinship_find(const struct kinship *k, size_t name);

/* The name that is compared. */
bool kin_target(const struct kin *k, struct endpoint *ret, struct err *reterr) MUST_USE;

/* The name under which an address's reverse record is kept (RFC 1035 3.5, RFC 3596 2.5). */
void kin_reverse_name(const struct addr *address, struct endpoint *ret);

#endif
