/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairs are few where the names asked about are (a hunt asks for those it shows), so all of them
 * are compared; what a pair must share to be weighed is the blocking of record linkage all the
 * same. Random pairs keep the lag, the lives and the popularity of real ones, but are of names of which none
 * can have followed the other: among a few names the true pairs would else be a part of the chance
 * that they are compared with.
 */
#include "stats/succession.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/size.h"
#include "stats/bh.h"
#include "stats/linkage.h"
#include "stats/monte_carlo.h"
#include "stats/succession_pair.h"

#define CHANCE_SILENCE   .01
#define RANDOM_PAIRS     99999
#define RANDOM_PAIRS_MAX 999999 /* where a pair outweighs all of the first */
#define TEMPLATES_MAX    65536
#define POOL_MIN         50 /* fewer in a pool: random pairs are drawn from a wider one */
#define DRAWS_MAX        50
#define PRIOR_PAIRS      100
#define FIRST_TO_LEARN   FEATURE_ZONE
#define NULL_PURPOSE     0x73756363
#define TEMPLATE_PURPOSE 0x73756364

bool succession_was_born(double first_s, double last_s, uint64_t days, double from_s)
{
	return days > 1 &&
	       pow((last_s - first_s) / (last_s - from_s), (double)(days - 1)) <= CHANCE_SILENCE;
}

bool succession_has_died(double first_s, double last_s, uint64_t days, double upto_s)
{
	return succession_was_born(-last_s, -first_s, days, -upto_s);
}

unsigned succession_band(uint64_t contacts)
{
	static const uint64_t from[SUCCESSION_BANDS] = { 0, 10, 100, 1000 };
	unsigned band = SUCCESSION_BANDS - 1;

	while (contacts < from[band])
		band--;
	return band;
}

/* Whom random pairs are drawn from, by band of popularity; the last: all bands. */
struct pool {
	uint32_t *names[SUCCESSION_BANDS + 1];
	size_t counts[SUCCESSION_BANDS + 1];
};

enum {
	POOL_DIED,
	POOL_BORN,
	POOL_ANY,
	POOLS,
};

/* One question under way. */
struct work {
	const struct succession_input *in;
	struct linkage model;
	uint32_t *died; /* by death */
	size_t died_count;
	uint32_t *born; /* by birth */
	size_t born_count;
	struct pool pools[POOLS];
	struct succession_pair *templates;
	size_t template_count;
	struct succession_pair *pairs;
	struct linkage_pair *bins;
	size_t pair_count;
	size_t pair_capacity;
	uint64_t of;
	struct philox random;
};

static void work_release(struct work *w)
{
	free(w->died);
	free(w->born);
	for (size_t i = 0; i < POOLS; i++)
		for (size_t band = 0; band <= SUCCESSION_BANDS; band++)
			free(w->pools[i].names[band]);
	free(w->templates);
	free(w->bins);
}

struct moment {
	double at_s;
	uint32_t name;
};

static int moment_cmp(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->at_s != y->at_s)
		return x->at_s < y->at_s ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

static bool list_by_time(
    const struct succession_input *in, bool births, uint32_t **ret, size_t *ret_count)
{
	struct moment *list = malloc(size_mul(in->count + 1, sizeof(*list)));
	uint32_t *sorted = malloc(size_mul(in->count + 1, sizeof(*sorted)));
	size_t count = 0;

	*ret = sorted;
	if (list == NULL || sorted == NULL) {
		free(list);
		return false;
	}
	for (size_t i = 0; i < in->count; i++) {
		const struct succession_name *n = &in->names[i];

		if (births ? n->born : n->died)
			list[count++] =
			    (struct moment){ births ? n->first_s : n->last_s, (uint32_t)i };
	}
	qsort(list, count, sizeof(*list), moment_cmp);
	for (size_t i = 0; i < count; i++)
		sorted[i] = list[i].name;
	*ret_count = count;
	free(list);
	return true;
}

static bool list_pools(struct work *w)
{
	for (size_t i = 0; i < POOLS; i++) {
		for (size_t band = 0; band <= SUCCESSION_BANDS; band++) {
			uint32_t **list = &w->pools[i].names[band];

			*list = calloc(w->in->count + 1, sizeof(**list));
			if (*list == NULL)
				return false;
		}
	}
	for (size_t i = 0; i < w->in->count; i++) {
		const struct succession_name *n = &w->in->names[i];
		const bool in_pool[POOLS] = { n->died, n->born, true };
		unsigned band = succession_band(n->contacts);

		for (size_t j = 0; j < POOLS; j++) {
			struct pool *p = &w->pools[j];

			if (!in_pool[j])
				continue;
			p->names[band][p->counts[band]++] = (uint32_t)i;
			p->names[SUCCESSION_BANDS][p->counts[SUCCESSION_BANDS]++] = (uint32_t)i;
		}
	}
	return true;
}

