/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys are made so that memcmp() sorts them as people read a zone: by label from the root. The
 * escape keeps that order: 0x00 ends a label and sorts below every octet inside one, and the
 * pairs 0x01 0x01 and 0x01 0x02 sort as the octets 0x00 and 0x01 that they stand for.
 */
#include "contact/key.h"

#include <string.h>

#include "base/attr.h"
#include "base/swar.h"

#define FORM_NONE 0x00
#define FORM_NAME 0x01
#define FORM_V4   0x04
#define FORM_V6   0x06

#define LABEL_END    0x00
#define LABEL_ESCAPE 0x01

#define SHORT_LABEL 16

/* All that follows writes to a place with room, and returns what is behind. */

static uint8_t *put_be16(uint8_t *to, uint16_t value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
	return to + 2;
}

static uint8_t *put_escaped(uint8_t *to, const uint8_t *label)
{
	for (size_t i = 1; i <= label[0]; i++) {
		if (label[i] > LABEL_ESCAPE) {
			*to++ = label[i];
			continue;
		}
		*to++ = LABEL_ESCAPE;
		*to++ = (uint8_t)(label[i] + 1);
	}
	*to++ = LABEL_END;
	return to;
}

/*
 * Labels are short: a move of a fixed length, whose rest the next label overwrites, beats a call.
 * It stays inside of the name's own array.
 */
static inline uint8_t *put_plain(uint8_t *to, const struct endpoint *name, size_t at)
{
	size_t len = name->bytes[at++];

	if (len <= SHORT_LABEL && at + SHORT_LABEL <= sizeof(name->bytes))
		memcpy(to, name->bytes + at, SHORT_LABEL);
	else
		memcpy(to, name->bytes + at, len);
	to[len] = LABEL_END;
	return to + len + 1;
}

/*
 * No octet of it needs an escape, but for its last, which ends the name. A length octet of 1
 * counts as one that does: such names are rare, and lose only time.
 */
static bool is_plain(const struct endpoint *name)
{
	size_t len = name->len == 0 ? 0 : name->len - 1u;
	uint64_t marks = 0;

	if (len < SWAR_BYTES) {
		for (size_t i = 0; i < len; i++)
			marks |= name->bytes[i] <= LABEL_ESCAPE;
		return marks == 0;
	}
	for (size_t i = 0; i < len - SWAR_BYTES; i += SWAR_BYTES)
		marks |= swar_zeros(swar_load(name->bytes + i) & ~swar_fill(LABEL_ESCAPE));
	/* the last eight overlap those before */
	marks |= swar_zeros(swar_load(name->bytes + len - SWAR_BYTES) & ~swar_fill(LABEL_ESCAPE));
	return marks == 0;
}

/* Without the byte that ends the name. */
static uint8_t *put_labels(uint8_t *to, const struct endpoint *name)
{
	UNINITIALIZED uint8_t at[LIMIT_NAME_BYTES / 2 + 1]; /* offsets of the labels */
	size_t count = 0;

	for (size_t i = 0; i < name->len && name->bytes[i] != 0; i += 1u + name->bytes[i])
		at[count++] = (uint8_t)i;
	if (is_plain(name)) {
		while (count > 0)
			to = put_plain(to, name, at[--count]);
		return to;
	}
	while (count > 0)
		to = put_escaped(to, name->bytes + at[--count]);
	return to;
}

static uint8_t *put_addr(uint8_t *to, uint8_t form, const struct endpoint *e, size_t len)
{
	*to++ = form;
	memcpy(to, e->bytes, len);
	return to + len;
}

static uint8_t *put_endpoint(uint8_t *to, const struct endpoint *e)
{
	switch (e->form) {
	case ENDPOINT_V4:
		return put_addr(to, FORM_V4, e, 4);
	case ENDPOINT_V6:
		return put_addr(to, FORM_V6, e, 16);
	case ENDPOINT_NAME:
		*to++ = FORM_NAME;
		to = put_labels(to, e);
		*to++ = LABEL_END;
		return to;
	case ENDPOINT_NONE:
		break;
	}
	*to++ = FORM_NONE;
	return to;
}

