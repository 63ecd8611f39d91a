/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When was the sensor alive? All rates of the tests are per live second. Outages are found from
 * the sensor's own counts, never from one name's.
 */
#ifndef STATS_EXPOSURE_H
#define STATS_EXPOSURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define EXPOSURE_WINDOW_S 600 /* the sensor's counts come per ten minutes */

/* The cells that rates are fitted in: hour of the UTC day, and 24 + hour at the weekend. */
#define CELL_COUNT 48

/*
 * Every cell is kept twice, for days of even and of odd number, so that the rate on the one can
 * be fitted on the other (profile.h): cell + CELL_COUNT * fold.
 */
#define FOLD_COUNT   2
#define FOLDED_CELLS (CELL_COUNT * FOLD_COUNT)

struct interval {
	double from_s;
	double to_s;
};

/* Read-only once made: threads share it. Release with exposure_release(). */
struct exposure {
	double first_s; /* of the observed span */
	double last_s;
	double reported_s; /* of it the sensor reported itself as lost, and is taken as outage */
	bool denied;       /* so reported, but its own counts say otherwise: not taken */
	bool judged;       /* found: so dense that an outage of two days could not have hidden */
	struct interval *down; /* outages: sorted, apart from each other, inside the span */
	size_t down_count;
	double *down_before_s; /* seconds of outage before outage i; down_count + 1 */
	double (*down_cells_s)[FOLDED_CELLS]; /* the same by cell */
};

/* The sensor's contacts in count windows of EXPOSURE_WINDOW_S from first_window * that on. */
struct exposure_counts {
	const uint32_t *counts;
	size_t count;
	int64_t first_window;
	/*
	 * By the sensor's own report, the share of what is usual that it kept in each window
	 * (stats/sensor_loss.h); NULL: there is no report.
	 */
	const double *kept;
};

/*
 * Find the outages: windows of 10 min * 2^j up to 2 d in which the sensor saw so much less than
 * its own weekday or weekend hour leads to expect that P(count <= seen) < 1e-6 (METHODS 2.h5).
 * [first_s, last_s) is the observed span, inside the windows; a partial window is never an
 * outage. A haystack too sparse to tell has none. False: out of memory.
 *
 * A window of which the sensor reports that it kept less than half of the usual is an outage
 * too, unless in all of these windows together the sensor saw more than the middle between what
 * is then to be expected and what it sees else: such a report is of another sensor.
 */
bool exposure_find(const struct exposure_counts *counts, double first_s, double last_s,
    struct exposure *ret, struct err *reterr) MUST_USE;

/* The outages that are reported alone, with the same doubt. */
bool exposure_take_reported(const struct exposure_counts *counts, double first_s, double last_s,
    struct exposure *ret, struct err *reterr) MUST_USE;

/* A span with known outages (copied, sorted, apart); down may be NULL when there are none. */
bool exposure_declare(double first_s, double last_s, const struct interval *down, size_t down_count,
    struct exposure *ret, struct err *reterr) MUST_USE;

void exposure_release(struct exposure *e);

/* Live seconds in [from_s, to_s). O(log outages). */
double exposure_live(const struct exposure *e, double from_s, double to_s);

/* Add sign times the same to cells_s, by cell and fold. */
void exposure_add_live(const struct exposure *e, double from_s, double to_s, double sign,
    double cells_s[static FOLDED_CELLS]);

/* The next outage that ends after t_s: its index, or down_count. */
size_t exposure_outage_after(const struct exposure *e, double t_s);

/* Is any second of UTC day `day` (since 1970-01-01) inside the span and live? */
bool exposure_day_is_live(const struct exposure *e, int64_t day);

/* The cell of a time, and the cell with its fold. */
unsigned exposure_cell(double t_s);
unsigned exposure_folded_cell(double t_s);

#endif
