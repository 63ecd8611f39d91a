/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Samples as the nets see them. */
#ifndef TRAIN_ROWS_H
#define TRAIN_ROWS_H

#include "explain/classifier.h"

struct row {
	float inputs[NET_INPUTS];
	uint8_t class;
};

struct rows {
	struct row *rows;
	size_t count;
};

/* Values as the table will have them: what is calibrated is what will be used. */
void rows_quantize(float *values, size_t count);

/*
 * Set the parts of a class: as many Gaussians as it has room for, each by the series that it makes
 * likeliest (classification EM: Celeux & Govaert 1992). Zeros for a class without rows. False: out
 * of memory.
 */
bool parts_fit(struct classifier *c, const struct rows *rows, size_t class, uint64_t seed,
    struct err *reterr) MUST_USE;

#endif
