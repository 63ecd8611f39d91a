/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reading.h"

#define HEAD                                                                                       \
	"#separator "                                                                              \
	"\\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"           \
	"#open\t2024-04-19-00-00-01\n"                                                             \
	"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_"              \
	"id\trtt\tquery"                                                                           \
	"\tqclass\tqtype\trcode\tanswers\tTTLs\trejected\n#types\ttime\tstring\n"

/* ts to proto; resp_p is given */
#define FLOW(ts, port) ts "\tC1\t192.0.2.7\t5000\t192.0.2.53\t" port "\tudp\t1\t"

static struct reading r;

static void maps_the_fields_of_an_answered_query(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW(
		"1313403271.120525", "53") "0.01\tWWW.Example.ORG\t1\t1\t0\t192.0.2.1,192.0.2.2"
					   "\t59.500000,60.000000\tF\n#close\t2024\n");
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.contacts[0].time_ns, INT64_C(1313403271120525000));
	assert_int_equal(r.contacts[0].digits, 6);
	assert_int_equal(r.contacts[0].kind, KIND_DNS);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].direction, DIRECTION_OUT);
	assert_int_equal(r.contacts[0].type, 1);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_int_equal(r.contacts[0].ttl, 60); /* a half goes up */
	assert_int_equal(r.contacts[0].txid, -1);
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.org");
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_int_equal(r.fact_count, 2);
	assert_string_equal(reading_text(&r.facts[1].owner), "www.example.org");
	assert_string_equal(reading_text(&r.facts[1].data), "192.0.2.2");
	assert_int_equal(r.facts[1].ttl, 60);
	assert_int_equal(r.health.count, 0);
}

static void seen_goes_by_what_each_message_sets(void **state)
{
	static const enum contact_seen seen[] = { SEEN_QUERY, SEEN_BOTH, SEEN_BOTH, SEEN_RESPONSE };

	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW("1.5", "53") "-\ta.test\t1\t1\t-\t-\t-\tF\n"        /* no response */
	    FLOW("1.5", "53") "-\ta.test\t1\t1\t3\t-\t-\tF\n"             /* no answer, no rtt */
	    FLOW("1.5", "53") "0.1\ta.test\t-\t-\t0\t192.0.2.1\t5.0\tF\n" /* rtt alone */
	    FLOW("1.5", "53") "-\ta.test\t-\t-\t0\t192.0.2.1\t5.0\tF\n"); /* orphan */
	assert_int_equal(r.contact_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(r.contacts[i].seen, seen[i]);
	assert_int_equal(r.contacts[0].outcome, OUTCOME_NONE);
	assert_int_equal(r.contacts[0].ttl, TTL_NONE);
	assert_int_equal(r.contacts[1].outcome, 3);
	assert_int_equal(r.contacts[3].type, 0);
}

static void the_port_tells_the_protocol(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW("1", "5353") "-\t_x._tcp.local\t1\t12\t-\t-\t-\tF\n" FLOW(
		"2", "5355") "-\thost\t1\t255\t-\t-\t-\tF\n" FLOW("3",
		"137") "-\tWORKGROUP\t1\t32\t-\t-\t-\tF\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(r.contacts[0].kind, KIND_MDNS);
	assert_int_equal(r.contacts[1].kind, KIND_LLMNR);
	assert_int_equal(r.contacts[1].digits, 0);
	assert_int_equal(reading_skipped(&r, "netbios name service"), 1);
}

