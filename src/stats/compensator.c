/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A merge of the streams' events in time order. At each event and at each end of a day what every
 * open stream (one past the dead time of its own last event) expected since the last such time is
 * added. A stream opens with its first event, which is not counted, and closes with its last.
 */
#include "stats/compensator.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/minmax.h"
#include "base/size.h"

/* How far a stream's expectation has been added. */
struct front {
	size_t next;   /* index of the next event */
	double from_s; /* blocked or added before; INFINITY: not yet open or no more */
	double at;     /* the profile's integral there */
};

struct sweep {
	struct compensator *out;
	const struct compensator_stream *streams;
	size_t stream_count;
	struct front fronts[COMPENSATOR_STREAMS_MAX];
	double zero_s; /* where day 0 of the arrays begins */
	size_t day;
	double step;    /* compensator since the last counted visit */
	double still_s; /* the union's own dead time ends */
};

static bool grow(double **array, size_t count)
{
	double *grown = realloc(*array, size_mul(count, sizeof(*grown)));

	if (grown == NULL)
		return false;
	*array = grown;
	return true;
}

static bool make_room(struct compensator *c, size_t steps, size_t days, struct err *reterr)
{
	if (steps > c->step_capacity) {
		if (!grow(&c->steps, steps))
			goto fail;
		c->step_capacity = steps;
	}
	if (days > c->day_capacity) {
		if (!grow(&c->day_seen, days) || !grow(&c->day_expected, days))
			goto fail;
		c->day_capacity = days;
	}
	c->step_count = 0;
	c->day_count = days;
	for (size_t i = 0; i < days; i++)
		c->day_seen[i] = c->day_expected[i] = 0;
	return true;
fail:
	err_set_memory(reterr);
	return false;
}

/* The stream whose next event is earliest; stream_count at the end. */
static size_t earliest(const struct sweep *s)
{
	size_t best = s->stream_count;
	double best_s = INFINITY;

	for (size_t i = 0; i < s->stream_count; i++) {
		size_t next = s->fronts[i].next;

		if (next == s->streams[i].count || s->streams[i].events_s[next] >= best_s)
			continue;
		best = i;
		best_s = s->streams[i].events_s[next];
	}
	return best;
}

static const struct exposure *exposure_of(const struct sweep *s)
{
	return s->streams[0].profile.exposure;
}

/* Add what was expected up to to_s, which is in s->day or its end. */
static void add(struct sweep *s, double to_s)
{
	struct profile_place to = profile_place(exposure_of(s), to_s);

	for (size_t i = 0; i < s->stream_count; i++) {
		struct front *f = &s->fronts[i];
		double at, mass;

		if (f->from_s >= to_s)
			continue;
		at = profile_at(&s->streams[i].profile, &to);
		mass = double_max(at - f->at, 0);
		s->step += mass;
		s->out->day_expected[s->day] += mass;
		f->from_s = to_s;
		f->at = at;
	}
}

static void advance(struct sweep *s, double to_s)
{
	double end_s;

	while ((end_s = s->zero_s + ((double)s->day + 1) * DAY_S) <= to_s) {
		add(s, end_s);
		s->day++;
	}
	add(s, to_s);
}

/* Nothing is expected of stream i before from_s. */
static void block(struct sweep *s, size_t i, const struct profile_place *from, double from_s)
{
	s->fronts[i].from_s = from_s;
	s->fronts[i].at = profile_at(&s->streams[i].profile, from);
}

/* The union stands still for a while after a counted visit. */
static void stand_still(struct sweep *s)
{
	struct profile_place still = profile_place(exposure_of(s), s->still_s);

	for (size_t i = 0; i < s->stream_count; i++)
		if (s->fronts[i].from_s < s->still_s)
			block(s, i, &still, s->still_s);
}

/* Let stream i's next event happen. */
static void happen(struct sweep *s, size_t i, double union_dead_s)
{
	const struct compensator_stream *stream = &s->streams[i];
	struct front *f = &s->fronts[i];
	double at_s = stream->events_s[f->next++];
	double open_s = at_s + stream->dead_s;

	advance(s, at_s);
	f->from_s = INFINITY;
	if (f->next > 1 && at_s >= s->still_s) {
		s->out->steps[s->out->step_count++] = s->step;
		s->out->day_seen[s->day]++;
		s->step = 0;
		s->still_s = at_s + union_dead_s;
		if (s->stream_count > 1)
			stand_still(s);
	}
	if (f->next < stream->count) {
		double from_s = double_max(open_s, s->still_s);
		struct profile_place from = profile_place(exposure_of(s), from_s);

		block(s, i, &from, from_s);
	}
}

bool compensator_run(struct compensator *c, const struct compensator_stream *streams,
    size_t stream_count, double union_dead_s, double cut_s, struct err *reterr)
{
	struct sweep s = {
		.out = c, .streams = streams, .stream_count = stream_count, .still_s = -INFINITY
	};
	double first_s = INFINITY, last_s = -INFINITY;
	size_t events = 0, i;

	assert(stream_count > 0 && stream_count <= COMPENSATOR_STREAMS_MAX);
	for (i = 0; i < stream_count; i++) {
		assert(streams[i].count >= 2);
		s.fronts[i] = (struct front){ .from_s = INFINITY };
		first_s = double_min(first_s, streams[i].events_s[0]);
		last_s = double_max(last_s, streams[i].events_s[streams[i].count - 1]);
		events += streams[i].count;
	}
	s.zero_s = floor((first_s - cut_s) / DAY_S) * DAY_S + cut_s;
	if (!make_room(c, events, (size_t)((last_s - s.zero_s) / DAY_S) + 1, reterr))
		return false;
	while ((i = earliest(&s)) < stream_count)
		happen(&s, i, union_dead_s);
	return true;
}

void compensator_release(struct compensator *c)
{
	free(c->steps);
	free(c->day_seen);
	free(c->day_expected);
	*c = (struct compensator){ 0 };
}
