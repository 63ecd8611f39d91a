/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/health.h"

#include <stdio.h>
#include <string.h>

#define OTHER "other"

/* The counter of that reason; the last slot when all others are taken. */
static struct health_reason *find(struct health *h, const char *reason)
{
	for (size_t i = 0; i < h->count; i++)
		if (strncmp(h->reasons[i].reason, reason, HEALTH_REASON_TEXT - 1) == 0)
			return &h->reasons[i];
	if (h->count == HEALTH_REASONS_MAX)
		return &h->reasons[HEALTH_REASONS_MAX - 1];
	return NULL;
}

void health_skip(struct health *h, const char *reason, uint64_t offset)
{
	struct health_reason *r = find(h, reason);

	if (r == NULL) {
		r = &h->reasons[h->count++];
		if (h->count == HEALTH_REASONS_MAX)
			reason = OTHER;
		(void)snprintf(r->reason, sizeof(r->reason), "%s", reason);
		r->first_offset = offset;
	}
	r->count++;
}

const char *health_assumption_text(enum health_assumption a)
{
	static const char *const texts[HEALTH_ASSUMPTIONS] = {
		[ASSUMED_ZONE] = HEALTH_ASSUMED "UTC, no zone in the log",
		[ASSUMED_YEAR] = HEALTH_ASSUMED "year, none in the log",
		[ASSUMED_HOUR] = HEALTH_ASSUMED "one of two hours, or one that was skipped",
		[ASSUMED_DAY_ORDER] = HEALTH_ASSUMED "order of day and month",
		[ASSUMED_MIXED] = HEALTH_ASSUMED "each row's own zone, the log has several",
		[ASSUMED_REPEAT] = HEALTH_ASSUMED "no change of clock, an hour is repeated",
	};

	return texts[a];
}

uint64_t health_total(const struct health *h)
{
	uint64_t total = 0;

	for (size_t i = 0; i < h->count; i++)
		total += h->reasons[i].count;
	return total;
}
