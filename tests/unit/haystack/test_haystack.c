/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "folder.h"

#define CONTACTS 4000u
#define MEMORY   (UINT64_C(64) << 20)

static struct haystack *open_in(const char *folder)
{
	struct haystack *h = NULL;
	struct err err = { .code = ERR_NONE };

	if (!haystack_open(folder, true, &h, &err))
		fail_msg("%s", err.text);
	return h;
}

static struct haystack_writer *writer_in(const char *folder, uint64_t memory)
{
	struct haystack_writer *w = NULL;

	assert_true(haystack_writer_new(folder, memory, &w, NULL));
	return w;
}

/* Contacts and facts from number from to number to as one source. */
static void put_source(struct haystack_writer *w, unsigned source, uint32_t from, uint32_t to)
{
	struct digest d = digest_number(source);

	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = from; i < to; i++) {
		struct contact c = contact_number(1, i);
		struct fact f = fact_number(1, i);

		assert_true(haystack_writer_contact(w, &c, NULL));
		assert_true(haystack_writer_fact(w, &f, NULL));
	}
	haystack_writer_end(w, &d);
}

static void commit(struct haystack *h, struct haystack_writer *w)
{
	struct err err = { .code = ERR_NONE };

	if (!haystack_commit(h, w, &err))
		fail_msg("%s", err.text);
}

/* All entries of a range behind one another; the number of contacts in them. */
static uint64_t read_range(struct haystack *h, const struct haystack_range *range, struct buf *all)
{
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	uint64_t contacts = 0;
	bool end = false;

	assert_true(haystack_scan_new(h, range, &scan, NULL));
	for (;;) {
		struct cursor c;
		struct series_summary s;

		assert_true(haystack_scan_next(scan, &e, &end, NULL));
		if (end)
			break;
		c = cursor_of(e.value, e.value_len);
		buf_varint(all, e.key_len);
		buf_put(all, e.key, e.key_len);
		buf_varint(all, e.value_len);
		buf_put(all, e.value, e.value_len);
		if (range->tag == KEY_TAG_SERIES) {
			assert_true(series_read_summary(&c, &s));
			contacts += s.contacts;
		}
	}
	haystack_scan_free(scan);
	return contacts;
}

/* The whole haystack, read in parts. */
static uint64_t read_all(struct haystack *h, unsigned parts, struct buf *all)
{
	static const uint8_t tags[] = { KEY_TAG_FACT, KEY_TAG_REVERSE, KEY_TAG_SERIES };
	uint64_t contacts = 0;

	buf_init(all, SIZE_MAX);
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		for (unsigned part = 0; part < parts; part++) {
			struct haystack_range range = {
				.tag = tags[i], .part = part, .parts = parts
			};

			contacts += read_range(h, &range, all);
		}
	assert_true(buf_ok(all));
	return contacts;
}

static void assert_same(const struct buf *a, const struct buf *b)
{
	assert_int_equal(a->len, b->len);
	assert_memory_equal(a->bytes, b->bytes, a->len);
}

static void what_is_committed_is_there_after_reopening(void **state)
{
	struct haystack *h = open_in(*state);
	struct haystack_writer *w = writer_in(*state, MEMORY);
	struct digest d = digest_number(7);
	struct buf before;
	struct buf after;

	assert_int_equal(haystack_segment_count(h), 0);
	put_source(w, 7, 0, CONTACTS);
	assert_false(haystack_has_source(h, &d));
	commit(h, w);
	assert_true(haystack_has_source(h, &d));
	assert_int_equal(haystack_segment_count(h), 1);
	assert_true(read_all(h, 1, &before) > CONTACTS / 2);
	haystack_writer_free(w);
	haystack_close(h);
	h = open_in(*state);
	assert_true(haystack_has_source(h, &d));
	(void)read_all(h, 1, &after);
	assert_same(&before, &after);
	buf_release(&before);
	buf_release(&after);
	haystack_close(h);
}

static void an_empty_source_is_in_too(void **state)
{
	struct haystack *h = open_in(*state);
	struct haystack_writer *w = writer_in(*state, MEMORY);
	struct buf all;

	put_source(w, 1, 0, 0);
	commit(h, w);
	put_source(w, 2, 0, 0);
	commit(h, w);
	assert_int_equal(haystack_source_count(h), 2);
	assert_int_equal(read_all(h, 3, &all), 0);
	assert_int_equal(all.len, 0);
	assert_true(haystack_compact(h, 1, 1, NULL));
	assert_int_equal(haystack_source_count(h), 2);
	assert_int_equal(haystack_segment_count(h), 1);
	buf_release(&all);
	haystack_writer_free(w);
	haystack_close(h);
}

