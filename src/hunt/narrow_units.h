/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Narrowness once more, with operators for peers (hunt/operator.h): a resolver that asks from forty
 * addresses of one network is one. Told of the names that are shown, each among the very names that
 * it is ranked among by addresses; an effect, in no p of a needle and in no score.
 */
#ifndef HUNT_NARROW_UNITS_H
#define HUNT_NARROW_UNITS_H

#include "hunt/narrow.h"
#include "hunt/operator.h"
#include "hunt/screen.h"
#include "hunt/tour.h"

struct narrow_units;

/*
 * For these names, which is a few; f and n, of all names, must outlive *ret. Every peer's operator
 * is looked up once, and the tour counts contacts of the names of their bands alone.
 */
bool narrow_units_new(const struct funnel *f, const struct narrow *n, const struct enrich *e,
    const struct eligible *list, size_t count, struct narrow_units **ret,
    struct err *reterr) MUST_USE;
void narrow_units_free(struct narrow_units *u);

/* To count operators of all names that are wanted: the tour's parts are the funnel's. */
struct tour_reader narrow_units_reader(struct narrow_units *u);

/* After the tour: rank one of the names. *ret_effective: its own operators. Threads may share u. */
void narrow_units_rank(
    const struct narrow_units *u, uint32_t name, double *ret_effective, struct rank_result *ret);

#endif
