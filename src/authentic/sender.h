/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Were the queries for the target sent by the same machine as the peer's others (METHODS 2.h4, h6,
 * h8, h9)? Low entropy, old flags or a far way count only where they are unlike the peer's other
 * queries; those just before and after, where what they show may change with time.
 */
#ifndef AUTHENTIC_SENDER_H
#define AUTHENTIC_SENDER_H

#include "authentic/reread.h"
#include "finding/tests.h"

/* Fill the checks order, ports, traits and servers of *ret. r is sorted. False: out of memory. */
bool sender_check(
    const struct reread *r, struct test_authenticity *ret, struct err *reterr) MUST_USE;

#endif
