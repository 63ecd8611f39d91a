/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CSV that DNS-OARC's PacketQ writes (--csv) of its table "dns", a message of a capture a line:
 *
 *	packetq --csv -s "select s, us, src_addr, dst_addr, src_port, dst_port, protocol, msg_id,
 *	    qr, rd, rcode, qname, qtype, qclass, aname, attl from dns" x.pcap
 *
 * The first line names the columns that were asked for, in any order; s, src_addr, dst_addr and
 * qname must be among them. Queries and responses are paired as in captures, by as much of ports,
 * ID and transport as there is. The data of answers is not in the table, and so no fact is.
 */
#include <string.h>

#include "evidence/exchange.h"
#include "evidence/log.h"
#include "evidence/message.h"
#include "evidence/table.h"
#include "wire/port.h"

#define PROTOCOL_TCP 6

/* All that are read; each begins where the table has it. */
static const struct table_map all_columns = { .column = {
						  [TABLE_TIME] = "s",
						  [TABLE_MICROSECONDS] = "us",
						  [TABLE_SOURCE] = "src_addr",
						  [TABLE_DESTINATION] = "dst_addr",
						  [TABLE_SOURCE_PORT] = "src_port",
						  [TABLE_DESTINATION_PORT] = "dst_port",
						  [TABLE_PROTOCOL] = "protocol",
						  [TABLE_ID] = "msg_id",
						  [TABLE_IS_RESPONSE] = "qr",
						  [TABLE_RECURSION] = "rd",
						  [TABLE_OUTCOME] = "rcode",
						  [TABLE_TARGET] = "qname",
						  [TABLE_TYPE] = "qtype",
						  [TABLE_CLASS] = "qclass",
						  [TABLE_ANSWER_OWNER] = "aname",
						  [TABLE_TTL] = "attl",
					      } };

static const struct table_map needed_columns = { .column = {
						     [TABLE_TIME] = "s",
						     [TABLE_SOURCE] = "src_addr",
						     [TABLE_DESTINATION] = "dst_addr",
						     [TABLE_TARGET] = "qname",
						 } };

struct packetq {
	struct table table;
	struct exchange *exchange;
};

static int packetq_probe(const uint8_t *head, size_t len)
{
	return table_fits(&needed_columns, head, len) ? 90 : 0;
}

static bool packetq_header(void *state, const uint8_t *line, size_t len)
{
	struct packetq *p = state;
	const bool is_header = table_header(&p->table, line, len);

	/* a column that was not asked for is none that is missing */
	p->table.is_lacking = p->table.number[TABLE_TIME] == SIZE_MAX ||
			      p->table.number[TABLE_SOURCE] == SIZE_MAX ||
			      p->table.number[TABLE_DESTINATION] == SIZE_MAX ||
			      p->table.number[TABLE_TARGET] == SIZE_MAX;
	return is_header;
}

static uint32_t number_or(
    const struct table *t, enum table_field field, uint32_t max, uint32_t otherwise)
{
	uint32_t number;

	return table_number(t, field, max, &number) ? number : otherwise;
}

static bool read_address(const struct table *t, enum table_field field, struct addr *ret)
{
	const struct query_word word = table_word(t, field);

	return word.bytes != NULL && addr_parse((const char *)word.bytes, word.len, ret);
}

static const char *read_origin(const struct table *t, struct exchange_origin *o)
{
	uint32_t microseconds = 0;
	uint32_t seconds;

	if (!table_number(t, TABLE_TIME, UINT32_MAX, &seconds))
		return "bad time";
	o->digits = table_number(t, TABLE_MICROSECONDS, 999999, &microseconds) ? 6 : 0;
	o->time_ns = seconds * NS_PER_S + microseconds * INT64_C(1000);
	o->asked_ns = o->time_ns;
	if (!read_address(t, TABLE_SOURCE, &o->source) ||
	    !read_address(t, TABLE_DESTINATION, &o->destination))
		return "bad address";
	o->source_port = (uint16_t)number_or(t, TABLE_SOURCE_PORT, UINT16_MAX, 0);
	o->destination_port = (uint16_t)number_or(t, TABLE_DESTINATION_PORT, UINT16_MAX, 0);
	o->kind = exchange_kind(o->source_port, o->destination_port);
	o->transport = number_or(t, TABLE_PROTOCOL, UINT8_MAX, 0) == PROTOCOL_TCP;
	o->is_untyped = t->number[TABLE_TYPE] == SIZE_MAX;
	return NULL;
}

