/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A big array that grows without being copied: the kernel moves its pages. Huge pages are asked
 * for, because what lives here is read in random order.
 */
#ifndef HAYSTACK_REGION_H
#define HAYSTACK_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct region {
	void *base; /* NULL while bytes is 0; new bytes are zero */
	size_t bytes;
};

/* At least that many bytes, growing by half at least. False: the system has no more. */
bool region_reserve(struct region *r, size_t bytes) MUST_USE;

/* Give the memory back. */
void region_release(struct region *r);

#endif
