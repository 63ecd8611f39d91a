/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an EVE dns event says, by the format that Suricata documents; version 1 was held against its
 * writer (src/output-json-dns.c of Suricata 4), versions 2 and 3 were not:
 *
 *	version 1    a query:  type "query", id, rrname, rrtype
 *	             each record of a response by itself: type "answer", id, rcode, rrname, rrtype,
 *	             ttl, rdata. rrname is the record's owner: of the first one it is the name
 *	             asked for; that type is not told. The records of one response share time,
 *	             ends and id, and stand together.
 *	version 2    the query as before; the response whole: type "answer", rrname and rrtype of the
 *	             question, answers[] with an object a record, or grouped{} with an array of data a
 *	             type, or both; authorities[]
 *	version 3    type "request" and "response"; questions in queries[]
 *
 * A query does not tell its version, if it is below 3. src_ip is the client in queries, and in
 * responses the responder in version 3; below that it depends on the release. The port decides:
 * the side at a port of DNS is the server.
 *
 * Pairing leaves out the type, which a response of version 1 does not tell.
 */
#include "evidence/eve_dns.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "evidence/exchange.h"
#include "evidence/message.h"
#include "wire/dns_msg.h"
#include "wire/port.h"

enum slot {
	SLOT_VERSION,
	SLOT_TYPE,
	SLOT_ID,
	SLOT_OPCODE,
	SLOT_RD,
	SLOT_FLAGS,
	SLOT_RCODE,
	SLOT_RRNAME,
	SLOT_RRTYPE,
	SLOT_TTL,
	SLOT_RDATA,
	SLOT_QUERIES,
	SLOT_ANSWERS,
	SLOT_GROUPED,
	SLOT_AUTHORITIES,
	SLOT_SOA,
	SLOT_SRV,
	SLOTS,
};

/* Of the event, and of a record in answers[], whose keys are some of these. */
static const struct json_key wanted_keys[] = {
	{ "version", SLOT_VERSION },
	{ "type", SLOT_TYPE },
	{ "id", SLOT_ID },
	{ "opcode", SLOT_OPCODE },
	{ "rd", SLOT_RD },
	{ "flags", SLOT_FLAGS },
	{ "rcode", SLOT_RCODE },
	{ "rrname", SLOT_RRNAME },
	{ "rrtype", SLOT_RRTYPE },
	{ "ttl", SLOT_TTL },
	{ "rdata", SLOT_RDATA },
	{ "queries", SLOT_QUERIES },
	{ "answers", SLOT_ANSWERS },
	{ "grouped", SLOT_GROUPED },
	{ "authorities", SLOT_AUTHORITIES },
	{ "soa", SLOT_SOA },
	{ "srv", SLOT_SRV },
};

enum data_slot {
	DATA_MNAME,
	DATA_MINIMUM,
	DATA_NAME,
	DATA_PRIORITY,
	DATA_WEIGHT,
	DATA_PORT,
	DATA_SLOTS,
};

/* Of the objects soa and srv. */
static const struct json_key data_keys[] = {
	{ "mname", DATA_MNAME },
	{ "minimum", DATA_MINIMUM },
	{ "name", DATA_NAME },
	{ "priority", DATA_PRIORITY },
	{ "weight", DATA_WEIGHT },
	{ "port", DATA_PORT },
};

/* Of grouped, in the order in which owners follow from each other: aliases first. */
static const struct json_key grouped_keys[] = {
	{ "CNAME", 0 },
	{ "A", 1 },
	{ "AAAA", 2 },
	{ "NS", 3 },
	{ "PTR", 4 },
	{ "MX", 5 },
};

static const uint16_t grouped_types[COUNT_OF(grouped_keys)] = { DNS_TYPE_CNAME, DNS_TYPE_A,
	DNS_TYPE_AAAA, DNS_TYPE_NS, DNS_TYPE_PTR, DNS_TYPE_MX };

#define TEXT_MAX 1280 /* a name of 255 octets with each of them as \xHH */

struct eve_dns {
	struct exchange *exchange;
	struct exchange_origin origin; /* of the event under way; before, of the one before */
	uint16_t id;
	uint32_t version;
	bool is_response;
	bool is_starved; /* out of memory, which eve_dns_next() says */
	struct json_keys keys;
	struct json_keys record_keys;
	struct json_keys data_keys;
	struct json_keys grouped_keys;
	struct json_value values[SLOTS];
	uint8_t room[TEXT_MAX];
};

