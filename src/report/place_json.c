/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON as printer.c writes it: without spaces, one value a line. */
#include <inttypes.h>
#include <string.h>

#include "report/place.h"

static struct place_level *level_of(struct place *p)
{
	return p->depth > 0 && p->depth <= PLACE_DEPTH_MAX ? &p->levels[p->depth - 1] : NULL;
}

/* A string has ended: a key, or a value of which the target's name is kept. */
static void end_string(struct place *p)
{
	struct place_level *l = level_of(p);

	if (l == NULL || l->list)
		return;
	if (!p->after_key)
		l->key = p->string;
	else if (p->depth == 1 && l->key.len == strlen("target") &&
		 memcmp(l->key.bytes, "target", l->key.len) == 0)
		p->target = p->string;
}

static void step_string(struct place *p, uint8_t byte)
{
	if (byte == '"' && !p->escaped) {
		p->quoted = false;
		p->token = p->at + 1;
		end_string(p);
		return;
	}
	if (byte == ' ')
		p->token = p->at + 1;
	p->escaped = byte == '\\' && !p->escaped;
	place_keep(&p->string, byte);
}

static void open_level(struct place *p, bool list)
{
	p->depth++;
	if (level_of(p) != NULL)
		*level_of(p) = (struct place_level){ .list = list };
}

void place_json_step(struct place *p, uint8_t byte)
{
	struct place_level *l = level_of(p);

	if (p->quoted) {
		step_string(p, byte);
		return;
	}
	switch (byte) {
	case '"':
		p->quoted = true;
		p->escaped = false;
		place_clear(&p->string);
		break;
	case '{':
	case '[':
		open_level(p, byte == '[');
		break;
	case '}':
	case ']':
		p->depth -= p->depth > 0;
		break;
	case ',':
		if (l != NULL)
			l->index++;
		break;
	case ':':
		break;
	case '\n':
		p->depth = 0;
		place_clear(&p->target);
		break;
	default:
		return;
	}
	p->after_key = byte == ':' || (byte == '"' && p->after_key);
	p->token = p->at + 1;
}

void place_json_say(const struct place *p, struct buf *out)
{
	const char *dot = ", ";

	buf_printf(out, "line %" PRIu64, p->line);
	if (p->target.len > 0) {
		buf_text(out, " (");
		place_put(out, &p->target);
		buf_u8(out, ')');
	}
	for (size_t i = 0; i < p->depth && i < PLACE_DEPTH_MAX; i++) {
		const struct place_level *l = &p->levels[i];

		if (l->list) {
			buf_printf(out, "[%" PRIu64 "]", l->index);
		} else {
			buf_text(out, dot);
			place_put(out, &l->key);
		}
		dot = ".";
	}
}
