/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire/cbor against libcbor: item by item both see the same kinds, numbers and lengths. And
 * cbor_skip() steps over just what a walk in recursion over libcbor's items takes for one.
 * The differences that are allowed:
 *   - simple values other than false, true, null and undefined, and the tags 6 to 20, which were
 *     not assigned when it was written: libcbor refuses them;
 *   - a kind that is refused where bytes are missing as well: either may be said first.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "cbor_oracle.h"
#include "wire/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define DEPTH_MAX 64 /* of the walk: deeper is no difference worth the stack */

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool is_beyond_oracle(uint8_t first)
{
	return (first >= 0xe0 && first <= 0xf8 && (first < 0xf4 || first > 0xf7)) ||
	       (first >= 0xc6 && first <= 0xd4);
}

static void compare_head(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct cbor_oracle_head want = { .major = 0 };
	enum cbor_oracle_status status;
	struct cbor_head got;
	bool is_string;

	if (len == 0 || is_beyond_oracle(bytes[0]))
		return;
	status = cbor_oracle_head(bytes, len, &want);
	if (!cbor_head_read(&c, &got))
		got = (struct cbor_head){ .major = CBOR_SIMPLE };
	is_string = got.major == CBOR_BYTES || got.major == CBOR_TEXT;
	if (c.err == NULL && is_string && !got.is_open)
		cursor_skip(&c, got.value > SIZE_MAX ? SIZE_MAX : (size_t)got.value);
	must((status == CBOR_ORACLE_ITEM) == (c.err == NULL));
	if (c.err != NULL)
		return;
	must(got.major == want.major && got.is_open == want.is_open);
	must(got.is_break == want.is_break && c.pos == want.bytes);
	must(got.major == CBOR_SIMPLE || got.value == want.value);
}

enum walk {
	WALK_WHOLE,
	WALK_BREAK, /* no item, but the end of one that is open */
	WALK_NONE,
	WALK_EXCUSED,
};

static enum walk walk(const uint8_t *bytes, size_t len, size_t *at, unsigned depth);

static enum walk walk_inside(
    const uint8_t *bytes, size_t len, size_t *at, unsigned depth, const struct cbor_oracle_head *h)
{
	const bool is_map = h->major == CBOR_MAP;
	enum walk w = WALK_WHOLE;

	for (uint64_t i = 0; h->is_open || i < h->value * (is_map ? 2 : 1); i++) {
		const uint8_t kind = *at < len ? bytes[*at] >> 5 : 0;

		w = walk(bytes, len, at, depth + 1);
		if (w == WALK_BREAK && h->is_open && !(is_map && i % 2 == 1))
			return WALK_WHOLE;
		if (w != WALK_WHOLE)
			return w == WALK_EXCUSED ? w : WALK_NONE;
		if (h->major <= CBOR_TEXT && (kind != h->major || bytes[*at - 1] == 0xff))
			return WALK_EXCUSED; /* pieces of a string: left to the unit test */
	}
	return WALK_WHOLE;
}

static enum walk walk(const uint8_t *bytes, size_t len, size_t *at, unsigned depth)
{
	struct cbor_oracle_head h = { .major = 0 };
	enum walk w;

	if (depth > DEPTH_MAX || (*at < len && is_beyond_oracle(bytes[*at])))
		return WALK_EXCUSED;
	if (*at >= len || cbor_oracle_head(bytes + *at, len - *at, &h) != CBOR_ORACLE_ITEM)
		return WALK_NONE;
	*at += h.bytes;
	if (h.is_break)
		return WALK_BREAK;
	if (h.major == CBOR_TAG) {
		w = walk(bytes, len, at, depth);
		return w == WALK_BREAK ? WALK_NONE : w;
	}
	if (h.major == CBOR_MAP && h.value > UINT64_MAX / 2)
		return WALK_NONE;
	if (h.is_open || h.major == CBOR_ARRAY || h.major == CBOR_MAP)
		return walk_inside(bytes, len, at, depth, &h);
	return WALK_WHOLE;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	size_t at = 0;
	enum walk w;

	for (size_t i = 0; i < len; i++)
		compare_head(bytes + i, len - i);
	cbor_skip(&c);
	w = walk(bytes, len, &at, 0);
	if (w == WALK_EXCUSED || (c.err != NULL && strcmp(c.err, "CBOR nested too deeply") == 0))
		return 0;
	must((w == WALK_WHOLE) == (c.err == NULL));
	must(c.err != NULL || at == c.pos);
	return 0;
}
