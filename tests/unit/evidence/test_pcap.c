/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "evidence/pcap.h"

#include "framing_dump.h"

/* Two packets at 1500000000.000007 and 1500000003.999999, Ethernet. */
static const uint8_t little[] = {
	0xd4, 0xc3, 0xb2, 0xa1, /*  0: magic                     */
	2, 0, 4, 0,             /*  4: version 2.4               */
	0, 0, 0, 0,             /*  8: time zone                 */
	0, 0, 0, 0,             /* 12: accuracy                  */
	0, 0, 4, 0,             /* 16: snap length 262144        */
	1, 0, 0, 0,             /* 20: Ethernet                  */
	0x00, 0x2f, 0x68, 0x59, /* 24: 1500000000 s              */
	7, 0, 0, 0,             /* 28: 7 us                      */
	3, 0, 0, 0,             /* 32: 3 bytes captured          */
	5, 0, 0, 0,             /* 36: of 5                      */
	'a', 'b', 'c',          /* 40: the packet                */
	0x03, 0x2f, 0x68, 0x59, /* 43: 1500000003 s              */
	0x3f, 0x42, 0x0f, 0,    /* 47: 999999 us                 */
	2, 0, 0, 0,             /* 51: 2 bytes captured          */
	2, 0, 0, 0,             /* 55: of 2                      */
	'x', 'y',               /* 59: the packet                */
};

/* One packet at 1500000000.000000007, raw IP, frame check sequence of 2 words. */
static const uint8_t big_ns[] = {
	0xa1, 0xb2, 0x3c, 0x4d, /*  0: magic, nanoseconds        */
	0, 2, 0, 4,             /*  4: version 2.4               */
	0xff, 0xff, 0xff, 0xff, /*  8: time zone: nonsense       */
	0, 0, 0, 9,             /* 12: accuracy                  */
	0, 0, 0, 0,             /* 16: snap length: none         */
	0x24, 0, 0, 101,        /* 20: FCS length and flag above */
	0x59, 0x68, 0x2f, 0x00, /* 24: 1500000000 s              */
	0, 0, 0, 7,             /* 28: 7 ns                      */
	0, 0, 0, 1,             /* 32: 1 byte captured           */
	0, 0, 0, 1,             /* 36: of 1                      */
	'q',                    /* 40: the packet                */
};

static const uint8_t kuznetzov[] = {
	0x34, 0xcd, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0x00,
	0x2f, 0x68, 0x59, /* 24: 1500000000 s              */
	1, 0, 0, 0,       /* 28: 1 us                      */
	2, 0, 0, 0,       /* 32: 2 bytes captured          */
	2, 0, 0, 0,       /* 36: of 2                      */
	3, 0, 0, 0,       /* 40: interface                 */
	0, 8,             /* 44: protocol                  */
	0, 0,             /* 46: packet type, padding      */
	'k', 'z',         /* 48: the packet                */
};

static void reads_microseconds_in_little_endian(void **state)
{
	struct dump d;

	(void)state;
	assert_int_equal(pcap_probe(little, sizeof(little)), 100);
	dump_of(&pcap_framing, little, sizeof(little), &d);
	assert_int_equal(d.packet_count, 2);
	assert_int_equal(d.packets[0].time_ns, INT64_C(1500000000000007000));
	assert_int_equal(d.packets[0].digits, 6);
	assert_int_equal(d.packets[0].linktype, 1);
	assert_int_equal(d.packets[0].offset, 24);
	assert_int_equal(d.packets[0].len, 3);
	assert_int_equal(d.packets[0].wire_len, 5);
	assert_memory_equal(d.packets[0].bytes, "abc", 3);
	assert_int_equal(d.packets[1].time_ns, INT64_C(1500000003999999000));
	assert_int_equal(d.packets[1].offset, 43);
	assert_memory_equal(d.packets[1].bytes, "xy", 2);
	assert_int_equal(d.skipped, 0);
	assert_int_equal(d.consumed, sizeof(little));
}

