/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log of passivedns (gamelinux), a record of an answer a line:
 *
 *	TIME||CLIENT||SERVER||CLASS||NAME||TYPE||DATA||TTL||COUNT
 *	1322849924.408856||192.0.2.7||192.0.2.53||IN||www.example.com.||A||192.0.2.1||46587||5
 *
 * The program writes a record when it is new, and then at most once a day by its defaults, with
 * the number of times it was seen since. So a line tells neither who asked in between nor when:
 * it gives a fact, which can support succession, and never a contact or a rhythm.
 */
#include "evidence/log.h"
#include "evidence/query_log.h"
#include "evidence/rdata_text.h"

enum field {
	FIELD_TIME,
	FIELD_CLIENT,
	FIELD_SERVER,
	FIELD_CLASS,
	FIELD_NAME,
	FIELD_TYPE,
	FIELD_DATA,
	FIELD_TTL,
	FIELD_COUNT,
	FIELDS,
};

struct passivedns {
	struct fact fact;
};

/* Cut the line at each "||". False: too few, or too many. */
static bool cut_fields(const uint8_t *line, size_t len, struct query_word ret[static FIELDS])
{
	size_t begin = 0;
	size_t n = 0;

	for (size_t at = 0; at + 1 < len; at++) {
		if (line[at] != '|' || line[at + 1] != '|')
			continue;
		if (n == FIELDS - 1)
			return false;
		ret[n++] = (struct query_word){ &line[begin], at - begin };
		begin = at + 2;
		at++;
	}
	ret[n++] = (struct query_word){ &line[begin], len - begin };
	return n == FIELDS;
}

static bool read_stamp(struct query_word word, struct stamp *ret)
{
	return stamp_parse_epoch((const char *)word.bytes, word.len, ret);
}

static bool read_whole(struct query_word word, int64_t max, int64_t *ret)
{
	struct stamp s;

	if (!read_stamp(word, &s) || s.digits != 0 || s.ns < 0 || s.ns / NS_PER_S > max)
		return false;
	*ret = s.ns / NS_PER_S;
	return true;
}

/* By the first lines: 90 if the first is a row, 40 if only another one is. */
static int passivedns_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct query_word fields[FIELDS];
	const uint8_t *bytes;
	bool first = true;
	struct stamp time;
	size_t line_len;

	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		if (cut_fields(bytes, line_len, fields) && read_stamp(fields[FIELD_TIME], &time))
			return first ? 90 : 40;
		/* older ones begin with a line that names the fields */
		first = first && bytes[0] == '#';
	}
	return 0;
}

static bool passivedns_header(void *state, const uint8_t *line, size_t len)
{
	(void)state;
	return len > 0 && line[0] == '#';
}

static const char *passivedns_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct fact *f = &((struct passivedns *)state)->fact;
	struct query_word w[FIELDS];
	struct stamp time;
	int64_t count;
	int64_t ttl;

	if (!cut_fields(line, len, w))
		return "line of another kind";
	if (!read_stamp(w[FIELD_TIME], &time))
		return "bad time";
	if (!query_word_is(w[FIELD_CLASS], "IN"))
		return "class is not IN";
	if (!query_word_type(w[FIELD_TYPE], &f->type))
		return "bad record type";
	if (!endpoint_from_name(&f->owner, (const char *)w[FIELD_NAME].bytes, w[FIELD_NAME].len))
		return "bad record name";
	if (query_word_is(w[FIELD_DATA], "NXDOMAIN") || query_word_is(w[FIELD_DATA], "SERVFAIL"))
		return "failure, no record";
	if (!rdata_text_read(f, (const char *)w[FIELD_DATA].bytes, w[FIELD_DATA].len))
		return "record of a type that is not kept";
	if (!read_whole(w[FIELD_TTL], UINT32_MAX, &ttl) ||
	    !read_whole(w[FIELD_COUNT], UINT32_MAX, &count))
		return "bad number";
	f->ttl = ttl > INT32_MAX ? 0 : (uint32_t)ttl; /* RFC 2181 8 */
	f->count = count > 0 ? (uint64_t)count : 1;
	f->first_ns = f->last_ns = time.ns;
	f->digits = time.digits;
	*ret = (struct record){ .facts = f, .fact_count = 1 };
	return NULL;
}

static const struct log_kind passivedns_kind = {
	.state_bytes = sizeof(struct passivedns),
	.open_ended = true, /* the count is last, and any part of it is a number */
	.header = passivedns_header,
	.row = passivedns_row,
};

static bool passivedns_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&passivedns_kind, s, h, ret, reterr);
}

static enum vantage passivedns_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_PASSIVE;
}

const struct reader_format reader_passivedns = {
	.name = "passivedns",
	.about = "the log of passivedns: facts alone",
	.facts_alone = true,
	.probe = passivedns_probe,
	.open = passivedns_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = passivedns_vantage,
};
