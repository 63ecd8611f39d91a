/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/stamp.h"
#include "contact/series.h"

#define T0 (INT64_C(1700000000) * NS_PER_S) /* 2023-11-14T22:13:20Z */
#define QR (SEEN_BOTH | DIRECTION_OUT << 2)
#define Q  (SEEN_QUERY | DIRECTION_OUT << 2)
#define R  (SEEN_RESPONSE | DIRECTION_OUT << 2)

static struct series_row answered(int64_t second, uint32_t source)
{
	return (struct series_row){ .time_ns = T0 + second * NS_PER_S,
		.ttl = 300,
		.source = source,
		.outcome = 0,
		.traits = QR,
		.txid = -1 };
}

static struct series_row open_query(int64_t ms, int32_t txid, uint32_t source)
{
	return (struct series_row){ .time_ns = T0 + ms * 1000000,
		.ttl = TTL_NONE,
		.source = source,
		.outcome = OUTCOME_NONE,
		.digits = 3,
		.traits = Q,
		.txid = txid };
}

static struct series_row orphan(int64_t ms, int32_t txid, uint32_t source)
{
	return (struct series_row){ .time_ns = T0 + ms * 1000000,
		.ttl = 60,
		.source = source,
		.outcome = 0,
		.digits = 3,
		.traits = R,
		.txid = txid };
}

static struct buf encode(struct series_row *rows, size_t count)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	assert_true(series_encode(rows, count, &out, NULL));
	return out;
}

static struct series_summary summary(const struct buf *value)
{
	struct cursor c = cursor_of(value->bytes, value->len);
	struct series_summary s;

	assert_true(series_read_summary(&c, &s));
	return s;
}

static void a_value_has_this_layout(void **state)
{
	static const uint8_t expected[] = {
		0xea, /* source, traits, outcome usual; TTL, precision one value */
		0x00, /* whole seconds; view is the rows; a visit each */
		3,    /* rows */
		0x80, 0xc4, 0x9f, 0xd5, 0x0c, /* first, zigzag */
		0xa8, 0x46,                   /* span 9000 s */
		2,                            /* days */
		0xad, 0x02,                   /* TTL 300 + 1 */
		0xac, 0x02, /* 300 s to the second row; the third is at the span's end */
	};
	struct series_row rows[] = { answered(0, 0), answered(9000, 0), answered(300, 0) };
	struct buf out = encode(rows, 3);
	struct series_summary s = summary(&out);

	(void)state;
	assert_int_equal(out.len, sizeof(expected));
	assert_memory_equal(out.bytes, expected, sizeof(expected));
	assert_int_equal(s.contacts, 3);
	assert_int_equal(s.visits, 3);
	assert_int_equal(s.days, 2);
	assert_int_equal(s.first_ns, T0);
	assert_int_equal(s.last_ns, T0 + 9000 * NS_PER_S);
	assert_int_equal(s.digits, 0);
	assert_int_equal(s.ttl_min, 300);
	assert_int_equal(s.ttl_max, 300);
	assert_int_equal(s.answered, 3);
	assert_int_equal(s.nxdomain, 0);
	buf_release(&out);
}

static void visits_end_at_a_gap_or_a_minute(void **state)
{
	/* 0..30 one; 61 is a gap; then every 20 s until a minute is full at 121, so 141 begins another */
	struct series_row rows[] = { answered(0, 0), answered(30, 0), answered(61, 0),
		answered(81, 0), answered(101, 0), answered(121, 0), answered(141, 0) };
	struct buf out = encode(rows, COUNT_OF(rows));

	(void)state;
	assert_int_equal(summary(&out).visits, 3);
	buf_release(&out);
}

static void days_are_those_of_utc_within_a_visit_too(void **state)
{
	int64_t midnight = 86400 - 1700000000 % 86400;
	struct series_row rows[] = { answered(midnight - 1, 0), answered(midnight, 0) };
	struct buf out = encode(rows, 2);

	(void)state;
	assert_int_equal(summary(&out).visits, 1);
	assert_int_equal(summary(&out).days, 2);
	buf_release(&out);
}

