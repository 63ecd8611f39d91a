/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which word of METHODS 2.b has a name of known origin? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/haystack_of.h"

#define DAYS 30

/* Half an hour off the beat, which is at 500 s past the hour. */
#define STRAY_NS ((MAY_4TH_S + 3 * 86400 + 2300) * NS_PER_S)

/* Gaps of period_s, each off by up to jitter of it, from one to the next. */
static void add_timer(
    struct events *list, struct event e, double period_s, double jitter, struct philox *r)
{
	for (double t = 700; t < DAYS * 86400.0;) {
		e.time_ns = MAY_4TH_S * NS_PER_S + (int64_t)(t * 1e9);
		events_add(list, &e);
		t += period_s * (1 + jitter * (2 * philox_uniform(r) - 1));
	}
}

/* Poisson clients round the clock behind one cache. */
static void add_cache(struct events *list, struct event e, double per_ttl, struct philox *r)
{
	for (double t = 0; t < DAYS * 86400.0;) {
		e.time_ns = MAY_4TH_S * NS_PER_S + (int64_t)(t * 1e9);
		events_add(list, &e);
		t += e.ttl * (1 + philox_exponential(r) / per_ttl);
	}
}

static const struct test_periodicity *rhythm_of(const struct dig *d, const char *target)
{
	return &finding_of(d->result, target)->tests.periodicity;
}

static void each_kind_has_its_word(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { .count = 0 };
	struct event stray = event_of("cron.example", "192.0.2.1", 300);
	const struct test_periodicity *t;
	struct philox r;
	struct dig d;

	(void)state;
	philox_init(&r, 31, 0, 0);
	stray.time_ns = STRAY_NS;
	events_add(&list, &stray);
	stray.time_ns += 2 * S_PER_DAY * NS_PER_S;
	events_add(&list, &stray);
	events_add_clock(
	    &list, event_of("cron.example", "192.0.2.1", 300), DAYS, 500, 3600, 60, .3, &r);
	events_add_clock(
	    &list, event_of("behind.example", "192.0.2.2", 3600), DAYS, 500, 3600, 60, .1, &r);
	add_timer(&list, event_of("sleep.example", "192.0.2.3", 300), 5000, .2, &r);
	add_cache(&list, event_of("cache.example", "192.0.2.4", 3600), 8, &r);
	add_cache(&list, event_of("never-cold.example", "192.0.2.5", 3600), 400, &r);
	events_add_office(&list, event_of("people.example", "192.0.2.6", 300), DAYS, 1, 300, &r);
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);

	t = rhythm_of(&d, "cron.example");
	assert_int_equal(t->verdict, RHYTHM_SCHEDULE);
	assert_float_equal(t->period_s, 3600, 0);
	assert_float_equal(t->jitter_s, 60, 10);
	assert_float_equal(t->missing, .3, .06);
	assert_int_equal(t->strays, 2);
	assert_true(t->beats > 450);
	assert_int_equal(t->stray[0].at.ns, STRAY_NS);
	assert_int_equal(t->stray[1].at.ns, STRAY_NS + 2 * S_PER_DAY * NS_PER_S);
	assert_true(t->stray[0].membership < 1e-6);
	assert_int_equal(rhythm_of(&d, "behind.example")->verdict, RHYTHM_SCHEDULE);
	t = rhythm_of(&d, "sleep.example");
	assert_int_equal(t->verdict, RHYTHM_CANNOT_TELL);
	assert_true(t->p_clock > .05 && t->p_gap < 1e-9);
	t = rhythm_of(&d, "cache.example");
	assert_true(t->verdict == RHYTHM_CACHE || t->verdict == RHYTHM_NONE);
	assert_true(t->p_cache > .05 && t->p_clock > .05);
	assert_int_not_equal(rhythm_of(&d, "never-cold.example")->verdict, RHYTHM_SCHEDULE);
	/* at a level of .05 each of its p's may be small by chance, but not that of the clock */
	assert_int_not_equal(rhythm_of(&d, "people.example")->verdict, RHYTHM_SCHEDULE);
	dig_close(&d);
	events_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_kind_has_its_word) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
