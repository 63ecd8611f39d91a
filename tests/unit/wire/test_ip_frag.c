/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/stamp.h"
#include "frames.h"
#include "wire/ip_frag.h"

struct fixture {
	struct ip_frags *f;
	unsigned losses;
	const char *why;
	uint64_t tag;
};

static void note_loss(void *context, const char *why, uint64_t tag)
{
	struct fixture *x = context;

	x->losses++;
	x->why = why;
	x->tag = tag;
}

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	/* any content will do */
	x->f = malloc(sizeof(*x->f));
	memset(x->f, 0xa5, sizeof(*x->f));
	ip_frags_init(x->f, (struct loss){ note_loss, x }, 7);
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	free(x->f);
	free(x);
	return 0;
}

/* UDP 4000 -> 53 with 32 octets of payload: 40 in all, five units of eight */
static void put_datagram(struct buf *b, uint16_t port)
{
	buf_init(b, SIZE_MAX);
	for (uint8_t i = 0; i < 32; i++)
		buf_u8(b, i);
	frame_udp(b, 4000, port);
}

static struct ip_packet fragment(const struct buf *b, uint32_t id, uint32_t from, uint32_t to)
{
	struct ip_packet p = { .protocol = IP_UDP,
		.is_fragment = true,
		.more_fragments = to < b->len,
		.fragment_offset = from,
		.fragment_id = id };

	p.source.len = p.destination.len = 4;
	p.payload = cursor_of(b->bytes + from, to - from);
	return p;
}

static bool add(struct fixture *x, int64_t ns, uint64_t tag, struct ip_packet p, struct cursor *ret)
{
	return ip_frags_add(x->f, ns, tag, &p, ret);
}

static void every_order_gives_the_datagram(void **state)
{
	static const uint32_t cuts[4] = { 0, 16, 24, 40 };
	static const uint8_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
		{ 2, 0, 1 }, { 2, 1, 0 } };
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_datagram(&b, 53);
	for (uint32_t i = 0; i < 6; i++)
		for (size_t k = 0; k < 3; k++) {
			const uint8_t *o = orders[i];
			bool done =
			    add(x, 0, 0, fragment(&b, i, cuts[o[k]], cuts[o[k] + 1]), &whole);

			/* each twice: duplicates change nothing */
			if (k < 2)
				assert_false(add(
				    x, 0, 0, fragment(&b, i, cuts[o[k]], cuts[o[k] + 1]), &whole));
			assert_int_equal(done, k == 2);
			if (done) {
				assert_int_equal(cursor_left(&whole), 40);
				assert_memory_equal(whole.base, b.bytes, 40);
			}
		}
	ip_frags_finish(x->f);
	assert_int_equal(x->losses, 0);
	buf_release(&b);
}

static void overlaps_end_the_datagram(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b, other;

	put_datagram(&b, 53);
	put_datagram(&other, 53);
	other.bytes[20] ^= 1;
	assert_false(add(x, 0, 11, fragment(&b, 1, 0, 24), &whole));
	assert_false(add(x, 0, 12, fragment(&b, 1, 16, 40), &whole));
	assert_string_equal(x->why, "fragments overlap");
	assert_int_equal(x->tag, 11);
	/* nothing brings it back */
	assert_false(add(x, 0, 13, fragment(&b, 1, 24, 40), &whole));
	/* the same place with other octets */
	assert_false(add(x, 0, 14, fragment(&b, 2, 0, 24), &whole));
	assert_false(add(x, 0, 15, fragment(&other, 2, 16, 24), &whole));
	assert_int_equal(x->losses, 2);
	buf_release(&b);
	buf_release(&other);
}

static void refuses_fragments_that_contradict(void **state)
{
	struct fixture *x = *state;
	struct ip_packet p;
	struct cursor whole;
	struct buf b;

	put_datagram(&b, 53);
	assert_false(add(x, 0, 0, fragment(&b, 1, 0, 8), &whole));
	assert_false(add(x, 0, 0, fragment(&b, 1, 8, 21), &whole));
	assert_string_equal(x->why, "fragment of uneven length");
	assert_false(add(x, 0, 0, fragment(&b, 2, 0, 8), &whole));
	assert_false(add(x, 0, 0, fragment(&b, 2, 32, 40), &whole));
	p = fragment(&b, 2, 8, 16);
	p.more_fragments = false;
	assert_false(add(x, 0, 0, p, &whole));
	assert_string_equal(x->why, "fragments disagree about the end");
	assert_false(add(x, 0, 0, fragment(&b, 3, 0, 8), &whole));
	p = fragment(&b, 3, 32, 40);
	p.fragment_offset = 65528;
	assert_false(add(x, 0, 0, p, &whole));
	assert_string_equal(x->why, "fragment beyond 65535 octets");
	assert_false(add(x, 0, 0, fragment(&b, 4, 0, 8), &whole));
	p = fragment(&b, 4, 8, 40);
	p.is_cut = true;
	assert_false(add(x, 0, 0, p, &whole));
	assert_string_equal(x->why, "fragment cut by the snap length");
	assert_int_equal(x->losses, 4);
	buf_release(&b);
}

