/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is usual for mail hosts of the case: the medians of their partners, their contacts a day and
 * the hours that hold half of these, each way by itself. Where the case holds no mail, names that
 * are looked up stand for them. Hosts with few contacts are left out: most that an open server
 * ever meets come once.
 */
#ifndef HUNT_USUAL_H
#define HUNT_USUAL_H

#include "finding/finding.h"
#include "hunt/funnel.h"
#include "hunt/tour.h"

#define USUAL_CONTACTS_MIN 10 /* of a host, one way */
#define USUAL_HOURS_MIN    24 /* contacts from which hours are told: one for each */
#define USUAL_HOSTS_MIN    5  /* of which there is a median */

struct usual;

/*
 * For a tour of so many parts. f, which must outlive *ret, has the names that stand for mail hosts
 * where there are none; NULL: none do.
 */
bool usual_new(
    const struct funnel *f, size_t parts, struct usual **ret, struct err *reterr) MUST_USE;
void usual_free(struct usual *u);

/* To read all mail hosts of the case; usual_settle() then makes medians of them. */
struct tour_reader usual_reader(struct usual *u);
bool usual_settle(struct usual *u, struct err *reterr) MUST_USE;

/* All that at once, in a tour for nobody else, and without a funnel of all names. */
bool usual_read(struct haystack *h, unsigned jobs, const struct hunt_progress *progress,
    struct usual **ret, struct err *reterr) MUST_USE;

/*
 * Fill *ret in *memory: the figures of the group with this key, whose distinct peers are counted,
 * and behind them those of u; NULL: no others were read. alone: the words give its own figures even
 * if nothing stands beside them.
 */
bool usual_fill(const struct usual *u, struct haystack *h, const uint8_t *key, size_t key_len,
    uint64_t peers, bool alone, struct arena *memory, struct finding_usual *ret,
    struct err *reterr) MUST_USE;

#endif
