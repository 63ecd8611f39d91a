/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "report/svg.h"

#define PAGE_MAX (1 << 16)

static bool has(const struct buf *b, const char *text)
{
	return memmem(b->bytes, b->len, text, strlen(text)) != NULL;
}

static void assert_has(const struct buf *b, const char *text)
{
	if (!has(b, text))
		fail_msg("'%s' is not in:\n%.*s", text, (int)b->len, (const char *)b->bytes);
}

/* One contact at 01:00 UTC: four hours west it is 21:00 of the day before. */
static void hours_move_to_the_clock_of_a_zone(void **state)
{
	static const struct {
		int offset_min;
		const char *path;
	} cases[] = { { -240, "M0.5 21v1" }, { 0, "M0.5 1v1" }, { 345, "M0.5 7v1" },
		{ 1380, "M1.5 0v1" }, { -1440, "M0.5 1v1" } };
	const uint32_t hours[1][24] = { { [1] = 1 } };
	const struct finding_raster r = { 100, 1, hours };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct markup m;
		struct buf b;

		buf_init(&b, PAGE_MAX);
		markup_init(&m, &b);
		svg_raster_zone(&m, &r, cases[i].offset_min);
		assert_has(&b, cases[i].path);
		buf_release(&b);
	}
}

/* Ten days in 704 units from 48 on: the second level begins in the middle, twice as high. */
static void levels_and_what_was_found_have_their_places(void **state)
{
	const uint32_t hours[10][24] = { { 1 } };
	const struct finding_raster r = { 0, 10, hours };
	const struct stamp start = { 0, 0 }, middle = { 5 * NS_PER_DAY, 0 },
			   end = { 10 * NS_PER_DAY, 0 };
	const struct change_block blocks[] = { { start, middle, .5 }, { middle, end, 1 } };
	const struct event_mark marks[] = { { 2, true, "<a>" } };
	const struct finding_tests t = { .changes = { .blocks = blocks,
					     .block_count = 2,
					     .p_burst = .001,
					     .p_silence = .5,
					     .burst = { start, middle } },
		.events = { .marks = marks, .date_count = 1 } };
	struct markup m;
	struct buf b;

	(void)state;
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_rate(&m, &r, &t);
	assert_has(&b, "<rect x=\"48\" y=\"52\" width=\"352\" height=\"36\" class=\"f1\"");
	assert_has(&b, "<rect x=\"400\" y=\"16\" width=\"352\" height=\"72\" class=\"f1\"");
	assert_has(&b, ">burst<");
	assert_false(has(&b, ">silence<"));
	assert_has(&b, "<line x1=\"224\" x2=\"224\" y1=\"114\" y2=\"124\" class=\"event\"");
	buf_release(&b);
}

static void the_ttl_is_written_where_no_pause_is(void **state)
{
	struct finding_gaps g = { .total = 4, .ttl = 300, .quartiles_s = { 3600, 3600, 3600 } };
	struct markup m;
	struct buf b;

	(void)state;
	g.counts[finding_gap_bin(3600)] = 4;
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_gaps(&m, &g);
	assert_has(&b, "class=\"tick strong\">0  TTL 5 min<");
	assert_has(&b, "half of the 4 pauses last from 1 h to 1 h. TTL, in bold:");
	buf_release(&b);
}

