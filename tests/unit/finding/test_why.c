/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/attr.h"
#include "finding/why.h"

static const char not_built[] = "not built yet";

/* The figures of the founding scenario. */
static struct finding make_needle(void)
{
	struct finding f = {
		.target = { .form = ENDPOINT_NAME, .len = 1 },
		.kind = KIND_DNS,
		.p = 1.2e-13,
		.q = 3.1e-7,
		.needle = true,
		.contacts = 3570,
		.visits = 3320,
		.first = { INT64_C(1462320000) * NS_PER_S, 0 },
		.last = { INT64_C(1474639200) * NS_PER_S, 0 },
		.active_days = 131,
		.peers_total = 22,
		.peers = { { .share = 0.395 }, { .share = 0.395 }, { .share = 0.2 } },
		.peer_count = 3,
	};

	f.tests.narrowness = (struct test_narrowness){
		.p = 0.0004, .peers = 2.84, .expected = 412.5, .band_names = 2316
	};
	f.tests.persistence =
	    (struct test_persistence){ .p = 0.002, .active_days = 131, .span_days = 143 };
	f.tests.periodicity = (struct test_periodicity){ .p_gap = 1e-13,
		.p_days = 0.4,
		.p_any = NAN,
		.p_cache = NAN,
		.p_clock = NAN,
		.period_s = NAN,
		.jitter_s = NAN,
		.missing = NAN };
	f.tests.cache.status.why = not_built;
	f.tests.hours.status.why = not_built;
	f.tests.changes.status.why = not_built;
	f.tests.events.status.why = not_built;
	f.tests.reciprocity.status.why = not_built;
	f.tests.succession.status.why = not_built;
	f.tests.authenticity.status.why = not_built;
	return f;
}

static void assert_says(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}

static void fill(struct finding *f, const char *vantage, struct arena *memory)
{
	arena_init(memory, 1 << 20);
	assert_true(why_fill(f, vantage, memory, NULL));
}

static void tells_a_needle_in_plain_words(void **state)
{
	struct finding f = make_needle();
	struct arena memory;

	(void)state;
	fill(&f, "authoritative", &memory);
	assert_string_equal(f.plain,
	    "22 peers asked for this name, 3,570 times in all; the busiest 3 made 99% of these"
	    " contacts. Counted by their shares that is as many as 2.8 equal peers; names of like"
	    " popularity have 413. It was met in 3,320 visits on 131 of 143 days from 2016-05-04 to"
	    " 2016-09-23: more days than names have that are as popular and as narrow. With all the"
	    " names that were tested taken into account its timing still stands out: it is a needle"
	    " (q = 3.1e-7): of all names marked so, on average at most one in twenty is chance. "
	    "What"
	    " makes the pattern cannot be told from these records alone; it may be something"
	    " ordinary.\n\n"
	    "The pauses between its visits are more even than people who ask by chance in the same"
	    " hours, through a cache, would make them.");
	assert_says(f.limits[0], "only resolvers are seen here");
	assert_string_equal(f.limits[f.limit_count - 1],
	    "not tested: cache, hours, changes, events, reciprocity, succession, authenticity");
	arena_release(&memory);
}

static void gives_the_period_of_a_needle_alone(void **state)
{
	struct finding f = make_needle();
	struct arena memory;

	(void)state;
	f.tests.periodicity.period_s = 3600;
	fill(&f, "authoritative", &memory);
	assert_says(f.plain, "the strongest period is 1 h, a description and no test");
	arena_release(&memory);
	f.needle = false;
	fill(&f, "authoritative", &memory);
	assert_null(strstr(f.plain, "period"));
	arena_release(&memory);
}

static void claims_no_error_rate_for_an_effect(void **state)
{
	struct finding f = make_needle();
	struct arena memory;

	(void)state;
	f.needle = false;
	f.q = 0.4;
	fill(&f, "authoritative", &memory);
	assert_says(f.plain, "no error rate is claimed");
	assert_null(strstr(f.plain, "needle"));
	arena_release(&memory);
}