static void dropped_rows_are_gone(void **state)
{
	struct haystack *h = open_in(*state);
	struct haystack_writer *w = writer_in(*state, MEMORY);
	struct buf all;

	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = 0; i < 1000; i++) {
		struct contact c = contact_number(2, i);
		struct fact f = fact_number(2, i);

		assert_true(haystack_writer_contact(w, &c, NULL));
		assert_true(haystack_writer_fact(w, &f, NULL));
	}
	haystack_writer_drop(w);
	commit(h, w);
	assert_int_equal(haystack_source_count(h), 0);
	put_source(w, 1, 0, 1);
	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = 0; i < 1000; i++) {
		struct contact c = contact_number(2, i);

		assert_true(haystack_writer_contact(w, &c, NULL));
	}
	/* without an end: it was stopped in the middle */
	commit(h, w);
	assert_int_equal(haystack_source_count(h), 1);
	assert_int_equal(read_all(h, 1, &all), 1);
	buf_release(&all);
	haystack_writer_free(w);
	haystack_close(h);
}

static void put_facts(struct haystack_writer *w, uint32_t from, uint32_t to)
{
	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = from; i < to; i++) {
		struct fact f = fact_number(1, i);

		assert_true(haystack_writer_fact(w, &f, NULL));
	}
}

/* As those of a popular mail domain: many data of one owner, and many preferences of one of them. */
static void many_facts_of_one_owner_come_in_order(void **state)
{
	struct haystack *h = open_in(*state);
	struct haystack_writer *w = writer_in(*state, MEMORY);
	struct digest d = digest_number(1);
	struct fact fact = fact_number(1, 0);
	struct buf all;

	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = 0; i < 600; i++) {
		/* every other one of the same data */
		fact.data = fact_number(1, i % 2 * i).data;
		fact.type = 15;
		fact.extra = 7 * i % 600;
		assert_true(haystack_writer_fact(w, &fact, NULL));
	}
	haystack_writer_end(w, &d);
	commit(h, w);
	/* keys out of order are damage */
	(void)read_all(h, 1, &all);
	assert_true(all.len > 0);
	buf_release(&all);
	haystack_writer_free(w);
	haystack_close(h);
}

/* The facts of two sources, so few that they wait until the end; between them may be a third. */
static void read_facts(bool dropped_between, struct buf *ret)
{
	struct haystack_range facts = { .tag = KEY_TAG_FACT, .parts = 1 };
	struct digest first = digest_number(1);
	struct digest last = digest_number(2);
	void *folder = NULL;
	struct haystack *h;
	struct haystack_writer *w;

	assert_int_equal(folder_make(&folder), 0);
	h = open_in(folder);
	w = writer_in(folder, MEMORY);
	put_facts(w, 0, 5);
	haystack_writer_end(w, &first);
	if (dropped_between) {
		put_facts(w, 3, 9);
		haystack_writer_drop(w);
	}
	put_facts(w, 4, 7);
	haystack_writer_end(w, &last);
	commit(h, w);
	buf_init(ret, SIZE_MAX);
	(void)read_range(h, &facts, ret);
	haystack_writer_free(w);
	haystack_close(h);
	assert_int_equal(folder_remove(&folder), 0);
}

static void facts_go_the_way_of_their_source(void **state)
{
	struct buf with;
	struct buf without;

	(void)state;
	read_facts(true, &with);
	read_facts(false, &without);
	assert_true(without.len > 0);
	assert_same(&with, &without);
	buf_release(&with);
	buf_release(&without);
}

/* The bytes of the one segment file. */
static struct buf segment_bytes(const char *folder)
{
	char path[4096] = "";
	struct buf bytes;
	FILE *f;
	size_t n;

	buf_init(&bytes, SIZE_MAX);
	assert_int_equal(folder_find(folder, ".mtbl", path), 2);
	f = fopen(path, "rb");
	assert_non_null(f);
	do {
		assert_true(buf_reserve(&bytes, 65536));
		n = fread(bytes.bytes + bytes.len, 1, 65536, f);
		bytes.len += n;
	} while (n > 0);
	(void)fclose(f);
	return bytes;
}

