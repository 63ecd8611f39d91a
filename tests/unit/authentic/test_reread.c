/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "authentic/reread.h"

static const uint8_t pcap_header[] = {
	0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, /* little endian, version 2.4 */
	0, 0, 0, 0, 0, 0, 0, 0,             /* zone, accuracy */
	0xff, 0xff, 0, 0, 101, 0, 0, 0,     /* snap length, raw IP */
};

/* A query for a name of eight octets in wire form, Mail.X., with EDNS. */
static const uint8_t query[] = {
	0x45, 0, 0, 63, 0, 1, 0, 0, 57, 17, 0, 0,       /* IPv4, 57 hops left, UDP */
	192, 0, 2, 7, 203, 0, 113, 53,                  /* from, to */
	0x0f, 0xa0, 0, 53, 0, 43, 0, 0,                 /* port 4000 to 53, 43 octets */
	0x12, 0x34, 0x00, 0x10, 0, 1, 0, 0, 0, 0, 0, 1, /* ID, CD, one question, one more */
	4, 'M', 'a', 'i', 'l', 1, 'x', 0, 0, 1, 0, 1,   /* mail.x. A IN */
	0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0,      /* OPT: 1232 octets, DO */
};

static const uint8_t mail_x[] = { 4, 'm', 'a', 'i', 'l', 1, 'x', 0 };

static char path[] = "/tmp/lodestone-reread-XXXXXX";

/* Queries a minute apart; the last one carries a time two hours before. */
static void write_capture(unsigned count)
{
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(pcap_header, sizeof(pcap_header), 1, f), 1);
	for (unsigned i = 0; i < count; i++) {
		uint32_t second = 1462320000 + i * 60 - (i + 1 == count ? 7200 : 0);
		uint32_t head[] = { second, 0, sizeof(query), sizeof(query) };

		assert_int_equal(fwrite(head, sizeof(head), 1, f), 1);
		assert_int_equal(fwrite(query, sizeof(query), 1, f), 1);
	}
	assert_int_equal(fclose(f), 0);
}

static struct digest content_of(const char *file)
{
	struct digest d;
	uint64_t bytes;
	struct err err;

	assert_true(digest_file(file, &d, &bytes, &err));
	return d;
}

static void open_reread(struct reread *r)
{
	struct endpoint target = { .form = ENDPOINT_NAME, .len = sizeof(mail_x) }, peer;
	struct err err;

	memcpy(target.bytes, mail_x, sizeof(mail_x));
	assert_true(endpoint_parse(&peer, "192.0.2.7", 9));
	assert_true(reread_init(r, &target, &peer, &err));
}

static void reads_what_the_case_does_not_keep(void **state)
{
	struct reread_source s = { .path = path, .format = "pcap" };
	enum reread_outcome outcome;
	struct reread r;
	struct err err;

	(void)state;
	s.content = content_of(path);
	open_reread(&r);
	assert_true(reread_take(&r, &s, &outcome, &err));
	assert_int_equal(outcome, REREAD_DONE);
	assert_int_equal(r.count, 20);
	assert_true(r.wired);
	assert_int_equal(r.queries[0].name, 0);
	assert_int_equal(r.queries[0].port, 4000);
	assert_int_equal(r.queries[0].id, 0x1234);
	assert_int_equal(r.queries[0].flags, 0x0010);
	assert_int_equal(r.queries[0].edns_bytes, 1232);
	assert_true(r.queries[0].dnssec_ok);
	assert_int_equal(r.queries[0].hops, 57);
	assert_int_equal(r.queries[0].letters, 5);
	assert_int_equal(r.queries[0].capitals, 1);
	assert_int_equal(r.order.rows, 20);
	assert_int_equal(r.order.late, 1);
	reread_sort(&r);
	assert_true(r.queries[0].time_ns < r.queries[1].time_ns);
	reread_release(&r);
}

static void nothing_counts_of_what_has_changed(void **state)
{
	struct reread_source s = { .path = path, .format = "pcap" };
	enum reread_outcome outcome;
	struct reread r;
	struct err err;

	(void)state;
	s.content = content_of(path);
	s.content.bytes[0] ^= 1;
	open_reread(&r);
	assert_true(reread_take(&r, &s, &outcome, &err));
	assert_int_equal(outcome, REREAD_CHANGED);
	assert_int_equal(r.count, 0);
	assert_int_equal(r.order.rows, 0);
	assert_false(r.wired);
	reread_release(&r);
}

static void what_is_not_there_is_said(void **state)
{
	struct reread_source gone = { .path = "/nonexistent", .format = "pcap" };
	struct reread_source input = { .path = "-", .format = "pcap" };
	struct reread_source strange = { .path = path, .format = "no such format" };
	enum reread_outcome outcome;
	struct reread r;
	struct err err;

	(void)state;
	open_reread(&r);
	assert_true(reread_take(&r, &gone, &outcome, &err));
	assert_int_equal(outcome, REREAD_ABSENT);
	assert_true(reread_take(&r, &input, &outcome, &err));
	assert_int_equal(outcome, REREAD_ABSENT);
	assert_true(reread_take(&r, &strange, &outcome, &err));
	assert_int_equal(outcome, REREAD_ABSENT);
	assert_int_equal(r.count, 0);
	reread_release(&r);
}

static int set_up(void **state)
{
	(void)state;
	write_capture(20);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_case_does_not_keep),
		cmocka_unit_test(nothing_counts_of_what_has_changed),
		cmocka_unit_test(what_is_not_there_is_said),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
