/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What vet prints: when the sensor was alive, what was given, and for one target each check of its
 * authenticity with what was compared, effect and p, or why it could not be made.
 */
#ifndef REPORT_VET_H
#define REPORT_VET_H

#include "report/report.h"

struct vet_input {
	const struct hunt_result *result;
	const struct health_line *health;
	size_t health_count;
	const struct finding *finding; /* NULL: no target was named */
	const char *const *remarks;    /* of evidence that could not be read again; hostile text */
	size_t remark_count;
};

void vet_text(struct buf *out, const struct vet_input *in, const struct report_style *style);

/* One line of JSON: lodestone.vet/1. */
void vet_json(struct buf *out, const struct vet_input *in);

#endif
