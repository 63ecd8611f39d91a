/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The JSON of nmsgtool (-J), an object a line, of which the messages of type base:dnsqr tell of
 * contacts (nmsg/base/dnsqr.proto): a query with its response, or either alone, as the sensor
 * paired them:
 *
 *	{"time":"2023-07-13 17:41:09.408162000","vname":"base","mname":"dnsqr","message":{
 *	    "query_ip":"192.0.2.1","response_ip":"192.0.2.53","proto":"UDP","query_port":54924,
 *	    "response_port":53,"query_time_sec":[1689270069],"query_time_nsec":[408162000],
 *	    "response_time_sec":[...],"response_time_nsec":[...],"query":"<message in base64>",
 *	    "response":"<message in base64>", ...}}
 *
 * Both DNS messages go through exchange.h like those of a capture. The response has the time of
 * its query: the sensor has paired them, by its own rules. A query that was sent again has several
 * times; the message stands for the first one, which is the one that is read.
 */
#include "base/stamp.h"
#include "evidence/exchange.h"
#include "evidence/log.h"
#include "wire/base64.h"
#include "wire/json_line.h"

#define MESSAGE_MAX 65535

enum {
	SLOT_VNAME,
	SLOT_MNAME,
	SLOT_MESSAGE,
	SLOTS,
};

static const struct json_key wanted_keys[] = {
	{ "vname", SLOT_VNAME },
	{ "mname", SLOT_MNAME },
	{ "message", SLOT_MESSAGE },
};

enum dnsqr_slot {
	DNSQR_QUERY_IP,
	DNSQR_RESPONSE_IP,
	DNSQR_PROTO,
	DNSQR_QUERY_PORT,
	DNSQR_RESPONSE_PORT,
	DNSQR_QUERY_S,
	DNSQR_QUERY_NS,
	DNSQR_RESPONSE_S,
	DNSQR_RESPONSE_NS,
	DNSQR_QUERY,
	DNSQR_RESPONSE,
	DNSQR_SLOTS,
};

static const struct json_key dnsqr_keys[] = {
	{ "query_ip", DNSQR_QUERY_IP },
	{ "response_ip", DNSQR_RESPONSE_IP },
	{ "proto", DNSQR_PROTO },
	{ "query_port", DNSQR_QUERY_PORT },
	{ "response_port", DNSQR_RESPONSE_PORT },
	{ "query_time_sec", DNSQR_QUERY_S },
	{ "query_time_nsec", DNSQR_QUERY_NS },
	{ "response_time_sec", DNSQR_RESPONSE_S },
	{ "response_time_nsec", DNSQR_RESPONSE_NS },
	{ "query", DNSQR_QUERY },
	{ "response", DNSQR_RESPONSE },
};

/* A DNS message of the row, decoded. */
struct half {
	bool waits;
	struct exchange_origin origin;
	size_t len;
	uint8_t bytes[MESSAGE_MAX];
};

struct nmsg {
	struct exchange *exchange;
	struct json_keys keys;
	struct json_keys dnsqr_keys;
	struct json_value dnsqr[DNSQR_SLOTS]; /* of the row's message */
	struct half query;
	struct half response;
};

static bool is_nmsg(const struct json_value values[static SLOTS])
{
	return values[SLOT_VNAME].kind == JSON_STRING && values[SLOT_MNAME].kind == JSON_STRING &&
	       values[SLOT_MESSAGE].kind == JSON_OBJECT;
}

static bool is_dnsqr(const struct json_value values[static SLOTS])
{
	return json_is_text(&values[SLOT_VNAME], "base") &&
	       json_is_text(&values[SLOT_MNAME], "dnsqr");
}

/* By the first lines: 90 if the first is nmsg, 40 if only another one is. */
static int nmsg_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct json_value values[SLOTS];
	struct json_keys keys;
	const uint8_t *bytes;
	bool first = true;
	size_t line_len;

	json_keys_init(&keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);

		if (json_line_read(&keys, &line, values) && is_nmsg(values))
			return first ? 90 : 40;
		first = false;
	}
	return 0;
}

/* The first number of an array. False: there is none. */
static bool read_first(const struct json_value *array, uint32_t *ret)
{
	struct cursor c = json_array_open(array);
	struct json_value v;

	return array->kind == JSON_ARRAY && json_array_next(&c, &v) &&
	       json_whole(&v, UINT32_MAX, ret);
}

/* False, *ret_ns untouched: the message was not seen. */
static bool read_time(
    const struct json_value *seconds, const struct json_value *nanoseconds, int64_t *ret_ns)
{
	uint32_t ns = 0;
	uint32_t s;

	if (!read_first(seconds, &s) || (read_first(nanoseconds, &ns) && ns >= NS_PER_S))
		return false;
	*ret_ns = s * NS_PER_S + ns;
	return true;
}

static bool read_address(const struct json_value *v, struct addr *ret)
{
	return v->kind == JSON_STRING && addr_parse((const char *)v->bytes, v->len, ret);
}

static uint16_t port_of(const struct json_value *v)
{
	uint32_t port;

	return json_whole(v, UINT16_MAX, &port) ? (uint16_t)port : 0;
}

