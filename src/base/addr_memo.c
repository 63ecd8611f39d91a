/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/addr_memo.h"

#include <assert.h>

#include "base/swar.h"

static_assert(ADDR_MEMO_PLACES == 1u << 12, "find_place() takes twelve bits");

/*
 * The one place where a text may be. Two odd factors, as both words may hold the same bytes. No
 * seed: who fills the memo with texts of one place makes only his own log slow to read.
 */
static struct addr_memo_place *find_place(struct addr_memo *m, uint64_t head, uint64_t tail)
{
	uint64_t hash = head * UINT64_C(0x9e3779b97f4a7c15) + tail * UINT64_C(0xc2b2ae3d27d4eb4f);

	return &m->places[hash >> 52];
}

bool addr_memo_parse(struct addr_memo *m, const char *text, size_t len, struct addr *ret)
{
	const uint8_t *bytes = (const uint8_t *)text;
	struct addr_memo_place *place;
	uint64_t head, tail;

	if (len < SWAR_BYTES || len > 2 * SWAR_BYTES)
		return addr_parse(text, len, ret);
	head = swar_load(bytes);
	tail = swar_load(bytes + len - SWAR_BYTES);
	place = find_place(m, head, tail);
	if (place->head == head && place->tail == tail && place->len == len) {
		*ret = place->addr;
		return true;
	}
	if (!addr_parse(text, len, ret))
		return false;
	*place = (struct addr_memo_place){
		.head = head, .tail = tail, .len = (uint8_t)len, .addr = *ret
	};
	return true;
}
