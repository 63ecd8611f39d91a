/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From simulations to a classifier. Everything is a function of the plan: random numbers are
 * Philox streams named by (seed, what, index), sums run in one order, whatever the threads.
 */
#ifndef TRAIN_TRAINER_H
#define TRAIN_TRAINER_H

#include "base/buf.h"
#include "explain/classifier.h"
#include "simulate/mechanism.h"

struct plan {
	uint64_t seed;
	size_t series;   /* of each class, to learn from */
	size_t held_out; /* of each class, to calibrate with */
	unsigned epochs;
	unsigned nets; /* at most CLASSIFIER_NETS; fewer are used again in turn: for trials */
	unsigned jobs;
	int without; /* a class that is left out, or -1 */
};

struct sample {
	struct traits traits;
	uint8_t class;
};

/*
 * Series first .. first + each of every class, in order of class. stretch as for
 * mechanism_simulate(). *ret is the caller's to free.
 */
bool samples_make(uint64_t seed, uint64_t first, size_t each, double stretch, unsigned jobs,
    struct sample **ret, struct err *reterr) MUST_USE;

/* Learn from plan->series of each class and calibrate with the held-out ones. */
bool trainer_run(const struct plan *plan, const struct sample *learn, const struct sample *held_out,
    struct classifier *ret, struct err *reterr) MUST_USE;

/* The table as src/explain/table.inc has it. */
bool trainer_write(const struct classifier *c, struct buf *out, struct err *reterr) MUST_USE;

#endif
