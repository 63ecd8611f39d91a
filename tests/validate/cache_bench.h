/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of validate-cache share. */
#ifndef VALIDATE_CACHE_BENCH_H
#define VALIDATE_CACHE_BENCH_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "models.h"

#define SEED   20160504
#define TAU_S  3600.0
#define EVENTS 100000
#define LEVELS 3

static const double levels[LEVELS] = { .1, .05, .01 };

struct bench {
	unsigned series; /* a row */
	struct exposure live;
	struct model_series drawn;
	double *events_s; /* EVENTS of them */
};

/* Within four standard errors of [low, high]? */
static inline bool is_within(double share, double n, double low, double high)
{
	return share >= low - 4 * sqrt(low * (1 - low) / n) - 1e-9 &&
	       share <= high + 4 * sqrt(high * (1 - high) / n) + 1e-9;
}

/* End a table's row. */
static inline bool verdict(bool fine)
{
	printf(" | %s |\n", fine ? "" : "OFF");
	return fine;
}

int double_cmp(const void *a, const void *b);

/* Starts of visits of stream i, in b->events_s. */
size_t visit_starts(struct bench *b, size_t stream);

/* Tables: the number of caches behind an address; two addresses as one machine. */
bool check_count(struct bench *b);
bool check_pairs(struct bench *b);

#endif
