/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP streams as octets, without messages: tcp_streams_init_raw(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/stamp.h"
#include "wire/tcp_stream.h"

#define START 0xfffffff0u /* so that sequence numbers pass 2^32 in every test */

static const uint8_t text[] = "0123456789abcdefghijklmnopqrstuvwxyz";

struct fixture {
	struct tcp_streams *s;
	struct addr client;
	struct addr server;
	int64_t now_ns;
	unsigned losses;
	/* what came out, and its marks in order: first F, start S, last L, reset R, missing M */
	size_t len;
	uint8_t out[256];
	uint32_t missing;
	char marks[64];
};

static void note_loss(void *context, const char *why, uint64_t tag)
{
	struct fixture *x = context;

	(void)why;
	(void)tag;
	x->losses++;
}

static void restart(struct fixture *x)
{
	tcp_streams_init_raw(x->s, (struct loss){ note_loss, x }, 3);
	x->losses = 0;
	x->now_ns = 0;
	x->len = 0;
	x->missing = 0;
	x->marks[0] = '\0';
}

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	x->s = malloc(sizeof(*x->s));
	memset(x->s, 0xa5, sizeof(*x->s)); /* any content will do */
	restart(x);
	*state = x;
	return !addr_parse("192.0.2.10", 10, &x->client) ||
	       !addr_parse("192.0.2.25", 10, &x->server);
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	free(x->s);
	free(x);
	return 0;
}

static void mark(struct fixture *x, bool is, const char *letter)
{
	if (is)
		strcat(x->marks, letter);
}

static void drain(struct fixture *x)
{
	struct tcp_message m;

	while (tcp_streams_next(x->s, &m)) {
		const size_t len = cursor_left(&m.bytes);
		const uint8_t *bytes = cursor_take(&m.bytes, len);

		assert_true(len > 0 || m.is_last);
		memcpy(x->out + x->len, bytes, len);
		x->len += len;
		x->missing = m.missing;
		mark(x, m.is_first, "F");
		mark(x, m.is_first && m.has_start, "S");
		mark(x, m.missing > 0, "M");
		mark(x, m.is_last, "L");
		mark(x, m.is_reset, "R");
	}
}

static void feed(struct fixture *x, uint32_t from, uint32_t to, const char *flags)
{
	const size_t len = to - from;
	uint8_t *copy = malloc(len + 1); /* a block of its own, which ends before the next comes */
	struct tcp t = { .source_port = 4000,
		.destination_port = 25,
		.sequence = START + 1 + from - (strchr(flags, 'S') != NULL),
		.syn = strchr(flags, 'S') != NULL,
		.fin = strchr(flags, 'F') != NULL,
		.rst = strchr(flags, 'R') != NULL };

	if (len > 0)
		memcpy(copy + 1, text + from, len);
	t.payload = cursor_of(copy + 1, len);
	tcp_streams_feed(x->s, x->now_ns, 0, &x->client, &x->server, &t);
	drain(x);
	free(copy);
}

static void assert_out(const struct fixture *x, size_t len, const char *marks)
{
	assert_int_equal(x->len, len);
	assert_memory_equal(x->out, text, len);
	assert_string_equal(x->marks, marks);
}

static void every_cut_into_three_in_every_order(void **state)
{
	static const uint8_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };
	struct fixture *x = *state;

	for (uint32_t a = 1; a < 35; a++)
		for (uint32_t b = a + 1; b < 36; b++)
			for (size_t i = 0; i < 6; i++) {
				const uint32_t cuts[4] = { 0, a, b, 36 };

				restart(x);
				feed(x, 0, 0, "S");
				for (size_t k = 0; k < 3; k++)
					feed(x, cuts[orders[i][k]], cuts[orders[i][k] + 1],
					    orders[i][k] == 2 ? "F" : "");
				assert_out(x, 36, "FSL");
				assert_int_equal(x->losses, 0);
			}
}

