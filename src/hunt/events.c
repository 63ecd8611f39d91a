/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is counted is visits of all peers per UTC day, made up for hours in which the sensor was
 * down; a day that was mostly down counts as an ordinary one.
 */
#include "hunt/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/size.h"
#include "finding/words.h"
#include "stats/association.h"
#include "stats/fortnight.h"
#include "stats/stop.h"

#define WHY_BYTES_MAX   512
#define COVERAGE_WINDOW 3  /* days to either side, for the figure of what chance would cover */
#define LIVE_MIN        .5 /* of a day */

struct record {
	int64_t first_day;
	size_t days;
	double *counts;
	size_t *dates;  /* of the list's events that lie inside */
	size_t *events; /* which of the list they are */
	size_t date_count;
	size_t *pool;
	size_t pool_count;
};

static bool is_inside(const struct record *r, int64_t day)
{
	return day >= r->first_day && day - r->first_day < (int64_t)r->days;
}

static bool make_record(struct record *r, const struct exposure *e, const struct calendar *list)
{
	r->first_day = round_down(e->first_s / DAY_S);
	r->days = (size_t)(round_down(e->last_s / DAY_S) - r->first_day) + 1;
	r->dates = malloc(size_mul(list->count, sizeof(*r->dates)));
	r->events = malloc(size_mul(list->count, sizeof(*r->events)));
	r->pool = malloc(size_mul(size_add(list->pool_count, 1), sizeof(*r->pool)));
	if (r->dates == NULL || r->events == NULL || r->pool == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if (!is_inside(r, list->events[i].day))
			continue;
		r->events[r->date_count] = i;
		r->dates[r->date_count++] = (size_t)(list->events[i].day - r->first_day);
	}
	for (size_t i = 0; i < list->pool_count; i++)
		if (is_inside(r, list->pool_events[i].day))
			r->pool[r->pool_count++] =
			    (size_t)(list->pool_events[i].day - r->first_day);
	return true;
}

static void release_record(struct record *r)
{
	free(r->counts);
	free(r->dates);
	free(r->events);
	free(r->pool);
}

static bool count_days(struct record *r, const struct trace *t, const struct exposure *e)
{
	int64_t *starts = malloc(size_mul(size_add((size_t)t->contacts, 1), sizeof(*starts)));

	r->counts = calloc(r->days, sizeof(*r->counts));
	for (size_t i = 0; starts != NULL && r->counts != NULL && i < t->peer_count; i++) {
		size_t visits = trace_visit_starts(&t->peers[i], starts);

		for (size_t j = 0; j < visits; j++)
			if (is_inside(r, stamp_day(starts[j])))
				r->counts[stamp_day(starts[j]) - r->first_day]++;
	}
	free(starts);
	if (starts == NULL || r->counts == NULL)
		return false;
	for (size_t d = 0; d < r->days; d++) {
		double from_s = (double)(r->first_day + (int64_t)d) * DAY_S;
		double live = exposure_live(e, from_s, from_s + DAY_S) / DAY_S;

		r->counts[d] = live >= LIVE_MIN ? r->counts[d] / live : ASSOCIATION_UNKNOWN;
	}
	return true;
}

/* Why the list may not be tested, or NULL; with what a list of its length covers of any record. */
static const char *forbidden(const struct record *r, const struct calendar *list)
{
	if (list->made_known && list->made_day >= r->first_day + (int64_t)r->days)
		return "the list was made after the record ended";
	if (list->made_known && list->pool == CALENDAR_POOL_UNSTATED)
		return "the list does not say what it was picked from";
	return NULL;
}

static const char *say_forbidden(const struct record *r, const char *reason, struct arena *memory)
{
	struct buf b;
	const char *text = NULL;

	buf_init(&b, WHY_BYTES_MAX);
	buf_printf(&b, "events chosen after the fact: %s; ", reason);
	words_things(&b, r->date_count, "date", "dates");
	buf_printf(&b, " at random, with %d days to either side, cover ", COVERAGE_WINDOW);
	words_share(&b, association_coverage(r->days, r->date_count, COVERAGE_WINDOW));
	buf_text(&b, " of a record of ");
	words_things(&b, r->days, "day", "days");
	if (buf_ok(&b))
		text = arena_copy(memory, b.bytes, b.len);
	buf_release(&b);
	return text;
}

static const char *why_not(const struct record *r, const struct calendar *list)
{
	if (r->date_count == 0)
		return "no event of the list lies in the record";
	if (r->days < ASSOCIATION_DAYS_MIN)
		return "the record is shorter than four weeks";
	if (r->days > ASSOCIATION_DAYS_MAX)
		return "the record is longer than ten years";
	if (list->pool == CALENDAR_POOL_LISTED && r->pool_count < r->date_count)
		return "the pool has fewer events in the record than the list";
	return NULL;
}

