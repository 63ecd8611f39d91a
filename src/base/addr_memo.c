/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/addr_memo.h"

#include <assert.h>

#include "base/swar.h"

static_assert(ADDR_MEMO_PLACES == ADDR_MEMO_WAYS << 11, "find_places() takes eleven bits");

/*
 * Where a text may be. Two odd factors, as both words may hold the same bytes. No seed: who fills
 * the memo with texts of one place makes only his own log slow to read.
 */
static struct addr_memo_place *find_places(struct addr_memo *m, uint64_t head, uint64_t tail)
{
	uint64_t hash = head * UINT64_C(0x9e3779b97f4a7c15) + tail * UINT64_C(0xc2b2ae3d27d4eb4f);

	return &m->places[(hash >> 53) * ADDR_MEMO_WAYS];
}

static bool is_of(const struct addr_memo_place *place, uint64_t head, uint64_t tail, size_t len)
{
	return place->head == head && place->tail == tail && place->len == len;
}

bool addr_memo_parse(struct addr_memo *m, const char *text, size_t len, struct addr *ret)
{
	const uint8_t *bytes = (const uint8_t *)text;
	struct addr_memo_place *places;
	uint64_t head, tail;

	if (len < SWAR_BYTES || len > 2 * SWAR_BYTES)
		return addr_parse(text, len, ret);
	head = swar_load(bytes);
	tail = swar_load(bytes + len - SWAR_BYTES);
	places = find_places(m, head, tail);
	for (size_t i = 0; i < ADDR_MEMO_WAYS; i++)
		if (is_of(&places[i], head, tail, len)) {
			*ret = places[i].addr;
			return true;
		}
	if (!addr_parse(text, len, ret))
		return false;
	/* the older one goes */
	places[1] = places[0];
	places[0] = (struct addr_memo_place){
		.head = head, .tail = tail, .len = (uint8_t)len, .addr = *ret
	};
	return true;
}
