/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who comes first. q is a matter of the tests of rhythm alone: one Benjamini-Hochberg procedure
 * over all eligible names (METHODS 2.i). The order asks another question, who is explained worst,
 * and weighs how narrow and how persistent a name is as well. Rhythm is that of needles alone: any
 * other p chance reaches somewhere among so many names.
 *
 *     score = max(1/4, 1 - innocent) * (rhythm + effect + doubt / 2)
 *     rhythm = max(0, min(6, -log10 p) - min(4, -log10 p_clock)), of needles; 0 of others
 *     effect = 2 * max(presence, follows) * min(3, -log10 p_narrow)
 *
 * presence is the share of the evidence's days on which the name was asked for; follows is the
 * share of the user's dates on which or on the day after which it was, times what goes from 0 at a
 * p of .1 to 1 at .01 by its logarithm, p being that of the test for these dates: 0 where no
 * declared list of them was given (hunt/follow.h). Either part can weigh 6 at most: as much as a p
 * that chance reaches once among a million names. A rhythm beyond that is no more worth a look than
 * one that just reaches it, and what is locked to a clock has an ordinary explanation, somebody's
 * schedule. A name that is narrow but was seen on a few days only, as chance makes many, gains
 * little. No credit where narrowness is not testable.
 *
 * innocent is the probability of the mechanisms that nobody need look into, so what counts is the
 * surprise that is left to the others; it counts as far as it can be told which mechanism it was.
 * Only the head of the order by surprise is weighed (hunt/weigh.h), and put in order again; all
 * names that are shown belong to it. No explanation takes all: what is explained is still more than nothing.
 * doubt is the other side: log10 of the odds of people who write to each other, or of a beacon,
 * against all of these together, from 0 to 2. Such a pattern is worth a look, though nothing in it
 * may be even or rare.
 *
 * docs/methods.md has the reasons, docs/validation.md the ablation.
 */
#ifndef HUNT_ORDER_H
#define HUNT_ORDER_H

#include "hunt/screen.h"

#define ORDER_NEEDLE_Q   0.05
#define ORDER_RHYTHM_MAX 6.0
#define ORDER_CLOCK_MAX  4.0 /* that a schedule explains of it */
#define ORDER_LEFT_MIN   .25 /* share of the surprise that every explanation leaves */
#define ORDER_NARROW_MAX 3.0
#define ORDER_DOUBT      0.5
#define ORDER_EFFECT     2.0 /* weight of a narrow name that was there every day */

/* What narrow_refine() can add: ranks among fewer than ten thousand names, to the cap. */
#define ORDER_REFINED_MAX (ORDER_EFFECT * (ORDER_NARROW_MAX - 1))

/* Can the narrowness of this name be told? NULL, or why not. Static. */
const char *order_narrow_why_not(const struct eligible *e);

/* By how much narrow_refine() can lift this name's score at most. */
double order_lift(const struct eligible *e);

/* Set every score from p, q, presence, follows, rank, innocent and doubt. */
void order_score(struct eligible *list, size_t count);

/* Set every q; of: eligible names in all. */
bool order_control(struct eligible *list, size_t count, uint64_t of, struct err *reterr) MUST_USE;

/*
 * Sort: by score, larger first; then the smaller p, the rarer persistence, more visits, and key
 * order at last. Numbers are compared at about six digits, so that the last bits of a machine's
 * arithmetic do not choose; the order is total.
 */
void order_sort(struct eligible *list, size_t count);

/* The same with p before the score: needles first. */
void order_sort_by_p(struct eligible *list, size_t count);

/*
 * Set every place from the order, and put first what is shown: the first `top`, and behind them as
 * many needles again, each with its place, as a needle that an ordinary mechanism explains may
 * stand far behind. Returns how many are shown.
 */
size_t order_choose(struct eligible *list, size_t count, size_t top);

/* x to 20 significant bits. */
double order_quantize(double x);

#endif
