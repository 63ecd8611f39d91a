/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dated points of each finding as Timesketch's CSV wants them: message, datetime and timestamp_desc,
 * then columns of our own (Timesketch's guide "Import data", CSV).
 */
#include "report/export.h"

#include "base/attr.h"
#include "report/csv_row.h"
#include "report/visible.h"

#define MESSAGE_BYTES_MAX (16u << 10)

static const char *const heads[] = { "message", "datetime", "timestamp_desc", "target", "kind",
	"rank", "needle", "verdict", "finding_id", "tag" };

struct sketch {
	struct csv_row row;
	const struct report_input *in;
	const struct finding *finding;
};

static void put_point(
    struct sketch *s, struct stamp at, const char *what, const struct buf *message)
{
	const struct finding *f = s->finding;
	char id[UUID_TEXT_MAX];

	export_finding_id(s->in, f, "finding", id);
	csv_row_bytes(&s->row, message->bytes, message->len);
	csv_row_time(&s->row, at);
	csv_row_text(&s->row, what);
	csv_row_endpoint(&s->row, &f->target);
	csv_row_text(&s->row, contact_kind_name(f->kind));
	csv_row_count(&s->row, f->rank);
	csv_row_text(&s->row, f->needle ? "true" : "false");
	csv_row_text(&s->row, explanation_verdict_name(f->verdict));
	csv_row_text(&s->row, id);
	csv_row_text(&s->row, f->needle ? "lodestone,needle" : "lodestone");
	csv_row_end(&s->row);
	s->row.out->failed = s->row.out->failed || !buf_ok(message);
}

static void begin_message(const struct sketch *s, struct buf *message)
{
	char target[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(&s->finding->target, target);

	buf_init(message, MESSAGE_BYTES_MAX);
	buf_put(message, target, len);
}

static void put_simple(struct sketch *s, struct stamp at, const char *what, const char *words)
{
	struct buf message;

	begin_message(s, &message);
	buf_printf(&message, ": %s", words);
	put_point(s, at, what, &message);
	buf_release(&message);
}

static void put_levels(struct sketch *s, const struct test_changes *t)
{
	struct buf message;

	for (size_t i = 1; i < t->block_count; i++) {
		begin_message(s, &message);
		buf_printf(&message, ": the level of its visits went from %.3g to %.3g an hour",
		    t->blocks[i - 1].rate_per_h, t->blocks[i].rate_per_h);
		put_point(s, t->blocks[i].from, "Level changed", &message);
		buf_release(&message);
	}
	if (t->has_stopped)
		put_simple(s, t->stopped, "Stopped", "no contact comes after this one");
}

static void put_finding(struct sketch *s)
{
	const struct finding *f = s->finding;

	put_simple(s, f->first, "First contact", "first contact in these records");
	if (f->tests.changes.status.why == NULL)
		put_levels(s, &f->tests.changes);
	put_simple(s, f->last, "Last contact", "last contact in these records");
}

void export_timesketch(struct buf *out, const struct report_input *in)
{
	struct sketch s = { .row = { .out = out }, .in = in };

	for (size_t i = 0; i < COUNT_OF(heads); i++)
		csv_row_text(&s.row, heads[i]);
	csv_row_end(&s.row);
	for (size_t i = 0; i < in->result->finding_count; i++) {
		s.finding = &in->result->findings[i];
		put_finding(&s);
	}
}
