/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a DNS message to questions, outcome, TTL and facts.
 *
 * Facts come from responses to ordinary queries (opcode 0) and class IN: the answer section,
 * and the SOA of the authority section, which only a negative answer has (RFC 2308 2.2). The
 * answers of other opcodes are prerequisites and notices, not answers. A TTL with the top bit
 * set counts as 0 (RFC 2181 8).
 *
 * Questions that can be read stand even where the records behind them are cut or damaged:
 * captures with a short snap length hold little else.
 */
#include "evidence/message.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"

#define FACTS_AT_FIRST 8

static const char why_cut[] = "DNS message cut by the snap length";

void message_init(struct message *m)
{
	m->facts = NULL;
	m->fact_count = m->fact_capacity = 0;
	m->question_count = 0;
	m->trouble = NULL;
}

void message_release(struct message *m)
{
	free(m->facts);
	message_init(m);
}

static enum message_step read_questions(struct message *m, struct dns_msg *msg, bool is_mdns)
{
	struct message_question *at;

	for (m->question_count = 0; m->question_count < LIMIT_QUESTIONS; m->question_count++) {
		at = &m->questions[m->question_count];
		switch (dns_msg_question(msg, &at->q)) {
		case DNS_ITEM:
			break;
		case DNS_END:
			return MESSAGE_READ;
		case DNS_BAD:
			m->trouble = msg->c.err;
			/* questions before a broken one stand */
			return m->question_count == 0 ? MESSAGE_BAD : MESSAGE_READ;
		}
		at->ttl = TTL_NONE;
		if (is_mdns)
			at->q.class &= 0x7fff;
	}
	if (msg->left > 0)
		m->trouble = "more questions than are read";
	return MESSAGE_READ;
}

struct fact *message_add_fact(struct message *m)
{
	size_t capacity = m->fact_capacity == 0 ? FACTS_AT_FIRST : size_mul(m->fact_capacity, 2);
	struct fact *facts;

	if (m->fact_count < m->fact_capacity)
		return &m->facts[m->fact_count++];
	facts = realloc(m->facts, size_mul(capacity, sizeof(*facts)));
	if (facts == NULL)
		return NULL;
	m->facts = facts;
	m->fact_capacity = capacity;
	return &m->facts[m->fact_count++];
}

static void endpoint_of_name(struct endpoint *e, const struct dns_name *name)
{
	e->form = ENDPOINT_NAME;
	e->len = (uint8_t)name->len;
	memcpy(e->bytes, name->bytes, name->len);
}

static void fill_fact(struct fact *f, const struct message *m,
    const struct message_context *context, const struct dns_rr *rr)
{
	const struct dns_rdata *data = &m->data;

	endpoint_of_name(&f->owner, &m->owner);
	f->type = rr->type;
	if (data->addr.len != 0)
		endpoint_from_addr(&f->data, &data->addr);
	else
		endpoint_of_name(&f->data, &data->name);
	f->extra = rr->type == DNS_TYPE_SOA   ? data->minimum
		   : rr->type == DNS_TYPE_SRV ? (uint32_t)data->priority << 16 | data->weight
					      : data->preference;
	f->port = data->port;
	f->ttl = rr->ttl;
	f->count = 1;
	f->first_ns = f->last_ns = context->time_ns;
	f->digits = context->digits;
}

/* One record of the answer or authority section, with its owner read. False: out of memory. */
static bool take_fact(struct message *m, const struct message_context *context,
    const struct dns_msg *msg, const struct dns_rr *rr)
{
	struct fact *f;

	switch (dns_rdata_read(msg, rr, &m->data, &m->trouble)) {
	case DNS_BAD:
	case DNS_END:
		return true;
	case DNS_ITEM:
		break;
	}
	f = message_add_fact(m);
	if (f == NULL)
		return false;
	fill_fact(f, m, context, rr);
	return true;
}

