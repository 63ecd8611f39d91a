/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sums per window, then a median. A report of n windows costs n, and is a day long at most. */
#include "stats/sensor_loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "stats/exposure.h"

struct window {
	double gaps;
	double acks;
};

/* Spread a report over its windows, by time. */
static void add(
    struct window *windows, size_t count, int64_t first_window, const struct loss_report *report)
{
	const double length_s = report->to_s - report->from_s;
	double at = report->from_s / EXPOSURE_WINDOW_S - (double)first_window;
	const double end =
	    fmin(report->to_s / EXPOSURE_WINDOW_S - (double)first_window, (double)count);

	at = fmax(at, 0);
	while (at < end) {
		const double next = fmin(floor(at) + 1, end);
		const double part = (next - at) * EXPOSURE_WINDOW_S / length_s;

		windows[(size_t)at].gaps += report->gaps * part;
		windows[(size_t)at].acks += report->acks * part;
		at = next;
	}
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median of what windows with reports kept; 0: none has. Sorts a copy in room. */
static double usual(const double *kept, size_t count, double *room)
{
	size_t told = 0;

	for (size_t w = 0; w < count; w++)
		if (!isnan(kept[w]))
			room[told++] = kept[w];
	if (told == 0)
		return 0;
	qsort(room, told, sizeof(*room), double_cmp);
	return room[(told - 1) / 2];
}

bool sensor_loss_kept(const struct loss_report *reports, size_t report_count, int64_t first_window,
    double *ret_kept, size_t count, struct err *reterr)
{
	struct window *windows = calloc(count + 1, sizeof(*windows));
	double *room = malloc(size_mul(count + 1, sizeof(*room)));
	const bool ok = windows != NULL && room != NULL;
	double median = 0;

	if (!ok) {
		err_set_memory(reterr);
		goto out;
	}
	for (size_t i = 0; i < report_count; i++)
		add(windows, count, first_window, &reports[i]);
	for (size_t w = 0; w < count; w++)
		ret_kept[w] = windows[w].acks < SENSOR_LOSS_ACKS_MIN
				  ? NAN
				  : 1 - fmin(windows[w].gaps / windows[w].acks, 1);
	median = usual(ret_kept, count, room);
	for (size_t w = 0; w < count; w++)
		ret_kept[w] = isnan(ret_kept[w]) || median <= 0 ? 1 : ret_kept[w] / median;
out:
	free(windows);
	free(room);
	return ok;
}
