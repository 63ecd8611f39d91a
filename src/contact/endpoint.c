/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names in wire form (RFC 1035 3.1) and their text (RFC 1035 5.1). The text is written so that
 * it can be read back to the same bytes, and so that no byte of it can steer a terminal.
 */
#include "contact/endpoint.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/swar.h"

#define NAME_LABELS_MAX 127 /* one octet each, in 255 octets with the final empty label */

static inline uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

void endpoint_from_addr(struct endpoint *e, const struct addr *a)
{
	e->form = a->len == 4 ? ENDPOINT_V4 : a->len == 16 ? ENDPOINT_V6 : ENDPOINT_NONE;
	e->len = e->form == ENDPOINT_NONE ? 0 : a->len;
	memcpy(e->bytes, a->bytes, e->len);
}

bool endpoint_from_wire(struct endpoint *e, const uint8_t *wire, size_t len)
{
	size_t at = 0;

	if (len == 0 || len > LIMIT_NAME_BYTES)
		return false;
	while (at < len && wire[at] != 0) {
		if (wire[at] > LIMIT_LABEL_BYTES)
			return false;
		at += 1u + wire[at];
	}
	if (at + 1 != len)
		return false;
	e->form = ENDPOINT_NAME;
	e->len = (uint8_t)len;
	/* a label's length is at most 63 and so below 'A': it stays as it is */
	for (size_t i = 0; i < len; i++)
		e->bytes[i] = lower(wire[i]);
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The octet that the escape after a backslash stands for, and its length. False: no escape. */
static bool read_escape(const char *text, size_t len, uint8_t *ret, size_t *ret_len)
{
	if (len == 0)
		return false;
	if (len >= 3 && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[2])) {
		int value = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');

		*ret = (uint8_t)value;
		*ret_len = 3;
		return value <= UINT8_MAX;
	}
	if (is_digit(text[0]))
		return false;
	if (len >= 3 && text[0] == 'x' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0) {
		*ret = (uint8_t)(hex_value(text[1]) << 4 | hex_value(text[2]));
		*ret_len = 3;
		return true;
	}
	*ret = (uint8_t)text[0];
	*ret_len = 1;
	return true;
}

/* Any name, by octet; the last word on what is one. */
static bool from_escaped_name(struct endpoint *e, const char *text, size_t len)
{
	uint8_t wire[LIMIT_NAME_BYTES + 1];
	size_t start = 0; /* of the label under way: its length octet */
	size_t end = 1;

	if (len == 1 && text[0] == '.')
		len = 0;
	else if (len == 0)
		return false;
	for (size_t at = 0; at < len; at++) {
		uint8_t octet = (uint8_t)text[at];

		if (octet == '.') {
			if (end == start + 1)
				return false;
			wire[start] = (uint8_t)(end - start - 1);
			start = end++;
			continue;
		}
		if (octet == '\\') {
			size_t escape_len;

			if (!read_escape(text + at + 1, len - at - 1, &octet, &escape_len))
				return false;
			at += escape_len;
		}
		/* the final empty label needs one octet more, unless this is still its start */
		if (end - start > LIMIT_LABEL_BYTES || end + 1 >= LIMIT_NAME_BYTES)
			return false;
		wire[end++] = lower(octet);
	}
	if (end > start + 1) {
		wire[start] = (uint8_t)(end - start - 1);
		start = end;
	}
	wire[start] = 0;
	e->form = ENDPOINT_NAME;
	e->len = (uint8_t)(start + 1);
	memcpy(e->bytes, wire, e->len);
	return true;
}

#ifdef __SSE2__
#define STEP_BYTES 16

/* One bit for each of the next bytes that is the one given. */
static inline uint64_t mark_byte(const uint8_t text[static STEP_BYTES], char byte)
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);

	return (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(byte)));
}

static inline void copy_lower(uint8_t to[static STEP_BYTES], const uint8_t text[static STEP_BYTES])
{
	__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)text);
	/* as signed numbers, bytes from 0x80 on are below 'A' */
	__m128i upper = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('A' - 1)),
	    _mm_cmplt_epi8(bytes, _mm_set1_epi8('Z' + 1)));

	bytes = _mm_or_si128(bytes, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
	_mm_storeu_si128((__m128i *)(void *)to, bytes);
}
#else
#define STEP_BYTES SWAR_BYTES

