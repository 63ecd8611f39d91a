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

#define PEER "192.0.2.7"

/* The list's events from `from` on, hours later. */
static void put_off(struct events *list, size_t from, int hours)
{
	for (size_t i = from; i < list->count; i++)
		list->items[i].time_ns += hours * HOUR_NS;
}

/* A name in the office hours of UTC, and what else its peer asks for, so many hours later. */
static void plant(struct events *list, int later)
{
	struct philox r;
	size_t from;

	philox_init(&r, 7, 0, 2);
	events_add_office(list, event_of("desk.example.net", PEER, 60), 56, 2, 0, &r);
	from = list->count;
	for (unsigned i = 0; i < 80; i++) {
		struct event e = event_of("", PEER, 60);

		(void)snprintf(e.target, sizeof(e.target), "other%u.example.org", i);
		events_add_office(list, e, 56, .01, 0, &r); /* too few to be ranked */
	}
	put_off(list, from, later);
}

static enum hours_ends ends_of(int later, size_t *ret_found)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	const struct test_hours *t;
	enum hours_ends ends;
	struct dig d;

	plant(&list, later);
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	t = &finding_of(d.result, "desk.example.net")->tests.hours;
	assert_null(t->status.why);
	assert_float_equal(t->p, .001, 1e-9);
	assert_true(t->offset_found);
	assert_in_range(t->utc_offset_min, 0, 90); /* 8 to 17 of UTC, sharp */
	assert_true(isnan(t->p_holidays));
	ends = t->ends;
	*ret_found = t->ends_count;
	dig_close(&d);
	events_release(&list);
	return ends;
}

static void hours_in_which_the_peer_asks_for_all_else_are_its_own(void **state)
{
	size_t found;

	(void)state;
	assert_int_equal(ends_of(0, &found), HOURS_ENDS_PEER);
	assert_int_equal(found, 1);
}

static void other_hours_are_the_owners(void **state)
{
	size_t found;

	(void)state;
	assert_int_equal(ends_of(-7, &found), HOURS_ENDS_OWNER);
	assert_int_equal(found, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_in_which_the_peer_asks_for_all_else_are_its_own),
		cmocka_unit_test(other_hours_are_the_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
