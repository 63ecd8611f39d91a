/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many partners a host has, how much it does and in how many hours, beside what is usual for
 * mail hosts of the case: an effect that is shown, in no p and no score.
 */
#ifndef FINDING_USUAL_H
#define FINDING_USUAL_H

#include <stddef.h>
#include <stdint.h>

/* What the figures are of. */
enum usual_way {
	USUAL_LOOKUPS,
	USUAL_CONNECTIONS,
	USUAL_RECEIVED, /* mail that partners handed over to it */
	USUAL_SENT,     /* mail that it handed over to partners */
};
#define USUAL_WAYS 4

struct usual_row {
	enum usual_way way;
	uint64_t hosts;  /* whose medians these are; 0: the target's own figures */
	double partners; /* different ones */
	double per_day;  /* contacts, over the days from its first to its last one */
	double hours; /* the fewest of the UTC day that hold half of the contacts; NAN: too few */
};

/* Both ways of its own, and both ways of mail hosts. */
#define USUAL_ROWS_MAX 4

struct finding_usual {
	struct usual_row rows[USUAL_ROWS_MAX]; /* its own first */
	size_t row_count;
	const char *const *plain; /* a sentence a row, or none: see usual_words.h */
	size_t plain_count;
};

/* "look-ups", "connections", "received", "sent"; static. */
const char *usual_way_name(enum usual_way w);

#endif
