/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring, whose places are taken in turn, and chains by hash through it to find a key. What is
 * forgotten depends on the ring alone, so that no hash can change what is read.
 */
#include "evidence/mta_memory.h"

#include <string.h>

#include "base/hash.h"

void mta_memory_init(struct mta_memory *m)
{
	m->seed = hash_seed();
}

static uint32_t *chain_of(
    struct mta_memory *m, enum mta_key_kind kind, const uint8_t *key, size_t len)
{
	return &m->chains[hash_bytes(key, len, m->seed + kind) % MTA_MEMORY_CHAINS];
}

static bool is_key(
    const struct mta_memo *memo, enum mta_key_kind kind, const uint8_t *key, size_t len)
{
	return memo->kind == kind && memo->key_len == len && memcmp(memo->key, key, len) == 0;
}

struct mta_memo *mta_memory_find(
    struct mta_memory *m, enum mta_key_kind kind, const uint8_t *key, size_t len)
{
	if (len == 0 || len > MTA_KEY_BYTES)
		return NULL;
	for (uint32_t at = *chain_of(m, kind, key, len); at != 0; at = m->memos[at - 1].next)
		if (is_key(&m->memos[at - 1], kind, key, len))
			return &m->memos[at - 1];
	return NULL;
}

/* Take the memo in that place out of its chain. */
static void forget(struct mta_memory *m, uint32_t place)
{
	struct mta_memo *memo = &m->memos[place];
	uint32_t *at;

	if (memo->key_len == 0)
		return;
	at = chain_of(m, (enum mta_key_kind)memo->kind, memo->key, memo->key_len);
	while (*at != place + 1)
		at = &m->memos[*at - 1].next;
	*at = memo->next;
}

void mta_memory_put(struct mta_memory *m, enum mta_key_kind kind, const uint8_t *key, size_t len,
    const struct addr *address, int64_t time_ns)
{
	struct mta_memo *memo = mta_memory_find(m, kind, key, len);
	uint32_t *chain;

	if (len == 0 || len > MTA_KEY_BYTES)
		return;
	if (memo == NULL) {
		forget(m, m->turn);
		memo = &m->memos[m->turn];
		chain = chain_of(m, kind, key, len);
		memo->kind = (uint8_t)kind;
		memo->key_len = (uint8_t)len;
		memcpy(memo->key, key, len);
		memo->next = *chain;
		*chain = m->turn + 1;
		m->turn = (m->turn + 1) % LIMIT_MTA_MEMORY;
	}
	memo->address = *address;
	memo->used = false;
	memo->time_ns = time_ns;
}
