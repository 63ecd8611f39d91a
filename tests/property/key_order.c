/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys are read back as they were written, and sort by memcmp() as endpoints do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "contact/key.h"

#define SEED  20261122u
#define PAIRS 200000u

/* Of few octets, so that names are often near each other; 0, 1 and 2 are among them. */
static void random_name(struct philox *p, struct endpoint *e)
{
	static const uint8_t octets[] = { 0, 1, 2, 'a', 'b', 0xff };
	uint8_t wire[255];
	size_t len = 0;
	uint32_t labels = philox_below(p, 4);

	for (uint32_t i = 0; i < labels; i++) {
		uint32_t size = 1 + philox_below(p, philox_below(p, 30) == 0 ? 63 : 3);

		wire[len++] = (uint8_t)size;
		for (uint32_t j = 0; j < size; j++)
			wire[len++] = octets[philox_below(p, COUNT_OF(octets))];
	}
	wire[len++] = 0;
	assert_true(endpoint_from_wire(e, wire, len));
}

static void random_endpoint(struct philox *p, struct endpoint *e)
{
	struct addr a = { .len = 0 };
	uint32_t form = philox_below(p, 8);

	if (form > 2) {
		random_name(p, e);
		return;
	}
	a.len = form == 0 ? 0 : form == 1 ? 4 : 16;
	for (size_t i = 0; i < a.len; i++)
		a.bytes[i] = (uint8_t)philox_below(p, 3);
	endpoint_from_addr(e, &a);
}

static void random_contact(struct philox *p, struct contact *c)
{
	*c = (struct contact){ .kind = (uint8_t)(1 + philox_below(p, 2)),
		.type = (uint16_t)(255 + philox_below(p, 2)) };
	random_endpoint(p, &c->target);
	random_endpoint(p, &c->peer);
}

static int compare_contacts(const struct contact *a, const struct contact *b)
{
	int order = endpoint_cmp(&a->target, &b->target);

	if (order == 0)
		order = a->kind - b->kind;
	if (order == 0)
		order = a->type - b->type;
	return order != 0 ? order : endpoint_cmp(&a->peer, &b->peer);
}

static int compare_keys(const struct key *a, const struct key *b)
{
	int order = memcmp(a->bytes, b->bytes, a->len < b->len ? a->len : b->len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static void keys_sort_as_contacts_do(void **state)
{
	struct philox p;

	(void)state;
	print_message("seed %u\n", SEED);
	philox_init(&p, SEED, 0, 0);
	for (uint32_t i = 0; i < PAIRS; i++) {
		struct contact a;
		struct contact b;
		struct contact back;
		struct key x;
		struct key y;
		int order;

		random_contact(&p, &a);
		random_contact(&p, &b);
		if (philox_below(&p, 2) == 0)
			b.target = a.target;
		key_of_series(&x, &a);
		key_of_series(&y, &b);
		order = compare_contacts(&a, &b);
		assert_int_equal((compare_keys(&x, &y) > 0) - (compare_keys(&x, &y) < 0),
		    (order > 0) - (order < 0));
		assert_true(key_read_series(x.bytes, x.len, &back));
		assert_int_equal(compare_contacts(&a, &back), 0);
		key_of_target(&y, KEY_TAG_SERIES, &a.target);
		assert_int_equal(key_target_len(x.bytes, x.len), y.len);
	}
}

/* Is name a itself, or below, the suffix? By wire form, independent of keys. */
static bool is_below(const struct endpoint *name, const struct endpoint *suffix)
{
	size_t at = 0;

	if (name->form != suffix->form)
		return false;
	while (name->len - at > suffix->len)
		at += 1u + name->bytes[at];
	return name->len - at == suffix->len &&
	       memcmp(name->bytes + at, suffix->bytes, suffix->len) == 0;
}

static void a_suffix_is_a_prefix_of_what_is_below_and_of_nothing_else(void **state)
{
	struct philox p;

	(void)state;
	philox_init(&p, SEED, 0, 1);
	for (uint32_t i = 0; i < PAIRS; i++) {
		struct contact c;
		struct endpoint suffix;
		struct key k;
		struct key prefix;

		random_contact(&p, &c);
		random_name(&p, &c.target);
		random_name(&p, &suffix);
		key_of_series(&k, &c);
		key_of_suffix(&prefix, KEY_TAG_SERIES, &suffix);
		assert_int_equal(
		    k.len >= prefix.len && memcmp(k.bytes, prefix.bytes, prefix.len) == 0,
		    is_below(&c.target, &suffix));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_sort_as_contacts_do),
		cmocka_unit_test(a_suffix_is_a_prefix_of_what_is_below_and_of_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
