/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/style.h"

#include "base/cursor.h"

static void put_sgr(struct buf *out, const struct report_style *s, const char *code)
{
	if (s->color)
		buf_printf(out, "\x1b[%sm", code);
}

void style_strong(struct buf *out, const struct report_style *s)
{
	put_sgr(out, s, "1");
}

void style_dim(struct buf *out, const struct report_style *s)
{
	put_sgr(out, s, "2");
}

void style_plain(struct buf *out, const struct report_style *s)
{
	put_sgr(out, s, "0");
}

void style_paragraph(struct buf *out, const struct report_style *s, struct buf *words)
{
	struct cursor c = cursor_of(words->bytes, words->len);
	size_t at = 0;

	if (!buf_ok(words))
		out->failed = true;
	while (cursor_left(&c) > 0) {
		size_t len;
		const uint8_t *word = cursor_until(&c, ' ', &len);

		if (len == 0)
			continue;
		if (at > 0 && at + 1 + len > s->columns) {
			buf_u8(out, '\n');
			at = 0;
		}
		if (at > 0)
			buf_u8(out, ' ');
		buf_put(out, word, len);
		at += len + (at > 0);
	}
	if (at > 0)
		buf_u8(out, '\n');
	buf_clear(words);
}
