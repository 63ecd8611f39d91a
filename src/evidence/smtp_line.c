/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines end with LF; a CR before it is no part of them. */
#include "evidence/smtp_line.h"

#include <string.h>
#include <strings.h>

const uint8_t *smtp_line_piece(struct cursor *bytes, uint64_t max, size_t *ret_len)
{
	const size_t left = cursor_left(bytes) < max ? cursor_left(bytes) : (size_t)max;
	const uint8_t *at = cursor_peek(bytes, left);
	const uint8_t *end = memchr(at, '\n', left);

	*ret_len = end == NULL ? left : (size_t)(end - at) + 1;
	return cursor_take(bytes, *ret_len);
}

void smtp_line_add(struct smtp_line *l, const uint8_t *bytes, size_t len)
{
	const size_t room = sizeof(l->bytes) - l->len;
	const size_t taken = len < room ? len : room;

	memcpy(l->bytes + l->len, bytes, taken);
	l->len = (uint16_t)(l->len + taken);
	l->is_long = l->is_long || taken < len;
}

bool smtp_line_collect(struct smtp_line *l, const uint8_t *piece, size_t len)
{
	if (piece[len - 1] != '\n') {
		smtp_line_add(l, piece, len);
		return false;
	}
	smtp_line_add(l, piece, len - 1);
	if (!l->is_long && l->len > 0 && l->bytes[l->len - 1] == '\r')
		l->len--;
	return true;
}

const uint8_t *smtp_line_word(const struct smtp_line *l, size_t *at, size_t *ret_len)
{
	size_t begin = *at;

	while (begin < l->len && l->bytes[begin] == ' ')
		begin++;
	*at = begin;
	while (*at < l->len && l->bytes[*at] != ' ')
		(*at)++;
	*ret_len = *at - begin;
	return l->bytes + begin;
}

bool smtp_line_is(const uint8_t *text, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp((const char *)text, word, len) == 0;
}

void smtp_line_wipe(struct smtp_line *l)
{
	explicit_bzero(l->bytes, l->len);
	l->len = 0;
	l->is_long = false;
}
