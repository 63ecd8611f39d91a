/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of a hand-over, put into the fields that contacts and facts have. */
#include "evidence/delivery.h"

#include <string.h>

#include "wire/dns_msg.h"

void delivery_begin(struct delivery *d, uint8_t kind, struct stamp time)
{
	d->fact_count = 0;
	d->contact.time_ns = time.ns;
	d->contact.digits = time.digits;
	d->contact.kind = kind;
	d->contact.seen = SEEN_QUERY;
	d->contact.outcome = OUTCOME_NONE;
	d->contact.ttl = TTL_NONE;
	d->contact.txid = -1;
}

void delivery_reply(struct delivery *d, const uint8_t *text, size_t len)
{
	/* three digits, of which the first is 2 to 5 (RFC 5321 4.2) */
	if (len < 3 || text[0] < '2' || text[0] > '5' ||
	    (len > 3 && text[3] >= '0' && text[3] <= '9'))
		return;
	for (size_t i = 1; i < 3; i++)
		if (text[i] < '0' || text[i] > '9')
			return;
	delivery_code(
	    d, (uint16_t)((text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0')));
}

void delivery_code(struct delivery *d, uint16_t code)
{
	d->contact.outcome = code;
	d->contact.seen = SEEN_BOTH;
}

bool delivery_ends(struct delivery *d, const struct endpoint *client, const struct endpoint *server)
{
	struct contact *c = &d->contact;

	c->direction = server->form != ENDPOINT_NONE ? DIRECTION_OUT : DIRECTION_IN;
	c->type = c->direction;
	c->target = c->direction == DIRECTION_OUT ? *server : *client;
	c->peer = c->direction == DIRECTION_OUT ? *client : *server;
	return c->target.form != ENDPOINT_NONE;
}

static const struct endpoint *client_of(const struct delivery *d)
{
	return d->contact.direction == DIRECTION_OUT ? &d->contact.peer : &d->contact.target;
}

static const struct endpoint *server_of(const struct delivery *d)
{
	return d->contact.direction == DIRECTION_OUT ? &d->contact.target : &d->contact.peer;
}

/* Seen at the time of the hand-over, which the caller may change. NULL: there are enough. */
static struct fact *add_fact(
    struct delivery *d, uint16_t type, const struct endpoint *owner, const struct endpoint *data)
{
	struct fact *f = &d->facts[d->fact_count];

	if (d->fact_count == DELIVERY_FACTS || owner->form == ENDPOINT_NONE ||
	    data->form == ENDPOINT_NONE)
		return NULL;
	d->fact_count++;
	f->owner = *owner;
	f->data = *data;
	f->type = type;
	f->extra = 0;
	f->port = 0;
	f->ttl = TTL_NONE;
	f->count = 1;
	f->first_ns = f->last_ns = d->contact.time_ns;
	f->digits = d->contact.digits;
	return f;
}

static bool is_host_byte(uint8_t byte)
{
	return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
	       byte == '-' || byte == '_' || byte == '.';
}

bool delivery_host(struct endpoint *e, const uint8_t *text, size_t len)
{
	static const char ipv6[] = "ipv6:"; /* of an address literal (RFC 5321 4.1.3) */
	struct addr a;

	if (len > 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len >= sizeof(ipv6) && (text[0] | 0x20) == 'i' &&
	    memchr(text, ':', sizeof(ipv6)) != NULL) {
		text += sizeof(ipv6) - 1;
		len -= sizeof(ipv6) - 1;
	}
	if (len == 0)
		return false;
	if (addr_parse((const char *)text, len, &a)) {
		endpoint_from_addr(e, &a);
		return true;
	}
	if (text[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		if (!is_host_byte(text[i]))
			return false;
	/* ".." would be the root with a dot behind it, which is no host */
	return len > 0 && text[0] != '.' && memchr(text, '.', len) != NULL &&
	       endpoint_from_name(e, (const char *)text, len);
}

bool delivery_self(struct endpoint *e, const uint8_t *text, size_t len)
{
	if (delivery_host(e, text, len))
		return true;
	for (size_t i = 0; i < len; i++)
		if (!is_host_byte(text[i]) || text[i] == '.')
			return false;
	return len > 0 && endpoint_from_name(e, (const char *)text, len);
}

bool delivery_domain(struct endpoint *e, const uint8_t *text, size_t len)
{
	const uint8_t *at = len == 0 ? NULL : memrchr(text, '@', len);
	const uint8_t *end;

	if (at == NULL)
		return false;
	len -= (size_t)(at - text) + 1;
	text = at + 1;
	end = len == 0 ? NULL : memchr(text, '>', len);
	return delivery_host(e, text, end == NULL ? len : (size_t)(end - text));
}

void delivery_helo(struct delivery *d, const uint8_t *text, size_t len)
{
	struct endpoint name;

	/* an address in place of a name binds nothing */
	if (delivery_host(&name, text, len) && name.form == ENDPOINT_NAME)
		delivery_claim(d, FACT_HELO, &name);
}

void delivery_claim(struct delivery *d, uint16_t type, const struct endpoint *name)
{
	const bool of_server = type == FACT_GREETING || type == FACT_RECIPIENT;

	(void)add_fact(d, type, name, of_server ? server_of(d) : client_of(d));
}

void delivery_message_id(struct delivery *d, const uint8_t *text, size_t len)
{
	struct endpoint domain;

	if (delivery_domain(&domain, text, len))
		delivery_claim(d, FACT_MESSAGE_ID, &domain);
}

void delivery_clock(struct delivery *d, const struct endpoint *host, const struct endpoint *data,
    const struct mail_date *date)
{
	struct fact *f = add_fact(d, FACT_DATE, host, data);

	if (f == NULL)
		return;
	f->extra = date->zoned ? (uint32_t)(FACT_EAST_0 + date->east_min) : 0;
	f->first_ns = f->last_ns = date->time.ns;
	f->digits = date->time.digits;
}

void delivery_date(struct delivery *d, const uint8_t *text, size_t len)
{
	struct mail_date date;

	if (mail_date_parse(text, len, &date))
		delivery_written(d, &date);
}

void delivery_written(struct delivery *d, const struct mail_date *date)
{
	const struct endpoint *domain = client_of(d);

	for (size_t i = 0; i < d->fact_count; i++)
		if (d->facts[i].type == FACT_MESSAGE_ID)
			domain = &d->facts[i].owner;
	delivery_clock(d, client_of(d), domain, date);
}

void delivery_name(
    struct delivery *d, const uint8_t *text, size_t len, const struct endpoint *address)
{
	struct endpoint name;

	if ((address->form != ENDPOINT_V4 && address->form != ENDPOINT_V6) ||
	    !delivery_host(&name, text, len) || name.form != ENDPOINT_NAME)
		return;
	(void)add_fact(
	    d, address->form == ENDPOINT_V4 ? DNS_TYPE_A : DNS_TYPE_AAAA, &name, address);
}

struct record delivery_record(const struct delivery *d)
{
	return (struct record){
		.contact = &d->contact, .facts = d->facts, .fact_count = d->fact_count
	};
}
