/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "wire/dnstap_msg.h"

/* A CLIENT_RESPONSE with everything that is read, and what is stepped over. */
static const uint8_t record[] = {
	0x0a, 2, 'n', 's',            /*  0: identity                        */
	0x72, 52,                     /*  4: message, 52 bytes               */
	0x08, 6,                      /*  6: CLIENT_RESPONSE                 */
	0x10, 1,                      /*  8: INET                            */
	0x18, 2,                      /* 10: TCP                             */
	0x22, 4, 192, 0, 2, 7,        /* 12: query_address                   */
	0x2a, 4, 192, 0, 2, 53,       /* 18: response_address                */
	0x30, 0xa0, 0x1f,             /* 24: query_port 4000                 */
	0x38, 53,                     /* 27: response_port                   */
	0x40, 100,                    /* 29: query_time_sec                  */
	0x4d, 1, 0, 0, 0,             /* 31: query_time_nsec                 */
	0x5a, 1, 0,                   /* 36: query_zone                      */
	0x60, 101,                    /* 39: response_time_sec               */
	0x6d, 0xff, 0xc9, 0x9a, 0x3b, /* 41: response_time_nsec 999,999,999  */
	0x72, 3, 1, 2, 3,             /* 46: response_message                */
	0x80, 0x01, 1,                /* 51: http_protocol                   */
	0x52, 2, 9, 9,                /* 54: query_message: not this one's   */
	0x78, 1,                      /* 58: a message                       */
};

#define AT_TYPE       7  /* where the value of the type stands */
#define AT_OUTER_TYPE 59 /* and that of the outer type */

static bool reads(const uint8_t *bytes, size_t len, struct dnstap_msg *m, const char **why)
{
	*why = NULL;
	return dnstap_msg_read(m, bytes, len, why);
}

static void reads_all_fields(void **state)
{
	struct dnstap_msg m;
	const char *why;

	(void)state;
	assert_true(reads(record, sizeof(record), &m, &why));
	assert_int_equal(m.role, DNSTAP_CLIENT);
	assert_true(m.is_response);
	assert_int_equal(m.protocol, 2);
	assert_int_equal(m.initiator.len, 4);
	assert_int_equal(m.initiator.bytes[3], 7);
	assert_int_equal(m.responder.bytes[3], 53);
	assert_int_equal(m.initiator_port, 4000);
	assert_int_equal(m.responder_port, 53);
	assert_true(m.query_time.is_set && m.response_time.is_set);
	assert_int_equal(m.query_time.ns, 100000000001);
	assert_int_equal(m.response_time.ns, 101999999999);
	assert_int_equal(m.response_time.digits, 9);
	assert_int_equal(m.message_len, 3);
	assert_memory_equal(m.message, "\1\2\3", 3);
}

static void knows_all_types_and_no_others(void **state)
{
	uint8_t bytes[sizeof(record)];
	struct dnstap_msg m;
	const char *why;

	(void)state;
	memcpy(bytes, record, sizeof(bytes));
	for (uint8_t type = 0; type < 20; type++) {
		bytes[AT_TYPE] = type;
		assert_int_equal(reads(bytes, sizeof(bytes), &m, &why), type >= 1 && type <= 14);
		if (why != NULL) {
			assert_string_equal(why, "dnstap message of a type not known");
			continue;
		}
		assert_int_equal(m.role, (type - 1) / 2);
		assert_int_equal(m.is_response, type % 2 == 0);
		assert_int_equal(m.message_len, m.is_response ? 3 : 2);
	}
	memcpy(bytes, record, sizeof(bytes));
	bytes[AT_OUTER_TYPE] = 2;
	assert_false(reads(bytes, sizeof(bytes), &m, &why));
	assert_string_equal(why, "dnstap record that is no message");
}

/* Every cut fails, as the type that makes it a message comes last. */
static void refuses_every_cut(void **state)
{
	struct dnstap_msg m;
	const char *why;

	(void)state;
	for (size_t cut = 0; cut < sizeof(record); cut++) {
		assert_false(reads(record, cut, &m, &why));
		assert_non_null(why);
	}
}

/* One byte of the record changed, and what is then said of it. */
static void says_what_is_wrong(void **state)
{
	static const struct {
		size_t at;
		uint8_t to;
		const char *why;
	} cases[] = {
		{ 6, 0x0a, "dnstap field of another type" },
		{ 12, 0x20, "dnstap field of another type" },
		{ 45, 0x3c, "bad time" },
	};
	uint8_t bytes[sizeof(record)];
	struct dnstap_msg m;
	const char *why;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		memcpy(bytes, record, sizeof(bytes));
		bytes[cases[i].at] = cases[i].to;
		assert_false(reads(bytes, sizeof(bytes), &m, &why));
		assert_string_equal(why, cases[i].why);
	}
}

/* Addresses that are none, ports that are too large, and more fields than any record has. */
static void refuses_what_does_not_fit(void **state)
{
	static const uint8_t address[] = { 0x72, 6, 0x08, 5, 0x22, 2, 1, 2, 0x78, 1 };
	static const uint8_t port[] = { 0x72, 6, 0x08, 5, 0x30, 0x80, 0x80, 4, 0x78, 1 };
	static const uint8_t seconds[] = { 0x72, 13, 0x08, 5, 0x40, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 1, 0x78, 1 };
	uint8_t many[600];
	struct dnstap_msg m;
	const char *why;

	(void)state;
	assert_false(reads(address, sizeof(address), &m, &why));
	assert_string_equal(why, "bad address");
	assert_false(reads(port, sizeof(port), &m, &why));
	assert_string_equal(why, "bad port");
	assert_false(reads(seconds, sizeof(seconds), &m, &why));
	assert_string_equal(why, "bad time");
	for (size_t i = 0; i < sizeof(many); i += 2) {
		many[i] = 0x78;
		many[i + 1] = 1;
	}
	assert_false(reads(many, sizeof(many), &m, &why));
	assert_string_equal(why, "too many protobuf fields");
}

/* An address of no bytes is none, and seconds alone have no digits. */
static void takes_what_is_not_told(void **state)
{
	static const uint8_t bytes[] = { 0x72, 6, 0x08, 3, 0x22, 0, 0x40, 100, 0x78, 1 };
	struct dnstap_msg m;
	const char *why;

	(void)state;
	assert_true(reads(bytes, sizeof(bytes), &m, &why));
	assert_int_equal(m.role, DNSTAP_RESOLVER);
	assert_int_equal(m.initiator.len, 0);
	assert_int_equal(m.query_time.digits, 0);
	assert_int_equal(m.query_time.ns, 100000000000);
	assert_false(m.response_time.is_set);
	assert_null(m.message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_fields),
		cmocka_unit_test(knows_all_types_and_no_others),
		cmocka_unit_test(refuses_every_cut),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(refuses_what_does_not_fit),
		cmocka_unit_test(takes_what_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
