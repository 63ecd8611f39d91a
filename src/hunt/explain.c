/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/explain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "hunt/kin.h"
#include "hunt/timing.h"
#include "stats/live_rate.h"

#define TYPE_A        1
#define TYPE_PTR      12
#define TYPE_MX       15
#define TYPE_TXT      16
#define TYPE_AAAA     28
#define ADDRESSES_MAX 4
#define SIDE_MAX      4 /* traits that are told for an explanation, and against it */
#define WORDS_MAX     400
#define MOVE_MIN      .05 /* of the log odds: less is no trait to speak of */

_Static_assert(EXPLAINED_OTHER == NET_CLASSES, "the classes are the explanations with a model");

/* ---- what is observed ---- */

static enum subject_type subject_type_of(uint16_t type)
{
	switch (type) {
	case TYPE_A:
	case TYPE_PTR: /* what a name of an address is asked for */
		return SUBJECT_A;
	case TYPE_AAAA:
		return SUBJECT_AAAA;
	case TYPE_TXT:
		return SUBJECT_TXT;
	case TYPE_MX:
		return SUBJECT_MX;
	default:
		return SUBJECT_OTHER;
	}
}

static void count_types(const struct trace *t, struct subject *s)
{
	for (size_t i = 0; i < t->series_count; i++)
		s->types[subject_type_of(t->series[i].type)] += t->series[i].count;
	s->refused = t->refused;
}

