/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A recursive grammar without recursion: which of the open containers are objects is a bit mask,
 * so that the depth is bounded by its width. Strings, nearly all of a log, are stepped over
 * sixteen bytes at a time, or eight.
 */
#include "wire/json_line.h"

#include <assert.h>
#include <string.h>

#include "base/limits.h"
#include "wire/json_scan.h"
#include "wire/json_text.h"

static_assert(LIMIT_JSON_DEPTH <= 64, "one bit per open container");

static inline bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static inline void skip_space(struct cursor *c)
{
	while (c->pos < c->len && is_space(c->base[c->pos]))
		c->pos++;
}

static inline bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* The first byte from at on that needs a look: a quote, backslash, control or non-ASCII byte. */
static inline size_t plain_end(const uint8_t *bytes, size_t at, size_t len)
{
	for (; len - at >= JSON_STEP_BYTES; at += JSON_STEP_BYTES) {
		unsigned marks = json_mark_special(&bytes[at]);

		if (marks != 0)
			return at + (unsigned)__builtin_ctz(marks);
	}
	while (at < len && bytes[at] >= 0x20 && bytes[at] < 0x80 && bytes[at] != '"' &&
	       bytes[at] != '\\')
		at++;
	return at;
}

/* One sequence of two to four bytes, by the table of RFC 3629, section 4. */
static bool skip_utf8(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
	int more = first >= 0xc2 && first <= 0xdf   ? 1
		   : first >= 0xe0 && first <= 0xef ? 2
		   : first >= 0xf0 && first <= 0xf4 ? 3
						    : 0;

	if (more == 0)
		return json_fail(c, "bad UTF-8 in JSON");
	for (; more > 0; more--) {
		if (json_peek(c) < low || json_peek(c) > high)
			return json_fail(c, "bad UTF-8 in JSON");
		c->pos++;
		low = 0x80;
		high = 0xbf;
	}
	return true;
}

/* The rest of a string, with all that is not plain in it, up to its closing quote. */
static bool skip_string_rest(struct cursor *c, bool *ret_escaped)
{
	uint32_t code_point;

	for (;;) {
		c->pos = plain_end(c->base, c->pos, c->len);
		if (c->pos >= c->len)
			return json_fail(c, "");
		if (c->base[c->pos] == '"')
			return true;
		if (c->base[c->pos] < 0x20)
			return json_fail(c, "control character in JSON");
		if (c->base[c->pos] != '\\') {
			if (!skip_utf8(c))
				return false;
			continue;
		}
		c->pos++;
		*ret_escaped = true;
		if (!json_text_escape(c, &code_point))
			return false;
	}
}

/* A string from its opening quote on. */
static inline bool read_string(struct cursor *c, struct json_value *v)
{
	size_t start = c->pos + 1;
	size_t end = plain_end(c->base, start, c->len);
	bool escaped = false;

	c->pos = end;
	if (end >= c->len || c->base[end] != '"') {
		if (!skip_string_rest(c, &escaped))
			return false;
		end = c->pos;
	}
	v->bytes = &c->base[start];
	v->len = end - start;
	v->kind = JSON_STRING;
	v->escaped = escaped;
	c->pos = end + 1;
	return true;
}

static inline bool skip_digits(struct cursor *c)
{
	size_t at = c->pos;

	while (at < c->len && is_digit(c->base[at]))
		at++;
	if (at == c->pos)
		return json_fail(c, "bad JSON number");
	c->pos = at;
	return true;
}

static inline bool skip_number(struct cursor *c)
{
	(void)json_accept(c, '-');
	/* no zero before other digits */
	if (!json_accept(c, '0') && !skip_digits(c))
		return false;
	if (json_accept(c, '.') && !skip_digits(c))
		return false;
	if (!json_accept(c, 'e') && !json_accept(c, 'E'))
		return true;
	if (!json_accept(c, '+'))
		(void)json_accept(c, '-');
	return skip_digits(c);
}

/* Of a word that its first letter has announced. */
static inline bool skip_word(struct cursor *c, const char *word, size_t len)
{
	if (c->len - c->pos >= len && memcmp(&c->base[c->pos], word, len) == 0) {
		c->pos += len;
		return true;
	}
	for (; *word != '\0' && json_accept(c, (uint8_t)*word); word++)
		;
	return json_fail(c, "bad JSON value");
}

