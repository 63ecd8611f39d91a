/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The scalars of a JSON line in the shape that they nearly always have, for inner loops: strings
 * of ASCII without escapes, numbers without exponent, words. Each says where it ends, or 0: the
 * value has another shape, good or bad, or stands too near the end of the line.
 */
#ifndef WIRE_JSON_SCAN_H
#define WIRE_JSON_SCAN_H

#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/swar.h"

#ifdef __SSE2__
#define JSON_STEP_BYTES 16

/* Which of the next bytes end a plain run: a bit each, the first in the lowest place. */
static inline unsigned json_mark_special(const uint8_t bytes[static JSON_STEP_BYTES])
{
	__m128i word = _mm_loadu_si128((const __m128i *)(const void *)bytes);
	/* as signed numbers, bytes from 0x80 on are below 0x20 too */
	__m128i low = _mm_cmplt_epi8(word, _mm_set1_epi8(0x20));
	__m128i quote = _mm_cmpeq_epi8(word, _mm_set1_epi8('"'));
	__m128i escape = _mm_cmpeq_epi8(word, _mm_set1_epi8('\\'));

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low, _mm_or_si128(quote, escape)));
}
#else
#define JSON_STEP_BYTES SWAR_BYTES

static inline unsigned json_mark_special(const uint8_t bytes[static JSON_STEP_BYTES])
{
	uint64_t word = swar_load(bytes);
	/*
	 * Differences of bytes below 0x80: the top bit says "borrowed". A borrow can only
	 * disturb bytes behind one that is itself marked, and the first one counts.
	 */
	uint64_t mask =
	    (((word ^ swar_fill('"')) - swar_fill(1)) | ((word ^ swar_fill('\\')) - swar_fill(1)) |
		(word - swar_fill(0x20)) | word) &
	    SWAR_TOPS;

	return (unsigned)swar_bits(mask);
}
#endif

/* Of a string whose opening quote is at: its closing quote. */
static inline size_t json_scan_string(const uint8_t *line, size_t at, size_t len)
{
	unsigned marks = 0;

	for (at++; len - at >= JSON_STEP_BYTES; at += JSON_STEP_BYTES) {
		marks = json_mark_special(&line[at]);
		if (marks != 0)
			break;
	}
	/* what is left is looked at with what is before it, whose marks are dropped */
	if (marks == 0 && at < len && len >= JSON_STEP_BYTES)
		marks = json_mark_special(&line[len - JSON_STEP_BYTES]) >>
			(JSON_STEP_BYTES - (len - at));
	if (marks == 0)
		return 0;
	at += (unsigned)__builtin_ctz(marks);
	return line[at] == '"' ? at : 0;
}

/* Digits from at on: behind the last. At least one. */
static inline size_t json_scan_digits(const uint8_t *line, size_t at, size_t len)
{
	size_t start = at;
	uint64_t others = 0;

	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		others = swar_nondigits(swar_load(&line[at]));
		if (others != 0)
			break;
	}
	if (others == 0 && at < len && len >= SWAR_BYTES)
		others = swar_nondigits(swar_load(&line[len - SWAR_BYTES])) >>
			 8 * (SWAR_BYTES - (len - at));
	if (others == 0)
		return 0;
	at += swar_first(others);
	return at > start ? at : 0;
}

/* Behind a number, which begins at. */
static inline size_t json_scan_number(const uint8_t *line, size_t at, size_t len)
{
	size_t start = at;

	at = json_scan_digits(line, at, len);
	/* no zero before other digits */
	if (at == 0 || (line[start] == '0' && at > start + 1))
		return 0;
	if (line[at] == '.')
		at = json_scan_digits(line, at + 1, len);
	return at != 0 && (line[at] | 0x20) != 'e' ? at : 0;
}

#endif
