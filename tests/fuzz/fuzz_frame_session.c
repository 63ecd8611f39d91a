/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sender's bytes, whole and byte by byte: both come to the same events, answers and end. */
#include <stdlib.h>
#include <string.h>

#include "wire/frame_stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

struct outcome {
	size_t data;
	size_t data_bytes;
	size_t at;
	enum frame_event last;
	struct buf reply;
};

/* Go on with what is there. */
static void take(struct frame_session *s, const uint8_t *bytes, size_t len, struct outcome *o)
{
	struct frame_step step;

	do {
		step = frame_session_take(s, bytes + o->at, len - o->at, &o->reply);
		must(step.used <= len - o->at);
		must((step.event == FRAME_FAULT) == (step.fault != NULL));
		must(step.event != FRAME_CONTROL || step.used > 0);
		o->at += step.used;
		o->last = step.event;
		if (step.event == FRAME_DATA) {
			must(step.data.base >= bytes && step.data.len <= len);
			o->data++;
			o->data_bytes += step.data.len;
		}
	} while (step.event == FRAME_DATA || step.event == FRAME_CONTROL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct outcome whole = { .last = FRAME_WANTS_MORE }, slow = { .last = FRAME_WANTS_MORE };
	struct frame_session a = { 0 }, b = { 0 };

	buf_init(&whole.reply, 4096);
	buf_init(&slow.reply, 4096);
	take(&a, bytes, len, &whole);
	for (size_t n = 0; n <= len && slow.last == FRAME_WANTS_MORE; n++)
		take(&b, bytes, n, &slow);
	must(whole.last == slow.last && whole.data == slow.data);
	must(whole.data_bytes == slow.data_bytes && whole.reply.len == slow.reply.len);
	must(whole.last != FRAME_WANTS_MORE || whole.at == slow.at);
	buf_release(&whole.reply);
	buf_release(&slow.reply);
	return 0;
}
