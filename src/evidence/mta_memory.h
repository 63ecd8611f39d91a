/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What earlier lines of a mail server's log said of a session or message, for the lines that name
 * only the session or message. It holds the last LIMIT_MTA_MEMORY of them: the oldest are
 * forgotten first, by age alone.
 */
#ifndef EVIDENCE_MTA_MEMORY_H
#define EVIDENCE_MTA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/limits.h"

#define MTA_KEY_BYTES     38
#define MTA_MEMORY_CHAINS (2 * LIMIT_MTA_MEMORY) /* each is short: a memo is a miss of the cache */

/* Keys of different kinds never meet. */
enum mta_key_kind {
	MTA_KEY_SESSION,  /* of a client with us */
	MTA_KEY_RECEIVED, /* a message that came in */
	MTA_KEY_SENT,     /* a message that went out */
};

struct mta_memo {
	struct addr address; /* of the other host */
	bool used;           /* a session: something was handed over or refused in it */
	int64_t time_ns;     /* as the user of the memory likes */
	/* of mta_memory.c */
	uint8_t kind;
	uint8_t key_len;
	uint8_t key[MTA_KEY_BYTES];
	uint32_t next; /* of the chain, + 1 */
};

/* Big: part of a reader, not of a stack frame. */
struct mta_memory {
	uint64_t seed;
	uint32_t turn; /* the place that the next new memo takes */
	uint32_t chains[MTA_MEMORY_CHAINS];
	struct mta_memo memos[LIMIT_MTA_MEMORY];
};

/* The memory has begun as zeros. */
void mta_memory_init(struct mta_memory *m);

/* NULL: not known, or forgotten. Valid until the next mta_memory_put(). */
struct mta_memo *mta_memory_find(
    struct mta_memory *m, enum mta_key_kind kind, const uint8_t *key, size_t len);

/* Remember anew, with nothing but the address. A key that is too long is not remembered. */
void mta_memory_put(struct mta_memory *m, enum mta_key_kind kind, const uint8_t *key, size_t len,
    const struct addr *address, int64_t time_ns);

#endif
