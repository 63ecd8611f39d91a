/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "contact/key.h"

static struct endpoint endpoint(const char *text)
{
	struct endpoint e;

	assert_true(endpoint_parse(&e, text, strlen(text)));
	return e;
}

static struct contact contact(const char *target, const char *peer)
{
	struct contact c = { .kind = KIND_DNS, .type = 28 };

	c.target = endpoint(target);
	c.peer = endpoint(peer);
	return c;
}

static void a_series_key_has_this_layout(void **state)
{
	static const uint8_t expected[] = {
		'S',                     /* tag                        */
		0x01,                    /* a name                     */
		'd', 'e', 0,             /*   its labels from the root */
		'a', 0x01, 0x02, 'b', 0, /*   with 0x01 escaped        */
		0,                       /*   and its end              */
		KIND_DNS,                /* kind                       */
		0, 28,                   /* type                       */
		0x04, 192, 0, 2, 1,      /* peer                       */
	};
	struct contact c = contact("a\\001b.de", "192.0.2.1");
	struct key k;

	(void)state;
	key_of_series(&k, &c);
	assert_int_equal(k.len, sizeof(expected));
	assert_memory_equal(k.bytes, expected, sizeof(expected));
	assert_int_equal(key_target_len(k.bytes, k.len), 11);
}

static void reads_what_it_writes_and_nothing_shorter(void **state)
{
	static const char *const names[] = { ".", "de", "www.example.com",
		"\\000\\001\\002.\\255.x", "10.0.0.1", "2001:db8::1" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		for (size_t j = 0; j < COUNT_OF(names); j++) {
			struct contact c = contact(names[i], names[j]);
			struct contact back;
			struct key k;

			key_of_series(&k, &c);
			for (size_t n = 0; n <= k.len; n++) {
				uint8_t *copy = malloc(n + 1);

				assert_non_null(copy);
				memcpy(copy, k.bytes, n);
				assert_int_equal(key_read_series(copy, n, &back), n == k.len);
				(void)key_target_len(copy, n);
				free(copy);
			}
			assert_int_equal(endpoint_cmp(&back.target, &c.target), 0);
			assert_int_equal(endpoint_cmp(&back.peer, &c.peer), 0);
			assert_int_equal(back.kind, KIND_DNS);
			assert_int_equal(back.type, 28);
			k.bytes[k.len++] = 0;
			assert_false(key_read_series(k.bytes, k.len, &back));
		}
}

static struct key_part part(struct key *k, const struct endpoint *e)
{
	key_of_endpoint(k, e);
	return (struct key_part){ k->bytes, k->len };
}

static void assert_same(const struct key *a, const struct key *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->bytes, b->bytes, b->len);
}

/* Put together from its ends, a key is the one made at once. */
static void assert_joins(const struct key *k, const struct fact *f, uint8_t tag)
{
	bool by_owner = tag == KEY_TAG_FACT;
	struct key joined;
	struct key first;
	struct key second;

	key_join_fact(&joined, tag, part(&first, by_owner ? &f->owner : &f->data), f->type,
	    part(&second, by_owner ? &f->data : &f->owner), f->extra, f->port);
	assert_same(&joined, k);
}

static void series_keys_join_from_their_ends(void **state)
{
	static const char *const targets[] = { "a", "mail1.example.net", ".", "2001:db8::1" };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct contact c = contact(targets[i], "192.0.2.1");
		struct key joined;
		struct key target;
		struct key peer;
		struct key k;

		key_of_series(&k, &c);
		key_join_series(
		    &joined, part(&target, &c.target), c.kind, c.type, part(&peer, &c.peer));
		assert_same(&joined, &k);
	}
}

