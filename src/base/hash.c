/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#include <sys/random.h>

uint64_t hash_seed(void)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != (ssize_t)sizeof(seed))
		return 0x9e3779b97f4a7c15u;
	return seed;
}
