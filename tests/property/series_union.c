/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merging values is a union of multisets: however rows are split into segments, in whatever order
 * and groups those are merged, the bytes are those of all rows encoded at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "contact/series.h"

#define SEED      20261122u
#define ROUNDS    4000u
#define SOURCES   4u
#define PARTS_MAX 20u
#define ROWS_MAX  60u

static const uint32_t identity[SOURCES] = { 0, 1, 2, 3 };

/* Rows that repeat, overlap, straddle days, and come as halves. */
static struct series_row random_row(struct philox *p, int64_t spread_s, bool digits_vary)
{
	struct series_row row = { .time_ns = INT64_C(1700000000) * NS_PER_S,
		.digits = 6,
		.traits = SEEN_BOTH | DIRECTION_OUT << 2,
		.ttl = 60 * philox_below(p, 3),
		.txid = -1 };

	row.time_ns += (int64_t)philox_below(p, (uint32_t)spread_s) * NS_PER_S;
	if (digits_vary)
		row.digits = (uint8_t)(3 * philox_below(p, 4));
	if (row.digits >= 3)
		row.time_ns += philox_below(p, 3) * INT64_C(1000000);
	row.source = philox_below(p, SOURCES);
	row.outcome = philox_below(p, 4) == 0 ? 3 : 0;
	if (philox_below(p, 3) == 0) {
		row.traits = SEEN_QUERY | DIRECTION_OUT << 2;
		row.outcome = OUTCOME_NONE;
		row.ttl = TTL_NONE;
		row.txid = (int32_t)philox_below(p, 3);
	} else if (philox_below(p, 4) == 0) {
		row.traits = SEEN_RESPONSE | DIRECTION_OUT << 2;
		row.txid = (int32_t)philox_below(p, 3);
	}
	return row;
}

struct value {
	struct buf bytes;
	bool is_local; /* its sources are those of the rows, renumbered */
	uint32_t map[SOURCES];
	size_t map_count;
};

/* Encode rows as a segment of its own would: with a list of the sources that it has. */
static void encode_part(struct series_row *rows, size_t count, struct value *ret)
{
	uint32_t local[SOURCES];

	ret->map_count = 0;
	for (uint32_t s = 0; s < SOURCES; s++) {
		bool has = false;

		for (size_t i = 0; i < count; i++)
			has = has || rows[i].source == s;
		local[s] = (uint32_t)ret->map_count;
		if (has)
			ret->map[ret->map_count++] = s;
	}
	for (size_t i = 0; i < count; i++)
		rows[i].source = local[rows[i].source];
	buf_init(&ret->bytes, 1 << 20);
	assert_true(series_encode(rows, count, &ret->bytes, NULL));
}

/* By time, so that parts can be joined as they are, or at random. */
static size_t split(
    struct philox *p, const struct series_row *rows, size_t count, struct value *values)
{
	size_t parts = 1 + philox_below(p, PARTS_MAX);
	bool by_time = philox_below(p, 2) == 0;
	size_t made = 0;
	struct series_row bins[PARTS_MAX][ROWS_MAX];
	size_t sizes[PARTS_MAX] = { 0 };

	for (size_t i = 0; i < count; i++) {
		int64_t day = rows[i].time_ns / (20 * NS_PER_DAY / PARTS_MAX);
		size_t bin = by_time ? (size_t)day % parts : philox_below(p, (uint32_t)parts);

		bins[bin][sizes[bin]++] = rows[i];
	}
	for (size_t i = 0; i < parts; i++)
		if (sizes[i] > 0)
			encode_part(bins[i], sizes[i], &values[made++]);
	return made;
}

