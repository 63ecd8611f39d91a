/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/dns_msg.h"

static const uint8_t response[] = {
	0x12, 0x34, 0x81, 0x83,                 /*   0: id; QR RD RA NXDOMAIN     */
	0, 1, 0, 2, 0, 1, 0, 1,                 /*   4: counts                    */
	3, 'w', 'w', 'w', 1, 'a', 0,            /*  12: www.a.                    */
	0, 15, 0, 1,                            /*  19: MX IN                     */
	0xc0, 12, 0, 15, 0, 1,                  /*  23: www.a. MX IN              */
	0, 0, 0, 60, 0, 9,                      /*  29: TTL 60, 9 octets          */
	0, 10, 4, 'm', 'a', 'i', 'l', 0xc0, 16, /* 35: 10 mail.a.              */
	0xc0, 16, 0, 33, 0, 1,                  /*  44: a. SRV IN                 */
	0, 0, 0, 61, 0, 8,                      /*  50: TTL 61, 8 octets          */
	0, 1, 0, 2, 0x13, 0xc4, 0xc0, 12,       /*  56: 1 2 5060 www.a.           */
	0xc0, 16, 0, 6, 0, 1,                   /*  64: a. SOA IN                 */
	0, 0, 0, 62, 0, 24,                     /*  70: TTL 62, 24 octets         */
	0xc0, 12, 0xc0, 12,                     /*  76: primary, mailbox          */
	0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3,     /*  80: serial, refresh, retry    */
	0, 0, 0, 4, 0, 0, 0, 5,                 /*  92: expire, minimum           */
	0, 0, 41, 0x04, 0xd0,                   /* 100: OPT, 1232 octets          */
	0x01, 0, 0x80, 0, 0, 0,                 /* 105: RCODE 1 high, version 0, DO */
};

static void assert_name(const struct dns_name *n, const char *bytes, size_t len)
{
	assert_int_equal(n->len, len);
	assert_memory_equal(n->bytes, bytes, len);
}

static void reads_every_section(void **state)
{
	const char *why = NULL;
	struct dns_question q;
	struct dns_rdata data;
	struct dns_name owner;
	struct dns_edns edns;
	struct dns_msg m;
	struct dns_rr rr;

	(void)state;
	assert_true(dns_msg_read(&m, response, sizeof(response)));
	assert_int_equal(m.id, 0x1234);
	assert_true(dns_msg_is_response(&m));
	assert_false(dns_msg_is_truncated(&m));
	assert_int_equal(dns_msg_opcode(&m), 0);
	assert_int_equal(dns_msg_rcode(&m), DNS_RCODE_NXDOMAIN);

	assert_int_equal(dns_msg_question(&m, &q), DNS_ITEM);
	assert_name(&q.name, "\3www\1a", 7);
	assert_int_equal(q.type, DNS_TYPE_MX);
	assert_int_equal(q.class, DNS_CLASS_IN);
	assert_int_equal(dns_msg_question(&m, &q), DNS_END);

	assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
	assert_int_equal(rr.section, DNS_ANSWER);
	assert_int_equal(rr.ttl, 60);
	assert_true(dns_rr_owner(&m, &rr, &owner, &why));
	assert_name(&owner, "\3www\1a", 7);
	assert_int_equal(dns_rdata_read(&m, &rr, &data, &why), DNS_ITEM);
	assert_int_equal(data.preference, 10);
	assert_name(&data.name, "\4mail\1a", 8);

	assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
	assert_int_equal(dns_rdata_read(&m, &rr, &data, &why), DNS_ITEM);
	assert_int_equal(data.preference, 0);
	assert_int_equal(data.priority, 1);
	assert_int_equal(data.weight, 2);
	assert_int_equal(data.port, 5060);

	assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
	assert_int_equal(rr.section, DNS_AUTHORITY);
	assert_int_equal(dns_rdata_read(&m, &rr, &data, &why), DNS_ITEM);
	assert_int_equal(data.serial, 1);
	assert_int_equal(data.minimum, 5);

	assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
	assert_int_equal(rr.section, DNS_ADDITIONAL);
	edns = dns_edns_of(&rr);
	assert_int_equal(edns.rcode_high, 0x10);
	assert_int_equal(edns.udp_bytes, 1232);
	assert_int_equal(edns.version, 0);
	assert_true(edns.dnssec_ok);
	assert_int_equal(dns_rdata_read(&m, &rr, &data, &why), DNS_END);

	assert_int_equal(dns_msg_record(&m, &rr), DNS_END);
	assert_null(m.c.err);
}

static void steps_over_questions_that_are_left(void **state)
{
	struct dns_msg m;
	struct dns_rr rr;

	(void)state;
	assert_true(dns_msg_read(&m, response, sizeof(response)));
	assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
	assert_int_equal(rr.owner_at, 23);
}

/* All records of the first n octets; every read of data is made, to see it stay inside. */
static enum dns_step read_all(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n + 1);
	const char *why;
	struct dns_rdata data;
	enum dns_step step;
	struct dns_msg m;
	struct dns_rr rr;

	/* ends where its block ends */
	memcpy(copy + 1, bytes, n);
	if (!dns_msg_read(&m, copy + 1, n)) {
		free(copy);
		return DNS_BAD;
	}
	while ((step = dns_msg_record(&m, &rr)) == DNS_ITEM)
		if (dns_rdata_read(&m, &rr, &data, &why) == DNS_BAD)
			break;
	free(copy);
	return step;
}

static void sees_every_truncation(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(response); n++)
		assert_int_equal(read_all(response, n), DNS_BAD);
	assert_int_equal(read_all(response, sizeof(response)), DNS_END);
}

static void refuses_data_that_does_not_fill_its_length(void **state)
{
	static const struct {
		size_t at; /* the octet of the length to change */
		size_t record;
	} cases[] = { { 34, 1 }, { 55, 2 }, { 75, 3 } };
	const char *why = NULL;
	struct dns_rdata data;
	struct dns_msg m;
	struct dns_rr rr;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		uint8_t copy[sizeof(response)];

		memcpy(copy, response, sizeof(copy));
		copy[cases[i].at]--;
		assert_true(dns_msg_read(&m, copy, sizeof(copy)));
		for (size_t r = 0; r < cases[i].record; r++)
			assert_int_equal(dns_msg_record(&m, &rr), DNS_ITEM);
		assert_int_equal(dns_rdata_read(&m, &rr, &data, &why), DNS_BAD);
		assert_string_equal(why, "data does not end where its length says");
	}
}

static void tells_messages_from_junk(void **state)
{
	uint8_t junk[12] = { 0 };

	(void)state;
	assert_true(dns_msg_is_plausible(response, 12, sizeof(response)));
	assert_false(dns_msg_is_plausible(response, 11, sizeof(response)));
	assert_false(dns_msg_is_plausible(response, 12, 16)); /* no room for its question */
	memset(junk, 'G', sizeof(junk));
	assert_false(dns_msg_is_plausible(junk, 12, 4000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_section),
		cmocka_unit_test(steps_over_questions_that_are_left),
		cmocka_unit_test(sees_every_truncation),
		cmocka_unit_test(refuses_data_that_does_not_fill_its_length),
		cmocka_unit_test(tells_messages_from_junk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
