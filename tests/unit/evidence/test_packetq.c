/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "reading.h"

static struct reading r;

#define HEAD                                                                                       \
	"\"s\",\"us\",\"src_addr\",\"dst_addr\",\"src_port\",\"dst_port\",\"protocol\","           \
	"\"msg_id\",\"qr\",\"rcode\",\"qname\",\"qtype\",\"aname\",\"attl\"\n"

static void pairs_the_two_messages(void **state)
{
	(void)state;
	reading_of(&r, &reader_packetq,
	    HEAD "100,5,\"192.0.2.7\",\"192.0.2.53\",99,53,17,7,0,0,\"WWW.example.com.\",1,\"\",0\n"
		 "100,9,\"192.0.2.53\",\"192.0.2.7\",53,99,17,7,1,0,\"www.example.com.\",1,"
		 "\"www.example.com.\",60\n"
		 "101,0,\"192.0.2.7\",\"192.0.2.53\",99,53,17,8,0,0,\"x.example.\",28,\"\",0\n");
	assert_int_equal(r.contact_count, 2);
	assert_int_equal(health_total(&r.health), 0);
	assert_int_equal(r.contacts[0].time_ns, 100 * NS_PER_S + 5000);
	assert_int_equal(r.contacts[0].digits, 6);
	assert_int_equal(r.contacts[0].seen, SEEN_BOTH);
	assert_int_equal(r.contacts[0].outcome, 0);
	assert_int_equal(r.contacts[0].ttl, 60);
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[0].target), "www.example.com");
	assert_int_equal(r.contacts[1].type, 28);
	assert_int_equal(r.contacts[1].seen, SEEN_QUERY);
}

static void needs_few_columns_in_any_order(void **state)
{
	static const char log[] = "qname,s,dst_addr,src_addr,src_port\n"
				  "x.example.,100,192.0.2.53,192.0.2.7,99\n"
				  "x.example.,101,192.0.2.7,192.0.2.53,53\n";

	(void)state;
	assert_int_equal(reader_packetq.probe((const uint8_t *)log, sizeof(log) - 1), 90);
	assert_int_equal(reader_packetq.probe((const uint8_t *)"s,src_addr,qname\n", 17), 0);
	reading_of(&r, &reader_packetq, log);
	assert_int_equal(r.contact_count, 2);
	/* without the server's port the two do not pair; the sides are told by the one there is */
	assert_string_equal(reading_text(&r.contacts[0].peer), "192.0.2.7");
	assert_string_equal(reading_text(&r.contacts[1].peer), "192.0.2.7");
	assert_int_equal(r.contacts[0].digits, 0);
}

static void counts_bad_rows_by_reason(void **state)
{
	(void)state;
	reading_of(&r, &reader_packetq,
	    "s,src_addr,dst_addr,qname\n"
	    "x,192.0.2.7,192.0.2.53,a.\n1,192.0.2,192.0.2.53,a.\n1,192.0.2.7,192.0.2.53,a..\n"
	    "1,192.0.2.7\n\"1,192.0.2.7,192.0.2.53,a.\n");
	assert_int_equal(r.contact_count, 0);
	assert_int_equal(reading_skipped(&r, "bad time"), 1);
	assert_int_equal(reading_skipped(&r, "bad address"), 1);
	assert_int_equal(reading_skipped(&r, "bad query name"), 1);
	assert_int_equal(reading_skipped(&r, "line is cut"), 1);
	assert_int_equal(reading_skipped(&r, "open quote"), 1);
}

static void loses_nothing_at_any_cut(void **state)
{
	(void)state;
	reading_truncations(&reader_packetq,
	    "s,src_addr,dst_addr,qname\n100,192.0.2.7,192.0.2.53,a.\n101,192.0.2.7,192.0.2.53,b.\n",
	    2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_the_two_messages),
		cmocka_unit_test(needs_few_columns_in_any_order),
		cmocka_unit_test(counts_bad_rows_by_reason),
		cmocka_unit_test(loses_nothing_at_any_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
