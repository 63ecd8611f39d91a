/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does one name show something more often, or less often, than the names beside it? What is
 * counted is given with its chances: pauses, rows, seconds. Null: the name is one of them, whose
 * rates differ from each other as much as theirs do.
 */
#ifndef STATS_EXCESS_H
#define STATS_EXCESS_H

#include <stdbool.h>
#include <stddef.h>

/* Sums over the other names: joined by adding, in a fixed order. Zeroed is empty. */
struct excess_background {
	double names;
	double seen;
	double chances;
	double seen2; /* sum of squares and products over names: how unlike each other they are */
	double chances2;
	double product;
};

/* So few other names say nothing of how unlike each other they are. */
#define EXCESS_NAMES_MIN 10

void excess_add(struct excess_background *b, double seen, double chances);
void excess_join(struct excess_background *b, const struct excess_background *other);

/* What a name of so many chances would show at the others' mean rate. */
double excess_expected(const struct excess_background *b, double chances);

/*
 * P(count or more), and P(count or fewer), of a name with so many chances; NAN where the background
 * is too small. deviation: the rates of names differ by this share of their mean at least.
 */
double excess_p_more(
    const struct excess_background *b, double deviation, double count, double chances);
double excess_p_fewer(
    const struct excess_background *b, double deviation, double count, double chances);

/* One name's count and its chances. */
struct excess_count {
	double seen;
	double chances;
};

/*
 * The same against names that are all at hand; NAN likewise. Names are often of two kinds (asked for
 * in one type or in two, logged once or twice), which no gamma has: p is at least the share of
 * names, the target among them, that go as far, where any other with comparable chances does.
 */
double excess_p_among(
    struct excess_count target, const struct excess_count *others, size_t count, bool fewer);

/* What the target would show at the mean rate of the others. */
double excess_expected_among(
    struct excess_count target, const struct excess_count *others, size_t count);

#endif
