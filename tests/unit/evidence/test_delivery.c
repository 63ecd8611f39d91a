/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/delivery.h"

static struct delivery d;
static const struct stamp noon = { INT64_C(1500000000) * NS_PER_S, 0 };

static const uint8_t *bytes(const char *text)
{
	return (const uint8_t *)text;
}

static struct endpoint end_of(const char *text)
{
	struct endpoint e = { .form = ENDPOINT_NONE };

	if (text != NULL)
		assert_true(endpoint_parse(&e, text, strlen(text)));
	return e;
}

static void begin(const char *client, const char *server)
{
	const struct endpoint from = end_of(client), to = end_of(server);

	delivery_begin(&d, KIND_SMTP, noon);
	assert_true(delivery_ends(&d, &from, &to));
}

static void the_end_that_is_known_is_the_target(void **state)
{
	const struct endpoint none = { .form = ENDPOINT_NONE };
	struct contact mirrored;

	(void)state;
	begin("192.0.2.1", "198.51.100.2");
	assert_int_equal(d.contact.direction, DIRECTION_OUT);
	assert_int_equal(d.contact.target.bytes[0], 198);
	assert_true(contact_mirror(&d.contact, &mirrored));
	assert_int_equal(mirrored.direction, DIRECTION_IN);
	assert_int_equal(mirrored.target.bytes[0], 192);
	assert_int_equal(mirrored.peer.bytes[0], 198);
	assert_int_not_equal(mirrored.type, d.contact.type);
	begin("192.0.2.1", NULL);
	assert_int_equal(d.contact.direction, DIRECTION_IN);
	assert_int_equal(d.contact.target.bytes[0], 192);
	assert_false(contact_mirror(&d.contact, &mirrored));
	begin(NULL, "198.51.100.2");
	assert_int_equal(d.contact.direction, DIRECTION_OUT);
	assert_false(delivery_ends(&d, &none, &none));
	d.contact.kind = KIND_CONN;
	assert_false(contact_mirror(&d.contact, &mirrored));
}

static void a_reply_is_three_digits(void **state)
{
	static const char *const none[] = { "", "25", "25x", "199 no", "600 no", "2500", "ok 250" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(none); i++) {
		delivery_begin(&d, KIND_SMTP, noon);
		delivery_reply(&d, bytes(none[i]), strlen(none[i]));
		assert_int_equal(d.contact.outcome, OUTCOME_NONE);
		assert_int_equal(d.contact.seen, SEEN_QUERY);
	}
	delivery_reply(&d, bytes("554-5.7.1"), 9);
	assert_int_equal(d.contact.outcome, 554);
	assert_int_equal(d.contact.seen, SEEN_BOTH);
}

static void keeps_domains_and_never_who(void **state)
{
	char text[ENDPOINT_TEXT_MAX];

	(void)state;
	begin("192.0.2.1", "198.51.100.2");
	delivery_message_id(&d, bytes("<a@b@Example.ORG>"), 17);
	assert_int_equal(d.fact_count, 1);
	(void)endpoint_format(&d.facts[0].owner, text);
	assert_string_equal(text, "example.org");
	delivery_message_id(&d, bytes("<a.example.org>"), 15);
	delivery_message_id(&d, bytes("<a@localhost>"), 13);
	delivery_message_id(&d, bytes("<a@..>"), 6);
	delivery_message_id(&d, bytes("<a@.example.org>"), 16);
	delivery_helo(&d, bytes("who@example.org"), 15);
	delivery_helo(&d, bytes("[192.0.2.1]"), 11);
	delivery_helo(&d, bytes("laptop-of-someone"), 17);
	delivery_helo(&d, bytes(""), 0);
	assert_int_equal(d.fact_count, 1);
	delivery_helo(&d, bytes("mail.example.org."), 17);
	assert_int_equal(d.fact_count, 2);
	assert_int_equal(d.facts[1].type, FACT_HELO);
}

static void a_date_keeps_the_writers_clock(void **state)
{
	static const char date[] = "Fri, 14 Jul 2017 04:39:58 +0200";

	(void)state;
	begin("192.0.2.1", "198.51.100.2");
	delivery_date(&d, bytes("never"), 5);
	assert_int_equal(d.fact_count, 0);
	delivery_date(&d, bytes(date), strlen(date));
	assert_int_equal(d.fact_count, 1);
	assert_int_equal(d.facts[0].extra, FACT_EAST_0 + 120);
	assert_int_equal(d.facts[0].first_ns, INT64_C(1499999998) * NS_PER_S);
	assert_int_equal(endpoint_cmp(&d.facts[0].owner, &d.facts[0].data), 0);
}

static void stops_at_enough_facts(void **state)
{
	(void)state;
	begin("192.0.2.1", "2001:db8::2");
	for (int i = 0; i < 2 * DELIVERY_FACTS; i++)
		delivery_name(&d, bytes("mx.example.net"), 14, &d.contact.target);
	assert_int_equal(d.fact_count, DELIVERY_FACTS);
	assert_int_equal(d.facts[0].type, 28);
	assert_int_equal(delivery_record(&d).fact_count, DELIVERY_FACTS);
}

static void reads_hosts_in_all_their_forms(void **state)
{
	static const char *const good[] = { "mx.example.net", "MX.example.net.", "192.0.2.1",
		"[192.0.2.1]", "[IPv6:2001:db8::1]", "2001:db8::1", "a_b.example" };
	static const char *const bad[] = { "", ".", "[]", "mx", "a b.example", "a@b.example",
		"a..b", "\xff.example", "[IPv6:]" };
	struct endpoint e;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++)
		assert_true(delivery_host(&e, bytes(good[i]), strlen(good[i])));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(delivery_host(&e, bytes(bad[i]), strlen(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_that_is_known_is_the_target),
		cmocka_unit_test(a_reply_is_three_digits),
		cmocka_unit_test(keeps_domains_and_never_who),
		cmocka_unit_test(a_date_keeps_the_writers_clock),
		cmocka_unit_test(stops_at_enough_facts),
		cmocka_unit_test(reads_hosts_in_all_their_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
