/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which targets of a case were perhaps meant by one that it does not have? */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "base/attr.h"
#include "base/err.h"
#include "haystack/haystack.h"

#define NEAREST_MAX 3

struct nearest {
	struct endpoint targets[NEAREST_MAX]; /* nearest first */
	size_t count;
};

/*
 * Names below the target, else those near it in spelling among its neighbors: names below the
 * same domain, then below the next larger one; addresses of the same network. Only so many
 * entries are looked at, so that a miss costs no more than a hit.
 */
bool nearest_find(struct haystack *h, const struct endpoint *target, struct nearest *ret,
    struct err *reterr) MUST_USE;

#endif