/* Whose ends these are, seen from the query. NULL, or what is wrong. */
static const char *read_ends(
    const struct json_value v[static DNSQR_SLOTS], struct exchange_origin *o)
{
	if (!read_address(&v[DNSQR_QUERY_IP], &o->source) ||
	    !read_address(&v[DNSQR_RESPONSE_IP], &o->destination))
		return "bad address";
	o->source_port = port_of(&v[DNSQR_QUERY_PORT]);
	o->destination_port = port_of(&v[DNSQR_RESPONSE_PORT]);
	o->kind = exchange_kind(o->source_port, o->destination_port);
	o->transport = json_is_text(&v[DNSQR_PROTO], "TCP");
	o->digits = 9;
	return NULL;
}

static bool read_half(struct half *h, const struct json_value *message)
{
	h->waits = message->kind == JSON_STRING && message->len > 0;
	return !h->waits ||
	       base64_read(message->bytes, message->len, h->bytes, sizeof(h->bytes), &h->len);
}

static const char *read_dnsqr(struct nmsg *n, const struct json_value v[static DNSQR_SLOTS])
{
	struct exchange_origin *asked = &n->query.origin;
	struct exchange_origin *told = &n->response.origin;
	const char *why;
	bool was_asked;
	bool was_told;

	*asked = (struct exchange_origin){ .is_cut = false };
	why = read_ends(v, asked);
	if (why != NULL)
		return why;
	*told = *asked;
	told->source = asked->destination;
	told->destination = asked->source;
	told->source_port = asked->destination_port;
	told->destination_port = asked->source_port;
	was_asked = read_time(&v[DNSQR_QUERY_S], &v[DNSQR_QUERY_NS], &asked->time_ns);
	was_told = read_time(&v[DNSQR_RESPONSE_S], &v[DNSQR_RESPONSE_NS], &told->time_ns);
	if (!was_asked && !was_told)
		return "bad time";
	asked->asked_ns = asked->time_ns;
	told->asked_ns = was_asked ? asked->time_ns : told->time_ns;
	if (!read_half(&n->query, &v[DNSQR_QUERY]) || !read_half(&n->response, &v[DNSQR_RESPONSE]))
		return "bad base64";
	n->query.waits = n->query.waits && was_asked;
	n->response.waits = n->response.waits && was_told;
	return n->query.waits || n->response.waits ? NULL : "nmsg without its DNS message";
}

static const char *nmsg_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct nmsg *n = state;
	struct cursor c = cursor_of(line, len);
	struct json_value values[SLOTS];
	const char *why;

	(void)ret;
	n->query.waits = n->response.waits = false;
	if (!json_line_read(&n->keys, &c, values))
		return c.err;
	if (!is_nmsg(values) || !is_dnsqr(values))
		return "nmsg of another type";
	why = read_dnsqr(n, n->dnsqr);
	if (why != NULL)
		n->query.waits = n->response.waits = false;
	return why;
}

/* False: out of memory. */
static bool take(struct nmsg *n, struct half *h)
{
	h->waits = false;
	exchange_clock(n->exchange, h->origin.asked_ns);
	return exchange_take(n->exchange, &h->origin, cursor_of(h->bytes, h->len)) !=
	       EXCHANGE_FAILED;
}

static enum next nmsg_more(void *state, struct record *ret, struct err *reterr)
{
	struct nmsg *n = state;
	enum next status;
	bool is_taken;

	for (;;) {
		status = exchange_next(n->exchange, ret, reterr);
		if (status != NEXT_END || !(n->query.waits || n->response.waits))
			return status;
		is_taken = take(n, n->query.waits ? &n->query : &n->response);
		if (!is_taken) {
			err_set_memory(reterr);
			return NEXT_FAILED;
		}
	}
}

static void nmsg_finish(void *state)
{
	exchange_finish(((struct nmsg *)state)->exchange);
}

static bool nmsg_begin(void *state, struct health *health, struct err *reterr)
{
	struct nmsg *n = state;

	json_keys_init(&n->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	json_keys_init(&n->dnsqr_keys, dnsqr_keys, COUNT_OF(dnsqr_keys), DNSQR_SLOTS);
	json_keys_nest(&n->keys, SLOT_MESSAGE, &n->dnsqr_keys, n->dnsqr);
	return exchange_new(health, &n->exchange, reterr);
}

static void nmsg_end(void *state)
{
	exchange_free(((struct nmsg *)state)->exchange);
}

static const struct log_kind nmsg_kind = {
	.state_bytes = sizeof(struct nmsg),
	.open = nmsg_begin,
	.close = nmsg_end,
	.row = nmsg_row,
	.more = nmsg_more,
	.finish = nmsg_finish,
};

static bool nmsg_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&nmsg_kind, s, h, ret, reterr);
}

static enum vantage nmsg_vantage(const struct reader *r)
{
	return exchange_vantage(((const struct nmsg *)log_state(r))->exchange);
}

const struct reader_format reader_nmsg = {
	.name = "nmsg-json",
	.about = "nmsgtool's JSON, of base:dnsqr",
	.probe = nmsg_probe,
	.open = nmsg_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = nmsg_vantage,
};
