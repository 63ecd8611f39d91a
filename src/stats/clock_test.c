/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both bounds are bets at fair odds (Shafer 2021; Ville 1939: winnings W have P(W >= 1/p) <= p).
 *
 * Rotation. Under the null the angle of a day's mean visit on the P-clock is uniform, whatever
 * the days before yesterday were. It is bet on the mean direction of those, with a wrapped Cauchy
 * density: no exponential to take, and a miss loses little.
 * Exchange. Given the gaps of a run as a set, each of those left is as likely to be the next. It
 * is bet, by von Mises bells, on the gap that puts the next visit near the same direction; the
 * odds are the mean over the gaps left. The last visit of a run is where it is in any order.
 *
 * At each period the smaller winnings count, so that a series for which either null holds wins
 * nothing on average; the mean over periods and sharpnesses is again winnings at fair odds.
 * Direction comes from the days before yesterday because visits on both sides of midnight are
 * neighbors to any cache.
 *
 * What opens in the morning begins its day alike, and several caches behind it fetch in an order
 * that is none of chance: at long periods neither null holds of them, and only those are asked that
 * no habit keeps.
 */
#include "stats/clock_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/minmax.h"
#include "base/size.h"
#include "stats/circle.h"

#define DAY_S        86400.0
#define HOUR_S       3600.0
#define AGREEING     .5 /* a day whose visits agree less among themselves shows no phase */
#define WINNINGS_MAX 1e300
#define WORTH_MORE   20.0 /* rotation winnings below which the exchange is not asked */
#define RUN_GAPS     16   /* neighbors: over more the rate itself may change */
#define RUN_BREAK                                                                                  \
	3.25 /* medians: a longer gap ends a run: a night between hours, no weekend between days */
#define HABIT_S       1200.0 /* what opens and closes by the day keeps to no shorter beat by habit */
#define EARLIEST      .9     /* of a TTL: caches that fetch early */
#define SEVERAL_SHARE .01    /* of the gaps are shorter than that */
#define BAND_SHARE    .02
#define BAND_STEP     .5 /* of the resolution 1 / span */
#define SHARPNESSES   3
#define BELLS         4
#define BELL_FLOOR    .02 /* a visit far off the beat costs no more than a few others win */
#define CANONICAL     12

static const double periods_s[CANONICAL] = { 60, 120, 300, 600, 900, 1200, 1800, 3600, 5400, 7200,
	10800, 14400 };

/* Of the wrapped Cauchy densities: half widths of about a twelfth, a sixtieth and a 300th turn. */
static const double sharpnesses[SHARPNESSES] = { .6, .9, .98 };

/* Of the von Mises bells for the next gap: about a tenth, a 30th, an 80th and a 200th turn. */
static const double bells[BELLS] = { 3, 25, 160, 1000 };

/* What is known of the direction of the days, at one period. */
struct compass {
	double settled_c; /* sum of unit vectors: days before yesterday */
	double settled_s;
	double recent_c; /* of the latest day with visits */
	double recent_s;
	int64_t recent_day;
	double winnings[SHARPNESSES];
};

void clock_test_init(struct clock_wheel *wheel)
{
	for (unsigned i = 0; i < CLOCK_TURN; i++) {
		double cosine, sine;

		circle_point((i + .5) / CLOCK_TURN, &cosine, &sine);
		wheel->cosine[i] = (float)cosine;
	}
}

static int64_t day_of(double t_s)
{
	return (int64_t)floor(t_s / DAY_S);
}

static void compass_init(struct compass *c)
{
	*c = (struct compass){ .recent_day = INT64_MIN };
	for (unsigned i = 0; i < SHARPNESSES; i++)
		c->winnings[i] = 1;
}

/* Days before yesterday, seen from `day`, become known. */
static void compass_settle(struct compass *c, int64_t day)
{
	if (c->recent_day > day - 2)
		return;
	c->settled_c += c->recent_c;
	c->settled_s += c->recent_s;
	c->recent_c = c->recent_s = 0;
}

