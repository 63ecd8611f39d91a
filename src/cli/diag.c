/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/diag.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "report/unicode.h"

#define MESSAGE_MAX 2048

size_t diag_escape(const char *text, char *ret, size_t size)
{
	struct cursor c = cursor_of(text, strlen(text));
	size_t out = 0;

	while (cursor_left(&c) > 0) {
		const size_t from = c.pos;
		const uint32_t code = unicode_next(&c);
		const bool plain = code != UNICODE_REPLACEMENT && !unicode_is_hidden(code);
		const size_t len = c.pos - from;

		if (out + (plain ? len : 4 * len) >= size)
			break;
		for (size_t i = from; i < c.pos; i++) {
			if (plain)
				ret[out++] = text[i];
			else
				out +=
				    (size_t)sprintf(ret + out, "\\x%02x", (unsigned char)text[i]);
		}
	}
	ret[out] = '\0';
	return out;
}

static void say(const char *text, uint64_t offset)
{
	char escaped[MESSAGE_MAX];

	(void)diag_escape(text, escaped, sizeof(escaped));
	/* one call, so that lines of several processes do not mix; with nowhere to say it, silence
	 */
	if (offset == ERR_NO_OFFSET)
		(void)fprintf(stderr, "lodestone: %s\n", escaped);
	else
		(void)fprintf(stderr, "lodestone: %s (at byte %" PRIu64 ")\n", escaped, offset);
}

void diag_say(const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	say(text, ERR_NO_OFFSET);
}

void diag_err(const struct err *e)
{
	say(e->text, e->offset);
}
