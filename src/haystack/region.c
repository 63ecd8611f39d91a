/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A region of some size begins at a multiple of a huge page, and stays at one when it moves: the
 * kernel then moves whole page tables. A small one that grows is copied once instead, because the
 * huge page under its beginning could not be had any more where small pages are.
 */
#include "haystack/region.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "base/size.h"

#define GRAIN ((size_t)1 << 16)
#define HUGE  ((size_t)2 << 20)

static size_t round_up(size_t bytes, size_t grain)
{
	return (bytes + grain - 1) / grain * grain;
}

static void *map_pages(size_t bytes)
{
	return mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* Move pages to where others, which nobody has touched, are mapped. */
static bool move_pages(void *from, size_t bytes, void *to)
{
	return mremap(from, bytes, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, to) != MAP_FAILED;
}

/* ---- the stock ---- */

void stock_release(struct stock *s)
{
	while (s->count > 0) {
		struct stock_span *span = &s->spans[--s->count];

		(void)munmap(span->base, span->bytes);
	}
}

/* Pages from a multiple of HUGE on, and as many as fill some. */
static void stock_put(struct stock *s, void *base, size_t bytes)
{
	if (s != NULL && s->count < STOCK_SPANS)
		s->spans[s->count++] = (struct stock_span){ base, bytes };
	else
		(void)munmap(base, bytes);
}

/* Move what the stock has, up to so many bytes, to a place that is mapped; zeros are there then. */
static void stock_take(struct stock *s, uint8_t *to, size_t bytes)
{
	while (s != NULL && s->count > 0 && bytes > 0) {
		struct stock_span *span = &s->spans[s->count - 1];
		size_t here = span->bytes < bytes ? span->bytes : bytes;

		span->bytes -= here;
		if (!move_pages((uint8_t *)span->base + span->bytes, here, to)) {
			span->bytes += here;
			return;
		}
		memset(to, 0, here);
		if (span->bytes == 0)
			s->count--;
		to += here;
		bytes -= here;
	}
}

/* ---- regions ---- */

/* Pages from a multiple of HUGE on; bytes is one too. */
static void *map_aligned(size_t bytes)
{
	uint8_t *base = map_pages(bytes + HUGE);
	size_t before;

	if (base == MAP_FAILED)
		return MAP_FAILED;
	before = (HUGE - (uintptr_t)base % HUGE) % HUGE;
	if (before > 0)
		(void)munmap(base, before);
	(void)munmap(base + before + bytes, HUGE - before);
	return base + before;
}

static bool grow_huge(struct region *r, size_t bytes)
{
	uint8_t *base = map_aligned(bytes);
	size_t moved = r->bytes >= HUGE ? r->bytes : 0;

	if (base == MAP_FAILED)
		return false;
	(void)madvise(base, bytes, MADV_HUGEPAGE);
	if (moved > 0 && !move_pages(r->base, moved, base)) {
		(void)munmap(base, bytes);
		return false;
	}
	stock_take(r->stock, base + moved, bytes - moved);
	if (moved == 0 && r->base != NULL) {
		memcpy(base, r->base, r->bytes);
		(void)munmap(r->base, r->bytes);
	}
	r->base = base;
	r->bytes = bytes;
	return true;
}

bool region_reserve(struct region *r, size_t bytes)
{
	size_t want = r->bytes + r->bytes / 2;
	void *base;

	if (bytes <= r->bytes)
		return true;
	if (want < bytes)
		want = bytes;
	if (want > SIZE_MAX / 2)
		return false;
	if (want >= HUGE / 4)
		return grow_huge(r, round_up(want, HUGE));
	want = round_up(want, GRAIN);
	if (r->base == NULL)
		base = map_pages(want);
	else
		base = mremap(r->base, r->bytes, want, MREMAP_MAYMOVE);
	if (base == MAP_FAILED)
		return false;
	r->base = base;
	r->bytes = want;
	return true;
}

void region_release(struct region *r)
{
	if (r->bytes >= HUGE)
		stock_put(r->stock, r->base, r->bytes);
	else if (r->base != NULL)
		(void)munmap(r->base, r->bytes);
	r->base = NULL;
	r->bytes = 0;
}
