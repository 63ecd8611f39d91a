/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/test_rows_cache.h"

#include <math.h>

#include "finding/cache_words.h"
#include "finding/words.h"

bool test_rows_cache_rate(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_cache *t = &f->tests.cache;

	*ret_p = (double)NAN;
	buf_text(out, "TTL ");
	words_seconds(out, t->ttl_s);
	if (t->ttl_by_pauses)
		buf_text(out, " (by the pauses: no answer gave one)");
	if (!isfinite(t->rate_lo))
		return true;
	buf_text(out, ", saturation ");
	words_number(out, t->saturation, 2);
	buf_text(out, ", questions while it is empty ");
	cache_words_rate(out, t->rate_lo, t->rate_hi);
	if (isfinite(t->rate_hi))
		buf_text(out, " (exact 95% interval)");
	buf_text(out, "; a change of their rate shows ");
	words_number(out, 1 - t->saturation, 2);
	buf_text(out, " times as strong");
	return true;
}

bool test_rows_cache_pauses(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_cache *t = &f->tests.cache;

	*ret_p = t->violations_p;
	buf_text(out, "of ");
	words_count(out, t->pauses);
	buf_text(out, ", shorter than one cache allows ");
	words_count(out, t->forbidden);
	buf_text(out, ", in the last tenth of the TTL (fetched early) ");
	words_count(out, t->before);
	buf_text(out, ", within a tenth of it after it has run out ");
	words_count(out, t->after);
	if (t->caches > 0) {
		buf_text(out, "; the fewest caches that explain them: ");
		words_count(out, t->caches);
	}
	if (!isfinite(*ret_p))
		buf_text(out, "; the same peer's other names were not read, or are too few, to say"
			      " how often its cache is emptied");
	return true;
}

bool test_rows_cache_shape(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_cache *t = &f->tests.cache;

	*ret_p = t->p_shape;
	if (!isfinite(*ret_p))
		return false;
	words_share(out, t->early_share);
	buf_text(out, " in the first tenth of what chance makes them (");
	words_share(out, t->early_expected);
	buf_text(out, " expected)");
	return true;
}

bool test_rows_cache_joint(const struct finding *f, struct buf *out, double *ret_p)
{
	const struct test_cache *t = &f->tests.cache;

	*ret_p = t->joint_p;
	if (!isfinite(*ret_p))
		return false;
	words_share(out, t->joint_share);
	buf_text(out, " of the one's visits are within ");
	words_seconds(out, t->joint_window_s);
	buf_text(out, " of one of the other's, ");
	words_share(out, t->joint_expected);
	buf_text(
	    out, t->joint_apart ? " by chance, and fewer than that within a TTL" : " by chance");
	return true;
}