/* A value that holds no other, nor is a string. */
static bool read_word(struct cursor *c, struct json_value *v)
{
	size_t start = c->pos;
	bool ok;

	switch (json_peek(c)) {
	case 't':
		v->kind = JSON_TRUE;
		ok = skip_word(c, "true", 4);
		break;
	case 'f':
		v->kind = JSON_FALSE;
		ok = skip_word(c, "false", 5);
		break;
	case 'n':
		v->kind = JSON_NULL;
		ok = skip_word(c, "null", 4);
		break;
	default:
		if (json_peek(c) != '-' && !is_digit(json_peek(c)))
			return json_fail(c, "bad JSON value");
		v->kind = JSON_NUMBER;
		ok = skip_number(c);
		break;
	}
	if (!ok)
		return false;
	v->escaped = false;
	v->bytes = &c->base[start];
	v->len = c->pos - start;
	return true;
}

static inline bool read_scalar(struct cursor *c, struct json_value *v)
{
	return json_peek(c) == '"' ? read_string(c, v) : read_word(c, v);
}

/* A key and its colon, from white space to white space. */
static inline bool read_key(struct cursor *c, struct json_value *key)
{
	skip_space(c);
	if (json_peek(c) != '"')
		return json_fail(c, "bad JSON");
	if (!read_string(c, key))
		return false;
	skip_space(c);
	if (!json_accept(c, ':'))
		return json_fail(c, "bad JSON");
	skip_space(c);
	return true;
}

/* The containers that are open, innermost last. */
struct nest {
	uint64_t objects; /* one bit each: an object, not an array; the innermost lowest */
	unsigned depth;
};

/* After a value: close what ends here, and step to the place of the next value if one follows. */
static bool leave_value(struct cursor *c, struct nest *n)
{
	struct json_value key;

	while (n->depth > 0) {
		bool object = (n->objects & 1) != 0;

		skip_space(c);
		if (json_accept(c, ',')) {
			skip_space(c);
			return object ? read_key(c, &key) : true;
		}
		if (!json_accept(c, object ? '}' : ']'))
			return json_fail(c, "bad JSON");
		n->objects >>= 1;
		n->depth--;
	}
	return true;
}

/* What a value is that begins with that byte and has been scanned. */
static const uint8_t kind_of[256] = {
	['"'] = JSON_STRING,
	['['] = JSON_ARRAY,
	['t'] = JSON_TRUE,
	['f'] = JSON_FALSE,
	['-'] = JSON_NUMBER,
	['0'] = JSON_NUMBER,
	['1'] = JSON_NUMBER,
	['2'] = JSON_NUMBER,
	['3'] = JSON_NUMBER,
	['4'] = JSON_NUMBER,
	['5'] = JSON_NUMBER,
	['6'] = JSON_NUMBER,
	['7'] = JSON_NUMBER,
	['8'] = JSON_NUMBER,
	['9'] = JSON_NUMBER,
};

static inline void set_scanned(struct json_value *v, const uint8_t *line, size_t start, size_t end)
{
	uint8_t kind = kind_of[line[start]];
	size_t quote = kind == JSON_STRING;

	v->kind = kind;
	v->escaped = false;
	v->bytes = &line[start + quote];
	v->len = end - start - 2 * quote;
}

/* Behind a scalar, as json_scan.h has it, which begins at a place inside the line; or 0. */
static inline size_t scan_scalar(const uint8_t *line, size_t at, size_t len)
{
	size_t end;

	switch (line[at]) {
	case '"':
		end = json_scan_string(line, at, len);
		return end == 0 ? 0 : end + 1;
	case 't':
		return len - at >= 4 && memcmp(&line[at], "true", 4) == 0 ? at + 4 : 0;
	case 'f':
		return len - at >= 5 && memcmp(&line[at], "false", 5) == 0 ? at + 5 : 0;
	default:
		return json_scan_number(line, at, len);
	}
}

/* Behind an array of such, not empty; or 0. */
static inline size_t scan_array(const uint8_t *line, size_t at, size_t len)
{
	do {
		at = scan_scalar(line, at + 1, len);
		if (at == 0)
			return 0;
	} while (line[at] == ',');
	return line[at] == ']' ? at + 1 : 0;
}

/* A last bracket ends whatever is scanned, so that no place behind it is looked at. */
static inline bool ends_in_bracket(const struct cursor *c)
{
	return c->len > 0 && (c->base[c->len - 1] == '}' || c->base[c->len - 1] == ']');
}

/* From a key on: behind the value of the last member that is scanned easily; or 0. */
static size_t scan_pairs(const uint8_t *line, size_t at, size_t len)
{
	size_t behind = 0;

	while (line[at] == '"') {
		at = json_scan_string(line, at, len);
		if (at == 0 || line[at + 1] != ':')
			break;
		at = scan_scalar(line, at + 2, len);
		if (at == 0)
			break;
		behind = at;
		if (line[at] != ',')
			break;
		at++;
	}
	return behind;
}

