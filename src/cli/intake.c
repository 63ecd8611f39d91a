/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A source goes through the reader into the haystack's writer. Only at its end is its digest
 * known, and with it whether it was in before: then the writer forgets its rows.
 */
#include "cli/intake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/attr.h"
#include "base/limits.h"
#include "base/size.h"
#include "cli/diag.h"
#include "cli/growth.h"
#include "evidence/table.h"

/* what was assumed stands beside what was skipped */
#define SKIPS_MAX (HEALTH_REASONS_MAX + HEALTH_ASSUMPTIONS)

/* One source under way. */
struct intake {
	const struct walk_item *item;
	struct stream *stream;
	const struct reader_format *format;
	struct reader *reader;
	struct health health;
	struct source source;
	struct capture_loss *losses; /* the source's, while it is under way */
	size_t loss_capacity;
	bool any;                    /* a contact or a fact came */
	uint8_t head[CASE_HEAD_MAX]; /* the first bytes of the content */
};

/* ---- what is in already ---- */

static bool is_stored(const struct ingest *in, const struct digest *content)
{
	return haystack_writer_has(in->writer, content) ||
	       haystack_has_source(in->workspace->haystack, content);
}

/*
 * Are the rows of that source where they should be? What it says of losses is in the catalogue;
 * one without other records has none in the haystack.
 */
static bool has_rows(const struct ingest *in, const struct source *s)
{
	return s->records == s->loss.intervals || is_stored(in, &s->content);
}

/* The same of a source by its content: one that tells of losses alone is in the catalogue. */
static bool is_kept(const struct ingest *in, const struct digest *content)
{
	struct source s;
	struct err err;

	return is_stored(in, content) ||
	       (case_find_content(in->workspace->casefile, content, &s, &err) &&
		   s.loss.intervals > 0 && has_rows(in, &s));
}

/* ---- what is said of a file ---- */

/* This source cannot be read. Without memory no other can be either; a stop is not its fault. */
static enum intake_outcome give_up(
    struct ingest *in, const struct walk_item *item, const struct err *why, struct err *reterr)
{
	if (why->code == ERR_MEMORY) {
		*reterr = *why;
		return INTAKE_BROKEN;
	}
	if (why->code == ERR_STOPPED)
		return INTAKE_STOPPED;
	progress_clear(&in->workspace->progress);
	diag_err(why);
	in->result.unread++;
	if (item->named)
		in->result.named_failed = true;
	return INTAKE_GIVEN_UP;
}

/* A file that the user named and that gave nothing is a failure; in a directory it is not. */
static void say_if_empty(struct ingest *in, const struct walk_item *item, const struct source *s)
{
	const struct reader_format *format = reader_find(s->format);
	const bool is_facts = format != NULL && format->facts_alone && s->records > 0;
	const bool is_losses = s->records > 0 && s->loss.intervals == s->records;

	if (!item->named || s->contacts > 0 || s->continues || is_losses)
		return;
	progress_clear(&in->workspace->progress);
	if (s->file_bytes == 0)
		diag_say("'%s' is empty", item->path);
	else if (is_facts)
		diag_say("'%s' (%s) holds facts and no contacts: it can support succession, never "
			 "rhythm",
		    item->path, s->format);
	else if (s->state == SOURCE_UNKNOWN)
		diag_say("'%s' is of no format known here, name one with --format if it is: "
			 "nothing read",
		    item->path);
	else
		diag_say("'%s' (%s) holds no contacts", item->path, s->format);
	in->result.named_failed = in->result.named_failed || !is_facts;
}

static void say_damaged(struct ingest *in, const struct intake *t)
{
	const struct health_reason *why = &t->health.reasons[0];

	progress_clear(&in->workspace->progress);
	if (t->health.count == 0)
		diag_say("'%s' is damaged; what could be read is in: %" PRIu64 " contacts",
		    t->item->path, t->source.contacts);
	else
		diag_say("'%s' is damaged (%s, first at byte %" PRIu64
			 "); what could be read is in: %" PRIu64 " contacts",
		    t->item->path, why->reason, why->first_offset, t->source.contacts);
}

/* ---- one source ---- */

static void close_reader(struct intake *t)
{
	if (t->reader != NULL)
		t->format->close(t->reader);
	t->reader = NULL;
	stream_close(t->stream);
	t->stream = NULL;
}

/* For each block that is read: the clock and the signals. */
static bool look_up(void *context, uint64_t raw_offset)
{
	struct ingest *in = context;
	struct workspace *w = in->workspace;

	progress_update(
	    &w->progress, "reading", in->bytes_done + raw_offset, in->bytes_total, true);
	return stop_asked(&w->stop);
}

