/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The input is a list of packets, so that fragments, streams and pairs are met:
 *
 *	0  link type: index into a table   1  time since the last packet, signed, in 1/8 s
 *	2  length (16)                     4  the packet
 *
 * Every record must be well formed, and every message accounted for.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "evidence/packets.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const uint16_t linktypes[] = { 1, 101, 0, 108, 113, 276, 9, 50, 51, 12, 14, 228, 229, 147 };

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void check_endpoint(const struct endpoint *e)
{
	struct endpoint again;

	if (e->form == ENDPOINT_NAME)
		must(endpoint_from_wire(&again, e->bytes, e->len) && endpoint_cmp(&again, e) == 0);
	else
		must(e->form == ENDPOINT_V4 ? e->len == 4 : e->form == ENDPOINT_V6 && e->len == 16);
}

static void drain(struct packets *p)
{
	struct record r;
	struct err err;
	enum next status;

	while ((status = packets_next(p, &r, &err)) == NEXT_ITEM) {
		must(r.contact != NULL || r.fact_count > 0);
		if (r.contact != NULL) {
			check_endpoint(&r.contact->target);
			check_endpoint(&r.contact->peer);
			must((r.contact->target.form == ENDPOINT_NAME) ==
			     (r.contact->kind != KIND_SMTP));
			must(r.contact->seen >= SEEN_QUERY && r.contact->seen <= SEEN_BOTH);
			must((r.contact->seen == SEEN_QUERY) ==
			     (r.contact->outcome == OUTCOME_NONE));
			must(r.contact->seen != SEEN_BOTH || r.contact->txid == -1);
		}
		for (size_t i = 0; i < r.fact_count; i++) {
			check_endpoint(&r.facts[i].owner);
			check_endpoint(&r.facts[i].data);
		}
	}
	must(status == NEXT_END);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct cursor input = cursor_of(bytes, len);
	struct health health = { .count = 0 };
	struct packets *p = NULL;
	struct captured packet = { .digits = 6 };
	struct err err;

	must(packets_new(&health, &p, &err));
	while (cursor_left(&input) > 0) {
		uint8_t link = cursor_u8(&input);
		int8_t step = (int8_t)cursor_u8(&input);
		size_t want = cursor_be16(&input);
		size_t left = cursor_left(&input);
		/* a block of its own, so that a read past its end is seen */
		size_t have = want < left ? want : left;
		const uint8_t *from = cursor_take(&input, have);
		uint8_t *copy = malloc(have + 1);

		must(copy != NULL);
		if (from != NULL)
			memcpy(copy + 1, from, have);
		packet.linktype = linktypes[link % COUNT_OF(linktypes)];
		packet.time_ns += step * INT64_C(125000000);
		packet.bytes = copy + 1;
		packet.len = have;
		packet.wire_len = want;
		packet.offset++;
		packets_feed(p, &packet);
		drain(p);
		free(copy);
	}
	packets_finish(p);
	drain(p);
	packets_free(p);
	return 0;
}
