/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers "pcap" and "pcapng" as a whole: what the parts do alone is tested with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "evidence/reader.h"

#include "stream_of.h"

#define TIMES_MAX 8

/* A query for "a." by 192.0.2.7, raw IP. */
static const uint8_t query[] = {
	0x45, 0, 0, 47,    /*  0: IPv4, 47 bytes              */
	0, 1, 0, 0,        /*  4: no fragment                 */
	64, 17, 0, 0,      /*  8: UDP                         */
	192, 0, 2, 7,      /* 12: from                        */
	192, 0, 2, 53,     /* 16: to                          */
	0x9c, 0x40, 0, 53, /* 20: ports                       */
	0, 27, 0, 0,       /* 24: UDP length, no checksum     */
	0, 1,              /* 28: transaction ID              */
	1, 0,              /* 30: recursion desired           */
	0, 1, 0, 0,        /* 32: one question                */
	0, 0, 0, 0,        /* 36:                             */
	1, 'a', 0,         /* 40: name                        */
	0, 1, 0, 1,        /* 43: A, IN                       */
};

static void put_pcap(struct buf *b, uint32_t count)
{
	buf_init(b, 1 << 20);
	buf_be32(b, 0xa1b2c3d4);
	buf_be32(b, 0x00020004);
	buf_be32(b, 0);
	buf_be32(b, 0);
	buf_be32(b, 65535);
	buf_be32(b, 101);
	for (uint32_t i = 0; i < count; i++) {
		buf_be32(b, 1500000000 + i);
		buf_be32(b, 0);
		buf_be32(b, sizeof(query));
		buf_be32(b, sizeof(query));
		buf_put(b, query, sizeof(query));
	}
	assert_true(buf_ok(b));
}

static void put_pcapng(struct buf *b, uint32_t count)
{
	buf_init(b, 1 << 20);
	buf_be32(b, 0x0a0d0d0a);
	buf_be32(b, 28);
	buf_be32(b, 0x1a2b3c4d);
	buf_be32(b, 0x00010000);
	buf_be32(b, UINT32_MAX);
	buf_be32(b, UINT32_MAX);
	buf_be32(b, 28);
	buf_be32(b, 1);
	buf_be32(b, 28);
	buf_be32(b, 101 << 16);
	buf_be32(b, 0);
	buf_be32(b, 0x00090001); /* if_tsresol, 1 byte: */
	buf_be32(b, 0);          /* whole seconds       */
	buf_be32(b, 28);
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t len = 32 + sizeof(query) + 1;

		buf_be32(b, 6);
		buf_be32(b, len);
		buf_be32(b, 0);
		buf_be32(b, 0);
		buf_be32(b, 1500000000 + i);
		buf_be32(b, sizeof(query));
		buf_be32(b, sizeof(query));
		buf_put(b, query, sizeof(query));
		buf_u8(b, 0);
		buf_be32(b, len);
	}
	assert_true(buf_ok(b));
}

static const struct {
	const struct reader_format *format;
	void (*put)(struct buf *b, uint32_t count);
} kinds[] = { { &reader_pcap, put_pcap }, { &reader_pcapng, put_pcapng } };

/* Seconds of the contacts, to times; their number is returned. */
static size_t read_times(const struct reader_format *format, struct reader *r, int64_t *times)
{
	struct record record;
	enum next next;
	size_t count = 0;

	while ((next = format->next(r, &record, NULL)) != NEXT_END) {
		assert_int_not_equal(next, NEXT_FAILED);
		if (next != NEXT_ITEM)
			continue;
		assert_true(count < TIMES_MAX);
		assert_int_equal(record.contact->seen, SEEN_QUERY);
		times[count++] = record.contact->time_ns / 1000000000;
	}
	return count;
}

static void recognises_both_by_their_content(void **state)
{
	struct buf b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		kinds[i].put(&b, 1);
		assert_ptr_equal(reader_detect(b.bytes, b.len), kinds[i].format);
		assert_ptr_equal(reader_find(kinds[i].format->name), kinds[i].format);
		b.bytes[1] ^= 0x10;
		assert_null(reader_detect(b.bytes, b.len));
		buf_release(&b);
	}
	assert_null(reader_find("pcapx"));
}

/* Read a capture that is cut in its fourth record, then the same one grown to six. */
static void reads_on_where_a_growing_capture_was_cut(void **state)
{
	int64_t times[TIMES_MAX];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		const struct reader_format *const format = kinds[i].format;
		struct health h = { .count = 0 };
		struct digest before, again;
		struct reader *r = NULL;
		struct stream *s;
		uint64_t consumed;

		kinds[i].put(&b, 3);
		consumed = b.len;
		s = stream_of(b.bytes, b.len);
		assert_true(format->open(s, &h, &r, NULL));
		assert_int_equal(read_times(format, r, times), 3);
		assert_true(stream_digest_here(s, &before, NULL));
		format->close(r);
		stream_close(s);
		buf_release(&b);

		kinds[i].put(&b, 6);
		for (size_t cut = consumed; cut < consumed + 20; cut++) {
			s = stream_of(b.bytes, cut);
			assert_true(format->open(s, &h, &r, NULL));
			assert_int_equal(read_times(format, r, times), 3);
			assert_int_equal(format->consumed(r), consumed);
			format->close(r);
			stream_close(s);
		}
		h = (struct health){ .count = 0 };
		s = stream_of(b.bytes, b.len);
		assert_true(format->open(s, &h, &r, NULL));
		assert_true(format->resume(r, consumed, NULL));
		assert_true(stream_digest_here(s, &again, NULL));
		assert_int_equal(digest_cmp(&before, &again), 0);
		assert_int_equal(read_times(format, r, times), 3);
		for (size_t k = 0; k < 3; k++)
			assert_int_equal(times[k], 1500000003 + k);
		assert_int_equal(health_total(&h), 0);
		format->close(r);
		stream_close(s);
		buf_release(&b);
	}
}

static void refuses_to_read_on_in_another_capture(void **state)
{
	struct buf b;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct health h = { .count = 0 };
		struct err err = { .code = ERR_NONE };
		struct reader *r = NULL;
		struct stream *s;

		kinds[i].put(&b, 3);
		s = stream_of(b.bytes, b.len);
		assert_true(kinds[i].format->open(s, &h, &r, NULL));
		assert_false(kinds[i].format->resume(r, b.len - 7, &err));
		assert_int_equal(err.code, ERR_INPUT);
		kinds[i].format->close(r);
		stream_close(s);
		buf_release(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recognises_both_by_their_content),
		cmocka_unit_test(reads_on_where_a_growing_capture_was_cut),
		cmocka_unit_test(refuses_to_read_on_in_another_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