bool eve_dns_new(struct health *health, struct eve_dns **ret, struct err *reterr)
{
	struct eve_dns *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		err_set_memory(reterr);
		return false;
	}
	json_keys_init(&d->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	json_keys_init(&d->record_keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	json_keys_init(&d->data_keys, data_keys, COUNT_OF(data_keys), DATA_SLOTS);
	json_keys_init(
	    &d->grouped_keys, grouped_keys, COUNT_OF(grouped_keys), COUNT_OF(grouped_keys));
	if (!exchange_new(health, &d->exchange, reterr)) {
		eve_dns_free(d);
		return false;
	}
	*ret = d;
	return true;
}

void eve_dns_nest(struct eve_dns *d, struct json_keys *event_keys, unsigned slot)
{
	json_keys_nest(event_keys, slot, &d->keys, d->values);
}

void eve_dns_free(struct eve_dns *d)
{
	if (d == NULL)
		return;
	exchange_free(d->exchange);
	free(d);
}

/* ---- values ---- */

static bool read_text(
    struct eve_dns *d, const struct json_value *v, const char **ret, size_t *ret_len)
{
	const uint8_t *bytes;

	if (!json_text(v, d->room, sizeof(d->room), &bytes, ret_len))
		return false;
	*ret = (const char *)bytes;
	return true;
}

/* A name: the root is the empty text. */
static bool read_name(struct eve_dns *d, const struct json_value *v, struct endpoint *ret)
{
	const char *text;
	size_t len;

	if (!read_text(d, v, &text, &len))
		return false;
	return len == 0 ? endpoint_from_name(ret, ".", 1) : endpoint_from_name(ret, text, len);
}

/* "A", "TYPE65", and "65" as some releases write a type that they do not know. */
static bool read_type(struct eve_dns *d, const struct json_value *v, uint16_t *ret)
{
	struct json_value number = *v;
	const char *text;
	uint32_t value;
	size_t len;

	number.kind = JSON_NUMBER;
	if ((v->kind == JSON_STRING || v->kind == JSON_NUMBER) && v->len > 0 &&
	    json_whole(&number, UINT16_MAX, &value)) {
		*ret = (uint16_t)value;
		return true;
	}
	return read_text(d, v, &text, &len) && contact_type_parse(text, len, ret);
}

static bool read_object(struct json_keys *keys, const struct json_value *v, struct json_value *ret)
{
	struct cursor c = cursor_of(v->bytes, v->len);

	return v->kind == JSON_OBJECT && json_line_read(keys, &c, ret);
}

/* ---- facts ---- */

static uint32_t number_or(const struct json_value *v, uint32_t max, uint32_t otherwise)
{
	uint32_t value;

	return json_whole(v, max, &value) ? value : otherwise;
}

/* The data of a record, by its type. False: not one that is kept, or it cannot be read. */
static bool read_data(
    struct eve_dns *d, const struct json_value record[static SLOTS], struct fact *f)
{
	struct json_value data[DATA_SLOTS];
	const struct json_value *text = &record[SLOT_RDATA];
	struct addr addr;

	switch (f->type) {
	case DNS_TYPE_A:
	case DNS_TYPE_AAAA:
		if (text->kind != JSON_STRING ||
		    !addr_parse((const char *)text->bytes, text->len, &addr) ||
		    (addr.len == 4) != (f->type == DNS_TYPE_A))
			return false;
		endpoint_from_addr(&f->data, &addr);
		return true;
	case DNS_TYPE_SOA:
		if (!read_object(&d->data_keys, &record[SLOT_SOA], data) ||
		    !json_whole(&data[DATA_MINIMUM], UINT32_MAX, &f->extra))
			return false;
		return read_name(d, &data[DATA_MNAME], &f->data);
	case DNS_TYPE_SRV:
		if (!read_object(&d->data_keys, &record[SLOT_SRV], data))
			return false;
		f->extra = number_or(&data[DATA_PRIORITY], UINT16_MAX, 0) << 16 |
			   number_or(&data[DATA_WEIGHT], UINT16_MAX, 0);
		f->port = (uint16_t)number_or(&data[DATA_PORT], UINT16_MAX, 0);
		return read_name(d, &data[DATA_NAME], &f->data);
	case DNS_TYPE_CNAME:
	case DNS_TYPE_DNAME:
	case DNS_TYPE_NS:
	case DNS_TYPE_PTR:
	case DNS_TYPE_MX:
		return read_name(d, text, &f->data);
	default:
		return false;
	}
}

static void add_fact(struct eve_dns *d, struct message *m, const struct fact *fact)
{
	struct fact *f;

	if (m->fact_count >= LIMIT_LOG_ANSWERS)
		return;
	f = message_add_fact(m);
	if (f == NULL) {
		d->is_starved = true;
		return;
	}
	*f = *fact;
	f->count = 1;
	f->first_ns = f->last_ns = d->origin.time_ns;
	f->digits = d->origin.digits;
}

static bool owns(const struct endpoint *owner, const struct dns_name *name)
{
	return owner->len == name->len && memcmp(owner->bytes, name->bytes, name->len) == 0;
}

static void give_ttl(struct message *m, const struct endpoint *owner, uint32_t ttl)
{
	for (size_t i = 0; i < m->question_count; i++)
		if (m->questions[i].ttl == TTL_NONE &&
		    (owner == NULL || owns(owner, &m->questions[i].q.name)))
			m->questions[i].ttl = ttl;
}

/* A record with its owner, in an object of its own or as an answer of version 1. */
static void take_record(struct eve_dns *d, struct message *m,
    const struct json_value record[static SLOTS], bool is_answer)
{
	struct fact f = { .ttl = number_or(&record[SLOT_TTL], INT32_MAX, TTL_NONE) };

	if (!read_name(d, &record[SLOT_RRNAME], &f.owner) ||
	    !read_type(d, &record[SLOT_RRTYPE], &f.type))
		return;
	if (is_answer)
		give_ttl(m, &f.owner, f.ttl);
	if (!read_data(d, record, &f) || (!is_answer && f.type != DNS_TYPE_SOA))
		return;
	add_fact(d, m, &f);
	/* a negative answer holds for the lesser of the two (RFC 2308 5) */
	if (!is_answer)
		give_ttl(m, NULL, f.ttl < f.extra ? f.ttl : f.extra);
}

static void take_records(
    struct eve_dns *d, struct message *m, const struct json_value *array, bool is_answer)
{
	struct cursor c = json_array_open(array);
	struct json_value record[SLOTS];
	struct json_value v;

	for (size_t i = 0;
	     i < LIMIT_LOG_ANSWERS && json_array_next_object(&c, &d->record_keys, record, &v); i++)
		if (v.kind == JSON_OBJECT)
			take_record(d, m, record, is_answer);
}

/* Data by type, without owner and TTL: aliases lead on from the name asked for, as they stand. */
static void take_grouped(struct eve_dns *d, struct message *m, const struct endpoint *name)
{
	struct json_value groups[COUNT_OF(grouped_keys)];
	struct json_value record[SLOTS] = { { .kind = JSON_ABSENT } };
	struct fact f = { .owner = *name, .ttl = TTL_NONE };

	if (!read_object(&d->grouped_keys, &d->values[SLOT_GROUPED], groups))
		return;
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct cursor c = json_array_open(&groups[i]);

		f.type = grouped_types[i];
		while (
		    m->fact_count < LIMIT_LOG_ANSWERS && json_array_next(&c, &record[SLOT_RDATA])) {
			if (!read_data(d, record, &f))
				continue;
			add_fact(d, m, &f);
			if (f.type == DNS_TYPE_CNAME)
				f.owner = f.data;
		}
	}
}

