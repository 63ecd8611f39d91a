/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Log loss with L2, by Adam (Kingma & Ba 2015) on batches, each net on a bootstrap sample of its
 * own (Breiman 1996). A temperature on a quarter of the held-out series (Guo et al. 2017),
 * thresholds of the conformal set and of novelty on the others.
 */
#include "trainer.h"

#include <math.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "base/philox.h"
#include "base/size.h"
#include "rows.h"

#define BATCH         128
#define RATE_FIRST    2e-3
#define RATE_LAST     5e-5
#define DECAY         1e-4f /* L2 */
#define TEMPERED      4     /* one in so many held-out series fits the temperature */
#define COVERAGE      .9
#define TYPICAL       .95 /* not odd: half of what the set may miss is left to its probability */
#define NOVEL         .99
#define PURPOSE_START 1
#define PURPOSE_BAG   2

_Static_assert(NET_CLASSES == (int)MECHANISM_COUNT, "the classes are the mechanisms");

#define PARAMETERS (sizeof(struct net) / sizeof(float))

static void fit_scales(const struct sample *samples, size_t count, struct classifier *c)
{
	for (size_t f = 0; f < TRAIT_COUNT; f++) {
		double n = 0, sum = 0, squares = 0, spread;

		for (size_t i = 0; i < count; i++) {
			double x = samples[i].traits.value[f];

			if (isnan(x))
				continue;
			n++;
			sum += x;
			squares += x * x;
		}
		spread = n > 1 ? (squares - sum * sum / n) / n : 0;
		c->mean[f] = n > 0 ? (float)(sum / n) : 0;
		c->scale[f] = spread > 1e-9 ? (float)(1 / sqrt(spread)) : 0;
	}
}

static bool make_rows(const struct classifier *c, const struct sample *samples, size_t count,
    int without, struct rows *ret, struct err *reterr)
{
	*ret = (struct rows){ malloc(size_mul(count + 1, sizeof(struct row))), 0 };
	if (ret->rows == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (samples[i].class == without)
			continue;
		classifier_inputs(c, &samples[i].traits, ret->rows[ret->count].inputs);
		ret->rows[ret->count++].class = samples[i].class;
	}
	return true;
}

/* ---- one net ---- */

struct learning {
	const struct plan *plan;
	const struct rows *rows;
	struct classifier *classifier;
};

struct adam {
	struct net gradient;
	float mean[PARAMETERS];
	float square[PARAMETERS];
	double mean_left; /* what is left of their zeros at the start */
	double square_left;
};

static void start_net(struct net *n, struct philox *draws)
{
	memset(n, 0, sizeof(*n));
	for (size_t i = 0; i < NET_INPUTS; i++)
		for (size_t j = 0; j < NET_HIDDEN; j++)
			n->hidden[i][j] = (float)(philox_normal(draws) / sqrt(TRAIT_COUNT));
	for (size_t j = 0; j < NET_HIDDEN; j++)
		for (size_t k = 0; k < NET_CLASSES; k++)
			n->output[j][k] = (float)(philox_normal(draws) / sqrt(NET_HIDDEN));
}

/* Add a row's gradient of the log loss. */
static void add_gradient(const struct net *n, const struct row *row, struct net *gradient)
{
	float hidden[NET_HIDDEN], p[NET_CLASSES], back[NET_HIDDEN] = { 0 };

	net_run(n, row->inputs, hidden, p);
	p[row->class] -= 1;
	for (size_t j = 0; j < NET_HIDDEN; j++) {
		for (size_t k = 0; k < NET_CLASSES; k++) {
			gradient->output[j][k] += hidden[j] * p[k];
			back[j] += n->output[j][k] * p[k];
		}
		back[j] *= 1 - hidden[j] * hidden[j];
		gradient->hidden_bias[j] += back[j];
	}
	for (size_t k = 0; k < NET_CLASSES; k++)
		gradient->output_bias[k] += p[k];
	for (size_t i = 0; i < NET_INPUTS; i++) {
		if (row->inputs[i] == 0)
			continue;
		for (size_t j = 0; j < NET_HIDDEN; j++)
			gradient->hidden[i][j] += row->inputs[i] * back[j];
	}
}

