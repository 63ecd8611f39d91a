/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A record of dnstap (dnstap.info, dnstap.proto): a DNS message as the software that sent or got
 * it saw it, with its ends and times. Read in one pass; nothing is allocated.
 */
#ifndef WIRE_DNSTAP_MSG_H
#define WIRE_DNSTAP_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"

/* Who wrote the record: half of its type, of which the other half is query or response. */
enum dnstap_role {
	DNSTAP_AUTH = 0,      /* an authoritative server, of what resolvers ask */
	DNSTAP_RESOLVER = 1,  /* a resolver, of what it asks */
	DNSTAP_CLIENT = 2,    /* a resolver, of what its clients ask */
	DNSTAP_FORWARDER = 3, /* a server, of what it asks its forwarder */
	DNSTAP_STUB = 4,      /* a stub resolver */
	DNSTAP_TOOL = 5,      /* a program such as dig */
	DNSTAP_UPDATE = 6,    /* a server, of dynamic updates */
	DNSTAP_ROLES,
};

struct dnstap_time {
	bool is_set;
	int64_t ns;
	uint8_t digits; /* 9, or 0 where only seconds were written */
};

struct dnstap_msg {
	enum dnstap_role role;
	bool is_response;
	uint8_t protocol;        /* SocketProtocol: 1 UDP, 2 TCP, 3 DOT, 4 DOH, ...; 0 not told */
	struct addr initiator;   /* query_address: who asked; no address: not told */
	struct addr responder;   /* response_address */
	uint16_t initiator_port; /* 0: not told */
	uint16_t responder_port;
	struct dnstap_time query_time; /* also a response may have it */
	struct dnstap_time response_time;
	const uint8_t *message; /* the query, or the response; borrowed; NULL: not told */
	size_t message_len;
};

/* False: *reterr_why, a static text, says what is wrong; *ret is then undefined. */
bool dnstap_msg_read(
    struct dnstap_msg *ret, const uint8_t *bytes, size_t len, const char **reterr_why) MUST_USE;

#endif
