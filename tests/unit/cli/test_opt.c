/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cli/opt.h"

static const struct opt *const options[] = { &opt_case, &opt_json, &opt_top, &opt_memory, &opt_seed,
	&opt_verbose, &opt_help, NULL };

/* The line's words, between spaces, which the settings point into. */
struct line {
	char text[128];
	char *words[16];
};

static bool read_line(struct line *l, const char *text, struct settings *s, struct err *err)
{
	size_t count = 0;
	char *rest = l->text;

	(void)snprintf(l->text, sizeof(l->text), "%s", text);
	while (count < 16 && (l->words[count] = strsep(&rest, " ")) != NULL)
		count += l->words[count][0] != '\0';
	return opt_read("hunt", options, l->words, count, s, err);
}

static void reads_values_in_every_form(void **state)
{
	static const char *const forms[] = { "--top 7", "--top=7", "--top 3 --top 7" };
	static const char *const letters[] = { "-C dir", "-Cdir", "-vC dir", "-vCdir" };
	struct line l;
	struct settings s;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		assert_true(read_line(&l, forms[i], &s, NULL));
		assert_int_equal(s.top, 7);
	}
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		assert_true(read_line(&l, letters[i], &s, NULL));
		assert_string_equal(s.case_dir, "dir");
		assert_int_equal(s.verbose, i >= 2);
	}
}

static void what_is_not_given_has_its_default(void **state)
{
	struct line l;
	struct settings s;

	(void)state;
	assert_true(read_line(&l, "", &s, NULL));
	assert_null(s.case_dir);
	assert_int_equal(s.top, 50);
	assert_int_equal(s.seed, 1);
	assert_int_equal(s.memory, 1 << 30);
	assert_int_equal(s.operand_count, 0);
}

static void operands_keep_their_order_among_options(void **state)
{
	static const char *const expected[] = { "b.pcap", "-", "a.log", "--top", "-v" };
	struct line l;
	struct settings s;

	(void)state;
	assert_true(read_line(&l, "b.pcap --json - -C x a.log -- --top -v", &s, NULL));
	assert_true(s.json);
	assert_false(s.verbose);
	assert_int_equal(s.operand_count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(s.operands[i], expected[i]);
}

static void says_what_is_wrong(void **state)
{
	static const struct {
		const char *line;
		const char *says;
	} cases[] = {
		{ "--jsn", "unknown option '--jsn' of 'hunt', did you mean '--json'?" },
		{ "--jsn=yes", "unknown option '--jsn' of 'hunt', did you mean '--json'?" },
		{ "--xyzzy", "unknown option '--xyzzy' of 'hunt', try 'lodestone hunt --help'" },
		{ "-x", "unknown option '-x' of 'hunt', try 'lodestone hunt --help'" },
		{ "--top", "option '--top' needs a value: --top N" },
		{ "-C", "option '-C' needs a value: -C CASE" },
		{ "--json=1", "option '--json' takes no value" },
		{ "--top 0", "'0' of option '--top' is too small, the least is 1" },
		{ "--top -1", "'-1' of option '--top' is no whole number" },
		{ "--top=", "'' of option '--top' is no whole number" },
		{ "--memory 2X",
		    "'2X' of option '--memory' is no size, which looks like 512M or 2G" },
		{ "--memory 1k", "'1k' of option '--memory' is too small, the least is 16777216" },
		{ "--=", "unknown option '--' of 'hunt', try 'lodestone hunt --help'" },
	};
	struct line l;
	struct settings s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_false(read_line(&l, cases[i].line, &s, &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_string_equal(err.text, cases[i].says);
	}
}

static void reads_sizes_up_to_the_last_byte(void **state)
{
	static const char *const bad[] = { "", "M", "1.5G", "1GB", "-1", "16777216T",
		"18446744073709551616", "999999999999999999999999999" };
	uint64_t n = 42;

	(void)state;
	assert_true(opt_parse_size("4096", &n));
	assert_int_equal(n, 4096);
	assert_true(opt_parse_size("2k", &n));
	assert_int_equal(n, 2048);
	assert_true(opt_parse_size("3M", &n));
	assert_int_equal(n, 3 << 20);
	assert_true(opt_parse_size("2G", &n));
	assert_int_equal(n, INT64_C(2) << 30);
	assert_true(opt_parse_size("16777215T", &n));
	assert_true(opt_parse_size("18446744073709551615", &n));
	assert_true(n == UINT64_MAX);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(opt_parse_size(bad[i], &n));
	assert_true(n == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_values_in_every_form),
		cmocka_unit_test(what_is_not_given_has_its_default),
		cmocka_unit_test(operands_keep_their_order_among_options),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(reads_sizes_up_to_the_last_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
