/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/usual_words.h"

#include <math.h>

#include "base/size.h"
#include "finding/words.h"

#define SENTENCE_BYTES_MAX 512

const char *usual_way_name(enum usual_way w)
{
	static const char *const names[] = { "look-ups", "connections", "received", "sent" };

	return names[w];
}

static void put_subject(struct buf *b, const struct usual_row *row)
{
	static const char *const own[] = { "Its look-ups", "Its connections", "What it received",
		"What it sent" };
	static const char *const doing[] = { "names that are looked up", "hosts with connections",
		"mail hosts that received", "mail hosts that sent" };

	if (row->hosts == 0) {
		buf_text(b, own[row->way]);
		return;
	}
	buf_text(b, "The median of ");
	words_count(b, row->hosts);
	buf_u8(b, ' ');
	buf_text(b, doing[row->way]);
}

static void put_row(struct buf *b, const struct usual_row *row)
{
	put_subject(b, row);
	buf_text(b, ": ");
	words_amount(b, row->partners, 3, "partner", "partners");
	buf_text(b, ", ");
	words_number(b, row->per_day, 2);
	buf_text(b, " a day");
	if (isfinite(row->hours)) {
		buf_text(b, ", half of it within ");
		words_amount(b, row->hours, 2, "hour", "hours");
		buf_text(b, " of the day (UTC)");
	}
	buf_u8(b, '.');
}

static const char hunt_knows[] =
    "No mail host of the case stands beside it here; hunt reads all names and tells what is usual.";

bool usual_words_fill(struct finding_usual *u, bool alone, struct arena *memory)
{
	const bool compared = u->row_count > 0 && u->rows[u->row_count - 1].hosts > 0;
	const char **plain;
	struct buf b;
	bool ok = true;

	if (u->row_count == 0 || (!compared && !alone))
		return true;
	plain = arena_alloc(memory, size_mul(u->row_count + 1, sizeof(*plain)));
	if (plain == NULL)
		return false;
	buf_init(&b, SENTENCE_BYTES_MAX);
	for (size_t i = 0; i < u->row_count && ok; i++) {
		buf_clear(&b);
		put_row(&b, &u->rows[i]);
		plain[i] = buf_ok(&b) ? arena_copy(memory, b.bytes, b.len) : NULL;
		ok = plain[i] != NULL;
	}
	buf_release(&b);
	if (!compared)
		plain[u->row_count] = hunt_knows;
	u->plain = plain;
	u->plain_count = ok ? u->row_count + !compared : 0;
	return ok;
}