static void every_field_survives(void **state)
{
	struct series_row rows[] = {
		{ INT64_MIN, 0, 7, 3, 9, R, 65535 },
		{ -NS_PER_S, TTL_NONE, UINT32_MAX, OUTCOME_NONE, 0, Q, 0 },
		{ -1, TTL_NONE - 1, 0, OUTCOME_NONE - 1, 9, QR, -1 },
		{ 0, 0, 0, 0, 0, SEEN_BOTH | DIRECTION_IN << 2, -1 },
		{ 0, 0, 0, 0, 0, SEEN_BOTH, -1 },
		{ INT64_MAX, 1, 0, 550, 9, QR, -1 },
	};
	struct series_row sorted[COUNT_OF(rows)];
	struct buf out = encode(rows, COUNT_OF(rows));
	struct series_rows back = { .rows = NULL };

	(void)state;
	memcpy(sorted, rows, sizeof(rows));
	assert_true(series_decode(out.bytes, out.len, &back, NULL));
	assert_int_equal(back.count, COUNT_OF(rows));
	for (size_t i = 0; i < back.count; i++) {
		assert_int_equal(back.rows[i].time_ns, sorted[i].time_ns);
		assert_int_equal(back.rows[i].ttl, sorted[i].ttl);
		assert_int_equal(back.rows[i].source, sorted[i].source);
		assert_int_equal(back.rows[i].outcome, sorted[i].outcome);
		assert_int_equal(back.rows[i].digits, sorted[i].digits);
		assert_int_equal(back.rows[i].traits, sorted[i].traits);
		assert_int_equal(back.rows[i].txid, sorted[i].txid);
	}
	assert_int_equal(summary(&out).first_ns, INT64_MIN);
	assert_int_equal(summary(&out).last_ns, INT64_MAX);
	series_rows_release(&back);
	buf_release(&out);
}

static void a_time_finer_than_its_precision_is_not_lost(void **state)
{
	struct series_row rows[] = { answered(0, 0), answered(1, 0) };
	struct series_rows back = { .rows = NULL };
	struct buf out;

	(void)state;
	rows[1].time_ns += 120;
	out = encode(rows, 2);
	assert_true(series_decode(out.bytes, out.len, &back, NULL));
	assert_int_equal(back.rows[1].time_ns, T0 + NS_PER_S + 120);
	assert_int_equal(back.rows[1].digits, 8);
	assert_int_equal(back.rows[0].digits, 0);
	series_rows_release(&back);
	buf_release(&out);
}

/* The view of rows, as encode's summary and series_view() agree on it. */
static struct series_rows view(struct series_row *rows, size_t count)
{
	struct buf out = encode(rows, count);
	struct series_rows v = { .rows = NULL };
	struct series_summary s = summary(&out);

	assert_true(series_decode(out.bytes, out.len, &v, NULL));
	assert_int_equal(v.count, count);
	series_view(&v);
	assert_int_equal(s.contacts, v.count);
	assert_int_equal(s.first_ns, v.rows[0].time_ns);
	assert_int_equal(s.last_ns, v.rows[v.count - 1].time_ns);
	buf_release(&out);
	return v;
}

static void rows_of_two_sources_are_one_contact(void **state)
{
	/* twice in source 0, three times in source 1, once in source 2 */
	struct series_row rows[] = { answered(0, 1), answered(0, 0), answered(0, 2), answered(0, 1),
		answered(0, 0), answered(0, 1) };
	struct series_rows v = view(rows, COUNT_OF(rows));

	(void)state;
	assert_int_equal(v.count, 3);
	assert_int_equal(v.rows[0].source, 1);
	series_rows_release(&v);
}

static void halves_in_two_sources_are_one_contact(void **state)
{
	struct series_row rows[] = { open_query(0, 7, 1), orphan(5000, 7, 0) };
	struct series_rows v = view(rows, 2);

	(void)state;
	assert_int_equal(v.count, 1);
	assert_int_equal(v.rows[0].time_ns, T0);
	assert_int_equal(v.rows[0].source, 1);
	assert_int_equal(v.rows[0].outcome, 0);
	assert_int_equal(v.rows[0].ttl, 60);
	assert_int_equal(v.rows[0].traits, QR);
	assert_int_equal(v.rows[0].txid, -1);
	series_rows_release(&v);
}

static void halves_that_do_not_belong_together_stay_two(void **state)
{
	struct series_row cases[][2] = {
		{ open_query(0, 7, 1), orphan(5001, 7, 0) }, /* too late */
		{ open_query(0, 7, 1), orphan(10, 8, 0) },   /* another ID */
		{ open_query(0, 7, 1),
		    orphan(10, 7, 1) }, /* one source, whose reader kept them apart */
		{ orphan(0, 7, 1), open_query(10, 7, 0) },   /* an answer before its question */
		{ open_query(0, -1, 1), orphan(10, -1, 0) }, /* no ID */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct series_rows v = view(cases[i], 2);

		assert_int_equal(v.count, 2);
		series_rows_release(&v);
	}
}

static void a_response_answers_the_latest_open_query(void **state)
{
	struct series_row rows[] = { open_query(0, 7, 0), open_query(1000, 7, 0),
		open_query(2000, 7, 0), orphan(3000, 7, 1), orphan(4000, 7, 1) };
	struct series_rows v = view(rows, COUNT_OF(rows));

	(void)state;
	assert_int_equal(v.count, 3);
	assert_int_equal(v.rows[0].traits, Q);
	assert_int_equal(v.rows[1].traits, QR);
	assert_int_equal(v.rows[2].traits, QR);
	assert_int_equal(v.rows[2].time_ns, T0 + 2 * NS_PER_S);
	series_rows_release(&v);
}

