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

static_assert(LIMIT_JSON_DEPTH <= 64, "one bit per open container");

/* The byte at the cursor; 0, which no grammar rule takes, at the end. */
static inline uint8_t peek(const struct cursor *c)
{
	return c->pos < c->len ? c->base[c->pos] : 0;
}

static inline bool is_space(uint8_t byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static inline void skip_space(struct cursor *c)
{
	while (c->pos < c->len && is_space(c->base[c->pos]))
		c->pos++;
}

static inline bool accept(struct cursor *c, uint8_t want)
{
	if (peek(c) != want)
		return false;
	c->pos++;
	return true;
}

/* Record the failure; a cursor at its end was cut. Always false. */
static bool fail(struct cursor *c, const char *why)
{
	cursor_fail(c, c->pos >= c->len ? "cut JSON" : why);
	return false;
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
		return fail(c, "bad UTF-8 in JSON");
	for (; more > 0; more--) {
		if (peek(c) < low || peek(c) > high)
			return fail(c, "bad UTF-8 in JSON");
		c->pos++;
		low = 0x80;
		high = 0xbf;
	}
	return true;
}

static int hex_value(uint8_t byte)
{
	if (is_digit(byte))
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool read_hex4(struct cursor *c, uint32_t *ret)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++) {
		int digit = hex_value(peek(c));

		if (digit < 0)
			return fail(c, "bad JSON escape");
		value = value << 4 | (uint32_t)digit;
		c->pos++;
	}
	*ret = value;
	return true;
}

