/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The date of a mail header (RFC 5322 3.3), with the obsolete forms of its section 4.3 that old
 * mail has: years of two and three digits, names of zones, comments anywhere.
 */
#ifndef WIRE_MAIL_DATE_H
#define WIRE_MAIL_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/stamp.h"

struct mail_date {
	struct stamp time; /* digits is 0: mail knows whole seconds */
	bool zoned;        /* false for "-0000" and unknown names: time is taken as UTC */
	int16_t east_min;  /* of the writer's clock, minutes east of UTC; 0 where not zoned */
};

/* Read the whole text, which may have been folded. False, *ret untouched: it is no such date. */
bool mail_date_parse(const uint8_t *text, size_t len, struct mail_date *ret) MUST_USE;

#endif
