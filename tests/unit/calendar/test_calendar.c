/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libical reads the same files as the oracle of ical.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"
#include "calendar/calendar.h"

static bool parse(const char *text, struct arena *memory, struct calendar *ret, struct err *err)
{
	arena_init(memory, 1 << 24);
	return calendar_parse(text, strlen(text), memory, ret, err);
}

static void a_table_with_its_comments(void **state)
{
	static const char text[] = "# made: 2016-04-30\n"
				   "# pool: all.csv\r\n"
				   "# anything\n"
				   "time,label\n"
				   "\n"
				   "2016-07-08,\"first, \"\"day\"\"\"\r\n"
				   "2016-07-08T23:30:00-02:00 , plain label";
	struct arena memory;
	struct calendar c;

	(void)state;
	assert_true(parse(text, &memory, &c, NULL));
	assert_int_equal(c.count, 2);
	assert_int_equal(c.events[0].day, stamp_days_of(2016, 7, 8));
	assert_string_equal(c.events[0].label, "first, \"day\"");
	assert_int_equal(c.events[1].day, stamp_days_of(2016, 7, 9));
	assert_string_equal(c.events[1].label, "plain label");
	assert_true(c.made_known && c.made_day == stamp_days_of(2016, 4, 30));
	assert_int_equal(c.pool, CALENDAR_POOL_LISTED);
	assert_string_equal(c.pool_path, "all.csv");
	arena_release(&memory);
}

static void what_cannot_be_read_names_its_line(void **state)
{
	static const struct {
		const char *text;
		const char *error;
	} cases[] = {
		{ "", "there is no event" },
		{ "2016-07-08,x\n", "line 1: the header" },
		{ "time,label\n\n2016-07-32,x\n", "line 3: not a time" },
		{ "time,label\n2016-07-08\n", "line 2: a time, a comma" },
		{ "time,label\n2016-07-08,\"x\n", "line 2: the quotes" },
		{ "# made: soon\n", "line 1: 'made'" },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\n", "line 3: an event without" },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2016\n", "line 3: DTSTART" },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20160708\n", "line 3: the last event" },
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:FREQ=DAILY\n", "line 3: an event that" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena memory;
		struct calendar c;
		struct err err = { .code = ERR_NONE };

		assert_false(parse(cases[i].text, &memory, &c, &err));
		if (strncmp(err.text, cases[i].error, strlen(cases[i].error)) != 0)
			fail_msg("'%s', expected '%s'", err.text, cases[i].error);
		arena_release(&memory);
	}
}

static const char ics[] = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//\r\n"
			  "BEGIN:VTIMEZONE\r\nTZID:Example\r\nBEGIN:STANDARD\r\n"
			  "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\n"
			  "END:STANDARD\r\nEND:VTIMEZONE\r\n"
			  "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20160708\r\n"
			  "SUMMARY;X-A=\"b:c\":a long\\, fol\r\n ded label\r\n"
			  "BEGIN:VALARM\r\nACTION:DISPLAY\r\nSUMMARY:not this\r\n"
			  "TRIGGER:-PT15M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
			  "BEGIN:VEVENT\r\nUID:2\r\nSUMMARY:two\\nlines\r\n"
			  "DTSTART;TZID=Example:20160923T140000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

static void icalendar_is_read_as_libical_reads_it(void **state)
{
	icalcomponent *all = icalparser_parse_string(ics);
	icalcomponent *event;
	struct arena memory;
	struct calendar c;
	size_t i = 0;

	(void)state;
	assert_non_null(all);
	assert_true(parse(ics, &memory, &c, NULL));
	for (event = icalcomponent_get_first_component(all, ICAL_VEVENT_COMPONENT); event != NULL;
	     event = icalcomponent_get_next_component(all, ICAL_VEVENT_COMPONENT), i++) {
		struct icaltimetype t = icalcomponent_get_dtstart(event);

		assert_true(i < c.count);
		assert_int_equal(
		    c.events[i].day, stamp_days_of(t.year, (unsigned)t.month, (unsigned)t.day));
		if (strchr(icalcomponent_get_summary(event), '\n') == NULL)
			assert_string_equal(c.events[i].label, icalcomponent_get_summary(event));
	}
	assert_int_equal(i, c.count);
	assert_string_equal(c.events[1].label, "two lines");
	icalcomponent_free(all);
	arena_release(&memory);
}

static void every_truncation_is_survived(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(ics); n++) {
		char *copy = malloc(n + 1); /* its own block, so that ASan sees one byte too far */
		struct arena memory;
		struct calendar c;

		assert_non_null(copy);
		memcpy(copy, ics, n);
		arena_init(&memory, 1 << 20);
		(void)!calendar_parse(copy, n, &memory, &c, NULL);
		arena_release(&memory);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_with_its_comments),
		cmocka_unit_test(what_cannot_be_read_names_its_line),
		cmocka_unit_test(icalendar_is_read_as_libical_reads_it),
		cmocka_unit_test(every_truncation_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
