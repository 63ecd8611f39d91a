/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How narrow and how persistent a name is among names like it: same kind, same main record type,
 * same class of TTL (METHODS 2.d). A filter and a shown effect, in no p of a needle.
 */
#ifndef HUNT_NARROW_H
#define HUNT_NARROW_H

#include "hunt/funnel.h"
#include "stats/rank.h"

struct narrow;

/* Prepare ranks among all names of the funnel. O(n log n). */
bool narrow_new(
    const struct funnel *f, uint64_t seed, struct narrow **ret, struct err *reterr) MUST_USE;
void narrow_free(struct narrow *n);

/* The rank of a name, by its number in the funnel. Threads may share n. */
void narrow_rank(const struct narrow *n, uint32_t name, struct rank_result *ret);

/* Sharpen it, for a name that stands out or is shown: see rank_refine(). Slow. */
void narrow_refine(const struct narrow *n, uint32_t name, struct rank_result *ret);

/* Numbers in the funnel of the names that this one is ranked among, nearest first; how many. */
size_t narrow_band(const struct narrow *n, uint32_t name, uint32_t ret[static RANK_NEIGHBORS]);

/*
 * From how many names on does a peer count as an aggregate: a NAT or a forwarder, one address for
 * many people? More than NARROW_AGGREGATE times the median number of names of the peers that made
 * at least NARROW_PEER_CONTACTS contacts. Peers that were met once or twice say nothing about how
 * much one person asks for, and are most of the peers that an open server ever sees. UINT64_MAX:
 * fewer than NARROW_PEERS_MIN such peers, so that there is no median to speak of and none counts
 * as an aggregate. That is so at a stub or behind one resolver, where one peer asks for all.
 */
bool narrow_aggregate_from(
    const struct peer_total *peers, size_t count, uint64_t *ret, struct err *reterr) MUST_USE;

#define NARROW_AGGREGATE     20
#define NARROW_PEER_CONTACTS 10
#define NARROW_PEERS_MIN     10

#endif
