/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Print what a reader makes of the files named, in the numbers of the interface and in the log's
 * order: the side of tests/e2e/zeek_rows.py that is to be tested. A line per contact, per fact,
 * per reason to skip and per assumption, and one at the end of each file. --year=YYYY is for the
 * files behind it; --dates adds to facts when they were so first.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/stamp.h"
#include "contact/contact.h"
#include "evidence/reader.h"

static void print_contact(const struct contact *c)
{
	char time[STAMP_TEXT_MAX];
	char peer[ENDPOINT_TEXT_MAX];
	char target[ENDPOINT_TEXT_MAX];

	(void)stamp_format_epoch((struct stamp){ .ns = c->time_ns, .digits = c->digits }, time);
	(void)endpoint_format(&c->peer, peer);
	(void)endpoint_format(&c->target, target);
	(void)printf("contact\t%s\t%s\t%s\t%s\t%u\t%u\t%" PRIu32 "\t%s\t%s\n", time,
	    contact_kind_name(c->kind), peer, target, c->type, c->outcome, c->ttl,
	    contact_direction_name(c->direction), contact_seen_name(c->seen));
}

static void print_fact(const struct fact *f, bool dated)
{
	char time[STAMP_TEXT_MAX];
	char owner[ENDPOINT_TEXT_MAX];
	char data[ENDPOINT_TEXT_MAX];

	(void)endpoint_format(&f->owner, owner);
	(void)endpoint_format(&f->data, data);
	(void)printf("fact\t%s\t%u\t%s\t%" PRIu32, owner, f->type, data, f->ttl);
	(void)stamp_format_epoch((struct stamp){ .ns = f->first_ns, .digits = f->digits }, time);
	(void)printf(dated ? "\t%s\n" : "\n", time);
}

static bool dump(const char *path, const struct hints *hints, bool dated, struct err *reterr)
{
	bool ok = false;
	struct stream *s = NULL;
	struct reader *r = NULL;
	const struct reader_format *format = NULL;
	struct health h = { .count = 0 };
	struct record record;
	const uint8_t *head;
	enum next next;
	size_t len;

	if (!stream_open(path, &s, reterr) ||
	    !stream_peek(s, READER_PROBE_BYTES, &head, &len, reterr))
		goto out;
	format = reader_detect(head, len);
	stream_set_hints(s, hints);
	if (format == NULL) {
		(void)printf("end\tnone\t0\n");
		ok = true;
		goto out;
	}
	if (!format->open(s, &h, &r, reterr))
		goto out;
	while ((next = format->next(r, &record, reterr)) == NEXT_ITEM || next == NEXT_SKIPPED) {
		if (next == NEXT_SKIPPED)
			continue;
		if (record.contact != NULL)
			print_contact(record.contact);
		for (size_t i = 0; i < record.fact_count; i++)
			print_fact(&record.facts[i], dated);
	}
	for (size_t i = 0; i < h.count; i++)
		(void)printf("skipped\t%s\t%" PRIu64 "\t%" PRIu64 "\n", h.reasons[i].reason,
		    h.reasons[i].count, h.reasons[i].first_offset);
	for (int i = 0; i < HEALTH_ASSUMPTIONS; i++)
		if (h.assumed[i] > 0)
			(void)printf("assumed\t%s\t%" PRIu64 "\n",
			    health_assumption_text((enum health_assumption)i), h.assumed[i]);
	(void)printf("end\t%s\t%" PRIu64 "\n", format->name, format->consumed(r));
	ok = next == NEXT_END;
out:
	if (format != NULL && r != NULL)
		format->close(r);
	stream_close(s);
	return ok;
}

int main(int argc, char **argv)
{
	struct err err = { .text = "" };

	struct hints hints = { .year = 0 };
	bool dated = false;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--dates") == 0) {
			dated = true;
			continue;
		}
		if (sscanf(argv[i], "--year=%" SCNd64, &hints.year) == 1 ||
		    dump(argv[i], &hints, dated, &err))
			continue;
		(void)fprintf(stderr, "%s: %s\n", argv[i], err.text);
		return 2;
	}
	return 0;
}
