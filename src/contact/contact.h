/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The two things that evidence is turned into. A contact: at this time this peer asked for, or
 * met, this target. A fact: a binding that an answer showed (what passive DNS keeps).
 */
#ifndef CONTACT_CONTACT_H
#define CONTACT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "contact/endpoint.h"

enum contact_kind {
	KIND_DNS = 1,
	KIND_MDNS = 2,
	KIND_LLMNR = 3,
	KIND_SMTP = 4,
	KIND_MAIL = 5,
	KIND_CONN = 6,
};

/* Which of the two messages were seen. */
enum contact_seen {
	SEEN_QUERY = 1,
	SEEN_RESPONSE = 2,
	SEEN_BOTH = 3,
};

enum contact_direction {
	DIRECTION_NONE = 0,
	DIRECTION_OUT = 1, /* peer to target */
	DIRECTION_IN = 2,  /* target to peer */
};

#define OUTCOME_NONE UINT16_MAX /* unanswered */
#define TTL_NONE     UINT32_MAX

struct contact {
	int64_t time_ns;   /* of the query; of the response where no query was seen */
	uint8_t digits;    /* fractional digits that the source wrote, 0 to 9 */
	uint8_t kind;      /* enum contact_kind */
	uint8_t seen;      /* enum contact_seen */
	uint8_t direction; /* enum contact_direction; DIRECTION_OUT for DNS */
	/*
	 * DNS RR type; of KIND_CONN the port if it is one of mail, else 0; of KIND_SMTP and
	 * KIND_MAIL the direction once more, so that each way is a series of its own
	 */
	uint16_t type;
	uint16_t outcome; /* DNS RCODE with its EDNS bits, SMTP reply code, or OUTCOME_NONE */
	uint32_t ttl;     /* seconds, see contact_ttl below, or TTL_NONE */
	/*
	 * Transaction ID of an unpaired message of a capture, so that a query and its response
	 * in two rotated files can still meet; -1: none, or already paired.
	 */
	int32_t txid;
	struct endpoint target;
	struct endpoint peer;
};

/*
 * The TTL of a contact is that of the first answer record that the queried name owns; for a
 * negative answer the lesser of TTL and minimum of the SOA in the authority section (RFC 2308 5).
 */

/*
 * One record seen in the answer section (and the SOA of a negative answer). The data is kept for
 * types A, AAAA, CNAME, DNAME, NS, MX, PTR, SOA and SRV: for A and AAAA the address, for SOA the
 * primary server's name and the minimum, for the others the name. Other types are not facts.
 */
struct fact {
	struct endpoint owner;
	uint16_t type;
	struct endpoint data;
	uint32_t extra; /* MX preference; SOA minimum; SRV priority << 16 | weight; else 0 */
	uint16_t port;  /* SRV port, else 0 */
	uint32_t ttl;   /* TTL_NONE where the source has none */
	uint64_t count; /* sightings; 1 in a record, but of passive DNS; a sum in the haystack */
	int64_t first_ns;
	int64_t last_ns;
	uint8_t digits;
};

/*
 * What mail shows of its hosts are facts, too. Their types are numbers for private use (RFC 6895
 * 3.1), which records of answers are never kept with:
 *   FACT_HELO        owner: the name that a client said it has; data: the client
 *   FACT_MESSAGE_ID  owner: the domain of a Message-ID; data: the client that handed it over
 *   FACT_DATE        owner: that client; data: the domain, or the client where there is none;
 *                    extra: minutes east of UTC + FACT_EAST_0, or 0 where the zone is not told;
 *                    first and last are what the writers' clocks said
 *   FACT_GREETING    owner: the name that a server said it has; data: the server
 *   FACT_RECIPIENT   owner: a domain that mail was for; data: the server that it was handed to
 */
enum {
	FACT_HELO = 65401,
	FACT_MESSAGE_ID = 65402,
	FACT_DATE = 65403,
	FACT_GREETING = 65404,
	FACT_RECIPIENT = 65405,
};

#define FACT_EAST_0 2000

/*
 * A hand-over of mail is stored once for each of its ends, so that for any host both who
 * delivers to it and to whom it delivers are its own series. *ret is the same one told of the
 * other end: target and peer change places, and the direction turns. False: no mail, or one end.
 */
bool contact_mirror(const struct contact *c, struct contact *ret) MUST_USE;

/* "dns", "mdns", ...; "-" for a number without a name. The text is static. */
const char *contact_kind_name(uint8_t kind);

/* "q", "r", "qr". */
const char *contact_seen_name(uint8_t seen);

/* "out", "in", "-". */
const char *contact_direction_name(uint8_t direction);

#define CONTACT_WORD_MAX 16

/*
 * "A", "AAAA", ..., "TYPE65280" (RFC 3597); of a connection "SMTP", "SUBMISSION", "SUBMISSIONS";
 * "-" for none. Returns the length.
 */
size_t contact_type_format(uint8_t kind, uint16_t type, char text[static CONTACT_WORD_MAX]);

/* Of a fact: the same, and "HELO", "MESSAGE-ID", "DATE", "GREETING", "RECIPIENT". Returns the
 * length. */
size_t contact_fact_format(uint16_t type, char text[static CONTACT_WORD_MAX]);

/* The other way round, any case. */
bool contact_type_parse(const char *text, size_t len, uint16_t *ret) MUST_USE;

/* The other way round, for DNS: a mnemonic in any case, or RCODEn. */
bool contact_rcode_parse(const char *text, size_t len, uint16_t *ret) MUST_USE;

/* "NOERROR", "NXDOMAIN", ..., "RCODE3841"; the number for SMTP; "-" unanswered. */
size_t contact_outcome_format(uint8_t kind, uint16_t outcome, char text[static CONTACT_WORD_MAX]);

#endif
