/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "report/dossier_chart.h"

#define DAYS 200

static void assert_has(const struct buf *b, const char *text)
{
	if (memmem(b->bytes, b->len, text, strlen(text)) == NULL)
		fail_msg("'%s' is not in:\n%.*s", text, (int)b->len, (const char *)b->bytes);
}

static void one_contact_beside_many_is_seen(void **state)
{
	const struct report_style s = { .columns = 80 };
	const uint32_t hours[4][24] = { { [3] = 1 }, { 0 }, { [3] = 500 }, { [23] = 251 } };
	const struct finding_raster r = { 16925, 4, hours };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	dossier_raster(&b, &r, &s);
	assert_has(&b, "\n02 h |    |\n03 h |. @ |\n04 h |    |\n");
	assert_has(&b, "\n23 h |   #|\n day |. @+|\n      2016-05-04 2016-05-07\n");
	assert_has(&b, "darkest: 500\ncontacts in a cell");
	buf_release(&b);
}

/* Two hundred days in 73 columns: three days each, and the two at the end weigh as three. */
static void days_share_a_column_where_they_must(void **state)
{
	const struct report_style s = { .columns = 80 };
	static uint32_t hours[DAYS][24];
	const struct finding_raster r = { 0, DAYS, (const uint32_t(*)[24])hours };
	struct buf b;
	char row[80] = "00 h |";

	(void)state;
	for (size_t i = 0; i < DAYS; i++)
		hours[i][0] = 2;
	memset(row + 6, '@', 67);
	memcpy(row + 73, "|\n", 3);
	buf_init(&b, 1 << 16);
	dossier_raster(&b, &r, &s);
	assert_has(&b, row);
	assert_has(&b, "a column for 3 days;");
	buf_release(&b);
}

/* From the fourth day on three quarters of the first level, from the sixth on a fifth. */
static void levels_are_steps_with_their_changes_marked(void **state)
{
	const struct report_style s = { .columns = 80 };
	const uint32_t hours[8][24] = { { 1 } };
	const struct finding_raster r = { 0, 8, hours };
	const struct stamp start = { 0, 0 }, fourth = { 3 * NS_PER_DAY, 0 },
			   sixth = { 5 * NS_PER_DAY, 0 }, end = { 8 * NS_PER_DAY, 0 };
	const struct change_block blocks[] = { { start, fourth, 2 }, { fourth, sixth, 1.5 },
		{ sixth, end, 0.4 } };
	const struct event_mark marks[] = { { 1, false, "a" }, { 4, true, "b" },
		{ 4, false, "c" } };
	const struct finding_tests t = { .changes = { .blocks = blocks, .block_count = 3 },
		.events = { .marks = marks, .date_count = 3 } };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	dossier_rate(&b, &r, &t, &s);
	assert_has(&b, " top |###     |\n     |#####   |\n     |#####   |\n     |#####   |\n");
	assert_has(&b, "   0 |########|\n         ^ ^\nevent  o  *\n      1970-01-01 1970-01-08\n");
	assert_has(&b, "the top is 2 an hour. ^ marks a change: 2 an hour until\n");
	buf_release(&b);
}

static void the_ttl_is_marked_where_no_gap_is(void **state)
{
	const struct report_style s = { .columns = 80 };
	struct finding_gaps g = { .total = 2100, .ttl = 300 };
	struct buf b;

	(void)state;
	g.counts[finding_gap_bin(3600)] = 2000;
	g.counts[finding_gap_bin(7200)] = 100;
	buf_init(&b, 1 << 16);
	dossier_gaps(&b, &g, &s);
	assert_int_equal(memcmp(b.bytes, "3 min to 7 min ", 15), 0);
	assert_has(&b, "          0 <- TTL 5 min\n");
	assert_has(&b, "45 min to 1.5 h              2,000  ############################\n");
	assert_has(&b, "1.5 h to 3 h                   100  ##\n");
	assert_true(b.bytes[b.len - 1] == '\n' && b.bytes[b.len - 2] == '#');
	buf_release(&b);
}

static void nothing_is_drawn_of_nothing(void **state)
{
	const struct report_style s = { .columns = 80 };
	const struct finding_raster r = { 0, 0, NULL };
	const struct finding_gaps g = { .total = 0, .ttl = 300 };
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	dossier_raster(&b, &r, &s);
	dossier_rate(&b, &r, &(struct finding_tests){ .changes = { .block_count = 0 } }, &s);
	dossier_gaps(&b, &g, &s);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_contact_beside_many_is_seen),
		cmocka_unit_test(days_share_a_column_where_they_must),
		cmocka_unit_test(levels_are_steps_with_their_changes_marked),
		cmocka_unit_test(the_ttl_is_marked_where_no_gap_is),
		cmocka_unit_test(nothing_is_drawn_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