/* ---- messages ---- */

/* One question. NULL, or what is wrong with it. */
static const char *add_question(struct eve_dns *d, struct message *m, const struct json_value *name,
    const struct json_value *type)
{
	struct message_question *at = &m->questions[m->question_count];
	struct endpoint e;

	if (name->kind == JSON_ABSENT || name->kind == JSON_NULL)
		return "no query name";
	if (!read_name(d, name, &e))
		return "bad query name";
	at->q.type = 0;
	if (type->kind != JSON_ABSENT && !read_type(d, type, &at->q.type))
		return "bad query type";
	/* an answer of version 1 has the type of its record */
	if (d->is_response && d->version == 1)
		at->q.type = 0;
	at->q.class = DNS_CLASS_IN;
	at->q.name.len = e.len;
	memcpy(at->q.name.bytes, e.bytes, e.len);
	at->ttl = TTL_NONE;
	m->question_count++;
	return NULL;
}

static const char *read_questions(struct eve_dns *d, struct message *m)
{
	const struct json_value *queries = &d->values[SLOT_QUERIES];
	struct json_value record[SLOTS];
	struct cursor c = json_array_open(queries);
	struct json_value v;
	const char *why = "no query name";

	if (queries->kind != JSON_ARRAY)
		return add_question(d, m, &d->values[SLOT_RRNAME], &d->values[SLOT_RRTYPE]);
	while (m->question_count < LIMIT_QUESTIONS &&
	       json_array_next_object(&c, &d->record_keys, record, &v)) {
		if (v.kind != JSON_OBJECT)
			return "bad query name";
		why = add_question(d, m, &record[SLOT_RRNAME], &record[SLOT_RRTYPE]);
		if (why != NULL)
			return why;
	}
	return why;
}