static inline uint64_t mark_byte(const uint8_t text[static STEP_BYTES], char byte)
{
	return swar_bits(swar_zeros(swar_load(text) ^ swar_fill((uint8_t)byte)));
}

static inline void copy_lower(uint8_t to[static STEP_BYTES], const uint8_t text[static STEP_BYTES])
{
	swar_store(to, swar_lower(swar_load(text)));
}
#endif

#define SHORT_NAME_MAX 62 /* no label of it can be too long, and a bit a byte fits a word */

/*
 * A plain name, see below, of a length that nearly all have, in steps of which the last overlaps
 * the one before, to no harm. False, *e untouched: it is not plain, or has an empty label.
 */
static bool from_short_name(struct endpoint *e, const uint8_t *text, size_t len)
{
	const size_t last = len - STEP_BYTES;
	uint64_t dots = mark_byte(&text[last], '.') << last;
	uint64_t escapes = mark_byte(&text[last], '\\');
	size_t length_at = 0; /* of the label under way */

	for (size_t at = 0; at < last; at += STEP_BYTES) {
		dots |= mark_byte(&text[at], '.') << at;
		escapes |= mark_byte(&text[at], '\\');
	}
	if (escapes != 0 || (dots & 1) != 0 || (dots & dots >> 1) != 0 || dots >> (len - 1) != 0)
		return false;
	/* the wire form is the text one octet on, with the length of the next label for each dot */
	for (size_t at = 0; at < last; at += STEP_BYTES)
		copy_lower(&e->bytes[at + 1], &text[at]);
	copy_lower(&e->bytes[last + 1], &text[last]);
	for (; dots != 0; dots &= dots - 1) {
		size_t dot_at = (size_t)__builtin_ctzll(dots) + 1;

		e->bytes[length_at] = (uint8_t)(dot_at - length_at - 1);
		length_at = dot_at;
	}
	e->bytes[length_at] = (uint8_t)(len - length_at);
	e->bytes[len + 1] = 0;
	e->form = ENDPOINT_NAME;
	e->len = (uint8_t)(len + 2);
	return true;
}

/* The label between two dots of a text is neither empty nor too long. */
static inline bool fits_label(size_t start, size_t end)
{
	return end - start - 1 < LIMIT_LABEL_BYTES;
}

/* Labels without escapes, sound in length: nearly all names. */
static bool is_plain_name(const uint8_t *text, size_t len)
{
	size_t start = 0;
	size_t at = 0;

	if (len > LIMIT_NAME_BYTES - 2)
		return false;
	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		uint64_t word = swar_load(&text[at]);
		uint64_t dots = swar_zeros(word ^ swar_fill('.'));

		if (swar_zeros(word ^ swar_fill('\\')) != 0)
			return false;
		for (; dots != 0; dots &= dots - 1) {
			size_t dot = at + swar_first(dots);

			if (!fits_label(start, dot))
				return false;
			start = dot + 1;
		}
	}
	for (; at < len; at++) {
		if (text[at] == '\\' || (text[at] == '.' && !fits_label(start, at)))
			return false;
		if (text[at] == '.')
			start = at + 1;
	}
	return fits_label(start, len);
}

/* The wire form is the text one octet on, with the length of the next label for each dot. */
static void set_plain_name(struct endpoint *e, const uint8_t *text, size_t len)
{
	size_t length_at = 0; /* of the label under way */
	size_t at = 0;

	for (; len - at >= SWAR_BYTES; at += SWAR_BYTES) {
		uint64_t word = swar_load(&text[at]);
		uint64_t dots = swar_zeros(word ^ swar_fill('.'));

		swar_store(&e->bytes[at + 1], swar_lower(word));
		for (; dots != 0; dots &= dots - 1) {
			size_t dot = at + 1 + swar_first(dots);

			e->bytes[length_at] = (uint8_t)(dot - length_at - 1);
			length_at = dot;
		}
	}
	for (; at < len; at++) {
		e->bytes[at + 1] = lower(text[at]);
		if (text[at] != '.')
			continue;
		e->bytes[length_at] = (uint8_t)(at - length_at);
		length_at = at + 1;
	}
	e->bytes[length_at] = (uint8_t)(len - length_at);
	e->bytes[len + 1] = 0;
	e->form = ENDPOINT_NAME;
	e->len = (uint8_t)(len + 2);
}