/* A whole object or array, from its bracket on, in so many others. */
static bool skip_container(struct cursor *c, unsigned around)
{
	struct nest n = { .depth = 0 };
	struct json_value ignored;
	bool is_empty;
	size_t at;

	do {
		bool object = json_peek(c) == '{';

		if (object || json_peek(c) == '[') {
			if (n.depth + around >= LIMIT_JSON_DEPTH)
				return json_fail(c, "JSON nested too deeply");
			c->pos++;
			n.depth++;
			n.objects = n.objects << 1 | object;
			skip_space(c);
			is_empty = json_peek(c) == (object ? '}' : ']');
			at = object && ends_in_bracket(c) ? scan_pairs(c->base, c->pos, c->len) : 0;
			if (at != 0) {
				c->pos = at;
			} else if (!is_empty) {
				if (object && !read_key(c, &ignored))
					return false;
				continue;
			}
		} else if (!read_scalar(c, &ignored)) {
			return false;
		}
		if (!leave_value(c, &n))
			return false;
	} while (n.depth > 0);
	return true;
}

/* A value in so many objects and arrays. */
static bool read_value(struct cursor *c, struct json_value *v, unsigned around)
{
	size_t start = c->pos;
	uint8_t first = json_peek(c);

	if (first != '{' && first != '[')
		return read_scalar(c, v);
	if (!skip_container(c, around))
		return false;
	v->kind = first == '{' ? JSON_OBJECT : JSON_ARRAY;
	v->escaped = false;
	v->bytes = &c->base[start];
	v->len = c->pos - start;
	return true;
}

/* Where scan_members() has come to. */
enum scanned {
	SCANNED_ALL,   /* behind the brace that ends the object */
	SCANNED_KEY,   /* before a key, to be read with care */
	SCANNED_VALUE, /* before a value, to be read with care, of the slot given */
};

/* As many members as are the ones expected and scanned easily. */
static enum scanned scan_members(
    struct json_keys *k, struct cursor *c, struct json_value *values, unsigned *ret_slot)
{
	const struct json_expected *e = &k->order[k->expected];
	enum scanned come_to = SCANNED_KEY;
	const uint8_t *line = c->base;
	const size_t len = c->len;
	size_t at = c->pos;

	if (!ends_in_bracket(c))
		return SCANNED_KEY;
	while (come_to == SCANNED_KEY && len - at >= JSON_ORDER_LEAST) {
		const struct json_expected *now = e;
		size_t end;

		if (!json_keys_fits(now, &line[at], len - at))
			now = json_keys_look_on(k, e, &line[at], len - at);
		/* an empty place, which octets 0xff would fit */
		if (now == NULL || now->len == 0)
			break;
		e = now + 1;
		at += now->len;
		end = line[at] == '[' ? scan_array(line, at, len) : scan_scalar(line, at, len);
		/* an array may take the last bracket */
		if (end == 0 || end == len || (line[end] != ',' && line[end] != '}')) {
			*ret_slot = now->slot;
			come_to = SCANNED_VALUE;
			break;
		}
		if (now->slot != JSON_NO_SLOT)
			set_scanned(&values[now->slot], line, at, end);
		if (line[end] == '}')
			come_to = SCANNED_ALL;
		at = end + 1;
	}
	c->pos = at;
	k->expected = (unsigned)(e - k->order);
	return come_to;
}

/* The slot of the key that comes, which will be expected here from now on, or JSON_NO_SLOT. */
static bool read_slot(struct json_keys *k, struct cursor *c, unsigned *ret)
{
	uint8_t room[JSON_KEY_TEXT_MAX];
	const size_t start = c->pos;
	struct json_value key;
	const uint8_t *text;
	size_t len;

	if (!read_key(c, &key))
		return false;
	*ret = JSON_NO_SLOT;
	/* one that is longer than any wanted has no place in room */
	if (json_text(&key, room, sizeof(room), &text, &len))
		*ret = json_keys_find(k, text, len);
	if (!key.escaped)
		json_keys_learn(k, &c->base[start], c->pos - start, *ret);
	return true;
}

static inline void clear_values(struct json_keys *k, struct json_value *values)
{
	k->expected = 0;
	for (size_t i = 0; i < k->slots; i++)
		values[i].kind = JSON_ABSENT;
}

/* The object under way; in one that json_keys_nest() has named, also the one around it. */
struct object {
	struct json_keys *k;
	struct json_value *values;
	struct json_keys *outer; /* or NULL */
	struct json_value *outer_values;
};

/* Does an inner object stand here, as the value of that slot? */
static bool is_inner(const struct object *o, struct cursor *c, unsigned slot)
{
	skip_space(c);
	return o->k->inner != NULL && slot == o->k->inner_slot && json_peek(c) == '{';
}

