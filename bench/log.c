/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-log FILE...: what reading a log costs, with no store behind it. Beside it the floor, in
 * the same run: read(2) and memchr() for the line ends, and the same through the stream with its
 * digest; what comes on top of the latter is the reader's own share. Rows and MB per CPU second,
 * user and system.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "evidence/reader.h"

struct tally {
	uint64_t rows;
	uint64_t bytes;
	uint64_t facts;
};

static double cpu_seconds(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static bool read_lines(const char *path, struct tally *t)
{
	static char block[256 << 10];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	while (fd >= 0 && (n = read(fd, block, sizeof(block))) > 0) {
		const char *at = block;
		const char *end = block + n;

		t->bytes += (uint64_t)n;
		while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
			at++;
			t->rows++;
		}
	}
	if (fd >= 0)
		(void)close(fd);
	return n == 0;
}

static bool read_stream(const char *path, struct tally *t)
{
	struct stream *s = NULL;
	struct stream_line line = { .bytes = NULL };
	struct err err;

	if (!stream_open(path, &s, &err))
		return false;
	while (stream_line(s, LIMIT_LOG_LINE_BYTES, &line, &err) && line.bytes != NULL)
		t->rows++;
	t->bytes = stream_offset(s);
	stream_close(s);
	return line.bytes == NULL;
}

static bool read_records(const char *path, struct tally *t)
{
	bool ok = false;
	struct stream *s = NULL;
	struct reader *r = NULL;
	const struct reader_format *format = NULL;
	struct health h = { .count = 0 };
	struct record record;
	const uint8_t *head;
	struct err err;
	enum next next = NEXT_FAILED;
	size_t len;

	if (!stream_open(path, &s, &err) || !stream_peek(s, READER_PROBE_BYTES, &head, &len, &err))
		goto out;
	format = reader_detect(head, len);
	if (format == NULL || !format->open(s, &h, &r, &err))
		goto out;
	while ((next = format->next(r, &record, &err)) == NEXT_ITEM || next == NEXT_SKIPPED) {
		t->rows++;
		t->facts += next == NEXT_ITEM ? record.fact_count : 0;
	}
	t->bytes = stream_offset(s);
	ok = next == NEXT_END;
out:
	if (format != NULL && r != NULL)
		format->close(r);
	stream_close(s);
	return ok;
}

static bool measure(const char *job, bool (*run)(const char *, struct tally *), const char *path,
    double *ret_seconds)
{
	struct tally t = { .rows = 0 };
	double start = cpu_seconds();
	double spent;

	if (!run(path, &t)) {
		(void)fprintf(stderr, "cannot read '%s'\n", path);
		return false;
	}
	spent = cpu_seconds() - start;
	(void)printf("%-24s %8.2f M rows/s %8.0f MB/s %6.0f ns/row %9" PRIu64 " rows %9" PRIu64
		     " facts\n",
	    job, (double)t.rows / spent * 1e-6, (double)t.bytes / spent * 1e-6,
	    spent / (double)t.rows * 1e9, t.rows, t.facts);
	*ret_seconds = spent / (double)t.rows;
	return true;
}

int main(int argc, char **argv)
{
	double lines, stream, records; /* seconds a row */

	for (int i = 1; i < argc; i++) {
		(void)printf("%s, per CPU second\n", argv[i]);
		if (!measure("floor: read, line ends", read_lines, argv[i], &lines) ||
		    !measure("stream, digest, lines", read_stream, argv[i], &stream) ||
		    !measure("contacts and facts", read_records, argv[i], &records))
			return 1;
		(void)printf("%-24s %8.2f M rows/s %16s %6.0f ns/row\n", "the reader's own share",
		    1e-6 / (records - stream), "", (records - stream) * 1e9);
	}
	return 0;
}
