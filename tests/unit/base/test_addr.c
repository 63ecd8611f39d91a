/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/addr.h"
#include "base/addr_memo.h"
#include "base/philox.h"

static void text_comes_back_in_rfc_5952_form(void **state)
{
	static const char *const cases[][2] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "0.0.0.0", "0.0.0.0" },
		{ "255.255.255.255", "255.255.255.255" },
		{ "2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },    /* RFC 5952 4.2.3 */
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" }, /* 4.2.2: no :: for one group */
		{ "::", "::" },
		{ "2001:0db8::0001", "2001:db8::1" },
	};
	char text[ADDR_TEXT_MAX];
	struct addr a;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_true(addr_parse(cases[i][0], strlen(cases[i][0]), &a));
		assert_int_equal(addr_format(&a, text), strlen(cases[i][1]));
		assert_string_equal(text, cases[i][1]);
	}
}

static void refuses_what_is_no_address(void **state)
{
	static const char *const bad[] = { "", "1", "1.2.3", "1.2.3.4.", "1.2.3.256", "01.2.3.4",
		"1.2.3.4 ", "1..3.4", "g::1", "fe80::1%eth0", "1:2:3:4:5:6:7:8:9", "::1.2.3.4.5",
		"a.b.c.d" };
	struct addr a = { .len = 7 };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(addr_parse(bad[i], strlen(bad[i]), &a));
	assert_false(addr_parse("::1\0", 4, &a));
	assert_int_equal(a.len, 7);
}

static void v4_comes_before_v6(void **state)
{
	struct addr low, high, six;

	(void)state;
	assert_true(addr_parse("10.0.0.2", 8, &low));
	assert_true(addr_parse("200.0.0.1", 9, &high));
	assert_true(addr_parse("::", 2, &six));
	assert_true(addr_cmp(&low, &high) < 0);
	assert_true(addr_cmp(&high, &six) < 0);
	assert_int_equal(addr_cmp(&low, &low), 0);
}

/* A random text that is nearly an address. */
static size_t draw_text(struct philox *p, char *text)
{
	static const char letters[] = "0123456789abcdefABCDEF::::....g";
	size_t len = 0;

	switch (philox_below(p, 4)) {
	case 0:
		len = (size_t)sprintf(text, "%u.%u.%u.%u", philox_below(p, 300),
		    philox_below(p, 300), philox_below(p, 12), philox_below(p, 260));
		break;
	case 1:
		for (unsigned i = philox_below(p, 9); i-- > 0;)
			len += (size_t)sprintf(text + len, "%x%s", philox_below(p, 1u << 17),
			    i == 0                    ? ""
			    : philox_below(p, 6) == 0 ? "::"
						      : ":");
		break;
	case 2:
		len = (size_t)sprintf(text, "::%x:%u.%u.%u.%u", philox_below(p, 99),
		    philox_below(p, 99), philox_below(p, 256), philox_below(p, 256),
		    philox_below(p, 256));
		break;
	default:
		for (len = philox_below(p, 20); len > 0 && philox_below(p, 9) != 0; len--)
			;
		for (size_t i = 0; i < len; i++)
			text[i] = letters[philox_below(p, sizeof(letters) - 1)];
	}
	/* one place of four is changed or left out */
	if (len > 0 && philox_below(p, 4) == 0)
		text[philox_below(p, (uint32_t)len)] =
		    letters[philox_below(p, sizeof(letters) - 1)];
	if (len > 0 && philox_below(p, 8) == 0)
		len--;
	text[len] = '\0';
	return len;
}

/* What inet_pton(3) takes is taken, and nothing else; the memo changes nothing. */
static void reads_what_the_c_library_reads(void **state)
{
	static struct addr_memo memo;
	uint8_t bytes[16];
	struct philox p;
	unsigned good = 0;

	(void)state;
	philox_init(&p, 1, 0, 0);
	for (int i = 0; i < 300000; i++) {
		struct addr a = { .len = 0 }, remembered = { .len = 0 };
		char text[96];
		const size_t len = draw_text(&p, text);
		uint8_t *exact = malloc(len + 1);
		int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
		bool want = inet_pton(family, text, bytes) == 1;

		memcpy(exact, text, len);
		assert_int_equal(addr_parse((char *)exact, len, &a), want);
		for (int k = 0; k < 2; k++)
			assert_int_equal(
			    addr_memo_parse(&memo, (char *)exact, len, &remembered), want);
		free(exact);
		good += want;
		assert_int_equal(a.len, !want ? 0 : family == AF_INET ? 4 : 16);
		assert_memory_equal(a.bytes, bytes, a.len);
		assert_int_equal(remembered.len, a.len);
		assert_memory_equal(remembered.bytes, a.bytes, a.len);
	}
	assert_in_range(good, 50000, 250000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_comes_back_in_rfc_5952_form),
		cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(v4_comes_before_v6),
		cmocka_unit_test(reads_what_the_c_library_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
