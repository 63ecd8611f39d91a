/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all logs of one line a row share: lines, growth, damage. What a line means is the kind's. */
#include "evidence/log.h"

#include <stdalign.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/size.h"

struct reader {
	const struct log_kind *kind;
	struct stream *stream;
	struct health *health;
	uint64_t consumed;
	bool is_finished; /* the rows have ended; the kind may still hold records */
	alignas(max_align_t) uint8_t state[]; /* the kind's */
};

bool log_open(const struct log_kind *kind, struct stream *s, struct health *h, struct reader **ret,
    struct err *reterr)
{
	struct reader *r = calloc(1, size_add(sizeof(*r), kind->state_bytes));

	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->kind = kind;
	r->stream = s;
	r->health = h;
	r->consumed = stream_offset(s);
	if (kind->begin != NULL)
		kind->begin(r->state);
	if (kind->open != NULL && !kind->open(r->state, h, reterr)) {
		log_close(r);
		return false;
	}
	if (kind->attach != NULL)
		kind->attach(r->state, stream_hints(s), h);
	*ret = r;
	return true;
}

void log_close(struct reader *r)
{
	if (r != NULL && r->kind->close != NULL)
		r->kind->close(r->state);
	free(r);
}

/* Is the line no row? Then what it says has been taken. */
static bool is_passed_over(struct reader *r, const struct stream_line *line)
{
	return line->len == 0 ||
	       (r->kind->header != NULL && r->kind->header(r->state, line->bytes, line->len));
}

static enum next next_row(struct reader *r, struct record *ret, struct err *reterr)
{
	struct stream_line line;
	const char *why = "line too long";

	for (;;) {
		if (!stream_line(r->stream, LIMIT_LOG_LINE_BYTES, &line, reterr))
			return NEXT_FAILED;
		if (line.bytes == NULL) {
			if (stream_damage(r->stream) != NULL)
				r->health->damaged = true;
			return NEXT_END;
		}
		if (!is_passed_over(r, &line))
			break;
		if (line.ended)
			r->consumed = stream_offset(r->stream);
	}
	if (!line.cut && (line.ended || !r->kind->open_ended))
		why = r->kind->row(r->state, line.bytes, line.len, ret);
	if (why != NULL && !line.ended)
		/* the writer may not have finished it: to be read again when the file has grown */
		why = "last line is cut";
	else
		r->consumed = stream_offset(r->stream);
	if (why == NULL)
		return NEXT_ITEM;
	health_skip(r->health, why, line.offset);
	return NEXT_SKIPPED;
}

enum next log_next(struct reader *r, struct record *ret, struct err *reterr)
{
	enum next status;

	if (r->kind->more == NULL)
		return next_row(r, ret, reterr);
	for (;;) {
		status = r->kind->more(r->state, ret, reterr);
		if (status != NEXT_END || r->is_finished)
			return status;
		status = next_row(r, ret, reterr);
		if (status == NEXT_FAILED || status == NEXT_SKIPPED)
			return status;
		r->is_finished = status == NEXT_END;
		if (r->is_finished)
			r->kind->finish(r->state);
	}
}

const void *log_state(const struct reader *r)
{
	return r->state;
}

uint64_t log_consumed(const struct reader *r)
{
	return r->consumed;
}

static bool fail_short(const struct reader *r, struct err *reterr)
{
	err_set_at(reterr, ERR_INPUT, stream_offset(r->stream),
	    "the log is shorter than what was read of it before");
	return false;
}

/*
 * The header in force at the offset is the last one before it, so the lines up to there are shown
 * to the kind once more. The offset may lie within a line, whose row needed no newline.
 */
static bool read_headers(struct reader *r, uint64_t offset, struct err *reterr)
{
	bool fresh = true; /* at the start of a line */

	while (stream_offset(r->stream) < offset) {
		uint64_t left = offset - stream_offset(r->stream);
		size_t want = left < LIMIT_LOG_LINE_BYTES ? (size_t)left : LIMIT_LOG_LINE_BYTES;
		const uint8_t *bytes;
		const uint8_t *line;
		struct cursor c;
		size_t len;

		if (!stream_peek(r->stream, want, &bytes, &len, reterr))
			return false;
		if (len == 0)
			return fail_short(r, reterr);
		c = cursor_of(bytes, len < want ? len : want);
		line = cursor_until(&c, '\n', &len);
		if (fresh && len > 0 && line[len - 1] == '\r')
			len--;
		if (fresh && len > 0)
			(void)r->kind->header(r->state, line, len);
		fresh = c.pos > 0 && bytes[c.pos - 1] == '\n';
		stream_consume(r->stream, c.pos);
	}
	return true;
}

bool log_resume(struct reader *r, uint64_t offset, struct err *reterr)
{
	bool there = true;

	if (r->kind->header != NULL) {
		if (!read_headers(r, offset, reterr))
			return false;
	} else if (!stream_seek(r->stream, offset, &there, reterr)) {
		return false;
	}
	if (!there)
		return fail_short(r, reterr);
	r->consumed = offset;
	return true;
}

const uint8_t *log_head_line(struct cursor *head, size_t *ret_len)
{
	const uint8_t *line;

	do {
		line = cursor_until(head, '\n', ret_len);
		if (*ret_len > 0 && line[*ret_len - 1] == '\r')
			(*ret_len)--;
	} while (line != NULL && *ret_len == 0);
	return line;
}
