/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One frame at a time; the session is a table of what may come next. */
#include "wire/frame_stream.h"

#include <string.h>

#include "base/limits.h"

#define FIELD_CONTENT 1 /* of a control frame: what the data is */

bool frame_stream_is_dnstap(struct cursor fields)
{
	bool is_named = false;

	while (cursor_left(&fields) > 0) {
		const uint32_t type = cursor_be32(&fields);
		const uint32_t len = cursor_be32(&fields);
		const uint8_t *bytes = cursor_take(&fields, len);

		if (bytes == NULL || type != FIELD_CONTENT)
			continue;
		if (len == strlen(FRAME_STREAM_DNSTAP) &&
		    memcmp(bytes, FRAME_STREAM_DNSTAP, len) == 0)
			return true;
		is_named = true;
	}
	return !is_named;
}

bool frame_stream_read(struct cursor *c, struct frame_stream_frame *ret)
{
	uint32_t len = cursor_be32(c);

	ret->control = FRAME_STREAM_DATA;
	if (len > 0 || c->err != NULL) {
		if (len > LIMIT_FRAME_BYTES)
			cursor_fail(c, "damaged frame length");
		ret->bytes = cursor_sub(c, len);
		return c->err == NULL;
	}
	len = cursor_be32(c);
	if (c->err == NULL && (len < FRAME_STREAM_LENGTH_BYTES || len > FRAME_STREAM_CONTROL_MAX))
		cursor_fail(c, "damaged frame length");
	ret->bytes = cursor_sub(c, len);
	ret->control = cursor_be32(&ret->bytes);
	if (c->err == NULL &&
	    (ret->control == FRAME_STREAM_DATA || ret->control >= FRAME_STREAM_CONTROLS))
		cursor_fail(c, "damaged control frame");
	return c->err == NULL;
}

size_t frame_stream_bytes(struct cursor c)
{
	const uint32_t len = cursor_be32(&c);
	const uint32_t control_len = len == 0 ? cursor_be32(&c) : 0;

	if (len == 0)
		return FRAME_STREAM_CONTROL_BYTES +
		       (control_len > FRAME_STREAM_CONTROL_MAX ? 0 : (size_t)control_len);
	return FRAME_STREAM_LENGTH_BYTES + (len > LIMIT_FRAME_BYTES ? 0 : (size_t)len);
}

void frame_stream_write(struct buf *out, enum frame_stream_control control, bool named)
{
	const uint32_t content = (uint32_t)strlen(FRAME_STREAM_DNSTAP);

	buf_be32(out, 0);
	buf_be32(out, FRAME_STREAM_LENGTH_BYTES + (named ? 8 + content : 0));
	buf_be32(out, control);
	if (!named)
		return;
	buf_be32(out, FIELD_CONTENT);
	buf_be32(out, content);
	buf_text(out, FRAME_STREAM_DNSTAP);
}

/* NULL, or what is wrong with a control frame at this point. */
static const char *take_control(
    struct frame_session *s, const struct frame_stream_frame *f, struct buf *reply)
{
	if ((f->control == FRAME_STREAM_READY || f->control == FRAME_STREAM_START) &&
	    !frame_stream_is_dnstap(f->bytes))
		return "another content type";
	if (f->control == FRAME_STREAM_READY && s->state == FRAME_SESSION_NEW) {
		s->state = FRAME_SESSION_ASKED;
		s->answers = true;
		frame_stream_write(reply, FRAME_STREAM_ACCEPT, true);
		return NULL;
	}
	if (f->control == FRAME_STREAM_START &&
	    (s->state == FRAME_SESSION_NEW || s->state == FRAME_SESSION_ASKED)) {
		s->state = FRAME_SESSION_DATA;
		return NULL;
	}
	if (f->control == FRAME_STREAM_STOP && s->state == FRAME_SESSION_DATA) {
		s->state = FRAME_SESSION_OVER;
		if (s->answers)
			frame_stream_write(reply, FRAME_STREAM_FINISH, false);
		return NULL;
	}
	return "control frame out of turn";
}

struct frame_step frame_session_take(
    struct frame_session *s, const uint8_t *bytes, size_t len, struct buf *reply)
{
	struct frame_step step = { .event = FRAME_FAULT };
	struct cursor c = cursor_of(bytes, len);
	struct frame_stream_frame f;

	/* too short for its lengths, or for what they say; too long a frame is read, to be refused */
	if (len < frame_stream_bytes(c)) {
		step.event = FRAME_WANTS_MORE;
		return step;
	}
	if (!frame_stream_read(&c, &f)) {
		step.fault = c.err;
		return step;
	}
	step.used = c.pos;
	if (f.control == FRAME_STREAM_DATA) {
		step.fault = s->state == FRAME_SESSION_DATA ? NULL : "data before START";
		step.event = step.fault == NULL ? FRAME_DATA : FRAME_FAULT;
		step.data = f.bytes;
		return step;
	}
	step.fault = take_control(s, &f, reply);
	if (step.fault == NULL)
		step.event = s->state == FRAME_SESSION_OVER ? FRAME_OVER : FRAME_CONTROL;
	return step;
}
