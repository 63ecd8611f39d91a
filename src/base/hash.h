/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seeded hashing of foreign keys (XXH3). The seed is the process's own, so that evidence cannot
 * be made to collide; nothing that is printed or stored may depend on a hash.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static inline uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, len, seed);
}

/* A fresh seed from the system; a fixed one where the system has none to give. */
uint64_t hash_seed(void);

#endif