/* Each pair of the question is among those kept with the same chance. */
static void keep_template(struct work *w, const struct succession_pair *pair)
{
	uint64_t at;

	if (w->template_count < TEMPLATES_MAX) {
		w->templates[w->template_count++] = *pair;
		return;
	}
	at = (uint64_t)(philox_uniform(&w->random) * (double)w->of);
	if (at < TEMPLATES_MAX)
		w->templates[at] = *pair;
}

static bool keep_pair(
    struct work *w, const struct succession_pair *pair, const struct linkage_pair *bins)
{
	if (w->pair_count == w->pair_capacity) {
		size_t capacity = w->pair_capacity == 0 ? 256 : w->pair_capacity * 2;
		struct succession_pair *pairs;
		struct linkage_pair *grown;

		pairs = realloc(w->pairs, size_mul(capacity, sizeof(*pairs)));
		if (pairs == NULL)
			return false;
		w->pairs = pairs;
		grown = realloc(w->bins, size_mul(capacity, sizeof(*grown)));
		if (grown == NULL)
			return false;
		w->bins = grown;
		w->pair_capacity = capacity;
	}
	w->pairs[w->pair_count] = *pair;
	w->bins[w->pair_count++] = *bins;
	return true;
}

static bool list_pairs_of(struct work *w, uint32_t died, size_t from)
{
	const struct succession_name *names = w->in->names, *a = &names[died];

	for (size_t i = from; i < w->born_count; i++) {
		const struct succession_name *b = &names[w->born[i]];
		struct succession_pair pair = {
			.died = died, .born = w->born[i], .lag_s = b->first_s - a->last_s
		};
		struct linkage_pair bins;

		if (pair.lag_s > SUCCESSION_LAG_S)
			break;
		if ((!a->asked && !b->asked) || a->kind != b->kind || died == w->born[i])
			continue;
		pair.lives = succession_pair_lives(a, b);
		w->of++;
		keep_template(w, &pair);
		if (!succession_pair_shares(w->in, &pair))
			continue;
		succession_pair_compare(w->in, &pair, &bins);
		if (!keep_pair(w, &pair, &bins))
			return false;
	}
	return true;
}

static bool list_pairs(struct work *w)
{
	const struct succession_name *names = w->in->names;
	size_t from = 0;

	for (size_t i = 0; i < w->died_count; i++) {
		while (
		    from < w->born_count && names[w->born[from]].first_s < names[w->died[i]].last_s)
			from++;
		if (!list_pairs_of(w, w->died[i], from))
			return false;
	}
	return true;
}

/* One with the same fate and as popular, where there are enough; else as popular; else any. */
static uint32_t draw_name(struct work *w, uint32_t like, size_t pool)
{
	size_t band = succession_band(w->in->names[like].contacts);

	if (w->pools[pool].counts[band] < POOL_MIN)
		pool = POOL_ANY;
	if (w->pools[pool].counts[band] < POOL_MIN)
		band = SUCCESSION_BANDS;
	return w->pools[pool]
	    .names[band][philox_below(&w->random, (uint32_t)w->pools[pool].counts[band])];
}

static bool follows(const struct succession_name *a, const struct succession_name *b)
{
	double lag_s = b->first_s - a->last_s;

	return a->died && b->born && lag_s >= 0 && lag_s <= SUCCESSION_LAG_S;
}

/* False where names that fit are not to be had in a few draws. */
static bool draw_pair(struct work *w, struct linkage_pair *ret)
{
	const struct succession_name *names = w->in->names;
	struct succession_pair pair =
	    w->templates[philox_below(&w->random, (uint32_t)w->template_count)];
	uint32_t died = pair.died, born = pair.born;

	for (unsigned i = 0; i < DRAWS_MAX; i++) {
		pair.died = draw_name(w, died, POOL_DIED);
		pair.born = draw_name(w, born, POOL_BORN);
		if (pair.died == pair.born || follows(&names[pair.died], &names[pair.born]) ||
		    follows(&names[pair.born], &names[pair.died]))
			continue;
		succession_pair_compare(w->in, &pair, ret);
		/* of the band of the pair that it stands for, wherever its names came from */
		ret->band = succession_pair_band(names[died].contacts, names[born].contacts);
		return true;
	}
	return false;
}

