/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a key: what is read is written back to the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "contact/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct contact c;
	struct fact f;
	struct key k;

	(void)key_target_len(bytes, len);
	if (key_read_series(bytes, len, &c)) {
		key_of_series(&k, &c);
		if (k.len != len || memcmp(k.bytes, bytes, len) != 0)
			abort();
	}
	if (key_read_fact(bytes, len, &f)) {
		key_of_fact(&k, &f, bytes[0]);
		if (k.len != len || memcmp(k.bytes, bytes, len) != 0)
			abort();
	}
	return 0;
}
