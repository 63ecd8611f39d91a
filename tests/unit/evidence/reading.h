/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read a log given as text with one reader, whole, and keep what came out for inspection. */
#ifndef TESTS_UNIT_EVIDENCE_READING_H
#define TESTS_UNIT_EVIDENCE_READING_H

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/stamp.h"
#include "evidence/reader.h"

#define READING_MAX 16

struct reading {
	struct contact contacts[READING_MAX];
	struct fact facts[4 * READING_MAX];
	size_t contact_count;
	size_t fact_count;
	struct health health;
	uint64_t consumed;
	enum vantage vantage;
};

/* What the user and the file's date say, for every stream made from here on. */
static struct hints reading_hints;

/* A stream over the bytes. The test fails where that cannot be had. */
static inline struct stream *reading_stream(const void *bytes, size_t len)
{
	int fd = memfd_create("log", 0);
	struct stream *s = NULL;
	struct err err;
	char path[64];

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_true(stream_open(path, &s, &err));
	(void)close(fd);
	stream_set_hints(s, &reading_hints);
	return s;
}

/* From that offset on; 0 is the beginning. */
static inline void reading_from(struct reading *r, const struct reader_format *format,
    const void *bytes, size_t len, uint64_t offset)
{
	struct stream *s = reading_stream(bytes, len);
	struct reader *reader = NULL;
	struct record record;
	struct err err;
	enum next next;

	*r = (struct reading){ .contact_count = 0 };
	assert_true(format->open(s, &r->health, &reader, &err));
	if (offset > 0)
		assert_true(format->resume(reader, offset, &err));
	for (;;) {
		/* every member of an item is filled, whatever the memory held */
		memset(&record, 0xa5, sizeof(record));
		next = format->next(reader, &record, &err);
		if (next == NEXT_END)
			break;
		assert_int_not_equal(next, NEXT_FAILED);
		if (next == NEXT_SKIPPED)
			continue;
		assert_true(record.loss == NULL || record.contact == NULL);
		assert_true(r->contact_count < READING_MAX);
		if (record.contact != NULL)
			r->contacts[r->contact_count++] = *record.contact;
		for (size_t i = 0; i < record.fact_count; i++) {
			assert_true(r->fact_count < 4 * READING_MAX);
			r->facts[r->fact_count++] = record.facts[i];
		}
	}
	r->consumed = format->consumed(reader);
	r->vantage = format->vantage == NULL ? VANTAGE_UNKNOWN : format->vantage(reader);
	format->close(reader);
	stream_close(s);
}

static inline void reading_of(
    struct reading *r, const struct reader_format *format, const char *text)
{
	reading_from(r, format, text, strlen(text), 0);
}

/* However short the log is cut, what it holds and what comes when it has grown are the whole. */
static inline void reading_truncations(
    const struct reader_format *format, const char *log, size_t contacts)
{
	static struct reading whole, begun, rest;
	size_t full = strlen(log);

	reading_of(&whole, format, log);
	assert_int_equal(whole.contact_count, contacts);
	for (size_t len = 0; len <= full; len++) {
		(void)format->probe((const uint8_t *)log, len);
		reading_from(&begun, format, log, len, 0);
		assert_true(begun.consumed <= len);
		reading_from(&rest, format, log, full, begun.consumed);
		assert_int_equal(begun.contact_count + rest.contact_count, contacts);
		assert_int_equal(begun.fact_count + rest.fact_count, whole.fact_count);
		for (size_t i = 0; i < contacts; i++) {
			const struct contact *c = i < begun.contact_count
						      ? &begun.contacts[i]
						      : &rest.contacts[i - begun.contact_count];

			assert_int_equal(c->time_ns, whole.contacts[i].time_ns);
			assert_int_equal(c->type, whole.contacts[i].type);
			assert_int_equal(endpoint_cmp(&c->target, &whole.contacts[i].target), 0);
			assert_int_equal(endpoint_cmp(&c->peer, &whole.contacts[i].peer), 0);
		}
	}
}

/* How often records were skipped for that reason. */
static inline uint64_t reading_skipped(const struct reading *r, const char *reason)
{
	for (size_t i = 0; i < r->health.count; i++)
		if (strcmp(r->health.reasons[i].reason, reason) == 0)
			return r->health.reasons[i].count;
	return 0;
}

/* The text of an endpoint; valid until the next call but three. */
static inline const char *reading_text(const struct endpoint *e)
{
	static char texts[4][ENDPOINT_TEXT_MAX];
	static unsigned turn;
	char *text = texts[turn++ % 4];

	(void)endpoint_format(e, text);
	return text;
}

#endif
