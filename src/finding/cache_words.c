/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate is said to be that of the time in which the cache was empty, since that is what was
 * seen of it: where demand has hours or bursts the mean over all time is higher, never lower.
 */
#include "finding/cache_words.h"

#include <math.h>

#include "finding/words.h"

#define SMALL_P   .05
#define DAY_HOURS 24.0
#define RARE      .1 /* an hour: below it, rates are given by the day */

void cache_words_rate(struct buf *b, double low_per_h, double high_per_h)
{
	bool rare = !(low_per_h >= RARE);
	double times = rare ? DAY_HOURS : 1;

	words_number(b, low_per_h * times, 3);
	if (isfinite(high_per_h)) {
		buf_text(b, " to ");
		words_number(b, high_per_h * times, 3);
	}
	buf_text(b, rare ? " a day" : " an hour");
	if (!isfinite(high_per_h))
		buf_text(b, " or more");
}

static void say_rate(struct buf *b, const struct test_cache *t)
{
	bool one = t->caches <= 1;

	if (t->ttl_by_pauses) {
		buf_text(b, " No answer gave a TTL; pauses shorter than ");
		words_seconds(b, t->ttl_s);
		buf_text(b, " are missing, as a cache of that time leaves them out, or a timer.");
	}
	buf_text(b, one ? " Behind a cache of " : " Caches of ");
	words_seconds(b, t->ttl_s);
	buf_text(b, one ? " at most one look-up in that time is visible"
			: " hide the look-ups that they can answer themselves");
	if (!isfinite(t->rate_lo)) {
		buf_text(b, "; the rate of the questions behind it cannot be told.");
		return;
	}
	buf_text(b, one ? "; that of its busiest peer held the answer "
			: "; those of its busiest peer held the answer ");
	words_share(b, t->saturation);
	buf_text(b, " of the time, and while it was empty questions came at ");
	cache_words_rate(b, t->rate_lo, t->rate_hi);
	if (isfinite(t->rate_hi))
		buf_text(b, " (95%); over all hours at least so many.");
	else
		buf_text(b, ": how many more, the cache hides.");
}

static void say_caches(struct buf *b, const struct test_cache *t)
{
	bool more = t->violations_p <= SMALL_P;

	if (t->caches <= 1 && !more)
		return;
	buf_u8(b, ' ');
	words_things(b, t->forbidden, "pause is", "pauses are");
	buf_text(b, " shorter than one cache allows");
	if (more) {
		buf_text(b, ", more than with the same peer's other names (");
		words_p_of(b, "p", t->violations_p);
		buf_u8(b, ')');
	}
	if (t->caches > 1) {
		buf_text(b, ": at least ");
		words_count(b, t->caches);
		buf_text(b, " caches are behind that address, or none");
	} else {
		buf_text(b, ": the cache was passed by or emptied, or the rows are not its");
	}
	buf_u8(b, '.');
}

static void say_joint(struct buf *b, const struct test_cache *t)
{
	if (!(t->joint_p <= SMALL_P))
		return;
	if (t->joint_apart) {
		buf_text(b, " Its two busiest peers look it up near each other less often than"
			    " chance would have it, as if one cache served both (");
	} else {
		buf_text(b, " Its two busiest peers look it up within ");
		words_seconds(b, t->joint_window_s);
		buf_text(b, " of each other more often than like hours on other days make it, as"
			    " if one cause moved both (");
	}
	words_p_of(b, "p", t->joint_p);
	buf_text(b, ").");
}

void cache_words_say(struct buf *b, const struct test_cache *t)
{
	if (t->status.why != NULL)
		return;
	say_rate(b, t);
	say_caches(b, t);
	say_joint(b, t);
}