/* One row per reason; none of them may take its neighbor with it. */
static void counts_bad_rows_by_reason(void **state)
{
	static const char *const reasons[] = { "too few columns", "bad time", "bad address",
		"no query name", "bad query name", "bad query type", "bad response code",
		"bad port" };

	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD "1.5\tC1\n" FLOW(
		"x", "53") "-\ta.test\t1\t1\t-\t-\t-\tF\n"
			   "1.5\tC1\thost\t5000\t192.0.2.53\t53\tudp\t1\t-\ta.test\t1\t1\t-\t-\t-"
			   "\tF\n" FLOW("1.5", "53") "-\t-\t1\t1\t-\t-\t-\tF\n" FLOW(
			       "1.5", "53") "-\ta..test\t1\t1\t-\t-\t-\tF\n" FLOW("1.5",
			       "53") "-\ta.test\t1\t65536\t-\t-\t-\tF\n" FLOW("1.5",
			       "53") "-\ta.test\t1\t1\tx\t-\t-\tF\n" FLOW("1.5",
			       "70000") "-\ta.test\t1\t1\t-\t-\t-\tF\n" FLOW("9.5",
			       "53") "-\tgood.test\t1\t1\t-\t-\t-\tF\n");
	for (size_t i = 0; i < COUNT_OF(reasons); i++)
		assert_int_equal(reading_skipped(&r, reasons[i]), 1);
	assert_int_equal(health_total(&r.health), COUNT_OF(reasons));
	assert_int_equal(r.health.reasons[0].first_offset, strlen(HEAD));
	assert_int_equal(r.contact_count, 1);
	assert_string_equal(reading_text(&r.contacts[0].target), "good.test");
}

static void escapes_are_read_as_zeek_writes_them(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW("1", "53") "-\t\\xc3\\xa9\\x5c\\x2d.test\t1\t1\t-\t-\t-\tF\n" FLOW(
		"1", "53") "-\t(empty)\t1\t2\t0\ta\\x2cb.test\t5.0\tF\n");
	assert_int_equal(r.contact_count, 2);
	assert_string_equal(reading_text(&r.contacts[0].target), "\\195\\169\\092-.test");
	assert_string_equal(reading_text(&r.contacts[1].target), "."); /* the root */
	assert_string_equal(reading_text(&r.facts[0].data), "a,b.test");
}

static void follows_aliases(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW(
		"1", "53") "0.1\ta.test\t1\t28\t0\tb.test,c.test,2001:db8::1\t10.0,20.0,30.0\tF\n");
	assert_int_equal(r.fact_count, 3);
	assert_int_equal(r.facts[0].type, 5);
	assert_string_equal(reading_text(&r.facts[1].owner), "b.test");
	assert_string_equal(reading_text(&r.facts[1].data), "c.test");
	assert_int_equal(r.facts[2].type, 28);
	assert_string_equal(reading_text(&r.facts[2].owner), "c.test");
	assert_int_equal(r.facts[2].ttl, 30);
	assert_int_equal(r.contacts[0].ttl, 10);
}

