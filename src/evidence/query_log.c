/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of a query log becomes a contact, or a fact where it only says what a name has. */
#include "evidence/query_log.h"

#include <stdio.h>
#include <string.h>

#include "evidence/log.h"
#include "wire/dns_msg.h"

#define WORDS_PASSED 8 /* host, program[pid]:, category:, severity:, and what a shipper adds */

bool query_word_seek(struct cursor *line, const char *text)
{
	for (int i = 0; i < WORDS_PASSED; i++) {
		struct query_word word = query_word_next(line);

		if (word.bytes == NULL)
			return false;
		if (query_word_is(word, text))
			return true;
	}
	return false;
}

bool query_word_cut(struct query_word *word, uint8_t stop)
{
	const uint8_t *at = word->bytes == NULL ? NULL : memchr(word->bytes, stop, word->len);

	if (at == NULL)
		return false;
	word->len = (size_t)(at - word->bytes);
	return true;
}

bool query_word_span(struct cursor *line, const char *text, struct query_word *ret_before,
    struct query_word *ret_behind)
{
	struct query_word word = query_word_next(line);
	const uint8_t *first = word.bytes;
	struct query_word last = word;
	bool found = false;

	/* who asks chooses the name, and may put the word in it: what counts is the last one */
	for (; word.bytes != NULL; last = word, word = query_word_next(line)) {
		struct cursor ahead = *line;
		struct query_word behind = query_word_next(&ahead);

		if (word.bytes == first || behind.bytes == NULL || !query_word_is(word, text))
			continue;
		*ret_before = (struct query_word){ first, (size_t)(last.bytes - first) + last.len };
		*ret_behind = behind;
		found = true;
	}
	return found;
}

struct query_word query_word_host(struct query_word word)
{
	const uint8_t *colon = word.bytes == NULL ? NULL : memchr(word.bytes, ':', word.len);
	struct query_word host = word;

	if (colon == NULL)
		return word;
	if (word.bytes[0] == '[') {
		host = (struct query_word){ &word.bytes[1], word.len - 1 };
		return query_word_cut(&host, ']') ? host : word;
	}
	/* two colons are an IPv6 address without a port */
	if (memchr(colon + 1, ':', word.len - (size_t)(colon - word.bytes) - 1) == NULL)
		host.len = (size_t)(colon - word.bytes);
	return host;
}

int query_log_probe(query_find *find, const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	const uint8_t *bytes;
	bool first = true;
	size_t line_len;

	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);
		struct query_text text = { .peer = { .bytes = NULL } };
		struct log_date date;

		if (log_date_read(&line, &date) && find(&line, &text) == NULL)
			return first ? 85 : 60;
		first = false;
	}
	return 0;
}

void query_log_attach(void *state, const struct hints *hints, struct health *health)
{
	struct query_log *q = state;

	q->time.hints = *hints;
	q->time.health = health;
}

bool query_log_header(void *state, const uint8_t *line, size_t len)
{
	struct query_log *q = state;
	struct cursor c = cursor_of(line, len);

	q->dated = log_date_read(&c, &q->date);
	q->date_len = c.pos;
	if (q->dated)
		log_time_note(&q->time, &q->date);
	return false;
}

enum vantage query_log_vantage(const struct reader *r)
{
	const struct query_log *q = log_state(r);

	return vantage_of_votes(&q->votes);
}

/* Back to the query, in the digits that the log has. */
static void step_back(struct stamp *time, struct query_word took)
{
	struct stamp back;
	int64_t unit = NS_PER_S;

	if (!stamp_parse_epoch((const char *)took.bytes, took.len, &back) || back.ns < 0 ||
	    back.ns > NS_PER_DAY)
		return;
	for (uint8_t i = 0; i < time->digits; i++)
		unit /= 10;
	/* a time in whole units less half of one would always end up in the unit before */
	time->ns -= (back.ns + unit / 2) / unit * unit;
}

