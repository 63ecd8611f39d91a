/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of conn.log by their fields; tests/golden/conn has whole logs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/zeek.h"

static struct zeek_row row;

static struct zeek_text text(const char *t)
{
	return (struct zeek_text){ .bytes = (const uint8_t *)t, .len = t == NULL ? 0 : strlen(t) };
}

static const char *begin(const char *orig, const char *resp, const char *port, const char *state)
{
	const struct zeek_text fields[ZEEK_FIELDS] = {
		[ZEEK_ORIG_H] = text(orig),
		[ZEEK_RESP_H] = text(resp),
		[ZEEK_RESP_P] = text(port),
		[ZEEK_CONN_STATE] = text(state),
	};

	return zeek_conn_begin(&row, (struct stamp){ 1500000000, 6 }, fields);
}

static void the_responder_is_the_target(void **state)
{
	char name[ENDPOINT_TEXT_MAX];

	(void)state;
	assert_null(begin("192.0.2.7", "2001:db8::1", "443", "SF"));
	assert_int_equal(row.contact.kind, KIND_CONN);
	assert_int_equal(row.contact.time_ns, 1500000000);
	assert_int_equal(row.contact.digits, 6);
	assert_int_equal(row.contact.direction, DIRECTION_OUT);
	assert_int_equal(row.contact.outcome, OUTCOME_NONE);
	assert_int_equal(row.contact.ttl, TTL_NONE);
	assert_int_equal(row.contact.txid, -1);
	assert_int_equal(row.contact.type, 0);
	(void)endpoint_format(&row.contact.peer, name);
	assert_string_equal(name, "192.0.2.7");
	(void)endpoint_format(&row.contact.target, name);
	assert_string_equal(name, "2001:db8::1");
	assert_int_equal(zeek_row_record(&row).fact_count, 0);
}

static void keeps_the_ports_of_mail(void **state)
{
	static const char *const ports[] = { "25", "465", "587", "110", "993", "0", NULL };
	static const uint16_t types[] = { 25, 465, 587, 0, 0, 0, 0 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(ports); i++) {
		assert_null(begin("192.0.2.7", "192.0.2.25", ports[i], "SF"));
		assert_int_equal(row.contact.type, types[i]);
	}
}

static void sees_whose_packets_there_were(void **state)
{
	static const struct {
		const char *state;
		enum contact_seen seen;
	} cases[] = { { "S0", SEEN_QUERY }, { "SH", SEEN_QUERY }, { "RSTOS0", SEEN_QUERY },
		{ "SHR", SEEN_RESPONSE }, { "RSTRH", SEEN_RESPONSE }, { "SF", SEEN_BOTH },
		{ "REJ", SEEN_BOTH }, { "S1", SEEN_BOTH }, { "OTH", SEEN_BOTH },
		{ NULL, SEEN_BOTH } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_null(begin("192.0.2.7", "192.0.2.25", "80", cases[i].state));
		assert_int_equal(row.contact.seen, cases[i].seen);
	}
}

static void refuses_what_is_no_address_or_port(void **state)
{
	(void)state;
	assert_string_equal(begin(NULL, "192.0.2.25", "80", "SF"), "bad address");
	assert_string_equal(begin("192.0.2.7", NULL, "80", "SF"), "bad address");
	assert_string_equal(begin("192.0.2.7", "host.example", "80", "SF"), "bad address");
	assert_string_equal(begin("192.0.2.7", "192.0.2.25", "65536", "SF"), "bad port");
	assert_string_equal(begin("192.0.2.7", "192.0.2.25", "smtp", "SF"), "bad port");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_responder_is_the_target),
		cmocka_unit_test(keeps_the_ports_of_mail),
		cmocka_unit_test(sees_whose_packets_there_were),
		cmocka_unit_test(refuses_what_is_no_address_or_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
