/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a haystack does when its files are not what they were, or cannot be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <mtbl.h>

#include "folder.h"
#include "haystack/manifest.h"

#define STRIDE 97 /* of the bytes that are damaged, one by one */

static void fill(const char *folder)
{
	struct haystack *h = NULL;
	struct haystack_writer *w = NULL;
	struct digest d = digest_number(3);

	assert_true(haystack_open(folder, true, &h, NULL));
	assert_true(haystack_writer_new(folder, UINT64_C(1) << 26, &w, NULL));
	assert_true(haystack_writer_begin(w, NULL));
	for (uint32_t i = 0; i < 300; i++) {
		struct contact c = contact_number(1, i);
		struct fact f = fact_number(1, i);

		assert_true(haystack_writer_contact(w, &c, NULL));
		assert_true(haystack_writer_fact(w, &f, NULL));
	}
	haystack_writer_end(w, &d);
	assert_true(haystack_commit(h, w, NULL));
	haystack_writer_free(w);
	haystack_close(h);
}

static struct buf read_file(const char *path)
{
	struct buf bytes;
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	buf_init(&bytes, SIZE_MAX);
	do {
		assert_true(buf_reserve(&bytes, 65536));
		n = fread(bytes.bytes + bytes.len, 1, 65536, f);
		bytes.len += n;
	} while (n > 0);
	(void)fclose(f);
	return bytes;
}

