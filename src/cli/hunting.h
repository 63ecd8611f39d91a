/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What hunt, report and show have in common: hunt the case, and gather what a report shows of it. */
#ifndef CLI_HUNTING_H
#define CLI_HUNTING_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "cli/settings.h"
#include "cli/workspace.h"
#include "report/report.h"

#define HUNTING_BYTES_MAX (SIZE_MAX / 2) /* of a result: the hunt itself keeps to --memory */

/* To read the mail hosts of a case of so many contacts takes 10 ms of CPU time at most. */
#define HUNTING_BESIDE_MAX 250000

/* What of the case, as hunt.h has it; zeroed: all names. */
struct hunting_of {
	const struct endpoint *only;
	bool compared;
	bool beside; /* in a case of at most HUNTING_BESIDE_MAX contacts */
	bool coverage_only;
};

/* Hunt the case. *ret points into *memory. A signal that waits ends the process. */
bool hunting_run(struct workspace *w, const struct settings *s, const struct hunting_of *of,
    struct arena *memory, struct report_input *ret, struct err *reterr) MUST_USE;

#endif