static bool open_stream(struct ingest *in, struct intake *t, struct err *reterr)
{
	struct hints hints = in->how.hints;
	struct stat st;

	if (!stream_open_watched(t->item->path, look_up, in, &t->stream, reterr))
		return false;
	if (strcmp(t->item->path, "-") != 0 && stat(t->item->path, &st) == 0 &&
	    S_ISREG(st.st_mode)) {
		hints.dated = true;
		hints.file_s = st.st_mtim.tv_sec;
	}
	stream_set_hints(t->stream, &hints);
	return true;
}

static bool open_reader(struct ingest *in, struct intake *t, struct err *reterr)
{
	close_reader(t);
	t->health = (struct health){ .count = 0 };
	return open_stream(in, t, reterr) &&
	       t->format->open(t->stream, &t->health, &t->reader, reterr);
}

/* Stand behind the prefix, and see whether it is the one that was read before. */
static bool fits(struct intake *t, const struct case_prefix *from, struct err *ret_why)
{
	struct digest here;

	/* a content that is shorter, or that is damaged there, has grown from something else */
	return t->format->resume(t->reader, from->bytes, ret_why) &&
	       stream_offset(t->stream) == from->bytes &&
	       stream_digest_here(t->stream, &here, ret_why) &&
	       digest_cmp(&here, &from->consumed) == 0;
}

/*
 * Stand the reader where the longest fitting prefix ends. Each prefix that does not fit costs a
 * new opening; what cannot be read twice is read as if it were new, and the haystack's view of
 * equal rows in two sources makes up for it.
 */
static bool step_over_prefix(
    struct ingest *in, struct intake *t, const struct growth *g, struct err *reterr)
{
	for (size_t i = 0; i < g->count; i++) {
		struct err why = { .code = ERR_NONE };

		/* what the haystack has lost must be read again */
		if (!is_kept(in, &g->from[i].content))
			continue;
		if (fits(t, &g->from[i], &why)) {
			t->source.continues = true;
			t->source.continued = g->from[i].content;
			return true;
		}
		if (why.code == ERR_MEMORY || why.code == ERR_STOPPED) {
			*reterr = why;
			return false;
		}
		if (!open_reader(in, t, reterr))
			return false;
	}
	return true;
}

static bool look_up_growth(struct ingest *in, struct intake *t, const uint8_t *head,
    size_t head_len, struct growth *ret, struct err *reterr)
{
	ret->count = 0;
	if (!stream_is_repeatable(t->stream) || t->format->resume == NULL)
		return true;
	return growth_find(ret, in->workspace->casefile, t->format->name, head, head_len, reterr);
}

static void note_contact(struct source *s, const struct contact *c)
{
	if (s->contacts == 0 || c->time_ns < s->first_ns)
		s->first_ns = c->time_ns;
	if (s->contacts == 0 || c->time_ns > s->last_ns)
		s->last_ns = c->time_ns;
	if (c->digits > s->digits)
		s->digits = c->digits;
	s->contacts++;
}

/* A sensor's word on itself, kept until the source is described. */
static bool take_loss(struct intake *t, const struct capture_loss *loss, struct err *reterr)
{
	struct source *s = &t->source;

	if (s->loss_count == LIMIT_SOURCE_LOSSES) {
		health_skip(&t->health, "too many intervals of losses", 0);
		return true;
	}
	if (s->loss_count == t->loss_capacity) {
		size_t capacity = t->loss_capacity == 0 ? 1024 : t->loss_capacity * 2;
		struct capture_loss *grown = realloc(t->losses, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL) {
			err_set_memory(reterr);
			return false;
		}
		t->losses = grown;
		t->loss_capacity = capacity;
	}
	t->losses[s->loss_count++] = *loss;
	s->losses = t->losses;
	s->loss.intervals++;
	s->records++;
	return true;
}

static bool take_record(
    struct ingest *in, struct intake *t, const struct record *r, struct err *reterr)
{
	UNINITIALIZED struct contact other;

	if (r->loss != NULL)
		return take_loss(t, r->loss, reterr);
	t->source.records++;
	t->any = t->any || r->contact != NULL || r->fact_count > 0;
	if (r->contact != NULL)
		note_contact(&t->source, r->contact);
	if (!haystack_writer_record(in->writer, r->contact, r->facts, r->fact_count, reterr))
		return false;
	if (r->contact == NULL || !contact_mirror(r->contact, &other))
		return true;
	note_contact(&t->source, &other);
	return haystack_writer_record(in->writer, &other, NULL, 0, reterr);
}

/* All records into the writer. */
static enum intake_outcome read_records(struct ingest *in, struct intake *t, struct err *reterr)
{
	struct record record;
	struct err err;

