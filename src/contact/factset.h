/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of a fact key: count, first, last, TTL range. Merging adds, and takes extremes. */
#ifndef CONTACT_FACTSET_H
#define CONTACT_FACTSET_H

#include "base/buf.h"
#include "base/cursor.h"
#include "contact/contact.h"

struct factset {
	uint64_t count;
	int64_t first_ns;
	int64_t last_ns;
	uint8_t digits; /* the finest seen */
	uint32_t ttl_min;
	uint32_t ttl_max;
};

void factset_of(struct factset *s, const struct fact *f);
void factset_add(struct factset *s, const struct factset *other);
void factset_encode(const struct factset *s, struct buf *out);
bool factset_decode(const uint8_t *value, size_t len, struct factset *ret) MUST_USE;

#endif
