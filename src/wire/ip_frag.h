/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fragmented IP datagrams put together again, in one block of memory of the caller, which may
 * hold anything at first. Pages that no fragment has touched cost nothing: allocate it with
 * malloc(), because a capture of ten packets should not pay for 17 MB of zeros. Fragments may be
 * of mail: what is given out, or given up, is wiped from the memory.
 */
#ifndef WIRE_IP_FRAG_H
#define WIRE_IP_FRAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/limits.h"
#include "wire/flow_table.h"
#include "wire/ip.h"
#include "wire/loss.h"

#define IP_DATAGRAM_MAX 65535
#define IP_FRAG_UNITS   8192 /* fragments begin at multiples of 8 octets */

struct ip_datagram {
	int64_t first_ns;
	uint64_t tag; /* of the first fragment seen */
	uint32_t end; /* length of the payload; 0 while the last fragment is missing */
	uint32_t have_units;
	bool is_unwanted;                /* not DNS, or damaged: swallow the rest */
	uint8_t have[IP_FRAG_UNITS / 8]; /* a bit for each unit that has arrived */
	uint8_t bytes[IP_FRAG_UNITS * 8];
};

struct ip_frags {
	struct loss loss;
	struct flow_table table;
	uint32_t given; /* the datagram that the caller has borrowed; FLOW_NONE */
	struct flow_slot slots[LIMIT_FRAG_DATAGRAMS];
	uint32_t buckets[2 * LIMIT_FRAG_DATAGRAMS];
	struct ip_datagram datagrams[LIMIT_FRAG_DATAGRAMS];
};

void ip_frags_init(struct ip_frags *f, struct loss loss, uint64_t seed);

/*
 * Take a fragment. True: it was the last one missing, and *ret_payload is the datagram's,
 * borrowed until the next call. Datagrams of UDP and TCP ports that are not DNS are never
 * finished. tag is the caller's number of the packet.
 */
bool ip_frags_add(struct ip_frags *f, int64_t now_ns, uint64_t tag, const struct ip_packet *p,
    struct cursor *ret_payload) MUST_USE;

/* Give up all that still waits. */
void ip_frags_finish(struct ip_frags *f);

/* The same in silence, where nobody counts losses any more. */
void ip_frags_wipe(struct ip_frags *f);

#endif