static void write_file(const char *path, const uint8_t *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* An error that names the file and says what to do. */
static void assert_damaged(const char *folder, const char *file)
{
	struct haystack *h = NULL;
	struct err err = { .code = ERR_NONE };

	assert_false(haystack_open(folder, true, &h, &err));
	assert_int_equal(err.code, ERR_DAMAGED);
	assert_non_null(strstr(err.text, file));
	assert_non_null(strstr(err.text, "restore the file from a backup"));
}

/* Without the digest, damage may go unseen, but it must not bring the program down. */
static void read_unchecked(const char *folder)
{
	static const uint8_t tags[] = { KEY_TAG_FACT, KEY_TAG_REVERSE, KEY_TAG_SERIES };
	struct haystack *h = NULL;

	if (!haystack_open(folder, false, &h, NULL))
		return;
	for (size_t i = 0; i < 2 * COUNT_OF(tags); i++) {
		struct haystack_range range = {
			.tag = tags[i % 3], .part = (unsigned)i / 3, .parts = 2
		};
		struct haystack_scan *scan = NULL;
		struct haystack_entry e;
		bool end = false;

		if (!haystack_scan_new(h, &range, &scan, NULL))
			continue;
		while (haystack_scan_next(scan, &e, &end, NULL) && !end)
			assert_true(e.key_len <= KEY_MAX);
		haystack_scan_free(scan);
	}
	haystack_close(h);
}

static void a_flipped_byte_in_a_segment_is_an_error(void **state)
{
	char path[4096] = "";
	struct buf bytes;

	fill(*state);
	assert_int_equal(folder_find(*state, ".mtbl", path), 2);
	bytes = read_file(path);
	for (size_t at = 0; at < bytes.len; at += at + 700 < bytes.len ? STRIDE : 1) {
		bytes.bytes[at] ^= 0x55;
		write_file(path, bytes.bytes, bytes.len);
		assert_damaged(*state, path);
		read_unchecked(*state);
		bytes.bytes[at] ^= 0x55;
	}
	buf_release(&bytes);
}

static void a_shorter_segment_is_an_error(void **state)
{
	char path[4096] = "";
	struct buf bytes;

	fill(*state);
	assert_int_equal(folder_find(*state, ".mtbl", path), 2);
	bytes = read_file(path);
	for (size_t len = 0; len < bytes.len; len += STRIDE) {
		write_file(path, bytes.bytes, len);
		assert_damaged(*state, path);
	}
	assert_int_equal(unlink(path), 0);
	assert_damaged(*state, path);
	buf_release(&bytes);
}

static void a_manifest_is_whole_or_an_error(void **state)
{
	char path[4096] = "";
	struct buf bytes;

	fill(*state);
	assert_int_equal(folder_find(*state, MANIFEST_NAME, path), 2);
	bytes = read_file(path);
	for (size_t at = 0; at < bytes.len; at++) {
		write_file(path, bytes.bytes, at);
		assert_damaged(*state, MANIFEST_NAME);
		bytes.bytes[at] ^= 1;
		write_file(path, bytes.bytes, bytes.len);
		assert_damaged(*state, MANIFEST_NAME);
		bytes.bytes[at] ^= 1;
	}
	buf_release(&bytes);
}

static void what_a_stopped_writer_left_is_cleaned_away(void **state)
{
	char path[4096];
	char other[4096];
	struct haystack *h = NULL;
	struct haystack_writer *w = NULL;
	struct buf bytes;

	fill(*state);
	assert_int_equal(folder_find(*state, ".mtbl", path), 2);
	bytes = read_file(path);
	/* stopped before the rename; after it, before the manifest; and while that was written */
	(void)snprintf(other, sizeof(other), "%s/tmp-0", (const char *)*state);
	write_file(other, bytes.bytes, 100);
	(void)snprintf(other, sizeof(other), "%s/tmp-manifest", (const char *)*state);
	write_file(other, bytes.bytes, 10);
	(void)snprintf(other, sizeof(other), "%s/%064d.mtbl", (const char *)*state, 0);
	write_file(other, bytes.bytes, bytes.len);
	assert_true(haystack_open(*state, true, &h, NULL));
	assert_int_equal(haystack_segment_count(h), 1);
	assert_int_equal(folder_find(*state, ".mtbl", path), 5); /* a reader leaves them */
	assert_true(haystack_writer_new(*state, 0, &w, NULL));
	assert_int_equal(folder_find(*state, ".mtbl", path), 2);
	haystack_writer_free(w);
	haystack_close(h);
	assert_true(haystack_open(*state, true, &h, NULL));
	haystack_close(h);
	buf_release(&bytes);
}

static void a_full_disk_is_an_error(void **state)
{
	struct segment_writer *w = NULL;
	struct segment_info info;
	struct err err = { .code = ERR_NONE };
	FILE *full = fopen("/dev/full", "wb");

	(void)state;
	if (full == NULL)
		skip();
	assert_true(segment_writer_new(fileno(full), "segment", &w, &err));
	assert_true(segment_writer_add(w, (const uint8_t *)"a", 1, (const uint8_t *)"b", 1, &err));
	assert_false(segment_writer_finish(w, &info, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_string_equal(err.text, "cannot write 'segment': No space left on device");
	segment_writer_free(w);
	(void)fclose(full);
}

static void libmtbl_reads_what_we_write(void **state)
{
	static const uint8_t tags[] = { KEY_TAG_FACT, KEY_TAG_REVERSE, KEY_TAG_SERIES };
	char path[4096] = "";
	struct haystack *h = NULL;
	struct mtbl_reader_options *ro = mtbl_reader_options_init();
	struct mtbl_reader *r;
	struct mtbl_iter *it;
	const uint8_t *key;
	const uint8_t *value;
	size_t key_len;
	size_t value_len;

	fill(*state);
	assert_int_equal(folder_find(*state, ".mtbl", path), 2);
	mtbl_reader_options_set_verify_checksums(ro, true);
	r = mtbl_reader_init(path, ro);
	assert_non_null(r);
	it = mtbl_source_iter(mtbl_reader_source(r));
	assert_true(haystack_open(*state, true, &h, NULL));
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct haystack_range range = { .tag = tags[i], .parts = 1 };
		struct haystack_scan *scan = NULL;
		struct haystack_entry e;
		bool end = false;

		assert_true(haystack_scan_new(h, &range, &scan, NULL));
		while (haystack_scan_next(scan, &e, &end, NULL) && !end) {
			assert_int_equal(mtbl_iter_next(it, &key, &key_len, &value, &value_len),
			    mtbl_res_success);
			assert_int_equal(key_len, e.key_len);
			assert_memory_equal(key, e.key, key_len);
			assert_int_equal(value_len, e.value_len);
			assert_memory_equal(value, e.value, value_len);
		}
		haystack_scan_free(scan);
	}
	assert_int_not_equal(
	    mtbl_iter_next(it, &key, &key_len, &value, &value_len), mtbl_res_success);
	mtbl_iter_destroy(&it);
	mtbl_reader_destroy(&r);
	mtbl_reader_options_destroy(&ro);
	haystack_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_flipped_byte_in_a_segment_is_an_error, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
		    a_shorter_segment_is_an_error, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
		    a_manifest_is_whole_or_an_error, folder_make, folder_remove),
		cmocka_unit_test_setup_teardown(
		    what_a_stopped_writer_left_is_cleaned_away, folder_make, folder_remove),
		cmocka_unit_test(a_full_disk_is_an_error),
		cmocka_unit_test_setup_teardown(
		    libmtbl_reads_what_we_write, folder_make, folder_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
