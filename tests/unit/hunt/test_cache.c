/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "../../support/haystack_of.h"

#define DAYS 21.0

/* Look-ups of a name through a cache of cache_s, at load per hour. */
static void add_cached(
    struct events *list, struct event e, double load, double cache_s, struct philox *r)
{
	double fresh_until = 0;

	for (double t = 0; (t += philox_exponential(r) * 3600 / load) < DAYS * 86400;) {
		if (t < fresh_until)
			continue;
		fresh_until = t + cache_s;
		e.time_ns = (MAY_4TH_S + (int64_t)t) * NS_PER_S;
		events_add(list, &e);
	}
}

/* One resolver: 14 names that its cache of an hour serves, and the target. */
static void plant(struct events *list, double target_cache_s, uint64_t seed)
{
	struct philox r;
	char name[40];

	philox_init(&r, seed, 0, 2);
	for (int i = 0; i < 14; i++) {
		(void)snprintf(name, sizeof(name), "host%02d.example", i);
		add_cached(list, event_of(name, "192.0.2.7", 3600), .5, 3600, &r);
	}
	add_cached(list, event_of("mail1.example.net", "192.0.2.7", 3600), .7, target_cache_s, &r);
	/* its other type is kept apart in the cache, and must not pass for a second one */
	for (size_t i = 0, n = list->count; i < n; i += 7) {
		struct event e = list->items[i];

		e.type = 28;
		e.time_ns += 1000 * NS_PER_S;
		if (strcmp(e.target, "mail1.example.net") == 0)
			events_add(list, &e);
	}
}

static struct test_cache cache_of(struct events *list, const struct hunt_settings *settings)
{
	struct test_cache t;
	struct dig d;

	dig_open(&d, list, 2, true);
	dig_hunt(&d, settings);
	t = finding_of(d.result, "mail1.example.net")->tests.cache;
	dig_close(&d);
	return t;
}

static void a_cache_that_obeys_is_told(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct test_cache t;

	(void)state;
	plant(&list, 3600, 1);
	t = cache_of(&list, &settings);
	assert_null(t.status.why);
	assert_float_equal(t.ttl_s, 3600, 0);
	assert_int_equal(t.caches, 1);
	assert_int_equal(t.forbidden, 0);
	assert_true(t.rate_lo < .7 && .7 < t.rate_hi);
	assert_float_equal(t.saturation, .7 / 1.7, .05);
	assert_float_equal(t.violations_p, 1, 0);
	events_release(&list);
}

/* Rows at random times, as if there were no cache: what the other names of the resolver rule out. */
static void a_made_up_name_violates_the_cache(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct test_cache t;

	(void)state;
	plant(&list, 0, 2);
	t = cache_of(&list, &settings);
	assert_null(t.status.why);
	assert_true(t.forbidden > 60);
	assert_true(t.violations_p < 1e-8);
	assert_true(t.caches > 4);
	events_release(&list);
}

static void alone_it_has_no_other_names(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct endpoint only;
	struct test_cache t;

	(void)state;
	plant(&list, 3600, 1);
	assert_true(endpoint_parse(&only, "mail1.example.net", 17));
	settings.only = &only;
	t = cache_of(&list, &settings);
	assert_null(t.status.why);
	assert_int_equal(t.caches, 1);
	assert_true(isnan(t.violations_p));
	events_release(&list);
}

static void answers_out_of_a_cache_are_not_tested(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };

	(void)state;
	plant(&list, 3600, 1);
	settings.vantage = "recursive";
	assert_non_null(cache_of(&list, &settings).status.why);
	events_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cache_that_obeys_is_told),
		cmocka_unit_test(a_made_up_name_violates_the_cache),
		cmocka_unit_test(alone_it_has_no_other_names),
		cmocka_unit_test(answers_out_of_a_cache_are_not_tested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
