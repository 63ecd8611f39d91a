/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do the two directions of an exchange of mail keep the same days (METHODS 2.e2)? One message in
 * and one out a day, between two partners, is a series each way.
 */
#ifndef HUNT_RECIPROCAL_H
#define HUNT_RECIPROCAL_H

#include "finding/tests.h"
#include "haystack/haystack.h"

#define RECIPROCAL_DAYS_MIN 10 /* with either direction */

struct reciprocal_settings {
	uint8_t kind; /* of the contacts */
	uint64_t seed;
	struct stamp first; /* of the name */
	struct stamp last;
};

/* key: of the name's group. False: out of memory, or a haystack that cannot be read. */
bool reciprocal_fill(struct haystack *h, const uint8_t *key, size_t key_len,
    const struct reciprocal_settings *settings, struct test_reciprocity *ret,
    struct err *reterr) MUST_USE;

#endif
