/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of dns.log means, read off Zeek's own scripts (base/protocols/dns/main.zeek):
 *   - qtype, qclass and RD are set by the query message alone; rcode by the response alone; rtt
 *     by the first answer record of a response, and taken away again where it is zero, which is
 *     so where no query came first. So a row with an rcode holds a response, and it holds a
 *     query too if it has a qtype or an rtt. rtt by itself would not do: a negative response has
 *     no answer records, and its row no rtt.
 *   - an orphan response has its name from its first answer, and no qtype.
 *   - answers and TTLs run in parallel, in the order of the answer section, without owners and
 *     types: both are inferred here, see zeek_row_answer().
 */
#include "evidence/zeek.h"

#include <string.h>

#include "base/addr.h"
#include "wire/dns_msg.h"
#include "wire/port.h"

#define PORT_NETBIOS 137 /* RFC 1002 4.2; no port of ours */

/* Types that are asked for, and that are no facts. */
enum {
	ASKED_A6 = 38,
	ASKED_SVCB = 64,
	ASKED_HTTPS = 65,
	ASKED_ANY = 255,
};

bool zeek_number(struct zeek_text text, uint32_t max, uint32_t *ret)
{
	uint32_t value = 0;

	if (text.len == 0 || text.len > 9)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		if (text.bytes[i] < '0' || text.bytes[i] > '9')
			return false;
		value = value * 10 + (uint32_t)(text.bytes[i] - '0');
	}
	if (value > max)
		return false;
	*ret = value;
	return true;
}

/*
 * A TTL is an interval, in seconds with a fraction: "3600.000000", in JSON "3600.0". Rounded to
 * whole seconds, a half upwards; TTL_NONE where it is no such number.
 */
static uint32_t read_ttl(struct zeek_text text)
{
	uint64_t value = 0;
	size_t at = 0;

	for (; at < text.len && at < 10 && text.bytes[at] >= '0' && text.bytes[at] <= '9'; at++)
		value = value * 10 + (uint64_t)(text.bytes[at] - '0');
	if (at == 0 || value >= TTL_NONE || (at < text.len && text.bytes[at] != '.'))
		return TTL_NONE;
	if (at + 1 < text.len && text.bytes[at + 1] >= '5' && text.bytes[at + 1] <= '9')
		value++;
	return (uint32_t)value;
}

/* Zeek calls ANY "*". */
static bool read_type_name(struct zeek_text name, uint16_t *ret)
{
	if (name.len == 1 && name.bytes[0] == '*') {
		*ret = ASKED_ANY;
		return true;
	}
	return contact_type_parse((const char *)name.bytes, name.len, ret);
}

/* Kind, type, outcome and which messages were seen. */
static const char *read_message(
    struct contact *c, const struct zeek_text fields[static ZEEK_FIELDS])
{
	bool queried = fields[ZEEK_QTYPE].bytes != NULL || fields[ZEEK_QTYPE_NAME].bytes != NULL;
	uint32_t number = 0;

	if (fields[ZEEK_QTYPE].bytes != NULL) {
		if (!zeek_number(fields[ZEEK_QTYPE], UINT16_MAX, &number))
			return "bad query type";
		c->type = (uint16_t)number;
	} else if (queried && !read_type_name(fields[ZEEK_QTYPE_NAME], &c->type)) {
		return "bad query type";
	}
	if (fields[ZEEK_RCODE].bytes == NULL) {
		c->seen = SEEN_QUERY;
		return NULL;
	}
	if (!zeek_number(fields[ZEEK_RCODE], UINT16_MAX - 1, &number))
		return "bad response code";
	c->outcome = (uint16_t)number;
	c->seen = queried || fields[ZEEK_RTT].bytes != NULL ? SEEN_BOTH : SEEN_RESPONSE;
	return NULL;
}

/* Which protocol the row is about; the reason where it is none of ours. */
static const char *read_kind(struct contact *c, const struct zeek_text fields[static ZEEK_FIELDS])
{
	uint32_t port = 0;
	uint32_t opcode = 0;

	if (fields[ZEEK_RESP_P].bytes != NULL &&
	    !zeek_number(fields[ZEEK_RESP_P], UINT16_MAX, &port))
		return "bad port";
	/* its names are no domain names, and Zeek writes them undecorated */
	if (port == PORT_NETBIOS)
		return "netbios name service";
	/* since Zeek 8: dynamic updates (RFC 2136) are in dns.log too, and ask for nothing */
	if (fields[ZEEK_OPCODE].bytes != NULL &&
	    (!zeek_number(fields[ZEEK_OPCODE], UINT16_MAX, &opcode) || opcode != 0))
		return "opcode is not query";
	c->kind = port == PORT_MDNS ? KIND_MDNS : port == PORT_LLMNR ? KIND_LLMNR : KIND_DNS;
	return NULL;
}

/* A name as Zeek writes it: the root is the empty text. */
static bool read_name(struct endpoint *e, struct zeek_text text)
{
	if (text.len == 0)
		return endpoint_from_name(e, ".", 1);
	return endpoint_from_name(e, (const char *)text.bytes, text.len);
}

const char *zeek_row_begin(
    struct zeek_row *row, struct stamp time, const struct zeek_text fields[static ZEEK_FIELDS])
{
	struct contact *c = &row->contact;
	const char *why;
	struct addr peer;

