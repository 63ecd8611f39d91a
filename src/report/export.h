/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A result in the forms that other programs take, each from the same findings. Nothing in them
 * depends on the clock or on chance: times are those of the evidence, identifiers are UUIDs of
 * version 5, so that the same hunt gives the same bytes and what was imported twice is one.
 */
#ifndef REPORT_EXPORT_H
#define REPORT_EXPORT_H

#include "base/uuid.h"
#include "report/printer.h"
#include "report/report.h"

struct export_format {
	const char *name; /* "csv" */
	const char *file; /* what its file in the case is called */
	void (*write)(struct buf *out, const struct report_input *in);
};

/* Ended by a NULL name; the page is the first. */
extern const struct export_format export_formats[];

/* The format of that name, or NULL. */
const struct export_format *export_find(const char *name);

/* The identifier of a finding: of what was hunted and how, target and kind. */
void export_finding_id(const struct report_input *in, const struct finding *f, const char *role,
    char text[static UUID_TEXT_MAX]);

void export_csv(struct buf *out, const struct report_input *in);        /* RFC 4180 */
void export_stix(struct buf *out, const struct report_input *in);       /* STIX 2.1: one bundle */
void export_ocsf(struct buf *out, const struct report_input *in);       /* OCSF 1.3.0, class 2004 */
void export_ecs(struct buf *out, const struct report_input *in);        /* ECS 8.11, NDJSON */
void export_timesketch(struct buf *out, const struct report_input *in); /* CSV of dated points */
void export_markdown(struct buf *out, const struct report_input *in);   /* CommonMark with tables */

#endif
