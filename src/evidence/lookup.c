/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/lookup.h"

#include "base/limits.h"
#include "evidence/exchange.h"

/* Letters of the question's name as it was written: it is the first name, so nothing points. */
static void count_letters(struct cursor bytes, struct lookup *ret)
{
	unsigned letters = 0, capitals = 0;
	size_t left;

	cursor_skip(&bytes, DNS_HEADER_BYTES);
	for (left = cursor_u8(&bytes); left > 0 && left <= LIMIT_LABEL_BYTES && bytes.err == NULL;
	     left = cursor_u8(&bytes)) {
		for (; left > 0; left--) {
			uint8_t octet = cursor_u8(&bytes);

			capitals += octet >= 'A' && octet <= 'Z';
			letters += (octet | 0x20) >= 'a' && (octet | 0x20) <= 'z';
		}
	}
	/* a name has at most 255 octets, but a hostile one may go on behind a pointer */
	ret->letters = letters > UINT8_MAX ? UINT8_MAX : (uint8_t)letters;
	ret->capitals = capitals > UINT8_MAX ? UINT8_MAX : (uint8_t)capitals;
}

bool lookup_read(const struct exchange_origin *origin, struct cursor bytes, struct lookup *ret)
{
	struct cursor whole = bytes;
	const size_t len = cursor_left(&whole);
	struct dns_question q;
	enum dns_step step;
	struct dns_msg m;
	struct dns_rr rr;

	if (!dns_msg_read(&m, cursor_take(&whole, len), len) || dns_msg_is_response(&m) ||
	    dns_msg_question(&m, &q) != DNS_ITEM)
		return false;
	*ret = (struct lookup){ .time_ns = origin->time_ns,
		.peer = origin->source,
		.server = origin->destination,
		.port = origin->source_port,
		.id = m.id,
		.type = q.type,
		.flags = m.flags,
		.transport = origin->transport,
		.hops = origin->hops };
	ret->name.len = q.name.len;
	memcpy(ret->name.bytes, q.name.bytes, q.name.len);
	count_letters(bytes, ret);
	while ((step = dns_msg_record(&m, &rr)) == DNS_ITEM) {
		if (rr.type != DNS_TYPE_OPT || rr.section != DNS_ADDITIONAL)
			continue;
		ret->edns_bytes = dns_edns_of(&rr).udp_bytes;
		ret->dnssec_ok = dns_edns_of(&rr).dnssec_ok;
	}
	return step == DNS_END;
}