/* Multiply by each density at an angle with this cosine, against uniform: one division for all. */
static void win(double winnings[static SHARPNESSES], double cosine)
{
	double below[SHARPNESSES], inverse;

	for (unsigned i = 0; i < SHARPNESSES; i++)
		below[i] = 1 + sharpnesses[i] * (sharpnesses[i] - 2 * cosine);
	inverse = 1 / (below[0] * below[1] * below[2]);
	winnings[0] *= (1 - sharpnesses[0] * sharpnesses[0]) * below[1] * below[2] * inverse;
	winnings[1] *= (1 - sharpnesses[1] * sharpnesses[1]) * below[0] * below[2] * inverse;
	winnings[2] *= (1 - sharpnesses[2] * sharpnesses[2]) * below[0] * below[1] * inverse;
	for (unsigned i = 0; i < SHARPNESSES; i++)
		winnings[i] = double_min(winnings[i], WINNINGS_MAX);
}

/* Bet on a day, then learn its direction: sums over its visits. */
static void compass_day(struct compass *c, int64_t day, double sum_c, double sum_s, double visits)
{
	double square = sum_c * sum_c + sum_s * sum_s, known;

	compass_settle(c, day);
	if (square < AGREEING * AGREEING * visits * visits)
		return;
	if (visits > 1) {
		double length = sqrt(square);

		sum_c /= length;
		sum_s /= length;
	}
	known = sqrt(c->settled_c * c->settled_c + c->settled_s * c->settled_s);
	if (known > 0)
		win(c->winnings, (sum_c * c->settled_c + sum_s * c->settled_s) / known);
	/* two days in a row: the earlier one waits no longer than until the later is known */
	c->settled_c += c->recent_c;
	c->settled_s += c->recent_s;
	c->recent_c = sum_c;
	c->recent_s = sum_s;
	c->recent_day = day;
}

static double compass_winnings(const struct compass *c)
{
	double sum = 0;

	for (unsigned i = 0; i < SHARPNESSES; i++)
		sum += c->winnings[i];
	return sum / SHARPNESSES;
}

/* Cut, not rounded down: floor() is a call on old processors, and before 1970 any phase will do. */
static unsigned phase_of(double t_s, double turns_per_s)
{
	return (unsigned)((int64_t)(t_s * turns_per_s) & (CLOCK_TURN - 1));
}

/* sin x = cos (x - a quarter turn) */
static unsigned quarter_back(unsigned phase)
{
	return (phase + CLOCK_TURN - CLOCK_TURN / 4) % CLOCK_TURN;
}

/* The rotation's winnings at each period; returns the number of days with visits. */
static size_t rotate(const struct clock_input *in, const double *periods, size_t n, double *ret)
{
	const struct clock_wheel *wheel = in->wheel;
	const double *visits_s = in->visits_s;
	struct compass compasses[CANONICAL];
	size_t days = 0;

	for (size_t p = 0; p < n; p++)
		compass_init(&compasses[p]);
	for (size_t from = 0, upto; from < in->count; from = upto, days++) {
		int64_t day = day_of(visits_s[from]);
		double end_s = ((double)day + 1) * DAY_S;

		for (upto = from + 1; upto < in->count && visits_s[upto] < end_s;)
			upto++;
		for (size_t p = 0; p < n; p++) {
			const double turns_per_s = CLOCK_TURN / periods[p];
			double sum_c = 0, sum_s = 0;

			for (size_t i = from; i < upto; i++) {
				unsigned phase = phase_of(visits_s[i], turns_per_s);

				sum_c += wheel->cosine[phase];
				sum_s += wheel->cosine[quarter_back(phase)];
			}
			compass_day(&compasses[p], day, sum_c, sum_s, (double)(upto - from));
		}
	}
	for (size_t p = 0; p < n; p++)
		ret[p] = compass_winnings(&compasses[p]);
	return days;
}

static int double_cmp(const void *a, const void *b)
{
	const double *x = a;
	const double *y = b;

	return (*x > *y) - (*x < *y);
}

