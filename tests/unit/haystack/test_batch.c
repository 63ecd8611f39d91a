/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a batch remembers of endpoints must never change the number that one gets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "haystack/batch.h"

#define SEED  7
#define NAMES (3 * RECALL_PLACES)
#define DRAWS 200000

static struct stock stock;
static struct keytable table;
static struct batch *batch;

static int set_up(void **state)
{
	(void)state;
	batch = calloc(1, sizeof(*batch));
	assert_non_null(batch);
	batch_init(batch, SEED);
	keytable_init(&table, &stock, SEED);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	free(batch);
	keytable_release(&table);
	stock_release(&stock);
	return 0;
}

/* Few come often; some are longer than what is remembered, some are addresses. */
static struct endpoint draw(struct philox *p, uint32_t *ret_which)
{
	uint32_t most = philox_below(p, 2) == 0 ? 20 : NAMES;
	uint32_t which = philox_below(p, most);
	struct addr a = { .len = which % 5 == 0 ? 4 : 16,
		.bytes = { (uint8_t)(which >> 16), (uint8_t)(which >> 8), (uint8_t)which } };
	struct endpoint e;
	char text[128];

	*ret_which = which;
	if (which % 3 == 0) {
		endpoint_from_addr(&e, &a);
		return e;
	}
	(void)snprintf(text, sizeof(text), "n%u.%s.example", which,
	    which % 7 == 1 ? "a-label-that-is-far-longer-than-a-place-has-room.and-one-more" : "x");
	assert_true(endpoint_from_name(&e, text, strlen(text)));
	return e;
}

/* Each endpoint has one number, each number one endpoint. */
static void check_number(uint32_t which, uint32_t number)
{
	static uint32_t numbers[NAMES]; /* of endpoints, + 1 */
	static uint32_t owners[NAMES];  /* of numbers, + 1 */

	assert_in_range(number, 0, NAMES - 1);
	assert_true(numbers[which] == 0 || numbers[which] == number + 1);
	assert_true(owners[number] == 0 || owners[number] == which + 1);
	numbers[which] = number + 1;
	owners[number] = which + 1;
}

static void what_is_remembered_changes_no_number(void **state)
{
	struct contact c = { .kind = KIND_DNS, .txid = -1 };
	uint32_t targets[BATCH_CONTACTS];
	uint32_t peers[BATCH_CONTACTS];
	struct philox p;

	(void)state;
	philox_init(&p, SEED, 0, 0);
	for (size_t draws = 0; draws < DRAWS;) {
		for (; batch_fits_contact(batch); draws++) {
			struct batch_recent recent = { .endpoints = { NULL } };

			c.target = draw(&p, &targets[batch->contact_count]);
			c.peer = draw(&p, &peers[batch->contact_count]);
			batch_add_contact(batch, &recent, &c, 0);
		}
		if (philox_below(&p, 10) == 0) {
			batch_drop(batch);
			continue;
		}
		assert_true(batch_number(batch, &table));
		for (uint32_t i = 0; i < batch->contact_count; i++) {
			check_number(targets[i], batch->series[i].link.first);
			check_number(peers[i], batch->series[i].link.second);
		}
		batch_clear(batch);
	}
}

static void a_cleared_table_numbers_anew(void **state)
{
	struct contact c = { .kind = KIND_DNS, .txid = -1 };
	struct batch_recent recent = { .endpoints = { NULL } };

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_true(
		    endpoint_from_name(&c.target, round == 0 ? "a.example" : "b.example", 9));
		assert_true(endpoint_from_name(&c.peer, "b.example", 9));
		recent = (struct batch_recent){ .endpoints = { NULL } };
		batch_add_contact(batch, &recent, &c, 0);
		assert_true(batch_number(batch, &table));
		assert_int_equal(batch->series[0].link.second, round == 0 ? 1 : 0);
		batch_clear(batch);
		keytable_clear(&table);
		batch_forget(batch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_remembered_changes_no_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_cleared_table_numbers_anew, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
