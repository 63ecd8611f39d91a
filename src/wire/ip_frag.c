/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IP reassembly (RFC 791 3.2, RFC 8200 4.5). Fragments of one datagram share addresses, protocol
 * and identification. A fragment that repeats octets exactly is a duplicate and ignored; one
 * that overlaps otherwise ends the datagram (RFC 5722 for IPv6; Linux does so for IPv4 as well),
 * because which octets count would be a matter of taste. The datagram that has waited longest
 * makes room for a new one.
 */
#include "wire/ip_frag.h"

#include <string.h>

#include "base/stamp.h"
#include "wire/port.h"

void ip_frags_init(struct ip_frags *f, struct loss loss, uint64_t seed)
{
	f->loss = loss;
	f->given = FLOW_NONE;
	flow_table_init(
	    &f->table, f->slots, LIMIT_FRAG_DATAGRAMS, f->buckets, 2 * LIMIT_FRAG_DATAGRAMS, seed);
}

static bool has_unit(const struct ip_datagram *d, uint32_t unit)
{
	return (d->have[unit / 8] >> (unit & 7) & 1) != 0;
}

#define OCTETS_A_FLAG 64 /* that one octet of `have` tells of */

/* Only what has arrived, since anything else may be a page that nothing has touched. */
static void wipe(struct ip_datagram *d)
{
	for (size_t i = 0; i < sizeof(d->have); i++)
		if (d->have[i] != 0)
			explicit_bzero(d->bytes + i * OCTETS_A_FLAG, OCTETS_A_FLAG);
	memset(d->have, 0, sizeof(d->have));
}

static void take_back(struct ip_frags *f)
{
	if (f->given != FLOW_NONE)
		wipe(&f->datagrams[f->given]);
	f->given = FLOW_NONE;
}

#define PORTS_BYTES 4 /* UDP and TCP begin with both ports */

enum ports {
	PORTS_UNKNOWN, /* the first fragment is missing, or holds something else than UDP and TCP */
	PORTS_DNS,
	PORTS_OTHER,
};

static enum ports ports_of(const struct ip_datagram *d, uint16_t protocol)
{
	struct cursor c = cursor_of(d->bytes, PORTS_BYTES);
	uint16_t source_port = cursor_be16(&c);
	uint16_t destination_port = cursor_be16(&c);

	if (!has_unit(d, 0) || (protocol != IP_UDP && protocol != IP_TCP))
		return PORTS_UNKNOWN;
	return port_is_dns(source_port) || port_is_dns(destination_port) ? PORTS_DNS : PORTS_OTHER;
}

static void give_up(struct ip_frags *f, uint32_t entry, const char *why)
{
	struct ip_datagram *d = &f->datagrams[entry];

	if (!d->is_unwanted && ports_of(d, f->slots[entry].key.protocol) == PORTS_DNS)
		loss_report(&f->loss, why, d->tag);
	wipe(d);
	flow_table_remove(&f->table, entry);
}

/* Datagrams that began longer ago, by the capture's clock, than fragments may take. */
static void expire(struct ip_frags *f, int64_t now_ns)
{
	while (f->table.oldest != FLOW_NONE) {
		const struct ip_datagram *d = &f->datagrams[f->table.oldest];

		/* a clock that was set back is an end as well */
		if (now_ns / NS_PER_S - d->first_ns / NS_PER_S <= LIMIT_FRAG_WAIT_S &&
		    d->first_ns / NS_PER_S - now_ns / NS_PER_S <= LIMIT_FRAG_WAIT_S)
			return;
		give_up(f, f->table.oldest, "fragment missing");
	}
}

static uint32_t find_or_add(
    struct ip_frags *f, const struct flow_key *k, int64_t now_ns, uint64_t tag)
{
	uint32_t entry = flow_table_find(&f->table, k);
	struct ip_datagram *d;

