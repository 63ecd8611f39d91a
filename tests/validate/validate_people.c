/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real human rhythm must not be taken for a machine: private messages of 1,899 students over
 * 193 days (CollegeMsg of the SNAP collection: from, to, Unix seconds). Every pair and every
 * sender with 10 visits on 3 days is tested as if it were a series.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "hunt/timing.h"
#include "stats/rhythm.h"
#include "stats/visits.h"

#define SEED       20040415
#define VISITS_MIN 10
#define DAYS_MIN   3
#define LEVELS     3
#define SURROGATES 999
#define SKIP       77
#define FAR        2 /* a rate beyond twice the level plus chance is a fault */

static const double levels[LEVELS] = { .05, .01, .001 };

struct message {
	unsigned from;
	unsigned to;
	double time_s;
};

struct messages {
	struct message *all;
	size_t count;
};

static bool messages_read(const char *path, struct messages *ret)
{
	FILE *f = fopen(path, "re");
	size_t capacity = 65536;
	struct message m;
	bool ok = f != NULL;

	*ret = (struct messages){ .all = malloc(capacity * sizeof(m)) };
	while (ok && ret->all != NULL && ret->count < capacity &&
	       fscanf(f, "%u %u %lf", &m.from, &m.to, &m.time_s) == 3)
		ret->all[ret->count++] = m;
	if (f != NULL)
		(void)fclose(f);
	return ok && ret->all != NULL;
}

static int message_cmp(const void *a, const void *b)
{
	const struct message *x = a;
	const struct message *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return (x->time_s > y->time_s) - (x->time_s < y->time_s);
}

/* Forget the receiver: a sender's messages become one series. */
static void by_sender(struct messages *m)
{
	for (size_t i = 0; i < m->count; i++)
		m->all[i].to = 0;
}

struct tally {
	unsigned tested;
	unsigned gap[2][LEVELS]; /* by bound, by surrogates */
	unsigned days[2][LEVELS];
	double smallest;        /* p of either test, by bound */
	unsigned rounds_tested; /* beside visits */
	unsigned rounds[LEVELS];
	double smallest_round;
};

static bool is_eligible(const double *times_s, size_t count)
{
	struct visit *visits = malloc(count * sizeof(*visits));
	size_t found, days = 1;

	if (visits == NULL)
		return false;
	found = visits_find(times_s, count, visits);
	free(visits);
	for (size_t i = 1; i < count; i++)
		days += floor(times_s[i] / 86400) > floor(times_s[i - 1] / 86400);
	return found >= VISITS_MIN && days >= DAYS_MIN;
}

static bool test_series(const double *times_s, size_t count, uint64_t series,
    const struct exposure *e, struct rhythm_work *w, struct tally *t)
{
	static const struct monte_carlo_plan plan = { .surrogates_max = SURROGATES };
	struct rhythm_stream stream = { .times_s = times_s, .count = count };
	struct rhythm_input in = {
		.streams = &stream, .stream_count = 1, .exposure = e, .seed = SEED, .series = series
	};
	struct rhythm_result r[2];
	struct err err;

	if (!rhythm_screen(&in, w, &r[0], &err) || !rhythm_verdict(&in, &plan, w, &r[1], &err))
		return false;
	t->tested++;
	t->smallest = fmin(t->smallest, fmin(r[0].p_gap, r[0].p_days));
	for (unsigned how = 0; how < 2; how++)
		for (unsigned i = 0; i < LEVELS; i++) {
			t->gap[how][i] += r[how].p_gap <= levels[i];
			t->days[how][i] += r[how].p_days <= levels[i];
		}
	return true;
}

static bool test_rounds(const double *times_s, size_t count, uint64_t series,
    const struct exposure *e, struct rhythm_work *w, struct tally *t)
{
	struct rhythm_stream stream = { .times_s = times_s, .count = count };
	struct rhythm_input in = { .streams = &stream,
		.stream_count = 1,
		.exposure = e,
		.seed = SEED,
		.series = series,
		.round_s = TIMING_ROUND_S };
	struct rhythm_result r;
	struct err err;

	if (!rhythm_screen(&in, w, &r, &err))
		return false;
	t->rounds_tested += r.gap_tested;
	t->smallest_round = fmin(t->smallest_round, r.p_gap);
	for (unsigned i = 0; i < LEVELS; i++)
		t->rounds[i] += r.gap_tested && r.p_gap <= levels[i];
	return true;
}