	for (;;) {
		switch (t->format->next(t->reader, &record, &err)) {
		case NEXT_ITEM:
			if (!take_record(in, t, &record, reterr))
				return INTAKE_BROKEN;
			break;
		case NEXT_SKIPPED:
			break;
		case NEXT_END:
			return INTAKE_DONE;
		case NEXT_FAILED:
			return give_up(in, t->item, &err, reterr);
		}
	}
}

/*
 * How far a later, grown form need not be read again. Mostly that is all of it. Where the file
 * ends within a record, the digest of what is before has to be taken by a second reading.
 */
static bool measure_prefix(struct intake *t, uint64_t consumed_bytes, struct err *reterr)
{
	struct source *s = &t->source;
	struct stream *again = NULL;
	struct digester *d = NULL;
	bool there = true;
	bool ok = false;

	s->consumed = s->content;
	if (consumed_bytes == 0 || t->format->resume == NULL ||
	    (consumed_bytes < s->content_bytes && !stream_is_repeatable(t->stream)))
		return true;
	if (!digester_new(&d, reterr))
		goto out;
	digester_add(d, t->head, case_head_bytes(consumed_bytes));
	if (!digester_peek(d, &s->head, reterr))
		goto out;
	if (consumed_bytes < s->content_bytes &&
	    (!stream_open(t->item->path, &again, reterr) ||
		!stream_seek(again, consumed_bytes, &there, reterr) ||
		!stream_digest_here(again, &s->consumed, reterr)))
		goto out;
	s->consumed_bytes = there ? consumed_bytes : 0;
	ok = true;
out:
	digester_free(d);
	stream_close(again);
	return ok;
}

/* Digests, lengths, losses: the rest of the catalogue's row. */
static bool describe(
    struct intake *t, struct source_skip skips[static SKIPS_MAX], struct err *reterr)
{
	struct source *s = &t->source;
	struct stream_custody custody;
	const char *damage;
	bool counted = false;

	if (!stream_finish(t->stream, &custody, reterr))
		return false;
	s->content = custody.content;
	s->content_bytes = custody.content_bytes;
	s->file = custody.file;
	s->file_bytes = custody.file_bytes;
	s->compression = stream_compression(t->stream);
	damage = stream_damage(t->stream);
	for (size_t i = 0; damage != NULL && i < t->health.count; i++)
		counted = counted ||
			  strncmp(t->health.reasons[i].reason, damage, HEALTH_REASON_TEXT - 1) == 0;
	if (damage != NULL && !counted)
		health_skip(&t->health, damage, s->content_bytes);
	if (damage != NULL || t->health.damaged)
		s->state = SOURCE_DAMAGED;
	for (size_t i = 0; i < t->health.count; i++) {
		const struct health_reason *r = &t->health.reasons[i];

		skips[i] = (struct source_skip){ r->reason, r->count, r->first_offset };
	}
	s->skips = skips;
	s->skip_count = t->health.count;
	for (int i = 0; i < HEALTH_ASSUMPTIONS; i++)
		if (t->health.assumed[i] > 0)
			skips[s->skip_count++] =
			    (struct source_skip){ health_assumption_text((enum health_assumption)i),
				    t->health.assumed[i], 0 };
	return true;
}

/* The source has been read to its end: keep it, or forget it because it is in. */
static enum intake_outcome settle(struct ingest *in, struct intake *t, struct err *reterr)
{
	struct casefile *c = in->workspace->casefile;
	struct source_skip skips[SKIPS_MAX];
	struct source before;
	struct err err = { .code = ERR_NONE };

	if (t->format != NULL && in->how.vantage != VANTAGE_UNKNOWN)
		t->source.vantage = vantage_name(in->how.vantage);
	else if (t->format != NULL && t->format->vantage != NULL)
		t->source.vantage = vantage_name(t->format->vantage(t->reader));
	if (!describe(t, skips, &err) ||
	    (t->format != NULL && !measure_prefix(t, t->format->consumed(t->reader), &err))) {
		haystack_writer_drop(in->writer);
		return give_up(in, t->item, &err, reterr);
	}
	if (case_find_content(c, &t->source.content, &before, &err)) {
		if (before.state != SOURCE_UNKNOWN && has_rows(in, &before)) {
			haystack_writer_drop(in->writer);
			in->result.known++;
			say_if_empty(in, t->item, &before);
			return case_add_file(c, &t->source, reterr) ? INTAKE_DONE : INTAKE_BROKEN;
		}
	} else if (err.code != ERR_NONE) {
		*reterr = err;
		return INTAKE_BROKEN;
	}
	if (!t->any || is_stored(in, &t->source.content))
		haystack_writer_drop(in->writer);
	else
		haystack_writer_end(in->writer, &t->source.content);
	if (!case_add_source(c, &t->source, reterr))
		return INTAKE_BROKEN;
	in->result.contacts += t->source.contacts;
	if (t->source.state == SOURCE_UNKNOWN)
		in->result.unknown++;
	else
		in->result.added++;
	if (t->source.state == SOURCE_DAMAGED) {
		in->result.damaged++;
		say_damaged(in, t);
	}
	say_if_empty(in, t->item, &t->source);
	return INTAKE_DONE;
}

