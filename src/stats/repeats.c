/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of a given length are found in a table by a rolling hash and then compared pause by pause
 * (Karp & Rabin 1987). If a run of some length repeats without overlap, so does every shorter one:
 * the longest is found by bisection. A shuffled series need only be asked for the observed length.
 * A shuffle alone will not do: the errors of a clock stand in two pauses each, so that true pauses
 * say less that is new than shuffled ones, and agree for longer. How fast agreement ends is seen in
 * the series itself.
 */
#include "stats/repeats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/minmax.h"
#include "base/size.h"
#include "base/stamp.h"
#include "stats/monte_carlo.h"

#define SURROGATES 9999
#define OFTEN      4 /* places: more than a stretch that was pasted once or twice */
#define HASH_SEED  11
#define BASE       UINT64_C(0x9e3779b97f4a7c15) /* odd */

struct seen {
	uint32_t at; /* first place + 1; 0 is free */
	uint32_t places;
	uint64_t hash;
};

struct search {
	int64_t *gaps;
	size_t count;
	uint64_t *mixed; /* hash of each gap */
	struct seen *table;
	size_t slots; /* a power of two */
};

static struct seen *find(const struct search *s, uint64_t hash, size_t at, size_t run)
{
	size_t slot = (size_t)(hash ^ hash >> 32) & (s->slots - 1);

	for (;; slot = (slot + 1) & (s->slots - 1)) {
		struct seen *e = &s->table[slot];

		if (e->at == 0)
			return e;
		if (e->hash == hash &&
		    memcmp(s->gaps + e->at - 1, s->gaps + at, run * sizeof(*s->gaps)) == 0)
			return e;
	}
}

/* A run that moves on, gap by gap. */
struct window {
	size_t run;
	uint64_t top; /* what the gap that falls out was multiplied with */
	uint64_t hash;
};

static struct window window_of(size_t run)
{
	struct window w = { .run = run, .top = 1 };

	for (size_t i = 1; i < run; i++)
		w.top *= BASE;
	return w;
}

/* Gap i comes in. False: the first run is not yet whole; else it begins at *ret_at. */
static bool window_step(struct window *w, const struct search *s, size_t i, size_t *ret_at)
{
	if (i >= w->run)
		w->hash -= s->mixed[i - w->run] * w->top;
	w->hash = w->hash * BASE + s->mixed[i];
	*ret_at = i + 1 - w->run;
	return i + 1 >= w->run;
}

/* Note the run that begins there; its entry. */
static struct seen *note(struct search *s, const struct window *w, size_t at)
{
	struct seen *e = find(s, w->hash, at, w->run);

	if (e->at == 0)
		*e = (struct seen){ .at = (uint32_t)at + 1, .hash = w->hash };
	e->places++;
	return e;
}

static void forget(struct search *s)
{
	memset(s->table, 0, s->slots * sizeof(*s->table));
}

/* Does a run of that length stand there twice without overlap? Where, first. */
static bool has_repeat(struct search *s, size_t run, size_t *ret_first, size_t *ret_again)
{
	struct window w = window_of(run);
	size_t at;

	if (2 * run > s->count)
		return false;
	forget(s);
	for (size_t i = 0; i < s->count; i++) {
		const struct seen *e;

		if (!window_step(&w, s, i, &at))
			continue;
		e = note(s, &w, at);
		if (at + 1 - e->at < run)
			continue;
		*ret_first = e->at - 1;
		*ret_again = at;
		return true;
	}
	return false;
}

static void note_all(struct search *s, size_t run)
{
	struct window w = window_of(run);
	size_t at;

	forget(s);
	for (size_t i = 0; i < s->count; i++)
		if (window_step(&w, s, i, &at))
			(void)note(s, &w, at);
}

/* Are there more places whose run stands often than such whose run stands twice or thrice? */
static bool is_throughout(struct search *s)
{
	size_t often = 0, seldom = 0;

	note_all(s, REPEATS_RUN_MIN);
	for (size_t i = 0; i < s->slots; i++) {
		uint32_t places = s->table[i].places;

		often += places >= OFTEN ? places : 0;
		seldom += places > 1 && places < OFTEN ? places : 0;
	}
	return often > seldom;
}

/* Pairs of places with the same run. */
static double pairs(struct search *s, size_t run)
{
	double sum = 0;

	note_all(s, run);
	for (size_t i = 0; i < s->slots; i++)
		sum += s->table[i].places * (s->table[i].places - 1.0) / 2;
	return sum;
}

/*
 * P(a run as long or longer) if equal runs end as they do while they are short: of the pairs of
 * places that agree so far, the same share agrees in the next pause as well.
 */
