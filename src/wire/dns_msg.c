/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DNS messages (RFC 1035 4.1, EDNS by RFC 6891).
 *
 *	 0  id
 *	 2  QR | opcode (4) | AA | TC | RD | RA | Z | AD | CD | RCODE (4)
 *	 4  counts of question, answer, authority and additional section
 *	12  questions:  name, type, class
 *	    records:    name, type, class, TTL (32), length of the data, data
 *
 * Names in the data of a record may point anywhere before them in the message, so data is read
 * with a cursor over the whole message, and must end where its length says.
 */
#include "wire/dns_msg.h"

bool dns_msg_read(struct dns_msg *ret, const uint8_t *bytes, size_t len)
{
	struct cursor *c = &ret->c;

	*c = cursor_of(bytes, len);
	ret->id = cursor_be16(c);
	ret->flags = cursor_be16(c);
	for (size_t i = 0; i < DNS_SECTIONS; i++)
		ret->counts[i] = cursor_be16(c);
	ret->section = DNS_QUESTION;
	ret->left = ret->counts[DNS_QUESTION];
	return c->err == NULL;
}

enum dns_step dns_msg_question(struct dns_msg *m, struct dns_question *ret)
{
	if (m->c.err != NULL)
		return DNS_BAD;
	if (m->section != DNS_QUESTION || m->left == 0)
		return DNS_END;
	m->left--;
	if (!dns_name_read(&m->c, &ret->name))
		return DNS_BAD;
	ret->type = cursor_be16(&m->c);
	ret->class = cursor_be16(&m->c);
	return m->c.err == NULL ? DNS_ITEM : DNS_BAD;
}

static void skip_questions(struct dns_msg *m)
{
	for (; m->left > 0 && m->c.err == NULL; m->left--) {
		(void)dns_name_skip(&m->c);
		cursor_skip(&m->c, 4);
	}
}

enum dns_step dns_msg_record(struct dns_msg *m, struct dns_rr *ret)
{
	struct cursor *c = &m->c;

	if (m->section == DNS_QUESTION)
		skip_questions(m);
	if (c->err != NULL)
		return DNS_BAD;
	while (m->left == 0) {
		if (m->section == DNS_ADDITIONAL)
			return DNS_END;
		m->section++;
		m->left = m->counts[m->section];
	}
	m->left--;
	ret->section = m->section;
	ret->owner_at = c->pos;
	(void)dns_name_skip(c);
	ret->type = cursor_be16(c);
	ret->class = cursor_be16(c);
	ret->ttl = cursor_be32(c);
	ret->rdata_len = cursor_be16(c);
	ret->rdata_at = c->pos;
	cursor_skip(c, ret->rdata_len);
	return c->err == NULL ? DNS_ITEM : DNS_BAD;
}

bool dns_msg_is_plausible(const uint8_t *header, size_t len, size_t message_len)
{
	struct dns_msg m;

	if (message_len < DNS_HEADER_BYTES || !dns_msg_read(&m, header, len))
		return false;
	/* DSO (6) is the last opcode given out; bit Z must be 0 */
	if (dns_msg_opcode(&m) > 6 || (m.flags & 0x0040) != 0)
		return false;
	/* several questions are rare, and few; each takes five octets at least */
	return m.counts[DNS_QUESTION] <= LIMIT_QUESTIONS &&
	       (size_t)m.counts[DNS_QUESTION] * 5 <= message_len - DNS_HEADER_BYTES;
}

/* A cursor over the whole message that stands at an offset read from it. */
static struct cursor cursor_at(const struct dns_msg *m, size_t pos)
{
	struct cursor c = cursor_of(m->c.base, m->c.len);

	cursor_skip(&c, pos);
	return c;
}

bool dns_rr_owner(
    const struct dns_msg *m, const struct dns_rr *rr, struct dns_name *ret, const char **reterr_why)
{
	struct cursor c = cursor_at(m, rr->owner_at);

	if (dns_name_read(&c, ret))
		return true;
	*reterr_why = c.err;
	return false;
}

static void read_addr(struct cursor *c, uint8_t len, struct addr *ret)
{
	const uint8_t *bytes = cursor_take(c, len);

	if (bytes == NULL)
		return;
	ret->len = len;
	memcpy(ret->bytes, bytes, len);
}

static void read_soa(struct cursor *c, struct dns_rdata *ret)
{
	(void)dns_name_read(c, &ret->name);
	(void)dns_name_skip(c); /* the mailbox of the person responsible: never kept */
	ret->serial = cursor_be32(c);
	cursor_skip(c, 12); /* refresh, retry, expire */
	ret->minimum = cursor_be32(c);
}

static void read_srv(struct cursor *c, struct dns_rdata *ret)
{
	ret->priority = cursor_be16(c);
	ret->weight = cursor_be16(c);
	ret->port = cursor_be16(c);
	(void)dns_name_read(c, &ret->name);
}

enum dns_step dns_rdata_read(const struct dns_msg *m, const struct dns_rr *rr,
    struct dns_rdata *ret, const char **reterr_why)
{
	struct cursor c = cursor_at(m, rr->rdata_at);

	ret->addr.len = 0;
	ret->name.len = 0;
	ret->preference = ret->priority = ret->weight = ret->port = 0;
	ret->serial = ret->minimum = 0;
	switch (rr->type) {
	case DNS_TYPE_A:
		read_addr(&c, 4, &ret->addr);
		break;
	case DNS_TYPE_AAAA:
		read_addr(&c, 16, &ret->addr);
		break;
	case DNS_TYPE_NS:
	case DNS_TYPE_CNAME:
	case DNS_TYPE_PTR:
	case DNS_TYPE_DNAME:
		(void)dns_name_read(&c, &ret->name);
		break;
	case DNS_TYPE_MX:
		ret->preference = cursor_be16(&c);
		(void)dns_name_read(&c, &ret->name);
		break;
	case DNS_TYPE_SOA:
		read_soa(&c, ret);
		break;
	case DNS_TYPE_SRV:
		read_srv(&c, ret);
		break;
	default:
		return DNS_END;
	}
	if (c.err == NULL && c.pos != rr->rdata_at + rr->rdata_len)
		c.err = "data does not end where its length says";
	if (c.err == NULL)
		return DNS_ITEM;
	*reterr_why = c.err;
	return DNS_BAD;
}

struct dns_edns dns_edns_of(const struct dns_rr *rr)
{
	struct dns_edns e = {
		.rcode_high = (uint16_t)(rr->ttl >> 24 << 4),
		.udp_bytes = rr->class,
		.version = (uint8_t)(rr->ttl >> 16),
		.dnssec_ok = (rr->ttl & 0x8000) != 0,
	};

	return e;
}