static void infers_the_type_of_answers(void **state)
{
	static const struct {
		const char *row;
		uint16_t type; /* of the only fact; 0: none */
	} cases[] = {
		{ "1\t2\t0\tns.test\t5.0", 2 },
		{ "3\t1\t0\t192.0.2.1\t5.0", 0 }, /* class CHAOS */
		{ "1\t15\t0\tmx.test\t5.0", 15 },
		{ "1\t6\t0\tns.test\t5.0", 6 },
		{ "1\t12\t0\thost.test\t5.0", 12 },
		{ "1\t12\t0\t7.0-63.2.0.192.in-addr.arpa\t5.0", 5 },
		{ "1\t33\t0\tsrv.test\t5.0", 33 },
		{ "1\t65\t0\tsvc.test\t5.0", 5 },
		{ "1\t16\t0\tTXT 5 hello\t5.0", 0 },
		{ "1\t16\t0\traw.text.of.old.bro\t5.0", 0 },
		{ "1\t16\t0\t192.0.2.1\t5.0", 0 },
		{ "1\t255\t0\t192.0.2.1\t5.0", 1 },
		{ "1\t255\t0\tns.test,192.0.2.1\t5.0,5.0", 0 }, /* perhaps an alias */
		{ "1\t1\t0\tRRSIG 1 test\t5.0", 0 },
		{ "-\t-\t0\t192.0.2.1\t5.0", 1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char log[1024];

		(void)snprintf(log, sizeof(log), "%s%s0.1\ta.test\t%s\tF\n", HEAD, FLOW("1", "53"),
		    cases[i].row);
		reading_of(&r, &reader_zeek_tsv, log);
		assert_int_equal(r.contact_count, 1);
		assert_int_equal(r.contacts[0].ttl, 5);
		assert_int_equal(r.fact_count, cases[i].type != 0);
		if (r.fact_count == 1)
			assert_int_equal(r.facts[0].type, cases[i].type);
	}
}

static void facts_of_a_row_are_bounded(void **state)
{
	static char log[16384];
	struct stream *s;
	struct health h = { .count = 0 };
	struct reader *reader = NULL;
	struct record record;
	struct err err;

	(void)state;
	(void)snprintf(log, sizeof(log), "%s%s0.1\ta.test\t1\t1\t0\t", HEAD, FLOW("1", "53"));
	for (int i = 0; i < LIMIT_LOG_ANSWERS + 9; i++)
		(void)snprintf(
		    log + strlen(log), 32, "%s192.0.%d.%d", i > 0 ? "," : "", i / 256, i % 256);
	strcat(log, "\t5.0\tF\n");
	s = reading_stream(log, strlen(log));
	assert_true(reader_zeek_tsv.open(s, &h, &reader, &err));
	assert_int_equal(reader_zeek_tsv.next(reader, &record, &err), NEXT_ITEM);
	assert_int_equal(record.fact_count, LIMIT_LOG_ANSWERS);
	assert_int_equal(record.facts[0].ttl, 5);
	assert_int_equal(record.facts[1].ttl, TTL_NONE); /* fewer TTLs than answers */
	reader_zeek_tsv.close(reader);
	stream_close(s);
}

static void the_header_decides_the_layout(void **state)
{
	(void)state;
	/* other separators and place-holders; columns in another order, with a label; CR LF */
	reading_of(&r, &reader_zeek_tsv,
	    "#separator "
	    "\\x7c\r\n#set_separator|;\r\n#empty_field|NIL\r\n#unset_field|?\r\n#path|dns\r\n"
	    "#fields|query|label|id.orig_h|ts|qtype_name|rcode|answers\r\n"
	    "-|C&C|2001:DB8::7|5.25|AAAA|0|x.test;2001:db8::1\r\n"
	    "a.test|?|192.0.2.7|6.25|*|?|NIL\r\n");
	assert_int_equal(r.contact_count, 2);
	assert_string_equal(reading_text(&r.contacts[0].target), "-");
	assert_string_equal(reading_text(&r.contacts[0].peer), "2001:db8::7");
	assert_int_equal(r.contacts[0].type, 28);
	assert_int_equal(r.fact_count, 2);
	assert_int_equal(r.contacts[1].type, 255);
	assert_int_equal(r.contacts[1].outcome, OUTCOME_NONE);
}

static void a_header_holds_until_the_next(void **state)
{
	(void)state;
	reading_of(&r, &reader_zeek_tsv,
	    HEAD FLOW("1",
		"53") "-\ta.test\t1\t1\t-\t-\t-\tF\n"
		      "#separator "
		      "\\x09\n#path\thttp\n#fields\tts\tid.orig_h\tquery\n3\t192.0.2.1\tnot.dns\n"
		      "#separator "
		      "\\x09\n#path\tdns\n#fields\tid.orig_h\tts\tquery\n192.0.2.9\t4\tb.test\n");
	assert_int_equal(r.contact_count, 2);
	assert_string_equal(reading_text(&r.contacts[1].target), "b.test");
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.9");
	assert_int_equal(reading_skipped(&r, "row of another log"), 1);
}

static int probe(const char *head)
{
	return reader_zeek_tsv.probe((const uint8_t *)head, strlen(head));
}

static void takes_only_logs_of_dns_and_connections(void **state)
{
	(void)state;
	assert_int_equal(probe(HEAD), 100);
	assert_int_equal(probe("#fields\tts\tid.orig_h\tquery\tqtype\n"), 80);
	assert_int_equal(probe("#fields\tts\tid.orig_h\tquery\n"), 0);
	assert_int_equal(
	    probe("#separator \\x09\n#path\thttp\n#fields\tts\tid.orig_h\tquery\tqtype\n"), 0);
	assert_int_equal(
	    probe("#separator \\x09\n#path\tconn\n#fields\tts\tid.orig_h\tid.resp_h\n"), 100);
	assert_int_equal(
	    probe("#separator \\x09\n#path\tconn\n#fields\tts\tid.orig_h\tquery\n"), 0);
	assert_int_equal(probe("#separator \\x09\n#path\tdns\n#fields\tts\tuid\n"), 0);
	assert_int_equal(probe("#separator \\x0\n#path\tdns\n#fields\tts\tid.orig_h\tquery\n"), 0);
	assert_int_equal(probe(FLOW("1", "53") "\n"), 0);
	assert_int_equal(probe(""), 0);
	assert_int_equal(probe("# a comment\n"), 0);
}

/* Whatever the place of the cut: no record that the whole log does not have, and none twice. */
static void every_truncation_and_growth_from_it(void **state)
{
	static const char log[] = HEAD FLOW("1",
	    "53") "-\ta.test\t1\t1\t-\t-\t-\tF\n"
		  "#separator \\x09\n#path\tdns\n#fields\tquery\tts\tid.orig_h\tqtype\trejected\n"
		  "b.test\t2\t192.0.2.1\t1\tF\nc.test\t3\t192.0.2.1\t1\tF\n#close\t1\n";
	static struct reading rest;

	(void)state;
	reading_of(&r, &reader_zeek_tsv, log);
	assert_int_equal(r.contact_count, 3);
	assert_int_equal(r.consumed, sizeof(log) - 1);
	for (size_t len = 0; len < sizeof(log); len++) {
		reading_from(&r, &reader_zeek_tsv, log, len, 0);
		assert_true(r.consumed <= len);
		assert_true(health_total(&r.health) <= 1);
		reading_from(&rest, &reader_zeek_tsv, log, sizeof(log) - 1, r.consumed);
		assert_int_equal(rest.consumed, sizeof(log) - 1);
		for (size_t i = 0; i < r.contact_count; i++)
			assert_int_equal(r.contacts[i].time_ns, (int64_t)(i + 1) * NS_PER_S);
		for (size_t i = 0; i < rest.contact_count; i++)
			assert_int_equal(rest.contacts[rest.contact_count - 1 - i].time_ns,
			    (int64_t)(3 - i) * NS_PER_S);
		assert_int_equal(r.contact_count + rest.contact_count, 3);
	}
}

static void a_whole_last_line_needs_no_newline(void **state)
{
	static const char log[] = HEAD FLOW("1", "53") "-\ta.test\t1\t1\t-\t-\t-\tF";

	(void)state;
	reading_of(&r, &reader_zeek_tsv, log);
	assert_int_equal(r.contact_count, 1);
	assert_int_equal(r.consumed, sizeof(log) - 1);
	/* cut in its last but one column */
	reading_from(&r, &reader_zeek_tsv, log, sizeof(log) - 3, 0);
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "last line is cut"), 1);
	assert_int_equal(r.consumed, strlen(HEAD));
}

