/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stream over any bytes, read in two ways: by lines, and by peeks of odd lengths. Both must see
 * the same content, by its digest and length, and leave the file's digest alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evidence/stream.h"

#define CONTENT_MAX (1u << 20) /* a few bytes can stand for gigabytes */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* False: there is more content than we want to see. */
static bool read_lines(struct stream *s)
{
	struct stream_line line;
	uint64_t last = 0;

	do {
		require(stream_line(s, 50, &line, NULL));
		require(line.bytes == NULL || line.offset == last);
		require(line.len <= 50);
		last = stream_offset(s);
	} while (line.bytes != NULL && last < CONTENT_MAX);
	return line.bytes == NULL;
}

static bool read_peeks(struct stream *s)
{
	const uint8_t *content;
	size_t len;
	size_t want = 1;

	do {
		require(stream_peek(s, want, &content, &len, NULL));
		stream_consume(s, len < want ? len : want);
		want = want * 3 % 7001;
	} while (len > 0 && stream_offset(s) < CONTENT_MAX);
	return len == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const int fd = memfd_create("fuzz", 0);
	char path[64];
	struct stream_custody custody[2];
	bool whole = true;

	require(fd >= 0 && write(fd, bytes, len) == (ssize_t)len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	for (int way = 0; way < 2 && whole; way++) {
		struct stream *s = NULL;
		struct err err = { .code = ERR_NONE };

		if (!stream_open(path, &s, &err)) {
			require(err.code == ERR_MEMORY); /* an xz that wants too much */
			whole = false;
			break;
		}
		whole = way == 0 ? read_lines(s) : read_peeks(s);
		if (whole) {
			require(stream_finish(s, &custody[way], NULL));
			require(custody[way].content_bytes == stream_offset(s));
			require(custody[way].file_bytes == len);
		}
		stream_close(s);
	}
	if (whole) {
		require(custody[0].content_bytes == custody[1].content_bytes);
		require(digest_cmp(&custody[0].content, &custody[1].content) == 0);
		require(digest_cmp(&custody[0].file, &custody[1].file) == 0);
	}
	(void)close(fd);
	return 0;
}