bool query_word_type(struct query_word word, uint16_t *ret)
{
	char numbered[CONTACT_WORD_MAX];
	int len;

	if (contact_type_parse((const char *)word.bytes, word.len, ret))
		return true;
	if (word.len > 5)
		return false;
	len = snprintf(
	    numbered, sizeof(numbered), "TYPE%.*s", (int)word.len, (const char *)word.bytes);
	return len > 0 && contact_type_parse(numbered, (size_t)len, ret);
}

/* The name as written by whoever wrote each backslash twice. */
static bool read_doubled_name(struct endpoint *e, struct query_word word)
{
	char name[ENDPOINT_TEXT_MAX];
	size_t len = 0;

	if (word.len > sizeof(name))
		return false;
	for (size_t i = 0; i < word.len; i++) {
		name[len++] = (char)word.bytes[i];
		if (word.bytes[i] == '\\' && i + 1 < word.len && word.bytes[i + 1] == '\\')
			i++;
	}
	return endpoint_from_name(e, name, len);
}

static bool read_name(struct endpoint *e, const struct query_text *text)
{
	return text->doubled
		   ? read_doubled_name(e, text->name)
		   : endpoint_from_name(e, (const char *)text->name.bytes, text->name.len);
}

static const char *read_contact(
    struct query_log *q, const struct query_text *text, struct stamp time)
{
	struct contact *c = &q->contact;
	struct addr peer;

	if (!addr_memo_parse(&q->memo, (const char *)text->peer.bytes, text->peer.len, &peer))
		return "bad address";
	if (!read_name(&c->target, text))
		return "bad query name";
	if (!query_word_type(text->type, &c->type))
		return "bad query type";
	c->outcome = OUTCOME_NONE;
	c->seen = SEEN_QUERY;
	if (text->rcode.bytes != NULL) {
		if (!contact_rcode_parse(
			(const char *)text->rcode.bytes, text->rcode.len, &c->outcome))
			return "bad response code";
		c->seen = SEEN_BOTH;
	}
	if (text->took.bytes != NULL)
		step_back(&time, text->took);
	endpoint_from_addr(&c->peer, &peer);
	c->time_ns = time.ns;
	c->digits = time.digits;
	c->kind = KIND_DNS;
	c->direction = DIRECTION_OUT;
	c->ttl = TTL_NONE;
	c->txid = -1; /* such logs do not pair by it */
	q->votes.of[text->vantage]++;
	return NULL;
}

static const char *read_fact(struct query_log *q, const struct query_text *text, struct stamp time)
{
	struct fact *f = &q->fact;
	struct addr data;

	if (!addr_memo_parse(&q->memo, (const char *)text->data.bytes, text->data.len, &data))
		return "answer without an address";
	if (!read_name(&f->owner, text))
		return "bad answer name";
	endpoint_from_addr(&f->data, &data);
	f->type = data.len == 4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
	f->ttl = TTL_NONE;
	f->count = 1;
	f->first_ns = time.ns;
	f->last_ns = time.ns;
	f->digits = time.digits;
	return NULL;
}

const char *query_log_take(struct query_log *q, const struct query_text *text,
    const struct log_date *date, struct record *ret)
{
	struct log_date better = *date;
	struct stamp time;

	if (text->when.bytes != NULL) {
		better = (struct log_date){ .zoned = true };
		if (!stamp_parse_epoch(
			(const char *)text->when.bytes, text->when.len, &better.time))
			return "bad time";
	}
	if (!log_time_of(&q->time, &better, &time))
		return "date without a year";
	if (text->data.bytes != NULL) {
		*ret = (struct record){ .facts = &q->fact, .fact_count = 1 };
		return read_fact(q, text, time);
	}
	*ret = (struct record){ .contact = &q->contact };
	return read_contact(q, text, time);
}

const char *query_log_row(
    struct query_log *q, query_find *find, const uint8_t *line, size_t len, struct record *ret)
{
	struct cursor c = cursor_of(&line[q->date_len], len - q->date_len);
	struct query_text text = { .peer = { .bytes = NULL } };
	const char *why;

	if (!q->dated)
		return "line without a date";
	why = find(&c, &text);
	return why != NULL ? why : query_log_take(q, &text, &q->date, ret);
}
