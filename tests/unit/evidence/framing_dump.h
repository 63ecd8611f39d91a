/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Run a framing over bytes in memory, and keep what it said. */
#ifndef TEST_FRAMING_DUMP_H
#define TEST_FRAMING_DUMP_H

#include <string.h>

#include "evidence/framing.h"

#include "stream_of.h"

#define DUMP_MAX 16

struct dump {
	bool opened;
	size_t packet_count;
	struct captured packets[DUMP_MAX]; /* bytes points into copies */
	uint8_t copies[DUMP_MAX][64];
	size_t skipped;
	struct health health;
	uint64_t consumed;
	struct err err;
};

static void dump_of(const struct framing_kind *kind, const void *bytes, size_t len, struct dump *d)
{
	struct stream *s = stream_of(bytes, len);
	struct framing *f = NULL;
	struct captured c;
	enum next status;

	memset(d, 0, sizeof(*d));
	d->opened = kind->open(s, &d->health, &f, &d->err);
	while (d->opened) {
		status = kind->next(f, &c, &d->err);
		assert_int_not_equal(status, NEXT_FAILED);
		if (status == NEXT_END)
			break;
		if (status == NEXT_SKIPPED) {
			d->skipped++;
			continue;
		}
		assert_true(d->packet_count < DUMP_MAX);
		assert_true(c.len <= sizeof(d->copies[0]));
		memcpy(d->copies[d->packet_count], c.bytes, c.len);
		c.bytes = d->copies[d->packet_count];
		d->packets[d->packet_count++] = c;
	}
	if (d->opened) {
		d->consumed = kind->consumed(f);
		kind->close(f);
	}
	assert_int_equal(d->skipped, health_total(&d->health));
	stream_close(s);
}

#endif
