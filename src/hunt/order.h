/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who comes first. q is a matter of the tests of rhythm alone: one Benjamini-Hochberg procedure
 * over all eligible names (METHODS 2.i). The order also weighs how narrow a name is:
 *
 *     score = -log10 p + min(3, -log10 p_narrow)
 *
 * with no credit for narrowness where it is not testable.
 */
#ifndef HUNT_ORDER_H
#define HUNT_ORDER_H

#include "hunt/screen.h"

#define ORDER_NEEDLE_Q   0.05
#define ORDER_NARROW_MAX 3.0

/* What narrow_refine() can add: ranks among fewer than ten thousand names, to the cap. */
#define ORDER_REFINED_MAX (ORDER_NARROW_MAX - 1)

/* Can the narrowness of this name be told? NULL, or why not. Static. */
const char *order_narrow_why_not(const struct eligible *e);

/* Set every score from p and rank. */
void order_score(struct eligible *list, size_t count);

/* Set every q; of: eligible names in all. */
bool order_control(struct eligible *list, size_t count, uint64_t of, struct err *reterr) MUST_USE;

/*
 * Sort: by score, larger first; then the smaller p, the rarer persistence, more visits, and key
 * order at last. Numbers are compared at about six digits, so that the last bits of a machine's
 * arithmetic do not choose; the order is total.
 */
void order_sort(struct eligible *list, size_t count);

/* x to 20 significant bits. */
double order_quantize(double x);

#endif
