/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both are read in step. Up to the first byte that differs the file is what this program wrote, so
 * that the place of the difference is found by reading our own bytes; from it both are read on to
 * the end of the value, where they should be in step again.
 */
#include "report/differ.h"

#include <inttypes.h>
#include <string.h>

#include "base/cursor.h"
#include "report/place.h"
#include "report/visible.h"

#define VALUE_WIDTH 80 /* characters of a value that are shown */

struct differ {
	struct cursor file;
	struct cursor made;
	struct place place; /* of made */
	size_t in_step;     /* in made: from here on both are the same up to the cursors */
	uint64_t count;
	struct buf *out;
};

static enum place_form form_of(const struct buf *made)
{
	const uint8_t *comma = made->len > 0 ? memchr(made->bytes, ',', made->len) : NULL;
	const uint8_t *line = made->len > 0 ? memchr(made->bytes, '\n', made->len) : NULL;

	if (made->len > 0 && made->bytes[0] == '<')
		return PLACE_PAGE;
	if (made->len > 0 && made->bytes[0] == '{')
		return PLACE_JSON;
	return comma != NULL && line != NULL && comma < line ? PLACE_COLUMNS : PLACE_LINES;
}

/* Over all that both have in common. False: both are at their end. */
static bool find_next(struct differ *d)
{
	const uint8_t *a, *b;
	size_t from = d->made.pos;

	while ((a = cursor_peek(&d->file, 1)) != NULL && (b = cursor_peek(&d->made, 1)) != NULL &&
	       *a == *b) {
		cursor_skip(&d->file, 1);
		cursor_skip(&d->made, 1);
	}
	place_feed(&d->place, d->made.base + from, d->made.pos - from);
	return cursor_left(&d->file) > 0 || cursor_left(&d->made) > 0;
}

/* To the end of the value; the bytes from its beginning on, `before` of them read already. */
static struct cursor read_value(struct cursor *c, const struct place *p, size_t before)
{
	const uint8_t *at;
	size_t from = c->pos - before;

	while ((at = cursor_peek(c, 1)) != NULL && !place_ends(p, *at))
		cursor_skip(c, 1);
	return cursor_of(c->base + from, c->pos - from);
}

static void say_value(struct buf *out, const struct cursor *value)
{
	buf_u8(out, '\'');
	visible_elide(out, value->base, value->len, false, VALUE_WIDTH);
	buf_u8(out, '\'');
}

/* False: neither has a value here, so that it is not values in which they differ. */
static bool say_next(struct differ *d)
{
	size_t from = d->made.pos;
	size_t begun = d->place.token > d->in_step ? (size_t)d->place.token : d->in_step;
	size_t before = from > begun ? from - begun : 0;
	struct cursor had = read_value(&d->file, &d->place, before);
	struct cursor has = read_value(&d->made, &d->place, before);

	if (had.len == before && has.len == before)
		return false;
	if (d->count++ < DIFFER_NAMED_MAX) {
		place_say(&d->place, d->out);
		buf_text(d->out, ": the file has ");
		say_value(d->out, &had);
		buf_text(d->out, ", the evidence gives ");
		say_value(d->out, &has);
		buf_u8(d->out, '\n');
	}
	place_feed(&d->place, d->made.base + from, d->made.pos - from);
	d->in_step = d->made.pos;
	return true;
}

static void say_out_of_step(struct differ *d)
{
	place_say(&d->place, d->out);
	buf_text(d->out, cursor_left(&d->file) == 0
			     ? ": the file ends here, what the evidence gives does not\n"
			 : cursor_left(&d->made) == 0
			     ? ": what the evidence gives ends here, the file does not\n"
			     : ": from here on they differ in more than values\n");
}

bool differ_say(struct buf *out, const struct buf *file, const struct buf *made)
{
	struct differ d = {
		.file = cursor_of(file->bytes, file->len),
		.made = cursor_of(made->bytes, made->len),
		.out = out,
	};
	bool in_step = true, differs = false;

	place_init(&d.place, form_of(made));
	while (in_step && find_next(&d)) {
		differs = true;
		in_step = cursor_left(&d.file) > 0 && cursor_left(&d.made) > 0 && say_next(&d);
	}
	if (d.count > DIFFER_NAMED_MAX)
		buf_printf(out, "and %" PRIu64 " more values\n", d.count - DIFFER_NAMED_MAX);
	if (!in_step)
		say_out_of_step(&d);
	return !differs;
}
