/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/dossier_cache.h"

#include <math.h>

#include "finding/cache_words.h"
#include "finding/words.h"

static void say_rate(struct buf *out, const struct test_cache *t)
{
	buf_text(out, "- The cache: TTL ");
	words_seconds(out, t->ttl_s);
	if (t->ttl_by_pauses)
		buf_text(out, " (by the pauses: no answer gave one)");
	if (!isfinite(t->rate_lo))
		return;
	buf_text(out, ", saturation ");
	words_number(out, t->saturation, 2);
	buf_text(out, ", questions while it is empty ");
	cache_words_rate(out, t->rate_lo, t->rate_hi);
	if (isfinite(t->rate_hi))
		buf_text(out, " (exact 95% interval)");
	buf_text(out, ". A change of their rate shows ");
	words_number(out, 1 - t->saturation, 2);
	buf_text(out, " times as strong. Model: people who ask independently of each other; a"
		      " look-up that is seen hides all others for the TTL.");
}

static void say_pauses(struct buf *out, const struct test_cache *t)
{
	buf_text(out, "- Pauses against the TTL (of ");
	words_count(out, t->pauses);
	buf_text(out, "): shorter than one cache allows ");
	words_count(out, t->forbidden);
	buf_text(out, ", in the last tenth of the TTL (fetched early) ");
	words_count(out, t->before);
	buf_text(out, ", within a tenth of it after it has run out ");
	words_count(out, t->after);
	if (t->caches > 0) {
		buf_text(out, "; the fewest caches that explain them: ");
		words_count(out, t->caches);
	}
	if (isfinite(t->violations_p)) {
		buf_text(out, "; ");
		words_p_of(out, "p", t->violations_p);
		buf_text(out, ". Against: a cache that is emptied as often as with the same peer's"
			      " other names.");
	} else {
		buf_text(out, ". The same peer's other names were not read, or are too few, to say"
			      " how often its cache is emptied.");
	}
}

static void say_shape(struct buf *out, const struct test_cache *t)
{
	if (!isfinite(t->p_shape))
		return;
	buf_text(out, "- Pauses beyond the TTL: ");
	words_share(out, t->early_share);
	buf_text(out, " in the first tenth of what chance makes them (");
	words_share(out, t->early_expected);
	buf_text(out, " expected); ");
	words_p_of(out, "p", t->p_shape);
	buf_text(out, ". Against: people who ask independently of each other in the same hours."
		      " Many more are demand that waits for the TTL, or comes in sessions.");
}

static void say_joint(struct buf *out, const struct test_cache *t)
{
	if (!isfinite(t->joint_p))
		return;
	buf_text(out, "- The two busiest peers: ");
	words_share(out, t->joint_share);
	buf_text(out, " of the one's visits are within ");
	words_seconds(out, t->joint_window_s);
	buf_text(out, " of one of the other's, ");
	words_share(out, t->joint_expected);
	buf_text(out,
	    t->joint_apart ? " by chance, and fewer than that within a TTL; " : " by chance; ");
	words_p_of(out, "p", t->joint_p);
	buf_text(out, ". Against: two peers that keep the same hours and do not depend on each"
		      " other (like weekdays exchanged within eight weeks).");
}

void dossier_cache_line(struct buf *out, const struct test_cache *t, size_t i)
{
	static void (*const lines[DOSSIER_CACHE_LINES])(struct buf *,
	    const struct test_cache *) = { say_rate, say_pauses, say_shape, say_joint };

	if (t->status.why == NULL)
		lines[i](out, t);
}