static void nothing_is_drawn_of_nothing(void **state)
{
	const struct finding_gaps g = { .total = 0, .ttl = 300 };
	const struct finding_raster r = { 0, 0, NULL };
	const struct finding_tests t = { .changes = { .block_count = 0 } };
	struct markup m;
	struct buf b;

	(void)state;
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_rate(&m, &r, &t);
	svg_gaps(&m, &g);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

/* Two peers of three quarters and one: busiest first, to the right; no markup of foreign names. */
static void a_circle_has_its_peers_by_their_share(void **state)
{
	struct finding f = {
		.peer_count = 2, .peers_total = 5, .peers = { { .share = .75 }, { .share = .25 } }
	};
	struct markup m;
	struct buf b;

	(void)state;
	assert_true(endpoint_parse(&f.target, "a<b>.example", 12));
	assert_true(endpoint_parse(&f.peers[0].peer, "192.0.2.1", 9));
	assert_true(endpoint_parse(&f.peers[1].peer, "192.0.2.2", 9));
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_circle(&m, &f);
	assert_has(&b, "stroke-width=\"7.75\"");
	assert_has(&b, "stroke-width=\"3.25\"");
	assert_has(&b, "class=\"label\">192.0.2.1<");
	assert_has(&b, "class=\"quiet-label\">75%<");
	assert_has(&b, "class=\"label end\">192.0.2.2<");
	assert_has(&b, "3 peers are not drawn.");
	assert_has(&b, "a&lt;b&gt;.example");
	assert_false(has(&b, "<b>"));
	b.len = 0;
	f.peer_count = 0;
	svg_circle(&m, &f);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

/* The longest name is shortened, what turns text about is shown by number, both stay apart. */
static void the_circle_holds_hostile_names(void **state)
{
	struct finding f = { .peer_count = 2, .peers_total = 3 };
	char longest[254];
	struct markup m;
	struct buf b;

	(void)state;
	memset(longest, 'a', sizeof(longest));
	for (size_t i = 63; i < sizeof(longest); i += 64)
		longest[i] = '.';
	longest[sizeof(longest) - 1] = '\0';
	assert_true(endpoint_parse(&f.target, longest, strlen(longest)));
	assert_true(endpoint_parse(
	    &f.peers[0].peer, "<b>&\\226\\128\\174x", strlen("<b>&\\226\\128\\174x")));
	assert_true(endpoint_parse(&f.peers[1].peer, "192.0.2.7", 9));
	f.peers[0].share = .75;
	f.peers[1].share = .125;
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_circle(&m, &f);
	assert_true(buf_ok(&b));
	assert_has(&b, "&lt;b&gt;&amp;");
	assert_false(has(&b, "<b>"));
	assert_false(has(&b, "\xe2\x80\xae"));
	assert_has(&b, "[...]");
	assert_false(has(&b, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
	assert_has(&b, ">192.0.2.7<");
	assert_has(&b, "stroke-width=\"7.75\"");
	assert_has(&b, "1 peer is not drawn.");
	buf_release(&b);
}

static struct stamp day(int64_t n)
{
	return (struct stamp){ n * NS_PER_DAY, 0 };
}

/* From day 0 to day 10 in 352 units: its record from the middle on, its successor from day 8. */
static void a_life_has_its_records_and_successors(void **state)
{
	struct finding_life lives[] = { { .first = day(0), .last = day(5), .count = 9 },
		{ .type = 1, .first = day(5), .last = day(5), .count = 2 },
		{ .of = LIFE_SUCCESSOR, .first = day(8), .last = day(10), .count = 3 } };
	struct finding f = { .lives = lives, .life_count = 1, .lives_left_out = 1 };
	struct markup m;
	struct buf b;

	(void)state;
	assert_true(endpoint_parse(&lives[0].thing, "<b>.example", 11));
	assert_true(endpoint_parse(&lives[1].thing, "192.0.2.1", 9));
	assert_true(endpoint_parse(&lives[2].thing, "c.example", 9));
	buf_init(&b, PAGE_MAX);
	markup_init(&m, &b);
	svg_life(&m, &f);
	assert_int_equal(b.len, 0);
	f.life_count = COUNT_OF(lives);
	svg_life(&m, &f);
	assert_true(buf_ok(&b));
	assert_has(&b, "aria-label=\"&lt;b&gt;.example 1970-01-01 to 1970-01-06; A 192.0.2.1"
		       " 1970-01-06; successor c.example 1970-01-09 to 1970-01-11\"");
	assert_has(&b, "<rect x=\"4\" y=\"22\" width=\"176\" height=\"8\" class=\"f4\"/>");
	assert_has(&b, "<rect x=\"180\"");
	assert_has(&b, "<line x1=\"180\" y1=\"30\" x2=\"285.6\" y2=\"86\" class=\"follows\"/>");
	assert_has(&b, "class=\"hollow\"");
	assert_has(&b, "1 record that was seen less often");
	assert_false(has(&b, "<b>"));
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hours_move_to_the_clock_of_a_zone),
		cmocka_unit_test(levels_and_what_was_found_have_their_places),
		cmocka_unit_test(the_ttl_is_written_where_no_pause_is),
		cmocka_unit_test(nothing_is_drawn_of_nothing),
		cmocka_unit_test(a_circle_has_its_peers_by_their_share),
		cmocka_unit_test(the_circle_holds_hostile_names),
		cmocka_unit_test(a_life_has_its_records_and_successors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
