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
#include "hunt/explain.h"
#include "simulate/mechanism.h"

static const char target_name[] = "mail1.example.net";
static const char reverse_name[] = "25.100.51.198.in-addr.arpa";

static uint16_t type_of(uint8_t type)
{
	static const uint16_t all[] = { [SUBJECT_A] = 1,
		[SUBJECT_AAAA] = 28,
		[SUBJECT_TXT] = 16,
		[SUBJECT_MX] = 15,
		[SUBJECT_OTHER] = 6,
		[SUBJECT_TYPES] = 12 };

	return all[type];
}

/* The scene's rows as evidence. */
static struct haystack *store(const struct scene *s, const char *dir)
{
	struct haystack_writer *w = NULL;
	struct haystack *h = NULL;
	struct digest digest = { { 1 } };
	struct err err;

	assert_true(haystack_open(dir, true, &h, &err));
	assert_true(haystack_writer_new(dir, 64 << 20, &w, &err));
	assert_true(haystack_writer_begin(w, &err));
	for (size_t i = 0; i < s->row_count; i++) {
		const struct scene_row *r = &s->rows[i];
		bool reverse = r->type == SUBJECT_TYPES;
		const char *name = reverse ? reverse_name : target_name;
		struct contact c = { .time_ns = (int64_t)(r->at_s * 1e6) * 1000,
			.digits = 6,
			.kind = KIND_DNS,
			.seen = SEEN_BOTH,
			.direction = DIRECTION_OUT,
			.type = type_of(r->type),
			.outcome = r->refused ? 3 : 0,
			.ttl = s->ttl_known ? (uint32_t)s->ttl_s : TTL_NONE,
			.txid = -1 };
		struct fact f = { .type = 1, .ttl = 60, .count = 1, .first_ns = c.time_ns };
		char peer[32];

		(void)snprintf(peer, sizeof(peer), "10.0.%u.%u", r->peer / 250, r->peer % 250);
		assert_true(endpoint_parse(&c.target, name, strlen(name)));
		assert_true(endpoint_parse(&c.peer, peer, strlen(peer)));
		assert_true(endpoint_parse(&f.owner, target_name, strlen(target_name)));
		assert_true(endpoint_parse(&f.data, "198.51.100.25", 13));
		f.last_ns = f.first_ns;
		assert_true(haystack_writer_record(w, &c, &f, 1, &err));
	}
	haystack_writer_end(w, &digest);
	assert_true(haystack_commit(h, w, &err));
	haystack_writer_free(w);
	return h;
}

static void measure(const struct scene *s, struct haystack *h, struct traits *ret)
{
	const struct explain_settings settings = { .exposure = &s->exposure,
		.vantage = s->cached ? "authoritative" : "stub",
		.alone = !s->bounded };
	struct endpoint target;
	struct trace t;
	struct key key;
	struct err err;

	assert_true(endpoint_parse(&target, target_name, strlen(target_name)));
	key_of_target(&key, KEY_TAG_SERIES, &target);
	key.bytes[key.len++] = KIND_DNS;
	assert_true(trace_init(&t, 0, &err));
	assert_true(trace_read(&t, h, key.bytes, key.len, &err));
	assert_true(explain_measure(&t, h, key.bytes, key.len, &settings, ret, &err));
	trace_release(&t);
}

/* What is learnt on simulations holds for evidence only if both are measured alike. */
static void a_name_is_measured_as_its_simulation_is(void **state)
{
	struct scene s = { .days = 0 };
	struct traits_work *w = NULL;
	struct err err;

	(void)state;
	assert_true(traits_work_new(&w, &err));
	for (int m = 0; m < MECHANISM_COUNT; m++) {
		char dir[] = "/tmp/lodestone-explain-XXXXXX", command[64];
		struct traits simulated, stored;
		struct haystack *h;
		uint64_t n = 0;

		do
			assert_true(mechanism_simulate((enum mechanism)m, 9, n++, 1, &s, &err));
		while (!s.lookups || s.grain_s == 1 || s.repeated > 0);
		assert_true(traits_measure(&s.subject, w, &simulated, &err));
		assert_non_null(mkdtemp(dir));
		h = store(&s, dir);
		measure(&s, h, &stored);
		haystack_close(h);
		(void)snprintf(command, sizeof(command), "rm -r %s", dir);
		assert_int_equal(system(command), 0);
		for (size_t i = 0; i < TRAIT_COUNT; i++) {
			assert_int_equal(isnan(simulated.value[i]), isnan(stored.value[i]));
			/* a microsecond can move a run of pauses across a second */
			if (!isnan(stored.value[i]) &&
			    fabs(simulated.value[i] - stored.value[i]) > .02)
				fail_msg("mechanism %d, %s: %g, stored %g", m,
				    traits_name((enum trait)i), simulated.value[i],
				    stored.value[i]);
		}
	}
	traits_work_free(w);
	scene_release(&s);
}

static void a_finding_is_weighed_and_says_why(void **state)
{
	struct hunt_settings settings = dig_settings();
	struct events list = { 0 };
	const struct finding *f;
	struct philox r;
	struct dig d;
	double sum = 0;

	(void)state;
	philox_init(&r, 4, 0, 3);
	events_add_clock(
	    &list, event_of("status.example.net", "192.0.2.9", 300), 40, 60, 3600, 2, .02, &r);
	events_add_crowd(&list, 30, 40, 5);
	dig_open(&d, &list, 1, true);
	dig_hunt(&d, &settings);
	f = finding_of(d.result, "status.example.net");
	assert_true(f->weighing.weighed);
	assert_int_equal(f->weighing.first, EXPLAINED_SCHEDULED_MACHINE);
	assert_true(f->weighing.in_set[EXPLAINED_SCHEDULED_MACHINE]);
	for (size_t i = 0; i < EXPLANATION_COUNT; i++) {
		bool weighed =
		    i != EXPLAINED_OTHER && (f->weighing.in_set[i] || i == f->weighing.first);

		assert_int_equal(f->weighing.moves[i].count > 0, weighed);
		for (size_t j = 1; j < f->weighing.moves[i].count; j++)
			assert_true(f->weighing.moves[i].items[j - 1].log_odds >
					f->weighing.moves[i].items[j].log_odds ||
				    f->weighing.moves[i].items[j].log_odds < 0);
	}
	assert_true(f->weighing.moves[f->weighing.first].items[0].log_odds > 0);
	assert_non_null(strstr(f->plain, "a scheduled job or a monitor"));
	for (size_t i = 0; i < EXPLAINED_OTHER; i++)
		sum += f->weighing.probability[i];
	assert_float_equal(sum, 1, 1e-9);
	assert_true(isnan(f->weighing.probability[EXPLAINED_OTHER]));
	assert_int_equal(f->verdict, explanation_verdict(&f->weighing));
	dig_close(&d);
	events_release(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_measured_as_its_simulation_is),
		cmocka_unit_test(a_finding_is_weighed_and_says_why),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