/* The gap that ends a run; scratch has room for count. */
static double run_break(const double *visits_s, size_t count, double *scratch)
{
	for (size_t i = 1; i < count; i++)
		scratch[i - 1] = visits_s[i] - visits_s[i - 1];
	qsort(scratch, count - 1, sizeof(*scratch), double_cmp);
	return RUN_BREAK * scratch[(count - 1) / 2];
}

/* What the exchange needs: the gap that ends a run, and the hours. */
struct runs {
	double break_s;
	struct profile hours;
	double busy_rate; /* of an hour of work, at least */
	bool opens;       /* and there are others */
	bool several;     /* caches may be behind the address */
};

/* An hour of work: a fourth of the largest rate or more (half would cut at the noise of few visits). */
static bool is_busy(const struct runs *runs, double t_s)
{
	return runs->hours.rate[exposure_cell(t_s)] >= runs->busy_rate;
}

static void find_hours(struct runs *r)
{
	double most = 0;

	for (unsigned c = 0; c < CELL_COUNT; c++)
		most = double_max(most, r->hours.rate[c]);
	r->busy_rate = most / 4;
	for (unsigned c = 0; c < CELL_COUNT; c++)
		r->opens = r->opens || r->hours.rate[c] < r->busy_rate;
}

/* Do the hours change between a visit and the next, be it only for a while? */
static bool spans_change(const struct clock_input *in, const struct runs *runs, size_t at)
{
	double upto_s = in->visits_s[at + 1];
	bool busy = is_busy(runs, in->visits_s[at]);

	if (!runs->opens)
		return false;
	for (double t_s = in->visits_s[at]; t_s < upto_s; t_s += HOUR_S)
		if (is_busy(runs, t_s) != busy)
			return true;
	return is_busy(runs, upto_s) != busy;
}

/*
 * The last visit of the run that begins at `from`: no pause in it, and gaps of one kind. Those
 * within the hours are no alternative to those from one day to the next: where an office of eight
 * hours stands before a cache of four, they come in turns. And a gap from day to day puts the
 * first visit back to when the office opens, so that it tells of no clock but of a fine one.
 */
static size_t run_end(
    const struct clock_input *in, const struct runs *runs, double period_s, size_t from)
{
	const double *visits_s = in->visits_s;
	bool busy = is_busy(runs, visits_s[from]), spans;
	size_t last = from;

	if (from + 1 >= in->count)
		return from;
	spans = spans_change(in, runs, from);
	if (spans && period_s > HABIT_S)
		return from;
	while (last + 1 < in->count && last - from < RUN_GAPS &&
	       visits_s[last + 1] - visits_s[last] <= runs->break_s &&
	       is_busy(runs, visits_s[last + 1]) == busy && spans_change(in, runs, last) == spans)
		last++;
	return last;
}

/* Where on the P-clock a time would be, as a cosine from the direction that is known. */
static double cosine_at(double t_s, double per_s, double turn, const struct clock_wheel *wheel)
{
	double cycles = t_s * per_s - turn;

	return wheel->cosine[(unsigned)((cycles - floor(cycles)) * CLOCK_TURN) % CLOCK_TURN];
}

/* Bet on which of the gaps left of a run, j .. last, comes next. */
static void bet_on_gap(const double *visits_s, size_t j, size_t last, double per_s,
    const struct compass *known, const struct clock_wheel *wheel, double *winnings)
{
	double turn = atan2(known->settled_s, known->settled_c) / CIRCLE_TURN;
	double truth[BELLS] = { 0 }, all[BELLS] = { 0 };

	for (size_t k = j; k <= last; k++) {
		double at_s = visits_s[j - 1] + (visits_s[k] - visits_s[k - 1]);
		double cosine = cosine_at(at_s, per_s, turn, wheel);

		for (unsigned i = 0; i < BELLS; i++) {
			double weight = BELL_FLOOR + exp(bells[i] * (cosine - 1));

			all[i] += weight;
			if (k == j)
				truth[i] = weight;
		}
	}
	for (unsigned i = 0; i < BELLS; i++)
		winnings[i] = double_min(
		    winnings[i] * truth[i] * (double)(last - j + 1) / all[i], WINNINGS_MAX);
}

