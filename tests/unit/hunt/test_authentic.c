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

#define DAYS   42.0
#define OTHERS 60
#define TARGET "mail1.example.net"

/* Look-ups through a cache of an hour at load per hour; every one is moved by up to moved_s. */
static void add_cached(
    struct events *list, struct event e, double load, int64_t moved_s, struct philox *r)
{
	double fresh_until = 0;

	for (double t = 0; (t += philox_exponential(r) * 3600 / load) < DAYS * 86400;) {
		if (t < fresh_until)
			continue;
		fresh_until = t + 3600;
		e.time_ns = (MAY_4TH_S + (int64_t)t) * NS_PER_S;
		if (moved_s > 0)
			e.time_ns += ((int64_t)philox_below(r, (uint32_t)(2 * moved_s)) - moved_s) *
				     NS_PER_S;
		events_add(list, &e);
	}
}

/* The third week again in place of the fifth. */
static void paste_week(struct events *list)
{
	const int64_t week_ns = 7 * NS_PER_DAY, first_ns = MAY_4TH_S * NS_PER_S + 2 * week_ns;
	size_t kept = 0, before;

	for (size_t i = 0; i < list->count; i++) {
		const struct event *e = &list->items[i];

		if (strcmp(e->target, TARGET) != 0 || e->time_ns < first_ns + 2 * week_ns ||
		    e->time_ns >= first_ns + 3 * week_ns)
			list->items[kept++] = *e;
	}
	before = list->count = kept;
	for (size_t i = 0; i < before; i++) {
		struct event e = list->items[i];

		if (strcmp(e.target, TARGET) != 0 || e.time_ns < first_ns ||
		    e.time_ns >= first_ns + week_ns)
			continue;
		e.time_ns += 2 * week_ns;
		events_add(list, &e);
	}
}

static void plant(struct events *list, int others, int64_t moved_s)
{
	struct philox r;
	char name[40];

	philox_init(&r, 7, 0, 2);
	for (int i = 0; i < others; i++) {
		(void)snprintf(name, sizeof(name), "host%02d.example", i);
		add_cached(list, event_of(name, "192.0.2.7", 3600), .5 + i / 40., 0, &r);
	}
	add_cached(list, event_of(TARGET, "192.0.2.7", 3600), 2, moved_s, &r);
}

/* What the hunt says of it, compared with all names or alone; strings die with the hunt. */
static struct test_authenticity test_of(struct events *list, bool compared, bool only)
{
	struct hunt_settings settings = dig_settings();
	struct test_authenticity t;
	struct endpoint target;
	struct dig d;

	assert_true(endpoint_parse(&target, TARGET, strlen(TARGET)));
	if (only)
		settings.only = &target;
	settings.compared = compared;
	settings.top = 200;
	dig_open(&d, list, 2, true);
	dig_hunt(&d, &settings);
	t = finding_of(d.result, TARGET)->tests.authenticity;
	t.concerns = NULL;
	dig_close(&d);
	return t;
}

static void untouched_rows_are_of_no_concern(void **state)
{
	struct events list = { 0 };
	struct test_authenticity t;

	(void)state;
	plant(&list, OTHERS, 0);
	t = test_of(&list, false, false);
	assert_int_equal(t.verdict, AUTHENTICITY_NO_CONCERN);
	assert_null(t.checks[CHECK_TTL].why);
	assert_null(t.checks[CHECK_DIGITS].why);
	assert_null(t.checks[CHECK_COPIES].why);
	assert_null(t.checks[CHECK_COMPANIONS].why);
	assert_non_null(t.checks[CHECK_PORTS].why);
	assert_non_null(t.checks[CHECK_SELECTION].why);
	events_release(&list);
}

static void moved_times_show_before_the_ttl(void **state)
{
	struct events list = { 0 };
	struct test_authenticity t;

	(void)state;
	plant(&list, OTHERS, 60);
	t = test_of(&list, true, true);
	assert_int_equal(t.verdict, AUTHENTICITY_CONCERN);
	assert_int_equal(t.checks[CHECK_TTL].part, 1);
	assert_true(t.checks[CHECK_TTL].p < 1e-6);
	assert_int_equal(t.concern_count, 1);
	events_release(&list);
}

static void a_pasted_week_stands_there_twice(void **state)
{
	struct events list = { 0 };
	struct test_authenticity t;

	(void)state;
	plant(&list, OTHERS, 0);
	paste_week(&list);
	t = test_of(&list, true, true);
	assert_int_equal(t.verdict, AUTHENTICITY_CONCERN);
	assert_int_equal(t.checks[CHECK_COPIES].part, 0);
	assert_true(t.checks[CHECK_COPIES].seen > 50);
	events_release(&list);
}

static void alone_or_among_few_it_is_not_compared(void **state)
{
	struct events list = { 0 }, again = { 0 };
	struct test_authenticity t;

	(void)state;
	plant(&list, OTHERS, 60);
	t = test_of(&list, false, true);
	assert_non_null(t.status.why);
	plant(&again, 5, 60);
	t = test_of(&again, true, true);
	assert_int_equal(t.verdict, AUTHENTICITY_NO_CONCERN); /* its copies alone can be told */
	assert_non_null(t.checks[CHECK_TTL].why);
	assert_non_null(t.checks[CHECK_DIGITS].why);
	events_release(&list);
	events_release(&again);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(untouched_rows_are_of_no_concern),
		cmocka_unit_test(moved_times_show_before_the_ttl),
		cmocka_unit_test(a_pasted_week_stands_there_twice),
		cmocka_unit_test(alone_or_among_few_it_is_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
