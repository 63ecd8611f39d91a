/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "evidence/pcapng.h"

#include "framing_dump.h"

/* A section with two interfaces: Ethernet in microseconds, raw IP in nanoseconds a day ahead. */
static const uint8_t little[] = {
	0x0a, 0x0d, 0x0d, 0x0a,                 /*   0: section header           */
	28, 0, 0, 0,                            /*   4: length                   */
	0x4d, 0x3c, 0x2b, 0x1a,                 /*   8: byte order               */
	1, 0, 0, 0,                             /*  12: version 1.0              */
	255, 255, 255, 255, 255, 255, 255, 255, /* 16: section length unknown */
	28, 0, 0, 0,                            /*  24: length                   */
	1, 0, 0, 0,                             /*  28: interface description    */
	20, 0, 0, 0,                            /*  32: length                   */
	1, 0, 0, 0,                             /*  36: Ethernet                 */
	0, 0, 0, 0,                             /*  40: no snap length           */
	20, 0, 0, 0,                            /*  44: length                   */
	1, 0, 0, 0,                             /*  48: interface description    */
	48, 0, 0, 0,                            /*  52: length                   */
	101, 0, 0, 0,                           /*  56: raw IP                   */
	0, 0, 4, 0,                             /*  60: snap length              */
	9, 0, 1, 0, 9, 0, 0, 0,                 /*  64: if_tsresol: 10^-9        */
	14, 0, 8, 0,                            /*  72: if_tsoffset:             */
	0x80, 0x51, 1, 0, 0, 0, 0, 0,           /* 76: 86400 s             */
	0, 0, 0, 0,                             /*  84: end of options           */
	0, 0, 0, 0,                             /*  88: behind it: not looked at */
	48, 0, 0, 0,                            /*  92: length                   */
	6, 0, 0, 0,                             /*  96: enhanced packet          */
	36, 0, 0, 0,                            /* 100: length                   */
	1, 0, 0, 0,                             /* 104: interface 1              */
	0, 0, 0, 0,                             /* 108: time, high               */
	1, 2, 0, 0,                             /* 112: time, low: 513 ns        */
	3, 0, 0, 0,                             /* 116: 3 bytes captured         */
	9, 0, 0, 0,                             /* 120: of 9                     */
	'a', 'b', 'c', 0,                       /* 124: packet, padding          */
	36, 0, 0, 0,                            /* 128: length                   */
	0x34, 0x12, 0, 0,                       /* 132: a block we do not know   */
	16, 0, 0, 0,                            /* 136: length                   */
	1, 2, 3, 4,                             /* 140: body                     */
	16, 0, 0, 0,                            /* 144: length                   */
	2, 0, 0, 0,                             /* 148: packet, the old form     */
	36, 0, 0, 0,                            /* 152: length                   */
	0, 0, 7, 0,                             /* 156: interface 0, 7 drops     */
	1, 0, 0, 0,                             /* 160: time, high: 2^32 us      */
	5, 0, 0, 0,                             /* 164: time, low: and 5         */
	4, 0, 0, 0,                             /* 168: 4 bytes captured         */
	4, 0, 0, 0,                             /* 172: of 4                     */
	'w', 'x', 'y', 'z',                     /* 176: packet                   */
	36, 0, 0, 0,                            /* 180: length                   */
};