static void reads_nanoseconds_in_big_endian(void **state)
{
	struct dump d;

	(void)state;
	assert_int_equal(pcap_probe(big_ns, sizeof(big_ns)), 100);
	dump_of(&pcap_framing, big_ns, sizeof(big_ns), &d);
	assert_int_equal(d.packet_count, 1);
	assert_int_equal(d.packets[0].time_ns, INT64_C(1500000000000000007));
	assert_int_equal(d.packets[0].digits, 9);
	assert_int_equal(d.packets[0].linktype, 101);
	assert_memory_equal(d.packets[0].bytes, "q", 1);
}

static void reads_the_longer_headers_of_kuznetzov(void **state)
{
	struct dump d;

	(void)state;
	dump_of(&pcap_framing, kuznetzov, sizeof(kuznetzov), &d);
	assert_int_equal(d.packet_count, 1);
	assert_memory_equal(d.packets[0].bytes, "kz", 2);
	assert_int_equal(d.skipped, 0);
}

static void swaps_the_lengths_of_old_versions(void **state)
{
	uint8_t old[43];
	struct dump d;

	(void)state;
	memcpy(old, little, sizeof(old));
	old[6] = 2;  /* version 2.2 */
	old[32] = 5; /* the packet had 5 bytes, */
	old[36] = 3; /* of which 3 were captured */
	dump_of(&pcap_framing, old, sizeof(old), &d);
	assert_int_equal(d.packet_count, 1);
	assert_int_equal(d.packets[0].len, 3);
	assert_int_equal(d.packets[0].wire_len, 5);
}

static void keeps_whole_records_at_every_cut(void **state)
{
	struct dump d;

	(void)state;
	for (size_t n = 0; n < sizeof(little); n++) {
		const size_t whole = n < 43 ? 0 : 1;
		const uint64_t end = n < 43 ? 24 : 43;

		dump_of(&pcap_framing, little, n, &d);
		assert_int_equal(d.opened, n >= 24);
		if (!d.opened) {
			assert_int_equal(d.err.code, ERR_INPUT);
			continue;
		}
		assert_int_equal(d.packet_count, whole);
		assert_int_equal(d.consumed, end);
		assert_int_equal(d.skipped, n != end);
		assert_int_equal(d.health.damaged, n != end);
		if (n != end) {
			assert_string_equal(d.health.reasons[0].reason, "truncated record");
			assert_int_equal(d.health.reasons[0].first_offset, end);
		}
	}
}

static void reads_on_in_a_second_file_behind_the_first(void **state)
{
	uint8_t both[sizeof(little) + sizeof(big_ns)];
	struct dump d;

	(void)state;
	memcpy(both, little, sizeof(little));
	memcpy(both + sizeof(little), big_ns, sizeof(big_ns));
	dump_of(&pcap_framing, both, sizeof(both), &d);
	assert_int_equal(d.packet_count, 3);
	assert_int_equal(d.packets[2].digits, 9);
	assert_int_equal(d.packets[2].linktype, 101);
	assert_int_equal(d.skipped, 0);
}

/* A capture of count records, one a second, each of 20 bytes that all hold its number. */
static void put_capture(struct buf *b, uint32_t count)
{
	buf_init(b, 1 << 20);
	buf_be32(b, 0xa1b2c3d4);
	buf_be32(b, 0x00020004);
	buf_be32(b, 0);
	buf_be32(b, 0);
	buf_be32(b, 65535);
	buf_be32(b, 1);
	for (uint32_t i = 0; i < count; i++) {
		buf_be32(b, 1500000000 + i);
		buf_be32(b, i);
		buf_be32(b, 20);
		buf_be32(b, 20);
		for (int k = 0; k < 20; k++)
			buf_u8(b, (uint8_t)i);
	}
	assert_true(buf_ok(b));
}

#define RECORD(i) (24u + 36u * (i))

