/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as a manifest. The digest at its end is made right, so that more than it is read. */
#include <stdlib.h>
#include <string.h>

#include "haystack/manifest.h"

static void read_text(const uint8_t *text, size_t len)
{
	struct manifest m;
	struct buf out;

	if (!manifest_read(text, len, "fuzz", &m, NULL))
		return;
	buf_init(&out, SIZE_MAX);
	if (!manifest_write(&m, &out, NULL))
		abort();
	manifest_release(&m);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct digester *d;
	struct digest digest;
	char hex[DIGEST_TEXT_MAX];
	struct buf text;

	read_text(bytes, len);
	if (!digester_new(&d, NULL))
		return 0;
	digester_add(d, bytes, len);
	if (digester_peek(d, &digest, NULL)) {
		digest_format(&digest, hex);
		buf_init(&text, SIZE_MAX);
		buf_put(&text, bytes, len);
		buf_printf(&text, "digest %s\n", hex);
		read_text(text.bytes, text.len);
		buf_release(&text);
	}
	digester_free(d);
	return 0;
}