/* From the brace of an inner object to its first key, or, if it has none, to its end. */
static void enter_inner(struct object *o, struct cursor *c)
{
	struct json_value *whole = &o->values[o->k->inner_slot];

	*whole = (struct json_value){ .bytes = &c->base[c->pos], .kind = JSON_OBJECT };
	*o = (struct object){ o->k->inner, o->k->inner_values, o->k, o->values };
	clear_values(o->k, o->values);
	c->pos++;
	skip_space(c);
}

/* Behind an inner object. */
static void leave_inner(struct object *o, const struct cursor *c)
{
	struct json_value *whole = &o->outer_values[o->outer->inner_slot];

	whole->len = (size_t)(&c->base[c->pos] - whole->bytes);
	*o = (struct object){ .k = o->outer, .values = o->outer_values };
}

/* A value that was not scanned. */
static bool read_member(struct object *o, struct cursor *c, unsigned slot)
{
	struct json_value ignored;

	return read_value(
	    c, slot == JSON_NO_SLOT ? &ignored : &o->values[slot], o->outer == NULL ? 1 : 2);
}

/* Behind a value or an object: to the next key, or to the end of all. */
static bool step_on(struct object *o, struct cursor *c, bool is_closed, bool *ret_ended)
{
	for (;; is_closed = true) {
		*ret_ended = is_closed && o->outer == NULL;
		if (*ret_ended)
			return true;
		if (is_closed)
			leave_inner(o, c);
		skip_space(c);
		if (json_accept(c, ','))
			return true;
		if (!json_accept(c, '}'))
			return json_fail(c, "bad JSON");
	}
}

/* The members of an object up to its end, from the place of a key on. */
static bool read_members(struct json_keys *k, struct cursor *c, struct json_value *values)
{
	struct object o = { .k = k, .values = values };
	bool is_ended = false;

	while (!is_ended) {
		unsigned slot = JSON_NO_SLOT;
		const enum scanned come_to = scan_members(o.k, c, o.values, &slot);
		bool is_closed = come_to == SCANNED_ALL;

		if (come_to == SCANNED_KEY && !read_slot(o.k, c, &slot))
			return false;
		if (!is_closed && is_inner(&o, c, slot)) {
			enter_inner(&o, c);
			is_closed = json_accept(c, '}');
			if (!is_closed)
				continue;
		} else if (!is_closed && !read_member(&o, c, slot)) {
			return false;
		}
		if (!step_on(&o, c, is_closed, &is_ended))
			return false;
	}
	return true;
}

/* An object from its brace on. */
static bool read_object(struct json_keys *k, struct cursor *c, struct json_value *values)
{
	clear_values(k, values);
	c->pos++;
	skip_space(c);
	return json_accept(c, '}') || read_members(k, c, values);
}

bool json_line_read(struct json_keys *k, struct cursor *line, struct json_value *values)
{
	skip_space(line);
	if (line->err != NULL || json_peek(line) != '{') {
		cursor_fail(line, "not a JSON object");
		return false;
	}
	if (!read_object(k, line, values))
		return false;
	skip_space(line);
	if (line->pos < line->len)
		return json_fail(line, "bytes behind the JSON object");
	return true;
}

struct cursor json_array_open(const struct json_value *array)
{
	struct cursor c = cursor_of(array->bytes, array->kind == JSON_ARRAY ? array->len : 0);

	(void)json_accept(&c, '[');
	return c;
}

bool json_array_next(struct cursor *array, struct json_value *ret)
{
	size_t at = 0;

	if (array->err != NULL)
		return false;
	if (array->pos < array->len)
		at = scan_scalar(array->base, array->pos, array->len);
	if (at != 0 && at < array->len && (array->base[at] == ',' || array->base[at] == ']')) {
		set_scanned(ret, array->base, array->pos, at);
		array->pos = at + (array->base[at] == ',');
		return true;
	}
	skip_space(array);
	if (array->pos >= array->len || json_peek(array) == ']')
		return false;
	if (!read_value(array, ret, 1))
		return false;
	skip_space(array);
	(void)json_accept(array, ',');
	return true;
}

bool json_array_next_object(
    struct cursor *array, struct json_keys *k, struct json_value *values, struct json_value *ret)
{
	if (array->err != NULL)
		return false;
	skip_space(array);
	if (json_peek(array) != '{')
		return json_array_next(array, ret);
	*ret = (struct json_value){ .bytes = &array->base[array->pos], .kind = JSON_OBJECT };
	if (!read_object(k, array, values))
		return false;
	ret->len = (size_t)(&array->base[array->pos] - ret->bytes);
	skip_space(array);
	(void)json_accept(array, ',');
	return true;
}
