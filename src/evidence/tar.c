/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A header is a block:
 *
 *	124  12  size of the file in octal digits
 *	148   8  checksum: the sum of all bytes, with spaces here
 *	156   1  '0' or NUL: a regular file
 *	257   5  "ustar"
 *
 * Blocks of zeros end an archive; archives put one behind the other go on after them.
 */
#include "evidence/tar.h"

#include <string.h>

#include "base/cursor.h"

#define AT_SIZE  124
#define AT_SUM   148
#define AT_TYPE  156
#define AT_MAGIC 257
#define STEP     65536 /* bytes that are stepped over at a time */

/* Octal digits, which spaces may stand before and a space or NUL behind. */
static bool read_octal(struct cursor c, uint64_t *ret)
{
	uint64_t value = 0;
	bool any = false;

	while (cursor_left(&c) > 0) {
		const uint8_t byte = cursor_u8(&c);

		if (byte >= '0' && byte <= '7') {
			value = value << 3 | (uint64_t)(byte - '0');
			any = true;
		} else if (any || byte != ' ') {
			break;
		}
	}
	*ret = value;
	return any;
}

static uint64_t sum_of(const uint8_t *block)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : block[i];
	return sum;
}

/* What a header says of what follows it. False: it is no header. */
static bool read_header(const uint8_t *block, uint64_t *ret_size, bool *ret_regular)
{
	struct cursor c = cursor_of(block, TAR_BLOCK_BYTES);
	struct cursor size, sum_text;
	uint64_t sum;

	cursor_skip(&c, AT_SIZE);
	size = cursor_sub(&c, 12);
	cursor_skip(&c, AT_SUM - AT_SIZE - 12);
	sum_text = cursor_sub(&c, 8);
	*ret_regular = block[AT_TYPE] == '0' || block[AT_TYPE] == '\0';
	/* sizes beyond octal are of files of 8 GiB and more */
	return memcmp(&block[AT_MAGIC], "ustar", 5) == 0 && read_octal(size, ret_size) &&
	       read_octal(sum_text, &sum) && sum == sum_of(block);
}

bool tar_is_header(const uint8_t *block)
{
	uint64_t size;
	bool regular;

	return read_header(block, &size, &regular) && regular && size > 0;
}

/* False in *ret_there: the archive ends before that. */
static bool step_over(struct tar *t, uint64_t bytes, bool *ret_there, struct err *reterr)
{
	*ret_there = true;
	while (bytes > 0) {
		const size_t want = bytes < STEP ? (size_t)bytes : STEP;
		const uint8_t *at;
		size_t len;

		if (!stream_peek(t->stream, want, &at, &len, reterr))
			return false;
		if (len > want)
			len = want;
		if (len == 0) {
			*ret_there = false;
			return true;
		}
		stream_consume(t->stream, len);
		bytes -= len;
	}
	return true;
}

static bool is_zero(const uint8_t *block)
{
	return block[0] == 0 && memcmp(block, block + 1, TAR_BLOCK_BYTES - 1) == 0;
}

enum next tar_entry(struct tar *t, struct err *reterr)
{
	for (;;) {
		const uint8_t *block;
		uint64_t size;
		bool regular, there;
		size_t len;

		if (!step_over(t, t->left, &there, reterr) ||
		    (there && !step_over(t, t->pad, &there, reterr)))
			return NEXT_FAILED;
		t->left = t->pad = 0;
		if (!there)
			return NEXT_END;
		if (!stream_peek(t->stream, TAR_BLOCK_BYTES, &block, &len, reterr))
			return NEXT_FAILED;
		if (len == 0)
			return NEXT_END;
		if (len < TAR_BLOCK_BYTES)
			return NEXT_SKIPPED;
		if (is_zero(block)) {
			stream_consume(t->stream, TAR_BLOCK_BYTES);
			continue;
		}
		if (!read_header(block, &size, &regular))
			return NEXT_SKIPPED;
		stream_consume(t->stream, TAR_BLOCK_BYTES);
		t->left = size;
		t->pad = (TAR_BLOCK_BYTES - size % TAR_BLOCK_BYTES) % TAR_BLOCK_BYTES;
		if (regular && size > 0)
			return NEXT_ITEM;
	}
}

/* What is left of a line that is longer than was asked for. */
static bool step_over_line(struct tar *t, struct err *reterr)
{
	const uint8_t *bytes, *end = NULL;
	size_t len;

	while (end == NULL && t->left > 0) {
		if (!stream_peek(t->stream, 1, &bytes, &len, reterr))
			return false;
		if (len == 0)
			return true;
		if (len > t->left)
			len = (size_t)t->left;
		end = memchr(bytes, '\n', len);
		if (end != NULL)
			len = (size_t)(end - bytes) + 1;
		stream_consume(t->stream, len);
		t->left -= len;
	}
	return true;
}

/* The line stays where it is in the window, until the next call. */
bool tar_line(struct tar *t, size_t max, struct stream_line *ret, struct err *reterr)
{
	const uint8_t *bytes, *end;
	size_t len, want;

	if (t->is_cut && !step_over_line(t, reterr))
		return false;
	t->is_cut = false;
	*ret = (struct stream_line){ .offset = stream_offset(t->stream) };
	want = t->left < max + 1 ? (size_t)t->left : max + 1;
	if (want == 0)
		return true;
	if (!stream_peek(t->stream, want, &bytes, &len, reterr))
		return false;
	if (len > want)
		len = want;
	if (len == 0)
		return true;
	end = memchr(bytes, '\n', len);
	ret->bytes = bytes;
	ret->ended = end != NULL;
	ret->len = end == NULL ? len : (size_t)(end - bytes);
	ret->cut = ret->len > max;
	stream_consume(t->stream, ret->len + ret->ended);
	t->left -= ret->len + ret->ended;
	t->is_cut = ret->cut && !ret->ended;
	if (ret->cut)
		ret->len = max;
	else if (ret->ended && ret->len > 0 && bytes[ret->len - 1] == '\r')
		ret->len--;
	return true;
}
