/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * train [OUT [SERIES]]: learn the eleven mechanisms from simulations and write the table of the
 * classifier. `make train` writes it into the tree; minutes on two cores.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "trainer.h"

#define SEED     20161128
#define SERIES   10000
#define HELD_OUT 5000
#define LEAST    200 /* to fit the spread of 52 traits */
#define EPOCHS   10

static bool write_file(const char *path, const struct buf *text, struct err *reterr)
{
	FILE *f = fopen(path, "wb");
	bool ok = f != NULL && fwrite(text->bytes, 1, text->len, f) == text->len;

	if (f != NULL && fclose(f) != 0)
		ok = false;
	if (!ok)
		err_set(reterr, ERR_SYSTEM, "cannot write '%s'", path);
	return ok;
}

static bool train(const char *path, struct plan *plan, struct err *reterr)
{
	struct sample *learn = NULL, *held_out = NULL;
	struct classifier *c = calloc(1, sizeof(*c));
	struct buf text;
	bool ok;

	buf_init(&text, 1u << 22);
	if (c == NULL)
		err_set_memory(reterr);
	(void)fprintf(stderr, "train: %zu series of each mechanism\n", plan->series);
	ok = c != NULL &&
	     samples_make(plan->seed, 0, plan->series, 1, plan->jobs, &learn, reterr) &&
	     samples_make(
		 plan->seed, plan->series, plan->held_out, 1, plan->jobs, &held_out, reterr);
	if (ok)
		(void)fprintf(stderr, "train: %u nets\n", plan->nets);
	ok = ok && trainer_run(plan, learn, held_out, c, reterr) &&
	     trainer_write(c, &text, reterr) && write_file(path, &text, reterr);
	buf_release(&text);
	free(learn);
	free(held_out);
	free(c);
	return ok;
}

int main(int argc, char **argv)
{
	struct plan plan = { .seed = SEED,
		.series = SERIES,
		.held_out = HELD_OUT,
		.epochs = EPOCHS,
		.nets = CLASSIFIER_NETS,
		.jobs = parallel_default_jobs(),
		.without = -1 };
	struct err err = { .code = ERR_NONE };

	if (argc > 2) {
		plan.series = strtoul(argv[2], NULL, 10);
		plan.held_out = plan.series;
	}
	if (argc < 2 || plan.series < LEAST) {
		(void)fputs("usage: train OUT [SERIES], at least 200\n", stderr);
		return 2;
	}
	if (train(argv[1], &plan, &err))
		return 0;
	(void)fprintf(stderr, "train: %s\n", err.text);
	return 2;
}
