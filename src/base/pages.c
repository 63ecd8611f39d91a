/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pages.h"

#include <sys/mman.h>

void *pages_new(size_t bytes)
{
	void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return pages == MAP_FAILED ? NULL : pages;
}

void pages_free(void *pages, size_t bytes)
{
	if (pages != NULL)
		(void)munmap(pages, bytes);
}