/* Merge a few values, chosen at random, into one, until one is left. */
static void merge_all(struct philox *p, struct value *values, size_t count)
{
	while (count > 1 || values[0].map_count != SOURCES) {
		struct series_part parts[PARTS_MAX];
		size_t n = 1 + philox_below(p, (uint32_t)count);
		struct value merged = { .map_count = SOURCES };

		memcpy(merged.map, identity, sizeof(identity));
		buf_init(&merged.bytes, 1 << 20);
		for (size_t i = 0; i < n; i++) {
			size_t j = i + philox_below(p, (uint32_t)(count - i));
			struct value v = values[j];

			values[j] = values[i];
			values[i] = v;
		}
		for (size_t i = 0; i < n; i++)
			parts[i] = (struct series_part){ values[i].bytes.bytes, values[i].bytes.len,
				values[i].map, values[i].map_count };
		assert_true(series_merge(parts, n, &merged.bytes, NULL));
		for (size_t i = 0; i < n; i++)
			buf_release(&values[i].bytes);
		values[0] = merged;
		memmove(values + 1, values + n, (count - n) * sizeof(*values));
		count -= n - 1;
	}
}

static void any_split_and_any_grouping_give_the_same_bytes(void **state)
{
	(void)state;
	print_message("seed %u\n", SEED);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		static const int64_t spreads[] = { 3, 60, 86400, 20 * 86400 };
		struct philox p;
		struct series_row rows[ROWS_MAX];
		struct value values[PARTS_MAX];
		size_t count;
		size_t made;
		int64_t spread;
		bool digits_vary;
		struct buf whole;

		philox_init(&p, SEED, round, 0);
		count = 1 + philox_below(&p, ROWS_MAX);
		spread = spreads[philox_below(&p, COUNT_OF(spreads))];
		digits_vary = philox_below(&p, 3) == 0;
		for (size_t i = 0; i < count; i++) {
			rows[i] = random_row(&p, spread, digits_vary);
			if (i > 0 && philox_below(&p, 5) == 0) {
				rows[i] = rows[i - 1];
				rows[i].source = philox_below(&p, SOURCES);
			}
		}
		made = split(&p, rows, count, values);
		merge_all(&p, values, made);
		buf_init(&whole, 1 << 20);
		assert_true(series_encode(rows, count, &whole, NULL));
		assert_int_equal(whole.len, values[0].bytes.len);
		assert_memory_equal(whole.bytes, values[0].bytes.bytes, whole.len);
		buf_release(&values[0].bytes);
		buf_release(&whole);
	}
}

static bool is_same(const struct series_row *a, const struct series_row *b)
{
	return a->time_ns == b->time_ns && a->ttl == b->ttl && a->source == b->source &&
	       a->outcome == b->outcome && a->digits == b->digits && a->traits == b->traits &&
	       a->txid == b->txid;
}

static void decoding_gives_the_rows_and_the_view_their_summary(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct philox p;
		struct series_row rows[ROWS_MAX];
		struct series_rows back = { .rows = NULL };
		struct series_summary s;
		struct cursor c;
		struct buf out;
		size_t count;
		uint64_t answered = 0;

		philox_init(&p, SEED, round, 1);
		count = 1 + philox_below(&p, ROWS_MAX);
		for (size_t i = 0; i < count; i++)
			rows[i] = random_row(&p, 30, round % 2 == 0);
		buf_init(&out, 1 << 20);
		assert_true(series_encode(rows, count, &out, NULL));
		assert_true(series_decode(out.bytes, out.len, &back, NULL));
		assert_int_equal(back.count, count);
		/* encode has put rows in stored order */
		for (size_t i = 0; i < count; i++)
			assert_true(is_same(&rows[i], &back.rows[i]));
		c = cursor_of(out.bytes, out.len);
		assert_true(series_read_summary(&c, &s));
		series_view(&back);
		for (size_t i = 0; i < back.count; i++)
			answered += back.rows[i].outcome != OUTCOME_NONE;
		assert_int_equal(s.contacts, back.count);
		assert_int_equal(s.answered, answered);
		assert_int_equal(s.first_ns, back.rows[0].time_ns);
		assert_int_equal(s.last_ns, back.rows[back.count - 1].time_ns);
		series_rows_release(&back);
		buf_release(&out);
	}
}

