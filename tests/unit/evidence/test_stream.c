/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include "base/parallel.h"
#include "evidence/stream.h"

struct file {
	char path[64];
};

static struct file write_file(const void *bytes, size_t len)
{
	struct file f = { .path = "/tmp/lodestone-stream-XXXXXX" };
	int fd = mkstemp(f.path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(close(fd), 0);
	return f;
}

static struct stream *open_stream(const struct file *f)
{
	struct stream *s = NULL;
	struct err e = { 0 };

	assert_true(stream_open(f->path, &s, &e));
	return s;
}

/* SHA-256 of a block of bytes, by a path of its own. */
static struct digest digest_of(const void *bytes, size_t len)
{
	struct digester *d = NULL;
	struct digest digest;

	assert_true(digester_new(&d, NULL));
	digester_add(d, bytes, len);
	assert_true(digester_peek(d, &digest, NULL));
	digester_free(d);
	return digest;
}

static void reads_lines_with_and_without_ends(void **state)
{
	static const char text[] = "one\r\n\ntwo\nlast";
	static const struct {
		const char *line;
		uint64_t offset;
		bool ended;
	} want[] = { { "one", 0, true }, { "", 5, true }, { "two", 6, true },
		{ "last", 10, false } };
	struct file f = write_file(text, strlen(text));
	struct stream *s = open_stream(&f);
	struct stream_line line;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_true(stream_line(s, 100, &line, NULL));
		assert_non_null(line.bytes);
		assert_int_equal(line.len, strlen(want[i].line));
		assert_memory_equal(line.bytes, want[i].line, line.len);
		assert_int_equal(line.offset, want[i].offset);
		assert_int_equal(line.ended, want[i].ended);
		assert_false(line.cut);
	}
	assert_true(stream_line(s, 100, &line, NULL));
	assert_null(line.bytes);
	assert_int_equal(stream_offset(s), strlen(text));
	stream_close(s);
	unlink(f.path);
}

static void cuts_a_line_over_the_maximum_and_goes_on_behind_it(void **state)
{
	enum { LONG = 3 << 20 };
	char *text = malloc(LONG + 6);
	struct stream_line line;
	struct file f;
	struct stream *s;

	(void)state;
	memset(text, 'a', LONG);
	memcpy(text + LONG, "\nnext\n", 6);
	f = write_file(text, LONG + 6);
	for (size_t max = 10; max <= LONG; max += LONG - 11) { /* 10, then one less than the line */
		s = open_stream(&f);
		assert_true(stream_line(s, max, &line, NULL));
		assert_true(line.cut);
		assert_true(line.ended);
		assert_int_equal(line.len, max);
		assert_memory_equal(line.bytes, text, max);
		assert_true(stream_line(s, max, &line, NULL));
		assert_int_equal(line.len, 4);
		assert_memory_equal(line.bytes, "next", 4);
		assert_int_equal(line.offset, LONG + 1);
		stream_close(s);
	}
	s = open_stream(&f);
	assert_true(stream_line(s, LONG, &line, NULL));
	assert_false(line.cut);
	assert_int_equal(line.len, LONG);
	stream_close(s);
	unlink(f.path);
	free(text);
}

static void an_empty_file_is_an_end_and_no_error(void **state)
{
	struct file f = write_file("", 0);
	struct stream *s = open_stream(&f);
	struct stream_custody custody;
	struct digest want = digest_of("", 0);
	const uint8_t *bytes;
	size_t len = 1;

	(void)state;
	assert_true(stream_peek(s, 1, &bytes, &len, NULL));
	assert_int_equal(len, 0);
	assert_true(stream_finish(s, &custody, NULL));
	assert_int_equal(custody.content_bytes, 0);
	assert_int_equal(digest_cmp(&custody.file, &want), 0);
	stream_close(s);
	unlink(f.path);
}

