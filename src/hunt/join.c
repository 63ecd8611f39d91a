/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Summaries of the host's series first, which cost little; times are decoded only where there are
 * look-ups and mail to compare.
 */
#include "hunt/join.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/series.h"
#include "finding/joined_words.h"
#include "hunt/join_keys.h"
#include "hunt/walk.h"

/* Of an address that stands for its network: /24 and /48. */
#define NETWORK_V4_BYTES 3
#define NETWORK_V6_BYTES 6

enum role { ROLE_NONE, ROLE_LOOKUP, ROLE_MAIL };

static enum role role_of(uint8_t kind, uint16_t type)
{
	if (kind == KIND_DNS)
		return ROLE_LOOKUP;
	return funnel_is_mail(kind, type) ? ROLE_MAIL : ROLE_NONE;
}

static const struct join_span nothing = { .first_ns = INT64_MAX, .last_ns = INT64_MIN };

static void widen(struct join_span *s, int64_t first_ns, int64_t last_ns)
{
	if (first_ns < s->first_ns)
		s->first_ns = first_ns;
	if (last_ns > s->last_ns)
		s->last_ns = last_ns;
}

static bool is_empty(const struct join_span *s)
{
	return s->last_ns < s->first_ns;
}

/* The outages of both, as one list. False: out of memory. */
static bool add_outages(
    const struct exposure *all, const struct exposure *own, struct join_blind *ret)
{
	const struct exposure *const both[] = { all, own };

	ret->spans = calloc(size_add(all->down_count, own->down_count) + 1, sizeof(*ret->spans));
	if (ret->spans == NULL)
		return false;
	for (size_t i = 0; i < COUNT_OF(both); i++)
		for (size_t k = 0; k < both[i]->down_count; k++)
			ret->spans[ret->count++] = (struct join_span){
				(int64_t)both[i]->down[k].from_s * NS_PER_S,
				(int64_t)both[i]->down[k].to_s * NS_PER_S,
			};
	join_blind_settle(ret);
	return true;
}

/* What these counts show by themselves within the span, and all evidence does. */
static bool find_outages(const struct exposure_counts *counts, const struct join_span *span,
    const struct exposure *all, struct join_blind *ret, struct err *reterr)
{
	struct exposure own = { 0 };
	bool ok = exposure_find(counts, floor((double)span->first_ns / (double)NS_PER_S),
	    floor((double)span->last_ns / (double)NS_PER_S) + 1, &own, reterr);

	if (ok && !add_outages(all, &own, ret)) {
		err_set_memory(reterr);
		ok = false;
	}
	exposure_release(&own);
	return ok;
}

/*
 * The windows of mail lie among those of all, and what is not mail is taken for the sensor of
 * look-ups: DNS is nearly all of it.
 */
static bool find_both_outages(
    const struct funnel *f, const struct exposure *all, struct join_case *ret, struct err *reterr)
{
	struct exposure_counts lookups = { .count = 0 }, mail = { .count = 0 };
	uint32_t *of_all = NULL, *of_mail = NULL;
	bool ok = coverage_flatten(&f->coverage, &lookups.first_window, &of_all, &lookups.count) &&
		  coverage_flatten(&f->mail, &mail.first_window, &of_mail, &mail.count);

	if (!ok)
		err_set_memory(reterr);
	for (size_t i = 0; ok && i < mail.count; i++) {
		uint32_t *left = &of_all[(size_t)(mail.first_window - lookups.first_window) + i];

		*left -= of_mail[i] < *left ? of_mail[i] : *left; /* counts stop at a limit */
	}
	lookups.counts = of_all;
	mail.counts = of_mail;
	ok = ok && find_outages(&lookups, &ret->lookups, all, &ret->outages.lookups, reterr) &&
	     find_outages(&mail, &ret->mail, all, &ret->outages.mail, reterr);
	free(of_all);
	free(of_mail);
	return ok;
}

bool join_case_of(
    const struct funnel *f, const struct exposure *all, struct join_case *ret, struct err *reterr)
{
	*ret = (struct join_case){ .known = true, .lookups = nothing, .mail = nothing };
	for (size_t i = 0; i < f->name_count; i++) {
		const struct name *n = &f->names[i];
		enum role role = role_of(n->kind, n->type);

		if (role != ROLE_NONE)
			widen(role == ROLE_LOOKUP ? &ret->lookups : &ret->mail, n->first_ns,
			    n->last_ns);
	}
	if (is_empty(&ret->lookups) || is_empty(&ret->mail))
		return true;
	if (find_both_outages(f, all, ret, reterr))
		return true;
	join_case_release(ret);
	return false;
}

void join_case_release(struct join_case *c)
{
	join_outages_release(&c->outages);
}

