/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/haystack_of.h"

static void a_capture_of_minutes_says_why_nothing_is_ranked(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct event e = event_of("www.example.org", "10.0.0.1", 60);
	struct dig d;

	(void)state;
	for (int i = 0; i <= 21; i++) {
		e.time_ns = (MAY_4TH_S + 60 * i) * NS_PER_S;
		events_add(&list, &e);
	}
	e = event_of("once.example.org", "10.0.0.2", 60);
	e.time_ns = MAY_4TH_S * NS_PER_S;
	events_add(&list, &e);
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->eligible, 0);
	assert_int_equal(d.result->finding_count, 0);
	assert_string_equal(
	    d.result->none_eligible, "the evidence spans 21 minutes, 3 days needed");
	assert_int_equal(d.result->unranked_count, 2);
	assert_int_equal(d.result->unranked[0].contacts, 22);
	assert_int_equal(d.result->unranked[0].visits, 22);
	assert_int_equal(d.result->unranked[0].peers_total, 1);
	assert_int_equal(d.result->unranked[1].contacts, 1);
	dig_close(&d);
	events_release(&list);
}

static void an_empty_haystack_says_so(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct dig d;

	(void)state;
	dig_open(&d, &list, 0, false);
	dig_hunt(&d, &settings);
	assert_string_equal(d.result->none_eligible, "there are no contacts");
	assert_int_equal(d.result->unranked_count, 0);
	dig_close(&d);
}

static void local_noise_is_not_hunted_but_shows_that_the_sensor_lives(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct event e = event_of("printer.local", "10.0.0.1", 60);
	struct philox r;
	struct dig d;

	(void)state;
	philox_init(&r, 1, 1, 1);
	e.kind = KIND_MDNS;
	events_add_clock(&list, e, 10, 0, 600, 1, 0, &r);
	e.kind = KIND_LLMNR;
	events_add_clock(&list, e, 10, 100, 600, 1, 0, &r);
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->names, 0);
	assert_int_equal(d.result->contacts, list.count);
	assert_non_null(strstr(d.result->none_eligible, "multicast DNS"));
	assert_true(d.result->live_share > 0.99);
	assert_int_equal(d.result->coverage_count, 10);
	dig_close(&d);
	events_release(&list);
}

static void what_every_name_lacks_is_named(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct philox r;
	struct dig d;

	(void)state;
	philox_init(&r, 1, 1, 1);
	/* four days, one visit a day */
	events_add_clock(&list, event_of("a.example", "10.0.0.1", 60), 4, 0, 86400, 0, 0, &r);
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_string_equal(d.result->none_eligible, "no name has 10 visits");
	assert_int_equal(d.result->unranked_count, 1);
	assert_int_equal(d.result->unranked[0].visits, 4);
	assert_int_equal(d.result->unranked[0].active_days, 4);
	dig_close(&d);
	events_release(&list);
}

/* Two types of one question are one visit: ten visits of each type are ten, not twenty. */
static void visits_are_counted_over_types(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct dig d;

	(void)state;
	for (int i = 0; i < 9; i++) {
		struct event e = event_of("a.example", "10.0.0.1", 60);

		e.time_ns = MAY_4TH_S * NS_PER_S + i * 11 * HOUR_NS;
		events_add(&list, &e);
		e.type = 28;
		e.time_ns += NS_PER_S;
		events_add(&list, &e);
	}
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->eligible, 0);
	assert_int_equal(d.result->unranked[0].visits, 9);
	assert_int_equal(d.result->unranked[0].contacts, 18);
	dig_close(&d);
	events_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_of_minutes_says_why_nothing_is_ranked),
		cmocka_unit_test(an_empty_haystack_says_so),
		cmocka_unit_test(local_noise_is_not_hunted_but_shows_that_the_sensor_lives),
		cmocka_unit_test(what_every_name_lacks_is_named),
		cmocka_unit_test(visits_are_counted_over_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