static void digests_what_was_consumed_and_the_whole(void **state)
{
	enum { LEN = 2000003 };
	uint8_t *content = malloc(LEN);
	struct digest here, want;
	struct stream_custody custody;
	const uint8_t *bytes;
	size_t len;
	bool there;
	struct file f;
	struct stream *s;

	(void)state;
	for (size_t i = 0; i < LEN; i++)
		content[i] = (uint8_t)(i * 2654435761u >> 13);
	f = write_file(content, LEN);
	s = open_stream(&f);
	assert_true(stream_peek(s, 1000000, &bytes, &len, NULL));
	assert_true(len >= 1000000);
	assert_memory_equal(bytes, content, len);
	stream_consume(s, 123);
	assert_true(stream_digest_here(s, &here, NULL));
	want = digest_of(content, 123);
	assert_int_equal(digest_cmp(&here, &want), 0);
	assert_true(stream_seek(s, 1500001, &there, NULL));
	assert_true(there);
	assert_true(stream_digest_here(s, &here, NULL));
	want = digest_of(content, 1500001);
	assert_int_equal(digest_cmp(&here, &want), 0);
	assert_true(stream_finish(s, &custody, NULL));
	want = digest_of(content, LEN);
	assert_int_equal(digest_cmp(&custody.content, &want), 0);
	assert_int_equal(digest_cmp(&custody.file, &want), 0);
	assert_int_equal(custody.file_bytes, LEN);
	assert_int_equal(custody.content_bytes, LEN);
	assert_true(stream_seek(s, LEN + 1, &there, NULL));
	assert_false(there);
	stream_close(s);
	unlink(f.path);
	free(content);
}

struct packed {
	uint8_t bytes[4096];
	size_t len;
};

static void pack_gzip(struct packed *p, uint8_t *bytes, size_t len)
{
	z_stream z = { .next_out = p->bytes, .avail_out = sizeof(p->bytes) };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 9, 0), Z_OK);
	z.next_in = bytes;
	z.avail_in = len;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	p->len = z.total_out;
	assert_int_equal(deflateEnd(&z), Z_OK);
}

static void pack_bzip2(struct packed *p, uint8_t *bytes, size_t len)
{
	unsigned packed = sizeof(p->bytes);

	assert_int_equal(
	    BZ2_bzBuffToBuffCompress((char *)p->bytes, &packed, (char *)bytes, len, 1, 0, 0),
	    BZ_OK);
	p->len = packed;
}

static void pack_xz(struct packed *p, uint8_t *bytes, size_t len)
{
	p->len = 0;
	assert_int_equal(lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, bytes, len, p->bytes,
			     &p->len, sizeof(p->bytes)),
	    LZMA_OK);
}

static void pack_zstd(struct packed *p, uint8_t *bytes, size_t len)
{
	p->len = ZSTD_compress(p->bytes, sizeof(p->bytes), bytes, len, 1);
	assert_false(ZSTD_isError(p->len));
}

static const struct {
	const char *name;
	void (*pack)(struct packed *p, uint8_t *bytes, size_t len);
	bool kept_at_cuts; /* the decoder hands over what it has before a block is whole */
} packers[] = {
	{ "gzip", pack_gzip, true },
	{ "bzip2", pack_bzip2, false },
	{ "xz", pack_xz, true },
	{ "zstd", pack_zstd, false },
};

#define CONTENT_LEN 600

/* Content that does not compress well, so that every cut is felt. */
static uint8_t *content(void)
{
	static uint8_t bytes[CONTENT_LEN];

	uint32_t x = 1;

	for (size_t i = 0; i < CONTENT_LEN; i++) {
		x = x * 1664525 + 1013904223;
		bytes[i] = (uint8_t)("0123456789abcdef"[x >> 28]);
	}
	return bytes;
}

/* Read it all: how much of it is the content, over and over; then damage and custody. */
static size_t read_all(
    const uint8_t *file, size_t file_len, const char *want_name, const char **ret_damage)
{
	struct file f = write_file(file, file_len);
	struct stream *s = open_stream(&f);
	struct stream_custody custody;
	struct digest want = digest_of(file, file_len);
	const uint8_t *bytes;
	size_t len;
	size_t total = 0;

	assert_string_equal(stream_compression(s), want_name);
	for (;;) {
		assert_true(stream_peek(s, 1, &bytes, &len, NULL));
		if (len == 0)
			break;
		for (size_t i = 0; i < len; i++)
			assert_int_equal(bytes[i], content()[(total + i) % CONTENT_LEN]);
		total += len;
		stream_consume(s, len);
	}
	*ret_damage = stream_damage(s); /* static texts */
	assert_true(stream_finish(s, &custody, NULL));
	assert_int_equal(custody.file_bytes, file_len);
	assert_int_equal(custody.content_bytes, total);
	assert_int_equal(digest_cmp(&custody.file, &want), 0);
	stream_close(s);
	unlink(f.path);
	return total;
}

