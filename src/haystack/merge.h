/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several segments read as one: entries in key order, those of equal keys merged on the fly. */
#ifndef HAYSTACK_MERGE_H
#define HAYSTACK_MERGE_H

#include "haystack/segment.h"

/* A segment and what its source indexes mean in the merged whole. Both are borrowed. */
struct merge_input {
	const struct segment *segment;
	const uint32_t *map;
	size_t map_count;
	bool identity; /* the map changes nothing */
};

/* Keys from and below; len 0: no bound on that side. */
struct merge_bounds {
	struct key from;
	struct key below;
};

struct merge_entry {
	const uint8_t *key;
	size_t key_len;
	size_t shared;        /* how many bytes it and the last entry's begin with alike */
	const uint8_t *value; /* NULL at the end */
	size_t value_len;
};

struct merge;

bool merge_new(const struct merge_input *inputs, size_t count, const struct merge_bounds *bounds,
    struct merge **ret, struct err *reterr) MUST_USE;
void merge_free(struct merge *m);

/* The next entry, borrowed until the call after. */
bool merge_next(struct merge *m, struct merge_entry *ret, struct err *reterr) MUST_USE;

#endif
