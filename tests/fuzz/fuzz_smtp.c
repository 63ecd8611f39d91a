/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The input is what hosts say in mail sessions, turn by turn:
 *
 *	0  1: the server's  2: last  4: reset  8: joined midway  16: a hole before it
 *	   32, 64: which of four connections  128: a hole of unknown size
 *	1  length      2  the octets
 *
 * Every record must be well formed, and the same whether octets come in turns or one by one.
 */
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/hash.h"
#include "evidence/smtp_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define CONNECTIONS 4

static void must(bool ok)
{
	if (!ok)
		abort();
}

static uint64_t hash_endpoint(const struct endpoint *e, uint64_t hash)
{
	struct endpoint again;

	if (e->form == ENDPOINT_NAME)
		must(endpoint_from_wire(&again, e->bytes, e->len) && endpoint_cmp(&again, e) == 0);
	else
		must(e->form == ENDPOINT_V4 && e->len == 4);
	return hash_bytes(e->bytes, e->len, hash);
}

/* Of everything that came out, in its order. */
static void drain(struct smtp_sessions *s, uint64_t *hash)
{
	struct record r;

	while (smtp_sessions_next(s, &r)) {
		const struct contact *c = r.contact;

		must(c != NULL && c->kind == KIND_SMTP && c->direction == DIRECTION_OUT);
		must((c->outcome == OUTCOME_NONE) == (c->seen == SEEN_QUERY));
		must(c->outcome == OUTCOME_NONE || (c->outcome >= 200 && c->outcome <= 599));
		*hash = hash_endpoint(&c->target, *hash);
		*hash = hash_endpoint(&c->peer, *hash);
		*hash = hash_bytes(&c->outcome, sizeof(c->outcome), *hash);
		*hash = hash_bytes(&c->time_ns, sizeof(c->time_ns), *hash);
		for (size_t i = 0; i < r.fact_count; i++) {
			*hash = hash_endpoint(&r.facts[i].owner, *hash);
			*hash = hash_endpoint(&r.facts[i].data, *hash);
			*hash = hash_bytes(&r.facts[i].type, sizeof(r.facts[i].type), *hash);
		}
	}
}

static void take(
    struct smtp_sessions *s, struct tcp_message m, const uint8_t *bytes, size_t len, uint64_t *hash)
{
	uint8_t *copy =
	    malloc(len + 1); /* a block of its own, so that a read past its end is seen */

	must(copy != NULL);
	if (len > 0)
		memcpy(copy + 1, bytes, len);
	m.bytes = cursor_of(copy + 1, len);
	smtp_sessions_take(s, &m, 6);
	drain(s, hash);
	free(copy);
}

static void take_turn(struct smtp_sessions *s, struct tcp_message m, const uint8_t *bytes,
    size_t len, bool one_by_one, uint64_t *hash)
{
	const bool is_last = m.is_last, is_reset = m.is_reset;

	if (!one_by_one || len < 2) {
		take(s, m, bytes, len, hash);
		return;
	}
	/* whether one joined midway is harmless shows in its first octets */
	for (size_t at = 0, part; at < len; at += part) {
		part = at == 0 && m.is_first && !m.has_start ? (len < 4 ? len : 4) : 1;
		m.is_last = is_last && at + part == len;
		m.is_reset = is_reset && at + part == len;
		take(s, m, bytes + at, part, hash);
		m.is_first = false;
		m.missing = 0;
	}
}

static uint64_t run(const uint8_t *bytes, size_t len, bool one_by_one)
{
	struct cursor input = cursor_of(bytes, len);
	struct health health = { .count = 0 };
	struct smtp_sessions *s = NULL;
	bool began[CONNECTIONS][2] = { { false } };
	uint64_t hash = 0;
	struct err err;

	must(smtp_sessions_new(&health, &s, &err));
	while (cursor_left(&input) > 0) {
		const uint8_t flags = cursor_u8(&input);
		const size_t want = cursor_u8(&input);
		const size_t have = want < cursor_left(&input) ? want : cursor_left(&input);
		const uint8_t *turn = cursor_take(&input, have);
		const uint8_t side = flags & 1, connection = flags >> 5 & 3;
		struct tcp_message m = { .source = { .len = 4,
					     .bytes = { 192, 0, 2, (uint8_t)(1 + side) } },
			.destination = { .len = 4, .bytes = { 192, 0, 2, (uint8_t)(2 - side) } },
			.source_port = (uint16_t)(side ? 25 : 4000 + connection),
			.destination_port = (uint16_t)(side ? 4000 + connection : 25),
			.time_ns = (int64_t)input.pos,
			.is_first = !began[connection][side],
			.has_start = (flags & 8) == 0,
			.is_last = (flags & 6) != 0,
			.is_reset = (flags & 4) != 0,
			.missing = flags & 128 ? TCP_MANY : flags >> 4 & 1 };

		began[connection][side] = !m.is_last; /* a SYN follows */
		take_turn(s, m, turn, have, one_by_one, &hash);
	}
	smtp_sessions_finish(s);
	drain(s, &hash);
	smtp_sessions_free(s);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	must(run(bytes, len, false) == run(bytes, len, true));
	return 0;
}