/* None where all of them are zero. */
static uint8_t *put_extras(uint8_t *to, uint32_t extra, uint16_t port)
{
	if (extra == 0 && port == 0)
		return to;
	to = put_be16(to, (uint16_t)(extra >> 16));
	to = put_be16(to, (uint16_t)extra);
	return put_be16(to, port);
}

static uint8_t *put_part(uint8_t *to, struct key_part part)
{
	memcpy(to, part.bytes, part.len);
	return to + part.len;
}

static void end_key(struct key *k, const uint8_t *end)
{
	k->len = (size_t)(end - k->bytes);
}

void key_of_target(struct key *k, uint8_t tag, const struct endpoint *target)
{
	k->bytes[0] = tag;
	end_key(k, put_endpoint(k->bytes + 1, target));
}

void key_of_suffix(struct key *k, uint8_t tag, const struct endpoint *suffix)
{
	key_of_target(k, tag, suffix);
	if (suffix->form == ENDPOINT_NAME)
		k->len--;
}

void key_of_series(struct key *k, const struct contact *c)
{
	uint8_t *to = k->bytes;

	*to++ = KEY_TAG_SERIES;
	to = put_endpoint(to, &c->target);
	*to++ = c->kind;
	to = put_be16(to, c->type);
	end_key(k, put_endpoint(to, &c->peer));
}

void key_of_fact(struct key *k, const struct fact *f, uint8_t tag)
{
	bool by_owner = tag == KEY_TAG_FACT;
	uint8_t *to = k->bytes;

	*to++ = tag;
	to = put_endpoint(to, by_owner ? &f->owner : &f->data);
	to = put_be16(to, f->type);
	to = put_endpoint(to, by_owner ? &f->data : &f->owner);
	end_key(k, put_extras(to, f->extra, f->port));
}

size_t key_write_endpoint(uint8_t to[static KEY_ENDPOINT_MAX], const struct endpoint *e)
{
	return (size_t)(put_endpoint(to, e) - to);
}

void key_of_endpoint(struct key *k, const struct endpoint *e)
{
	k->len = key_write_endpoint(k->bytes, e);
}

void key_join_series(
    struct key *k, struct key_part target, uint8_t kind, uint16_t type, struct key_part peer)
{
	uint8_t *to = k->bytes;

	*to++ = KEY_TAG_SERIES;
	to = put_part(to, target);
	*to++ = kind;
	to = put_be16(to, type);
	end_key(k, put_part(to, peer));
}

void key_join_fact(struct key *k, uint8_t tag, struct key_part first, uint16_t type,
    struct key_part second, uint32_t extra, uint16_t port)
{
	uint8_t *to = k->bytes;

	*to++ = tag;
	to = put_part(to, first);
	to = put_be16(to, type);
	to = put_part(to, second);
	end_key(k, put_extras(to, extra, port));
}

/* One label, unescaped. Returns its length; 0 with an error in *c when it is none. */
static size_t read_label(struct cursor *c, uint8_t label[static LIMIT_LABEL_BYTES])
{
	size_t len = 0;

	for (;;) {
		uint8_t octet = cursor_u8(c);

		if (c->err != NULL || octet == LABEL_END)
			return len;
		if (octet == LABEL_ESCAPE) {
			octet = (uint8_t)(cursor_u8(c) - 1);
			if (octet > LABEL_ESCAPE)
				cursor_fail(c, "bad escape in a label");
		}
		if (len == LIMIT_LABEL_BYTES) {
			cursor_fail(c, "label too long");
			return 0;
		}
		label[len++] = octet;
	}
}

/* The labels come from the root down; in wire form each goes before the last. */
static void read_name(struct cursor *c, struct endpoint *ret)
{
	uint8_t wire[LIMIT_NAME_BYTES];
	uint8_t label[LIMIT_LABEL_BYTES];
	size_t at = LIMIT_NAME_BYTES - 1;
	size_t len;

	wire[at] = 0;
	while ((len = read_label(c, label)) > 0 && c->err == NULL) {
		if (len + 1 > at) {
			cursor_fail(c, "name too long");
			return;
		}
		at -= len;
		memcpy(wire + at, label, len);
		wire[--at] = (uint8_t)len;
	}
	ret->form = ENDPOINT_NAME;
	ret->len = (uint8_t)(LIMIT_NAME_BYTES - at);
	memcpy(ret->bytes, wire + at, ret->len);
}