static bool is_peer(const struct trace *t, const struct walk_series *s)
{
	size_t low = 0, high = t->peer_count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct trace_peer *p = &t->peers[middle];
		size_t len = p->key_len < s->peer_len ? p->key_len : s->peer_len;
		int order = memcmp(p->key, s->peer, len);

		if (order == 0)
			order = (p->key_len > s->peer_len) - (p->key_len < s->peer_len);
		if (order == 0)
			return true;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/* How often the name's peers asked for the name of this address. */
static bool count_reverse(const struct trace *t, struct haystack *h, const struct endpoint *address,
    uint64_t *count, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct addr a = { .len = address->len };
	struct walk_series s;
	struct series_summary sum;
	struct walk *w = NULL;
	struct endpoint name;
	struct key prefix;
	bool end = false, ok;

	memcpy(a.bytes, address->bytes, address->len);
	kin_reverse_name(&a, &name);
	key_of_target(&prefix, KEY_TAG_SERIES, &name);
	range.prefix = &prefix;
	ok = walk_new(h, &range, &w, reterr);
	while (ok && (ok = walk_next(w, &s, &end, reterr)) && !end) {
		struct cursor value = cursor_of(s.value, s.value_len);

		if (s.kind == KIND_DNS && is_peer(t, &s) && series_read_summary(&value, &sum))
			*count += sum.contacts;
	}
	walk_free(w);
	return ok;
}

/* The first addresses that answers gave for the name. */
static bool find_reverse(const struct trace *t, struct haystack *h, const uint8_t *group,
    size_t group_len, uint64_t *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_FACT, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	struct key prefix;
	bool end = false, ok;

	/* the group's key without its kind, under another tag */
	prefix.len = group_len - 1;
	memcpy(prefix.bytes, group, prefix.len);
	prefix.bytes[0] = KEY_TAG_FACT;
	range.prefix = &prefix;
	*ret = 0;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	for (int found = 0; ok && found < ADDRESSES_MAX;) {
		struct fact f;

		ok = haystack_scan_next(scan, &e, &end, reterr);
		if (!ok || end)
			break;
		if (!key_read_fact(e.key, e.key_len, &f) ||
		    (f.data.form != ENDPOINT_V4 && f.data.form != ENDPOINT_V6))
			continue;
		found++;
		ok = count_reverse(t, h, &f.data, ret, reterr);
	}
	haystack_scan_free(scan);
	return ok;
}

/* Where the peers are the machines themselves, no cache stands before the sensor. */
static bool sees_through_caches(const char *vantage)
{
	return strcmp(vantage, "stub") != 0 && strcmp(vantage, "recursive") != 0;
}

static bool gather(const struct trace *t, const uint8_t *group, size_t group_len, uint64_t seed,
    struct subject_peer **ret_peers, double **ret_times)
{
	struct subject_peer *peers = calloc(t->peer_count + 1, sizeof(*peers));
	double *times_s = malloc(size_mul((size_t)t->contacts + 1, sizeof(*times_s)));
	size_t at = 0;

	*ret_peers = peers;
	*ret_times = times_s;
	if (peers == NULL || times_s == NULL)
		return false;
	for (size_t i = 0; i < t->peer_count; i++) {
		const struct trace_peer *p = &t->peers[i];

		visits_spread(p->times_ns, p->count, p->digits_min, seed,
		    timing_series_of(group, group_len, p->key, p->key_len), times_s + at);
		peers[i] = (struct subject_peer){ times_s + at, p->count,
			p->ttl_max == TTL_NONE ? 0 : p->ttl_max };
		at += p->count;
	}
	return true;
}

bool explain_measure(const struct trace *t, struct haystack *h, const uint8_t *group,
    size_t group_len, const struct explain_settings *settings, struct traits *ret,
    struct err *reterr)
{
	struct subject s = { .peer_count = t->peer_count,
		.lookups = group[group_len - 1] == KIND_DNS,
		.bounded = !settings->alone,
		.exposure = settings->exposure };
	struct subject_peer *peers = NULL;
	struct traits_work *work = NULL;
	double *times_s = NULL;
	bool ok = false;

	s.cached = s.lookups && sees_through_caches(settings->vantage);
	if (!gather(t, group, group_len, settings->seed, &peers, &times_s)) {
		err_set_memory(reterr);
		goto out;
	}
	s.peers = peers;
	count_types(t, &s);
	if (s.lookups && !find_reverse(t, h, group, group_len, &s.reverse, reterr))
		goto out;
	ok = traits_work_new(&work, reterr) && traits_measure(&s, work, ret, reterr);
out:
	traits_work_free(work);
	free(peers);
	free(times_s);
	return ok;
}

/* ---- the answer ---- */

static void put_probabilities(
    const struct classification *c, const struct prior *prior, struct finding_weighing *ret)
{
	double sum = 0;

	ret->prior_given = prior->given;
	for (size_t i = 0; i < NET_CLASSES; i++) {
		ret->prior[i] = prior->of[i];
		ret->probability[i] = c->probability[i] * prior->of[i];
		ret->factor[i] =
		    c->probability[i] / (1 - c->probability[i] + 1e-9) * (NET_CLASSES - 1);
		sum += ret->probability[i];
	}
	for (size_t i = 0; i < NET_CLASSES; i++) {
		ret->probability[i] = sum > 0 ? ret->probability[i] / sum : prior->of[i];
		if (ret->probability[i] > ret->probability[ret->first])
			ret->first = (enum explanation)i;
	}
	ret->prior[EXPLAINED_OTHER] = ret->probability[EXPLAINED_OTHER] =
	    ret->factor[EXPLAINED_OTHER] = NAN;
}

static void put_set(const struct classification *c, struct finding_weighing *ret)
{
	bool empty = true;

	for (size_t i = 0; i < NET_CLASSES; i++) {
		ret->in_set[i] = c->in_set[i];
		empty = empty && !c->in_set[i];
	}
	/* what none fits, or what is like nothing learnt, may be something else, or the likeliest */
	ret->in_set[EXPLAINED_OTHER] = empty || c->is_new;
	if (empty)
		ret->in_set[ret->first] = true;
}

const char *explain_undecided(double contacts, const struct traits *f, double factor)
{
	if (contacts < EXPLAIN_CONTACTS_MIN)
		return "fewer than 50 contacts do not tell mechanisms apart";
	if (f->value[TRAIT_SATURATION] > LIVE_RATE_SATURATED)
		return "its busiest peer's cache held the answer nearly all the time, and hid what "
		       "asked";
	if (factor < EXPLAIN_FACTOR_MIN)
		return "no explanation makes the pattern ten times as likely as the others "
		       "together do";
	return NULL;
}

static double highest_factor(const struct finding_weighing *w)
{
	double highest = 0;

	for (size_t i = 0; i < NET_CLASSES; i++)
		highest = fmax(highest, w->factor[i]);
	return highest;
}

/* The next trait for it, or against it: the one that moved most, which is then taken out. */
static bool take_move(double moved[static TRAIT_COUNT], bool against, size_t *ret)
{
	size_t most = TRAIT_COUNT;

	for (size_t i = 0; i < TRAIT_COUNT; i++)
		if ((moved[i] < 0) == against && fabs(moved[i]) >= MOVE_MIN &&
		    (most == TRAIT_COUNT || fabs(moved[i]) > fabs(moved[most])))
			most = i;
	*ret = most;
	return most < TRAIT_COUNT;
}

/* Words of all that speaks for one explanation, then of all that speaks against it. */
static bool put_sides(double moved[static TRAIT_COUNT], const struct traits *f,
    struct arena *memory, struct explanation_moves *ret)
{
	struct explanation_move *items = arena_alloc(memory, 2 * SIDE_MAX * sizeof(*items));
	size_t trait;

	if (items == NULL)
		return false;
	*ret = (struct explanation_moves){ .items = items };
	for (int against = 0; against < 2; against++) {
		for (size_t i = 0; i < SIDE_MAX && take_move(moved, against, &trait); i++) {
			struct explanation_move *move = &items[ret->count];
			struct buf words;

			buf_init(&words, WORDS_MAX);
			explain_words(&words, (enum trait)trait, f->value[trait]);
			move->log_odds = moved[trait];
			move->trait = arena_copy(memory, words.bytes, words.len);
			buf_release(&words);
			if (move->trait == NULL)
				return false;
			moved[trait] = 0;
			ret->count++;
		}
	}
	return true;
}

static bool put_moves(const struct classifier *c, const struct traits *f, struct arena *memory,
    struct finding_weighing *ret)
{
	double moved[NET_CLASSES][TRAIT_COUNT];
	bool room = true;

	classifier_moves(c, f, moved);
	for (size_t i = 0; room && i < NET_CLASSES; i++)
		if (ret->in_set[i] || i == ret->first)
			room = put_sides(moved[i], f, memory, &ret->moves[i]);
	return room;
}

bool explain_fill(const struct trace *t, struct haystack *h, const uint8_t *group, size_t group_len,
    const struct explain_settings *settings, struct arena *memory, struct finding_weighing *ret,
    struct err *reterr)
{
	struct classification c;
	struct traits f;

	*ret = (struct finding_weighing){ .weighed = false };
	if (!explain_measure(t, h, group, group_len, settings, &f, reterr))
		return false;
	classifier_weigh(settings->classifier, &f, &c);
	ret->weighed = true;
	put_probabilities(&c, settings->prior, ret);
	put_set(&c, ret);
	ret->undecided = explain_undecided((double)t->contacts, &f, highest_factor(ret));
	if (put_moves(settings->classifier, &f, memory, ret))
		return true;
	err_set_memory(reterr);
	return false;
}
