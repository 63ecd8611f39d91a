/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look-up speaks for the mail that comes while its answer can still be known: from a little
 * before it, as logs note the one and the other at different moments of one session, until its TTL
 * has passed and a little more. So look-ups are intervals, and a mail is led by one if it lies
 * within; how much of the time the intervals cover is what a mail at any moment would find.
 */
#include "hunt/join_times.h"

#include <stdlib.h>

#include "base/size.h"

/* So much of the time covered, and a look-up before mail means nothing. */
#define CHANCE_MAX .9

struct interval {
	int64_t from_ns;
	int64_t upto_ns; /* the latest of it and of those before it in its network */
	uint64_t network;
};

bool join_rows_add(struct join_rows *r, const struct join_row *row)
{
	if (r->count == r->capacity) {
		size_t capacity = size_add(size_mul(r->capacity, 2), 64);
		struct join_row *grown = reallocarray(r->rows, capacity, sizeof(*grown));

		if (grown == NULL)
			return false;
		r->rows = grown;
		r->capacity = capacity;
	}
	r->rows[r->count++] = *row;
	return true;
}

void join_rows_release(struct join_rows *r)
{
	free(r->rows);
	*r = (struct join_rows){ 0 };
}

static int row_cmp(const void *a, const void *b)
{
	const struct join_row *x = a, *y = b;

	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

static int interval_cmp(const void *a, const void *b)
{
	const struct interval *x = a, *y = b;

	if (x->network != y->network)
		return x->network < y->network ? -1 : 1;
	return (x->from_ns > y->from_ns) - (x->from_ns < y->from_ns);
}

static void put_in_order(struct join_rows *r)
{
	if (r->count > 1)
		qsort(r->rows, r->count, sizeof(*r->rows), row_cmp);
}

/* In the time that both kinds of evidence cover? What lies beside it may still speak for a row. */
static bool is_common(const struct join_row *row, const struct finding_joined *j)
{
	return row->time_ns >= j->first.ns && row->time_ns <= j->last.ns;
}

static uint64_t count_common(const struct join_rows *r, const struct finding_joined *j)
{
	uint64_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += is_common(&r->rows[i], j);
	return count;
}

static int64_t from_of(const struct join_row *lookup)
{
	return lookup->time_ns - JOIN_SLACK_S * NS_PER_S;
}

static int64_t upto_of(const struct join_row *lookup)
{
	uint32_t ttl = lookup->ttl == TTL_NONE ? JOIN_TTL_UNKNOWN_S : lookup->ttl;

	if (ttl > JOIN_TTL_MAX_S)
		ttl = JOIN_TTL_MAX_S;
	return lookup->time_ns + ((int64_t)ttl + JOIN_SLACK_S) * NS_PER_S;
}

/* All of one network if near is false. */
static void make_intervals(const struct join_rows *lookups, bool near, struct interval *ret)
{
	for (size_t i = 0; i < lookups->count; i++) {
		const struct join_row *row = &lookups->rows[i];

		ret[i] = (struct interval){ from_of(row), upto_of(row), near ? row->network : 0 };
	}
	if (lookups->count > 1)
		qsort(ret, lookups->count, sizeof(*ret), interval_cmp);
	for (size_t i = 1; i < lookups->count; i++)
		if (ret[i].network == ret[i - 1].network && ret[i].upto_ns < ret[i - 1].upto_ns)
			ret[i].upto_ns = ret[i - 1].upto_ns;
}

/* Is the moment in an interval of the network? */
static bool is_within(const struct interval *list, size_t count, int64_t at_ns, uint64_t network)
{
	size_t low = 0, high = count;

	while (low < high) { /* behind the last one that begins so early */
		size_t middle = low + (high - low) / 2;
		const struct interval *i = &list[middle];

		if (i->network < network || (i->network == network && i->from_ns <= at_ns))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && list[low - 1].network == network && list[low - 1].upto_ns >= at_ns;
}

static uint64_t count_led(const struct join_rows *mails, const struct interval *list, size_t count,
    bool near, const struct finding_joined *j)
{
	uint64_t led = 0;

	for (size_t i = 0; i < mails->count; i++) {
		const struct join_row *m = &mails->rows[i];

		if (is_common(m, j) && !(near && m->network == 0))
			led += is_within(list, count, m->time_ns, near ? m->network : 0);
	}
	return led;
}

/* Intervals in the order of time. */
static double covered(const struct interval *list, size_t count, const struct finding_joined *j)
{
	int64_t at = j->first.ns;
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t from = list[i].from_ns > at ? list[i].from_ns : at;
		int64_t upto = list[i].upto_ns < j->last.ns ? list[i].upto_ns : j->last.ns;

		if (upto <= from)
			continue;
		sum += (double)(upto - from);
		at = upto;
	}
	return j->last.ns > j->first.ns ? sum / (double)(j->last.ns - j->first.ns) : 1;
}

static uint64_t count_answered(
    const struct join_rows *lookups, const struct join_rows *mails, const struct finding_joined *j)
{
	uint64_t answered = 0;

	for (size_t i = 0, m = 0; i < lookups->count; i++) {
		const struct join_row *l = &lookups->rows[i];

		while (m < mails->count && mails->rows[m].time_ns < from_of(l))
			m++;
		answered +=
		    is_common(l, j) && m < mails->count && mails->rows[m].time_ns <= upto_of(l);
	}
	return answered;
}

/* The day of the first row from *at on that is common; INT64_MAX: there is none. */
static int64_t day_from(const struct join_rows *r, size_t *at, const struct finding_joined *j)
{
	while (*at < r->count && !is_common(&r->rows[*at], j))
		++*at;
	return *at < r->count ? stamp_day(r->rows[*at].time_ns) : INT64_MAX;
}

static void step_over(const struct join_rows *r, size_t *at, int64_t day)
{
	while (*at < r->count && stamp_day(r->rows[*at].time_ns) == day)
		++*at;
}

static void count_days(
    const struct join_rows *lookups, const struct join_rows *mails, struct finding_joined *j)
{
	size_t l = 0, m = 0;

	for (;;) {
		int64_t looked = day_from(lookups, &l, j), mailed = day_from(mails, &m, j);
		int64_t day = looked < mailed ? looked : mailed;

		if (day == INT64_MAX)
			return;
		j->days_lookups += looked == day;
		j->days_mail += mailed == day;
		j->days_both += looked == mailed;
		step_over(lookups, &l, day);
		step_over(mails, &m, day);
	}
}

bool join_times_compare(struct join_rows *lookups, struct join_rows *mails,
    struct finding_joined *ret, struct err *reterr)
{
	struct interval *list;

	put_in_order(lookups);
	put_in_order(mails);
	ret->lookups = count_common(lookups, ret);
	ret->mails = count_common(mails, ret);
	list = malloc(size_mul(size_add(lookups->count, 1), sizeof(*list)));
	if (list == NULL) {
		err_set_memory(reterr);
		return false;
	}
	make_intervals(lookups, false, list);
	ret->led = count_led(mails, list, lookups->count, false, ret);
	ret->chance = covered(list, lookups->count, ret);
	make_intervals(lookups, true, list);
	ret->led_near = count_led(mails, list, lookups->count, true, ret);
	ret->answered = count_answered(lookups, mails, ret);
	count_days(lookups, mails, ret);
	free(list);
	return true;
}

void join_times_judge(struct finding_joined *j)
{
	bool lookups_alone = j->lookups >= JOIN_ROWS_MIN && 2 * j->answered < j->lookups;
	bool mail_alone = j->mails >= JOIN_ROWS_MIN && 2 * j->led < j->mails;

	j->verdict = JOINED_CANNOT_TELL;
	j->why = NULL;
	if (j->lookups < JOIN_ROWS_MIN && j->mails < JOIN_ROWS_MIN)
		j->why = "fewer than ten look-ups and fewer than ten of mail in the time that they "
			 "have in common";
	else if (!lookups_alone && !mail_alone && j->chance > CHANCE_MAX)
		j->why = "its answers can be known nearly all the time, so that mail at any moment "
			 "would agree";
	else if (lookups_alone && mail_alone)
		j->verdict = JOINED_APART;
	else if (lookups_alone)
		j->verdict = JOINED_LOOKUPS_ALONE;
	else
		j->verdict = mail_alone ? JOINED_MAIL_ALONE : JOINED_AGREE;
}
