/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Queries and their responses, brought together. Both sides wait up to LIMIT_PAIR_WINDOW_S of
 * the capture's time for the other, at most LIMIT_PAIR_WAITING messages in all; the rules are at
 * the head of pair.c.
 *
 *	while (pairs_expire(p, now_ns, &alone))
 *		... that message stays without its partner
 *	step = pairs_response(p, &key, &message);
 */
#ifndef EVIDENCE_PAIR_H
#define EVIDENCE_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/limits.h"

/* What a query and its response have in common. No padding before name: it is hashed as bytes. */
struct pair_key {
	uint8_t client[16]; /* the asking side */
	uint8_t server[16]; /* zeros for multicast kinds: who answers is not who was asked */
	uint16_t client_port;
	uint16_t server_port;
	uint16_t id;
	uint16_t type;
	uint16_t class;
	uint16_t name_len;
	uint8_t kind;      /* enum contact_kind */
	uint8_t transport; /* 0 UDP, 1 TCP */
	uint8_t addr_len;
	uint8_t name[LIMIT_NAME_BYTES]; /* as struct dns_name has it; only name_len bytes count */
};

/* A message that waits, or its partner that has come. */
struct pair_message {
	int64_t time_ns;
	uint32_t ttl;     /* of a response; else TTL_NONE */
	uint16_t outcome; /* of a response; else OUTCOME_NONE */
	uint16_t type;    /* 0: not told; for those whose key leaves it out */
	uint8_t digits;
};

enum pair_step {
	PAIR_WAITS, /* kept; its partner, or pairs_expire(), will bring it back */
	PAIR_MET, /* *message holds time, digits and type of the query, the rest of the response */
	PAIR_FAILED, /* out of memory */
};

struct pairs;

bool pairs_new(struct pairs **ret, struct err *reterr) MUST_USE;
void pairs_free(struct pairs *p);

/* Before each of these, pairs_expire() must have returned false, so that there is room. */
enum pair_step pairs_query(
    struct pairs *p, const struct pair_key *key, struct pair_message *message) MUST_USE;
enum pair_step pairs_response(
    struct pairs *p, const struct pair_key *key, struct pair_message *message) MUST_USE;

/* A message whose time is up. */
struct pair_alone {
	const struct pair_key *key; /* borrowed until the next call */
	struct pair_message message;
	bool is_query;
	bool is_repeated; /* a response to a query that has had one: no event of its own */
	bool is_early;    /* LIMIT_PAIR_WAITING was reached before the window had passed */
};

/* The next message that has waited too long at now_ns; INT64_MAX: all that wait. False: none. */
bool pairs_expire(struct pairs *p, int64_t now_ns, struct pair_alone *ret) MUST_USE;

#endif
