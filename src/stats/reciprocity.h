/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "One in and one out a day": do the two directions of an exchange keep the same days? Null: the
 * days of one direction, exchanged within their class (weekdays, weekend), would meet those of
 * the other as often. Innocent mechanism behind the null: both keep office days.
 */
#ifndef STATS_RECIPROCITY_H
#define STATS_RECIPROCITY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/philox.h"

#define RECIPROCITY_SURROGATES 999

struct reciprocity_result {
	double share; /* effect: days with both directions / days with either; 0: no days */
	double p;     /* 1 where a direction is missing */
};

/*
 * in and out: whether each of count days had a contact in that direction, first_weekday (0 is
 * Monday) being that of the first. False: out of memory.
 */
bool reciprocity_test(const bool *in, const bool *out, size_t count, unsigned first_weekday,
    struct philox *random, struct reciprocity_result *ret, struct err *reterr) MUST_USE;

#endif
