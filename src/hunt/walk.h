/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The series of a part of the haystack, one group after another. A group is all series of one
 * target and kind: what one finding is about. Types and peers follow each other within it.
 */
#ifndef HUNT_WALK_H
#define HUNT_WALK_H

#include "haystack/haystack.h"

struct walk;

/* All pointers are borrowed until the next call. */
struct walk_series {
	bool opens; /* the first series of its group */
	const uint8_t *key;
	size_t key_len;
	size_t group_len; /* of the key's bytes: up to and with the kind */
	uint8_t kind;
	uint16_t type;
	const uint8_t *peer; /* the rest of the key: the peer as keys write it */
	size_t peer_len;
	const uint8_t *value;
	size_t value_len;
};

bool walk_new(struct haystack *h, const struct haystack_range *range, struct walk **ret,
    struct err *reterr) MUST_USE;
void walk_free(struct walk *w);

/* True with a series; true with *ret_end at the end; false on failure. */
bool walk_next(struct walk *w, struct walk_series *ret, bool *ret_end, struct err *reterr) MUST_USE;

#endif