/* The exchange's winnings at one period. */
static double exchange(const struct clock_input *in, const struct runs *runs, double period_s)
{
	const double *visits_s = in->visits_s, per_s = 1 / period_s;
	double winnings[BELLS] = { 1, 1, 1, 1 }, sum = 0, sum_c = 0, sum_s = 0;
	size_t day_from = 0, last = 0;
	struct compass known;

	compass_init(&known);
	for (size_t i = 0; i < in->count; i++) {
		unsigned phase = phase_of(visits_s[i], CLOCK_TURN * per_s);

		if (i > 0 && day_of(visits_s[i]) != day_of(visits_s[i - 1])) {
			compass_day(
			    &known, day_of(visits_s[i - 1]), sum_c, sum_s, (double)(i - day_from));
			sum_c = sum_s = 0;
			day_from = i;
		}
		sum_c += in->wheel->cosine[phase];
		sum_s += in->wheel->cosine[quarter_back(phase)];
		if (i >= last)
			last = run_end(in, runs, period_s, i);
		compass_settle(&known, day_of(visits_s[i]));
		if (i + 1 < last && (known.settled_c != 0 || known.settled_s != 0))
			bet_on_gap(visits_s, i + 1, last, per_s, &known, in->wheel, winnings);
	}
	for (unsigned i = 0; i < BELLS; i++)
		sum += winnings[i];
	return sum / BELLS;
}

/* Gaps that one cache would not let through. */
static bool are_several(const struct clock_input *in)
{
	size_t shorter = 0;

	for (size_t i = 1; i < in->count; i++)
		shorter += in->visits_s[i] - in->visits_s[i - 1] < EARLIEST * in->ttl_s;
	return (double)shorter > SEVERAL_SHARE * (double)in->count;
}

static bool find_runs(const struct clock_input *in, struct runs *ret, struct err *reterr)
{
	double *scratch = malloc(size_mul(in->count, sizeof(*scratch)));

	*ret = (struct runs){ .break_s = 0 };
	if (scratch == NULL) {
		err_set_memory(reterr);
		return false;
	}
	ret->break_s = run_break(in->visits_s, in->count, scratch);
	free(scratch);
	if (!profile_fit(&ret->hours, in->exposure, in->visits_s, in->count, in->dead_s,
		PROFILE_TO_DRAW, reterr))
		return false;
	find_hours(ret);
	ret->several = are_several(in);
	return true;
}

bool clock_test(const struct clock_input *in, struct clock_result *ret, struct err *reterr)
{
	double won[CANONICAL], sum = 0;
	struct runs runs;
	bool asked = false, ok;

	*ret = (struct clock_result){ .p = 1 };
	if (in->count < CLOCK_VISITS_MIN || rotate(in, periods_s, CANONICAL, won) < CLOCK_DAYS_MIN)
		return true;
	ret->tested = true;
	for (size_t p = 0; p < CANONICAL; p++)
		asked = asked || won[p] > WORTH_MORE;
	if (!asked)
		return true;
	ok = find_runs(in, &runs, reterr);
	for (size_t p = 0; ok && p < CANONICAL; p++) {
		if (won[p] <= WORTH_MORE || (runs.opens && runs.several && periods_s[p] > HABIT_S))
			continue;
		won[p] = double_min(won[p], exchange(in, &runs, periods_s[p]));
		sum += won[p];
	}
	profile_release(&runs.hours);
	ret->p = sum > 0 ? double_min(1, CANONICAL / sum) : 1;
	return ok;
}

double clock_test_rotation(const struct clock_input *in, double period_s, double tried)
{
	double won;

	(void)rotate(in, &period_s, 1, &won);
	return double_min(1, tried / won);
}

/* The band of frequencies about a period. */
struct band {
	double first; /* Hz */
	double step;
	size_t count; /* at most CLOCK_BAND */
};

static struct band band_about(double period_s, double span_s)
{
	double step = BAND_STEP / span_s;
	double half = floor(BAND_SHARE / period_s / step);

