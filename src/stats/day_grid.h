/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The visits of a name by UTC day and quarter of an hour: what all tests of hours work on. Days
 * can be turned (day rotation), counted several times (bootstrap) or left out (folds), and are
 * then added up to a week, weighted for what caches hid.
 */
#ifndef STATS_DAY_GRID_H
#define STATS_DAY_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "stats/exposure.h"
#include "stats/workday.h"
#include "stats/zone.h"

#define DAY_GRID_STREAMS_MAX 8
#define DAY_GRID_DAYS_MAX    1096 /* the latest ones; as the raster has it */
#define DAY_GRID_PHASES_MAX  8    /* each of three rules of summer time is on or off */
#define DAY_GRID_WEIGHT_MAX  5.0

/* Visit starts of one peer, sorted, in seconds since 1970-01-01. */
struct day_grid_stream {
	const double *starts_s;
	size_t count;
	double
	    dead_s; /* after each visit its cache answers: the TTL. 0: no cache is seen at work */
};

/* Visits of one stream in one quarter of an hour. */
struct day_grid_mark {
	uint8_t stream;
	uint8_t at; /* index into the day's live quarters */
	uint32_t count;
};

struct day_grid_day {
	uint8_t weekday; /* Monday is 0 */
	uint8_t phase;
	uint8_t live_count;         /* quarters in which the sensor lived at all */
	uint8_t live[DAY_QUARTERS]; /* which */
	size_t mark_from;
	size_t mark_count;
	double visits;
};

/* Zeroed is empty. Release with day_grid_release(). */
struct day_grid {
	int64_t first_day; /* since 1970-01-01; the days run to that of the last visit */
	struct day_grid_day *days;
	size_t day_count;
	struct day_grid_mark *marks; /* by day */
	size_t mark_count;
	double visits;
	size_t stream_count;
	double dead_s[DAY_GRID_STREAMS_MAX];
	size_t phase_count;
	uint8_t phases[DAY_GRID_PHASES_MAX];               /* bit r: summer by rule r */
	double live_s[DAY_GRID_PHASES_MAX][WEEK_QUARTERS]; /* of the days of a phase */
	double live_cells_s[CELL_COUNT];
};

/*
 * Sort the visits into days; those in outages of the exposure are left out, they have no rate.
 * At most DAY_GRID_STREAMS_MAX streams. False: out of memory.
 */
bool day_grid_make(const struct day_grid_stream *streams, size_t stream_count,
    const struct exposure *e, struct day_grid *ret, struct err *reterr) MUST_USE;
void day_grid_release(struct day_grid *g);

/* Counts by stream and phase, added up over weeks: room for stream_count * phase_count rows. */
struct day_grid_week {
	double rows[DAY_GRID_STREAMS_MAX * DAY_GRID_PHASES_MAX][WEEK_QUARTERS];
};

/*
 * Add the days up. turn[day], below the day's live_count, moves its visits by so many live quarters
 * round the day; times[day] counts it so often. Either may be NULL: not moved, once.
 */
void day_grid_add_up(const struct day_grid *g, const uint8_t *turn, const uint16_t *times,
    struct day_grid_week *ret);

/* The cell (exposure.h) of a quarter of the week. */
static inline unsigned day_grid_cell(unsigned quarter)
{
	return quarter / 4 % 24 + (quarter < 5 * DAY_QUARTERS ? 0 : 24);
}

/* What a visit of a stream in each cell (exposure.h) stands for: 1 where no cache is at work. */
struct day_grid_weights {
	double of[DAY_GRID_STREAMS_MAX][CELL_COUNT];
};

/*
 * 1 / (1 - blocked share of the cell), at most DAY_GRID_WEIGHT_MAX. A function of the counts alone,
 * so that a turned week can be weighted as the true one is: weights that were kept from the true
 * week would favor it.
 */
void day_grid_weigh(
    const struct day_grid *g, const struct day_grid_week *week, struct day_grid_weights *ret);

/* Weighted visits of all streams by phase. */
void day_grid_merge(const struct day_grid *g, const struct day_grid_week *week,
    const struct day_grid_weights *weights, double (*ret)[WEEK_QUARTERS]);

/* by_phase as a week of clock time: phases that are summer by the rule an hour on. */
void day_grid_localize(const struct day_grid *g, enum zone_rule rule,
    const double (*by_phase)[WEEK_QUARTERS], double ret[static WEEK_QUARTERS]);

/* Has the span days of both kinds by this rule? Without, it is the same as ZONE_STEADY. */
bool day_grid_has_change(const struct day_grid *g, enum zone_rule rule);

#endif
