/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-log [--year=YYYY] [--columns=MAP] FILE...: what reading a log costs, with no store behind
 * it; several files are one log. Beside it the floor, in the same run: read(2) and memchr() for
 * the line ends, and the same through the stream with its digest and decompression; what comes on
 * top of the latter is the reader's own share. Rows and MB of content per CPU second, user and
 * system; of records those that were read, with the skipped ones behind them.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/limits.h"
#include "evidence/hints.h"
#include "evidence/reader.h"
#include "evidence/table.h"

struct tally {
	uint64_t rows;
	uint64_t bytes;
	uint64_t facts;
	uint64_t skipped;
	const char *format; /* of the last file that was read as records */
};

/* What the command line says of the log. */
struct told {
	struct hints hints;
	struct table_map map;
};

static double cpu_seconds(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       1e-6 * (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static bool read_lines(const char *path, const struct told *told, struct tally *t)
{
	static char block[256 << 10];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	(void)told;
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

static bool read_stream(const char *path, const struct told *told, struct tally *t)
{
	struct stream *s = NULL;
	struct stream_line line = { .bytes = NULL };
	struct err err;

	(void)told;
	if (!stream_open(path, &s, &err))
		return false;
	while (stream_line(s, LIMIT_LOG_LINE_BYTES, &line, &err) && line.bytes != NULL)
		t->rows++;
	t->bytes += stream_offset(s);
	stream_close(s);
	return line.bytes == NULL;
}

static bool read_records(const char *path, const struct told *told, struct tally *t)
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
	if (format == NULL && told->hints.map != NULL && table_fits(told->hints.map, head, len))
		format = &reader_table;
	stream_set_hints(s, &told->hints);
	if (format == NULL || !format->open(s, &h, &r, &err))
		goto out;
	while ((next = format->next(r, &record, &err)) == NEXT_ITEM || next == NEXT_SKIPPED) {
		t->rows += next == NEXT_ITEM;
		t->facts += next == NEXT_ITEM ? record.fact_count : 0;
	}
	t->skipped += health_total(&h);
	t->format = format->name;
	t->bytes += stream_offset(s);
	ok = next == NEXT_END;
out:
	if (format != NULL && r != NULL)
		format->close(r);
	stream_close(s);
	return ok;
}

typedef bool job(const char *path, const struct told *told, struct tally *t);

struct cost {
	double seconds;
	double rows;
};

static bool measure(
    const char *name, job *run, char **paths, const struct told *told, struct cost *ret)
{
	struct tally t = { .format = "" };
	double start = cpu_seconds();

	for (size_t i = 0; paths[i] != NULL; i++) {
		if (!run(paths[i], told, &t)) {
			(void)fprintf(stderr, "cannot read '%s'\n", paths[i]);
			return false;
		}
	}
	*ret = (struct cost){ cpu_seconds() - start, (double)t.rows };
	(void)printf("%-24s %8.2f M rows/s %8.1f MB/s %6.0f ns/row %9" PRIu64 " rows %9" PRIu64
		     " facts %9" PRIu64 " skipped %s\n",
	    name, ret->rows / ret->seconds * 1e-6, (double)t.bytes / ret->seconds * 1e-6,
	    ret->seconds / ret->rows * 1e9, t.rows, t.facts, t.skipped, t.format);
	return true;
}

/* The options before the files. NULL: one of them is none. */
static char **read_options(char **word, struct told *told)
{
	static const char columns[] = "--columns=";
	struct err err;

	for (; *word != NULL && strncmp(*word, "--", 2) == 0; word++) {
		const char *map = *word + sizeof(columns) - 1;

		if (sscanf(*word, "--year=%" SCNd64, &told->hints.year) == 1)
			continue;
		if (strncmp(*word, columns, sizeof(columns) - 1) != 0 ||
		    !table_map_read(&told->map, map, strlen(map), &err))
			return NULL;
		told->hints.map = &told->map;
	}
	return *word == NULL ? NULL : word;
}

int main(int argc, char **argv)
{
	struct told told = { .hints = { .year = 0 } };
	char **paths = argc > 1 ? read_options(argv + 1, &told) : NULL;
	struct cost lines, stream, records;
	double share;

	if (paths == NULL) {
		(void)fprintf(stderr, "usage: bench-log [--year=YYYY] [--columns=MAP] FILE...\n");
		return 2;
	}
	(void)printf("%s, per CPU second\n", paths[0]);
	if (!measure("floor: read, line ends", read_lines, paths, &told, &lines) ||
	    !measure("stream, digest, lines", read_stream, paths, &told, &stream) ||
	    !measure("contacts and facts", read_records, paths, &told, &records))
		return 1;
	share = records.seconds - stream.seconds;
	(void)printf("%-24s %8.2f M rows/s %16s %6.0f ns/row\n", "the reader's own share",
	    records.rows / share * 1e-6, "", share / records.rows * 1e9);
	return 0;
}
