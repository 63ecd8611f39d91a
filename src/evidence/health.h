/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a source lost: records skipped, by reason, with the first offset of each. */
#ifndef EVIDENCE_HEALTH_H
#define EVIDENCE_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEALTH_REASONS_MAX 64
#define HEALTH_REASON_TEXT 48

struct health_reason {
	char reason[HEALTH_REASON_TEXT]; /* lower case, short: "truncated record" */
	uint64_t count;
	uint64_t first_offset; /* in the decompressed content */
};

/* What a log did not say, and was assumed for a number of its records; no loss. */
enum health_assumption {
	ASSUMED_ZONE,      /* local times were read as UTC */
	ASSUMED_YEAR,      /* of the records, or of those around them, from the file's date */
	ASSUMED_HOUR,      /* the clock of the place showed the time twice, or not at all */
	ASSUMED_DAY_ORDER, /* 1/2/2026 can be of January or of February */
	ASSUMED_MIXED,  /* rows name another zone than the first row, or none where it names one */
	ASSUMED_REPEAT, /* the log goes back by an hour, as a clock does when summer time ends */
	HEALTH_ASSUMPTIONS,
};

struct health {
	struct health_reason reasons[HEALTH_REASONS_MAX]; /* in order of first sight */
	size_t count;
	uint64_t assumed[HEALTH_ASSUMPTIONS]; /* records */
	bool damaged; /* the input itself is broken (cut, bad checksum), not only of no use to us */
};

/* One more record skipped for this reason. The last slot gathers what no longer fits as "other". */
void health_skip(struct health *h, const char *reason, uint64_t offset);

/* "assumed UTC, no zone in the log", ...: begins with HEALTH_ASSUMED, as no reason does. Static. */
#define HEALTH_ASSUMED "assumed "
const char *health_assumption_text(enum health_assumption a);

/* All skipped records. */
uint64_t health_total(const struct health *h);

#endif