static void step(struct net *n, struct adam *a, float rows, double rate)
{
	float *w = &n->hidden[0][0];
	const float *g = &a->gradient.hidden[0][0];
	float mean_scale, square_scale;

	a->mean_left *= .9;
	a->square_left *= .999;
	mean_scale = (float)(rate / (1 - a->mean_left));
	square_scale = (float)(1 / (1 - a->square_left));
	for (size_t i = 0; i < PARAMETERS; i++) {
		float slope = g[i] / rows + DECAY * w[i];

		a->mean[i] = .9f * a->mean[i] + .1f * slope;
		a->square[i] = .999f * a->square[i] + .001f * slope * slope;
		w[i] -= mean_scale * a->mean[i] / (sqrtf(a->square[i] * square_scale) + 1e-8f);
	}
}

/* Rows of the bag in an order of its own for each epoch. */
static void shuffle(uint32_t *bag, size_t count, struct philox *draws)
{
	for (size_t i = count - 1; i > 0; i--) {
		size_t j = philox_below(draws, (uint32_t)i + 1);
		uint32_t kept = bag[i];

		bag[i] = bag[j];
		bag[j] = kept;
	}
}

static void learn(
    const struct learning *l, struct net *n, struct adam *a, uint32_t *bag, struct philox *draws)
{
	size_t count = l->rows->count, batches = (count + BATCH - 1) / BATCH;
	double steps = (double)batches * l->plan->epochs, done = 0;

	for (size_t i = 0; i < count; i++)
		bag[i] = philox_below(draws, (uint32_t)count);
	for (unsigned epoch = 0; epoch < l->plan->epochs; epoch++) {
		shuffle(bag, count, draws);
		for (size_t b = 0; b < batches; b++) {
			size_t from = b * BATCH, upto = from + BATCH < count ? from + BATCH : count;
			double rate = RATE_LAST + (RATE_FIRST - RATE_LAST) *
						      (1 + cos(M_PI * done++ / steps)) / 2;

			memset(&a->gradient, 0, sizeof(a->gradient));
			for (size_t i = from; i < upto; i++)
				add_gradient(n, &l->rows->rows[bag[i]], &a->gradient);
			step(n, a, (float)(upto - from), rate);
		}
	}
}

static bool learn_one(size_t i, void *context, struct err *reterr)
{
	const struct learning *l = context;
	struct net *n = &l->classifier->nets[i];
	struct adam *a = calloc(1, sizeof(*a));
	uint32_t *bag = malloc(size_mul(l->rows->count, sizeof(*bag)));
	struct philox draws;

	if (a == NULL || bag == NULL) {
		free(a);
		free(bag);
		err_set_memory(reterr);
		return false;
	}
	a->mean_left = a->square_left = 1;
	philox_init(&draws, l->plan->seed, i, PURPOSE_START);
	start_net(n, &draws);
	philox_init(&draws, l->plan->seed, i, PURPOSE_BAG);
	learn(l, n, a, bag, &draws);
	free(a);
	free(bag);
	return true;
}

void rows_quantize(float *values, size_t count)
{
	float largest = 0, grain;

	for (size_t i = 0; i < count; i++)
		largest = fmaxf(largest, fabsf(values[i]));
	grain = largest / INT16_MAX;
	for (size_t i = 0; i < count && grain > 0; i++)
		values[i] = grain * rintf(values[i] / grain);
}

static void quantize_net(struct net *n)
{
	rows_quantize(&n->hidden[0][0], NET_INPUTS * NET_HIDDEN);
	rows_quantize(n->hidden_bias, NET_HIDDEN);
	rows_quantize(&n->output[0][0], NET_HIDDEN * NET_CLASSES);
	rows_quantize(n->output_bias, NET_CLASSES);
}

/* ---- calibration ---- */

static double log_loss(const struct classifier *c, const struct rows *rows)
{
	double sum = 0;

	for (size_t i = 0; i < rows->count; i += TEMPERED) {
		double p[NET_CLASSES];

		classifier_probabilities(c, rows->rows[i].inputs, p);
		sum -= log(p[rows->rows[i].class] + 1e-12);
	}
	return sum;
}

