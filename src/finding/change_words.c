/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "finding/change_words.h"

#include <math.h>

#include "finding/words.h"

#define LEVELS_MAX 6
#define SMALL_P    .05 /* as of every other test that is asked of each finding */

void change_words_levels(struct buf *b, const struct test_changes *t)
{
	size_t shown = t->block_count < LEVELS_MAX ? t->block_count : LEVELS_MAX;

	for (size_t i = 0; i < shown; i++) {
		buf_text(b, i > 0 ? ", then " : "");
		words_number(b, t->blocks[i].rate_per_h, 2);
		buf_text(b, i > 0 ? "" : " an hour");
		if (i + 1 == t->block_count)
			return;
		buf_text(b, " until ");
		words_date(b, t->blocks[i].to);
	}
	buf_text(b, ", and so on");
}

static void say_span(struct buf *b, const struct change_span *s)
{
	buf_text(b, " From ");
	words_date(b, s->from);
	buf_text(b, " to ");
	words_date(b, s->to);
}

static void say_levels(struct buf *b, const struct test_changes *t)
{
	if (t->block_count == 0) {
		buf_text(b, " The level of its visits changes all the time.");
	} else if (t->block_count > 1) {
		buf_text(b, " The level of its visits changed: ");
		change_words_levels(b, t);
		buf_u8(b, '.');
	}
}

static void say_changes(struct buf *b, const struct test_changes *t)
{
	say_levels(b, t);
	if (t->p_burst <= CHANGE_WORDS_P) {
		say_span(b, &t->burst);
		buf_text(b, " it was met more often than chance at one level would have it (");
		words_p_of(b, "p", t->p_burst);
		buf_text(b, ").");
	}
	if (t->p_silence <= CHANGE_WORDS_P) {
		say_span(b, &t->silence);
		buf_text(b,
		    " it, or one of its busiest peers, paused for longer than the weeks before"
		    " would make likely (");
		words_p_of(b, "p", t->p_silence);
		buf_text(b, "); a sensor that failed would not count.");
	}
	if (t->has_stopped) {
		buf_text(b, " It stopped on ");
		words_date(b, t->stopped);
		buf_text(b, "; a pause that long by chance would be rare (");
		words_p_of(b, "p", t->p_stop);
		buf_text(b, "). Maintenance, the end of a contract and an owner who was warned all"
			    " look like that.");
	}
}

static void say_stop_near(struct buf *b, const struct test_events *t)
{
	buf_text(b, " It stopped ");
	if (t->stop_days == 0) {
		buf_text(b, "on the day of \"");
	} else {
		words_things(b, t->stop_days, "day", "days");
		buf_text(b, " after \"");
	}
	buf_text(b, t->stop_label);
	buf_text(b, "\"; a stop so soon after one of ");
	words_things(b, t->date_count, "event", "events");
	buf_text(b, " comes by chance with ");
	words_p_of(b, "p", t->p_stop_near);
	buf_u8(b, '.');
}

static void say_events(struct buf *b, const struct test_events *t)
{
	buf_text(b, t->p <= SMALL_P ? " Its visits come near the dates of the list of events"
				      " more than near other dates ("
				    : " Its visits come no more near the dates of the list of"
				      " events than chance allows (");
	words_p_of(b, "p", t->p);
	if (t->p > CHANGE_WORDS_P && t->p <= SMALL_P)
		buf_text(b, "; of many names some do so by chance");
	buf_text(b, ").");
	if (t->stop_label != NULL)
		say_stop_near(b, t);
	if (!t->declared)
		buf_text(b, " The list does not say when it was made and from what it was picked:"
			    " dates that were chosen by looking at the record prove nothing.");
}

void change_words_say(struct buf *b, const struct finding *f)
{
	if (f->tests.changes.status.why == NULL)
		say_changes(b, &f->tests.changes);
	if (f->tests.events.status.why == NULL)
		say_events(b, &f->tests.events);
}