static void finds_the_next_record_behind_a_broken_length(void **state)
{
	struct buf b;
	struct dump d;

	(void)state;
	put_capture(&b, 8);
	for (size_t i = 0; i < 8; i++) {
		uint8_t *length = b.bytes + RECORD(i) + 8;

		length[0] = 0x7f;
		dump_of(&pcap_framing, b.bytes, b.len, &d);
		assert_int_equal(d.packet_count, 7);
		assert_int_equal(d.skipped, 1);
		assert_string_equal(d.health.reasons[0].reason, "damaged record header");
		assert_int_equal(d.health.reasons[0].first_offset, RECORD(i));
		assert_true(d.health.damaged);
		for (size_t k = 0; k < 7; k++)
			assert_int_equal(d.packets[k].bytes[0], k < i ? k : k + 1);
		length[0] = 0;
	}
	buf_release(&b);
}

static void finds_the_next_record_where_bytes_are_missing(void **state)
{
	struct buf b;
	struct dump d;

	(void)state;
	for (size_t gone = 1; gone < 36; gone++) {
		put_capture(&b, 8);
		/* a hole that begins inside record 2 */
		memmove(b.bytes + RECORD(2) + 5, b.bytes + RECORD(2) + 5 + gone,
		    b.len - RECORD(2) - 5 - gone);
		dump_of(&pcap_framing, b.bytes, b.len - gone, &d);
		assert_true(d.packet_count >= 6);
		assert_true(d.skipped >= 1);
		/* the last five are whole, whatever became of the two that the hole touches */
		for (size_t k = 1; k <= 4; k++) {
			const struct captured *p = &d.packets[d.packet_count - k];

			assert_int_equal(p->bytes[0], 8 - k);
			assert_int_equal(p->time_ns / 1000000000, 1500000008 - k);
		}
		buf_release(&b);
	}
}

static void believes_a_clock_that_jumps(void **state)
{
	struct buf b;
	struct dump d;

	(void)state;
	put_capture(&b, 8);
	for (size_t i = 0; i < 4; i++)
		memset(b.bytes + RECORD(i), 0, 4); /* 1970, then set right */
	dump_of(&pcap_framing, b.bytes, b.len, &d);
	assert_int_equal(d.packet_count, 8);
	assert_int_equal(d.skipped, 0);
	buf_release(&b);
}

static void does_not_take_zeros_for_records(void **state)
{
	struct buf b;
	struct dump d;

	(void)state;
	put_capture(&b, 4);
	for (int i = 0; i < 5000; i++)
		buf_u8(&b, 0);
	dump_of(&pcap_framing, b.bytes, b.len, &d);
	assert_int_equal(d.packet_count, 4);
	assert_int_equal(d.skipped, 1);
	assert_int_equal(d.consumed, RECORD(4));
	buf_release(&b);
}

static void finds_records_behind_a_long_stretch_of_noise(void **state)
{
	enum { NOISE = 3 << 20 };
	struct buf head;
	struct dump d;
	uint8_t *all;
	uint32_t x = 1;

	(void)state;
	put_capture(&head, 8);
	all = malloc(head.len + NOISE);
	memcpy(all, head.bytes, RECORD(3));
	for (size_t i = 0; i < NOISE; i++) {
		x = x * 1664525 + 1013904223;
		all[RECORD(3) + i] = (uint8_t)(x >> 24);
	}
	memcpy(all + RECORD(3) + NOISE, head.bytes + RECORD(3), head.len - RECORD(3));
	dump_of(&pcap_framing, all, head.len + NOISE, &d);
	assert_int_equal(d.packet_count, 8);
	assert_int_equal(d.packets[3].offset, RECORD(3) + NOISE);
	assert_int_equal(d.skipped, 1);
	free(all);
	buf_release(&head);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_microseconds_in_little_endian),
		cmocka_unit_test(reads_nanoseconds_in_big_endian),
		cmocka_unit_test(reads_the_longer_headers_of_kuznetzov),
		cmocka_unit_test(swaps_the_lengths_of_old_versions),
		cmocka_unit_test(keeps_whole_records_at_every_cut),
		cmocka_unit_test(reads_on_in_a_second_file_behind_the_first),
		cmocka_unit_test(finds_the_next_record_behind_a_broken_length),
		cmocka_unit_test(finds_the_next_record_where_bytes_are_missing),
		cmocka_unit_test(believes_a_clock_that_jumps),
		cmocka_unit_test(does_not_take_zeros_for_records),
		cmocka_unit_test(finds_records_behind_a_long_stretch_of_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
