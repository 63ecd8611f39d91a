/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of digests: which contents does a writer hold? */
#ifndef HAYSTACK_DIGESTSET_H
#define HAYSTACK_DIGESTSET_H

#include <stdint.h>

#include "base/attr.h"
#include "base/digest.h"

struct digestset {
	struct digest *digests; /* owned */
	uint32_t *slots;        /* owned; place in digests + 1; 0 is free */
	uint32_t count;
	uint32_t slot_count; /* a power of two, at least twice count; 0 at first */
	uint64_t seed;
};

void digestset_init(struct digestset *s, uint64_t seed);
void digestset_release(struct digestset *s);

/* Forget all, keep the memory. */
void digestset_clear(struct digestset *s);

/* Room for one more. False: out of memory. */
bool digestset_reserve(struct digestset *s) MUST_USE;

/* Put one in, for which there is room. False: it was there. */
bool digestset_add(struct digestset *s, const struct digest *d);

bool digestset_has(const struct digestset *s, const struct digest *d);

#endif
