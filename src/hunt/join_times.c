/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A look-up speaks for the mail that comes while its answer can still be known: from a little
 * before it, as logs note the one and the other at different moments of one session, until its TTL
 * has passed and a little more. So look-ups are intervals, and a mail is led by one if it lies
 * within; how much of the time the intervals cover is what a mail at any moment would find.
 *
 * A row is left out by where it lies, never by what came of it: to leave out the unanswered alone
 * would make any two lists agree.
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

/* ---- outages ---- */

static int span_cmp(const void *a, const void *b)
{
	const struct join_span *x = a, *y = b;

	return (x->first_ns > y->first_ns) - (x->first_ns < y->first_ns);
}

void join_blind_settle(struct join_blind *b)
{
	size_t kept = 0;

	if (b->count > 1)
		qsort(b->spans, b->count, sizeof(*b->spans), span_cmp);
	for (size_t i = 0; i < b->count; i++)
		if (kept == 0 || b->spans[i].first_ns > b->spans[kept - 1].last_ns)
			b->spans[kept++] = b->spans[i];
		else if (b->spans[i].last_ns > b->spans[kept - 1].last_ns)
			b->spans[kept - 1].last_ns = b->spans[i].last_ns;
	b->count = kept;
}

void join_outages_release(struct join_outages *o)
{
	free(o->lookups.spans);
	free(o->mail.spans);
	*o = (struct join_outages){ 0 };
}

/* The first span that ends after the moment. */
static size_t blind_after(const struct join_blind *b, int64_t at_ns)
{
	size_t low = 0, high = b->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->spans[middle].last_ns <= at_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Nanoseconds of [from_ns, upto_ns] in which nothing could be seen. */
static double blind_within(const struct join_blind *b, int64_t from_ns, int64_t upto_ns)
{
	double sum = 0;

	for (size_t i = blind_after(b, from_ns); i < b->count && b->spans[i].first_ns < upto_ns;
	     i++) {
		int64_t from = b->spans[i].first_ns, upto = b->spans[i].last_ns;

		sum +=
		    (double)((upto < upto_ns ? upto : upto_ns) - (from > from_ns ? from : from_ns));
	}
	return sum;
}

static bool is_blind(const struct join_blind *b, int64_t from_ns, int64_t upto_ns)
{
	size_t i = blind_after(b, from_ns);

	return i < b->count && b->spans[i].first_ns < upto_ns;
}

/* ---- rows ---- */

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

/* In the time that both kinds of evidence cover, and not left out? What lies beside it may still speak for a row. */
static bool is_common(const struct join_row *row, const struct finding_joined *j)
{
	return !row->left_out && row->time_ns >= j->first.ns && row->time_ns <= j->last.ns;
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

/* Leave out look-ups of which the mail could not be seen. */
static void leave_out_lookups(struct join_rows *lookups, const struct join_blind *mail)
{
	for (size_t i = 0; i < lookups->count; i++)
		lookups->rows[i].left_out =
		    is_blind(mail, from_of(&lookups->rows[i]), upto_of(&lookups->rows[i]));
}

/* How long before a mail its look-up can have been: as long as any answer lived. */
static int64_t reach_of(const struct join_rows *lookups)
{
	int64_t most = 0;

	for (size_t i = 0; i < lookups->count; i++) {
		int64_t lives = upto_of(&lookups->rows[i]) - lookups->rows[i].time_ns;

		most = lives > most ? lives : most;
	}
	return most > 0 ? most : (JOIN_TTL_UNKNOWN_S + JOIN_SLACK_S) * NS_PER_S;
}

/* The moments at which a mail's look-up could not be seen, as the caller's to release. */
static bool blind_moments(
    const struct join_blind *lookups, int64_t reach_ns, struct join_blind *ret)
{
	*ret = (struct join_blind){ .spans = calloc(lookups->count + 1, sizeof(*ret->spans)) };
	if (ret->spans == NULL)
		return false;
	for (size_t i = 0; i < lookups->count; i++)
		ret->spans[ret->count++] = (struct join_span){
			lookups->spans[i].first_ns - JOIN_SLACK_S * NS_PER_S,
			lookups->spans[i].last_ns + reach_ns,
		};
	join_blind_settle(ret);
	return true;
}

static void leave_out_mails(struct join_rows *mails, const struct join_blind *moments)
{
	for (size_t i = 0; i < mails->count; i++)
		mails->rows[i].left_out =
		    is_blind(moments, mails->rows[i].time_ns, mails->rows[i].time_ns + 1);
}

static uint64_t count_left_out(const struct join_rows *r, const struct finding_joined *j)
{
	uint64_t count = 0;

	for (size_t i = 0; i < r->count; i++)
		count += r->rows[i].left_out && r->rows[i].time_ns >= j->first.ns &&
			 r->rows[i].time_ns <= j->last.ns;
	return count;
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

/* The share of the moments that count. Intervals in the order of time. */
static double covered(const struct interval *list, size_t count, const struct join_blind *moments,
    const struct finding_joined *j)
{
	int64_t at = j->first.ns;
	double sum = 0, all = (double)(j->last.ns - j->first.ns);

	for (size_t i = 0; i < count; i++) {
		int64_t from = list[i].from_ns > at ? list[i].from_ns : at;
		int64_t upto = list[i].upto_ns < j->last.ns ? list[i].upto_ns : j->last.ns;

		if (upto <= from)
			continue;
		sum += (double)(upto - from) - blind_within(moments, from, upto);
		at = upto;
	}
	all -= blind_within(moments, j->first.ns, j->last.ns);
	return all > 0 ? sum / all : 1;
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
    const struct join_outages *outages, struct finding_joined *ret, struct err *reterr)
{
	struct join_blind moments;
	struct interval *list = malloc(size_mul(size_add(lookups->count, 1), sizeof(*list)));

	if (!blind_moments(&outages->lookups, reach_of(lookups), &moments) || list == NULL) {
		free(moments.spans);
		free(list);
		err_set_memory(reterr);
		return false;
	}
	put_in_order(lookups);
	put_in_order(mails);
	leave_out_lookups(lookups, &outages->mail);
	leave_out_mails(mails, &moments);
	ret->lookups = count_common(lookups, ret);
	ret->mails = count_common(mails, ret);
	ret->lookups_left_out = count_left_out(lookups, ret);
	ret->mails_left_out = count_left_out(mails, ret);
	make_intervals(lookups, false, list);
	ret->led = count_led(mails, list, lookups->count, false, ret);
	ret->chance = covered(list, lookups->count, &moments, ret);
	make_intervals(lookups, true, list);
	ret->led_near = count_led(mails, list, lookups->count, true, ret);
	ret->answered = count_answered(lookups, mails, ret);
	count_days(lookups, mails, ret);
	free(moments.spans);
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
