/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One block of C-DNS (RFC 8618 7.3): tables of addresses, names and parts of messages, and items
 * that point into them, each a query, a response, or both. A block stands alone: nothing in it
 * points into another one.
 */
#ifndef EVIDENCE_CDNS_BLOCK_H
#define EVIDENCE_CDNS_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/err.h"
#include "evidence/exchange.h"
#include "evidence/health.h"
#include "evidence/message.h"
#include "wire/cbor.h"

/* In the order of their keys. */
enum cdns_table_key {
	CDNS_ADDRESSES,
	CDNS_CLASSTYPES,
	CDNS_NAMES, /* and data of records */
	CDNS_SIGNATURES,
	CDNS_QUESTION_LISTS,
	CDNS_QUESTIONS,
	CDNS_RECORD_LISTS,
	CDNS_RECORDS,
	CDNS_TABLES,
};

/* Where each item of a table is in the block. */
struct cdns_table {
	uint32_t *at; /* owned; capacity of them */
	size_t count;
	size_t capacity;
};

/* A map whose keys are small numbers, and most values numbers, too: most of C-DNS. */
#define CDNS_KEYS 20
struct cdns_map {
	uint32_t has_number; /* a bit a key */
	uint32_t has_item;
	int64_t value[CDNS_KEYS]; /* the number; of an item its offset in the window */
};

/* What the file says of blocks like this one. */
struct cdns_parameters {
	uint64_t ticks_per_s; /* never 0 */
	uint8_t digits;       /* of a second, that such ticks need; at most 9 */
};

/* One query with its response, or one of the two. */
struct cdns_pair {
	struct cdns_map map;       /* the item itself */
	struct cdns_map signature; /* what it shares with others */
	struct cursor bytes;       /* that map's offsets are of this */
	bool has_query;
	bool has_response;
	int role; /* enum dnstap_role, which has the same values; -1: not told */
};

struct cdns_block {
	struct cursor c; /* the whole block; its items are read from here */
	uint64_t offset; /* of the block, for health */
	struct health *health;
	struct cdns_parameters parameters;
	int64_t earliest_s;
	uint64_t earliest_ticks;
	struct cdns_table tables[CDNS_TABLES];
	struct cbor_items left;
};

/* Begins as zeros; release works on that, too, and the memory is used again by the next read. */
void cdns_block_release(struct cdns_block *b);

extern const char cdns_starved[]; /* why there is none: no memory */

/*
 * Take a whole, well formed block, which is borrowed until the last of its items was read.
 * map: what cdns_map_read() made of it; NULL: it is no such map. parameters: count of them, of which it names one. NULL: taken. Else why not, a static text;
 * with cdns_starved reterr is set.
 */
const char *cdns_block_read(struct cdns_block *b, struct cursor bytes, const struct cdns_map *map,
    uint64_t offset, const struct cdns_parameters *parameters, size_t count, struct health *health,
    struct err *reterr) MUST_USE;

/* The next item. False: no more. What cannot be read is counted in health. */
bool cdns_block_next(struct cdns_block *b, struct cdns_pair *ret) MUST_USE;

/*
 * One half of the item as a message of its own, at the item's time. NULL: *m and *o are
 * filled. Else why it is none, a static text.
 */
const char *cdns_block_message(const struct cdns_block *b, const struct cdns_pair *p,
    bool is_response, struct exchange_origin *o, struct message *m) MUST_USE;

/* Read the map at the cursor. c->err tells whether that went well. */
void cdns_map_read(struct cursor *c, struct cdns_map *ret);

/* The number of that key, or otherwise. */
static inline int64_t cdns_number(const struct cdns_map *m, unsigned key, int64_t otherwise)
{
	return (m->has_number >> key & 1) != 0 ? m->value[key] : otherwise;
}

#endif