/* Type, version, ID, flags and response code. NULL, or why it is no message. */
static const char *read_header(struct eve_dns *d, struct message *m)
{
	const struct json_value *v = d->values;
	const char *text;
	uint32_t id = 0;
	size_t len;

	d->version = number_or(&v[SLOT_VERSION], UINT32_MAX, 1);
	d->is_response =
	    json_is_text(&v[SLOT_TYPE], "answer") || json_is_text(&v[SLOT_TYPE], "response");
	if (!d->is_response && !json_is_text(&v[SLOT_TYPE], "query") &&
	    !json_is_text(&v[SLOT_TYPE], "request"))
		return "DNS event of a type not known";
	if (v[SLOT_ID].kind != JSON_ABSENT && !json_whole(&v[SLOT_ID], UINT16_MAX, &id))
		return "bad transaction ID";
	if (number_or(&v[SLOT_OPCODE], UINT32_MAX, 0) != 0)
		return "opcode is not query";
	m->id = (uint16_t)id;
	m->is_response = d->is_response;
	/* a flag that is not set is not written; one of version 1 or 2 has none in queries */
	m->has_flags = v[SLOT_FLAGS].kind == JSON_STRING;
	m->recursion_desired = v[SLOT_RD].kind == JSON_TRUE;
	m->outcome = OUTCOME_NONE;
	if (d->is_response && (!read_text(d, &v[SLOT_RCODE], &text, &len) ||
				  !contact_rcode_parse(text, len, &m->outcome)))
		return "bad response code";
	return NULL;
}

/* Is the source of a response its responder? */
static bool is_from_server(const struct eve_event *e, uint32_t version)
{
	const bool source = port_is_dns(e->source_port);

	return source != port_is_dns(e->destination_port) ? source : version >= 3;
}

static void fill_origin(struct exchange_origin *o, const struct eve_event *e, bool is_reversed)
{
	*o = (struct exchange_origin){
		.source = is_reversed ? e->destination : e->source,
		.destination = is_reversed ? e->source : e->destination,
		.source_port = is_reversed ? e->destination_port : e->source_port,
		.destination_port = is_reversed ? e->source_port : e->destination_port,
		.time_ns = e->time.ns,
		.asked_ns = e->time.ns,
		.digits = e->time.digits,
		.kind = exchange_kind(e->source_port, e->destination_port),
		.transport = e->is_tcp,
		.is_untyped = true,
	};
}

static bool is_same_message(const struct exchange_origin *a, const struct exchange_origin *b)
{
	return a->time_ns == b->time_ns && a->source_port == b->source_port &&
	       a->destination_port == b->destination_port && a->transport == b->transport &&
	       addr_cmp(&a->source, &b->source) == 0 &&
	       addr_cmp(&a->destination, &b->destination) == 0;
}

/* The records of a response, in whichever form they came. */
static void read_answers(struct eve_dns *d, struct message *m)
{
	const struct json_value *v = d->values;
	struct endpoint name;

	if (d->version == 1)
		take_record(d, m, v, true);
	else if (v[SLOT_ANSWERS].kind == JSON_ARRAY)
		take_records(d, m, &v[SLOT_ANSWERS], true);
	else if (read_name(d, &v[SLOT_RRNAME], &name))
		take_grouped(d, m, &name);
	if (v[SLOT_AUTHORITIES].kind == JSON_ARRAY)
		take_records(d, m, &v[SLOT_AUTHORITIES], false);
}

const char *eve_dns_take(struct eve_dns *d, const struct eve_event *event)
{
	struct message *m = exchange_message(d->exchange);
	const struct exchange_origin before = d->origin;
	const bool was_response = d->is_response;
	const uint16_t id_before = d->id;
	const char *why = "event without its dns object";

	if (event->body.kind == JSON_OBJECT)
		why = read_header(d, m);
	if (why != NULL)
		return why;
	fill_origin(&d->origin, event, d->is_response && !is_from_server(event, d->version));
	d->id = m->id;
	/* a further record of the same response asks nothing */
	if (!(d->version == 1 && d->is_response && was_response && d->id == id_before &&
		is_same_message(&d->origin, &before)))
		why = read_questions(d, m);
	if (why != NULL)
		return why;
	if (d->is_response)
		read_answers(d, m);
	exchange_clock(d->exchange, d->origin.time_ns);
	exchange_take_filled(d->exchange, &d->origin);
	return NULL;
}

void eve_dns_finish(struct eve_dns *d)
{
	exchange_finish(d->exchange);
}

enum next eve_dns_next(struct eve_dns *d, struct record *ret, struct err *reterr)
{
	if (!d->is_starved)
		return exchange_next(d->exchange, ret, reterr);
	err_set_memory(reterr);
	return NEXT_FAILED;
}

enum vantage eve_dns_vantage(const struct eve_dns *d)
{
	return exchange_vantage(d->exchange);
}
