/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Content lines end with CRLF or LF and go on in the next line where that begins with a space or
 * a tab (RFC 5545 3.1); "NAME;PARAMETER=...:VALUE" with quotes around parameters that hold a colon.
 * Of all components the VEVENTs count, of their properties DTSTART and SUMMARY: a date is taken as
 * it is written, in whatever zone. An event that recurs would stand for dates that are not
 * there to be counted, and is refused.
 *
 * Written out, because libical brings ICU and C++'s runtime along, 11 ms of processor time at
 * every start of the program where an empty one takes 7. It is the oracle of the tests instead.
 */
#include "calendar/ical.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"

#define COMPONENTS_MAX 8 /* inside each other; deeper ones are no events */

struct content {
	char bytes[LIMIT_CALENDAR_LINE_BYTES]; /* unfolded; what is longer is cut */
	size_t len;
	size_t name_len;
	size_t value_at;
};

struct reading {
	struct cursor *text;
	struct calendar *calendar;
	struct arena *memory;
	struct content line;
	unsigned number; /* of the line in the file */
	unsigned depth;  /* of components that are open */
	unsigned event;  /* depth of the event that is open; 0: none */
	bool dated;
	int64_t day;
	char label[LIMIT_CALENDAR_LABEL_BYTES];
	size_t label_len;
};

bool ical_probe(const struct cursor *text)
{
	static const char begin[] = "BEGIN:VCALENDAR";
	struct cursor c = *text;
	const uint8_t *at = cursor_take(&c, strlen(begin));

	return at != NULL && strncasecmp((const char *)at, begin, strlen(begin)) == 0;
}

static bool fail(const struct reading *r, const char *what, struct err *reterr)
{
	err_set(reterr, ERR_USAGE, "line %u: %s", r->number, what);
	return false;
}

static void append(struct content *c, const uint8_t *at, size_t len)
{
	size_t room = sizeof(c->bytes) - c->len;

	if (len > 0 && at[len - 1] == '\r')
		len--;
	if (len > room)
		len = room;
	if (len > 0)
		memcpy(c->bytes + c->len, at, len);
	c->len += len;
}

static bool goes_on(const struct cursor *text)
{
	struct cursor c = *text;
	uint8_t next = cursor_u8(&c);

	return next == ' ' || next == '\t';
}

/* Find the name and the value. */
static void split(struct content *c)
{
	bool quoted = false;

	c->name_len = 0;
	while (c->name_len < c->len && strchr(";:", c->bytes[c->name_len]) == NULL)
		c->name_len++;
	for (c->value_at = c->name_len; c->value_at < c->len; c->value_at++) {
		if (c->bytes[c->value_at] == '"')
			quoted = !quoted;
		else if (c->bytes[c->value_at] == ':' && !quoted)
			break;
	}
	if (c->value_at < c->len)
		c->value_at++;
}

static bool next_content(struct reading *r)
{
	size_t len;
	const uint8_t *at = cursor_until(r->text, '\n', &len);

	if (at == NULL)
		return false;
	r->number++;
	r->line.len = 0;
	append(&r->line, at, len);
	while (goes_on(r->text)) {
		cursor_skip(r->text, 1);
		at = cursor_until(r->text, '\n', &len);
		r->number++;
		if (at != NULL)
			append(&r->line, at, len);
	}
	split(&r->line);
	return true;
}

static bool is_named(const struct content *c, const char *name)
{
	return c->name_len == strlen(name) && strncasecmp(c->bytes, name, c->name_len) == 0;
}

static bool has_value(const struct content *c, const char *value)
{
	return c->len - c->value_at == strlen(value) &&
	       strncasecmp(c->bytes + c->value_at, value, strlen(value)) == 0;
}

/* "20160708", whatever time of day follows. */
static bool read_day(const struct content *c, int64_t *ret)
{
	const char *v = c->bytes + c->value_at;
	char date[sizeof("0000-00-00")];

	if (c->len - c->value_at < 8 || (c->len - c->value_at > 8 && v[8] != 'T'))
		return false;
	(void)snprintf(date, sizeof(date), "%.4s-%.2s-%.2s", v, v + 4, v + 6);
	return calendar_parse_day(date, strlen(date), ret);
}

/* TEXT (RFC 5545 3.3.11): \n is a line break, which becomes a space; \\ \; \, are themselves. */
static void read_label(struct reading *r)
{
	const struct content *c = &r->line;

	r->label_len = 0;
	for (size_t i = c->value_at; i < c->len && r->label_len < sizeof(r->label); i++) {
		char byte = c->bytes[i];

		if (byte == '\\' && i + 1 < c->len) {
			byte = c->bytes[++i];
			byte = byte == 'n' || byte == 'N' ? ' ' : byte;
		}
		r->label[r->label_len++] = byte;
	}
}

static void begin(struct reading *r)
{
	r->depth++;
	if (r->event > 0 || r->depth > COMPONENTS_MAX || !has_value(&r->line, "VEVENT"))
		return;
	r->event = r->depth;
	r->dated = false;
	r->label_len = 0;
}

static bool end(struct reading *r, struct err *reterr)
{
	bool closes = r->event > 0 && r->event == r->depth;

	if (r->depth > 0)
		r->depth--;
	if (!closes)
		return true;
	r->event = 0;
	if (!r->dated)
		return fail(r, "an event without DTSTART", reterr);
	return calendar_add(r->calendar, r->memory, r->day, r->label, r->label_len, reterr);
}

static bool take(struct reading *r, struct err *reterr)
{
	const struct content *c = &r->line;

	if (is_named(c, "BEGIN")) {
		begin(r);
		return true;
	}
	if (is_named(c, "END"))
		return end(r, reterr);
	if (r->event == 0 || r->event != r->depth)
		return true;
	if (is_named(c, "SUMMARY"))
		read_label(r);
	if (is_named(c, "RRULE") || is_named(c, "RDATE"))
		return fail(r, "an event that recurs: write each of its dates", reterr);
	if (!is_named(c, "DTSTART"))
		return true;
	r->dated = read_day(c, &r->day);
	return r->dated || fail(r, "DTSTART is no date", reterr);
}

bool ical_read(struct cursor *text, struct arena *memory, struct calendar *ret, struct err *reterr)
{
	struct reading r = { .text = text, .calendar = ret, .memory = memory };

	while (next_content(&r))
		if (!take(&r, reterr))
			return false;
	return r.event == 0 || fail(&r, "the last event does not end", reterr);
}
