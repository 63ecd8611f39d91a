/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ranks among the names nearest in log N, never beyond a factor of 2: exact where names of like
 * popularity are exchangeable, whatever makes peers stick to names. (Counting how many peers N
 * independent look-ups would meet gives absurdly small p's: real peers come back.) Names of
 * equal N stand in a seeded random order, so that the 200 nearest of thousands are a fair draw.
 *
 * Where that band is too thin, narrowness takes the next names downward until there are enough,
 * however far they are: names that are asked for less have fewer peers, so a name is the less
 * narrow among them. Else the names that matter most, of one peer and thousands of contacts,
 * had nobody to be compared with. Persistence has no such safe side: days grow with contacts.
 */
#include "stats/rank.h"

#include <assert.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/size.h"

#define PURPOSE_ORDER   3
#define PURPOSE_TIES    4
#define FACTOR_MAX      2.0
#define PERSISTENT_SCAN 2000 /* names looked at for 200 of like N and like D2 */
#define TAIL_RANKS      10   /* the fit is asked where the rank is below this */
#define TAIL_FLOOR      1e-3 /* and trusted down to here */
#define FIT_SWEEPS      6
#define FIT_STEPS       20

struct place {
	uint64_t contacts;
	uint64_t order;
	size_t name;
};

struct rank_table {
	struct rank_name *names;
	size_t count;
	struct place *places; /* by contacts, then at random */
	size_t *place_of;     /* by name */
	uint64_t visible_peers;
	uint64_t seed;
};

static int place_cmp(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->contacts != y->contacts)
		return x->contacts < y->contacts ? -1 : 1;
	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

bool rank_table_new(const struct rank_name *names, size_t count, uint64_t visible_peers,
    uint64_t seed, struct rank_table **ret, struct err *reterr)
{
	struct rank_table *t = calloc(1, sizeof(*t));
	bool ok = false;

	if (t == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	t->names = calloc(size_add(count, 1), sizeof(*t->names));
	t->places = calloc(size_add(count, 1), sizeof(*t->places));
	t->place_of = calloc(size_add(count, 1), sizeof(*t->place_of));
	if (t->names == NULL || t->places == NULL || t->place_of == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	t->count = count;
	t->visible_peers = visible_peers;
	t->seed = seed;
	if (count > 0)
		memcpy(t->names, names, count * sizeof(*names));
	for (size_t i = 0; i < count; i++) {
		struct philox random;

		philox_init(&random, seed, i, PURPOSE_ORDER);
		t->places[i] = (struct place){ names[i].contacts, philox_u64(&random), i };
	}
	qsort(t->places, count, sizeof(*t->places), place_cmp);
	for (size_t i = 0; i < count; i++)
		t->place_of[t->places[i].name] = i;
	*ret = t;
	t = NULL;
	ok = true;
out:
	rank_table_free(t);
	return ok;
}

void rank_table_free(struct rank_table *t)
{
	if (t == NULL)
		return;
	free(t->names);
	free(t->places);
	free(t->place_of);
	free(t);
}

/* A walk outward from a name's place, nearest in log N first. */
struct walk {
	const struct rank_table *t;
	double contacts;
	size_t count;
	size_t least; /* so many are given, if need be from further down */
	size_t below; /* places[below - 1] is next downward */
	size_t above;
};

static void walk_begin(struct walk *w, const struct rank_table *t, size_t name, size_t least)
{
	*w = (struct walk){ .t = t,
		.least = least,
		.contacts = (double)t->names[name].contacts,
		.below = t->place_of[name],
		.above = t->place_of[name] + 1 };
}

/* How far apart in N, as a ratio >= 1. */
static double ratio(double a, double b)
{
	return a > b ? a / fmax(b, 1) : b / fmax(a, 1);
}

static const struct rank_name *walk_next(struct walk *w)
{
	double down = INFINITY, up = INFINITY;

	if (w->below > 0)
		down = ratio(w->contacts, (double)w->t->places[w->below - 1].contacts);
	if (w->above < w->t->count)
		up = ratio(w->contacts, (double)w->t->places[w->above].contacts);
	if (fmin(down, up) > FACTOR_MAX) {
		if (isinf(down) || w->count >= w->least)
			return NULL;
		up = INFINITY;
	}
	w->count++;
	if (down < up || (down <= up && (w->below & 1) != 0))
		return &w->t->names[w->t->places[--w->below].name];
	return &w->t->names[w->t->places[w->above++].name];
}

/* The names that another is ranked among, nearest first. */
struct band {
	struct rank_name names[RANK_NEIGHBORS];
	size_t count;
};

size_t rank_band(const struct rank_table *t, size_t i, size_t ret[static RANK_NEIGHBORS])
{
	const struct rank_name *other;
	struct walk w;
	size_t count = 0;

	assert(i < t->count);
	walk_begin(&w, t, i, RANK_NEIGHBORS_MIN);
	while (count < RANK_NEIGHBORS && (other = walk_next(&w)) != NULL)
		ret[count++] = (size_t)(other - t->names);
	return count;
}

static void band_gather(struct band *b, const struct rank_table *t, size_t name)
{
	const struct rank_name *other;
	struct walk w;

	b->count = 0;
	walk_begin(&w, t, name, RANK_NEIGHBORS_MIN);
	while (b->count < RANK_NEIGHBORS && (other = walk_next(&w)) != NULL)
		b->names[b->count++] = *other;
}

struct tally {
	uint32_t fewer_peers, same_peers;
	uint32_t fewer_effective, same_effective;
};

static double plain_rank(uint32_t less, uint32_t same, uint32_t total)
{
	return (1 + (double)less + same) / (1 + (double)total);
}

static double persistence(const struct rank_table *t, size_t name)
{
	const struct rank_name *own = &t->names[name];
	const struct rank_name *other;
	struct walk w;
	uint32_t found = 0, as_long = 0;

	walk_begin(&w, t, name, 0);
	for (unsigned seen = 0; seen < PERSISTENT_SCAN && found < RANK_NEIGHBORS; seen++) {
		other = walk_next(&w);
		if (other == NULL)
			break;
		if (ratio(own->peers_effective, other->peers_effective) > FACTOR_MAX)
			continue;
		found++;
		as_long += other->active_days >= own->active_days;
	}
	return found < RANK_NEIGHBORS_MIN ? 1 : plain_rank(as_long, 0, found);
}

static const struct rank_result untested = {
	.p_narrow = 1, .p_narrow_random = 1, .p_persistent = 1, .peers_expected = NAN
};

/* Set neighbors, tested and p_narrow. */
static void rank_plainly(const struct rank_name *own, const struct band *b, struct tally *ret_tally,
    struct rank_result *ret)
{
	struct tally n = { 0 };

	for (size_t i = 0; i < b->count; i++) {
		const struct rank_name *other = &b->names[i];

		n.fewer_peers += other->peers < own->peers;
		n.same_peers += other->peers == own->peers;
		n.fewer_effective += other->peers_effective < own->peers_effective;
		n.same_effective += !(other->peers_effective < own->peers_effective) &&
				    !(other->peers_effective > own->peers_effective);
	}
	*ret_tally = n;
	ret->neighbors = (uint32_t)b->count;
	ret->tested = b->count >= RANK_NEIGHBORS_MIN;
	if (ret->tested)
		ret->p_narrow = fmax(plain_rank(n.fewer_peers, n.same_peers, ret->neighbors),
		    plain_rank(n.fewer_effective, n.same_effective, ret->neighbors));
}

void rank_name(const struct rank_table *t, size_t i, struct rank_result *ret)
{
	const struct rank_name *own = &t->names[i];
	struct philox random;
	struct tally n;
	struct band b;
	double by_peers, by_effective;

	assert(i < t->count);
	*ret = untested;
	band_gather(&b, t, i);
	rank_plainly(own, &b, &n, ret);
	if (!ret->tested)
		return;
	philox_init(&random, t->seed, i, PURPOSE_TIES);
	by_peers = n.fewer_peers + philox_uniform(&random) * (1 + n.same_peers);
	by_effective = n.fewer_effective + philox_uniform(&random) * (1 + n.same_effective);
	ret->p_narrow_random = fmax(by_peers, by_effective) / (1 + (double)b.count);
	ret->p_persistent = persistence(t, i);
}

/* A band as trials and successes of a beta-binomial: units beyond the first. */
struct counts {
	double trials[RANK_NEIGHBORS];
	double hits[RANK_NEIGHBORS];
	size_t count;
};

static double trials_of(const struct rank_name *n, uint64_t visible)
{
	return fmax(
	    (double)(n->contacts < visible ? n->contacts : visible) - 1, (double)n->peers - 1);
}

static double log_mass(double trials, double hits, double a, double b)
{
	return gsl_sf_lngamma(trials + 1) - gsl_sf_lngamma(hits + 1) -
	       gsl_sf_lngamma(trials - hits + 1) + gsl_sf_lngamma(hits + a) +
	       gsl_sf_lngamma(trials - hits + b) - gsl_sf_lngamma(trials + a + b) +
	       gsl_sf_lngamma(a + b) - gsl_sf_lngamma(a) - gsl_sf_lngamma(b);
}

/* point: log odds of the mean and of the correlation rho = 1 / (a + b + 1). */
static void shape_of(const double point[2], double *ret_a, double *ret_b)
{
	double mean = 1 / (1 + exp(-point[0]));
	double both = exp(-point[1]);

	*ret_a = fmax(mean * both, 1e-9);
	*ret_b = fmax((1 - mean) * both, 1e-9);
}

/* Less what no point changes. */
static double log_likelihood(const struct counts *b, const double point[2])
{
	double sum = 0, alpha, beta;

	shape_of(point, &alpha, &beta);
	for (size_t i = 0; i < b->count; i++)
		sum += gsl_sf_lngamma(b->hits[i] + alpha) +
		       gsl_sf_lngamma(b->trials[i] - b->hits[i] + beta) -
		       gsl_sf_lngamma(b->trials[i] + alpha + beta);
	return sum + (double)b->count * (gsl_sf_lngamma(alpha + beta) - gsl_sf_lngamma(alpha) -
					    gsl_sf_lngamma(beta));
}

static double log_likelihood_at(const struct counts *b, double point[2], unsigned axis, double at)
{
	point[axis] = at;
	return log_likelihood(b, point);
}

/* Golden section: every step keeps one of the two points inside, and what it found there. */
static void climb(const struct counts *b, double point[2], unsigned axis)
{
	static const double low[2] = { -12, -8 }, high[2] = { 5, 5 };
	const double golden = .6180339887498949;
	double from = low[axis], to = high[axis];
	double x = to - golden * (to - from), y = from + golden * (to - from);
	double at_x = log_likelihood_at(b, point, axis, x);
	double at_y = log_likelihood_at(b, point, axis, y);

	for (unsigned step = 0; step < FIT_STEPS; step++) {
		if (at_x > at_y) {
			to = y;
			y = x;
			at_y = at_x;
			x = to - golden * (to - from);
			at_x = log_likelihood_at(b, point, axis, x);
		} else {
			from = x;
			x = y;
			at_x = at_y;
			y = from + golden * (to - from);
			at_y = log_likelihood_at(b, point, axis, y);
		}
	}
	point[axis] = (from + to) / 2;
}

/* Maximum likelihood along each coordinate in turn. */
static void fit(const struct counts *b, double point[2])
{
	point[0] = -3;
	point[1] = -3;
	for (unsigned turn = 0; turn < 2 * FIT_SWEEPS; turn++)
		climb(b, point, turn % 2);
}

static double lower_tail(double trials, double hits, const double point[2])
{
	double sum = 0, alpha, beta;

	shape_of(point, &alpha, &beta);
	for (double k = 0; k <= hits; k++)
		sum += exp(log_mass(trials, k, alpha, beta));
	return fmin(sum, 1);
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

static double median_effective(const struct band *b)
{
	double effective[RANK_NEIGHBORS];

	for (size_t i = 0; i < b->count; i++)
		effective[i] = b->names[i].peers_effective;
	qsort(effective, b->count, sizeof(*effective), double_cmp);
	return (effective[(b->count - 1) / 2] + effective[b->count / 2]) / 2;
}

/* ret was tested: set peers_expected, tail and a smaller p_narrow. */
static void refine(
    const struct rank_name *own, const struct band *b, uint64_t visible, struct rank_result *ret)
{
	struct counts c = { .count = b->count };
	double point[2], p;

	ret->peers_expected = median_effective(b);
	if (ret->p_narrow >= TAIL_RANKS / (double)b->count)
		return;
	(void)gsl_set_error_handler_off();
	for (size_t i = 0; i < b->count; i++) {
		c.trials[i] = trials_of(&b->names[i], visible);
		c.hits[i] = fmax((double)b->names[i].peers - 1, 0);
	}
	fit(&c, point);
	p = lower_tail(trials_of(own, visible), fmax((double)own->peers - 1, 0), point);
	if (p < ret->p_narrow) {
		ret->p_narrow = fmax(p, TAIL_FLOOR);
		ret->tail = true;
	}
}

void rank_refine(const struct rank_table *t, size_t i, struct rank_result *ret)
{
	struct band b;

	assert(i < t->count);
	if (!ret->tested)
		return;
	band_gather(&b, t, i);
	refine(&t->names[i], &b, t->visible_peers, ret);
}

void rank_among(const struct rank_name *own, const struct rank_name *band, size_t count,
    uint64_t visible_units, struct rank_result *ret)
{
	struct band b = { .count = count };
	struct tally n;

	assert(count <= RANK_NEIGHBORS);
	if (count > 0)
		memcpy(b.names, band, count * sizeof(*band));
	*ret = untested;
	ret->p_narrow_random = ret->p_persistent = NAN;
	rank_plainly(own, &b, &n, ret);
	if (ret->tested)
		refine(own, &b, visible_units, ret);
}
