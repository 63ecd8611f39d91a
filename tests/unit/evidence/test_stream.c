/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

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
	} want[] = { { "one", 0, true }, { "", 5, true }, { "two", 6, true }, { "last", 10, false } };
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
		cmocka_unit_test(tells_what_cannot_be_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
