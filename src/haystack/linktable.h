/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The set of links that a writer has met, each with a dense number in order of first sight, and
 * their order. A series is a link from a target to a peer, a fact one from an owner to its data.
 * The ends are numbers of endpoints in a keytable, so that a link is found and sorted without a
 * look at any name.
 */
#ifndef HAYSTACK_LINKTABLE_H
#define HAYSTACK_LINKTABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "haystack/ranking.h"
#include "haystack/region.h"
#include "haystack/slots.h"

struct link {
	uint32_t first;  /* number of the target, or of the owner */
	uint32_t second; /* number of the peer, or of the data */
	uint32_t extra;  /* of a fact, else 0 */
	uint16_t type;
	uint16_t more; /* kind of a series; port of a fact */
};

/* What two links with the same ends are ordered by, as their keys are. */
enum linktable_use {
	LINK_SERIES, /* kind and type come before the second end */
	LINK_FACTS,  /* the type comes before it, extra and port behind it */
};

struct linktable {
	struct slots slots; /* of numbers */
	struct region records;
	size_t record_bytes;
	enum linktable_use use;
	uint32_t count;
	uint64_t seed;
};

/*
 * A record is a struct of the caller's of that size that begins with a struct link. Memory comes
 * from the stock, and goes back there.
 */
void linktable_init(struct linktable *t, enum linktable_use use, size_t record_bytes,
    struct stock *stock, uint64_t seed);
void linktable_release(struct linktable *t);

/* Forget all links, keep the memory. */
void linktable_clear(struct linktable *t);

/* Bytes in use, and those that linktable_sort() takes. */
uint64_t linktable_bytes(const struct linktable *t);
uint64_t linktable_sort_bytes(const struct linktable *t, uint32_t endpoint_count);

/* The record of a link by its number; borrowed until the next link comes. */
static inline void *linktable_at(const struct linktable *t, uint32_t number)
{
	return (uint8_t *)t->records.base + number * t->record_bytes;
}

struct linktable_query {
	struct link link;
	uint64_t hash;
	uint32_t number; /* the answer */
};

/*
 * Number every link of the batch, new ones too, whose records are zero but for the link. The
 * records are then on their way into the cache. False: out of memory.
 */
bool linktable_add(struct linktable *t, struct linktable_query *batch, size_t count) MUST_USE;

/* As keytable_seal(). */
void linktable_seal(struct linktable *t);

/* All links in the order of their keys by one end: count items in *ret, which the caller releases. */
enum linktable_end {
	LINK_BY_FIRST,
	LINK_BY_SECOND, /* as if the ends were exchanged */
};
struct linkitem {
	uint64_t minor;  /* the low half: rank of the end that comes second */
	uint32_t first;  /* rank of the end that comes first */
	uint32_t number; /* of the link */
};
bool linktable_sort(const struct linktable *t, const struct ranking *ranking, enum linktable_end by,
    struct region *ret) MUST_USE;

/* Rank of the end that comes second. */
static inline uint32_t linkitem_second(const struct linkitem *item)
{
	return (uint32_t)item->minor;
}

#endif
