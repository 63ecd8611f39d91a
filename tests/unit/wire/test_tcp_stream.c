/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/philox.h"
#include "base/stamp.h"
#include "frames.h"
#include "wire/dns_msg.h"
#include "wire/tcp_stream.h"

#define START 0xfffffff0u /* so that sequence numbers pass 2^32 in every test */

struct fixture {
	struct tcp_streams *s;
	struct buf stream; /* three messages with their lengths */
	size_t lens[3];
	struct addr client;
	struct addr server;
	int64_t now_ns;
	unsigned losses;
	const char *why;
	/* what came out */
	size_t count;
	struct buf out;
};

static void note_loss(void *context, const char *why, uint64_t tag)
{
	struct fixture *x = context;

	(void)tag;
	x->losses++;
	x->why = why;
}

static void restart(struct fixture *x)
{
	tcp_streams_init(x->s, (struct loss){ note_loss, x }, 3);
	x->losses = 0;
	x->why = NULL;
	x->count = 0;
	x->now_ns = 0;
	buf_clear(&x->out);
}

/* A query whose id is its number, with a name that fills it up. */
static void put_message(struct fixture *x, uint16_t number, uint8_t label_len)
{
	const size_t before = x->stream.len;

	buf_be16(&x->stream, (uint16_t)(DNS_HEADER_BYTES + label_len + 6));
	buf_be16(&x->stream, number);
	buf_be16(&x->stream, 0x0100);
	buf_be16(&x->stream, 1);
	buf_be16(&x->stream, 0);
	buf_be32(&x->stream, 0);
	buf_u8(&x->stream, label_len);
	for (uint8_t i = 0; i < label_len; i++)
		buf_u8(&x->stream, 'x');
	buf_u8(&x->stream, 0);
	buf_be32(&x->stream, 0x00010001);
	x->lens[number] = x->stream.len - before;
}

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	/* any content will do */
	x->s = malloc(sizeof(*x->s));
	memset(x->s, 0xa5, sizeof(*x->s));
	buf_init(&x->stream, SIZE_MAX);
	buf_init(&x->out, SIZE_MAX);
	put_message(x, 0, 5);
	put_message(x, 1, 1);
	put_message(x, 2, 20);
	restart(x);
	*state = x;
	return !addr_parse("192.0.2.10", 10, &x->client) ||
	       !addr_parse("192.0.2.53", 10, &x->server);
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	buf_release(&x->stream);
	buf_release(&x->out);
	free(x->s);
	free(x);
	return 0;
}

static void drain(struct fixture *x)
{
	struct tcp_message m;

	while (tcp_streams_next(x->s, &m)) {
		const size_t len = cursor_left(&m.bytes);

		assert_int_equal(m.source_port, 4000);
		assert_int_equal(m.destination_port, 53);
		assert_int_equal(addr_cmp(&m.source, &x->client), 0);
		x->count++;
		buf_be16(&x->out, (uint16_t)len);
		buf_put(&x->out, cursor_take(&m.bytes, len), len);
	}
}

static void feed(struct fixture *x, uint32_t sequence, const uint8_t *bytes, size_t len, bool syn)
{
	/* a block of its own, which ends before the next segment comes */
	uint8_t *copy = malloc(len + 1);
	struct tcp t = {
		.source_port = 4000, .destination_port = 53, .sequence = sequence, .syn = syn
	};

	if (len > 0)
		memcpy(copy + 1, bytes, len);
	t.payload = cursor_of(copy + 1, len);
	tcp_streams_feed(x->s, x->now_ns, 0, &x->client, &x->server, &t);
	drain(x);
	free(copy);
}

static void feed_part(struct fixture *x, size_t from, size_t to)
{
	feed(x, START + 1 + (uint32_t)from, x->stream.bytes + from, to - from, false);
}

static void assert_all_came_out(struct fixture *x)
{
	assert_int_equal(x->count, 3);
	assert_int_equal(x->out.len, x->stream.len);
	assert_memory_equal(x->out.bytes, x->stream.bytes, x->stream.len);
	assert_int_equal(x->losses, 0);
}

static void every_cut_into_three_in_every_order(void **state)
{
	static const uint8_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };
	struct fixture *x = *state;
	const size_t len = x->stream.len;

	for (size_t a = 1; a < len - 1; a++)
		for (size_t b = a + 1; b < len; b += 7)
			for (size_t i = 0; i < 6; i++) {
				const size_t cuts[4] = { 0, a, b, len };

				restart(x);
				feed(x, START, NULL, 0, true);
				for (size_t k = 0; k < 3; k++)
					feed_part(x, cuts[orders[i][k]], cuts[orders[i][k] + 1]);
				assert_all_came_out(x);
			}
}

static void retransmissions_and_overlaps_change_nothing(void **state)
{
	struct fixture *x = *state;
	const size_t len = x->stream.len;
	uint8_t junk[64];

	memset(junk, 0xee, sizeof(junk));
	feed(x, START, NULL, 0, true);
	feed_part(x, 10, 40);
	feed_part(x, 20, 50);
	feed_part(x, 5, 15);
	/* what arrived first stays */
	feed(x, START + 1 + 10, junk, 30, false);
	feed_part(x, 0, 12);
	feed_part(x, 0, 50);
	feed_part(x, 49, len);
	feed_part(x, 0, len);
	feed(x, START, NULL, 0, true); /* SYN again */
	feed_part(x, len - 1, len);    /* keep-alive */
	assert_all_came_out(x);
}

