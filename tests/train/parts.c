/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mechanism has several ways to look: behind a cache or before one, one peer or many, with an end
 * or without. One Gaussian over all of them spans what lies between, where none of its series is.
 */
#include "rows.h"

#include <math.h>
#include <stdlib.h>

#include "base/philox.h"
#include "base/size.h"

#define ROUNDS        12
#define RIDGE         .005
#define SHRINK        ((double)TRAIT_COUNT) /* rows of the whole class that stand in for few */
#define PURPOSE_PARTS 3

/* The rows of one class, and which part each is of. */
struct members {
	const float **rows;
	size_t *parts;
	size_t count;
};

typedef double square[TRAIT_COUNT][TRAIT_COUNT];

struct moments {
	double count;
	double mean[TRAIT_COUNT];
	square spread; /* lower triangle */
};

static bool members_of(
    const struct rows *rows, size_t class, struct members *ret, struct err *reterr)
{
	*ret = (struct members){ malloc(size_mul(rows->count + 1, sizeof(*ret->rows))),
		calloc(rows->count + 1, sizeof(*ret->parts)), 0 };
	if (ret->rows == NULL || ret->parts == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < rows->count; i++)
		if (rows->rows[i].class == class)
			ret->rows[ret->count++] = rows->rows[i].inputs;
	return true;
}

static double apart(const float *a, const float *b)
{
	double sum = 0;

	for (size_t i = 0; i < TRAIT_COUNT; i++)
		sum += (double)((a[i] - b[i]) * (a[i] - b[i]));
	return sum;
}

/* Each row to the nearest of some, of which each is drawn far from those before it (Arthur &
 * Vassilvitskii 2007). */
static bool seed_parts(struct members *m, struct philox *draws, struct err *reterr)
{
	double *nearest = malloc(size_mul(m->count, sizeof(*nearest)));
	size_t seed = philox_below(draws, (uint32_t)m->count);

	if (nearest == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < m->count; i++)
		nearest[i] = INFINITY;
	for (size_t part = 0; part < CLASSIFIER_PARTS; part++) {
		double sum = 0, wanted;

		for (size_t i = 0; i < m->count; i++) {
			double far = apart(m->rows[i], m->rows[seed]);

			if (far < nearest[i]) {
				nearest[i] = far;
				m->parts[i] = part;
			}
			sum += nearest[i];
		}
		wanted = sum * philox_uniform(draws);
		for (seed = 0; seed + 1 < m->count && wanted >= nearest[seed]; seed++)
			wanted -= nearest[seed];
	}
	free(nearest);
	return true;
}

/* part: or CLASSIFIER_PARTS for all. */
static void moments_of(const struct members *m, size_t part, struct moments *ret)
{
	memset(ret, 0, sizeof(*ret));
	for (size_t r = 0; r < m->count; r++) {
		if (part < CLASSIFIER_PARTS && m->parts[r] != part)
			continue;
		ret->count++;
		for (size_t i = 0; i < TRAIT_COUNT; i++)
			ret->mean[i] += (double)m->rows[r][i];
	}
	for (size_t i = 0; i < TRAIT_COUNT && ret->count > 0; i++)
		ret->mean[i] /= ret->count;
	for (size_t r = 0; r < m->count; r++) {
		if (part < CLASSIFIER_PARTS && m->parts[r] != part)
			continue;
		for (size_t i = 0; i < TRAIT_COUNT; i++)
			for (size_t j = 0; j <= i; j++)
				ret->spread[i][j] += ((double)m->rows[r][i] - ret->mean[i]) *
						     ((double)m->rows[r][j] - ret->mean[j]);
	}
}

/* The lower triangle becomes the Cholesky factor, *inverse its inverse. Returns ln of its determinant. */
static double factor(square a, square inverse)
{
	double log_volume = 0;

	for (size_t i = 0; i < TRAIT_COUNT; i++)
		for (size_t j = 0; j <= i; j++) {
			for (size_t k = 0; k < j; k++)
				a[i][j] -= a[i][k] * a[j][k];
			a[i][j] = i == j ? sqrt(a[i][i]) : a[i][j] / a[j][j];
		}
	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		log_volume += log(a[i][i]);
		for (size_t j = 0; j <= i; j++) {
			double sum = i == j;

			for (size_t k = j; k < i; k++)
				sum -= a[i][k] * inverse[k][j];
			inverse[i][j] = sum / a[i][i];
		}
	}
	return log_volume;
}

/*
 * The ridge lets a spread be inverted where a part never varies, and bounds what that weighs; a part
 * of few rows has the class' own spread.
 */
static void set_part(struct classifier_part *p, struct moments *part, const struct moments *all)
{
	static square inverse;
	float *whiten = p->whiten;

	for (size_t i = 0; i < TRAIT_COUNT; i++) {
		p->middle[i] = (float)(part->count > 0 ? part->mean[i] : all->mean[i]);
		for (size_t j = 0; j <= i; j++)
			part->spread[i][j] =
			    (part->spread[i][j] + SHRINK * all->spread[i][j] / all->count) /
			    (part->count + SHRINK);
		part->spread[i][i] += RIDGE;
	}
	memset(inverse, 0, sizeof(inverse));
	p->rare = (float)(2 * factor(part->spread, inverse) -
			  2 * log((part->count + 1) / (all->count + CLASSIFIER_PARTS)));
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		for (size_t j = 0; j <= i; j++)
			*whiten++ = (float)inverse[i][j];
	rows_quantize(p->middle, TRAIT_COUNT);
	rows_quantize(p->whiten, CLASSIFIER_SPREAD);
}

static void assign(struct members *m, const struct classifier_part *parts)
{
	for (size_t r = 0; r < m->count; r++) {
		float least = INFINITY;

		for (size_t part = 0; part < CLASSIFIER_PARTS; part++) {
			float distance = classifier_part_distance(&parts[part], m->rows[r]);

			if (distance < least) {
				least = distance;
				m->parts[r] = part;
			}
		}
	}
}

bool parts_fit(
    struct classifier *c, const struct rows *rows, size_t class, uint64_t seed, struct err *reterr)
{
	struct members m = { .rows = NULL };
	struct moments *moments = calloc(2, sizeof(*moments));
	struct philox draws;
	bool ok = false;

	if (moments == NULL) {
		err_set_memory(reterr);
		return false;
	}
	philox_init(&draws, seed, class, PURPOSE_PARTS);
	if (!members_of(rows, class, &m, reterr))
		goto out;
	if (m.count > 0 && !seed_parts(&m, &draws, reterr))
		goto out;
	if (m.count > 0)
		moments_of(&m, CLASSIFIER_PARTS, &moments[1]);
	for (size_t round = 0; round < ROUNDS && m.count > 0; round++) {
		for (size_t part = 0; part < CLASSIFIER_PARTS; part++) {
			moments_of(&m, part, &moments[0]);
			set_part(&c->parts[class][part], &moments[0], &moments[1]);
		}
		assign(&m, c->parts[class]);
	}
	ok = true;
out:
	free(m.rows);
	free(m.parts);
	free(moments);
	return ok;
}