static void read_addr(struct cursor *c, enum endpoint_form form, uint8_t len, struct endpoint *ret)
{
	const uint8_t *bytes = cursor_take(c, len);

	if (bytes == NULL)
		return;
	ret->form = form;
	ret->len = len;
	memcpy(ret->bytes, bytes, len);
}

static void read_endpoint(struct cursor *c, struct endpoint *ret)
{
	uint8_t form = cursor_u8(c);

	ret->form = ENDPOINT_NONE;
	ret->len = 0;
	if (form == FORM_NAME)
		read_name(c, ret);
	else if (form == FORM_V4)
		read_addr(c, ENDPOINT_V4, 4, ret);
	else if (form == FORM_V6)
		read_addr(c, ENDPOINT_V6, 16, ret);
	else if (form != FORM_NONE)
		cursor_fail(c, "unknown form of an endpoint");
}

bool key_read_endpoint(const uint8_t *part, size_t len, struct endpoint *ret)
{
	struct cursor c = cursor_of(part, len);

	read_endpoint(&c, ret);
	return c.err == NULL && cursor_left(&c) == 0;
}

bool key_read_series(const uint8_t *key, size_t len, struct contact *c)
{
	struct cursor in = cursor_of(key, len);

	if (cursor_u8(&in) != KEY_TAG_SERIES)
		return false;
	read_endpoint(&in, &c->target);
	c->kind = cursor_u8(&in);
	c->type = cursor_be16(&in);
	read_endpoint(&in, &c->peer);
	return in.err == NULL && cursor_left(&in) == 0;
}

bool key_read_fact(const uint8_t *key, size_t len, struct fact *f)
{
	struct cursor in = cursor_of(key, len);
	uint8_t tag = cursor_u8(&in);
	bool by_owner = tag == KEY_TAG_FACT;

	if (!by_owner && tag != KEY_TAG_REVERSE)
		return false;
	read_endpoint(&in, by_owner ? &f->owner : &f->data);
	f->type = cursor_be16(&in);
	read_endpoint(&in, by_owner ? &f->data : &f->owner);
	f->extra = 0;
	f->port = 0;
	if (in.err != NULL)
		return false;
	if (cursor_left(&in) == 0)
		return true;
	f->extra = cursor_be32(&in);
	f->port = cursor_be16(&in);
	return in.err == NULL && cursor_left(&in) == 0 && (f->extra != 0 || f->port != 0);
}

/* Step over a name: it ends at the first empty label, and no escape contains a zero octet. */
static void skip_name(struct cursor *c)
{
	size_t len;

	do {
		size_t before = c->pos;

		if (cursor_until(c, LABEL_END, &len) == NULL)
			cursor_fail(c, "truncated");
		else if (c->pos == before + len)
			cursor_fail(c, "truncated"); /* the window ended, not the label */
	} while (len > 0 && c->err == NULL);
}

static void skip_endpoint(struct cursor *c)
{
	uint8_t form = cursor_u8(c);

	if (form == FORM_NAME)
		skip_name(c);
	else if (form == FORM_V4)
		cursor_skip(c, 4);
	else if (form == FORM_V6)
		cursor_skip(c, 16);
	else if (form != FORM_NONE)
		cursor_fail(c, "unknown form of an endpoint");
}

size_t key_target_len(const uint8_t *key, size_t len)
{
	struct cursor in = cursor_of(key, len);
	uint8_t tag = cursor_u8(&in);

	if (tag != KEY_TAG_SERIES && tag != KEY_TAG_FACT && tag != KEY_TAG_REVERSE)
		return 0;
	skip_endpoint(&in);
	return in.err == NULL ? in.pos : 0;
}
