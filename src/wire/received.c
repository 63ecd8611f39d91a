/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The field is cut into words and comments, and each is of the part that the last keyword (from,
 * by, ...) outside of comments began. The forms of the from part that are told apart:
 *
 *	from SAID (NAME [ADDRESS])                    Postfix, Sendmail, Gmail
 *	from SAID (NAME [ADDRESS] (may be forged))    Sendmail: NAME does not lead back
 *	from NAME ([ADDRESS]:PORT helo=SAID)          Exim
 *	from [ADDRESS] (helo=SAID)                    Exim, without a name
 *	from NAME (HELO SAID) (ADDRESS)               qmail
 *	from SAID (ADDRESS)                           Exchange Server
 *	from SAID [ADDRESS]                           fetchmail
 *
 * An address in a comment goes before one outside, which the client may have said.
 */
#include "wire/received.h"

#include <string.h>

#include "base/cursor.h"

enum part {
	PART_NONE,
	PART_FROM,
	PART_BY,
	PART_OTHER,
};

struct parse {
	struct received *r;
	enum part part;
	struct addr outside;           /* in the from part, of no comment */
	struct received_text outer;    /* the first word of the from part */
	bool is_forged;                /* the server says that the name is not to be trusted */
	struct received_text previous; /* word of the comment */
};

static bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static bool is_word(struct received_text word, const char *text)
{
	return word.len == strlen(text) &&
	       strncasecmp((const char *)word.bytes, text, word.len) == 0;
}

/* An IPv4 address that a server wrote as one of IPv6 (RFC 4291 2.5.5.2) is IPv4 all the same. */
static void unmap(struct addr *a)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (a->len != 16 || memcmp(a->bytes, mapped, sizeof(mapped)) != 0)
		return;
	memmove(a->bytes, a->bytes + sizeof(mapped), 4);
	a->len = 4;
}

/* "192.0.2.1", "192.0.2.1:4000", "IPv6:2001:db8::1" */
static bool read_plain(struct received_text word, struct addr *ret)
{
	const uint8_t *colon;

	if (word.len > 5 && strncasecmp((const char *)word.bytes, "IPv6:", 5) == 0)
		word = (struct received_text){ word.bytes + 5, word.len - 5 };
	if (!addr_parse((const char *)word.bytes, word.len, ret)) {
		colon = word.len == 0 ? NULL : memchr(word.bytes, ':', word.len);
		if (colon == NULL ||
		    !addr_parse((const char *)word.bytes, (size_t)(colon - word.bytes), ret) ||
		    ret->len != 4)
			return false;
	}
	unmap(ret);
	return true;
}

/* The same, also in brackets and right behind a name, which then is all that is left of *word. */
static bool read_address(struct received_text *word, struct addr *ret)
{
	const uint8_t *open = word->len == 0 ? NULL : memchr(word->bytes, '[', word->len);
	const uint8_t *close;
	struct received_text inner;

	if (open == NULL) {
		if (!read_plain(*word, ret))
			return false;
		word->len = 0;
		return true;
	}
	inner.bytes = open + 1;
	inner.len = word->len - (size_t)(inner.bytes - word->bytes);
	close = inner.len == 0 ? NULL : memchr(inner.bytes, ']', inner.len);
	if (close == NULL)
		return false;
	inner.len = (size_t)(close - inner.bytes);
	if (!read_plain(inner, ret))
		return false;
	word->len = (size_t)(open - word->bytes);
	return true;
}

/* "IDENT:user@host": the host alone. */
static struct received_text host_of(struct received_text word)
{
	const uint8_t *at = word.len == 0 ? NULL : memrchr(word.bytes, '@', word.len);

	if (at == NULL)
		return word;
	return (struct received_text){ at + 1, word.len - (size_t)(at - word.bytes) - 1 };
}

/* A word of a comment in the from part, which the server wrote. */
static void take_remark(struct parse *p, struct received_text word)
{
	struct addr address;

	if (word.len > 5 && strncasecmp((const char *)word.bytes, "helo=", 5) == 0) {
		p->r->said = (struct received_text){ word.bytes + 5, word.len - 5 };
	} else if (is_word(p->previous, "helo") || is_word(p->previous, "ehlo")) {
		p->r->said = word;
		word.len = 0; /* it is no name before an address */
	} else if (read_address(&word, &address)) {
		const struct received_text name = host_of(word.len > 0 ? word : p->previous);

		if (p->r->address.len == 0) {
			p->r->address = address;
			if (name.len > 0)
				p->r->name = name;
		}
		word.len = 0;
	} else if (is_word(word, "forged")) {
		p->is_forged = true;
	}
	p->previous = word;
}

static void take_word(struct parse *p, struct received_text word)
{
	static const char *const others[] = { "with", "id", "for", "via" };
	struct addr address;

	if (is_word(word, "from") && p->part == PART_NONE) {
		p->part = PART_FROM;
		return;
	}
	if (is_word(word, "by") && p->r->by.bytes == NULL) {
		p->part = PART_BY;
		return;
	}
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (is_word(word, others[i]) && p->part != PART_NONE)
			p->part = PART_OTHER;
	if (p->part == PART_BY && p->r->by.bytes == NULL)
		p->r->by = word;
	if (p->part != PART_FROM)
		return;
	if (p->outer.bytes == NULL)
		p->outer = word;
	if (p->outside.len == 0 && read_address(&word, &address))
		p->outside = address;
}

/* Words up to the end of the text, those of comments and the others, to their takers. */
static void read_words(struct parse *p, struct cursor *c)
{
	unsigned depth = 0;

	while (cursor_left(c) > 0) {
		const uint8_t byte = c->base[c->pos];
		const size_t start = c->pos;
		struct received_text word;

		if (byte == '(' || byte == ')' || is_space(byte) || byte == ',') {
			if (byte == '(' && depth++ == 0)
				p->previous.len = 0;
			depth -= byte == ')' && depth > 0;
			cursor_skip(c, 1);
			continue;
		}
		while (cursor_left(c) > 0 && !is_space(c->base[c->pos]) && c->base[c->pos] != '(' &&
		       c->base[c->pos] != ')' && c->base[c->pos] != ',')
			cursor_skip(c, 1);
		word = (struct received_text){ c->base + start, c->pos - start };
		if (depth == 0)
			take_word(p, word);
		else if (p->part == PART_FROM)
			take_remark(p, word);
	}
}

bool received_parse(const uint8_t *text, size_t len, struct received *ret)
{
	const uint8_t *end = len == 0 ? NULL : memrchr(text, ';', len);
	const size_t words = end == NULL ? len : (size_t)(end - text);
	struct received r = { .dated = false };
	struct parse p = { .r = &r };
	struct cursor c = cursor_of(text, words);

	p.previous.bytes = c.base; /* never NULL, to be compared */
	read_words(&p, &c);
	if (end != NULL)
		r.dated = mail_date_parse(end + 1, len - words - 1, &r.date);
	if (r.said.bytes == NULL)
		r.said = p.outer;
	else if (r.name.bytes == NULL)
		r.name = p.outer; /* the comment has what was said, so that this is the server's */
	if (r.address.len == 0)
		r.address = p.outside;
	if (p.is_forged)
		r.name = (struct received_text){ .bytes = NULL };
	*ret = r;
	return r.by.bytes != NULL || r.said.bytes != NULL;
}