/* Golden section in the logarithm: the loss has one minimum. */
static void fit_temperature(struct classifier *c, const struct rows *rows)
{
	const double ratio = (sqrt(5) - 1) / 2;
	double low = log(.3), high = log(3), loss[2], at[2];

	at[0] = high - ratio * (high - low);
	at[1] = low + ratio * (high - low);
	for (int i = 0; i < 2; i++) {
		c->temperature = (float)exp(at[i]);
		loss[i] = log_loss(c, rows);
	}
	while (high - low > .004) {
		int better = loss[1] < loss[0];

		if (better) {
			low = at[0];
			at[0] = at[1];
			loss[0] = loss[1];
			at[1] = low + ratio * (high - low);
		} else {
			high = at[1];
			at[1] = at[0];
			loss[1] = loss[0];
			at[0] = high - ratio * (high - low);
		}
		c->temperature = (float)exp(at[better]);
		loss[better] = log_loss(c, rows);
	}
	c->temperature = (float)exp((low + high) / 2);
}

static int float_cmp(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/*
 * The conformal quantile of n sorted scores: the one of rank ceil((n + 1) share), so that a new
 * series is covered with at least that probability.
 */
static float quantile(const float *scores, size_t n, double share)
{
	size_t at = (size_t)ceil((double)(n + 1) * share);

	return at <= n ? scores[at - 1] : INFINITY;
}

/* Series that are odd for their class cannot be in the set: their score is the worst. */
static void fit_class(struct classifier *c, const struct rows *rows, size_t class, float *scores,
    float *distances, float *sorted)
{
	size_t n = 0;

	for (size_t i = 0; i < rows->count; i++) {
		double p[NET_CLASSES];

		if (rows->rows[i].class != class || i % TEMPERED == 0)
			continue;
		classifier_probabilities(c, rows->rows[i].inputs, p);
		scores[n] = (float)-p[class];
		distances[n] = sorted[n] = classifier_distance(c, class, rows->rows[i].inputs);
		n++;
	}
	c->least[class] = 2; /* a class that was left out is in no set, and near to nothing */
	c->odd[class] = c->farthest[class] = -INFINITY;
	if (n == 0)
		return;
	qsort(sorted, n, sizeof(*sorted), float_cmp);
	c->odd[class] = quantile(sorted, n, TYPICAL);
	c->farthest[class] = quantile(sorted, n, NOVEL);
	for (size_t i = 0; i < n; i++)
		scores[i] = distances[i] <= c->odd[class] ? scores[i] : 0;
	qsort(scores, n, sizeof(*scores), float_cmp);
	c->least[class] = fmaxf(-quantile(scores, n, COVERAGE), 0);
}

static bool fit_thresholds(struct classifier *c, const struct rows *rows, struct err *reterr)
{
	float *scores = malloc(size_mul(rows->count + 1, sizeof(*scores)));
	float *distances = malloc(size_mul(rows->count + 1, sizeof(*distances)));
	float *sorted = malloc(size_mul(rows->count + 1, sizeof(*sorted)));
	bool ok = scores != NULL && distances != NULL && sorted != NULL;

	for (size_t class = 0; ok && class < NET_CLASSES; class ++)
		fit_class(c, rows, class, scores, distances, sorted);
	free(scores);
	free(distances);
	free(sorted);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}

bool trainer_run(const struct plan *plan, const struct sample *learn_from,
    const struct sample *held_out, struct classifier *ret, struct err *reterr)
{
	struct rows rows = { .rows = NULL }, calibrate = { .rows = NULL };
	struct learning l = { plan, &rows, ret };
	bool ok = false;

	memset(ret, 0, sizeof(*ret));
	fit_scales(learn_from, plan->series * NET_CLASSES, ret);
	if (!make_rows(ret, learn_from, plan->series * NET_CLASSES, plan->without, &rows, reterr) ||
	    !make_rows(
		ret, held_out, plan->held_out * NET_CLASSES, plan->without, &calibrate, reterr) ||
	    !parallel_for(plan->jobs, plan->nets, learn_one, &l, reterr))
		goto out;
	for (size_t i = 0; i < CLASSIFIER_NETS; i++) {
		if (i >= plan->nets)
			ret->nets[i] = ret->nets[i % plan->nets];
		else
			quantize_net(&ret->nets[i]);
	}
	for (size_t class = 0; class < NET_CLASSES; class ++)
		if (!parts_fit(ret, &rows, class, plan->seed, reterr))
			goto out;
	fit_temperature(ret, &calibrate);
	ok = fit_thresholds(ret, &calibrate, reterr);
out:
	free(rows.rows);
	free(calibrate.rows);
	return ok;
}