/*
 * Two sources that show the same facts, the first still in memory when the second, which
 * is longer than the memory, goes to disk.
 */
static struct buf build_shared(uint64_t memory, bool dropped)
{
	struct digest last = digest_number(2);
	void *folder = NULL;
	struct haystack *h;
	struct haystack_writer *w;
	struct buf bytes;

	assert_int_equal(folder_make(&folder), 0);
	h = open_in(folder);
	w = writer_in(folder, memory);
	put_source(w, 1, 0, 1000);
	put_facts(w, 500, 1500);
	for (uint32_t i = 0; i < 10 * CONTACTS; i++) {
		struct contact c = contact_number(1, i);

		assert_true(haystack_writer_contact(w, &c, NULL));
	}
	assert_int_equal(haystack_writer_full(w), memory < MEMORY);
	if (dropped)
		haystack_writer_drop(w);
	else
		haystack_writer_end(w, &last);
	commit(h, w);
	bytes = segment_bytes(folder);
	haystack_writer_free(w);
	haystack_close(h);
	assert_int_equal(folder_remove(&folder), 0);
	return bytes;
}

static void facts_of_two_sources_stay_apart_when_memory_ends(void **state)
{
	(void)state;
	for (int dropped = 0; dropped < 2; dropped++) {
		struct buf one = build_shared(MEMORY, dropped);
		struct buf two = build_shared(600 << 10, dropped);

		assert_same(&one, &two);
		buf_release(&one);
		buf_release(&two);
	}
}

/* Sources of 200 contacts each, in another order and other commits each time. */
static struct buf build(uint64_t memory, unsigned step, unsigned per_commit, unsigned jobs)
{
	unsigned count = CONTACTS / 200;
	void *folder = NULL;
	struct haystack *h;
	struct haystack_writer *w;
	struct buf bytes;

	assert_int_equal(folder_make(&folder), 0);
	h = open_in(folder);
	w = writer_in(folder, memory);
	for (unsigned i = 0; i < count; i++) {
		unsigned n = i * step % count;

		put_source(w, n, n * 200, n * 200 + 200);
		if (i % per_commit == per_commit - 1)
			commit(h, w);
	}
	commit(h, w);
	assert_true(haystack_compact(h, 1, jobs, NULL));
	bytes = segment_bytes(folder);
	haystack_writer_free(w);
	haystack_close(h);
	assert_int_equal(folder_remove(&folder), 0);
	return bytes;
}

static void neither_order_nor_commits_nor_threads_nor_memory_change_a_byte(void **state)
{
	struct buf one = build(MEMORY, 1, 1000, 1);
	struct buf two = build(MEMORY, 7, 3, 1);
	struct buf three = build(MEMORY, 3, 1, 2);
	struct buf four = build(1, 9, 11, 1); /* spills several runs for each source */

	(void)state;
	assert_same(&one, &two);
	assert_same(&one, &three);
	assert_same(&one, &four);
	buf_release(&one);
	buf_release(&two);
	buf_release(&three);
	buf_release(&four);
}

static void parts_together_are_the_whole(void **state)
{
	struct haystack *h = open_in(*state);
	struct haystack_writer *w = writer_in(*state, MEMORY);
	struct buf whole;

	for (unsigned i = 0; i < 5; i++) {
		put_source(w, i, i * 20000, (i + 1) * 20000);
		commit(h, w);
	}
	(void)read_all(h, 1, &whole);
	for (unsigned parts = 2; parts < 40; parts += 9) {
		struct buf all;

		(void)read_all(h, parts, &all);
		assert_same(&whole, &all);
		buf_release(&all);
	}
	buf_release(&whole);
	haystack_writer_free(w);
	haystack_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    what_is_committed_is_there_after_reopening, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
		    an_empty_source_is_in_too, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(dropped_rows_are_gone, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
		    many_facts_of_one_owner_come_in_order, folder_make, folder_remove),
		cmocka_unit_test(facts_go_the_way_of_their_source),
		cmocka_unit_test(facts_of_two_sources_stay_apart_when_memory_ends),
		cmocka_unit_test(neither_order_nor_commits_nor_threads_nor_memory_change_a_byte),
		cmocka_unit_test_setup_teardown(
		    parts_together_are_the_whole, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
