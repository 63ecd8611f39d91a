/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "hunt/trace.h"

#define S NS_PER_S

/* Pack rows at these seconds as a series of the peer and type, and add it. */
static void add(struct trace *t, const char *peer, uint16_t type, uint32_t ttl, const int *seconds,
    size_t count)
{
	struct contact c = { .kind = KIND_DNS, .type = type };
	struct series_row rows[16];
	struct walk_series s = { .kind = KIND_DNS, .type = type };
	struct key key;
	struct buf value;
	struct err err;

	assert_true(endpoint_parse(&c.target, "mail.example.net", 16));
	assert_true(endpoint_parse(&c.peer, peer, strlen(peer)));
	key_of_series(&key, &c);
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct series_row){ .time_ns = seconds[i] * S,
			.ttl = ttl,
			.txid = -1,
			.traits = SEEN_BOTH | DIRECTION_OUT << 2,
			.source = (uint32_t)(i % 2) };
	buf_init(&value, SIZE_MAX);
	assert_true(series_encode(rows, count, &value, &err));
	s.key = key.bytes;
	s.key_len = key.len;
	s.group_len = key_target_len(key.bytes, key.len) + 1;
	s.peer = key.bytes + s.group_len + 2;
	s.peer_len = key.len - s.group_len - 2;
	s.value = value.bytes;
	s.value_len = value.len;
	assert_true(trace_add(t, &s, &err));
	buf_release(&value);
}

static void types_of_a_peer_are_one_stream(void **state)
{
	static const int a[] = { 10, 500, 4000 }, aaaa[] = { 11, 501, 8000 }, other[] = { 7 };
	struct trace t;
	struct err err;

	(void)state;
	assert_true(trace_init(&t, 2, &err));
	for (int turn = 0; turn < 2; turn++) { /* the second name must see nothing of the first */
		trace_clear(&t);
		add(&t, "192.0.2.1", 1, 300, a, COUNT_OF(a));
		add(&t, "192.0.2.2", 1, TTL_NONE, other, COUNT_OF(other));
		add(&t, "192.0.2.1", 28, 600, aaaa, COUNT_OF(aaaa));
		assert_true(trace_close(&t, &err));
		assert_int_equal(t.contacts, 7);
		assert_int_equal(t.peer_count, 2);
		assert_int_equal(t.peers[0].count, 6);
		assert_int_equal(t.peers[0].ttl_max, 600);
		assert_int_equal(t.peers[1].ttl_max, TTL_NONE);
		for (size_t i = 1; i < t.peers[0].count; i++)
			assert_true(t.peers[0].times_ns[i - 1] < t.peers[0].times_ns[i]);
		assert_int_equal(t.peers[0].times_ns[5], 8000 * S);
		assert_int_equal(trace_visits(&t.peers[0]), 4);
		assert_int_equal(trace_visits(&t.peers[1]), 1);
		assert_int_equal(t.sources[0], 5);
		assert_int_equal(t.sources[1], 2);
	}
	trace_release(&t);
}

static void peers_come_in_the_order_of_their_keys(void **state)
{
	static const int once[] = { 1 };
	struct contact c;
	struct trace t;
	struct err err;
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	assert_true(trace_init(&t, 0, &err));
	add(&t, "192.0.2.3", 1, 60, once, 1);
	add(&t, "2001:db8::1", 1, 60, once, 1);
	add(&t, "192.0.2.1", 28, 60, once, 1);
	assert_true(trace_close(&t, &err));
	assert_int_equal(t.peer_count, 3);
	assert_true(key_read_series(t.peers[0].series_key, t.peers[0].series_key_len, &c));
	(void)endpoint_format(&c.peer, text);
	assert_string_equal(text, "192.0.2.1");
	assert_true(key_read_series(t.peers[2].series_key, t.peers[2].series_key_len, &c));
	(void)endpoint_format(&c.peer, text);
	assert_string_equal(text, "2001:db8::1");
	(void)endpoint_format(&c.target, text);
	assert_string_equal(text, "mail.example.net");
	trace_release(&t);
}

static void a_visit_ends_by_gap_and_by_span(void **state)
{
	static const int steady[] = { 0, 25, 50, 75, 100, 125, 156 };
	struct trace t;
	struct err err;

	(void)state;
	assert_true(trace_init(&t, 0, &err));
	add(&t, "192.0.2.3", 1, 60, steady, COUNT_OF(steady));
	assert_true(trace_close(&t, &err));
	/* 0-50, 75-125, then a gap of 31 s */
	assert_int_equal(trace_visits(&t.peers[0]), 3);
	trace_release(&t);
}

static void a_damaged_value_is_a_failure(void **state)
{
	static const uint8_t junk[] = { 0xff, 0xff, 0xff };
	struct walk_series s = { .key = junk,
		.key_len = 3,
		.peer = junk,
		.peer_len = 1,
		.value = junk,
		.value_len = sizeof(junk) };
	struct err err = { .code = ERR_NONE };
	struct trace t;

	(void)state;
	assert_true(trace_init(&t, 0, &err));
	assert_false(trace_add(&t, &s, &err));
	assert_int_not_equal(err.code, ERR_NONE);
	trace_release(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_of_a_peer_are_one_stream),
		cmocka_unit_test(peers_come_in_the_order_of_their_keys),
		cmocka_unit_test(a_visit_ends_by_gap_and_by_span),
		cmocka_unit_test(a_damaged_value_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