static void a_shrunken_log_cannot_be_resumed(void **state)
{
	static const char log[] = HEAD;
	struct stream *s = reading_stream(log, strlen(log));
	struct health h = { .count = 0 };
	struct reader *reader = NULL;
	struct err err;

	(void)state;
	assert_true(reader_zeek_tsv.open(s, &h, &reader, &err));
	assert_false(reader_zeek_tsv.resume(reader, sizeof(log) + 1, &err));
	assert_int_equal(err.code, ERR_INPUT);
	reader_zeek_tsv.close(reader);
	stream_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(maps_the_fields_of_an_answered_query),
		cmocka_unit_test(seen_goes_by_what_each_message_sets),
		cmocka_unit_test(the_port_tells_the_protocol),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(escapes_are_read_as_zeek_writes_them),
		cmocka_unit_test(follows_aliases),
		cmocka_unit_test(infers_the_type_of_answers),
		cmocka_unit_test(facts_of_a_row_are_bounded),
		cmocka_unit_test(the_header_decides_the_layout),
		cmocka_unit_test(a_header_holds_until_the_next),
		cmocka_unit_test(takes_only_logs_of_dns_and_connections),
		cmocka_unit_test(every_truncation_and_growth_from_it),
		cmocka_unit_test(a_whole_last_line_needs_no_newline),
		cmocka_unit_test(a_shrunken_log_cannot_be_resumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
