/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many contacts of any target the sensor saw in each window of ten minutes: the background
 * from which its outages are told (METHODS 2.h5). Sparse, because one wrong clock can stretch
 * the span of a case to centuries.
 */
#ifndef HUNT_COVERAGE_H
#define HUNT_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "contact/capture_loss.h"
#include "finding/sensor_losses.h"
#include "stats/exposure.h"

#define COVERAGE_WINDOW_S     600
#define COVERAGE_PAGE_WINDOWS 64

struct coverage_page {
	int64_t number; /* its first window / COVERAGE_PAGE_WINDOWS */
	uint32_t counts[COVERAGE_PAGE_WINDOWS];
};

struct coverage {
	struct coverage_page *pages;
	size_t count;
	size_t capacity;
	uint32_t *slots; /* page + 1, 0 is free; a power of two of them */
	size_t slot_count;
	size_t last; /* the page of the last hit: contacts come in time order */
};

/* An empty one is all zeroes. */
void coverage_release(struct coverage *c);

/* Count one contact. Counts stop at UINT32_MAX. False: out of memory. */
bool coverage_add(struct coverage *c, int64_t time_ns) MUST_USE;

/* Add all counts of another. */
bool coverage_merge(struct coverage *into, const struct coverage *from) MUST_USE;

/*
 * All windows from the first with a contact to the last, as an array to be freed by the caller;
 * *ret_first is the number of its first window since 1970. *ret_count 0, and NULL, without any.
 */
bool coverage_flatten(const struct coverage *c, int64_t *ret_first, uint32_t **ret_counts,
    size_t *ret_count) MUST_USE;

/*
 * What the sensors' own reports of losses leave of these windows, as stats/sensor_loss.h has it:
 * an array to be freed by the caller, NULL without reports.
 */
bool coverage_kept(const struct capture_loss *losses, size_t loss_count, int64_t first_window,
    size_t window_count, double **ret_kept, struct err *reterr) MUST_USE;

/* The sensors' word on themselves, and what was made of it. */
void coverage_sum_losses(const struct capture_loss *losses, size_t loss_count,
    const struct exposure *found, struct sensor_losses *ret);

#endif
