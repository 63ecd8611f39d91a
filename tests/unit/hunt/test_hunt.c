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

static void plant(struct events *list)
{
	struct philox r;

	events_add_crowd(list, 30, 13, 3);
	philox_init(&r, 3, 0, 2);
	events_add_clock(
	    list, event_of("beat.example.net", "192.0.2.7", 300), 13, 500, 3600, 30, 0.1, &r);
}

static void a_finding_tells_what_was_seen(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	const struct finding *f;
	uint64_t contacts = 0;
	struct dig d;

	(void)state;
	plant(&list);
	for (size_t i = 0; i < list.count; i++)
		contacts += strcmp(list.items[i].target, "beat.example.net") == 0;
	dig_open(&d, &list, 2, true);
	dig_hunt(&d, &settings);
	f = finding_of(d.result, "beat.example.net");
	assert_int_equal(f->rank, 1);
	assert_true(f->needle);
	assert_true(f->q < 1e-6);
	assert_int_equal(f->kind, KIND_DNS);
	assert_int_equal(f->contacts, contacts);
	assert_int_equal(f->visits, contacts);
	assert_int_equal(f->active_days, 13);
	assert_int_equal(f->peers_total, 1);
	assert_int_equal(f->peer_count, 1);
	assert_float_equal(f->peers[0].share, 1, 0);
	assert_int_equal(f->evidence_count, 2);
	assert_int_equal(f->evidence[0].contacts + f->evidence[1].contacts, contacts);
	assert_float_equal(f->tests.periodicity.period_s, 3600, 0);
	assert_true(f->tests.periodicity.p_any < 1e-10);
	assert_int_equal(f->verdict, explanation_verdict(&f->weighing));
	assert_int_equal(f->raster.days, 13);
	assert_non_null(f->plain);
	assert_non_null(f->tests.succession.status.why);
	assert_null(f->allowed);
	assert_int_equal(d.result->coverage_count, 13);
	dig_close(&d);
	events_release(&list);
}

static void ranks_run_from_one_without_gaps(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct dig d;

	(void)state;
	plant(&list);
	settings.top = 5;
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->finding_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(d.result->findings[i].rank, i + 1);
		assert_true(
		    i == 0 || d.result->findings[i].score <= d.result->findings[i - 1].score);
	}
	dig_close(&d);
	events_release(&list);
}

static void a_needle_behind_the_first_page_follows_it(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	const struct finding *last;
	struct philox r;
	struct dig d;

	(void)state;
	plant(&list);
	for (unsigned i = 0; i < 2; i++) {
		philox_init(&r, 3, i, 4);
		events_add_clock(&list,
		    event_of(i == 0 ? "one.example.net" : "two.example.net", "192.0.2.8", 300), 13,
		    500 + i, 3600, 30, 0.1, &r);
	}
	dig_open(&d, &list, 1, false);
	settings.top = 2;
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->needles, 3);
	assert_int_equal(d.result->finding_count, 3);
	last = &d.result->findings[2];
	assert_true(last->needle);
	assert_true(last->rank >= 3);
	dig_close(&d);
	events_release(&list);
}

static void the_allow_list_annotates_and_removes_nothing(void **state)
{
	static const char text[] = "*.example.net # ours\n";
	struct hunt_settings settings = dig_settings();
	char path[] = "/tmp/lodestone-allow-XXXXXX";
	struct events list = { 0 };
	int fd = mkstemp(path);
	struct dig d;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
	plant(&list);
	settings.allow_path = path;
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_string_equal(d.result->findings[0].allowed, "*.example.net");
	assert_int_equal(d.result->findings[0].rank, 1);
	assert_true(d.result->findings[0].needle);
	assert_null(d.result->findings[1].allowed);
	dig_close(&d);
	events_release(&list);
	assert_int_equal(unlink(path), 0);
}

static void one_target_alone_has_tests_but_no_q(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct endpoint only;
	struct dig d;

	(void)state;
	plant(&list);
	assert_true(endpoint_parse(&only, "beat.example.net", 16));
	settings.only = &only;
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_int_equal(d.result->finding_count, 1);
	assert_true(d.result->findings[0].p < 1e-6);
	assert_true(isnan(d.result->findings[0].q));
	assert_true(isnan(d.result->findings[0].score));
	assert_int_equal(d.result->findings[0].rank, 0);
	assert_int_equal(d.result->findings[0].gaps.ttl, 300);
	/* a pause in ten is of a beat that was missed */
	assert_true(d.result->findings[0].gaps.counts[finding_gap_bin(3600)] * 5 >
		    d.result->findings[0].gaps.total * 4);
	assert_non_null(strstr(d.result->findings[0].plain, "looked at alone"));
	assert_false(d.result->findings[0].needle);
	assert_non_null(d.result->findings[0].tests.narrowness.status.why);
	dig_close(&d);
	events_release(&list);
}

/* A name asked for once a second for an hour by many peers is popular, not narrow. */
static void many_peers_make_a_name_ineligible(void **state)
{
	const struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	struct dig d;

	(void)state;
	plant(&list);
	for (int i = 0; i < 600; i++) {
		struct event e = event_of("popular.example", "", 60);

		(void)snprintf(e.peer, sizeof(e.peer), "10.9.0.%d", i % 40);
		e.time_ns = MAY_4TH_S * NS_PER_S + i * HOUR_NS;
		events_add(&list, &e);
	}
	dig_open(&d, &list, 1, false);
	dig_hunt(&d, &settings);
	assert_true(d.result->eligible > 3);
	assert_false(has_finding(d.result, "popular.example"));
	dig_close(&d);
	events_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_tells_what_was_seen),
		cmocka_unit_test(ranks_run_from_one_without_gaps),
		cmocka_unit_test(a_needle_behind_the_first_page_follows_it),
		cmocka_unit_test(the_allow_list_annotates_and_removes_nothing),
		cmocka_unit_test(one_target_alone_has_tests_but_no_q),
		cmocka_unit_test(many_peers_make_a_name_ineligible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
