/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for big tables of which little is used: zeros, and a page of it costs nothing before it is
 * touched. malloc() promises neither, and fills what it gives where it is asked to look for faults.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include <stddef.h>

#include "base/attr.h"

/* NULL: the system has no more. For pages_free(), with the same number of bytes. */
void *pages_new(size_t bytes) MUST_USE;

/* NULL is no-op. */
void pages_free(void *pages, size_t bytes);

#endif