/* The first answer's TTL, if the name that was asked for owns it. */
static uint32_t read_ttl(const struct table *t, const struct endpoint *name)
{
	const struct query_word owner = table_word(t, TABLE_ANSWER_OWNER);
	struct endpoint e;
	uint32_t ttl;

	if (owner.bytes == NULL || !endpoint_from_name(&e, (const char *)owner.bytes, owner.len) ||
	    endpoint_cmp(&e, name) != 0 || !table_number(t, TABLE_TTL, UINT32_MAX, &ttl))
		return TTL_NONE;
	return ttl > INT32_MAX ? 0 : ttl; /* RFC 2181 8 */
}

static const char *read_question(const struct table *t, struct message *m)
{
	const struct query_word name = table_word(t, TABLE_TARGET);
	struct message_question *at = &m->questions[0];
	struct endpoint e;

	/* the root is "." or nothing */
	if (name.bytes == NULL ? !endpoint_from_name(&e, ".", 1)
			       : !endpoint_from_name(&e, (const char *)name.bytes, name.len))
		return "bad query name";
	at->q.name.len = e.len;
	memcpy(at->q.name.bytes, e.bytes, e.len);
	at->q.type = (uint16_t)number_or(t, TABLE_TYPE, UINT16_MAX, 0);
	at->q.class = (uint16_t)number_or(t, TABLE_CLASS, UINT16_MAX, 1);
	at->ttl = m->is_response ? read_ttl(t, &e) : TTL_NONE;
	m->question_count = 1;
	return NULL;
}

static const char *packetq_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct packetq *p = state;
	const struct table *t = &p->table;
	const char *why = table_row(&p->table, line, len);
	struct exchange_origin origin = { .is_cut = false };
	struct message *m = exchange_message(p->exchange);
	uint32_t is_response;

	(void)ret;
	if (why != NULL || (why = read_origin(t, &origin)) != NULL)
		return why;
	/* without its bit, by the port that it comes from */
	is_response = number_or(t, TABLE_IS_RESPONSE, 1, port_is_dns(origin.source_port));
	m->is_response = is_response != 0;
	m->id = (uint16_t)number_or(t, TABLE_ID, UINT16_MAX, 0);
	m->has_flags = t->number[TABLE_RECURSION] != SIZE_MAX;
	m->recursion_desired = number_or(t, TABLE_RECURSION, 1, 0) != 0;
	m->outcome =
	    m->is_response ? (uint16_t)number_or(t, TABLE_OUTCOME, 0xfff, 0) : OUTCOME_NONE;
	why = read_question(t, m);
	if (why != NULL)
		return why;
	exchange_clock(p->exchange, origin.time_ns);
	exchange_take_filled(p->exchange, &origin);
	return NULL;
}

static bool packetq_begin(void *state, struct health *health, struct err *reterr)
{
	struct packetq *p = state;

	p->table.map = &all_columns;
	return exchange_new(health, &p->exchange, reterr);
}

static void packetq_end(void *state)
{
	exchange_free(((struct packetq *)state)->exchange);
}

static enum next packetq_more(void *state, struct record *ret, struct err *reterr)
{
	return exchange_next(((struct packetq *)state)->exchange, ret, reterr);
}

static void packetq_finish(void *state)
{
	exchange_finish(((struct packetq *)state)->exchange);
}

static const struct log_kind packetq_kind = {
	.state_bytes = sizeof(struct packetq),
	.open_ended = true, /* the last column may be a name or a number */
	.header = packetq_header,
	.row = packetq_row,
	.open = packetq_begin,
	.close = packetq_end,
	.more = packetq_more,
	.finish = packetq_finish,
};

static bool packetq_open(
    struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&packetq_kind, s, h, ret, reterr);
}

static enum vantage packetq_vantage(const struct reader *r)
{
	return exchange_vantage(((const struct packetq *)log_state(r))->exchange);
}

const struct reader_format reader_packetq = {
	.name = "packetq",
	.about = "PacketQ's CSV of its table dns",
	.probe = packetq_probe,
	.open = packetq_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = packetq_vantage,
};
