/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sizes that saturate: an overflow becomes SIZE_MAX, which no allocator grants, so that one
 * failed malloc is the only check a caller needs.
 */
#ifndef BASE_SIZE_H
#define BASE_SIZE_H

#include <stddef.h>
#include <stdint.h>

static inline size_t size_add(size_t a, size_t b)
{
	size_t sum;

	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static inline size_t size_mul(size_t a, size_t b)
{
	size_t product;

	return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

#endif