/* The TTL of an answer belongs to all questions for its owner that have none yet. */
static void give_ttl(struct message *m, uint32_t ttl)
{
	for (size_t i = 0; i < m->question_count; i++)
		if (m->questions[i].ttl == TTL_NONE &&
		    dns_name_equal(&m->questions[i].q.name, &m->owner))
			m->questions[i].ttl = ttl;
}

/* A negative answer holds for the lesser of its SOA's TTL and minimum (RFC 2308 5). */
static void give_negative_ttl(struct message *m, const struct fact *soa)
{
	for (size_t i = 0; i < m->question_count; i++)
		if (m->questions[i].ttl == TTL_NONE)
			m->questions[i].ttl = soa->ttl < soa->extra ? soa->ttl : soa->extra;
}

bool message_add_record(struct message *m, const struct message_context *context,
    const struct dns_msg *msg, const struct dns_rr *rr)
{
	const size_t had = m->fact_count;
	const bool is_answer = rr->section == DNS_ANSWER;

	if (is_answer)
		give_ttl(m, rr->ttl);
	if ((context->is_mdns ? rr->class & 0x7fff : rr->class) != DNS_CLASS_IN)
		return true;
	if (!take_fact(m, context, msg, rr))
		return false;
	if (!is_answer && m->fact_count > had)
		give_negative_ttl(m, &m->facts[had]);
	return true;
}

static bool read_answer(struct message *m, const struct message_context *context,
    const struct dns_msg *msg, const struct dns_rr *rr)
{
	return !dns_rr_owner(msg, rr, &m->owner, &m->trouble) ||
	       message_add_record(m, context, msg, rr);
}

static bool is_wanted(const struct dns_msg *msg, const struct dns_rr *rr)
{
	if (rr->section == DNS_ANSWER)
		return true;
	return rr->section == DNS_AUTHORITY && rr->type == DNS_TYPE_SOA &&
	       (dns_msg_rcode(msg) == DNS_RCODE_NOERROR ||
		   dns_msg_rcode(msg) == DNS_RCODE_NXDOMAIN);
}

static enum message_step read_records(
    struct message *m, const struct message_context *context, struct dns_msg *msg)
{
	const bool is_lookup = dns_msg_opcode(msg) == DNS_OPCODE_QUERY;
	enum dns_step step;
	struct dns_rr rr;

	while ((step = dns_msg_record(msg, &rr)) == DNS_ITEM) {
		if (rr.type == DNS_TYPE_OPT) {
			if (rr.section == DNS_ADDITIONAL)
				m->outcome |= dns_edns_of(&rr).rcode_high;
			continue;
		}
		rr.ttl = rr.ttl > INT32_MAX ? 0 : rr.ttl;
		if (is_lookup && is_wanted(msg, &rr) && !read_answer(m, context, msg, &rr))
			return MESSAGE_FAILED;
	}
	/* a truncated response may count records that it had to leave out */
	if (step == DNS_BAD && !dns_msg_is_truncated(msg))
		m->trouble = msg->c.err;
	return MESSAGE_READ;
}

enum message_step message_read(
    struct message *m, const struct message_context *context, struct cursor bytes)
{
	const size_t len = cursor_left(&bytes);
	enum message_step step = MESSAGE_BAD;
	struct dns_msg msg;

	m->fact_count = 0;
	m->question_count = 0;
	m->trouble = NULL;
	if (!dns_msg_read(&msg, cursor_take(&bytes, len), len)) {
		m->trouble = context->is_cut ? why_cut : "DNS message shorter than its header";
		return MESSAGE_BAD;
	}
	m->id = msg.id;
	m->is_response = dns_msg_is_response(&msg);
	m->has_flags = true;
	m->recursion_desired = dns_msg_recursion_desired(&msg);
	m->outcome = m->is_response ? dns_msg_rcode(&msg) : OUTCOME_NONE;
	step = read_questions(m, &msg, context->is_mdns);
	if (step == MESSAGE_READ && m->is_response && m->trouble == NULL)
		step = read_records(m, context, &msg);
	if (m->trouble != NULL && context->is_cut)
		m->trouble = why_cut;
	return step;
}
