/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are the probabilities of explanations what they say, does the set hold the true one, is a mechanism
 * that was never learnt noticed, and what is said of the founding scenario and its twins? The last go
 * through a haystack, as a user's evidence does.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "haystack/haystack.h"
#include "hunt/explain.h"
#include "simulate/simulate.h"

#include "../train/trainer.h"

#define SEED          77 /* not the trainer's */
#define BINS          15
#define ECE_MAX       .02
#define ECE_STRESSED  .05
#define MEAN_OFF      .01
#define COVERED_MIN   .88
#define COVERED_MAX   .92
#define COVERED_LEAST .85
#define NOTICED_MIN   .8
#define TWINS_MIN     .9

#define LEFT_OUT_SERIES 800

/* Standard errors that a figure may lie outside of its limits, in the short form. */
#define SLACK 4

struct tally {
	double probability[BINS]; /* sums by bin of the class' probability */
	double true_ones[BINS];
	double series[BINS];
	double mean;
	double covered;
	double set_size;
	double is_new;
};

static void count_one(struct tally *tallies, const struct classifier *c, const struct sample *s)
{
	struct classification r;

	classifier_weigh(c, &s->traits, &r);
	for (size_t k = 0; k < NET_CLASSES; k++) {
		double p = r.probability[k];
		size_t bin = p < 1 ? (size_t)(p * BINS) : BINS - 1;

		tallies[k].probability[bin] += p;
		tallies[k].true_ones[bin] += k == s->class;
		tallies[k].series[bin]++;
		tallies[k].mean += p;
		tallies[s->class].set_size += r.in_set[k];
	}
	tallies[s->class].covered += r.in_set[s->class];
	tallies[s->class].is_new += r.is_new;
}

static double calibration_error(const struct tally *t, double count)
{
	double error = 0;

	for (size_t b = 0; b < BINS; b++)
		error += fabs(t->probability[b] - t->true_ones[b]);
	return error / count;
}

/* What chance alone makes of the calibration error: the mean size of each bin's deviation. */
static double chance_error(const struct tally *t, double count)
{
	double error = 0;

	for (size_t b = 0; b < BINS; b++)
		if (t->series[b] > 0) {
			double p = t->probability[b] / t->series[b];

			error += sqrt(2 / M_PI * p * (1 - p) * t->series[b]);
		}
	return error / count;
}

struct limits {
	double error;
	double covered_min;
	double covered_max;
	bool means; /* the mean posterior is the prior, too */
};

static bool check_class(
    const struct tally *t, size_t class, double each, const struct limits *limits, bool is_long)
{
	double count = each * NET_CLASSES, share = t->covered / each;
	double error = calibration_error(t, count), chance = chance_error(t, count);
	double covered_se = SLACK * sqrt(.09 / each), mean_se = SLACK * sqrt(.07 / count);
	bool fine;

	if (is_long)
		covered_se = mean_se = chance = 0;
	fine = error <= limits->error + SLACK * chance &&
	       share >= limits->covered_min - covered_se &&
	       share <= limits->covered_max + covered_se &&
	       (!limits->means || fabs(t->mean / count - 1. / NET_CLASSES) <= MEAN_OFF + mean_se);
	printf("| %s | %.4f | %.4f | %.3f | %.2f | %.3f | %s |\n",
	    explanation_name((enum explanation) class), error, t->mean / count, share,
	    t->set_size / each, t->is_new / each, fine ? "" : "OFF");
	return fine;
}

static bool check_held_out(const struct classifier *c, const char *what, double stretch,
    size_t each, const struct limits *limits, bool is_long)
{
	struct tally *tallies = calloc(NET_CLASSES, sizeof(*tallies));
	struct sample *samples = NULL;
	struct err err;
	bool fine = true;

	if (tallies == NULL || !samples_make(SEED, 0, each, stretch, 1, &samples, &err)) {
		free(tallies);
		return false;
	}
	for (size_t i = 0; i < each * NET_CLASSES; i++)
		count_one(tallies, c, &samples[i]);
	printf("\n%s, %zu series of each mechanism:\n\n"
	       "| mechanism | ECE | mean p | in set | set size | new | "
	       "|\n|---|---|---|---|---|---|---|\n",
	    what, each);
	for (size_t k = 0; k < NET_CLASSES; k++)
		fine = check_class(&tallies[k], k, (double)each, limits, is_long) && fine;
	free(tallies);
	free(samples);
	return fine;
}

/* Not one explanation alone: something else, several, or the verdict that it cannot be told. */
static bool is_noticed(const struct traits *f, const struct classification *r)
{
	double contacts = round(exp(f->value[TRAIT_CONTACTS])), highest = 0;
	size_t size = 0;

	for (size_t k = 0; k < NET_CLASSES; k++) {
		size += r->in_set[k];
		highest = fmax(highest, r->probability[k]);
	}
	return r->is_new || size != 1 ||
	       explain_undecided(contacts, f, highest / (1 - highest + 1e-9) * (NET_CLASSES - 2)) !=
		   NULL;
}

