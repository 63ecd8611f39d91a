/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How likely the user holds each explanation before the evidence is looked at, relative to the
 * others:
 *
 *   # a comment
 *   sender-checks 4      what is not named has 1
 *   beacon 0.1
 */
#ifndef HUNT_PRIOR_H
#define HUNT_PRIOR_H

#include "base/err.h"
#include "finding/explanation.h"

#define PRIOR_WEIGHT_MAX 1e6

struct prior {
	bool given;
	double of[EXPLAINED_OTHER]; /* adds up to 1 */
};

/* All alike. */
void prior_init(struct prior *p);

/* A line of the file that is neither a comment nor a name and a weight is an error. */
bool prior_read(const char *path, struct prior *ret, struct err *reterr) MUST_USE;

#endif