/* A section in the other byte order: one interface in 2^-10 s, one packet, one simple packet. */
static const uint8_t big[] = {
	0x0a, 0x0d, 0x0d, 0x0a,                 /*   0: section header           */
	0, 0, 0, 28,                            /*   4: length                   */
	0x1a, 0x2b, 0x3c, 0x4d,                 /*   8: byte order               */
	0, 1, 0, 0,                             /*  12: version 1.0              */
	255, 255, 255, 255, 255, 255, 255, 255, /* 16: section length unknown */
	0, 0, 0, 28,                            /*  24: length                   */
	0, 0, 0, 1,                             /*  28: interface description    */
	0, 0, 0, 28,                            /*  32: length                   */
	0, 113, 0, 0,                           /*  36: Linux cooked             */
	0, 0, 0, 0,                             /*  40: no snap length           */
	0, 9, 0, 1, 0x8a, 0, 0, 0,              /* 44: if_tsresol: 2^-10      */
	0, 0, 0, 28,                            /*  52: length                   */
	0, 0, 0, 6,                             /*  56: enhanced packet          */
	0, 0, 0, 36,                            /*  60: length                   */
	0, 0, 0, 0,                             /*  64: interface 0              */
	0, 0, 0, 0,                             /*  68: time, high               */
	0, 0, 4, 0x80,                          /*  72: time, low: 1.125 s       */
	0, 0, 0, 1,                             /*  76: 1 byte captured          */
	0, 0, 0, 1,                             /*  80: of 1                     */
	'B', 0, 0, 0,                           /*  84: packet, padding          */
	0, 0, 0, 36,                            /*  88: length                   */
	0, 0, 0, 3,                             /*  92: simple packet            */
	0, 0, 0, 20,                            /*  96: length                   */
	0, 0, 0, 1,                             /* 100: of 1                     */
	'S', 0, 0, 0,                           /* 104: packet, padding          */
	0, 0, 0, 20,                            /* 108: length                   */
};

static void reads_packets_of_two_interfaces(void **state)
{
	struct dump d;

	(void)state;
	assert_int_equal(pcapng_probe(little, sizeof(little)), 100);
	dump_of(&pcapng_framing, little, sizeof(little), &d);
	assert_int_equal(d.packet_count, 2);
	assert_int_equal(d.packets[0].time_ns, INT64_C(86400000000513));
	assert_int_equal(d.packets[0].digits, 9);
	assert_int_equal(d.packets[0].linktype, 101);
	assert_int_equal(d.packets[0].offset, 96);
	assert_int_equal(d.packets[0].len, 3);
	assert_int_equal(d.packets[0].wire_len, 9);
	assert_memory_equal(d.packets[0].bytes, "abc", 3);
	assert_int_equal(d.packets[1].time_ns, INT64_C(4294967301000));
	assert_int_equal(d.packets[1].digits, 6);
	assert_int_equal(d.packets[1].linktype, 1);
	assert_memory_equal(d.packets[1].bytes, "wxyz", 4);
	assert_int_equal(d.skipped, 0);
	assert_false(d.health.damaged);
	assert_int_equal(d.consumed, sizeof(little));
}

static void a_section_brings_its_byte_order_and_interfaces(void **state)
{
	uint8_t both[sizeof(little) + sizeof(big)];
	struct dump d;

	(void)state;
	memcpy(both, little, sizeof(little));
	memcpy(both + sizeof(little), big, sizeof(big));
	dump_of(&pcapng_framing, both, sizeof(both), &d);
	assert_int_equal(d.packet_count, 3);
	assert_int_equal(d.packets[2].time_ns, INT64_C(1125000000));
	assert_int_equal(d.packets[2].digits, 4); /* 1/1024 s is finer than a millisecond */
	assert_int_equal(d.packets[2].linktype, 113);
	/* a simple packet has no time, so it cannot be a contact */
	assert_int_equal(d.skipped, 1);
	assert_string_equal(d.health.reasons[0].reason, "packet without a time");
	assert_false(d.health.damaged);
}

static void keeps_whole_blocks_at_every_cut(void **state)
{
	static const size_t ends[] = { 0, 28, 48, 96, 132, 148, 184 };
	struct dump d;

	(void)state;
	for (size_t n = 0; n < sizeof(little); n++) {
		size_t end = 0;

		for (size_t i = 0; i < COUNT_OF(ends); i++)
			if (ends[i] <= n)
				end = ends[i];
		dump_of(&pcapng_framing, little, n, &d);
		assert_int_equal(d.opened, n >= 28);
		if (!d.opened) {
			assert_int_equal(d.err.code, ERR_INPUT);
			continue;
		}
		assert_int_equal(d.packet_count, n >= 132);
		assert_int_equal(d.consumed, end);
		assert_int_equal(d.skipped, n != end);
		assert_int_equal(d.health.damaged, n != end);
	}
}