static void decodes_members_in_a_row_and_one_inside_another(void **state)
{
	struct packed one, two;
	const char *damage;
	uint8_t row[3 * sizeof(one.bytes)];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(packers); i++) {
		packers[i].pack(&one, content(), CONTENT_LEN);
		memcpy(row, one.bytes, one.len);
		memcpy(row + one.len, one.bytes, one.len);
		memset(row + 2 * one.len, 0, 100); /* padding, as on a tape */
		assert_int_equal(read_all(row, one.len, packers[i].name, &damage), CONTENT_LEN);
		assert_null(damage);
		assert_int_equal(
		    read_all(row, 2 * one.len, packers[i].name, &damage), 2 * CONTENT_LEN);
		assert_null(damage);
		assert_int_equal(
		    read_all(row, 2 * one.len + 100, packers[i].name, &damage), 2 * CONTENT_LEN);
		assert_null(damage);
		for (size_t k = 0; k < COUNT_OF(packers); k++) {
			packers[k].pack(&two, one.bytes, one.len);
			assert_int_equal(
			    read_all(two.bytes, two.len, packers[k].name, &damage), CONTENT_LEN);
			assert_null(damage);
		}
	}
}

static void keeps_what_comes_before_a_cut(void **state)
{
	struct packed p;
	const char *damage;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(packers); i++) {
		packers[i].pack(&p, content(), CONTENT_LEN);
		for (size_t n = 6; n < p.len; n++) {
			const size_t total = read_all(p.bytes, n, packers[i].name, &damage);

			assert_string_equal(damage, "compressed data is cut short");
			if (packers[i].kept_at_cuts && n > p.len / 2)
				assert_true(total > CONTENT_LEN / 4);
		}
	}
}

static void tells_of_other_bytes_behind_and_of_damage_within(void **state)
{
	struct packed p;
	const char *damage;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(packers); i++) {
		packers[i].pack(&p, content(), CONTENT_LEN);
		memcpy(p.bytes + p.len, "overwritten", 11);
		assert_int_equal(
		    read_all(p.bytes, p.len + 11, packers[i].name, &damage), CONTENT_LEN);
		assert_string_equal(damage, "other bytes follow the compressed data");
	}
	/* a gzip member whose checksum is wrong: content and damage */
	pack_gzip(&p, content(), CONTENT_LEN);
	p.bytes[p.len - 5] ^= 1;
	assert_int_equal(read_all(p.bytes, p.len, "gzip", &damage), CONTENT_LEN);
	assert_string_equal(damage, "compressed data is damaged");
}

static size_t thread_count(void)
{
	DIR *tasks = opendir("/proc/self/task");
	size_t count = 0;

	assert_non_null(tasks);
	for (struct dirent *entry; (entry = readdir(tasks)) != NULL;)
		count += entry->d_name[0] != '.';
	(void)closedir(tasks);
	return count;
}

/* The same content plain and packed, that many bytes of it: bytes, digests and damage agree. */
static void compare_with_plain(const uint8_t *plain, const uint8_t *packed, size_t packed_len,
    size_t want_len, const char *want_damage)
{
	struct file f = write_file(packed, packed_len);
	struct stream *s = open_stream(&f);
	struct digest want = digest_of(plain, want_len);
	struct digest want_file = digest_of(packed, packed_len);
	struct stream_custody custody;
	const uint8_t *bytes;
	size_t len = 1;

	while (len > 0) {
		assert_true(stream_peek(s, 100000, &bytes, &len, NULL));
		assert_true(stream_offset(s) + len <= want_len);
		assert_memory_equal(bytes, plain + stream_offset(s), len);
		assert_true(stream_raw_offset(s) <= packed_len);
		stream_consume(s, len < 77777 ? len : 77777);
	}
	assert_int_equal(stream_offset(s), want_len);
	if (want_damage == NULL)
		assert_null(stream_damage(s));
	else
		assert_string_equal(stream_damage(s), want_damage);
	assert_true(stream_finish(s, &custody, NULL));
	assert_int_equal(custody.file_bytes, packed_len);
	assert_int_equal(digest_cmp(&custody.content, &want), 0);
	assert_int_equal(digest_cmp(&custody.file, &want_file), 0);
	stream_close(s);
	unlink(f.path);
}

