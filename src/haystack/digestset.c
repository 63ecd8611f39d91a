/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Open addressing with linear probing. Digests look random, but whoever makes evidence can choose
 * among many: the hash of a digest is seeded.
 */
#include "haystack/digestset.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"

#define FIRST_SLOTS 64u

void digestset_init(struct digestset *s, uint64_t seed)
{
	*s = (struct digestset){ .seed = seed };
}

void digestset_release(struct digestset *s)
{
	free(s->digests);
	free(s->slots);
	digestset_init(s, s->seed);
}

void digestset_clear(struct digestset *s)
{
	if (s->slots != NULL)
		memset(s->slots, 0, s->slot_count * sizeof(*s->slots));
	s->count = 0;
}

/* The slot that holds it, or the free one where it belongs. There is a free one. */
static uint32_t *find(const struct digestset *s, const struct digest *d)
{
	uint32_t mask = s->slot_count - 1;
	uint32_t at = (uint32_t)hash_bytes(d->bytes, sizeof(d->bytes), s->seed) & mask;

	while (s->slots[at] != 0 && digest_cmp(&s->digests[s->slots[at] - 1], d) != 0)
		at = (at + 1) & mask;
	return &s->slots[at];
}

bool digestset_reserve(struct digestset *s)
{
	uint32_t slot_count = s->slot_count == 0 ? FIRST_SLOTS : 2 * s->slot_count;
	struct digest *digests;
	uint32_t *slots;

	if (2 * (s->count + 1) <= s->slot_count)
		return true;
	digests = realloc(s->digests, size_mul(slot_count / 2, sizeof(*digests)));
	if (digests == NULL)
		return false;
	s->digests = digests;
	slots = calloc(slot_count, sizeof(*slots));
	if (slots == NULL)
		return false;
	free(s->slots);
	s->slots = slots;
	s->slot_count = slot_count;
	for (uint32_t i = 0; i < s->count; i++)
		*find(s, &s->digests[i]) = i + 1;
	return true;
}

bool digestset_add(struct digestset *s, const struct digest *d)
{
	uint32_t *slot = find(s, d);

	if (*slot != 0)
		return false;
	s->digests[s->count] = *d;
	*slot = ++s->count;
	return true;
}

bool digestset_has(const struct digestset *s, const struct digest *d)
{
	return s->count > 0 && *find(s, d) != 0;
}