static void facts_are_found_from_both_sides(void **state)
{
	static const uint8_t tags[] = { KEY_TAG_FACT, KEY_TAG_REVERSE };
	struct fact f = { .type = 15, .extra = 10, .port = 0 };

	(void)state;
	f.owner = endpoint("example.com");
	f.data = endpoint("mail.example.net");
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		for (uint32_t extra = 0; extra <= 0x10001; extra += 0x10001) {
			struct fact back;
			struct key k;
			struct key prefix;

			f.extra = extra;
			key_of_fact(&k, &f, tags[i]);
			assert_joins(&k, &f, tags[i]);
			assert_true(key_read_fact(k.bytes, k.len, &back));
			assert_int_equal(endpoint_cmp(&back.owner, &f.owner), 0);
			assert_int_equal(endpoint_cmp(&back.data, &f.data), 0);
			assert_int_equal(back.extra, extra);
			key_of_target(&prefix, tags[i], i == 0 ? &f.owner : &f.data);
			assert_memory_equal(k.bytes, prefix.bytes, prefix.len);
			for (size_t n = 0; n < k.len; n++)
				if (n != k.len - 6 || extra == 0)
					assert_false(key_read_fact(k.bytes, n, &back));
		}
}

static bool has_prefix(const struct key *k, const struct key *prefix)
{
	return k->len >= prefix->len && memcmp(k->bytes, prefix->bytes, prefix->len) == 0;
}

static void a_suffix_covers_itself_and_what_is_below(void **state)
{
	static const struct {
		const char *target;
		bool below;
	} cases[] = { { "example.com", true }, { "www.example.com", true },
		{ "a.b.example.com", true }, { "example.com.br", false },
		{ "myexample.com", false }, { "example2.com", false }, { "com", false },
		{ "exampl.com", false } };
	struct endpoint suffix = endpoint("example.com");
	struct key below;
	struct key only;

	(void)state;
	key_of_suffix(&below, KEY_TAG_SERIES, &suffix);
	key_of_target(&only, KEY_TAG_SERIES, &suffix);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct contact c = contact(cases[i].target, "10.0.0.1");
		struct key k;

		key_of_series(&k, &c);
		assert_int_equal(has_prefix(&k, &below), cases[i].below);
		assert_int_equal(has_prefix(&k, &only), i == 0);
	}
}

static void the_longest_names_fit(void **state)
{
	struct fact f = { .type = 5, .extra = 1, .port = 1, .owner.form = ENDPOINT_NAME };
	struct fact back;
	struct key k;
	uint8_t wire[255];

	(void)state;
	memset(wire, 0, sizeof(wire));
	wire[0] = wire[64] = wire[128] = 63;
	wire[192] = 61;
	assert_true(endpoint_from_wire(&f.owner, wire, sizeof(wire)));
	f.data = f.owner;
	key_of_fact(&k, &f, KEY_TAG_REVERSE);
	assert_true(k.len <= KEY_MAX);
	assert_true(key_read_fact(k.bytes, k.len, &back));
	assert_int_equal(endpoint_cmp(&back.data, &f.data), 0);
}

static void refuses_what_is_no_key(void **state)
{
	static const struct {
		uint8_t bytes[12];
		size_t len;
	} bad[] = {
		{ { 'X', 0, 1, 0, 1, 0 }, 6 },                   /* tag */
		{ { 'S', 9, 1, 0, 1, 0 }, 6 },                   /* form */
		{ { 'S', 1, 'a', 1, 3, 0, 0, 1, 0, 1, 0 }, 11 }, /* escape of 0x02 */
		{ { 'S', 1, 'a', 1, 0, 0, 0, 1, 0, 1, 0 }, 11 }, /* escape of nothing */
	};
	struct contact c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(key_read_series(bad[i].bytes, bad[i].len, &c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_series_key_has_this_layout),
		cmocka_unit_test(reads_what_it_writes_and_nothing_shorter),
		cmocka_unit_test(facts_are_found_from_both_sides),
		cmocka_unit_test(series_keys_join_from_their_ends),
		cmocka_unit_test(a_suffix_covers_itself_and_what_is_below),
		cmocka_unit_test(the_longest_names_fit),
		cmocka_unit_test(refuses_what_is_no_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
