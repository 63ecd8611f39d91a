/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "explain/traits.h"

#define FIRST_S 1462320000.0 /* 2016-05-04 00:00, a Wednesday */
#define DAYS    40
#define HOURS   (DAYS * 24)

struct made {
	double clock_s[HOURS];
	double people_s[HOURS];
	size_t people;
	struct exposure exposure;
};

/* An hourly clock, and people in office hours. */
static void make(struct made *m)
{
	struct philox r;
	struct err err;

	philox_init(&r, 1, 2, 3);
	m->people = 0;
	for (size_t i = 0; i < HOURS; i++) {
		double hour = FIRST_S + 3600.0 * (double)i;

		m->clock_s[i] = hour + 120 + 2 * philox_uniform(&r);
		if (i % 24 >= 9 && i % 24 < 17 && i / 24 % 7 != 3 && i / 24 % 7 != 4 &&
		    philox_uniform(&r) < .7)
			m->people_s[m->people++] = hour + 3600 * philox_uniform(&r);
	}
	assert_true(
	    exposure_declare(FIRST_S, FIRST_S + DAYS * 86400.0, NULL, 0, &m->exposure, &err));
}

static struct traits measure(const struct subject *s)
{
	struct traits_work *w = NULL;
	struct traits t;
	struct err err;

	assert_true(traits_work_new(&w, &err));
	assert_true(traits_measure(s, w, &t, &err));
	traits_work_free(w);
	return t;
}

static struct subject subject_of(const struct made *m, const struct subject_peer *peers, size_t n)
{
	return (struct subject){ .peers = peers,
		.peer_count = n,
		.lookups = true,
		.types = { 100, 10 },
		.bounded = true,
		.exposure = &m->exposure };
}

static void the_order_of_peers_does_not_matter(void **state)
{
	static struct made m;
	struct subject_peer one[2], other[2];
	struct subject a, b;
	struct traits x, y;

	(void)state;
	make(&m);
	one[0] = other[1] = (struct subject_peer){ m.clock_s, HOURS, 300 };
	one[1] = other[0] = (struct subject_peer){ m.people_s, m.people, 300 };
	a = subject_of(&m, one, 2);
	b = subject_of(&m, other, 2);
	x = measure(&a);
	y = measure(&b);
	assert_memory_equal(&x, &y, sizeof(x));
	exposure_release(&m.exposure);
}

static void traits_say_what_they_are_named_for(void **state)
{
	static struct made m;
	struct subject_peer clock, people;
	struct subject a, b;
	struct traits x, y;

	(void)state;
	make(&m);
	clock = (struct subject_peer){ m.clock_s, HOURS, 300 };
	people = (struct subject_peer){ m.people_s, m.people, 0 };
	a = subject_of(&m, &clock, 1);
	a.cached = true;
	b = subject_of(&m, &people, 1);
	x = measure(&a);
	y = measure(&b);
	assert_true(x.value[TRAIT_P_CLOCK] > 2 && y.value[TRAIT_P_CLOCK] < 1.5);
	assert_true(x.value[TRAIT_MINUTE] > .99);
	assert_float_equal(exp(x.value[TRAIT_GAP]), 3600, 5);
	assert_true(y.value[TRAIT_BEST_SHIFT] > .99 && x.value[TRAIT_BEST_SHIFT] < .4);
	assert_true(y.value[TRAIT_WEEKEND] < -2 && fabs(x.value[TRAIT_WEEKEND]) < .1);
	assert_float_equal(x.value[TRAIT_FORBIDDEN], 0, 0);
	assert_true(isnan(y.value[TRAIT_FORBIDDEN])); /* no TTL is known */
	assert_true(isnan(x.value[TRAIT_REVERSE]));   /* that zone is not in the record */
	assert_true(isnan(x.value[TRAIT_SECOND]));
	exposure_release(&m.exposure);
}

static void a_pasted_week_is_a_copy(void **state)
{
	static struct made m;
	static double pasted_s[2 * HOURS];
	struct subject_peer p = { pasted_s, 0, 0 };
	struct subject s;
	struct traits t;

	(void)state;
	make(&m);
	for (size_t i = 0; i < m.people && m.people_s[i] < FIRST_S + 7 * 86400.0; i++)
		pasted_s[p.count++] = m.people_s[i];
	for (size_t i = 0, n = p.count; i < n; i++)
		pasted_s[p.count++] = pasted_s[i] + 7 * 86400.0;
	s = subject_of(&m, &p, 1);
	t = measure(&s);
	assert_true(t.value[TRAIT_GAP_COPIES] > .35);
	exposure_release(&m.exposure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_order_of_peers_does_not_matter),
		cmocka_unit_test(traits_say_what_they_are_named_for),
		cmocka_unit_test(a_pasted_week_is_a_copy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
