/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What sensors report of their own losses, as the share that each window of EXPOSURE_WINDOW_S kept
 * of what is usual. Only that can bend a rate: what is always lost is in the rates already.
 */
#ifndef STATS_SENSOR_LOSS_H
#define STATS_SENSOR_LOSS_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

struct loss_report {
	double from_s;
	double to_s; /* later than from_s */
	double gaps; /* data that was acknowledged and not seen */
	double acks; /* acknowledgments seen */
};

/*
 * Acknowledgments that a window needs before its share is looked at: the share's standard error is
 * then 5 % at most.
 */
#define SENSOR_LOSS_ACKS_MIN 100

/*
 * Fill ret_kept[0..count), windows from number first_window since 1970 on: the share of packets
 * that a window kept over the median share of all windows that reports tell of; 1 where they tell
 * nothing. Reports that overlap, as of the workers of one sensor, count by their
 * acknowledgments, one that lies in several windows in each by its part. False: out of memory.
 */
bool sensor_loss_kept(const struct loss_report *reports, size_t report_count, int64_t first_window,
    double *ret_kept, size_t count, struct err *reterr) MUST_USE;

#endif
