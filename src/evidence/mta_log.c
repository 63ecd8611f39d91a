/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line becomes a hand-over of mail, told by itself or with what lines before it said. That is
 * remembered in header(), which is shown all lines once more after growth, so that the rest of a
 * grown log reads as it would in the whole.
 */
#include "evidence/mta_log.h"

#include <string.h>

#include "evidence/log.h"

#define WORDS_PASSED 6               /* host, and what a shipper adds, before the program's name */
#define REPEAT_NS    (60 * NS_PER_S) /* later the same message to the same host is a new try */

struct query_word mta_rest(struct cursor *line)
{
	struct query_word rest = { .bytes = NULL };

	rest.len = cursor_left(line);
	if (rest.len > 0)
		rest.bytes = cursor_take(line, rest.len);
	return rest;
}

struct query_word mta_program(struct cursor *line, struct query_word *ret_here)
{
	struct query_word before = { .bytes = NULL };

	for (int i = 0; i < WORDS_PASSED; i++) {
		struct query_word word = query_word_next(line);
		struct query_word name = word;

		if (word.bytes == NULL)
			break;
		if (word.len > 2 && word.bytes[word.len - 1] == ':' && query_word_cut(&name, '[')) {
			*ret_here = before;
			return name;
		}
		before = word;
	}
	return (struct query_word){ .bytes = NULL };
}

/*
 * The first place of a mark in the text, or NULL. Lines are too short for memmem(3), which makes
 * itself a table of 256 octets before it looks for anything longer than two.
 */
static const uint8_t *find_mark(struct query_word text, const char *mark, size_t mark_len)
{
	const uint8_t *at = text.bytes;
	size_t left = text.bytes == NULL ? 0 : text.len;

	while (left >= mark_len) {
		const uint8_t *found = memchr(at, mark[0], left - mark_len + 1);

		if (found == NULL || memcmp(found, mark, mark_len) == 0)
			return found;
		left -= (size_t)(found - at) + 1;
		at = found + 1;
	}
	return NULL;
}

struct query_word mta_behind(struct query_word text, const char *mark)
{
	const size_t mark_len = strlen(mark);
	const uint8_t *at = find_mark(text, mark, mark_len);
	struct query_word behind = { .bytes = NULL };

	if (at != NULL) {
		behind.bytes = at + mark_len;
		behind.len = text.len - (size_t)(behind.bytes - text.bytes);
	}
	return behind;
}

struct query_word mta_behind_last(struct query_word text, const char *mark)
{
	struct query_word last = { .bytes = NULL };
	struct query_word next = mta_behind(text, mark);

	for (; next.bytes != NULL; next = mta_behind(next, mark))
		last = next;
	return last;
}

struct query_word mta_before(struct query_word text, const char *mark)
{
	const uint8_t *at = find_mark(text, mark, strlen(mark));

	if (at != NULL)
		text.len = (size_t)(at - text.bytes);
	return text;
}

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

struct query_word mta_code(struct query_word text)
{
	for (size_t i = 0; i + 3 < text.len; i++) {
		const uint8_t *at = &text.bytes[i];

		if (at[0] >= '2' && at[0] <= '5' && is_digit(at[1]) && is_digit(at[2]) &&
		    (at[3] == ' ' || at[3] == '-') && (i == 0 || at[-1] == ' ' || at[-1] == '('))
			return (struct query_word){ at, text.len - i };
	}
	return (struct query_word){ .bytes = NULL };
}

void mta_log_begin(void *state)
{
	struct mta_log *m = state;

	mta_memory_init(&m->memory);
}

void mta_log_attach(void *state, const struct hints *hints, struct health *health)
{
	struct mta_log *m = state;

	m->time.hints = *hints;
	m->time.health = health;
}

enum vantage mta_log_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_MAIL_SERVER;
}

/* "+0200" as a word of its own behind the date, as Exim writes it. */
static void read_zone(struct cursor *line, struct log_date *date)
{
	const struct cursor before = *line;
	struct query_word zone = query_word_next(line);
	int64_t minutes;

	if (date->zoned || zone.len != 5 || (zone.bytes[0] != '+' && zone.bytes[0] != '-') ||
	    !is_digit(zone.bytes[1]) || !is_digit(zone.bytes[2]) || !is_digit(zone.bytes[3]) ||
	    !is_digit(zone.bytes[4])) {
		*line = before;
		return;
	}
	minutes = ((zone.bytes[1] - '0') * 10 + zone.bytes[2] - '0') * 60 +
		  (zone.bytes[3] - '0') * 10 + zone.bytes[4] - '0';
	date->time.ns -= (zone.bytes[0] == '+' ? minutes : -minutes) * 60 * NS_PER_S;
	date->zoned = true;
}

static bool read_date(struct cursor *line, struct log_date *ret)
{
	if (!log_date_read(line, ret))
		return false;
	read_zone(line, ret);
	return true;
}

int mta_log_probe(mta_find *find, const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	const uint8_t *bytes;
	bool first = true;
	size_t line_len;

	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);
		struct mta_text text = { .what = MTA_CONNECTED };
		struct log_date date;

		if (read_date(&line, &date) && find(&line, &text) == NULL)
			return first ? 85 : 60;
		first = false;
	}
	return 0;
}

static struct addr address_of(const struct endpoint *e)
{
	struct addr a = { .len = 0 };

