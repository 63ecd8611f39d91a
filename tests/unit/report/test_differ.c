/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/differ.h"

/* What is said of the two texts; NULL: nothing, they are the same. Borrowed until the next call. */
static const char *said(const char *file, const char *made)
{
	static char text[4096];
	struct buf a, b, out;
	bool same;

	buf_init(&a, 4096);
	buf_init(&b, 4096);
	buf_init(&out, 4096);
	buf_text(&a, file);
	buf_text(&b, made);
	same = differ_say(&out, &a, &b);
	assert_true(buf_ok(&out));
	assert_int_equal(same, out.len == 0);
	memcpy(text, out.len == 0 ? (const uint8_t *)"" : out.bytes, out.len);
	text[out.len] = '\0';
	buf_release(&a);
	buf_release(&b);
	buf_release(&out);
	return same ? NULL : text;
}

static void says_nothing_of_the_same_bytes(void **state)
{
	(void)state;
	assert_null(said("", ""));
	assert_null(said("{\"a\":1}\n", "{\"a\":1}\n"));
}

static void names_the_member_and_the_target_of_a_number(void **state)
{
	static const char made[] = "{\"schema\":\"s/1\",\"names\":7}\n"
				   "{\"target\":\"a.example\",\"tests\":{\"gap\":{\"p\":0.012,"
				   "\"n\":3}},\"peers\":[1,2]}\n";

	(void)state;
	assert_string_equal(
	    said("{\"schema\":\"s/1\",\"names\":7}\n"
		 "{\"target\":\"a.example\",\"tests\":{\"gap\":{\"p\":0.0123,\"n\":3}},"
		 "\"peers\":[1,2]}\n",
		made),
	    "line 2 (a.example), tests.gap.p: the file has '0.0123', the evidence gives '0.012'\n");
	assert_string_equal(
	    said("{\"schema\":\"s/1\",\"names\":17}\n"
		 "{\"target\":\"a.example\",\"tests\":{\"gap\":{\"p\":0.012,\"n\":3}},"
		 "\"peers\":[1,20]}\n",
		made),
	    "line 1, names: the file has '17', the evidence gives '7'\n"
	    "line 2 (a.example), peers[1]: the file has '20', the evidence gives '2'\n");
}

static void names_the_word_of_a_string(void **state)
{
	(void)state;
	assert_string_equal(
	    said(
		"{\"target\":\"a\",\"plain\":\"met on 4 days\",\"first\":\"2016-05-04T07:00:00Z\"}",
		"{\"target\":\"a\",\"plain\":\"met on 5 "
		"days\",\"first\":\"2016-05-04T08:00:00Z\"}"),
	    "line 1 (a), plain: the file has '4', the evidence gives '5'\n"
	    "line 1 (a), first: the file has '2016-05-04T07:00:00Z', the evidence gives"
	    " '2016-05-04T08:00:00Z'\n");
}

static void names_heading_row_and_column_of_a_page(void **state)
{
#define PAGE(p, days, x)                                                                           \
	"<html><h2>1. <bdi>a.<wbr></wbr>example</bdi></h2><p>on " days " days</p><h3>Tests</h3>"   \
	"<table><thead><tr><th>Test</th><th>p</th></tr></thead><tbody>"                            \
	"<tr><th scope=\"row\">gaps</th><td class=\"n\">" p "</td></tr></tbody></table>"           \
	"<svg aria-label=\"Its circle\"><line x1=\"" x "\"></line></svg></html>"
	(void)state;
	assert_string_equal(said(PAGE("0.01", "12", "3"), PAGE("0.02", "12", "3")),
	    "1. a.example, Tests, gaps, p: the file has '0.01', the evidence gives '0.02'\n");
	assert_string_equal(said(PAGE("0.01", "1,200", "3"), PAGE("0.01", "12", "3")),
	    "1. a.example: the file has '1,200', the evidence gives '12'\n");
	assert_string_equal(said(PAGE("0.01", "12", "3.5"), PAGE("0.01", "12", "3")),
	    "1. a.example, Tests, the picture 'Its circle', x1: the file has '3.5', the evidence"
	    " gives '3'\n");
#undef PAGE
}

static void names_the_column_of_a_table(void **state)
{
	(void)state;
	assert_string_equal(said("\"rank\",\"target\",\"p\"\n1,\"a.example\",0.5\n",
				"\"rank\",\"target\",\"p\"\n1,\"a.example\",0.25\n"),
	    "line 2 (a.example), p: the file has '0.5', the evidence gives '0.25'\n");
}

static void says_where_they_fall_out_of_step(void **state)
{
	(void)state;
	assert_string_equal(said("{\"a\":1,\"b\":2}", "{\"a\":1}"),
	    "line 1, a: from here on they differ in more than values\n");
	assert_string_equal(said("# a\n", "# a\nb\n"),
	    "line 2: the file ends here, what the evidence gives does not\n");
	assert_string_equal(said("# a\nb\n", "# a\n"),
	    "line 2: what the evidence gives ends here, the file does not\n");
}

static void counts_what_it_does_not_name(void **state)
{
	char file[256] = "# ", made[256] = "# ";
	const char *text;

	(void)state;
	for (int i = 0; i < DIFFER_NAMED_MAX + 2; i++) {
		strcat(file, "1 ");
		strcat(made, "2 ");
	}
	text = said(file, made);
	assert_non_null(strstr(text, "and 2 more values\n"));
}

static void shows_what_is_hidden(void **state)
{
	const char *text = said("# \x1b[2J\n", "# 1\n");

	(void)state;
	assert_null(strchr(text, '\x1b'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_nothing_of_the_same_bytes),
		cmocka_unit_test(names_the_member_and_the_target_of_a_number),
		cmocka_unit_test(names_the_word_of_a_string),
		cmocka_unit_test(names_heading_row_and_column_of_a_page),
		cmocka_unit_test(names_the_column_of_a_table),
		cmocka_unit_test(says_where_they_fall_out_of_step),
		cmocka_unit_test(counts_what_it_does_not_name),
		cmocka_unit_test(shows_what_is_hidden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