static void what_comes_twice_is_given_once(void **state)
{
	struct fixture *x = *state;

	feed(x, 0, 0, "S");
	feed(x, 0, 10, "");
	feed(x, 0, 10, "");
	feed(x, 5, 20, "");
	feed(x, 19, 20, "");
	feed(x, 20, 20, "F");
	feed(x, 20, 20, "F");
	feed(x, 10, 20, "F");
	assert_out(x, 20, "FSL");
}

static void a_hole_is_given_up_with_its_size(void **state)
{
	struct fixture *x = *state;

	feed(x, 0, 10, "");
	feed(x, 14, 20, "");
	x->now_ns = (LIMIT_TCP_HOLE_S + 1) * NS_PER_S;
	feed(x, 20, 24, "");
	assert_int_equal(x->len, 20);
	assert_memory_equal(x->out + 10, text + 14, 10);
	assert_int_equal(x->missing, 4);
	assert_string_equal(x->marks, "FM");
	assert_int_equal(x->losses, 1);
}

static void what_waits_comes_at_the_end_and_is_wiped(void **state)
{
	struct fixture *x = *state;

	feed(x, 0, 10, "S");
	feed(x, 14, 20, "");
	feed(x, 24, 30, "F");
	tcp_streams_finish(x->s);
	drain(x);
	assert_int_equal(x->len, 22);
	assert_string_equal(x->marks, "FSMML");
	assert_int_equal(x->s->rooms[0].half, FLOW_NONE);
	assert_null(memmem(x->s->rooms[0].bytes, 64, text + 14, 3));
	assert_null(memmem(x->s->rooms[0].bytes, 64, text + 24, 3));
}

static void what_never_comes_out_is_wiped(void **state)
{
	struct fixture *x = *state;

	feed(x, 0, 10, "S");
	feed(x, 14, 20, "");
	assert_non_null(memmem(x->s->rooms[0].bytes, 64, text + 14, 6));
	tcp_streams_wipe(x->s);
	assert_null(memmem(x->s->rooms[0].bytes, 64, text + 14, 3));
}

static void a_reset_ends_at_once(void **state)
{
	struct fixture *x = *state;

	feed(x, 0, 10, "S");
	feed(x, 12, 20, "");
	feed(x, 20, 20, "R");
	feed(x, 10, 12, "");
	assert_out(x, 10, "FSLR");
	feed(x, 100, 100, "S"); /* the same ports, another connection */
	assert_string_equal(x->marks, "FSLR");
}

static void a_jump_is_a_hole_of_unknown_size(void **state)
{
	struct fixture *x = *state;
	struct tcp t = { .source_port = 4000,
		.destination_port = 25,
		.sequence = START + 1 + 10 + 3 * LIMIT_TCP_ROOM_BYTES,
		.payload = cursor_of(text + 10, 5) };

	feed(x, 0, 10, "");
	tcp_streams_feed(x->s, 0, 0, &x->client, &x->server, &t);
	drain(x);
	assert_out(x, 15, "FM");
	assert_int_equal(x->missing, TCP_MANY);
}

/* More pieces than a room has ranges for: the last one is joined, and nothing lost is kept. */
static void too_many_pieces_are_a_hole(void **state)
{
	struct fixture *x = *state;
	struct tcp t = { .source_port = 4000, .destination_port = 25 };

	feed(x, 0, 1, "");
	for (uint32_t i = 0; i <= LIMIT_TCP_RANGES; i++) {
		t.sequence = START + 1 + 10 + 2 * i;
		t.payload = cursor_of(text + 1, 1);
		tcp_streams_feed(x->s, 0, 0, &x->client, &x->server, &t);
		drain(x);
	}
	assert_out(x, 2, "FM");
	assert_int_equal(x->missing, TCP_MANY);
	assert_null(memchr(x->s->rooms[0].bytes, text[1], 16 + 2 * LIMIT_TCP_RANGES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    every_cut_into_three_in_every_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_comes_twice_is_given_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_hole_is_given_up_with_its_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_waits_comes_at_the_end_and_is_wiped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_never_comes_out_is_wiped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_reset_ends_at_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_jump_is_a_hole_of_unknown_size, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_pieces_are_a_hole, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
