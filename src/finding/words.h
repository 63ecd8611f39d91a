/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers in words for people: the one form of counts, times and shares that the paragraphs of a
 * finding, the terminal and the page have in common. ASCII, the same in every locale.
 */
#ifndef FINDING_WORDS_H
#define FINDING_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/stamp.h"
#include "finding/sensor_losses.h"

void words_count(struct buf *out, uint64_t n); /* "12,345" */

/* "1 name", "12,345 names". */
void words_things(struct buf *out, uint64_t n, const char *one, const char *many);

/* "3.05"; whole from 100 on: "12,345"; "-" unless finite. */
void words_number(struct buf *out, double value, unsigned digits);

/* The same with what is counted: "1 peer", "1.5 peers". */
void words_amount(
    struct buf *out, double value, unsigned digits, const char *one, const char *many);

/* None is 0: one that cannot be told apart from it is "under 1e-300". */
#define WORDS_P_FLOOR 1e-300
void words_p(struct buf *out, double p);                        /* "0.0017", "1.2e-13" */
void words_p_of(struct buf *out, const char *letter, double p); /* "q = 0.0017", "q under 1e-300" */

void words_seconds(struct buf *out, double seconds); /* "90 s", "1 h", "3.2 days" */
void words_share(struct buf *out, double share);     /* "40%", "under 1%", "over 99%" */
void words_date(struct buf *out, struct stamp s);    /* "2016-05-04" */
void words_day(struct buf *out, int64_t day);        /* the same, of a day since 1970 */

void words_zone(struct buf *out, int minutes); /* "UTC+5:30", of minutes east */

/* What the sensor's coverage lets one say of its outages, live_share finite. */
void words_outages(struct buf *out, double live_share, bool judged);

/* `before`, and what the sensor says of its own losses; nothing where it says nothing. */
void words_losses(struct buf *out, const char *before, const struct sensor_losses *losses);

/* " from 2016-05-04 to 2016-09-23", or " on 2016-05-04". */
void words_span(struct buf *out, struct stamp first, struct stamp last);

#endif
