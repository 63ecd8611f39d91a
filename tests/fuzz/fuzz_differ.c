/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two reports, the first up to a zero byte: read in step, in each form. What is said of them is
 * nothing if and only if they are the same, and shows nothing that could steer a terminal.
 */
#include <stdlib.h>
#include <string.h>

#include "report/differ.h"

#define BYTES_MAX (1u << 20)

static void compare(const uint8_t *file, size_t file_len, const uint8_t *made, size_t made_len)
{
	struct buf a, b, out;
	bool same;

	buf_init(&a, BYTES_MAX);
	buf_init(&b, BYTES_MAX);
	buf_init(&out, BYTES_MAX);
	if (file_len > 0)
		buf_put(&a, file, file_len);
	if (made_len > 0)
		buf_put(&b, made, made_len);
	same = differ_say(&out, &a, &b);
	if (same !=
		(file_len == made_len && (file_len == 0 || memcmp(file, made, made_len) == 0)) ||
	    same != (out.len == 0) || (out.len > 0 && memchr(out.bytes, '\x1b', out.len) != NULL))
		abort();
	buf_release(&a);
	buf_release(&b);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const uint8_t *zero = len == 0 ? NULL : memchr(bytes, '\0', len);
	size_t first = zero == NULL ? len : (size_t)(zero - bytes);
	size_t second = zero == NULL ? 0 : len - first - 1;

	if (len > 4096)
		return 0;
	compare(bytes, first, zero == NULL ? NULL : zero + 1, second);
	compare(zero == NULL ? NULL : zero + 1, second, bytes, first);
	return 0;
}
