/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A merge of the streams' events in time order. Between two events the integral of every stream
 * that is open (past the dead time of its own last event) is added, day by day. A stream opens
 * with its first event, which is not counted, and closes with its last.
 */
#include "stats/compensator.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/size.h"

#define DAY_S 86400.0

struct sweep {
	struct compensator *out;
	const struct compensator_stream *streams;
	size_t stream_count;
	size_t next[COMPENSATOR_STREAMS_MAX];   /* index of the next event */
	double open_s[COMPENSATOR_STREAMS_MAX]; /* blocked before; INFINITY: not yet or no more */
	double zero_s;                          /* where day 0 of the arrays begins */
	double step;                            /* compensator since the last counted visit */
	double still_s;                         /* the union's own dead time ends */
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

	for (size_t i = 0; i < s->stream_count; i++) {
		if (s->next[i] == s->streams[i].count)
			continue;
		if (best == s->stream_count ||
		    s->streams[i].events_s[s->next[i]] < s->streams[best].events_s[s->next[best]])
			best = i;
	}
	return best;
}

/* Add what stream i expects in [from_s, to_s), cut at the days' ends. */
static void add(struct sweep *s, size_t i, double from_s, double to_s)
{
	const struct profile *profile = &s->streams[i].profile;
	size_t day = (size_t)((from_s - s->zero_s) / DAY_S);

	while (from_s < to_s) {
		double end_s = fmin(s->zero_s + ((double)day + 1) * DAY_S, to_s);
		double mass = profile_integral(profile, from_s, end_s);

		s->step += mass;
		s->out->day_expected[day++] += mass;
		from_s = end_s;
	}
}

/* Let stream i's next event happen, the sweep having stood at since_s. */
static double happen(struct sweep *s, size_t i, double since_s, double union_dead_s)
{
	const struct compensator_stream *stream = &s->streams[i];
	double at_s = stream->events_s[s->next[i]++];
	bool opening = s->next[i] == 1;

	for (size_t j = 0; j < s->stream_count; j++) {
		double from_s = fmax(fmax(since_s, s->still_s), s->open_s[j]);

		if (from_s < at_s)
			add(s, j, from_s, at_s);
	}
	if (!opening && at_s >= s->still_s) {
		s->out->steps[s->out->step_count++] = s->step;
		s->out->day_seen[(size_t)((at_s - s->zero_s) / DAY_S)]++;
		s->step = 0;
		s->still_s = at_s + union_dead_s;
	}
	s->open_s[i] = s->next[i] == stream->count ? INFINITY : at_s + stream->dead_s;
	return at_s;
}

bool compensator_run(struct compensator *c, const struct compensator_stream *streams,
    size_t stream_count, double union_dead_s, double cut_s, struct err *reterr)
{
	struct sweep s = {
		.out = c, .streams = streams, .stream_count = stream_count, .still_s = -INFINITY
	};
	double first_s = INFINITY, last_s = -INFINITY, at_s;
	size_t events = 0, i;

	assert(stream_count > 0 && stream_count <= COMPENSATOR_STREAMS_MAX);
	for (i = 0; i < stream_count; i++) {
		assert(streams[i].count >= 2);
		s.open_s[i] = INFINITY;
		first_s = fmin(first_s, streams[i].events_s[0]);
		last_s = fmax(last_s, streams[i].events_s[streams[i].count - 1]);
		events += streams[i].count;
	}
	s.zero_s = floor((first_s - cut_s) / DAY_S) * DAY_S + cut_s;
	if (!make_room(c, events, (size_t)((last_s - s.zero_s) / DAY_S) + 1, reterr))
		return false;
	at_s = first_s;
	while ((i = earliest(&s)) < stream_count)
		at_s = happen(&s, i, at_s, union_dead_s);
	return true;
}

void compensator_release(struct compensator *c)
{
	free(c->steps);
	free(c->day_seen);
	free(c->day_expected);
	*c = (struct compensator){ 0 };
}