/*
 * One long capture, and the same rotated at a random moment: each part pairs what it can. Every
 * transaction ID is used for one exchange, of which either half may be lost.
 */
struct message {
	int64_t time_ns;
	uint8_t seen;
	int32_t txid;
};

static int compare_messages(const void *a, const void *b)
{
	const struct message *x = a;
	const struct message *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static size_t make_messages(struct philox *p, struct message *m, size_t exchanges)
{
	size_t count = 0;

	for (size_t i = 0; i < exchanges; i++) {
		int64_t t = philox_below(p, 20000) * INT64_C(1000000);
		int64_t delay = philox_below(p, 5000) * INT64_C(1000000);

		if (philox_below(p, 5) > 0)
			m[count++] = (struct message){ t, SEEN_QUERY, (int32_t)i };
		if (philox_below(p, 5) > 0)
			m[count++] = (struct message){ t + delay + 1, SEEN_RESPONSE, (int32_t)i };
	}
	qsort(m, count, sizeof(*m), compare_messages);
	return count;
}

static size_t pair(
    const struct message *m, size_t from, size_t to, uint32_t source, struct series_row *rows)
{
	size_t count = 0;

	for (size_t i = from; i < to; i++) {
		struct series_row row = { .time_ns = m[i].time_ns,
			.digits = 9,
			.source = source,
			.traits = m[i].seen | DIRECTION_OUT << 2,
			.txid = m[i].txid,
			.ttl = m[i].seen == SEEN_QUERY ? TTL_NONE : 60,
			.outcome = m[i].seen == SEEN_QUERY ? OUTCOME_NONE : 0 };
		size_t q = m[i].seen == SEEN_QUERY ? 0 : count;

		while (q > 0 && rows[q - 1].txid != m[i].txid)
			q--;
		if (q == 0) {
			rows[count++] = row;
			continue;
		}
		rows[q - 1].traits |= SEEN_BOTH;
		rows[q - 1].outcome = 0;
		rows[q - 1].ttl = 60;
		rows[q - 1].txid = -1;
	}
	return count;
}

static void view_of(struct series_row *rows, size_t count, struct series_rows *ret)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	*ret = (struct series_rows){ .rows = NULL };
	assert_true(series_encode(rows, count, &out, NULL));
	assert_true(series_decode(out.bytes, out.len, ret, NULL));
	series_view(ret);
	buf_release(&out);
}

static void rotated_captures_give_the_contacts_of_one_long_capture(void **state)
{
	(void)state;
	for (uint32_t round = 0; round < ROUNDS; round++) {
		struct philox p;
		struct message m[30];
		struct series_row rows[30];
		struct series_rows one;
		struct series_rows two;
		size_t total;
		size_t cut;
		size_t count;

		philox_init(&p, SEED, round, 2);
		total = make_messages(&p, m, COUNT_OF(m) / 2);
		cut = philox_below(&p, (uint32_t)total + 1);
		count = pair(m, 0, total, 0, rows);
		if (count == 0)
			continue;
		view_of(rows, count, &one);
		count = pair(m, 0, cut, 0, rows);
		count += pair(m, cut, total, 1, rows + count);
		view_of(rows, count, &two);
		assert_int_equal(one.count, two.count);
		for (size_t i = 0; i < one.count; i++) {
			two.rows[i].source = 0;
			assert_true(is_same(&one.rows[i], &two.rows[i]));
		}
		series_rows_release(&one);
		series_rows_release(&two);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_split_and_any_grouping_give_the_same_bytes),
		cmocka_unit_test(decoding_gives_the_rows_and_the_view_their_summary),
		cmocka_unit_test(rotated_captures_give_the_contacts_of_one_long_capture),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
