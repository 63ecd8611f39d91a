/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "wire/received.h"

struct form {
	const char *text;
	const char *said;
	const char *name;
	const char *address;
	const char *by;
};

static const struct form forms[] = {
	/* Postfix, Sendmail */
	{ "from said.example (name.example [192.0.2.1])\r\n\tby mx.example (8.9.3/8.9.3) with SMTP",
	    "said.example", "name.example", "192.0.2.1", "mx.example" },
	{ "from said.example (IDENT:who@name.example [192.0.2.1] (may be forged)) by mx.example",
	    "said.example", "", "192.0.2.1", "mx.example" },
	{ "from said.example (who@name.example[192.0.2.1]) by mx.example", "said.example",
	    "name.example", "192.0.2.1", "mx.example" },
	{ "from [192.0.2.9] (unknown [IPv6:2001:db8::1]) via ESMTP by mx.example", "[192.0.2.9]",
	    "unknown", "2001:db8::1", "mx.example" },
	/* Exim */
	{ "from name.example ([192.0.2.1]:4000 helo=said.example) by mx.example with esmtp",
	    "said.example", "name.example", "192.0.2.1", "mx.example" },
	{ "from [192.0.2.1] (helo=said.example) by mx.example", "said.example", "[192.0.2.1]",
	    "192.0.2.1", "mx.example" },
	/* qmail, Exchange, fetchmail, XMail */
	{ "from unknown (HELO said.example) (192.0.2.1) by 0 with SMTP", "said.example", "unknown",
	    "192.0.2.1", "0" },
	{ "from said.example (::ffff:192.0.2.1) by mx.example (192.0.2.2) with Microsoft SMTP",
	    "said.example", "", "192.0.2.1", "mx.example" },
	{ "from said.example [192.0.2.1] by mx.example with IMAP", "said.example", "", "192.0.2.1",
	    "mx.example" },
	{ "from said.example (192.0.2.1:23198) by mx.example", "said.example", "", "192.0.2.1",
	    "mx.example" },
	/* no client */
	{ "by mx.example with SMTP id x", "", "", "-", "mx.example" },
};

static void check_text(struct received_text got, const char *want)
{
	assert_int_equal(got.bytes == NULL ? 0 : got.len, strlen(want));
	if (want[0] != '\0')
		assert_memory_equal(got.bytes, want, got.len);
}

static void tells_apart_what_servers_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		char address[ADDR_TEXT_MAX];
		struct received r;

		assert_true(
		    received_parse((const uint8_t *)forms[i].text, strlen(forms[i].text), &r));
		check_text(r.said, forms[i].said);
		check_text(r.name, forms[i].name);
		check_text(r.by, forms[i].by);
		(void)addr_format(&r.address, address);
		assert_string_equal(address, forms[i].address);
		assert_false(r.dated);
	}
}

static void reads_the_date_behind_the_last_semicolon(void **state)
{
	static const char text[] = "from a.example (x; y) by b.example; 2 Mar 2004 13:57:49 +0100";
	struct received r;

	(void)state;
	assert_true(received_parse((const uint8_t *)text, strlen(text), &r));
	assert_true(r.dated);
	assert_int_equal(r.date.time.ns / NS_PER_S, 1078232269);
	assert_false(received_parse((const uint8_t *)"", 0, &r));
	assert_false(received_parse((const uint8_t *)";;", 2, &r));
	assert_false(received_parse((const uint8_t *)"nonsense (from x)", 17, &r));
}

static void every_truncation_stays_inside(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		for (size_t len = 0; len <= strlen(forms[i].text); len++) {
			uint8_t *copy = malloc(len + 1); /* its own block, for ASan */
			struct received r;

			assert_non_null(copy);
			memcpy(copy + 1, forms[i].text, len);
			if (received_parse(copy + 1, len, &r))
				assert_true(len >= strlen("by m"));
			free(copy);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_apart_what_servers_write),
		cmocka_unit_test(reads_the_date_behind_the_last_semicolon),
		cmocka_unit_test(every_truncation_stays_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