static void joined_halves_fold_into_the_whole_of_a_third_source(void **state)
{
	struct series_row rows[] = { open_query(0, 7, 0), orphan(20, 7, 1), open_query(0, -1, 2) };
	struct series_rows v;

	(void)state;
	rows[2].traits = QR;
	rows[2].outcome = 0;
	rows[2].ttl = 60;
	v = view(rows, 3);
	assert_int_equal(v.count, 1);
	series_rows_release(&v);
}

/* A value with every kind of column. */
static struct buf mixed(void)
{
	struct series_row rows[40];

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		rows[i] = i % 3 == 0   ? open_query((int64_t)(i * i * 1000), (int32_t)i, i % 2)
			  : i % 3 == 1 ? orphan((int64_t)(i * 77777), (int32_t)i, i % 2)
				       : answered((int64_t)i * 40, i % 4);
		rows[i].outcome = i % 5 == 0 ? 3 : rows[i].outcome;
	}
	return encode(rows, COUNT_OF(rows));
}

static void refuses_every_truncation(void **state)
{
	struct buf out = mixed();

	(void)state;
	for (size_t n = 0; n < out.len; n++) {
		uint8_t *copy =
		    malloc(n + 1); /* its own block, so that ASan sees one byte too far */
		struct series_rows rows = { .rows = NULL };
		struct err err = { .code = ERR_NONE };

		assert_non_null(copy);
		memcpy(copy, out.bytes, n);
		assert_false(series_decode(copy, n, &rows, &err));
		assert_int_equal(err.code, ERR_DAMAGED);
		assert_int_equal(rows.count, 0);
		series_rows_release(&rows);
		free(copy);
	}
	buf_release(&out);
}

static void survives_every_flipped_bit(void **state)
{
	static const uint32_t map[] = { 0, 1, 2, 3 };
	struct buf out = mixed();
	struct buf merged;

	(void)state;
	buf_init(&merged, 1 << 20);
	for (size_t bit = 0; bit < 8 * out.len; bit++) {
		struct series_part part = { out.bytes, out.len, map, COUNT_OF(map) };
		struct series_rows rows = { .rows = NULL };
		bool whole;

		out.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		whole = series_decode(out.bytes, out.len, &rows, NULL);
		buf_clear(&merged);
		/* the two readers agree on what is readable, but for sources that the map lacks */
		if (!series_merge(&part, 1, &merged, NULL) && whole) {
			bool unknown = false;

			for (size_t i = 0; i < rows.count; i++)
				unknown = unknown || rows.rows[i].source >= COUNT_OF(map);
			assert_true(unknown);
		}
		series_rows_release(&rows);
		out.bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	buf_release(&merged);
	buf_release(&out);
}

static void merges_by_time_as_by_rows(void **state)
{
	static const uint32_t to_two[] = { 2 };
	static const uint32_t to_zero[] = { 0 };
	struct series_row early[] = { answered(0, 0), answered(100, 0), answered(250, 0) };
	struct series_row late[] = { answered(281, 0), answered(90000, 0) };
	struct series_row all[] = { answered(0, 2), answered(100, 2), answered(250, 2),
		answered(281, 0), answered(90000, 0) };
	struct buf a = encode(early, 3);
	struct buf b = encode(late, 2);
	struct buf whole = encode(all, 5);
	struct series_part parts[] = { { b.bytes, b.len, to_zero, 1 },
		{ a.bytes, a.len, to_two, 1 } };
	struct buf out;

	(void)state;
	buf_init(&out, 1 << 20);
	assert_true(series_merge(parts, 2, &out, NULL));
	assert_int_equal(out.len, whole.len);
	assert_memory_equal(out.bytes, whole.bytes, out.len);
	buf_release(&out);
	buf_release(&whole);
	buf_release(&b);
	buf_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_has_this_layout),
		cmocka_unit_test(visits_end_at_a_gap_or_a_minute),
		cmocka_unit_test(days_are_those_of_utc_within_a_visit_too),
		cmocka_unit_test(every_field_survives),
		cmocka_unit_test(a_time_finer_than_its_precision_is_not_lost),
		cmocka_unit_test(rows_of_two_sources_are_one_contact),
		cmocka_unit_test(halves_in_two_sources_are_one_contact),
		cmocka_unit_test(halves_that_do_not_belong_together_stay_two),
		cmocka_unit_test(a_response_answers_the_latest_open_query),
		cmocka_unit_test(joined_halves_fold_into_the_whole_of_a_third_source),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(survives_every_flipped_bit),
		cmocka_unit_test(merges_by_time_as_by_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
