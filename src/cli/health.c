/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/health.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/size.h"
#include "finding/words.h"
#include "serve/source_json.h"

#define SKIPPED_TEXT_MAX 4096

struct gather {
	struct arena *memory;
	struct health_line *lines;
	size_t count;
	size_t capacity;
};

/* "3 truncated record (first at byte 812), 1 bad name (first at byte 9000); assumed ..." */
static const char *skipped_text(struct arena *memory, const struct source *s)
{
	struct buf text;
	const char *copy;

	buf_init(&text, SKIPPED_TEXT_MAX);
	for (size_t i = 0; i < s->skip_count; i++) {
		const struct source_skip *skip = &s->skips[i];

		if (!source_json_assumed(skip))
			buf_printf(&text, "%s%" PRIu64 " %s (first at byte %" PRIu64 ")",
			    text.len == 0 ? "" : ", ", skip->count, skip->reason,
			    skip->first_offset);
	}
	for (size_t i = 0; i < s->skip_count; i++) {
		if (source_json_assumed(&s->skips[i]))
			buf_printf(&text, "%s; %s (%" PRIu64 " records)",
			    text.len == 0 ? "nothing" : "", s->skips[i].reason, s->skips[i].count);
	}
	/* too many reasons: those that fit are shown */
	copy = arena_copy(memory, text.bytes == NULL ? (const uint8_t *)"" : text.bytes, text.len);
	buf_release(&text);
	return copy;
}

/* "1% of the packets, in 96 intervals from 2026-03-01 to 2026-03-02" */
static const char *losses_text(struct arena *memory, const struct source_loss *loss)
{
	struct buf text;
	const char *copy;

	buf_init(&text, SKIPPED_TEXT_MAX);
	if (loss->intervals > 0) {
		if (loss->gaps == 0)
			buf_text(&text, "none");
		else
			words_share(
			    &text, loss->acks == 0 ? 0 : (double)loss->gaps / (double)loss->acks);
		buf_text(&text, " of the packets, in ");
		words_things(&text, loss->intervals, "interval", "intervals");
		words_span(&text, (struct stamp){ loss->first_ns, 0 },
		    (struct stamp){ loss->last_ns - 1, 0 });
	}
	copy = arena_copy(memory, text.bytes == NULL ? (const uint8_t *)"" : text.bytes, text.len);
	buf_release(&text);
	return copy;
}

static bool add_line(void *context, const struct source *s, struct err *reterr)
{
	struct gather *g = context;
	struct health_line *l;

	if (g->count == g->capacity) {
		size_t capacity = g->capacity == 0 ? 16 : g->capacity * 2;
		struct health_line *lines =
		    arena_alloc(g->memory, size_mul(capacity, sizeof(*lines)));

		if (lines == NULL) {
			err_set_memory(reterr);
			return false;
		}
		if (g->count > 0)
			memcpy(lines, g->lines, g->count * sizeof(*lines));
		g->lines = lines;
		g->capacity = capacity;
	}
	l = &g->lines[g->count];
	*l = (struct health_line){
		.name = arena_copy(g->memory, s->name, strlen(s->name)),
		.format = arena_copy(g->memory, s->format, strlen(s->format)),
		.state = case_state_name(s->state),
		.content = s->content,
		.bytes = s->file_bytes,
		.records = s->records,
		.contacts = s->contacts,
		.first = { s->first_ns, s->digits },
		.last = { s->last_ns, s->digits },
		.skipped = skipped_text(g->memory, s),
		.losses = losses_text(g->memory, &s->loss),
	};
	if (l->name == NULL || l->format == NULL || l->skipped == NULL || l->losses == NULL) {
		err_set_memory(reterr);
		return false;
	}
	g->count++;
	return true;
}

bool health_lines(struct casefile *c, struct arena *memory, const struct health_line **ret,
    size_t *ret_count, struct err *reterr)
{
	struct gather g = { .memory = memory };

	if (!case_each_source(c, add_line, &g, reterr))
		return false;
	*ret = g.lines;
	*ret_count = g.count;
	return true;
}
