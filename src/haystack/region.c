/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "haystack/region.h"

#include <stdint.h>
#include <sys/mman.h>

#include "base/size.h"

#define GRAIN ((size_t)1 << 16)
#define HUGE  ((size_t)2 << 20)

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
	want = (want + GRAIN - 1) / GRAIN * GRAIN;
	if (r->base == NULL)
		base = mmap(NULL, want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	else
		base = mremap(r->base, r->bytes, want, MREMAP_MAYMOVE);
	if (base == MAP_FAILED)
		return false;
	if (want >= HUGE)
		(void)madvise(base, want, MADV_HUGEPAGE);
	r->base = base;
	r->bytes = want;
	return true;
}

void region_release(struct region *r)
{
	if (r->base != NULL)
		(void)munmap(r->base, r->bytes);
	r->base = NULL;
	r->bytes = 0;
}