static void finds_the_next_block_behind_a_broken_one(void **state)
{
	/* where a length, or its repetition, of the packet at 96 is broken */
	static const size_t at[] = { 100, 103, 128, 131 };
	uint8_t bytes[sizeof(little)];
	struct dump d;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(at); i++) {
		memcpy(bytes, little, sizeof(little));
		bytes[at[i]] ^= 0x55;
		dump_of(&pcapng_framing, bytes, sizeof(bytes), &d);
		assert_int_equal(d.packet_count, 1);
		assert_memory_equal(d.packets[0].bytes, "wxyz", 4);
		assert_int_equal(d.skipped, 1);
		assert_int_equal(d.health.reasons[0].first_offset, 96);
		assert_true(d.health.damaged);
		assert_int_equal(d.consumed, sizeof(bytes));
	}
}

static void skips_packets_that_cannot_be_placed(void **state)
{
	static const struct {
		size_t at;
		uint8_t byte;
		const char *reason;
	} cases[] = {
		{ 104, 2, "packet of an interface not described" },
		{ 116, 5, "packet longer than its block" },
		{ 68, 20, "packet time out of range" },   /* units of 10^-20 s */
		{ 68, 0xc0, "packet time out of range" }, /* units of 2^-64 s */
		{ 82, 0x7f, "packet time out of range" }, /* far ahead */
	};
	uint8_t bytes[sizeof(little)];
	struct dump d;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		memcpy(bytes, little, sizeof(little));
		bytes[cases[i].at] = cases[i].byte;
		dump_of(&pcapng_framing, bytes, sizeof(bytes), &d);
		assert_int_equal(d.packet_count, 1);
		assert_int_equal(d.skipped, 1);
		assert_string_equal(d.health.reasons[0].reason, cases[i].reason);
		assert_int_equal(d.health.reasons[0].first_offset, 96);
	}
}

/* One packet at that many ticks of a clock with that unit, and its time. */
static int64_t time_of(uint8_t unit, uint64_t ticks, uint8_t *ret_digits)
{
	uint8_t bytes[sizeof(big)];
	struct dump d;

	memcpy(bytes, big, sizeof(big));
	bytes[48] = unit;
	for (int i = 0; i < 8; i++)
		bytes[68 + i] = (uint8_t)(ticks >> (56 - 8 * i));
	dump_of(&pcapng_framing, bytes, sizeof(bytes), &d);
	assert_int_equal(d.packet_count, 1);
	*ret_digits = d.packets[0].digits;
	return d.packets[0].time_ns;
}

static void reads_clocks_of_any_unit(void **state)
{
	static const struct {
		uint8_t unit;
		uint64_t ticks;
		int64_t ns;
		uint8_t digits;
	} cases[] = {
		{ 0, 7, INT64_C(7000000000), 0 },
		{ 3, 7001, INT64_C(7001000000), 3 },
		{ 6, 1, 1000, 6 },
		{ 12, 1999, 1, 9 },
		{ 19, UINT64_MAX, 1844674407, 9 },
		{ 0x80, 3, INT64_C(3000000000), 0 },
		{ 0x80 | 1, 3, INT64_C(1500000000), 1 },
		{ 0x80 | 20, 1, 953, 7 },
		{ 0x80 | 32, UINT64_C(0x7fffffff80000000), INT64_C(2147483647500000000), 9 },
		{ 0x80 | 63, UINT64_MAX, INT64_C(1999999999), 9 },
	};
	uint8_t digits;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(time_of(cases[i].unit, cases[i].ticks, &digits), cases[i].ns);
		assert_int_equal(digits, cases[i].digits);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_packets_of_two_interfaces),
		cmocka_unit_test(a_section_brings_its_byte_order_and_interfaces),
		cmocka_unit_test(keeps_whole_blocks_at_every_cut),
		cmocka_unit_test(finds_the_next_block_behind_a_broken_one),
		cmocka_unit_test(skips_packets_that_cannot_be_placed),
		cmocka_unit_test(reads_clocks_of_any_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