/* Which format, from where on? The stream is open; reader stays NULL for a format unknown. */
static enum intake_outcome recognize(struct ingest *in, struct intake *t, struct err *reterr)
{
	struct growth growth;
	struct err err = { .code = ERR_NONE };
	const uint8_t *head;
	size_t len;

	if (!stream_peek(t->stream, READER_PROBE_BYTES, &head, &len, &err)) {
		return give_up(in, t->item, &err, reterr);
	}
	memcpy(t->head, head, len < sizeof(t->head) ? len : sizeof(t->head));
	t->format = in->how.format != NULL ? in->how.format : reader_detect(head, len);
	if (t->format == NULL && in->how.hints.map != NULL &&
	    table_fits(in->how.hints.map, head, len))
		t->format = &reader_table;
	if (t->format == NULL)
		return INTAKE_DONE;
	t->source.format = t->format->name;
	t->source.state = SOURCE_COMPLETE;
	if (!look_up_growth(in, t, head, len, &growth, reterr))
		return INTAKE_BROKEN;
	if (!t->format->open(t->stream, &t->health, &t->reader, &err) ||
	    !step_over_prefix(in, t, &growth, &err)) {
		return give_up(in, t->item, &err, reterr);
	}
	return INTAKE_DONE;
}

static enum intake_outcome take_source(struct ingest *in, struct intake *t, struct err *reterr)
{
	enum intake_outcome outcome;
	struct err err = { .code = ERR_NONE };

	if (!open_stream(in, t, &err)) {
		return give_up(in, t->item, &err, reterr);
	}
	outcome = recognize(in, t, reterr);
	if (outcome != INTAKE_DONE)
		return outcome;
	if (!haystack_writer_begin(in->writer, reterr))
		return INTAKE_BROKEN;
	if (t->format != NULL) {
		outcome = read_records(in, t, reterr);
		if (outcome != INTAKE_DONE) {
			haystack_writer_drop(in->writer);
			return outcome;
		}
	}
	return settle(in, t, reterr);
}

/*
 * A file that was in before is known by its own digest, without decompressing or parsing it.
 * Hashing comes first only where a known file has the same length.
 */
static bool is_known_file(struct ingest *in, const struct walk_item *item, struct err *reterr)
{
	struct casefile *c = in->workspace->casefile;
	struct source before;
	struct digest file;
	struct stat st;
	uint64_t bytes;

	reterr->code = ERR_NONE;
	if (stat(item->path, &st) != 0 || !S_ISREG(st.st_mode) ||
	    !case_has_file_length(c, (uint64_t)st.st_size, reterr))
		return false;
	/* what cannot be hashed cannot be read, and reading it says why */
	if (!digest_file(item->path, &file, &bytes, NULL) ||
	    !case_find_file(c, bytes, &file, &before, reterr))
		return false;
	/* one of no known format may have one by now, or by --format */
	if (before.state == SOURCE_UNKNOWN || !has_rows(in, &before))
		return false;
	in->result.known++;
	say_if_empty(in, item, &before);
	return true;
}

enum intake_outcome intake_take(struct ingest *in, const struct walk_item *item, struct err *reterr)
{
	struct intake t = {
		.item = item,
		.source = {
			.name = item->path, .format = "", .vantage = "unknown", .state = SOURCE_UNKNOWN,
		},
	};
	enum intake_outcome outcome;

	if (item->problem != NULL) {
		struct err err;

		err_set(&err, ERR_INPUT, "cannot read '%s': %s", item->path, item->problem);
		return give_up(in, item, &err, reterr);
	}
	if (strcmp(item->path, "-") != 0) {
		if (is_known_file(in, item, reterr))
			return INTAKE_DONE;
		if (reterr->code != ERR_NONE)
			return INTAKE_BROKEN;
	}
	outcome = take_source(in, &t, reterr);
	close_reader(&t);
	free(t.losses);
	if (outcome == INTAKE_BROKEN && reterr->code == ERR_MEMORY)
		err_set(reterr, ERR_MEMORY,
		    "out of memory at '%s'; free some, or set a lower --memory, and run again: "
		    "what "
		    "is in by now stays in",
		    item->path);
	return outcome;
}
