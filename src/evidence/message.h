/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a DNS message says that contacts and facts are made of. */
#ifndef EVIDENCE_MESSAGE_H
#define EVIDENCE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/limits.h"
#include "contact/contact.h"
#include "wire/dns_msg.h"

struct message_question {
	struct dns_question q;
	uint32_t ttl; /* as struct contact has it */
};

struct message {
	uint16_t id;
	bool is_response;
	bool has_flags; /* the next one is told */
	bool recursion_desired;
	uint16_t outcome; /* with the EDNS bits; OUTCOME_NONE for a query */
	size_t question_count;
	struct message_question questions[LIMIT_QUESTIONS];
	size_t fact_count;
	struct fact *facts; /* fact_capacity of them; owned */
	size_t fact_capacity;
	const char *trouble; /* NULL, or what in it could not be read; what is above stands */
	/* of the record under way; here, because clearing them on the stack costs as much as reading */
	struct dns_name owner;
	struct dns_rdata data;
};

void message_init(struct message *m);
void message_release(struct message *m);

/* When and over what the message came. */
struct message_context {
	int64_t time_ns;
	uint8_t digits;
	bool is_mdns; /* the top bit of a class is a flag (RFC 6762 5.4, 10.2) */
	bool is_cut;  /* the capture does not have all of it */
};

enum message_step {
	MESSAGE_READ,   /* look at m->trouble */
	MESSAGE_BAD,    /* not even its questions can be read: m->trouble says why */
	MESSAGE_FAILED, /* out of memory */
};

/* Room for one more fact, to be filled. NULL: out of memory. */
struct fact *message_add_fact(struct message *m) MUST_USE;

/*
 * The record's owner is in m->owner, its data in *msg at rr->rdata_at: its TTL goes to the
 * questions that it answers, and it becomes a fact if it is of a kind that is kept. For the answer
 * section, and the SOA of a negative answer's authority section. False: out of memory.
 */
bool message_add_record(struct message *m, const struct message_context *context,
    const struct dns_msg *msg, const struct dns_rr *rr) MUST_USE;

/* Read a whole message over what *m held. */
enum message_step message_read(
    struct message *m, const struct message_context *context, struct cursor bytes) MUST_USE;

#endif
