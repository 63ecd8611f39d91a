/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Run a reader over the input, and check what every reader owes its caller: it comes to an end,
 * what it yields is well formed, what it consumed is no more than there was, and read on from
 * the middle it ends at the same place.
 */
#ifndef TESTS_FUZZ_READER_H
#define TESTS_FUZZ_READER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evidence/codec.h"
#include "evidence/reader.h"

/* What a user would have said of every input. */
static struct hints fuzz_hints;

static inline void must(bool ok)
{
	if (!ok)
		abort();
}

static inline void check_endpoint(const struct endpoint *e)
{
	struct endpoint copy;

	if (e->form == ENDPOINT_NAME) {
		must(endpoint_from_wire(&copy, e->bytes, e->len));
		must(endpoint_cmp(&copy, e) == 0); /* was in lower case already */
	}
}

static inline void check_contact(const struct contact *c)
{
	must(c->target.form != ENDPOINT_NONE);
	check_endpoint(&c->target);
	check_endpoint(&c->peer); /* may be none: who asked is not always told */
	must(c->digits <= 9);
	must(c->seen >= SEEN_QUERY && c->seen <= SEEN_BOTH);
	must(c->kind == KIND_CONN || c->kind == KIND_MAIL ||
	     (c->outcome == OUTCOME_NONE) == (c->seen == SEEN_QUERY));
}

static inline void check_record(const struct record *r)
{
	must(r->contact != NULL || r->fact_count > 0 || r->loss != NULL);
	must(r->contact == NULL || r->loss == NULL);
	if (r->contact != NULL)
		check_contact(r->contact);
	for (size_t i = 0; i < r->fact_count; i++) {
		must(r->facts[i].owner.form != ENDPOINT_NONE &&
		     r->facts[i].data.form != ENDPOINT_NONE);
		check_endpoint(&r->facts[i].owner);
		check_endpoint(&r->facts[i].data);
		must(r->facts[i].type != 0 && r->facts[i].count > 0);
		must(r->facts[i].first_ns <= r->facts[i].last_ns);
	}
}

/* From that offset to the end. Returns how much was consumed; *ret_offset: after the first item. */
static inline uint64_t run_reader(
    const struct reader_format *format, int fd, size_t len, uint64_t offset, uint64_t *ret_offset)
{
	struct stream *s = NULL;
	struct reader *r = NULL;
	struct health h = { .count = 0 };
	struct record record;
	struct err err;
	uint64_t consumed;
	char path[64];
	enum next next;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	must(stream_open(path, &s, &err));
	stream_set_hints(s, &fuzz_hints);
	must(format->open(s, &h, &r, &err));
	must(offset == 0 || format->resume(r, offset, &err));
	for (;;) {
		memset(&record, 0xa5, sizeof(record)); /* every member of an item is filled */
		next = format->next(r, &record, &err);
		if (next == NEXT_END)
			break;
		must(next == NEXT_ITEM || next == NEXT_SKIPPED);
		if (next == NEXT_ITEM)
			check_record(&record);
		if (*ret_offset == 0)
			*ret_offset = format->consumed(r);
	}
	consumed = format->consumed(r);
	must(consumed >= offset && consumed <= len);
	format->close(r);
	stream_close(s);
	return consumed;
}

static inline void fuzz_reader(const struct reader_format *format, const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("input", 0);
	uint64_t middle = 0;
	uint64_t consumed;

	(void)format->probe(bytes, len);
	must(fd >= 0);
	if (codec_detect(bytes, len) == NULL) { /* decompression is another harness's */
		must(write(fd, bytes, len) == (ssize_t)len);
		consumed = run_reader(format, fd, len, 0, &middle);
		if (middle > 0 && format->resume != NULL)
			must(run_reader(format, fd, len, middle, &middle) == consumed);
	}
	(void)close(fd);
}

#endif