static bool is_declared(const struct calendar *list)
{
	return list->made_known && list->pool != CALENDAR_POOL_UNSTATED;
}

static struct association_input input_of(const struct record *r, const struct calendar *list)
{
	return (struct association_input){ .counts = r->counts,
		.day_count = r->days,
		.first_weekday = stamp_weekday(r->first_day),
		.dates = r->dates,
		.date_count = r->date_count,
		.pool = list->pool == CALENDAR_POOL_LISTED ? r->pool : NULL,
		.pool_count = r->pool_count };
}

static bool test(const struct record *r, const struct calendar *list, struct arena *memory,
    struct test_events *ret, struct err *reterr)
{
	const struct association_input in = input_of(r, list);
	bool *near = arena_alloc(memory, size_mul(r->date_count, sizeof(*near)));
	const char **matched = arena_alloc(memory, size_mul(r->date_count, sizeof(*matched)));
	struct event_mark *marks = arena_alloc(memory, size_mul(r->date_count, sizeof(*marks)));
	struct association_result result;

	if (near == NULL || matched == NULL || marks == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!association_test(&in, &result, near, reterr))
		return false;
	for (size_t i = 0; i < r->date_count; i++) {
		const struct calendar_event *event = &list->events[r->events[i]];

		marks[i] = (struct event_mark){ event->day, near[i], event->label };
		if (near[i])
			matched[ret->matched_count++] = event->label;
	}
	ret->p = result.p;
	ret->window_days = result.window_days;
	ret->matched = matched;
	ret->marks = marks;
	ret->date_count = r->date_count;
	return true;
}

/* The last event on or before the day of the stop: stops before an act do not count. */
static void weigh_stop(const struct record *r, const struct calendar *list,
    const struct test_changes *changes, struct test_events *ret)
{
	int64_t stop = stamp_day(changes->stopped.ns), before = INT64_MIN;

	if (changes->status.why != NULL || !changes->has_stopped)
		return;
	for (size_t i = 0; i < r->date_count; i++) {
		const struct calendar_event *act = &list->events[r->events[i]];

		if (act->day > stop || act->day < before)
			continue;
		before = act->day;
		ret->stop_label = act->label;
	}
	if (ret->stop_label == NULL)
		return;
	ret->stop_days = (uint64_t)(stop - before);
	ret->p_stop_near =
	    stop_near_act((double)ret->stop_days + 1, r->date_count, (double)r->days);
}

bool events_fill(const struct trace *t, const struct exposure *e, const struct calendar *list,
    const struct test_changes *changes, struct arena *memory, struct test_events *ret,
    struct err *reterr)
{
	struct record r = { .counts = NULL };
	const char *reason;
	bool ok = false;

	*ret = (struct test_events){ .p = NAN, .window_days = NAN, .p_stop_near = NAN };
	if (list == NULL) {
		ret->status.why = "no list of events was given (hunt --events)";
		return true;
	}
	if (!make_record(&r, e, list)) {
		err_set_memory(reterr);
		goto out;
	}
	ret->declared = is_declared(list);
	reason = forbidden(&r, list);
	ret->status.why = reason != NULL ? say_forbidden(&r, reason, memory) : why_not(&r, list);
	if (reason != NULL || ret->status.why != NULL) {
		ok = ret->status.why != NULL;
		if (!ok)
			err_set_memory(reterr);
		goto out;
	}
	if (!count_days(&r, t, e)) {
		err_set_memory(reterr);
		goto out;
	}
	weigh_stop(&r, list, changes, ret);
	ok = test(&r, list, memory, ret, reterr);
out:
	release_record(&r);
	return ok;
}

static double share_met(const struct record *r)
{
	size_t met = 0;

	for (size_t i = 0; i < r->date_count; i++) {
		size_t day = r->dates[i];

		met += r->counts[day] > 0 || (day + 1 < r->days && r->counts[day + 1] > 0);
	}
	return (double)met / (double)r->date_count;
}

bool events_ask(const struct trace *t, const struct exposure *e, const struct calendar *list,
    struct events_answer *ret, struct err *reterr)
{
	struct record r = { .counts = NULL };
	struct association_input in;
	struct association_result result;
	bool *near = NULL;
	bool ok = false;

	*ret = (struct events_answer){ .p = NAN };
	if (!is_declared(list))
		return true;
	if (!make_record(&r, e, list))
		goto out;
	if (forbidden(&r, list) != NULL || why_not(&r, list) != NULL) {
		ok = true;
		goto out;
	}
	near = malloc(r.date_count * sizeof(*near));
	if (near == NULL || !count_days(&r, t, e))
		goto out;
	in = input_of(&r, list);
	ok = association_test(&in, &result, near, NULL);
	if (ok)
		*ret = (struct events_answer){ .p = result.p, .met = share_met(&r) };
out:
	free(near);
	release_record(&r);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}