	if (e->form == ENDPOINT_V4 || e->form == ENDPOINT_V6) {
		a.len = e->len;
		memcpy(a.bytes, e->bytes, e->len);
	}
	return a;
}

/* The other host, by its address on the line, else by its name. False: what stands there is none. */
static bool find_other(struct mta_log *m)
{
	const struct query_word address = m->text.address;
	const struct query_word name = m->text.name;

	m->other.form = ENDPOINT_NONE;
	if (address.bytes != NULL)
		return delivery_host(&m->other, address.bytes, address.len) &&
		       m->other.form != ENDPOINT_NAME;
	return name.bytes == NULL || delivery_host(&m->other, name.bytes, name.len);
}

static struct mta_memo *recall(struct mta_log *m, enum mta_key_kind kind, struct query_word key)
{
	return key.bytes == NULL ? NULL : mta_memory_find(&m->memory, kind, key.bytes, key.len);
}

static void remember(struct mta_log *m, enum mta_key_kind kind, struct query_word key)
{
	const struct addr address = address_of(&m->other);

	if (key.bytes != NULL)
		mta_memory_put(&m->memory, kind, key.bytes, key.len, &address, m->date.time.ns);
}

/* The client is who the session or message is of, where the line does not say. */
static void recall_other(struct mta_log *m, const struct mta_memo *memo)
{
	if (m->other.form == ENDPOINT_NONE && memo != NULL)
		endpoint_from_addr(&m->other, &memo->address);
}

/* Learn from the line. False: it makes no record, and says all it has to say by this. */
static bool learn(struct mta_log *m)
{
	const struct mta_text *t = &m->text;
	struct mta_memo *session = recall(m, MTA_KEY_SESSION, t->session);
	const struct mta_memo *sent;
	struct addr address;

	switch (t->what) {
	case MTA_CONNECTED:
		remember(m, MTA_KEY_SESSION, t->session);
		return false;
	case MTA_RECEIVED:
		recall_other(m, session);
		if (session != NULL)
			session->used = true;
		remember(m, MTA_KEY_RECEIVED, t->message);
		return true;
	case MTA_LEFT:
		recall_other(m, session);
		if (session == NULL || session->used)
			return false;
		session->used = true;
		return true;
	case MTA_HEADER:
		recall_other(m, recall(m, MTA_KEY_RECEIVED, t->message));
		return m->other.form != ENDPOINT_NONE;
	case MTA_SENT:
		sent = recall(m, MTA_KEY_SENT, t->message);
		address = address_of(&m->other);
		m->is_repeat = sent != NULL && addr_cmp(&sent->address, &address) == 0 &&
			       m->date.time.ns - sent->time_ns < REPEAT_NS;
		remember(m, MTA_KEY_SENT, t->message);
		return true;
	}
	return true;
}

bool mta_log_header(struct mta_log *m, mta_find *find, const uint8_t *line, size_t len)
{
	struct cursor c = cursor_of(line, len);

	m->is_repeat = false;
	m->text = (struct mta_text){ .what = MTA_CONNECTED };
	m->dated = read_date(&c, &m->date);
	if (!m->dated)
		return false;
	log_time_note(&m->time, &m->date);
	m->why = find(&c, &m->text);
	if (m->why == NULL && !find_other(m))
		m->why = "bad address";
	return m->why == NULL && !learn(m);
}

static bool is_loopback(const struct endpoint *e)
{
	static const uint8_t v6[16] = { [15] = 1 };

	return (e->form == ENDPOINT_V4 && e->bytes[0] == 127) ||
	       (e->form == ENDPOINT_V6 && memcmp(e->bytes, v6, sizeof(v6)) == 0);
}

static void add_facts(struct mta_log *m)
{
	const struct mta_text *t = &m->text;
	struct delivery *d = &m->delivery;

	if (t->name.bytes != NULL)
		delivery_name(d, t->name.bytes, t->name.len, &m->other);
	if (t->what == MTA_SENT)
		return; /* what follows would be of ourselves */
	if (t->helo.bytes != NULL)
		delivery_helo(d, t->helo.bytes, t->helo.len);
	if (t->message_id.bytes != NULL)
		delivery_message_id(d, t->message_id.bytes, t->message_id.len);
}

const char *mta_log_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct mta_log *m = state;
	const struct mta_text *t = &m->text;
	struct delivery *d = &m->delivery;
	struct endpoint here;
	struct stamp time;

	(void)line;
	(void)len;
	if (!m->dated)
		return "line without a date";
	if (m->why != NULL)
		return m->why;
	if (m->is_repeat)
		return "further recipient of a hand-over";
	if (is_loopback(&m->other))
		return "hand-over within the host";
	if (!log_time_of(&m->time, &m->date, &time))
		return "date without a year";
	if (t->here.bytes == NULL || !delivery_self(&here, t->here.bytes, t->here.len))
		here.form = ENDPOINT_NONE;
	delivery_begin(d, KIND_SMTP, time);
	if (m->other.form == ENDPOINT_NONE ||
	    !delivery_ends(d, t->what == MTA_SENT ? &here : &m->other,
		t->what == MTA_SENT ? &m->other : &here))
		return "no host on the line";
	if (t->reply.bytes != NULL)
		delivery_reply(d, t->reply.bytes, t->reply.len);
	add_facts(m);
	*ret = delivery_record(d);
	if (t->what == MTA_HEADER) {
		ret->contact = NULL;
		if (ret->fact_count == 0)
			return "Message-ID without a domain";
	}
	return NULL;
}
