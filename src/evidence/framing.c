/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How every framing finds its place again: try each byte behind the damage. */
#include "evidence/framing.h"

/* Step to the next place where a record may begin; else to the end. */
static bool find_place(struct stream *s, size_t window, framing_begins *begins,
    const struct framing *framing, bool *ret_found, struct err *reterr)
{
	const uint8_t *bytes;
	size_t len;

	*ret_found = false;
	for (;;) {
		size_t scanned = 0;
		size_t last;

		if (!stream_peek(s, window, &bytes, &len, reterr))
			return false;
		if (len == 0)
			return true;
		/* places that have a whole window behind them, or all at the end of the file */
		last = len < window ? len : len - window + 1;
		while (scanned < last && !*ret_found) {
			struct cursor c = cursor_of(bytes, len);

			cursor_skip(&c, scanned);
			*ret_found = begins(framing, cursor_sub(&c, len - scanned));
			scanned += !*ret_found;
		}
		stream_consume(s, scanned);
		if (*ret_found)
			return true;
	}
}

enum next framing_step_over(struct framing_place *p, const char *reason, size_t window,
    framing_begins *begins, const struct framing *framing, struct err *reterr)
{
	bool found;

	health_skip(p->health, reason, stream_offset(p->stream));
	p->health->damaged = true;
	stream_consume(p->stream, 1);
	if (!find_place(p->stream, window, begins, framing, &found, reterr))
		return NEXT_FAILED;
	if (found)
		p->consumed = stream_offset(p->stream);
	return NEXT_SKIPPED;
}
