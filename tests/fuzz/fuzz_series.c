/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as values of series and facts: decoded, viewed, encoded and merged with each other. */
#include <stdlib.h>
#include <string.h>

#include "contact/factset.h"
#include "contact/series.h"

/* What can be decoded, encoded again, decodes to as many rows; its view has a summary. */
static void round_trip(const uint8_t *bytes, size_t len)
{
	struct series_rows rows = { .rows = NULL };
	struct series_rows again = { .rows = NULL };
	struct series_summary s;
	struct cursor c = cursor_of(bytes, len);
	struct buf out;

	buf_init(&out, SIZE_MAX);
	if (series_decode(bytes, len, &rows, NULL)) {
		if (!series_read_summary(&c, &s) ||
		    !series_encode(rows.rows, rows.count, &out, NULL) ||
		    !series_decode(out.bytes, out.len, &again, NULL) || again.count != rows.count)
			abort();
		series_view(&again);
		if (again.count == 0 || again.count > rows.count)
			abort();
	}
	series_rows_release(&rows);
	series_rows_release(&again);
	buf_release(&out);
}

static void read_fact(const uint8_t *bytes, size_t len)
{
	struct factset f;
	struct factset again;
	struct buf out;

	if (!factset_decode(bytes, len, &f))
		return;
	buf_init(&out, SIZE_MAX);
	factset_encode(&f, &out);
	if (!factset_decode(out.bytes, out.len, &again) || again.last_ns != f.last_ns)
		abort();
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const uint32_t map[] = { 0, 1, 2, 3 };
	size_t half = len == 0 ? 0 : 1 + bytes[0] % len;
	struct series_part parts[2];
	struct buf out;

	if (len == 0)
		return 0;
	read_fact(bytes, len);
	round_trip(bytes + 1, len - 1);
	parts[0] = (struct series_part){ bytes + 1, half - 1, map, COUNT_OF(map) };
	parts[1] = (struct series_part){ bytes + half, len - half, map, COUNT_OF(map) };
	buf_init(&out, SIZE_MAX);
	if (series_merge(parts, 2, &out, NULL)) {
		struct cursor c = cursor_of(out.bytes, out.len);
		struct series_summary s;

		if (!series_read_summary(&c, &s))
			abort();
	}
	buf_release(&out);
	return 0;
}
