/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "authentic/sender.h"
#include "base/philox.h"
#include "base/stamp.h"

#define OTHERS 60
#define EACH   60

static struct reread_query queries[(OTHERS + 1) * EACH];

/* All names by one machine; from then on tests change what is the target's. */
static void open_peer(struct reread *r, uint32_t others)
{
	struct endpoint none = { .form = ENDPOINT_NONE };
	struct philox random;
	struct err err;
	uint32_t id;

	assert_true(reread_init(r, &none, &none, &err));
	philox_init(&random, 1, 0, 0);
	r->queries = queries;
	for (uint32_t name = 0; name <= others; name++) {
		assert_true(intern_add(&r->names, &name, name == 0 ? 0 : sizeof(name), &id));
		for (unsigned i = 0; i < EACH; i++)
			queries[r->count++] = (struct reread_query){
				.time_ns =
				    (int64_t)(philox_uniform(&random) * 30 * 86400) * NS_PER_S,
				.name = name,
				.port = (uint16_t)(1024 + philox_below(&random, 64512)),
				.id = (uint16_t)philox_below(&random, 65536),
				.edns_bytes = 1232,
				.server = (uint8_t)philox_below(&random, 3),
				.hops = 57,
				.letters = 12,
			};
	}
	r->wired = true;
}

static struct test_authenticity check(struct reread *r)
{
	struct test_authenticity t = { .p = 1 };
	struct err err;

	reread_sort(r);
	assert_true(sender_check(r, &t, &err));
	r->queries = NULL; /* ours */
	reread_release(r);
	return t;
}

static void one_machine_is_told_as_one(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	open_peer(&r, OTHERS);
	t = check(&r);
	assert_null(t.checks[CHECK_PORTS].why);
	assert_null(t.checks[CHECK_TRAITS].why);
	assert_null(t.checks[CHECK_SERVERS].why);
	assert_true(t.checks[CHECK_PORTS].p > .05);
	assert_true(t.checks[CHECK_TRAITS].p > .05);
	assert_true(t.checks[CHECK_SERVERS].p > .05);
	assert_non_null(t.checks[CHECK_ORDER].why);
}

static void each_trait_tells_another_machine(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	for (unsigned part = 0; part < 3; part++) {
		open_peer(&r, OTHERS);
		for (unsigned i = 0; i < EACH; i++) {
			queries[i].edns_bytes = part == 0 ? 0 : 1232;
			queries[i].capitals = part == 1 ? 5 : 0;
			queries[i].hops = part == 2 ? 49 : 57;
		}
		t = check(&r);
		assert_true(t.checks[CHECK_TRAITS].p < 1e-6);
		assert_int_equal(t.checks[CHECK_TRAITS].part, part);
		assert_true(t.checks[CHECK_TRAITS].seen > EACH / 2);
	}
}

/* An upgrade changes all names on the same day: nobody is unlike his neighbors. */
static void an_upgrade_is_no_concern(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	open_peer(&r, OTHERS);
	for (size_t i = 0; i < r.count; i++)
		if (queries[i].time_ns > 15 * NS_PER_DAY)
			queries[i].edns_bytes = 4096;
	t = check(&r);
	assert_true(t.checks[CHECK_TRAITS].p > .05);
}

static void ids_and_ports_of_a_tool_are_told(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	for (unsigned part = 0; part < 4; part++) {
		open_peer(&r, OTHERS);
		for (unsigned i = 0; i < r.count; i++)
			queries[i].port = part == 3 && i >= EACH ? 53 : queries[i].port;
		for (unsigned i = 0; i < EACH; i++) {
			queries[i].time_ns = i * 1000 * NS_PER_S;
			queries[i].id = part == 1 ? 4711 : part == 2 ? (uint16_t)i : queries[i].id;
			queries[i].port = part == 0 ? 54321 : queries[i].port;
		}
		t = check(&r);
		assert_true(t.checks[CHECK_PORTS].p < 1e-4);
		assert_int_equal(t.checks[CHECK_PORTS].part, part);
	}
}

static void another_server_is_told(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	open_peer(&r, OTHERS);
	for (unsigned i = 0; i < EACH; i++)
		queries[i].server = i < EACH - 2 ? 0 : (uint8_t)(i - EACH + 3);
	t = check(&r);
	assert_true(t.checks[CHECK_SERVERS].p < 1e-4);
}

static void few_others_or_a_log_say_nothing(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	open_peer(&r, 5);
	t = check(&r);
	assert_non_null(t.checks[CHECK_PORTS].why);
	open_peer(&r, OTHERS);
	r.wired = false;
	t = check(&r);
	assert_non_null(t.checks[CHECK_PORTS].why);
	assert_non_null(t.checks[CHECK_SERVERS].why);
}

static void rows_behind_later_ones_are_told(void **state)
{
	struct test_authenticity t;
	struct reread r;

	(void)state;
	open_peer(&r, OTHERS);
	for (size_t i = 0; i < REREAD_HEAPS; i++)
		r.heaps[i] = (struct reread_order){ 100, i % 50 == 0 };
	r.order = (struct reread_order){ 60, 0 };
	t = check(&r);
	assert_float_equal(t.checks[CHECK_ORDER].p, 1, 0);
	open_peer(&r, OTHERS);
	for (size_t i = 0; i < REREAD_HEAPS; i++)
		r.heaps[i] = (struct reread_order){ 100, i % 50 == 0 };
	r.order = (struct reread_order){ 60, 10 };
	t = check(&r);
	assert_true(t.checks[CHECK_ORDER].p < 1e-4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_machine_is_told_as_one),
		cmocka_unit_test(each_trait_tells_another_machine),
		cmocka_unit_test(an_upgrade_is_no_concern),
		cmocka_unit_test(ids_and_ports_of_a_tool_are_told),
		cmocka_unit_test(another_server_is_told),
		cmocka_unit_test(few_others_or_a_log_say_nothing),
		cmocka_unit_test(rows_behind_later_ones_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
