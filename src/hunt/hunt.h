/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a haystack to a ranked list. Two scans in target order: the first reads summaries and
 * sensor coverage and keeps the eligible names, the second streams their times through the
 * tests (METHODS 2.j). The result depends on the haystack, the seed and the settings alone.
 */
#ifndef HUNT_HUNT_H
#define HUNT_HUNT_H

#include "base/arena.h"
#include "base/err.h"
#include "contact/capture_loss.h"
#include "enrich/enrich.h"
#include "finding/finding.h"
#include "haystack/haystack.h"

struct hunt_settings {
	uint64_t seed;
	unsigned jobs;
	uint64_t memory_bytes;
	size_t top;                /* findings to keep, in rank order */
	const char *allow_path;    /* allow list, or NULL */
	const char *holidays_path; /* dates, or NULL */
	const char *events_path;   /* dated outside events (calendar/calendar.h), or NULL */
	const char *prior_path;    /* weights of explanations, or NULL: all alike */
	struct enrich_paths enrich;
	const char *vantage; /* of the case */
	const char *version;
	const struct capture_loss *losses; /* that the sensors report, each once */
	size_t loss_count;
	const struct endpoint *only; /* one target (for a dossier), or NULL: all */
	/*
	 * Leave out of the findings what is shown but decides nothing (pictures, words, and the tests
	 * that enter neither p, q nor score), and list them in order of p, needles first: for those
	 * who count errors, not readers.
	 */
	bool ranking_only;
	bool compared; /* with only: all names are read as well, for the sensor's outages and for
			  what the target's peers leave on other names */
	bool beside; /* with only: the mail hosts of the case are read as well, for what is usual */
	bool coverage_only; /* no name is looked at: when was the sensor alive? */
};

/* Called now and then from the calling thread; done and total in the phase's own unit. */
struct hunt_progress {
	void (*report)(void *context, const char *phase, uint64_t done, uint64_t total);
	void *context;
};

/* *ret is in *memory and lives as long as it. */
bool hunt_run(struct haystack *h, const struct hunt_settings *settings,
    const struct hunt_progress *progress, struct arena *memory, const struct hunt_result **ret,
    struct err *reterr) MUST_USE;

#endif
