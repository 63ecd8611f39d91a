/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define FIRST_CAPACITY 256

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_release(struct buf *b)
{
	free(b->bytes);
	buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->failed = false;
}

bool buf_grow(struct buf *b, size_t n)
{
	size_t want = size_add(b->len, n);
	size_t capacity = b->capacity == 0 ? FIRST_CAPACITY : b->capacity;
	uint8_t *bytes;

	if (b->failed || want > b->max) {
		b->failed = true;
		return false;
	}
	while (capacity < want)
		capacity = size_mul(capacity, 2);
	if (capacity > b->max)
		capacity = b->max;
	bytes = realloc(b->bytes, capacity);
	if (bytes == NULL) {
		b->failed = true;
		return false;
	}
	b->bytes = bytes;
	b->capacity = capacity;
	return true;
}

void buf_put(struct buf *b, const void *bytes, size_t len)
{
	if (len == 0 || !buf_reserve(b, len))
		return;
	memcpy(b->bytes + b->len, bytes, len);
	b->len += len;
}

void buf_be16(struct buf *b, uint16_t value)
{
	const uint8_t bytes[] = { (uint8_t)(value >> 8), (uint8_t)value };

	buf_put(b, bytes, sizeof(bytes));
}

void buf_be32(struct buf *b, uint32_t value)
{
	buf_be16(b, (uint16_t)(value >> 16));
	buf_be16(b, (uint16_t)value);
}

void buf_varint_long(struct buf *b, uint64_t value)
{
	uint8_t *to;

	if (!buf_reserve(b, VARINT_MAX))
		return;
	to = b->bytes + b->len;
	b->len += (size_t)(varint_write(to, value) - to);
}

void buf_zigzag(struct buf *b, int64_t value)
{
	buf_varint(b, zigzag_of(value));
}

void buf_text(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	/* vsnprintf writes a NUL behind the text: room for it, but it is not counted */
	if (len < 0 || !buf_reserve(b, (size_t)len + 1)) {
		b->failed = true;
		return;
	}
	va_start(args, fmt);
	(void)vsnprintf((char *)b->bytes + b->len, (size_t)len + 1, fmt, args);
	va_end(args);
	b->len += (size_t)len;
}
