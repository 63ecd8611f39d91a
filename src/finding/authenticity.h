/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A check of authenticity put together from its parts. */
#ifndef FINDING_AUTHENTICITY_H
#define FINDING_AUTHENTICITY_H

#include "finding/tests.h"

/* Take a part, unless its p is NAN; the smallest p of all parts stays. *parts counts them from 0. */
void authenticity_offer(
    struct authenticity_result *r, unsigned *parts, struct authenticity_result part);

/* All parts are in: p times their number, or why there is none. */
void authenticity_close(struct authenticity_result *r, unsigned parts, const char *why);

#endif