/* A host under way. */
struct joining {
	struct haystack *haystack;
	struct join_keys keys;
	struct join_span lookups; /* of the host */
	struct join_span mail;
	uint64_t rows;
	struct join_rows lookup_rows;
	struct join_rows mail_rows;
	struct series_rows decoded;
};

typedef bool series_fn(
    struct joining *j, struct joined_key *key, const struct walk_series *s, struct err *reterr);

/* Call fn for each series of look-ups or mail of the key, until there are too many. */
static bool each_series(
    struct joining *j, struct joined_key *key, series_fn *fn, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct walk *walk = NULL;
	struct walk_series s;
	struct key prefix;
	bool end = false, ok;

	key_of_target(&prefix, KEY_TAG_SERIES, &key->key);
	range.prefix = &prefix;
	if (!walk_new(j->haystack, &range, &walk, reterr))
		return false;
	do
		ok = walk_next(walk, &s, &end, reterr) &&
		     (end || role_of(s.kind, s.type) == ROLE_NONE || fn(j, key, &s, reterr));
	while (ok && !end && j->rows <= JOIN_ROWS_MAX);
	walk_free(walk);
	return ok;
}

static bool count_series(
    struct joining *j, struct joined_key *key, const struct walk_series *s, struct err *reterr)
{
	struct cursor value = cursor_of(s->value, s->value_len);
	struct joined_counts *c = &key->counts;
	struct series_summary sum;

	if (!series_read_summary(&value, &sum)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a series that cannot be read");
		return false;
	}
	if (s->kind == KIND_DNS)
		c->lookups += sum.contacts;
	else if (s->kind == KIND_SMTP)
		c->sessions += sum.contacts;
	else if (s->kind == KIND_MAIL)
		c->hops += sum.contacts;
	else
		c->connections += sum.contacts;
	widen(s->kind == KIND_DNS ? &j->lookups : &j->mail, sum.first_ns, sum.last_ns);
	j->rows += sum.contacts;
	return true;
}

/* 0: the peer is a name. */
static uint64_t network_of(const struct endpoint *peer)
{
	size_t len = peer->form == ENDPOINT_V4 ? NETWORK_V4_BYTES : NETWORK_V6_BYTES;
	uint64_t network = peer->form;

	if (peer->form != ENDPOINT_V4 && peer->form != ENDPOINT_V6)
		return 0;
	for (size_t i = 0; i < len; i++)
		network = network << 8 | peer->bytes[i];
	return network;
}

static bool read_series(
    struct joining *j, struct joined_key *key, const struct walk_series *s, struct err *reterr)
{
	struct join_rows *to = s->kind == KIND_DNS ? &j->lookup_rows : &j->mail_rows;
	struct join_row row = { .left_out = false };
	struct contact c;

	(void)key;
	j->decoded.count = 0;
	if (!series_decode(s->value, s->value_len, &j->decoded, reterr))
		return false;
	if (!key_read_series(s->key, s->key_len, &c)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a key that cannot be read");
		return false;
	}
	series_view(&j->decoded);
	row.network = network_of(&c.peer);
	for (size_t i = 0; i < j->decoded.count; i++) {
		row.time_ns = j->decoded.rows[i].time_ns;
		row.ttl = j->decoded.rows[i].ttl;
		if (!join_rows_add(to, &row)) {
			err_set_memory(reterr);
			return false;
		}
	}
	return true;
}

static bool read_keys(struct joining *j, series_fn *fn, struct err *reterr)
{
	for (size_t i = 0; i < j->keys.count && j->rows <= JOIN_ROWS_MAX; i++)
		if (!each_series(j, &j->keys.keys[i], fn, reterr))
			return false;
	return true;
}

/* Set the time that both kinds of evidence cover. Returns why nothing can be compared, or NULL. */
static const char *find_common(
    const struct joining *j, const struct join_case *all, struct finding_joined *ret)
{
	const struct join_span *lookups = all->known ? &all->lookups : &j->lookups;
	const struct join_span *mail = all->known ? &all->mail : &j->mail;

	if (j->rows > JOIN_ROWS_MAX)
		return "it has more than a million contacts";
	if (is_empty(&j->lookups) && is_empty(&j->mail))
		return "neither look-ups nor mail of it are known";
	if (is_empty(lookups))
		return all->known ? "the case holds no look-ups" : "no look-ups for it are known";
	if (is_empty(mail))
		return all->known ? "the case holds no mail" : "no mail of it is known";
	ret->first.ns = lookups->first_ns > mail->first_ns ? lookups->first_ns : mail->first_ns;
	ret->last.ns = lookups->last_ns < mail->last_ns ? lookups->last_ns : mail->last_ns;
	if (ret->last.ns >= ret->first.ns)
		return NULL;
	ret->first.ns = ret->last.ns = 0;
	return "look-ups and mail were recorded at different times";
}

