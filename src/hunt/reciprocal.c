/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/reciprocal.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/contact.h"
#include "contact/series.h"
#include "hunt/timing.h"
#include "hunt/walk.h"
#include "stats/reciprocity.h"

#define PURPOSE_DAYS 12

/* Days of the name's life with contacts, by direction. */
struct ways {
	int64_t first_day;
	size_t days;
	bool *in;
	bool *out;
	struct series_rows rows;
	struct test_reciprocity *test;
};

static bool ways_init(struct ways *w, const struct reciprocal_settings *s)
{
	w->first_day = stamp_day(s->first.ns);
	w->days = (size_t)(stamp_day(s->last.ns) - w->first_day) + 1;
	w->in = calloc(w->days, sizeof(*w->in));
	w->out = calloc(w->days, sizeof(*w->out));
	return w->in != NULL && w->out != NULL;
}

static void ways_release(struct ways *w)
{
	free(w->in);
	free(w->out);
	series_rows_release(&w->rows);
}

/* The type of a series of mail is its direction. */
static bool ways_add(struct ways *w, const struct walk_series *s, struct err *reterr)
{
	bool in = s->type == DIRECTION_IN;

	if (!in && s->type != DIRECTION_OUT)
		return true;
	w->rows.count = 0;
	if (!series_decode(s->value, s->value_len, &w->rows, reterr))
		return false;
	series_view(&w->rows);
	for (size_t i = 0; i < w->rows.count; i++) {
		int64_t day = stamp_day(w->rows.rows[i].time_ns) - w->first_day;

		if (day >= 0 && (uint64_t)day < w->days)
			(in ? w->in : w->out)[day] = true;
	}
	*(in ? &w->test->in : &w->test->out) += w->rows.count;
	return true;
}

static bool ways_read(
    struct ways *w, struct haystack *h, const uint8_t *key, size_t key_len, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct walk *walk = NULL;
	struct walk_series s;
	struct key prefix = { .len = key_len };
	bool end = false, ok;

	memcpy(prefix.bytes, key, key_len);
	range.prefix = &prefix;
	if (!walk_new(h, &range, &walk, reterr))
		return false;
	do
		ok = walk_next(walk, &s, &end, reterr) && (end || ways_add(w, &s, reterr));
	while (ok && !end);
	walk_free(walk);
	return ok;
}

static const char *why_not(const struct ways *w)
{
	if (w->test->in == 0 || w->test->out == 0)
		return "its mail goes one way";
	if (w->test->either < RECIPROCAL_DAYS_MIN)
		return "fewer than ten days with mail";
	return NULL;
}

bool reciprocal_fill(struct haystack *h, const uint8_t *key, size_t key_len,
    const struct reciprocal_settings *settings, struct test_reciprocity *ret, struct err *reterr)
{
	struct ways w = { .test = ret };
	struct reciprocity_result result;
	struct philox random;
	bool ok = false;

	*ret = (struct test_reciprocity){ .p = 1 };
	if (settings->kind != KIND_SMTP && settings->kind != KIND_MAIL) {
		ret->status.why = "look-ups have one direction";
		return true;
	}
	if (!ways_init(&w, settings)) {
		err_set_memory(reterr);
		goto out;
	}
	if (!ways_read(&w, h, key, key_len, reterr))
		goto out;
	for (size_t i = 0; i < w.days; i++) {
		ret->both += w.in[i] && w.out[i];
		ret->either += w.in[i] || w.out[i];
	}
	ret->status.why = why_not(&w);
	ok = true;
	if (ret->status.why != NULL)
		goto out;
	philox_init(&random, settings->seed, timing_series_of(key, key_len, NULL, 0), PURPOSE_DAYS);
	ok = reciprocity_test(
	    w.in, w.out, w.days, stamp_weekday(w.first_day), &random, &result, reterr);
	ret->p = result.p;
out:
	ways_release(&w);
	return ok;
}
