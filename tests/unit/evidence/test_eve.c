/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Suricata's dns events of each version; tests/golden/eve has them beside each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

#define CLIENT                                                                                     \
	"\"src_ip\":\"192.0.2.7\",\"src_port\":4000,\"dest_ip\":\"192.0.2.53\",\"dest_port\":53,"
#define SERVER                                                                                     \
	"\"src_ip\":\"192.0.2.53\",\"src_port\":53,\"dest_ip\":\"192.0.2.7\",\"dest_port\":4000,"
#define EVENT(time, ends, body)                                                                    \
	"{\"timestamp\":\"2017-07-14T02:40:0" time "+0000\",\"event_type\":\"dns\"," ends          \
	"\"proto\":\"UDP\",\"dns\":{" body "}}\n"
#define QUERY(time, id)                                                                            \
	EVENT(time, CLIENT,                                                                        \
	    "\"type\":\"query\",\"id\":" id ",\"rrname\":\"a.example\",\"rrtype\":\"A\"")

static const char answer_v1[] = QUERY("0.25", "1") EVENT("0.50", SERVER,
    "\"type\":\"answer\",\"id\":1,\"rcode\":\"NOERROR\",\"rrname\":\"a.example\","
    "\"rrtype\":\"CNAME\",\"ttl\":60,\"rdata\":\"b.example\"") EVENT("0.50", SERVER,
    "\"type\":\"answer\",\"id\":1,\"rcode\":\"NOERROR\",\"rrname\":\"b.example\","
    "\"rrtype\":\"A\",\"ttl\":9,\"rdata\":\"203.0.113.1\"");

static const char answer_v2[] = QUERY("0.25", "1") EVENT("0.50", CLIENT,
    "\"version\":2,\"type\":\"answer\",\"id\":1,\"rcode\":\"NOERROR\","
    "\"rrname\":\"a.example\",\"rrtype\":\"A\",\"answers\":["
    "{\"rrname\":\"a.example\",\"rrtype\":\"CNAME\",\"ttl\":60,\"rdata\":\"b.example\"},"
    "{\"rrname\":\"b.example\",\"rrtype\":\"A\",\"ttl\":9,\"rdata\":\"203.0.113.1\"}]");

/* At ports that tell nothing: the version does. */
#define ODD_CLIENT                                                                                 \
	"\"src_ip\":\"192.0.2.7\",\"src_port\":4000,\"dest_ip\":\"192.0.2.53\",\"dest_port\":"     \
	"8053,"
#define ODD_SERVER                                                                                 \
	"\"src_ip\":\"192.0.2.53\",\"src_port\":8053,\"dest_ip\":\"192.0.2.7\",\"dest_port\":"     \
	"4000,"
static const char answer_v3[] = EVENT("0.25", ODD_CLIENT,
    "\"version\":3,\"type\":\"request\",\"id\":1,\"queries\":["
    "{\"rrname\":\"A.example\",\"rrtype\":\"A\"}]") EVENT("0.50", ODD_SERVER,
    "\"version\":3,\"type\":\"response\",\"id\":1,\"rcode\":\"NOERROR\","
    "\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"A\"}],\"answers\":["
    "{\"rrname\":\"a.example\",\"rrtype\":\"CNAME\",\"ttl\":60,\"rdata\":\"b.example\"},"
    "{\"rrname\":\"b.example\",\"rrtype\":\"A\",\"ttl\":9,\"rdata\":\"203.0.113.1\"}]");

static const char *const versions[] = { answer_v1, answer_v2, answer_v3 };

/* However a look-up is written, it is the same contact and the same facts. */
static void reads_the_same_from_each_version(void **state)
{
	struct reading r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		assert_ptr_equal(
		    reader_detect((const uint8_t *)versions[i], strlen(versions[i])), &reader_eve);
		reading_of(&r, &reader_eve, versions[i]);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
		assert_int_equal(r.contacts[0].type, 1);
		assert_int_equal(r.contacts[0].outcome, 0);
		assert_int_equal(r.contacts[0].ttl, 60);
		assert_int_equal(r.contacts[0].time_ns, 1500000000250000000);
		assert_int_equal(r.contacts[0].digits, 2);
		assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
		assert_string_equal(reading_text(&r.contacts[0].target), "a.example");
		assert_int_equal(r.fact_count, 2);
		assert_string_equal(reading_text(&r.facts[0].data), "b.example");
		assert_string_equal(reading_text(&r.facts[1].owner), "b.example");
		assert_string_equal(reading_text(&r.facts[1].data), "203.0.113.1");
		assert_int_equal(health_total(&r.health), 0);
	}
}

/* Cut anywhere, a log gives its whole lines, and goes on where it was cut. */
static void reads_on_where_it_was_cut(void **state)
{
	struct reading r;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(versions); i++) {
		const size_t len = strlen(versions[i]);

		for (size_t cut = 0; cut <= len; cut++) {
			uint64_t consumed;

			reading_from(&r, &reader_eve, versions[i], cut, 0);
			consumed = r.consumed;
			assert_true(consumed <= cut && r.contact_count <= 1);
			assert_int_equal(reading_skipped(&r, "last line is cut"), consumed != cut);
			reading_from(&r, &reader_eve, versions[i], len, consumed);
			assert_int_equal(r.consumed, len);
			assert_int_equal(health_total(&r.health), 0);
		}
	}
}

/* What an event that was refused had filled in belongs to no other. */
static void forgets_a_bad_event(void **state)
{
	static const char log[] = QUERY("0.25", "1") EVENT("0.50", CLIENT,
	    "\"version\":3,\"type\":\"request\",\"id\":2,\"queries\":["
	    "{\"rrname\":\"c.example\",\"rrtype\":\"A\"},"
	    "{\"rrname\":\"d.example\",\"rrtype\":\"A\"},"
	    "{\"rrname\":\"e..example\",\"rrtype\":\"A\"}]");
	struct reading r;

	(void)state;
	reading_of(&r, &reader_eve, log);
	assert_int_equal(r.contact_count, 1);
	assert_string_equal(reading_text(&r.contacts[0].target), "a.example");
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
}

/* The type of its first record is not the type that was asked for. */
static void takes_an_answer_alone(void **state)
{
	const char *answers = strchr(answer_v1, '\n') + 1;
	struct reading r;

	(void)state;
	reading_of(&r, &reader_eve, answers);
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].seen, SEEN_RESPONSE);
	assert_int_equal(r.contacts[0].type, 0);
	assert_string_equal(reading_text(&r.contacts[0].target), "a.example");
	assert_int_equal(r.fact_count, 2);
}

static void leaves_other_logs_alone(void **state)
{
	static const char log[] = "{\"ts\":1,\"id.orig_h\":\"192.0.2.7\",\"query\":\"a\"}\n"
				  "{\"timestamp\":\"yesterday\",\"event_type\":\"dns\"}\n";

	(void)state;
	assert_int_equal(reader_eve.probe((const uint8_t *)log, strlen(log)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_same_from_each_version),
		cmocka_unit_test(reads_on_where_it_was_cut),
		cmocka_unit_test(forgets_a_bad_event),
		cmocka_unit_test(takes_an_answer_alone),
		cmocka_unit_test(leaves_other_logs_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