	half = double_min(half, (double)((CLOCK_BAND - 1) / 2));
	return (struct band){ 1 / period_s - half * step, step, (size_t)(2 * half) + 1 };
}

/* A visit's point on the circle at a frequency, and what turns it to the next. */
struct hand {
	double c, s;
	double turn_c, turn_s;
};

static struct hand hand_of(double t_s, const struct band *band)
{
	struct hand h;

	circle_point(fmod(t_s * band->first, 1), &h.c, &h.s);
	circle_point(t_s * band->step, &h.turn_c, &h.turn_s); /* half a turn at most */
	return h;
}

static inline void turn(struct hand *h)
{
	double next = h->c * h->turn_c - h->s * h->turn_s;

	h->s = h->s * h->turn_c + h->c * h->turn_s;
	h->c = next;
}

/* The largest |sum of exp(2 pi i f t)|^2 in the band. Of two visits at once neither waits for the other. */
static double strongest(const double *visits_s, size_t count, const struct band *band)
{
	double re[CLOCK_BAND] = { 0 }, im[CLOCK_BAND] = { 0 }, best = 0;
	size_t i = 0;

	for (; i + 1 < count; i += 2) {
		struct hand a = hand_of(visits_s[i] - visits_s[0], band);
		struct hand b = hand_of(visits_s[i + 1] - visits_s[0], band);

		for (size_t k = 0; k < band->count; k++) {
			re[k] = re[k] + a.c + b.c;
			im[k] = im[k] + a.s + b.s;
			turn(&a);
			turn(&b);
		}
	}
	if (i < count) {
		struct hand last = hand_of(visits_s[i] - visits_s[0], band);

		for (size_t k = 0; k < band->count; k++) {
			re[k] += last.c;
			im[k] += last.s;
			turn(&last);
		}
	}
	for (size_t k = 0; k < band->count; k++)
		best = double_max(best, re[k] * re[k] + im[k] * im[k]);
	return best;
}

/* The gaps of each run in an order of chance. */
static void shuffle(const struct clock_input *in, const struct runs *runs, double period_s,
    struct philox *random, double *ret)
{
	ret[0] = in->visits_s[0];
	for (size_t from = 0, last; from + 1 < in->count; from = last) {
		last = run_end(in, runs, period_s, from);
		if (last == from)
			last++;
		for (size_t j = from + 1; j <= last; j++)
			ret[j] = in->visits_s[j] - in->visits_s[j - 1];
		for (size_t left = last - from; left > 1; left--) {
			size_t at = from + 1 + philox_below(random, (uint32_t)left);
			double gap_s = ret[from + left];

			ret[from + left] = ret[at];
			ret[at] = gap_s;
		}
		for (size_t j = from + 1; j <= last; j++)
			ret[j] += ret[j - 1];
	}
}

bool clock_test_shuffle(const struct clock_input *in, double period_s,
    const struct monte_carlo_plan *plan, struct philox *random, struct monte_carlo_result *ret,
    struct err *reterr)
{
	struct monte_carlo draws = { .count = 0 };
	struct runs runs = { .break_s = 0 };
	double *drawn = malloc(size_mul(in->count, sizeof(*drawn)));
	struct band band;
	bool ok = false;

	*ret = (struct monte_carlo_result){ .p = 1 };
	if (drawn == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (in->count < CLOCK_VISITS_MIN) {
		ok = true;
		goto out;
	}
	if (!find_runs(in, &runs, reterr))
		goto out;
	band = band_about(period_s, in->visits_s[in->count - 1] - in->visits_s[0]);
	monte_carlo_begin(&draws, strongest(in->visits_s, in->count, &band));
	while (monte_carlo_goes_on(&draws, plan)) {
		shuffle(in, &runs, period_s, random, drawn);
		if (!monte_carlo_add(&draws, strongest(drawn, in->count, &band))) {
			err_set_memory(reterr);
			goto out;
		}
	}
	monte_carlo_p(&draws, ret);
	ok = true;
out:
	monte_carlo_release(&draws);
	profile_release(&runs.hours);
	free(drawn);
	return ok;
}