/* The keys of which anything is known; the target stays. */
static bool keep_keys(const struct joining *j, struct arena *memory, struct finding_joined *ret)
{
	const struct join_keys *k = &j->keys;
	struct joined_key *keys = arena_alloc(memory, size_mul(k->count, sizeof(*keys)));
	struct joined_shared *shared =
	    arena_alloc(memory, size_mul(size_add(k->shared_count, 1), sizeof(*shared)));

	if (keys == NULL || shared == NULL)
		return false;
	for (size_t i = 0; i < k->count; i++) {
		const struct joined_counts *c = &k->keys[i].counts;

		if (i == 0 || c->lookups + c->sessions + c->connections + c->hops > 0)
			keys[ret->key_count++] = k->keys[i];
	}
	for (size_t i = 0; i < k->shared_count; i++)
		shared[i] = k->shared[i];
	ret->keys = keys;
	ret->shared = shared;
	ret->shared_count = k->shared_count;
	ret->cut = k->cut;
	return true;
}

static bool join(struct joining *j, const struct endpoint *target, const struct join_case *all,
    struct arena *memory, struct finding_joined *ret, struct err *reterr)
{
	if (!join_keys_find(j->haystack, target, &j->keys, reterr) ||
	    !read_keys(j, count_series, reterr))
		return false;
	if (!keep_keys(j, memory, ret)) {
		err_set_memory(reterr);
		return false;
	}
	ret->why = find_common(j, all, ret);
	if (ret->why != NULL)
		return true;
	if (!read_keys(j, read_series, reterr) ||
	    !join_times_compare(&j->lookup_rows, &j->mail_rows, &all->outages, ret, reterr))
		return false;
	join_times_judge(ret);
	return true;
}

bool join_fill(struct haystack *h, const struct endpoint *target, const struct join_case *all,
    struct arena *memory, struct finding_joined *ret, struct err *reterr)
{
	struct joining j = { .haystack = h, .lookups = nothing, .mail = nothing };
	bool ok;

	*ret = (struct finding_joined){ .verdict = JOINED_CANNOT_TELL };
	ok = join(&j, target, all, memory, ret, reterr);
	join_rows_release(&j.lookup_rows);
	join_rows_release(&j.mail_rows);
	series_rows_release(&j.decoded);
	return ok;
}

/* ---- several findings of one host ---- */

static int target_cmp(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;

	return endpoint_cmp(&(*x)->target, &(*y)->target);
}

static int other_cmp(const void *a, const void *b)
{
	const struct joined_other *x = a, *y = b;

	return (x->rank > y->rank) - (x->rank < y->rank);
}

/* The first of the findings, by target, that is not before the key. */
static size_t find_target(
    const struct finding *const *sorted, size_t count, const struct endpoint *key)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (endpoint_cmp(&sorted[middle]->target, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A way that may lead to another host counts as well: its key says so. */
static bool name_others(
    struct finding *f, const struct finding *const *sorted, size_t count, struct arena *memory)
{
	struct finding_joined *j = &f->joined;
	struct joined_other *others = arena_alloc(memory, JOINED_OTHERS_MAX * sizeof(*others));

	if (others == NULL)
		return false;
	j->others = others;
	for (size_t k = 0; k < j->key_count; k++) {
		const struct endpoint *key = &j->keys[k].key;

		for (size_t i = find_target(sorted, count, key);
		     i < count && endpoint_cmp(&sorted[i]->target, key) == 0; i++)
			if (sorted[i] != f && sorted[i]->rank > 0 &&
			    j->other_count < JOINED_OTHERS_MAX)
				others[j->other_count++] = (struct joined_other){ sorted[i]->rank,
					sorted[i]->kind, sorted[i]->target };
	}
	if (j->other_count > 1)
		qsort(others, j->other_count, sizeof(*others), other_cmp);
	return true;
}

bool join_settle(struct finding *findings, size_t count, struct arena *memory, struct err *reterr)
{
	const struct finding **sorted = calloc(count + 1, sizeof(const struct finding *));
	bool ok = sorted != NULL;

	for (size_t i = 0; i < count && ok; i++)
		sorted[i] = &findings[i];
	if (ok && count > 1)
		qsort(sorted, count, sizeof(*sorted), target_cmp);
	for (size_t i = 0; i < count && ok; i++)
		ok = name_others(&findings[i], sorted, count, memory) &&
		     joined_words_fill(&findings[i].joined, memory);
	free(sorted);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}