	if (entry != FLOW_NONE)
		return entry;
	if (flow_table_is_full(&f->table))
		give_up(f, f->table.oldest, "too many fragmented datagrams at a time");
	entry = flow_table_add(&f->table, k);
	d = &f->datagrams[entry];
	d->first_ns = now_ns;
	d->tag = tag;
	d->end = 0;
	d->have_units = 0;
	d->is_unwanted = false;
	memset(d->have, 0, sizeof(d->have));
	memset(d->bytes, 0, PORTS_BYTES); /* a first fragment may be too short for them */
	return entry;
}

/*
 * NULL: stored, or a duplicate. Else why the datagram cannot be put together. len is at least 1,
 * and the fragment ends within IP_DATAGRAM_MAX.
 */
static const char *store(
    struct ip_datagram *d, uint32_t offset, const uint8_t *bytes, uint32_t len, bool more)
{
	uint32_t unit = offset / 8;
	uint32_t unit_end = (offset + len + 7) / 8;
	uint32_t had = 0;

	if (more && len % 8 != 0)
		return "fragment of uneven length";
	if (!more && d->end != 0 && d->end != offset + len)
		return "fragments disagree about the end";
	if (d->end != 0 && offset + len > d->end)
		return "fragment behind the end";
	for (uint32_t u = unit; u < unit_end; u++)
		had += has_unit(d, u);
	if (had == unit_end - unit && memcmp(d->bytes + offset, bytes, len) == 0)
		return NULL;
	if (had != 0)
		return "fragments overlap";
	for (uint32_t u = unit; u < unit_end; u++)
		d->have[u / 8] = (uint8_t)(d->have[u / 8] | 1u << (u & 7));
	d->have_units += unit_end - unit;
	memcpy(d->bytes + offset, bytes, len);
	if (!more)
		d->end = offset + len;
	return NULL;
}

bool ip_frags_add(struct ip_frags *f, int64_t now_ns, uint64_t tag, const struct ip_packet *p,
    struct cursor *ret_payload)
{
	struct cursor payload = p->payload;
	uint32_t len = (uint32_t)cursor_left(&payload);
	const uint8_t *bytes = cursor_take(&payload, len);
	const char *why;
	struct flow_key key;
	struct ip_datagram *d;
	uint32_t entry;

	take_back(f);
	expire(f, now_ns);
	if (bytes == NULL || len == 0)
		return false;
	flow_key_of(&key, &p->source, &p->destination, p->fragment_id, p->protocol);
	entry = find_or_add(f, &key, now_ns, tag);
	d = &f->datagrams[entry];
	if (d->is_unwanted)
		return false;
	if (p->is_cut)
		why = "fragment cut by the snap length";
	else if (p->fragment_offset + len > IP_DATAGRAM_MAX)
		why = "fragment beyond 65535 octets";
	else
		why = store(d, p->fragment_offset, bytes, len, p->more_fragments);
	if (why != NULL && ports_of(d, p->protocol) == PORTS_DNS)
		loss_report(&f->loss, why, d->tag);
	if (why != NULL || ports_of(d, p->protocol) == PORTS_OTHER) {
		d->is_unwanted = true;
		wipe(d);
		return false;
	}
	/* octets behind the end, stored before the end was known, keep it from ever matching */
	if (d->end == 0 || d->have_units != (d->end + 7) / 8)
		return false;
	*ret_payload = cursor_of(d->bytes, d->end);
	f->given = entry;
	flow_table_remove(&f->table, entry);
	return true;
}

void ip_frags_finish(struct ip_frags *f)
{
	take_back(f);
	while (f->table.oldest != FLOW_NONE)
		give_up(f, f->table.oldest, "fragment missing");
}

void ip_frags_wipe(struct ip_frags *f)
{
	take_back(f);
	while (f->table.oldest != FLOW_NONE) {
		wipe(&f->datagrams[f->table.oldest]);
		flow_table_remove(&f->table, f->table.oldest);
	}
}
