/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "haystack/slots.h"

#include <string.h>

#define FIRST_BITS 12

void slots_release(struct slots *s)
{
	region_release(&s->region);
	s->bits = 0;
}

void slots_clear(struct slots *s)
{
	if (s->bits > 0)
		memset(s->region.base, 0, slots_bytes(s));
}

/* Slots come in the order of their homes, but for those that went round the end. */
static void move_slots(const struct slots *from, const struct slots *to)
{
	const uint64_t *slots = from->region.base;
	uint64_t count = from->bits == 0 ? 0 : UINT64_C(1) << from->bits;

	for (uint64_t i = 0; i < count; i++) {
		uint64_t *at;

		if (slots[i] == 0)
			continue;
		at = slots_home(to, slots[i]);
		while (*at != 0)
			at = slots_next(to, at);
		*at = slots[i];
	}
}

bool slots_reserve(struct slots *s, uint64_t used, uint64_t more)
{
	struct slots grown = { .region = { .stock = s->region.stock },
		.bits = s->bits == 0 ? FIRST_BITS : s->bits };

	while (4 * (used + more) > UINT64_C(3) << grown.bits)
		grown.bits++;
	if (grown.bits == s->bits)
		return true;
	if (!region_reserve(&grown.region, slots_bytes(&grown)))
		return false;
	move_slots(s, &grown);
	region_release(&s->region);
	*s = grown;
	return true;
}
