/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/attr.h"
#include "finding/words.h"

static void assert_words(struct buf *b, const char *want)
{
	buf_u8(b, '\0');
	assert_true(buf_ok(b));
	assert_string_equal((const char *)b->bytes, want);
	buf_release(b);
}

static void groups_thousands(void **state)
{
	static const struct {
		uint64_t n;
		const char *want;
	} cases[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 123456, "123,456" },
		{ UINT64_MAX, "18,446,744,073,709,551,615" } };
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		words_count(&b, cases[i].n);
		assert_words(&b, cases[i].want);
	}
	words_things(&b, 1, "name", "names");
	assert_words(&b, "1 name");
	words_things(&b, 0, "name", "names");
	assert_words(&b, "0 names");
}

static void shows_no_exponent_where_a_count_will_do(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	words_number(&b, 2.84, 2);
	assert_words(&b, "2.8");
	words_number(&b, 412.5, 2);
	assert_words(&b, "413");
	words_number(&b, 1234567.8, 2);
	assert_words(&b, "1,234,568");
	words_number(&b, 1.2e-13, 2);
	assert_words(&b, "1.2e-13");
	words_p(&b, 0.00172);
	assert_words(&b, "0.0017");
	words_p(&b, 0);
	assert_words(&b, "under 1e-300");
	words_number(&b, (double)INFINITY, 2);
	assert_words(&b, "-");
}

static void picks_the_unit_of_time(void **state)
{
	static const struct {
		double seconds;
		const char *want;
	} cases[] = { { 0.5, "0.5 s" }, { 59, "59 s" }, { 90, "1.5 min" }, { 3600, "1 h" },
		{ 5000, "1.39 h" }, { 86400, "1 day" }, { 604800, "7 days" },
		{ (double)NAN, "-" } };
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		words_seconds(&b, cases[i].seconds);
		assert_words(&b, cases[i].want);
	}
}

static void never_rounds_a_share_to_all_or_nothing(void **state)
{
	static const struct {
		double share;
		const char *want;
	} cases[] = { { 0, "0%" }, { 0.0001, "under 1%" }, { 0.395, "40%" }, { 0.999, "over 99%" },
		{ 1, "100%" }, { (double)NAN, "-" } };
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		words_share(&b, cases[i].share);
		assert_words(&b, cases[i].want);
	}
}

static void counts_one_as_one(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	words_amount(&b, 1, 2, "peer", "peers");
	assert_words(&b, "1 peer");
	words_amount(&b, 1.0001, 2, "peer", "peers");
	assert_words(&b, "1 peer");
	words_amount(&b, 1.5, 2, "peer", "peers");
	assert_words(&b, "1.5 peers");
	words_amount(&b, 100, 2, "peer", "peers");
	assert_words(&b, "100 peers");
	buf_release(&b);
}

static void denies_no_outage_that_it_could_not_see(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 256);
	words_outages(&b, 0.9, true);
	assert_words(&b, "the sensor was silent for 10% of that time");
	words_outages(&b, 0.999, false);
	assert_words(&b, "the sensor was silent for under 1% of that time");
	words_outages(&b, 1, true);
	assert_words(&b, "no outage of the sensor was found");
	words_outages(&b, 1, false);
	assert_words(&b, "outages of the sensor cannot be judged from so few records");
	buf_release(&b);
}

static void writes_dates_before_and_after_1970(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	words_date(&b, (struct stamp){ .ns = -1 });
	assert_words(&b, "1969-12-31");
	words_date(&b, (struct stamp){ .ns = INT64_C(1462320000) * NS_PER_S });
	assert_words(&b, "2016-05-04");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_thousands),
		cmocka_unit_test(shows_no_exponent_where_a_count_will_do),
		cmocka_unit_test(picks_the_unit_of_time),
		cmocka_unit_test(never_rounds_a_share_to_all_or_nothing),
		cmocka_unit_test(counts_one_as_one),
		cmocka_unit_test(denies_no_outage_that_it_could_not_see),
		cmocka_unit_test(writes_dates_before_and_after_1970),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