/* What follows a backslash, as a code point. */
static bool read_escape(struct cursor *c, uint32_t *ret)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	uint8_t byte = peek(c);
	const char *letter = byte == 0 ? NULL : strchr(letters, byte);
	uint32_t low;

	if (letter != NULL) {
		c->pos++;
		*ret = (uint8_t)meanings[letter - letters];
		return true;
	}
	if (!accept(c, 'u'))
		return fail(c, "bad JSON escape");
	if (!read_hex4(c, ret))
		return false;
	if (*ret < 0xd800 || *ret > 0xdfff)
		return true;
	/* half a pair has no UTF-8 form */
	if (*ret > 0xdbff || !accept(c, '\\') || !accept(c, 'u'))
		return fail(c, "bad JSON escape");
	if (!read_hex4(c, &low))
		return false;
	if (low < 0xdc00 || low > 0xdfff)
		return fail(c, "bad JSON escape");
	*ret = 0x10000 + ((*ret - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* The rest of a string, with all that is not plain in it, up to its closing quote. */
static bool skip_string_rest(struct cursor *c, bool *ret_escaped)
{
	uint32_t code_point;

	for (;;) {
		c->pos = plain_end(c->base, c->pos, c->len);
		if (c->pos >= c->len)
			return fail(c, "");
		if (c->base[c->pos] == '"')
			return true;
		if (c->base[c->pos] < 0x20)
			return fail(c, "control character in JSON");
		if (c->base[c->pos] != '\\') {
			if (!skip_utf8(c))
				return false;
			continue;
		}
		c->pos++;
		*ret_escaped = true;
		if (!read_escape(c, &code_point))
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
		return fail(c, "bad JSON number");
	c->pos = at;
	return true;
}

static inline bool skip_number(struct cursor *c)
{
	(void)accept(c, '-');
	/* no zero before other digits */
	if (!accept(c, '0') && !skip_digits(c))
		return false;
	if (accept(c, '.') && !skip_digits(c))
		return false;
	if (!accept(c, 'e') && !accept(c, 'E'))
		return true;
	if (!accept(c, '+'))
		(void)accept(c, '-');
	return skip_digits(c);
}

/* Of a word that its first letter has announced. */
static inline bool skip_word(struct cursor *c, const char *word, size_t len)
{
	if (c->len - c->pos >= len && memcmp(&c->base[c->pos], word, len) == 0) {
		c->pos += len;
		return true;
	}
	for (; *word != '\0' && accept(c, (uint8_t)*word); word++)
		;
	return fail(c, "bad JSON value");
}

/* A value that holds no other, nor is a string. */
static bool read_word(struct cursor *c, struct json_value *v)
{
	size_t start = c->pos;
	bool ok;

	switch (peek(c)) {
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
		if (peek(c) != '-' && !is_digit(peek(c)))
			return fail(c, "bad JSON value");
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
	return peek(c) == '"' ? read_string(c, v) : read_word(c, v);
}

/* A key and its colon, from white space to white space. */
static inline bool read_key(struct cursor *c, struct json_value *key)
{
	skip_space(c);
	if (peek(c) != '"')
		return fail(c, "bad JSON");
	if (!read_string(c, key))
		return false;
	skip_space(c);
	if (!accept(c, ':'))
		return fail(c, "bad JSON");
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
		if (accept(c, ',')) {
			skip_space(c);
			return object ? read_key(c, &key) : true;
		}
		if (!accept(c, object ? '}' : ']'))
			return fail(c, "bad JSON");
		n->objects >>= 1;
		n->depth--;
	}
	return true;
}

/* A whole object or array, from its bracket on. */
static bool skip_container(struct cursor *c)
{
	struct nest n = { .depth = 0 };
	struct json_value ignored;

	do {
		bool object = peek(c) == '{';

		if (object || peek(c) == '[') {
			/* the line's own object is open around all this */
			if (n.depth + 1 >= LIMIT_JSON_DEPTH)
				return fail(c, "JSON nested too deeply");
			c->pos++;
			n.depth++;
			n.objects = n.objects << 1 | object;
			skip_space(c);
			if (peek(c) != (object ? '}' : ']')) {
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

static bool read_value(struct cursor *c, struct json_value *v)
{
	size_t start = c->pos;
	uint8_t first = peek(c);

	if (first != '{' && first != '[')
		return read_scalar(c, v);
	if (!skip_container(c))
		return false;
	v->kind = first == '{' ? JSON_OBJECT : JSON_ARRAY;
	v->escaped = false;
	v->bytes = &c->base[start];
	v->len = c->pos - start;
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

/* Behind an array of such, not empty; or 0. The line ends with a brace, which stops any scan. */
static inline size_t scan_array(const uint8_t *line, size_t at, size_t len)
{
	do {
		at = scan_scalar(line, at + 1, len);
		if (at == 0)
			return 0;
	} while (line[at] == ',');
	return line[at] == ']' ? at + 1 : 0;
}

/*
 * As many members as are the ones expected and scanned easily, each with its comma, or with the
 * brace that ends the object: then true. Else the cursor stands before one to be read with care.
 */
static bool scan_members(struct json_keys *k, struct cursor *c, struct json_value *values)
{
	const struct json_expected *e = &k->order[k->expected];
	const uint8_t *line = c->base;
	const size_t len = c->len;
	size_t at = c->pos;
	bool is_closed = false;

	/* this brace ends whatever is scanned, so that no place behind it is looked at */
	if (len == 0 || line[len - 1] != '}')
		return false;
	while (!is_closed && len - at >= JSON_ORDER_BYTES) {
		const struct json_expected *now = e;
		size_t start;
		size_t end;

		if (!json_keys_fits(now, &line[at]))
			now = json_keys_look_on(k, e, &line[at]);
		if (now == NULL)
			break;
		start = at + now->len;
		end = line[start] == '[' ? scan_array(line, start, len)
					 : scan_scalar(line, start, len);
		if (end == 0 || (line[end] != ',' && line[end] != '}'))
			break;
		if (now->slot != JSON_NO_SLOT)
			set_scanned(&values[now->slot], line, start, end);
		is_closed = line[end] == '}';
		at = end + 1;
		e = now + 1;
	}
	c->pos = at;
	k->expected = (unsigned)(e - k->order);
	return is_closed;
}

/* The slot of a key, which will be expected here from now on, or JSON_NO_SLOT. */
static unsigned find_slot(
    struct json_keys *k, const struct cursor *c, size_t start, const struct json_value *key)
{
	uint8_t room[JSON_KEY_TEXT_MAX];
	const uint8_t *text;
	unsigned slot = JSON_NO_SLOT;
	size_t len;

	/* one that is longer than any wanted has no place in room */
	if (json_text(key, room, sizeof(room), &text, &len))
		slot = json_keys_find(k, text, len);
	if (!key->escaped)
		json_keys_learn(k, &c->base[start], c->pos - start, slot);
	return slot;
}

/* The members of an object up to its end, from the place of a key on. */
static bool read_members(struct json_keys *k, struct cursor *c, struct json_value *values)
{
	struct json_value key;
	struct json_value value;

	do {
		unsigned slot;
		size_t start;

		if (scan_members(k, c, values))
			return true;
		start = c->pos;
		if (!read_key(c, &key))
			return false;
		slot = find_slot(k, c, start, &key);
		if (!read_value(c, slot == JSON_NO_SLOT ? &value : &values[slot]))
			return false;
		skip_space(c);
	} while (accept(c, ','));
	return accept(c, '}') || fail(c, "bad JSON");
}

static inline void clear_values(const struct json_keys *k, struct json_value *values)
{
	for (size_t i = 0; i < k->slots; i++)
		values[i].kind = JSON_ABSENT;
}

bool json_line_read(struct json_keys *k, struct cursor *line, struct json_value *values)
{
	k->expected = 0;
	clear_values(k, values);
	skip_space(line);
	if (line->err != NULL || !accept(line, '{')) {
		cursor_fail(line, "not a JSON object");
		return false;
	}
	skip_space(line);
	if (!accept(line, '}') && !read_members(k, line, values))
		return false;
	skip_space(line);
	if (line->pos < line->len)
		return fail(line, "bytes behind the JSON object");
	return true;
}

struct cursor json_array_open(const struct json_value *array)
{
	struct cursor c = cursor_of(array->bytes, array->kind == JSON_ARRAY ? array->len : 0);

	(void)accept(&c, '[');
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
	if (array->pos >= array->len || peek(array) == ']')
		return false;
	if (!read_value(array, ret))
		return false;
	skip_space(array);
	(void)accept(array, ',');
	return true;
}

/* The code point in UTF-8 (RFC 3629, section 3). Returns its length. */
static size_t encode_utf8(uint32_t code_point, uint8_t out[static 4])
{
	if (code_point < 0x80) {
		out[0] = (uint8_t)code_point;
		return 1;
	}
	if (code_point < 0x800) {
		out[0] = (uint8_t)(0xc0 | code_point >> 6);
		out[1] = (uint8_t)(0x80 | (code_point & 0x3f));
		return 2;
	}
	if (code_point < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code_point >> 12);
		out[1] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (code_point & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code_point >> 18);
	out[1] = (uint8_t)(0x80 | (code_point >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (code_point >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (code_point & 0x3f));
	return 4;
}

bool json_text(
    const struct json_value *v, uint8_t *room, size_t max, const uint8_t **ret, size_t *ret_len)
{
	struct cursor c = cursor_of(v->bytes, v->len);
	size_t len = 0;

	if (v->kind != JSON_STRING || (!v->escaped && v->len > max))
		return false;
	if (!v->escaped) {
		*ret = v->bytes;
		*ret_len = v->len;
		return true;
	}
	while (c.pos < c.len) {
		uint8_t piece[4] = { cursor_u8(&c) };
		size_t piece_len = 1;
		uint32_t code_point;

		if (piece[0] == '\\') {
			if (!read_escape(&c, &code_point))
				return false;
			piece_len = encode_utf8(code_point, piece);
		}
		if (piece_len > max - len)
			return false;
		memcpy(&room[len], piece, piece_len);
		len += piece_len;
	}
	*ret = room;
	*ret_len = len;
	return true;
}

bool json_is_text(const struct json_value *v, const char *text)
{
	return v->kind == JSON_STRING && v->len == strlen(text) &&
	       memcmp(v->bytes, text, v->len) == 0;
}

bool json_whole(const struct json_value *v, uint32_t max, uint32_t *ret)
{
	uint64_t value = 0;

	if (v->kind != JSON_NUMBER || v->len > 10)
		return false;
	for (size_t i = 0; i < v->len; i++) {
		if (v->bytes[i] < '0' || v->bytes[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(v->bytes[i] - '0');
	}
	if (value > max)
		return false;
	*ret = (uint32_t)value;
	return true;
}