static double decay_p(struct search *s, size_t run)
{
	double all = (double)s->count * ((double)s->count - 1) / 2, left = all;
	size_t length = 0;

	while (length < run && left > (double)s->count)
		left = pairs(s, ++length);
	return -expm1(-left * pow(left / all, (double)(run - length) / (double)length));
}

static void mix(struct search *s)
{
	for (size_t i = 0; i < s->count; i++)
		s->mixed[i] =
		    hash_bytes((const uint8_t *)&s->gaps[i], sizeof(s->gaps[i]), HASH_SEED);
}

/* Order of the gaps within each day by chance. starts_ns: of each gap. */
static void shuffle(struct search *s, const int64_t *starts_ns, struct philox *random)
{
	size_t from = 0;

	for (size_t i = 1; i <= s->count; i++) {
		if (i < s->count && stamp_day(starts_ns[i]) == stamp_day(starts_ns[from]))
			continue;
		for (size_t left = i - from; left > 1; left--) {
			size_t a = from + left - 1, b = from + philox_below(random, (uint32_t)left);
			int64_t gap = s->gaps[a];
			uint64_t mixed = s->mixed[a];

			s->gaps[a] = s->gaps[b];
			s->gaps[b] = gap;
			s->mixed[a] = s->mixed[b];
			s->mixed[b] = mixed;
		}
		from = i;
	}
}

static bool search_new(struct search *s, const int64_t *times_ns, size_t count, int64_t *starts_ns)
{
	s->slots = 64;
	while (s->slots < 2 * count)
		s->slots *= 2;
	s->gaps = malloc(size_mul(count + 1, sizeof(*s->gaps)));
	s->mixed = malloc(size_mul(count + 1, sizeof(*s->mixed)));
	s->table = malloc(size_mul(s->slots, sizeof(*s->table)));
	if (s->gaps == NULL || s->mixed == NULL || s->table == NULL)
		return false;
	for (size_t i = 1; i < count; i++) {
		if (times_ns[i] == times_ns[i - 1])
			continue;
		starts_ns[s->count] = times_ns[i - 1];
		s->gaps[s->count++] = (int64_t)((uint64_t)times_ns[i] - (uint64_t)times_ns[i - 1]);
	}
	mix(s);
	return true;
}

/* The longest run of at least REPEATS_RUN_MIN; 0: none. */
static size_t longest(struct search *s, size_t *ret_first, size_t *ret_again)
{
	size_t low = REPEATS_RUN_MIN, high = s->count / 2;

	if (!has_repeat(s, low, ret_first, ret_again))
		return 0;
	while (low < high) {
		size_t middle = low + (high - low + 1) / 2;

		if (has_repeat(s, middle, ret_first, ret_again))
			low = middle;
		else
			high = middle - 1;
	}
	return has_repeat(s, low, ret_first, ret_again) ? low : 0;
}

static double shuffled_p(
    struct search *s, const int64_t *starts_ns, size_t run, struct philox *random)
{
	unsigned reached = 0, drawn = 0;
	size_t first, again;

	while (drawn < SURROGATES && reached < MONTE_CARLO_STOP) {
		shuffle(s, starts_ns, random);
		reached += has_repeat(s, run, &first, &again);
		drawn++;
	}
	return reached < MONTE_CARLO_STOP ? (reached + 1.0) / (drawn + 1.0)
					  : (double)reached / drawn;
}

bool repeats_test(const int64_t *times_ns, size_t count, struct philox *random, struct repeats *ret,
    struct err *reterr)
{
	struct search s = { .count = 0 };
	int64_t *starts_ns = NULL;
	size_t first = 0, again = 0;
	bool ok = false;

	*ret = (struct repeats){ .p = 1 };
	if (count > REPEATS_TIMES_MAX)
		count = REPEATS_TIMES_MAX;
	starts_ns = malloc(size_mul(count + 1, sizeof(*starts_ns)));
	if (starts_ns == NULL || !search_new(&s, times_ns, count, starts_ns)) {
		err_set_memory(reterr);
		goto out;
	}
	ok = true;
	if (s.count < 2 * REPEATS_RUN_MIN)
		goto out;
	ret->run = longest(&s, &first, &again);
	ret->throughout = ret->run > 0 && is_throughout(&s);
	ret->tested = !ret->throughout;
	if (ret->run == 0)
		goto out;
	ret->first_ns = starts_ns[first];
	ret->again_ns = starts_ns[again];
	if (!ret->tested)
		goto out;
	ret->p = decay_p(&s, ret->run);
	ret->p = double_max(ret->p, shuffled_p(&s, starts_ns, ret->run, random));
out:
	free(s.gaps);
	free(s.mixed);
	free(s.table);
	free(starts_ns);
	return ok;
}