static bool draw_null(struct work *w, struct linkage_pair **ret, size_t *ret_count)
{
	*ret_count = 0;
	*ret = malloc(RANDOM_PAIRS * sizeof(**ret));
	if (*ret == NULL)
		return false;
	for (size_t i = 0; i < RANDOM_PAIRS; i++)
		*ret_count += draw_pair(w, &(*ret)[*ret_count]);
	return true;
}

/* Of the values, which descend, how many are at least x? */
static size_t reaching(const struct monte_carlo *m, double x)
{
	size_t low = 0, high = m->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (m->values[middle] >= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A pair that outweighs all random ones is ranked among ten times as many. */
static bool draw_more(struct work *w, struct monte_carlo *m)
{
	struct linkage_pair pair;
	double heaviest = -INFINITY;

	for (size_t i = 0; i < w->pair_count; i++)
		heaviest = fmax(heaviest, w->pairs[i].weight);
	for (size_t i = 0; i < m->count; i++)
		if (m->values[i] >= heaviest)
			return true;
	while (m->count < RANDOM_PAIRS_MAX && draw_pair(w, &pair))
		if (!monte_carlo_add(m, linkage_weight(&w->model, &pair)))
			return false;
	return true;
}

static bool rank_pairs(struct work *w, const struct linkage_pair *null, size_t null_count)
{
	struct monte_carlo m = { 0 };
	struct monte_carlo_tail tail;
	struct monte_carlo_result r;
	bool ok = true;

	monte_carlo_begin(&m, INFINITY);
	for (size_t i = 0; i < null_count && ok; i++)
		ok = monte_carlo_add(&m, linkage_weight(&w->model, &null[i]));
	for (size_t i = 0; i < w->pair_count; i++)
		w->pairs[i].weight = linkage_weight(&w->model, &w->bins[i]);
	ok = ok && draw_more(w, &m);
	if (ok)
		monte_carlo_settle(&m, &tail);
	for (size_t i = 0; i < w->pair_count && ok; i++) {
		struct succession_pair *pair = &w->pairs[i];

		monte_carlo_p_at(&m, &tail, pair->weight, reaching(&m, pair->weight), &r);
		pair->p = null_count < RANDOM_PAIRS ? 1 : r.p;
	}
	monte_carlo_release(&m);
	return ok;
}

static bool control(struct work *w, struct err *reterr)
{
	double *p = malloc(size_mul(w->pair_count + 1, sizeof(*p)));
	double *q = malloc(size_mul(w->pair_count + 1, sizeof(*q)));
	bool ok = p != NULL && q != NULL;

	if (!ok)
		err_set_memory(reterr);
	for (size_t i = 0; i < w->pair_count && ok; i++)
		p[i] = w->pairs[i].p;
	ok = ok && bh_q(p, w->pair_count, w->of, q, reterr);
	for (size_t i = 0; i < w->pair_count && ok; i++)
		w->pairs[i].q = q[i];
	free(p);
	free(q);
	return ok;
}

/* Random pairs, then the weights and ranks of the real ones. */
static bool weigh(struct work *w)
{
	struct linkage_pair *null;
	size_t count;
	bool ok;

	philox_init(&w->random, w->in->seed, 0, NULL_PURPOSE);
	ok = draw_null(w, &null, &count);
	if (ok) {
		w->model.features = FEATURES;
		linkage_count_u(&w->model, null, count);
		linkage_learn_m(&w->model, succession_pair_prior, PRIOR_PAIRS, w->bins,
		    w->pair_count, FIRST_TO_LEARN);
		ok = rank_pairs(w, null, count);
	}
	free(null);
	return ok;
}

bool succession_find(const struct succession_input *in, struct succession *ret, struct err *reterr)
{
	struct work w = { .in = in };
	bool ok = false;

	*ret = (struct succession){ 0 };
	philox_init(&w.random, in->seed, 0, TEMPLATE_PURPOSE);
	w.templates = malloc(TEMPLATES_MAX * sizeof(*w.templates));
	if (w.templates == NULL || !list_by_time(in, false, &w.died, &w.died_count) ||
	    !list_by_time(in, true, &w.born, &w.born_count) || !list_pools(&w) || !list_pairs(&w)) {
		err_set_memory(reterr);
		goto out;
	}
	ret->of = w.of;
	if (w.pair_count > 0 && !weigh(&w)) {
		err_set_memory(reterr);
		goto out;
	}
	ok = control(&w, reterr);
out:
	ret->pairs = w.pairs;
	ret->count = w.pair_count;
	work_release(&w);
	if (!ok)
		succession_release(ret);
	return ok;
}

void succession_release(struct succession *s)
{
	free(s->pairs);
	*s = (struct succession){ 0 };
}