static bool test_all(const struct messages *m, const struct exposure *e, struct tally *t)
{
	struct rhythm_work *w = NULL;
	struct err err;
	int64_t *ns = malloc(m->count * sizeof(*ns));
	double *times_s = malloc(m->count * sizeof(*times_s));
	bool ok = ns != NULL && times_s != NULL && rhythm_work_new(&w, &err);
	size_t end;

	*t = (struct tally){ .smallest = 1, .smallest_round = 1 };
	for (size_t begin = 0; ok && begin < m->count; begin = end) {
		for (end = begin; end < m->count && m->all[end].from == m->all[begin].from &&
				  m->all[end].to == m->all[begin].to;
		     end++)
			ns[end - begin] = (int64_t)m->all[end].time_s * 1000000000;
		visits_spread(ns, end - begin, 0, SEED, begin, times_s);
		if (is_eligible(times_s, end - begin))
			ok = test_series(times_s, end - begin, begin, e, w, t) &&
			     test_rounds(times_s, end - begin, begin, e, w, t);
	}
	rhythm_work_free(w);
	free(ns);
	free(times_s);
	return ok;
}

static bool print(const char *what, const struct tally *t)
{
	static const char *const how[2] = { "bound", "surrogates" };
	double n = t->tested;
	bool fine = t->tested > 0;

	for (unsigned h = 0; h < 2; h++) {
		printf("| %s | %s | %u | %.4f %.4f %.4f | %.4f %.4f %.4f | %.2g |\n", what, how[h],
		    t->tested, t->gap[h][0] / n, t->gap[h][1] / n, t->gap[h][2] / n,
		    t->days[h][0] / n, t->days[h][1] / n, t->days[h][2] / n, t->smallest);
		for (unsigned i = 0; i < LEVELS; i++) {
			double limit = FAR * levels[i] * n + 3 * sqrt(levels[i] * n) + 2;

			fine = fine && t->gap[h][i] <= limit && t->days[h][i] <= limit;
		}
	}
	n = fmax(t->rounds_tested, 1);
	printf("| %s, rounds | bound | %u | %.4f %.4f %.4f | | %.2g |\n", what, t->rounds_tested,
	    t->rounds[0] / n, t->rounds[1] / n, t->rounds[2] / n, t->smallest_round);
	for (unsigned i = 0; i < LEVELS; i++)
		fine = fine && t->rounds[i] <= FAR * levels[i] * n + 3 * sqrt(levels[i] * n) + 2;
	return fine;
}

int main(void)
{
	static const char path[] = LODESTONE_SHARED_DATA "/labelled/contact-graphs/CollegeMsg.txt";
	struct messages m;
	struct exposure e = { .down = NULL };
	struct tally pairs, senders;
	struct err err;
	double first_s = INFINITY, last_s = -INFINITY;
	bool fine = false;

	if (!messages_read(path, &m)) {
		printf("skipped: no %s\n", path);
		free(m.all);
		return SKIP;
	}
	for (size_t i = 0; i < m.count; i++) {
		first_s = fmin(first_s, m.all[i].time_s);
		last_s = fmax(last_s, m.all[i].time_s + 1);
	}
	qsort(m.all, m.count, sizeof(*m.all), message_cmp);
	if (!exposure_declare(first_s, last_s, NULL, 0, &e, &err) || !test_all(&m, &e, &pairs))
		goto out;
	by_sender(&m);
	qsort(m.all, m.count, sizeof(*m.all), message_cmp);
	if (!test_all(&m, &e, &senders))
		goto out;
	puts("| series | p by | tested | p_gap <= .05 .01 .001 | p_days <= .05 .01 .001 | smallest "
	     "|\n"
	     "|---|---|---|---|---|---|");
	fine = print("pairs", &pairs);
	fine = print("senders", &senders) && fine;
out:
	exposure_release(&e);
	free(m.all);
	return fine ? 0 : 1;
}