	row->fact_count = 0;
	row->owner.form = ENDPOINT_NONE;
	/* facts are of class IN alone, as a passive DNS has them */
	row->factless = fields[ZEEK_QCLASS].bytes != NULL &&
			(fields[ZEEK_QCLASS].len != 1 || fields[ZEEK_QCLASS].bytes[0] != '1');
	c->time_ns = time.ns;
	c->digits = time.digits;
	c->direction = DIRECTION_OUT;
	c->type = 0;
	c->outcome = OUTCOME_NONE;
	c->ttl = TTL_NONE;
	c->txid = -1; /* Zeek has paired what it saw, over the whole connection */
	if (fields[ZEEK_ORIG_H].bytes == NULL ||
	    !addr_memo_parse(&row->memo, (const char *)fields[ZEEK_ORIG_H].bytes,
		fields[ZEEK_ORIG_H].len, &peer))
		return "bad address";
	endpoint_from_addr(&c->peer, &peer);
	why = read_kind(c, fields);
	if (why != NULL)
		return why;
	if (fields[ZEEK_QUERY].bytes == NULL)
		return "no query name";
	if (!read_name(&c->target, fields[ZEEK_QUERY]))
		return "bad query name";
	return read_message(c, fields);
}

#define COPY_SHORT 64 /* holds nearly all names, and is four moves */

/* In a length that the compiler knows: a copy of up to 255 bytes costs more to begin than to do. */
static inline void copy_endpoint(struct endpoint *to, const struct endpoint *from)
{
	to->form = from->form;
	to->len = from->len;
	if (from->len <= COPY_SHORT)
		memcpy(to->bytes, from->bytes, COPY_SHORT);
	else
		memcpy(to->bytes, from->bytes, sizeof(to->bytes));
}

/* Below in-addr.arpa or ip6.arpa: where reverse names live. */
static bool is_reverse_name(const struct endpoint *name)
{
	static const char v4[] = "\7in-addr\4arpa";
	static const char v6[] = "\3ip6\4arpa";

	return (name->len > sizeof(v4) &&
		   memcmp(&name->bytes[name->len - sizeof(v4)], v4, sizeof(v4)) == 0) ||
	       (name->len > sizeof(v6) &&
		   memcmp(&name->bytes[name->len - sizeof(v6)], v6, sizeof(v6)) == 0);
}

/* The type of a record whose data is this name, asked for by that type; 0: cannot be told. */
static uint16_t type_of_name(uint16_t asked, const struct endpoint *name)
{
	switch (asked) {
	case DNS_TYPE_A:
	case DNS_TYPE_AAAA:
	case ASKED_A6:
	case DNS_TYPE_CNAME:
	case ASKED_SVCB:
	case ASKED_HTTPS:
		/* their own data is no bare name, so this is an alias on the way */
		return DNS_TYPE_CNAME;
	case DNS_TYPE_PTR:
		/* an alias into a delegated part of the reverse tree (RFC 2317) */
		return is_reverse_name(name) ? DNS_TYPE_CNAME : DNS_TYPE_PTR;
	case DNS_TYPE_NS:
	case DNS_TYPE_SOA:
	case DNS_TYPE_MX:
	case DNS_TYPE_SRV:
	case DNS_TYPE_DNAME:
		return asked;
	default:
		return 0;
	}
}

static uint16_t type_of_address(uint16_t asked, const struct addr *a)
{
	/* 0: an orphan response, which has lost its question */
	if (asked != DNS_TYPE_A && asked != DNS_TYPE_AAAA && asked != ASKED_A6 &&
	    asked != ASKED_ANY && asked != 0)
		return 0;
	return a->len == 4 ? DNS_TYPE_A : DNS_TYPE_AAAA;
}

/*
 * Owner and type are not in the log. An address is A or AAAA; a name is an alias, and from then
 * on the owner, where the type asked for has no names as data; else it is the data of the type
 * asked for. Texts ("TXT 18 ...", "RRSIG 1 com", "<unknown type=39>") hold a space, names
 * practically never do.
 */
void zeek_row_answer(struct zeek_row *row, struct zeek_text answer, struct zeek_text ttl)
{
	const struct contact *c = &row->contact;
	struct fact *f = &row->facts[row->fact_count];
	uint32_t seconds = ttl.bytes == NULL ? TTL_NONE : read_ttl(ttl);
	struct addr address;

	if (row->owner.form == ENDPOINT_NONE) {
		/* the first answer is the queried name's own */
		row->contact.ttl = seconds;
		copy_endpoint(&row->owner, &c->target);
		row->factless = row->factless || c->kind == KIND_MDNS;
	}
	if (row->factless || row->fact_count == LIMIT_LOG_ANSWERS || answer.bytes == NULL)
		return;
	if (addr_memo_parse(&row->memo, (const char *)answer.bytes, answer.len, &address)) {
		f->type = type_of_address(c->type, &address);
		endpoint_from_addr(&f->data, &address);
	} else {
		if (memchr(answer.bytes, ' ', answer.len) != NULL || !read_name(&f->data, answer))
			return;
		f->type = type_of_name(c->type, &f->data);
		row->factless = f->type == 0;
	}
	if (f->type == 0)
		return;
	copy_endpoint(&f->owner, &row->owner);
	f->extra = 0;
	f->port = 0;
	f->ttl = seconds;
	f->count = 1;
	f->first_ns = c->time_ns;
	f->last_ns = c->time_ns;
	f->digits = c->digits;
	if (f->type == DNS_TYPE_CNAME)
		copy_endpoint(&row->owner, &f->data);
	row->fact_count++;
}

struct record zeek_row_record(const struct zeek_row *row)
{
	return (struct record){
		.contact = &row->contact, .facts = row->facts, .fact_count = row->fact_count
	};
}
