/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row of a Zeek log has two dozen columns of a few bytes, so that a memchr() for each costs
 * more than it saves: one pass over the line gathers a bit for every separator of 64 bytes, and
 * the bits are then turned into places, with one branch that goes wrong for each 64 bytes.
 */
#include "wire/columns.h"

#include <assert.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/swar.h"

#define BLOCK_BYTES 64

/* One bit for each separator of a whole block. */
static inline uint64_t mark_block(const uint8_t block[static BLOCK_BYTES], uint8_t separator)
{
	uint64_t marks = 0;

#ifdef __SSE2__
	__m128i fill = _mm_set1_epi8((char)separator);

	for (unsigned i = 0; i < BLOCK_BYTES; i += sizeof(fill)) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)&block[i]);
		int equal = _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, fill));

		marks |= (uint64_t)(unsigned)equal << i;
	}
#else
	for (unsigned i = 0; i < BLOCK_BYTES; i += SWAR_BYTES)
		marks |= swar_bits(swar_zeros(swar_load(&block[i]) ^ swar_fill(separator))) << i;
#endif
	return marks;
}

/* The same of fewer bytes: steps of one width, of which the last overlaps the one before. */
static inline uint64_t mark_rest(const uint8_t *rest, size_t len, uint8_t separator)
{
	const uint64_t fill = swar_fill(separator);
	uint64_t marks = 0;
	size_t i = 0;

	if (len < SWAR_BYTES) {
		for (; i < len; i++)
			marks |= (uint64_t)(rest[i] == separator) << i;
		return marks;
	}
	for (; len - i > SWAR_BYTES; i += SWAR_BYTES)
		marks |= swar_bits(swar_zeros(swar_load(&rest[i]) ^ fill)) << i;
	i = len - SWAR_BYTES;
	return marks | swar_bits(swar_zeros(swar_load(&rest[i]) ^ fill)) << i;
}

size_t columns_split(const uint8_t *line, size_t len, uint8_t separator, uint32_t *ends, size_t max)
{
	size_t count = 0;

	assert(len <= UINT32_MAX);
	for (size_t at = 0; at < len; at += BLOCK_BYTES) {
		uint64_t marks = len - at >= BLOCK_BYTES
				     ? mark_block(&line[at], separator)
				     : mark_rest(&line[at], len - at, separator);

		for (; marks != 0; marks &= marks - 1, count++)
			if (count < max)
				ends[count] = (uint32_t)(at + (unsigned)__builtin_ctzll(marks));
	}
	if (count < max)
		ends[count] = (uint32_t)len;
	return count + 1;
}