bool endpoint_from_name(struct endpoint *e, const char *text, size_t len)
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t plain_len = len - (len > 1 && text[len - 1] == '.');

	if (plain_len >= STEP_BYTES && plain_len <= SHORT_NAME_MAX &&
	    from_short_name(e, bytes, plain_len))
		return true;
	if (!is_plain_name(bytes, plain_len))
		return from_escaped_name(e, text, len);
	set_plain_name(e, bytes, plain_len);
	return true;
}

bool endpoint_parse(struct endpoint *e, const char *text, size_t len)
{
	struct addr a;

	if (!addr_parse(text, len, &a))
		return endpoint_from_name(e, text, len);
	endpoint_from_addr(e, &a);
	return true;
}

static size_t format_octet(uint8_t octet, char *text)
{
	if (octet > 0x20 && octet < 0x7f && octet != '\\' && octet != '.') {
		text[0] = (char)octet;
		return 1;
	}
	text[0] = '\\';
	if (octet == '.') {
		text[1] = '.';
		return 2;
	}
	text[1] = (char)('0' + octet / 100);
	text[2] = (char)('0' + octet / 10 % 10);
	text[3] = (char)('0' + octet % 10);
	return 4;
}

static size_t format_name(const struct endpoint *e, char *text)
{
	size_t out = 0;
	size_t at = 0;

	if (e->len <= 1)
		text[out++] = '.';
	while (at < e->len && e->bytes[at] != 0) {
		size_t end = at + 1u + e->bytes[at];

		if (at > 0)
			text[out++] = '.';
		for (at++; at < end && at < e->len; at++)
			out += format_octet(e->bytes[at], text + out);
	}
	text[out] = '\0';
	return out;
}

size_t endpoint_format(const struct endpoint *e, char text[static ENDPOINT_TEXT_MAX])
{
	struct addr a = { .len = 0 };

	if (e->form == ENDPOINT_NAME)
		return format_name(e, text);
	if (e->form != ENDPOINT_NONE) {
		a.len = e->len == 4 ? 4 : 16;
		memcpy(a.bytes, e->bytes, a.len);
	}
	return addr_format(&a, text);
}

/* Offsets of the labels' length octets, the root's left out. */
static size_t find_labels(const struct endpoint *e, uint8_t at[static NAME_LABELS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < e->len && e->bytes[i] != 0 && count < NAME_LABELS_MAX;
	     i += 1u + e->bytes[i])
		at[count++] = (uint8_t)i;
	return count;
}

static int compare_octets(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len)
{
	int order = memcmp(a, b, a_len < b_len ? a_len : b_len);

	if (order != 0)
		return order;
	return (a_len > b_len) - (a_len < b_len);
}

int endpoint_cmp(const struct endpoint *a, const struct endpoint *b)
{
	uint8_t a_labels[NAME_LABELS_MAX];
	uint8_t b_labels[NAME_LABELS_MAX];
	size_t a_left;
	size_t b_left;

	if (a->form != b->form)
		return a->form < b->form ? -1 : 1;
	if (a->form == ENDPOINT_NONE) /* whose other members say nothing */
		return 0;
	if (a->form != ENDPOINT_NAME)
		return memcmp(a->bytes, b->bytes, a->len);
	a_left = find_labels(a, a_labels);
	b_left = find_labels(b, b_labels);
	while (a_left > 0 && b_left > 0) {
		const uint8_t *x = a->bytes + a_labels[--a_left];
		const uint8_t *y = b->bytes + b_labels[--b_left];
		int order = compare_octets(x + 1, x[0], y + 1, y[0]);

		if (order != 0)
			return order;
	}
	return (a_left > 0) - (b_left > 0);
}
