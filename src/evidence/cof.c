/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passive DNS in the Common Output Format (draft-dulaunoy-dnsop-passive-dns-cof), an object a line:
 *
 *	{"rrname":"www.example.com","rrtype":"A","rdata":"192.0.2.1","time_first":1298398002,
 *	    "time_last":1389022792,"count":127814}
 *
 * rdata may be an array; DNSDB has zone_time_first and zone_time_last where it knows a record
 * from a zone file, and puts objects of its streams into "obj". A row gives facts and never a
 * contact: who asked, and when, is lost in it. COF can support succession, never rhythm.
 */
#include "base/limits.h"
#include "evidence/log.h"
#include "evidence/query_log.h"
#include "evidence/rdata_text.h"
#include "wire/json_line.h"

#define NAME_MAX_BYTES 1280 /* of a name, each octet escaped */
#define DATA_MAX_BYTES 4096 /* of data of the types that are kept: two names and numbers */

enum slot {
	SLOT_RRNAME,
	SLOT_RRTYPE,
	SLOT_RDATA,
	SLOT_FIRST,
	SLOT_LAST,
	SLOT_ZONE_FIRST,
	SLOT_ZONE_LAST,
	SLOT_COUNT,
	SLOT_OBJ,
	SLOTS,
};

static const struct json_key wanted_keys[] = {
	{ "rrname", SLOT_RRNAME },
	{ "rrtype", SLOT_RRTYPE },
	{ "rdata", SLOT_RDATA },
	{ "time_first", SLOT_FIRST },
	{ "time_last", SLOT_LAST },
	{ "zone_time_first", SLOT_ZONE_FIRST },
	{ "zone_time_last", SLOT_ZONE_LAST },
	{ "count", SLOT_COUNT },
	{ "obj", SLOT_OBJ },
};

struct cof {
	struct json_keys keys;
	struct json_value values[SLOTS];
	uint8_t name[NAME_MAX_BYTES];
	uint8_t data[DATA_MAX_BYTES];
	size_t fact_count;
	struct fact facts[LIMIT_LOG_ANSWERS];
};

static bool is_row(const struct json_value v[static SLOTS])
{
	return v[SLOT_RRNAME].kind == JSON_STRING &&
	       (v[SLOT_RRTYPE].kind == JSON_STRING || v[SLOT_RRTYPE].kind == JSON_NUMBER) &&
	       (v[SLOT_RDATA].kind == JSON_STRING || v[SLOT_RDATA].kind == JSON_ARRAY);
}

/* The object of the line, or the one inside it. NULL, or why there is none. */
static const char *read_object(
    struct json_keys *keys, const uint8_t *line, size_t len, struct json_value v[static SLOTS])
{
	struct cursor c = cursor_of(line, len);

	if (!json_line_read(keys, &c, v))
		return c.err;
	if (v[SLOT_OBJ].kind == JSON_OBJECT) {
		c = cursor_of(v[SLOT_OBJ].bytes, v[SLOT_OBJ].len);
		if (!json_line_read(keys, &c, v))
			return c.err;
	}
	return is_row(v) ? NULL : "no COF record";
}

/* By the first lines: 88 if the first is a record, 40 if only another one is. */
static int cof_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct json_value values[SLOTS];
	struct json_keys keys;
	const uint8_t *bytes;
	bool first = true;
	size_t line_len;

	json_keys_init(&keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		if (read_object(&keys, bytes, line_len, values) == NULL)
			return first ? 88 : 40;
		first = false;
	}
	return 0;
}

/* The first of two keys that is there. */
static bool read_time(
    const struct json_value *v, const struct json_value *otherwise, struct stamp *ret)
{
	const struct json_value *one = v->kind == JSON_ABSENT ? otherwise : v;

	return (one->kind == JSON_NUMBER || one->kind == JSON_STRING) &&
	       stamp_parse_epoch((const char *)one->bytes, one->len, ret);
}

/* Sightings; a number too large to count is many, and none told is one. */
static uint64_t count_of(const struct json_value *v)
{
	uint32_t count;

	if (v->kind != JSON_NUMBER)
		return 1;
	return json_whole(v, UINT32_MAX, &count) ? (count > 0 ? count : 1) : UINT32_MAX;
}

/* What all facts of the row share. NULL, or what is wrong. */
static const char *read_common(struct cof *o, struct fact *f)
{
	const struct json_value *v = o->values;
	const uint8_t *name;
	struct stamp first;
	struct stamp last;
	size_t len;

	if (!json_text(&v[SLOT_RRNAME], o->name, sizeof(o->name), &name, &len) ||
	    !(len == 0 ? endpoint_from_name(&f->owner, ".", 1)
		       : endpoint_from_name(&f->owner, (const char *)name, len)))
		return "bad record name";
	if (!query_word_type(
		(struct query_word){ v[SLOT_RRTYPE].bytes, v[SLOT_RRTYPE].len }, &f->type))
		return "bad record type";
	if (!read_time(&v[SLOT_FIRST], &v[SLOT_ZONE_FIRST], &first) ||
	    !read_time(&v[SLOT_LAST], &v[SLOT_ZONE_LAST], &last) || first.ns > last.ns)
		return "bad time";
	f->first_ns = first.ns;
	f->last_ns = last.ns;
	f->digits = first.digits > last.digits ? first.digits : last.digits;
	f->ttl = TTL_NONE;
	f->count = count_of(&v[SLOT_COUNT]);
	return NULL;
}

static void add_data(struct cof *o, const struct fact *common, const struct json_value *data)
{
	struct fact *f = &o->facts[o->fact_count];
	const uint8_t *text;
	size_t len;

	*f = *common;
	if (json_text(data, o->data, sizeof(o->data), &text, &len) &&
	    rdata_text_read(f, (const char *)text, len))
		o->fact_count++;
}

static const char *cof_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct cof *o = state;
	struct fact common = { .type = 0 };
	const char *why = read_object(&o->keys, line, len, o->values);
	struct json_value data;
	struct cursor c;

	if (why == NULL)
		why = read_common(o, &common);
	if (why != NULL)
		return why;
	o->fact_count = 0;
	if (o->values[SLOT_RDATA].kind == JSON_STRING) {
		add_data(o, &common, &o->values[SLOT_RDATA]);
	} else {
		c = json_array_open(&o->values[SLOT_RDATA]);
		while (o->fact_count < LIMIT_LOG_ANSWERS && json_array_next(&c, &data))
			add_data(o, &common, &data);
	}
	*ret = (struct record){ .facts = o->facts, .fact_count = o->fact_count };
	return o->fact_count > 0 ? NULL : "record of a type that is not kept";
}

static void cof_begin(void *state)
{
	struct cof *o = state;

	json_keys_init(&o->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
}

static const struct log_kind cof_kind = {
	.state_bytes = sizeof(struct cof),
	.begin = cof_begin,
	.row = cof_row,
};

static bool cof_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&cof_kind, s, h, ret, reterr);
}

static enum vantage cof_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_PASSIVE;
}

const struct reader_format reader_cof = {
	.name = "cof",
	.about = "passive DNS in Common Output Format: facts alone",
	.facts_alone = true,
	.probe = cof_probe,
	.open = cof_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = cof_vantage,
};
