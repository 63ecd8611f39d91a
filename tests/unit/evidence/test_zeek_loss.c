/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of capture_loss.log, in both notations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "evidence/zeek.h"
#include "reading.h"

#define HEAD                                                                                       \
	"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"            \
	"#path\tcapture_loss\n#fields\tts\tts_delta\tpeer\tgaps\tacks\tpercent_lost\n"
#define SECOND NS_PER_S

static struct capture_loss losses[READING_MAX];

/* All that a log tells of losses; it must tell of nothing else. */
static size_t read_losses(const struct reader_format *format, const char *log, struct health *h)
{
	struct stream *s = reading_stream(log, strlen(log));
	struct reader *reader = NULL;
	struct record record;
	struct err err;
	enum next next;
	size_t count = 0;

	*h = (struct health){ .count = 0 };
	assert_ptr_equal(reader_detect((const uint8_t *)log, strlen(log)), format);
	assert_true(format->open(s, h, &reader, &err));
	while ((next = format->next(reader, &record, &err)) != NEXT_END) {
		if (next == NEXT_SKIPPED)
			continue;
		assert_int_equal(next, NEXT_ITEM);
		assert_null(record.contact);
		assert_int_equal(record.fact_count, 0);
		losses[count++] = *record.loss;
	}
	format->close(reader);
	stream_close(s);
	return count;
}

static void an_interval_ends_at_its_stamp(void **state)
{
	struct health h;

	(void)state;
	assert_int_equal(read_losses(&reader_zeek_tsv,
			     HEAD "1500000900.000000\t900.000000\tworker-1\t25\t1000\t2.5\n"
				  "1500001800.000000\t900.000000\tworker-1\t0\t1000\t0.0\n",
			     &h),
	    2);
	assert_int_equal(losses[0].from_ns, 1500000000 * SECOND);
	assert_int_equal(losses[0].to_ns, 1500000900 * SECOND);
	assert_int_equal(losses[0].gaps, 25);
	assert_int_equal(losses[0].acks, 1000);
	assert_int_equal(losses[1].gaps, 0);
	assert_int_equal(h.count, 0);
}

static void json_says_the_same_with_or_without_the_name_of_the_log(void **state)
{
	static const char *const logs[] = {
		"{\"ts\":1500000900.0,\"ts_delta\":900.0,\"peer\":\"zeek\",\"gaps\":25,"
		"\"acks\":1000,\"percent_lost\":2.5}\n",
		"{\"_path\":\"capture_loss\",\"ts\":\"2017-07-14T02:55:00Z\",\"ts_delta\":900,"
		"\"peer\":\"zeek\",\"gaps\":25,\"acks\":1000}\n",
	};
	struct health h;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(logs); i++) {
		assert_int_equal(read_losses(&reader_zeek_json, logs[i], &h), 1);
		assert_int_equal(losses[0].from_ns, 1500000000 * SECOND);
		assert_int_equal(losses[0].to_ns, 1500000900 * SECOND);
		assert_int_equal(losses[0].gaps, 25);
		assert_int_equal(losses[0].acks, 1000);
		assert_int_equal(h.count, 0);
	}
}

static void rows_that_say_nothing_are_counted(void **state)
{
	struct health h;

	(void)state;
	assert_int_equal(read_losses(&reader_zeek_tsv,
			     HEAD "1500000900.0\t0.000000\tz\t0\t0\t0.0\n"
				  "1500000900.0\t-900.0\tz\t0\t10\t0.0\n"
				  "1500000900.0\t86401.0\tz\t0\t10\t0.0\n"
				  "1500000900.0\t-\tz\t0\t10\t0.0\n"
				  "-9223372035.0\t900.0\tz\t0\t10\t0.0\n"
				  "1500000900.0\t900.0\tz\t-\t10\t0.0\n"
				  "1500000900.0\t900.0\tz\t0\t1e3\t0.0\n",
			     &h),
	    0);
	assert_int_equal(h.count, 2);
	assert_string_equal(h.reasons[0].reason, "bad interval");
	assert_int_equal(h.reasons[0].count, 5);
	assert_string_equal(h.reasons[1].reason, "bad number of gaps or acks");
	assert_int_equal(h.reasons[1].count, 2);
}

static void columns_make_the_log_where_its_name_is_lost(void **state)
{
	struct health h;

	(void)state;
	assert_int_equal(read_losses(&reader_zeek_tsv,
			     "#fields\tts\tts_delta\tpeer\tgaps\tacks\tpercent_lost\n"
			     "1500000900.0\t900.0\tz\t1\t10\t10.0\n",
			     &h),
	    1);
	assert_int_equal(h.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_interval_ends_at_its_stamp),
		cmocka_unit_test(json_says_the_same_with_or_without_the_name_of_the_log),
		cmocka_unit_test(rows_that_say_nothing_are_counted),
		cmocka_unit_test(columns_make_the_log_where_its_name_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
