/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a sensor and a resolver leave on every series that passes through them, whatever it is
 * about: digits of the clock, rows that stand twice, look-ups while the sensor saw nothing else,
 * other types of record asked for along the way. One name's imprint is compared with those of the
 * names beside it.
 */
#ifndef STATS_IMPRINT_H
#define STATS_IMPRINT_H

#include "stats/digits.h"
#include "stats/exposure.h"

struct imprint_row {
	int64_t time_ns;
	uint16_t type;  /* of the record asked for */
	uint8_t digits; /* that the log wrote behind the second */
};

/* Zeroed is empty. */
struct imprint {
	uint32_t seconds[DIGITS_SECONDS]; /* of starts of visits */
	uint32_t last[DIGITS_LAST];       /* last digits of those that have `digits` of them */
	uint32_t rows;
	uint32_t doubles; /* rows that say what the one before them says */
	uint32_t visits;
	uint32_t dark;        /* visits during outages of the sensor */
	uint32_t accompanied; /* visits in which several types were asked for */
	uint8_t digits;       /* the most of all rows */
};

/* Of sorted rows of one peer and one name. Rows beyond UINT32_MAX are not counted. */
void imprint_take(
    const struct imprint_row *rows, size_t count, const struct exposure *e, struct imprint *ret);

/* Order of rows: by time, then type. For qsort(). */
int imprint_row_cmp(const void *a, const void *b);

#endif
