/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include <string.h>

#include "finding/cache_words.h"

static struct test_cache founding(void)
{
	return (struct test_cache){ .ttl_s = 3600,
		.saturation = .41,
		.rate_per_h = .71,
		.rate_lo = .67,
		.rate_hi = .74,
		.violations_p = NAN,
		.caches = 1,
		.joint_p = NAN };
}

static void assert_says(const struct test_cache *t, const char *text)
{
	struct buf b;

	buf_init(&b, 4096);
	cache_words_say(&b, t);
	buf_u8(&b, '\0');
	assert_string_equal((const char *)b.bytes, text);
	buf_release(&b);
}

static void one_cache(void **state)
{
	struct test_cache t = founding();

	(void)state;
	assert_says(&t,
	    " Behind a cache of 1 h at most one look-up in that time is visible; that of its"
	    " busiest peer held the answer 41% of the time, and while it was empty questions came"
	    " at 0.67 to 0.74 an hour (95%); over all hours at least so many.");
	t.rate_lo = 53.4;
	t.rate_hi = NAN;
	t.saturation = .98;
	assert_says(&t,
	    " Behind a cache of 1 h at most one look-up in that time is visible; that of its"
	    " busiest peer held the answer 98% of the time, and while it was empty questions came"
	    " at 53.4 an hour or more: how many more, the cache hides.");
	t.status.why = "not tested";
	assert_says(&t, "");
}

static void links_and_violations(void **state)
{
	struct test_cache t = founding();
	struct buf b;

	(void)state;
	t.violations_p = 1e-6;
	t.forbidden = 434;
	t.caches = 8;
	t.joint_p = .006;
	t.joint_window_s = 10;
	buf_init(&b, 4096);
	cache_words_say(&b, &t);
	buf_u8(&b, '\0');
	assert_non_null(strstr((const char *)b.bytes,
	    "434 pauses are shorter than one cache allows, more than with the same peer's other"
	    " names (p = 1e-6): at least 8 caches are behind that address, or none."));
	assert_non_null(strstr((const char *)b.bytes, "within 10 s of each other more often"));
	buf_clear(&b);
	t.joint_apart = true;
	t.caches = 1;
	cache_words_say(&b, &t);
	buf_u8(&b, '\0');
	assert_non_null(strstr((const char *)b.bytes, "as if one cache served both"));
	assert_non_null(strstr((const char *)b.bytes, "passed by or emptied"));
	buf_release(&b);
}

static void rare_questions_are_counted_by_the_day(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	cache_words_rate(&b, .05, .0625);
	buf_u8(&b, '\0');
	assert_string_equal((const char *)b.bytes, "1.2 to 1.5 a day");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_cache),
		cmocka_unit_test(links_and_violations),
		cmocka_unit_test(rare_questions_are_counted_by_the_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
