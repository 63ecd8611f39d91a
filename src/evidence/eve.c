/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Suricata's eve.json: an object a line, with the type of the event in event_type and what it
 * says in an object of that name. Most lines are of types that tell of no contact (flow, alert,
 * stats); they are counted as such. A further type is a file beside eve_dns.c and a case here.
 */
#include "base/addr_memo.h"
#include "base/cursor.h"
#include "evidence/eve_dns.h"
#include "evidence/eve_smtp.h"
#include "evidence/log.h"

enum slot {
	SLOT_TIMESTAMP,
	SLOT_EVENT_TYPE,
	SLOT_SRC_IP,
	SLOT_SRC_PORT,
	SLOT_DEST_IP,
	SLOT_DEST_PORT,
	SLOT_PROTO,
	SLOT_DNS,
	SLOT_SMTP,
	SLOT_EMAIL,
	SLOTS,
};

static const struct json_key wanted_keys[] = {
	{ "timestamp", SLOT_TIMESTAMP },
	{ "event_type", SLOT_EVENT_TYPE },
	{ "src_ip", SLOT_SRC_IP },
	{ "src_port", SLOT_SRC_PORT },
	{ "dest_ip", SLOT_DEST_IP },
	{ "dest_port", SLOT_DEST_PORT },
	{ "proto", SLOT_PROTO },
	{ "dns", SLOT_DNS },
	{ "smtp", SLOT_SMTP },
	{ "email", SLOT_EMAIL },
};

struct eve {
	struct json_keys keys;
	struct json_value values[SLOTS];
	struct addr_memo memo;
	struct eve_dns *dns;
	struct eve_smtp smtp;
};

/* An event has a type, and a time as Suricata writes it. */
static bool is_event(const struct json_value values[static SLOTS], struct stamp *ret)
{
	const struct json_value *time = &values[SLOT_TIMESTAMP];

	return values[SLOT_EVENT_TYPE].kind == JSON_STRING && time->kind == JSON_STRING &&
	       stamp_parse_iso((const char *)time->bytes, time->len, ret, NULL);
}

/* By the first lines: 90 if the first is an event, 40 if only another one is. */
static int eve_probe(const uint8_t *head, size_t len)
{
	struct cursor c = cursor_of(head, len);
	struct json_value values[SLOTS];
	struct json_keys keys;
	const uint8_t *bytes;
	bool first = true;
	struct stamp time;
	size_t line_len;

	json_keys_init(&keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	while ((bytes = log_head_line(&c, &line_len)) != NULL) {
		struct cursor line = cursor_of(bytes, line_len);

		if (json_line_read(&keys, &line, values) && is_event(values, &time))
			return first ? 90 : 40;
		first = false;
	}
	return 0;
}

static bool read_end(struct addr_memo *memo, const struct json_value *ip,
    const struct json_value *port, struct addr *ret, uint16_t *ret_port)
{
	uint32_t number = 0;

	if (ip->kind != JSON_STRING ||
	    !addr_memo_parse(memo, (const char *)ip->bytes, ip->len, ret))
		return false;
	/* ICMP has none */
	if (port->kind != JSON_ABSENT && !json_whole(port, UINT16_MAX, &number))
		return false;
	*ret_port = (uint16_t)number;
	return true;
}

static const char *eve_row(void *state, const uint8_t *line, size_t len, struct record *ret)
{
	struct eve *e = state;
	const struct json_value *v = e->values;
	struct cursor c = cursor_of(line, len);
	struct eve_event event;
	bool is_dns;

	(void)ret;
	if (!json_line_read(&e->keys, &c, e->values))
		return c.err;
	if (v[SLOT_EVENT_TYPE].kind != JSON_STRING)
		return "no EVE event";
	is_dns = json_is_text(&v[SLOT_EVENT_TYPE], "dns");
	if (!is_dns && !json_is_text(&v[SLOT_EVENT_TYPE], "smtp"))
		return "EVE event of another type";
	if (!is_event(v, &event.time))
		return "bad time";
	if (!read_end(
		&e->memo, &v[SLOT_SRC_IP], &v[SLOT_SRC_PORT], &event.source, &event.source_port) ||
	    !read_end(&e->memo, &v[SLOT_DEST_IP], &v[SLOT_DEST_PORT], &event.destination,
		&event.destination_port))
		return "bad address";
	event.is_tcp = json_is_text(&v[SLOT_PROTO], "TCP");
	event.body = v[is_dns ? SLOT_DNS : SLOT_SMTP];
	return is_dns ? eve_dns_take(e->dns, &event)
		      : eve_smtp_take(&e->smtp, &event, &v[SLOT_EMAIL]);
}

static bool open_state(void *state, struct health *health, struct err *reterr)
{
	struct eve *e = state;

	json_keys_init(&e->keys, wanted_keys, COUNT_OF(wanted_keys), SLOTS);
	eve_smtp_init(&e->smtp);
	if (!eve_dns_new(health, &e->dns, reterr))
		return false;
	eve_dns_nest(e->dns, &e->keys, SLOT_DNS);
	return true;
}

static void close_state(void *state)
{
	struct eve *e = state;

	eve_dns_free(e->dns);
}

static enum next eve_more(void *state, struct record *ret, struct err *reterr)
{
	struct eve *e = state;

	if (eve_smtp_next(&e->smtp, ret))
		return NEXT_ITEM;
	return eve_dns_next(e->dns, ret, reterr);
}

static void eve_finish(void *state)
{
	struct eve *e = state;

	eve_dns_finish(e->dns);
}

static const struct log_kind eve_kind = {
	.state_bytes = sizeof(struct eve),
	.row = eve_row,
	.open = open_state,
	.close = close_state,
	.more = eve_more,
	.finish = eve_finish,
};

static bool eve_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return log_open(&eve_kind, s, h, ret, reterr);
}

static enum vantage eve_vantage(const struct reader *r)
{
	const struct eve *e = log_state(r);

	return eve_dns_vantage(e->dns);
}

const struct reader_format reader_eve = {
	.name = "eve",
	.about = "Suricata eve.json, its dns and smtp events",
	.probe = eve_probe,
	.open = eve_open,
	.next = log_next,
	.close = log_close,
	.consumed = log_consumed,
	.resume = log_resume,
	.vantage = eve_vantage,
};
