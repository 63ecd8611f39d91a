/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A big array that grows without being copied: the kernel moves its pages. Huge pages are asked
 * for, because what lives here is read in random order. A page that the kernel has to find and
 * clear costs ten times one that is at hand, so that regions can share a stock of pages: what one
 * gives back another grows by.
 */
#ifndef HAYSTACK_REGION_H
#define HAYSTACK_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

/* Pages that are mapped and not in use. Zeros are an empty stock. */
#define STOCK_SPANS 16
struct stock {
	struct stock_span {
		void *base;
		size_t bytes;
	} spans[STOCK_SPANS];
	size_t count;
};

/* Give its pages to the system. */
void stock_release(struct stock *s);

/* Starts as zeros, but for its stock. */
struct region {
	void *base; /* NULL while bytes is 0; new bytes are zero */
	size_t bytes;
	struct stock *stock; /* which must outlive it; NULL: none */
};

/* At least that many bytes, growing by half at least. False: the system has no more. */
bool region_reserve(struct region *r, size_t bytes) MUST_USE;

/* Give the memory back, to the stock where there is one. The region is then an empty one of it. */
void region_release(struct region *r);

#endif
