/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When did a name's level change, was there a burst or a silence, and has it stopped? All on
 * operational time (optime.h), so the null of each test is the same demand all the time, in the
 * name's own hours of the week, through its peers' caches, seen by this sensor; counts may vary
 * more than Poisson's from one day to the next. In no q: people's names reject it, too.
 */
#ifndef STATS_LEVEL_H
#define STATS_LEVEL_H

#include "stats/optime.h"

#define LEVEL_BLOCKS_MAX 64  /* with more the level changes all the time, and none is told */
#define LEVEL_STOP_P     .01 /* a name has stopped at this p_stop or less */

struct level_span {
	double from_s;
	double to_s;
};

struct level_input {
	const struct optime_stream *streams;
	size_t stream_count; /* at most OPTIME_STREAMS_MAX */
	const struct exposure *exposure;
	uint64_t seed; /* with series: names the surrogates' random numbers */
	uint64_t series;
};

struct level_result {
	bool tested; /* false: fewer than OPTIME_STEPS_MIN counted events */
	size_t counted;
	double dispersion;
	/* runs of one level, without gaps; one: no change. The last ends with the last event. */
	struct level_span blocks[LEVEL_BLOCKS_MAX];
	size_t block_count; /* 0: more than LEVEL_BLOCKS_MAX */
	double p_burst;
	struct level_span burst; /* the most telling window, in time */
	double burst_ratio;      /* events in it / those of a constant level */
	double p_silence;
	struct level_span silence; /* the longest pause on the clock */
	double p_stop;
	double last_s; /* the last event */
};

/* False: out of memory. */
bool level_test(
    const struct level_input *in, struct level_result *ret, struct err *reterr) MUST_USE;

/* The same without the burst, which takes most of the time: its fields say that there was none. */
bool level_test_quick(
    const struct level_input *in, struct level_result *ret, struct err *reterr) MUST_USE;

#endif
