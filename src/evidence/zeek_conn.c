/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of conn.log means (Zeek's base/protocols/conn/main.zeek): the originator has met the
 * address of the responder. Of the responder's port only that of mail is kept, as the type.
 *
 * conn_state tells whose packets were seen, which is all that is asked of it:
 *
 *	S0, SH, RSTOS0    of the originator alone
 *	SHR, RSTRH        of the responder alone
 *	all others        of both; in OTH, a connection under way already, that is assumed
 */
#include "evidence/zeek.h"

#include <string.h>

#include "base/addr.h"
#include "wire/port.h"

struct state_seen {
	const char *state;
	enum contact_seen seen;
};

static const struct state_seen one_sided[] = {
	{ "S0", SEEN_QUERY },
	{ "SH", SEEN_QUERY },
	{ "RSTOS0", SEEN_QUERY },
	{ "SHR", SEEN_RESPONSE },
	{ "RSTRH", SEEN_RESPONSE },
};

static enum contact_seen seen_of(struct zeek_text state)
{
	for (size_t i = 0; state.bytes != NULL && i < COUNT_OF(one_sided); i++)
		if (state.len == strlen(one_sided[i].state) &&
		    memcmp(state.bytes, one_sided[i].state, state.len) == 0)
			return one_sided[i].seen;
	return SEEN_BOTH;
}

static bool read_address(struct endpoint *e, struct zeek_text text)
{
	struct addr a;

	if (text.bytes == NULL || !addr_parse((const char *)text.bytes, text.len, &a))
		return false;
	endpoint_from_addr(e, &a);
	return true;
}

const char *zeek_conn_begin(
    struct zeek_row *row, struct stamp time, const struct zeek_text fields[static ZEEK_FIELDS])
{
	struct contact *c = &row->contact;
	uint32_t port = 0;

	row->fact_count = 0;
	row->factless = true;
	c->time_ns = time.ns;
	c->digits = time.digits;
	c->kind = KIND_CONN;
	c->direction = DIRECTION_OUT;
	c->outcome = OUTCOME_NONE;
	c->ttl = TTL_NONE;
	c->txid = -1;
	if (!read_address(&c->peer, fields[ZEEK_ORIG_H]) ||
	    !read_address(&c->target, fields[ZEEK_RESP_H]))
		return "bad address";
	if (fields[ZEEK_RESP_P].bytes != NULL &&
	    !zeek_number(fields[ZEEK_RESP_P], UINT16_MAX, &port))
		return "bad port";
	c->type = port_is_mail((uint16_t)port) ? (uint16_t)port : 0;
	c->seen = (uint8_t)seen_of(fields[ZEEK_CONN_STATE]);
	return NULL;
}