static bool check_left_out(size_t each, unsigned nets)
{
	struct plan plan = { .seed = SEED + 1,
		.series = each,
		.held_out = each / 2,
		.epochs = 8,
		.nets = nets,
		.jobs = 1 };
	struct sample *learn = NULL, *held_out = NULL;
	struct classifier *c = calloc(1, sizeof(*c));
	struct err err;
	bool fine = c != NULL && samples_make(SEED + 1, 0, each, 1, 1, &learn, &err) &&
		    samples_make(SEED + 1, each, each / 2, 1, 1, &held_out, &err);

	printf("\nOne mechanism left out, %zu series of each other to learn from:\n\n"
	       "| left out | noticed | new |\n|---|---|---|\n",
	    each);
	for (size_t k = 0; learn != NULL && held_out != NULL && k < NET_CLASSES; k++) {
		double noticed = 0, is_new = 0, count = (double)plan.held_out;

		plan.without = (int)k;
		if (!trainer_run(&plan, learn, held_out, c, &err))
			break;
		for (size_t i = 0; i < plan.held_out; i++) {
			struct classification r;

			const struct traits *f = &held_out[k * plan.held_out + i].traits;

			classifier_weigh(c, f, &r);
			noticed += is_noticed(f, &r);
			is_new += r.is_new;
		}
		fine = noticed / count >= NOTICED_MIN && fine;
		printf("| %s | %.3f | %.3f | %s\n", explanation_name((enum explanation)k),
		    noticed / count, is_new / count,
		    noticed / count >= NOTICED_MIN ? "|" : "OFF |");
	}
	free(learn);
	free(held_out);
	free(c);
	return fine;
}

/* ---- the founding scenario ---- */

static const struct {
	const char *name;
	enum explanation own[2];
	bool undecided;
} expected[] = {
	{ "mail1.example.net", { EXPLAINED_SENDER_CHECKS, EXPLAINED_HUMAN_CORRESPONDENCE }, true },
	{ "post.twin1.example", { EXPLAINED_SENDER_CHECKS, EXPLAINED_SENDER_CHECKS }, false },
	{ "update.twin2.example", { EXPLAINED_RETRY_LOOP, EXPLAINED_RETRY_LOOP }, false },
	{ "status.twin3.example", { EXPLAINED_SCHEDULED_MACHINE, EXPLAINED_SCHEDULED_MACHINE },
	    false },
	{ "mail.twin5.example", { EXPLAINED_INCONSISTENT_LOG, EXPLAINED_INCONSISTENT_LOG }, false },
	{ "mail.twin6.example", { EXPLAINED_SPOOFED_SOURCE, EXPLAINED_SPOOFED_SOURCE }, false },
};

#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

static bool write_rows(struct haystack_writer *w, const struct simulation *sim, struct err *reterr)
{
	for (size_t i = 0; i < sim->row_count; i++) {
		const struct sim_row *row = &sim->rows[i];
		const struct sim_name *n = &sim->names[row->name];
		struct contact c = { .time_ns = row->time_ns,
			.digits = sim->digits,
			.kind = KIND_DNS,
			.seen = SEEN_BOTH,
			.direction = DIRECTION_OUT,
			.type = row->type,
			.ttl = n->ttl,
			.txid = -1,
			.target = n->name };
		struct fact f = { .owner = n->name,
			.type = 1,
			.ttl = n->ttl,
			.count = 1,
			.first_ns = row->time_ns,
			.last_ns = row->time_ns,
			.digits = sim->digits };
		bool has_fact = row->type == 1 && n->address.len == 4;

		endpoint_from_addr(&c.peer, &sim->peers[row->peer]);
		if (has_fact)
			endpoint_from_addr(&f.data, &n->address);
		if (!haystack_writer_record(w, &c, has_fact ? &f : NULL, has_fact, reterr))
			return false;
	}
	return true;
}

static bool store(
    const struct simulation *sim, const char *dir, struct haystack **ret, struct err *reterr)
{
	struct digest digest = { { 1 } };
	struct haystack_writer *w = NULL;
	bool ok = haystack_open(dir, true, ret, reterr) &&
		  haystack_writer_new(dir, 64u << 20, &w, reterr) &&
		  haystack_writer_begin(w, reterr) && write_rows(w, sim, reterr);

	if (ok) {
		haystack_writer_end(w, &digest);
		ok = haystack_commit(*ret, w, reterr);
	}
	haystack_writer_free(w);
	return ok;
}

static bool weigh_name(struct haystack *h, const char *name, const struct explain_settings *s,
    struct finding_weighing *ret, struct err *reterr)
{
	struct endpoint target;
	struct arena memory;
	struct trace t;
	struct key key;
	bool ok;