static void joins_where_a_message_begins(void **state)
{
	struct fixture *x = *state;

	feed_part(x, 3, x->lens[0]);
	assert_int_equal(x->losses, 1);
	assert_string_equal(x->why, "TCP stream without its beginning");
	feed_part(x, x->lens[0], x->stream.len);
	assert_int_equal(x->count, 2);
	assert_int_equal(x->losses, 1);
}

static void joins_behind_a_length_sent_by_itself(void **state)
{
	struct fixture *x = *state;

	feed_part(x, 0, 2);
	feed_part(x, 2, x->stream.len);
	assert_all_came_out(x);
}

static void gives_up_a_hole_after_a_time(void **state)
{
	struct fixture *x = *state;
	const size_t one = x->lens[0], two = one + x->lens[1];

	feed(x, START, NULL, 0, true);
	feed_part(x, 0, one);
	x->now_ns = NS_PER_S;
	feed_part(x, two, two + 7); /* message 1 is missing */
	assert_int_equal(x->count, 1);
	x->now_ns = (2 + LIMIT_TCP_HOLE_S) * NS_PER_S;
	feed_part(x, two + 7, x->stream.len - 3);
	/* what stands behind the hole is not lost, and goes on */
	feed_part(x, x->stream.len - 3, x->stream.len);
	assert_int_equal(x->count, 2);
	assert_int_equal(x->losses, 1);
	assert_string_equal(x->why, "TCP segment missing");
}

static void the_end_gives_out_what_stands_behind_holes(void **state)
{
	struct fixture *x = *state;
	const size_t one = x->lens[0], two = one + x->lens[1];

	feed(x, START, NULL, 0, true);
	feed_part(x, two, x->stream.len);
	feed_part(x, one, two - 1); /* and a message without its end */
	assert_int_equal(x->count, 0);
	tcp_streams_finish(x->s);
	drain(x);
	assert_int_equal(x->count, 1);
	assert_memory_equal(x->out.bytes, x->stream.bytes + two, x->lens[2]);
	assert_int_equal(x->losses, 2);
	drain(x);
	assert_int_equal(x->count, 1);
}

static void the_end_reports_a_message_cut_off(void **state)
{
	struct fixture *x = *state;

	feed_part(x, 0, x->stream.len - 1);
	assert_int_equal(x->losses, 0);
	tcp_streams_finish(x->s);
	drain(x);
	assert_int_equal(x->count, 2);
	assert_int_equal(x->losses, 1);
	assert_string_equal(x->why, "TCP stream ends inside a message");
}

static void leaves_what_is_no_dns(void **state)
{
	static const uint8_t banner[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
	struct fixture *x = *state;

	feed(x, START, NULL, 0, true);
	feed(x, START + 1, banner, sizeof(banner) - 1, false);
	assert_int_equal(x->count, 0);
	assert_int_equal(x->losses, 1);
	assert_string_equal(x->why, "TCP stream that is no DNS");
}

static void takes_the_largest_message(void **state)
{
	struct fixture *x = *state;
	const size_t len = 2 + 65535;
	uint8_t *big = calloc(1, len);

	memset(big, 0xff, 2);
	big[5] = 1; /* one question, and no more that is looked at here */
	feed(x, START, NULL, 0, true);
	for (size_t from = len; from > 0;) {
		const size_t step = from < 1460 * 8 ? from : 1460 * 8;

		from -= step;
		feed(x, START + 1 + (uint32_t)from, big + from, step, false);
	}
	assert_int_equal(x->count, 1);
	assert_int_equal(x->out.len, len);
	assert_memory_equal(x->out.bytes, big, len);
	assert_int_equal(x->losses, 0);
	free(big);
}

static void too_many_pieces_end_the_wait(void **state)
{
	struct fixture *x = *state;
	const uint8_t octet = 0;

	feed(x, START, NULL, 0, true);
	for (uint32_t i = 0; i <= LIMIT_TCP_RANGES; i++)
		feed(x, START + 10 + 2 * i, &octet, 1, false);
	assert_int_equal(x->losses, 1);
	/* and the direction can be joined again */
	feed(x, START + 9000, x->stream.bytes, x->stream.len, false);
	assert_int_equal(x->count, 3);
}

static void random_segments_give_the_stream(void **state)
{
	struct fixture *x = *state;
	struct philox p;

	philox_init(&p, 20161006, 1, 1);
	for (unsigned turn = 0; turn < 300; turn++) {
		restart(x);
		feed(x, START, NULL, 0, true);
		for (unsigned i = 0; i < 40; i++) {
			const size_t from = philox_below(&p, (uint32_t)x->stream.len);
			const size_t rest = x->stream.len - from;

			feed_part(x, from,
			    from + 1 + philox_below(&p, (uint32_t)(rest < 20 ? rest : 20)));
		}
		for (size_t from = 0; from < x->stream.len; from += 16)
			feed_part(x, from, from + 16 < x->stream.len ? from + 16 : x->stream.len);
		assert_all_came_out(x);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    every_cut_into_three_in_every_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    retransmissions_and_overlaps_change_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(joins_where_a_message_begins, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    joins_behind_a_length_sent_by_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gives_up_a_hole_after_a_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    the_end_gives_out_what_stands_behind_holes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    the_end_reports_a_message_cut_off, set_up, tear_down),
		cmocka_unit_test_setup_teardown(leaves_what_is_no_dns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(takes_the_largest_message, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_pieces_end_the_wait, set_up, tear_down),
		cmocka_unit_test_setup_teardown(random_segments_give_the_stream, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
