/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any table that a user has a map of (table_map.h): a row is a query, and its answer where there
 * is an outcome. Times are those of log_time.h, or seconds, milliseconds, microseconds or
 * nanoseconds since 1970 UTC by their size. Where the target is an address, the row is a
 * connection to it.
 */
#include "evidence/log.h"
#include "evidence/table.h"

#define MILLI_DIGITS 13 /* of a time in milliseconds from the year 2001 on */
#define NANO_DIGITS  19

struct table_log {
	struct table table;
	struct log_time time;
	struct contact contact;
};

static const struct table_map no_map;

static int table_log_probe(const uint8_t *head, size_t len)
{
	/* nothing is a table by itself: the user says so, or recognizes it by its map */
	(void)head;
	(void)len;
	return 0;
}

static void table_log_begin(void *state)
{
	((struct table_log *)state)->table.map = &no_map;
}

static void table_log_attach(void *state, const struct hints *hints, struct health *health)
{
	struct table_log *t = state;

	t->time.hints = *hints;
	t->time.health = health;
	if (hints->map != NULL)
		t->table.map = hints->map;
}

static bool table_log_header(void *state, const uint8_t *line, size_t len)
{
	return table_header(&((struct table_log *)state)->table, line, len);
}

/* "1700000000123" and its like, which seconds cannot be. */
static bool read_fine_epoch(struct query_word word, struct stamp *ret)
{
	int64_t value = 0;

	if (word.len < MILLI_DIGITS || word.len > NANO_DIGITS)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		const int64_t digit = word.bytes[i] - '0';

		if (digit < 0 || digit > 9 || value > (INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	/* to the next of the four units */
	ret->digits = word.len == MILLI_DIGITS ? 3 : word.len <= MILLI_DIGITS + 3 ? 6 : 9;
	for (uint8_t i = ret->digits; i < 9; i++)
		if (__builtin_mul_overflow(value, 10, &value))
			return false;
	ret->ns = value;
	return true;
}

/* NULL, or what is wrong. */
static const char *read_time(struct table_log *t, struct stamp *ret)
{
	const struct query_word word = table_word(&t->table, TABLE_TIME);
	struct cursor c = cursor_of(word.bytes, word.len);
	struct log_date date;

	if (word.bytes == NULL)
		return "bad time";
	if (stamp_parse_epoch((const char *)word.bytes, word.len, ret) ||
	    read_fine_epoch(word, ret))
		return NULL;
	if (!log_date_read(&c, &date) || cursor_left(&c) > 0)
		return "bad time";
	return log_time_of(&t->time, &date, ret) ? NULL : "date without a year";
}

static bool read_outcome(struct query_word word, uint16_t *ret)
{
	uint32_t number = 0;

	if (contact_rcode_parse((const char *)word.bytes, word.len, ret))
		return true;
	if (word.len > 4)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (word.bytes[i] < '0' || word.bytes[i] > '9')
			return false;
		number = number * 10 + (uint32_t)(word.bytes[i] - '0');
	}
	*ret = (uint16_t)number;
	return true;
}

static const char *read_answer(const struct table *t, struct contact *c)
{
	const struct query_word outcome = table_word(t, TABLE_OUTCOME);
	uint32_t ttl;

	c->outcome = OUTCOME_NONE;
	c->seen = SEEN_QUERY;
	c->ttl = TTL_NONE;
	if (outcome.bytes == NULL)
		return NULL;
	if (!read_outcome(outcome, &c->outcome))
		return "bad response code";
	c->seen = SEEN_BOTH;
	if (table_number(t, TABLE_TTL, UINT32_MAX, &ttl))
		c->ttl = ttl > INT32_MAX ? 0 : ttl; /* RFC 2181 8 */
	return NULL;
}

static const char *table_log_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct table_log *t = state;
	struct contact *c = &t->contact;
	const char *why = table_row(&t->table, line, len);
	struct query_word target, peer, type;
	struct stamp time;

	if (why != NULL || (why = read_time(t, &time)) != NULL)
		return why;
	target = table_word(&t->table, TABLE_TARGET);
	peer = table_word(&t->table, TABLE_PEER);
	type = table_word(&t->table, TABLE_TYPE);
	*c = (struct contact){
		.time_ns = time.ns, .digits = time.digits, .direction = DIRECTION_OUT, .txid = -1
	};
	if (target.bytes == NULL ||
	    !endpoint_parse(&c->target, (const char *)target.bytes, target.len))
		return "bad query name";
	if (peer.bytes != NULL && !endpoint_parse(&c->peer, (const char *)peer.bytes, peer.len))
		return "bad address";
	c->kind = c->target.form == ENDPOINT_NAME ? KIND_DNS : KIND_CONN;
	if (c->kind == KIND_DNS && type.bytes != NULL && !query_word_type(type, &c->type))
		return "bad query type";
	*ret = (struct record){ .contact = c };
	return read_answer(&t->table, c);
}

static const struct log_kind table_log_kind = {
	.state_bytes = sizeof(struct table_log),
	.open_ended = true, /* the last column may be an address, a name, a number */
	.begin = table_log_begin,
	.attach = table_log_attach,
	.header = table_log_header,
	.row = table_log_row,
};

static bool table_log_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&table_log_kind, s, h, ret, reterr);
}

const struct reader_format reader_table = {
	.name = "table",
	.about = "a table whose columns --columns names",
	.probe = table_log_probe,
	.open = table_log_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
};