static void gives_up_after_a_time(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_datagram(&b, 53);
	assert_false(add(x, 0, 21, fragment(&b, 1, 0, 8), &whole));
	assert_true(add(x, LIMIT_FRAG_WAIT_S * NS_PER_S, 22, fragment(&b, 1, 8, 40), &whole));
	assert_false(add(x, 0, 23, fragment(&b, 2, 0, 8), &whole));
	assert_false(
	    add(x, (LIMIT_FRAG_WAIT_S + 1) * NS_PER_S, 24, fragment(&b, 2, 8, 40), &whole));
	assert_int_equal(x->losses, 1);
	assert_string_equal(x->why, "fragment missing");
	assert_int_equal(x->tag, 23);
	buf_release(&b);
}

static void makes_room_by_giving_up_the_oldest(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_datagram(&b, 53);
	for (uint32_t i = 0; i <= LIMIT_FRAG_DATAGRAMS; i++)
		assert_false(add(x, 0, i, fragment(&b, i, 0, 8), &whole));
	assert_int_equal(x->losses, 1);
	assert_int_equal(x->tag, 0);
	assert_true(add(x, 0, 9999, fragment(&b, 1, 8, 40), &whole));
	buf_release(&b);
}

static void does_not_mourn_other_ports(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_datagram(&b, 2049);
	assert_false(add(x, 0, 0, fragment(&b, 1, 8, 40), &whole));
	assert_false(add(x, 0, 0, fragment(&b, 1, 0, 8), &whole));
	assert_false(add(x, 0, 0, fragment(&b, 2, 8, 40), &whole)); /* never a first one */
	ip_frags_finish(x->f);
	assert_int_equal(x->losses, 0);
	buf_release(&b);
}

/* UDP 4000 -> port with a text behind the first unit, in a place that is not all of one flag. */
static const uint8_t secret[] = "nobody may keep this";

static void put_secret(struct buf *b, uint16_t port)
{
	buf_init(b, SIZE_MAX);
	for (unsigned i = 0; i < 120; i++)
		buf_u8(b, 0);
	buf_put(b, secret, sizeof(secret));
	while (b->len % 8 != 0)
		buf_u8(b, 0);
	frame_udp(b, 4000, port);
}

static bool holds_secret(const struct fixture *x)
{
	return memmem(x->f->datagrams, sizeof(x->f->datagrams), secret, 8) != NULL;
}

static void mail_is_wiped_as_soon_as_it_is_known_to_be_no_dns(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_secret(&b, 25);
	assert_false(add(x, 0, 0, fragment(&b, 1, 8, (uint32_t)b.len), &whole));
	assert_true(holds_secret(x));
	assert_false(add(x, 0, 0, fragment(&b, 1, 0, 8), &whole));
	assert_false(holds_secret(x));
	/* and what follows is not kept */
	assert_false(add(x, 0, 0, fragment(&b, 1, 8, (uint32_t)b.len), &whole));
	assert_false(holds_secret(x));
	buf_release(&b);
}

static void what_is_given_up_is_wiped(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_secret(&b, 25);
	/* it has waited too long */
	assert_false(add(x, 0, 0, fragment(&b, 1, 8, (uint32_t)b.len), &whole));
	assert_false(add(x, (LIMIT_FRAG_WAIT_S + 1) * NS_PER_S, 0, fragment(&b, 2, 0, 8), &whole));
	assert_false(holds_secret(x));
	/* the capture ends */
	assert_false(add(x, 0, 0, fragment(&b, 3, 8, (uint32_t)b.len), &whole));
	ip_frags_finish(x->f);
	assert_false(holds_secret(x));
	/* the reading is given up */
	assert_false(add(x, 0, 0, fragment(&b, 4, 8, (uint32_t)b.len), &whole));
	assert_true(holds_secret(x));
	ip_frags_wipe(x->f);
	assert_false(holds_secret(x));
	assert_int_equal(x->losses, 0);
	buf_release(&b);
}

static void what_was_given_out_is_wiped_with_the_next_call(void **state)
{
	struct fixture *x = *state;
	struct cursor whole;
	struct buf b;

	put_secret(&b, 53);
	for (uint32_t i = 0; i < 3; i++) {
		assert_false(add(x, 0, 0, fragment(&b, i, 0, 8), &whole));
		assert_false(holds_secret(x));
		assert_true(add(x, 0, 0, fragment(&b, i, 8, (uint32_t)b.len), &whole));
		assert_memory_equal(whole.base + 128, secret, sizeof(secret));
	}
	ip_frags_finish(x->f);
	assert_false(holds_secret(x));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_order_gives_the_datagram, set_up, tear_down),
		cmocka_unit_test_setup_teardown(overlaps_end_the_datagram, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    refuses_fragments_that_contradict, set_up, tear_down),
		cmocka_unit_test_setup_teardown(gives_up_after_a_time, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    makes_room_by_giving_up_the_oldest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(does_not_mourn_other_ports, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    mail_is_wiped_as_soon_as_it_is_known_to_be_no_dns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_given_up_is_wiped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_was_given_out_is_wiped_with_the_next_call, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