static void says_nothing_of_a_test_that_did_not_run(void **state)
{
	struct finding f = make_needle();
	struct arena memory;

	(void)state;
	f.tests.narrowness.status.why = "too few names of like popularity";
	f.tests.persistence.status.why = "too few names of like popularity";
	f.tests.periodicity.status.why = "needs 10 visits, has 4";
	f.peer_count = 0;
	fill(&f, "no such word", &memory);
	assert_says(f.plain, "Its rhythm could not be tested: needs 10 visits, has 4.");
	assert_null(strstr(f.plain, "equal peers"));
	assert_null(strstr(f.plain, "more days"));
	assert_null(strstr(f.plain, "busiest"));
	assert_says(f.limits[0], "not known");
	assert_says(
	    f.limits[f.limit_count - 1], "not tested: narrowness, persistence, periodicity, cache");
	arena_release(&memory);
}

static void keeps_a_label_inside_its_paragraph(void **state)
{
	struct finding f = make_needle();
	struct arena memory;

	(void)state;
	f.tests.events = (struct test_events){ .p = 0.5,
		.stop_label = "a\n\nAll is well.",
		.stop_days = 1,
		.date_count = 3,
		.p_stop_near = 0.1 };
	fill(&f, "authoritative", &memory);
	assert_says(f.plain, "\"a  All is well.\"");
	arena_release(&memory);
}

/* Not one paragraph, list or limit of any shape of finding. */
static void never_accuses(void **state)
{
	static const char *const words[] = { "forge", "guilt", "spy", "spies", "secret", "suspect",
		"malicious", "attack", "covert" };
	static const char *const vantages[] = { "stub", "recursive", "resolver-side", "mixed",
		"authoritative", "passive", "mail server", "unknown" };

	(void)state;
	for (unsigned shape = 0; shape < 8 * 8 * 3 * 4; shape++) {
		struct finding f = make_needle();
		struct arena memory;

		f.needle = shape & 1;
		f.limited_by_b = shape & 2;
		f.kind = shape & 4 ? KIND_SMTP : KIND_DNS;
		f.verdict = (enum finding_verdict)(shape / 8 % 3);
		f.tests.periodicity.verdict = (enum rhythm_verdict)(shape / 24 % 4);
		f.tests.periodicity.period_s = 3600;
		f.tests.periodicity.p_days = shape & 4 ? 0.001 : 0.9;
		fill(&f, vantages[shape / 96], &memory);
		for (size_t i = 0; i < COUNT_OF(words); i++) {
			assert_null(strcasestr(f.plain, words[i]));
			for (size_t j = 0; j < f.limit_count; j++)
				assert_null(strcasestr(f.limits[j], words[i]));
			for (size_t j = 0; j < f.would_decide_count; j++)
				assert_null(strcasestr(f.would_decide[j], words[i]));
		}
		arena_release(&memory);
	}
}

static void leaves_the_finding_alone_when_memory_ends(void **state)
{
	bool done = false;

	(void)state;
	for (size_t max = 0; !done; max += 512) {
		struct finding f = make_needle();
		struct arena memory;
		struct err e = { .code = ERR_NONE };

		arena_init(&memory, max);
		done = why_fill(&f, "passive", &memory, &e);
		assert_int_equal(e.code, done ? ERR_NONE : ERR_MEMORY);
		assert_int_equal(f.plain != NULL, done);
		assert_int_equal(f.limit_count > 0, done);
		assert_true(max < 1 << 20);
		arena_release(&memory);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_a_needle_in_plain_words),
		cmocka_unit_test(gives_the_period_of_a_needle_alone),
		cmocka_unit_test(claims_no_error_rate_for_an_effect),
		cmocka_unit_test(says_nothing_of_a_test_that_did_not_run),
		cmocka_unit_test(keeps_a_label_inside_its_paragraph),
		cmocka_unit_test(never_accuses),
		cmocka_unit_test(leaves_the_finding_alone_when_memory_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