#define LONG_LEN 6000007

static void reads_long_content_ahead_as_if_it_did_not(void **state)
{
	uint8_t *plain = malloc(LONG_LEN);
	uint8_t *packed = malloc(2 * LONG_LEN);
	z_stream z = { .next_out = packed, .avail_out = 2 * LONG_LEN };

	(void)state;
	for (size_t i = 0; i < LONG_LEN; i++)
		plain[i] = (uint8_t)(i * UINT64_C(2654435761) >> 27);
	/* not packed at all, so that the length before a cut is known: 65535 bytes and 5 of each block */
	assert_int_equal(deflateInit2(&z, 0, Z_DEFLATED, 15 + 16, 9, 0), Z_OK);
	z.next_in = plain;
	z.avail_in = LONG_LEN;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	assert_int_equal(deflateEnd(&z), Z_OK);
	compare_with_plain(plain, packed, z.total_out, LONG_LEN, NULL);
	for (size_t cut = z.total_out - 1; cut > 400000; cut = cut * 3 / 4) {
		uint8_t *whole = malloc(LONG_LEN);
		z_stream u = {
			.next_in = packed, .avail_in = cut, .next_out = whole, .avail_out = LONG_LEN
		};

		assert_int_equal(inflateInit2(&u, 15 + 16), Z_OK);
		(void)inflate(&u, Z_SYNC_FLUSH);
		compare_with_plain(plain, packed, cut, u.total_out, "compressed data is cut short");
		assert_int_equal(inflateEnd(&u), Z_OK);
		free(whole);
	}
	memcpy(packed + z.total_out, "overwritten", 11);
	compare_with_plain(
	    plain, packed, z.total_out + 11, LONG_LEN, "other bytes follow the compressed data");
	free(plain);
	free(packed);
}

static void has_a_thread_for_long_compressed_files_alone(void **state)
{
	enum { LEN = 3 << 20 };
	uint8_t *plain = calloc(1, LEN);
	struct packed p;
	bool there;

	(void)state;
	memset(plain, 'x', LEN);
	for (int compressed = 0; compressed < 2; compressed++) {
		const size_t before = thread_count();
		struct file f;
		struct stream *s;

		if (compressed)
			pack_gzip(&p, plain, LEN);
		f = compressed ? write_file(p.bytes, p.len) : write_file(plain, LEN);
		s = open_stream(&f);
		assert_true(stream_seek(s, 1 << 19, &there, NULL));
		assert_int_equal(thread_count(), before);
		assert_true(stream_seek(s, LEN - 1, &there, NULL));
		if (!compressed || parallel_default_jobs() < 2)
			assert_int_equal(thread_count(), before);
		else /* it may have ended, and is joined when the stream is closed */
			assert_in_range(thread_count(), before, before + 1);
		stream_close(s); /* before the end */
		assert_int_equal(thread_count(), before);
		unlink(f.path);
	}
	free(plain);
}

static void tells_what_cannot_be_opened(void **state)
{
	struct stream *s = NULL;
	struct err e = { 0 };

	(void)state;
	assert_false(stream_open("/nonexistent/x.pcap", &s, &e));
	assert_int_equal(e.code, ERR_SYSTEM);
	assert_non_null(strstr(e.text, "/nonexistent/x.pcap"));
	assert_false(stream_open("/tmp", &s, &e)); /* opens, but cannot be read */
	assert_int_equal(e.code, ERR_SYSTEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_lines_with_and_without_ends),
		cmocka_unit_test(cuts_a_line_over_the_maximum_and_goes_on_behind_it),
		cmocka_unit_test(an_empty_file_is_an_end_and_no_error),
		cmocka_unit_test(digests_what_was_consumed_and_the_whole),
		cmocka_unit_test(decodes_members_in_a_row_and_one_inside_another),
		cmocka_unit_test(keeps_what_comes_before_a_cut),
		cmocka_unit_test(tells_of_other_bytes_behind_and_of_damage_within),
		cmocka_unit_test(reads_long_content_ahead_as_if_it_did_not),
		cmocka_unit_test(has_a_thread_for_long_compressed_files_alone),
		cmocka_unit_test(tells_what_cannot_be_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
