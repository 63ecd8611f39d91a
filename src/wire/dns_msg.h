/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A DNS message (RFC 1035 4.1), read section by section without allocation:
 *
 *	if (!dns_msg_read(&m, bytes, len))
 *		... m.c.err
 *	while ((step = dns_msg_question(&m, &question)) == DNS_ITEM)
 *		...
 *	while ((step = dns_msg_record(&m, &rr)) == DNS_ITEM)
 *		...
 *
 * Asking for records steps over the questions that are left. After DNS_BAD, m.c.err and m.c.pos
 * tell what is wrong and where; nothing more can be read, and what was read stays valid.
 */
#ifndef WIRE_DNS_MSG_H
#define WIRE_DNS_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/cursor.h"
#include "wire/dns_name.h"

#define DNS_HEADER_BYTES 12

enum dns_section {
	DNS_QUESTION,
	DNS_ANSWER,
	DNS_AUTHORITY,
	DNS_ADDITIONAL,
	DNS_SECTIONS,
};

enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_NS = 2,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_SOA = 6,
	DNS_TYPE_PTR = 12,
	DNS_TYPE_MX = 15,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_SRV = 33,
	DNS_TYPE_DNAME = 39,
	DNS_TYPE_OPT = 41,
};

enum dns_opcode {
	DNS_OPCODE_QUERY = 0,
};

#define DNS_CLASS_IN       1
#define DNS_RCODE_NOERROR  0
#define DNS_RCODE_NXDOMAIN 3

struct dns_msg {
	struct cursor c; /* the whole message, at the next question or record */
	uint16_t id;
	uint16_t flags;
	uint16_t counts[DNS_SECTIONS]; /* as the header states them */
	uint16_t left;                 /* of the present section */
	enum dns_section section;
};

static inline bool dns_msg_is_response(const struct dns_msg *m)
{
	return (m->flags & 0x8000) != 0;
}

static inline unsigned dns_msg_opcode(const struct dns_msg *m)
{
	return m->flags >> 11 & 0xf;
}

/* TC: what is here may be less than there is. */
static inline bool dns_msg_is_truncated(const struct dns_msg *m)
{
	return (m->flags & 0x0200) != 0;
}

/* RD: a stub or forwarder asks so, a resolver on its way from server to server does not. */
static inline bool dns_msg_recursion_desired(const struct dns_msg *m)
{
	return (m->flags & 0x0100) != 0;
}

/* The four bits of the header; dns_edns.rcode has the upper eight. */
static inline uint16_t dns_msg_rcode(const struct dns_msg *m)
{
	return m->flags & 0xf;
}

struct dns_question {
	struct dns_name name;
	uint16_t type;
	uint16_t class;
};

struct dns_rr {
	size_t owner_at; /* offset of the owner's name in the message */
	size_t rdata_at;
	uint16_t rdata_len;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	enum dns_section section;
};

enum dns_step {
	DNS_ITEM,
	DNS_END,
	DNS_BAD,
};

/* Read the header. The bytes are borrowed as long as *ret is used. False: under 12 octets. */
bool dns_msg_read(struct dns_msg *ret, const uint8_t *bytes, size_t len) MUST_USE;

enum dns_step dns_msg_question(struct dns_msg *m, struct dns_question *ret) MUST_USE;
enum dns_step dns_msg_record(struct dns_msg *m, struct dns_rr *ret) MUST_USE;

/*
 * Can a message of message_len octets begin with these? True for whatever real software sends,
 * and for one in some thousand of random octets: used to find the beginning of a message in
 * the middle of a TCP stream.
 */
bool dns_msg_is_plausible(const uint8_t *header, size_t len, size_t message_len);

/* The owner of a record. False: the name is broken; *reterr_why says how. */
bool dns_rr_owner(const struct dns_msg *m, const struct dns_rr *rr, struct dns_name *ret,
    const char **reterr_why) MUST_USE;

/* Data of the types A, AAAA, CNAME, DNAME, NS, MX, PTR, SOA and SRV; unused fields are 0. */
struct dns_rdata {
	struct addr addr;     /* A, AAAA */
	struct dns_name name; /* the others; SOA: the primary server */
	uint16_t preference;  /* MX */
	uint16_t priority;    /* SRV */
	uint16_t weight;
	uint16_t port;
	uint32_t serial; /* SOA */
	uint32_t minimum;
};

/* DNS_END: a type without such data. DNS_BAD: *reterr_why says what is wrong. */
enum dns_step dns_rdata_read(const struct dns_msg *m, const struct dns_rr *rr,
    struct dns_rdata *ret, const char **reterr_why) MUST_USE;

/* What an OPT record says (RFC 6891 6.1.3). */
struct dns_edns {
	uint16_t rcode_high; /* the upper eight bits of the RCODE, in their place */
	uint16_t udp_bytes;  /* the sender's UDP payload size */
	uint8_t version;
	bool dnssec_ok;
};

/* rr->type must be DNS_TYPE_OPT. */
struct dns_edns dns_edns_of(const struct dns_rr *rr);

#endif
