/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a name: what the printers make of them must be JSON, markup and text of one line. */
#include <stdlib.h>
#include <string.h>

#include "report/markup.h"
#include "report/printer.h"
#include "report/visible.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(const struct buf *b, const char *never)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->bytes[i] < 0x20 || b->bytes[i] == 0x7f ||
		    (b->bytes[i] < 0x80 && strchr(never, b->bytes[i]) != NULL))
			abort();
}

/* Between the outer quotes every quote has a backslash before it, and no backslash is alone. */
static void check_json(const struct buf *b)
{
	if (b->len < 2 || b->bytes[0] != '"' || b->bytes[b->len - 1] != '"')
		abort();
	for (size_t i = 1; i + 1 < b->len; i++) {
		if (b->bytes[i] == '"')
			abort();
		if (b->bytes[i] == '\\' &&
		    (++i + 1 >= b->len || strchr("\"\\nu", b->bytes[i]) == NULL))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct printer p;
	struct markup m;
	struct buf b;
	size_t width;

	buf_init(&b, 1 << 26);
	printer_init(&p, &b);
	printer_string_len(&p, bytes, len);
	check(&b, "");
	check_json(&b);
	buf_clear(&b);
	markup_init(&m, &b);
	markup_text_len(&m, bytes, len);
	check(&b, "<>\"'");
	buf_clear(&b);
	width = len > 0 ? bytes[0] % 64 + 5u : 5;
	visible_elide(&b, bytes, len, len % 2, width);
	check(&b, "");
	if (visible_width(b.bytes, b.len, false) > width)
		abort();
	buf_release(&b);
	return 0;
}
