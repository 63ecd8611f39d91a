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
#include "cli/nearest.h"

static const char *const targets[] = { "example.net", "mail1.example.net", "mail2.example.net",
	"www.example.net", "a.b.example.org", "c.b.example.org", "192.0.2.7", "192.0.3.7",
	"2001:db8::7" };

static int set_up(void **state)
{
	static struct dig d;
	struct events list = { 0 };

	for (size_t i = 0; i < COUNT_OF(targets); i++) {
		struct event e = event_of(targets[i], "198.51.100.1", 60);

		e.time_ns = MAY_4TH_S * NS_PER_S;
		events_add(&list, &e);
		e.type = 28; /* a second series must not make a second suggestion */
		events_add(&list, &e);
	}
	dig_open(&d, &list, 1, false);
	events_release(&list);
	*state = &d;
	return 0;
}

static int tear_down(void **state)
{
	dig_close(*state);
	return 0;
}

/* What is suggested, between commas. */
static void assert_nearest(void **state, const char *word, const char *want)
{
	struct dig *d = *state;
	struct endpoint target;
	struct nearest found;
	struct err err = { .code = ERR_NONE };
	char text[ENDPOINT_TEXT_MAX], all[NEAREST_MAX * ENDPOINT_TEXT_MAX] = "";

	assert_true(endpoint_parse(&target, word, strlen(word)));
	assert_true(nearest_find(d->haystack, &target, &found, &err));
	for (size_t i = 0; i < found.count; i++) {
		(void)endpoint_format(&found.targets[i], text);
		(void)strcat(all, i == 0 ? "" : ",");
		(void)strcat(all, text);
	}
	assert_string_equal(all, want);
}

static void the_nearest_spelling_comes_first(void **state)
{
	assert_nearest(state, "mial2.example.net", "mail2.example.net,mail1.example.net");
	assert_nearest(state, "wwww.example.net", "www.example.net");
}

static void names_below_are_suggested_however_they_are_spelled(void **state)
{
	assert_nearest(state, "b.example.org", "a.b.example.org,c.b.example.org");
	assert_nearest(state, "org", "a.b.example.org,c.b.example.org");
}

static void a_wrong_domain_is_searched_from_further_out(void **state)
{
	assert_nearest(state, "mail1.exmaple.net", "mail1.example.net,mail2.example.net");
	assert_nearest(state, "example.ner", "example.net");
}

static void addresses_are_sought_in_their_network(void **state)
{
	assert_nearest(state, "192.0.2.8", "192.0.2.7");
	assert_nearest(state, "192.0.4.7", "192.0.2.7,192.0.3.7");
	assert_nearest(state, "2001:db8::8", "2001:db8::7");
	assert_nearest(state, "10.20.30.40", "");
}

static void what_is_like_nothing_has_no_neighbor(void **state)
{
	assert_nearest(state, "somewhere.quite.different.test", "");
	assert_nearest(state, "a", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_nearest_spelling_comes_first),
		cmocka_unit_test(names_below_are_suggested_however_they_are_spelled),
		cmocka_unit_test(a_wrong_domain_is_searched_from_further_out),
		cmocka_unit_test(addresses_are_sought_in_their_network),
		cmocka_unit_test(what_is_like_nothing_has_no_neighbor),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
