/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a block of a segment: walked, and searched for the key at its front. */
#include <stdlib.h>
#include <string.h>

#include "haystack/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	size_t key_len = len == 0 ? 0 : 1 + bytes[0] % 8;
	struct block_iter it;
	struct cursor block = cursor_of(bytes, len);

	if (key_len > len)
		return 0;
	cursor_skip(&block, key_len);
	block = cursor_sub(&block, len - key_len);
	block_iter_init(&it, block);
	while (block_iter_next(&it))
		if (it.key.len > KEY_MAX)
			abort();
	block_iter_init(&it, block);
	if (block_iter_seek(&it, bytes, key_len) &&
	    block_key_cmp(it.key.bytes, it.key.len, bytes, key_len) < 0)
		abort();
	return 0;
}