	arena_init(&memory, SIZE_MAX);
	if (!endpoint_parse(&target, name, strlen(name)) || !trace_init(&t, 0, reterr))
		return false;
	key_of_target(&key, KEY_TAG_SERIES, &target);
	key.bytes[key.len++] = KIND_DNS;
	ok = trace_read(&t, h, key.bytes, key.len, reterr) &&
	     explain_fill(&t, h, key.bytes, key.len, s, &memory, ret, reterr);
	trace_release(&t);
	arena_release(&memory);
	return ok;
}

static bool is_as_expected(const struct finding_weighing *w, size_t i)
{
	return w->in_set[expected[i].own[0]] && w->in_set[expected[i].own[1]] &&
	       (!expected[i].undecided || explanation_verdict(w) == VERDICT_CANNOT_TELL);
}

static bool run_scenario(const struct scenario *s, uint64_t seed, const struct classifier *c,
    double *right, double *in_set, struct err *reterr)
{
	struct explain_settings settings = {
		.classifier = c, .vantage = "authoritative", .seed = 1
	};
	struct simulation *sim = NULL;
	struct haystack *h = NULL;
	struct exposure exposure = { .first_s = 0 };
	struct prior prior;
	char dir[] = "/tmp/lodestone-explain-XXXXXX", command[64];
	bool ok = mkdtemp(dir) != NULL && simulate(s, seed, &sim, reterr) &&
		  store(sim, dir, &h, reterr) &&
		  exposure_declare((double)(sim->rows[0].time_ns / 1000000000),
		      (double)(sim->rows[sim->row_count - 1].time_ns / 1000000000) + 1, NULL, 0,
		      &exposure, reterr);

	prior_init(&prior);
	settings.prior = &prior;
	settings.exposure = &exposure;
	for (size_t i = 0; ok && i < EXPECTED; i++) {
		struct finding_weighing w;

		ok = weigh_name(h, expected[i].name, &settings, &w, reterr);
		if (!ok)
			break;
		right[i] += is_as_expected(&w, i);
		for (size_t k = 0; k < EXPLANATION_COUNT; k++)
			in_set[i * EXPLANATION_COUNT + k] += w.in_set[k];
	}
	exposure_release(&exposure);
	haystack_close(h);
	simulation_free(sim);
	(void)snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command) == 0 && ok;
}

static bool check_scenario(const struct classifier *c, unsigned runs, bool is_long)
{
	double right[EXPECTED] = { 0 }, in_set[EXPECTED * EXPLANATION_COUNT] = { 0 };
	struct scenario *s = NULL;
	struct err err = { .code = ERR_NONE };
	uint32_t crowds;
	bool fine = scenario_load(LODESTONE_SOURCE_ROOT "/scenarios/founding.yaml", &s, &err);

	if (!fine)
		return false;
	crowds = s->crowds_count;
	s->crowds_count = 0; /* the haystack has no part in it */
	for (unsigned run = 0; fine && run < runs; run++)
		fine = run_scenario(s, SEED + run, c, right, in_set, &err);
	s->crowds_count = crowds;
	scenario_free(s);
	printf("\nThe founding scenario, %u runs:\n\n| name | as expected | shares of runs in "
	       "whose set |\n"
	       "|---|---|---|\n",
	    runs);
	for (size_t i = 0; fine && i < EXPECTED; i++) {
		double se = is_long ? 0 : SLACK * sqrt(.09 / runs);

		printf("| %s | %.3f%s |", expected[i].name, right[i] / runs,
		    right[i] / runs >= TWINS_MIN - se ? "" : " OFF");
		for (size_t k = 0; k < EXPLANATION_COUNT; k++)
			if (in_set[i * EXPLANATION_COUNT + k] > 0)
				printf(" %s %.2f", explanation_name((enum explanation)k),
				    in_set[i * EXPLANATION_COUNT + k] / runs);
		puts(" |");
	}
	for (size_t i = 0; fine && i < EXPECTED; i++)
		fine = right[i] / runs >= TWINS_MIN - (is_long ? 0 : SLACK * sqrt(.09 / runs));
	if (err.code != ERR_NONE)
		printf("failed: %s\n", err.text);
	return fine;
}

int main(int argc, char **argv)
{
	static const struct limits calibrated = { ECE_MAX, COVERED_MIN, COVERED_MAX, true },
				   stressed = { ECE_STRESSED, COVERED_LEAST, 1, false };
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0, fine;
	size_t each = is_long ? 1500 : 120;
	struct classifier *c = NULL;
	struct err err;

	if (!classifier_load(&c, &err)) {
		(void)fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	puts("## Explanations");
	fine = check_held_out(c, "Series that were not learnt from", 1, each, &calibrated, is_long);
	fine =
	    check_held_out(c, "Rates and jitters doubled", 2, each / 2, &stressed, is_long) && fine;
	fine =
	    check_held_out(c, "Rates and jitters halved", .5, each / 2, &stressed, is_long) && fine;
	fine = check_scenario(c, is_long ? 200 : 6, is_long) && fine;
	if (is_long)
		fine = check_left_out(LEFT_OUT_SERIES, 2) && fine;
	free(c);
	return fine ? 0 : 1;
}
