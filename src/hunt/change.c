/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rate of a block is shown in visits of all peers per live hour, as anybody can count them;
 * what is tested runs on operational time (stats/level.h), in which a busy name's visits do not
 * hide behind its caches.
 */
#include "hunt/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/minmax.h"
#include "base/size.h"
#include "hunt/timing.h"
#include "stats/fortnight.h"
#include "stats/level.h"
#include "stats/visits.h"

struct times {
	double *seconds; /* of the busiest peers, one after another, then of all others */
	struct optime_stream streams[TIMING_PEERS_MAX + 1];
	size_t count;
};

static int double_cmp(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static bool is_among(const size_t *list, size_t count, size_t wanted)
{
	size_t i = 0;

	while (i < count && list[i] != wanted)
		i++;
	return i < count;
}

static void spread(const struct trace_peer *p, const struct change_settings *s, double *ret_s)
{
	visits_spread(p->times_ns, p->count, p->digits_min, s->seed,
	    timing_series_of(s->key, s->key_len, p->key, p->key_len), ret_s);
}

/* The others ask seldom, or the name would have no busiest: their caches hide next to nothing. */
static bool gather(const struct trace *t, const struct change_settings *s, struct times *ret)
{
	size_t top[TIMING_PEERS_MAX], count = timing_top_peers(t, TIMING_PEERS_MAX, top);
	size_t at = 0, others;

	ret->seconds = malloc(size_mul(size_add((size_t)t->contacts, 1), sizeof(*ret->seconds)));
	if (ret->seconds == NULL)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct trace_peer *p = &t->peers[top[i]];

		spread(p, s, ret->seconds + at);
		ret->streams[i] = (struct optime_stream){ ret->seconds + at, p->count,
			p->ttl_max == TTL_NONE ? 0 : p->ttl_max };
		at += p->count;
	}
	others = at;
	for (size_t i = 0; i < t->peer_count; i++) {
		if (is_among(top, count, i))
			continue;
		spread(&t->peers[i], s, ret->seconds + at);
		at += t->peers[i].count;
	}
	if (at > others)
		qsort(ret->seconds + others, at - others, sizeof(*ret->seconds), double_cmp);
	ret->streams[count] = (struct optime_stream){ ret->seconds + others, at - others, 0 };
	ret->count = count + 1;
	return true;
}

/* All peers' visits by when they began, sorted; *ret is the caller's to free. */
static bool list_visits(const struct trace *t, int64_t **ret, size_t *ret_count)
{
	int64_t *starts = malloc(size_mul(size_add((size_t)t->contacts, 1), sizeof(*starts)));

	*ret = starts;
	*ret_count = 0;
	for (size_t i = 0; starts != NULL && i < t->peer_count; i++)
		*ret_count += trace_visit_starts(&t->peers[i], starts + *ret_count);
	return starts != NULL;
}

static struct stamp stamp_of(double t_s)
{
	return (struct stamp){ round_down(t_s) * NS_PER_S, 0 };
}

static double rate(const int64_t *starts, size_t count, const struct exposure *e,
    const struct change_block *b, bool is_last)
{
	double live_s = exposure_live(
	    e, (double)b->from.ns / (double)NS_PER_S, (double)b->to.ns / (double)NS_PER_S);
	size_t within = 0;

	for (size_t i = 0; i < count; i++)
		within += starts[i] >= b->from.ns &&
			  (starts[i] < b->to.ns || (is_last && starts[i] == b->to.ns));
	return live_s > 0 ? (double)within * HOUR_S / live_s : NAN;
}

static bool list_blocks(const struct level_result *r, const struct trace *t,
    const struct exposure *e, struct stamp first, struct stamp last, struct arena *memory,
    struct test_changes *ret)
{
	struct change_block *blocks =
	    arena_alloc(memory, size_mul(r->block_count, sizeof(*blocks)));
	int64_t *starts = NULL;
	size_t count;
	bool ok = blocks != NULL && list_visits(t, &starts, &count);

	for (size_t i = 0; ok && i < r->block_count; i++) {
		bool is_last = i + 1 == r->block_count;

		blocks[i].from = i == 0 ? first : stamp_of(r->blocks[i].from_s);
		blocks[i].to = is_last ? last : stamp_of(r->blocks[i].to_s);
		blocks[i].rate_per_h = rate(starts, count, e, &blocks[i], is_last);
	}
	ret->blocks = blocks;
	ret->block_count = r->block_count;
	free(starts);
	return ok;
}

/*
 * A pause of one peer need not be one of all: the busiest are tested as well, each alone, and the
 * smallest p is multiplied by the number of tests.
 */
static bool add_peers(
    const struct times *times, struct level_input in, struct level_result *ret, struct err *reterr)
{
	struct level_result peer;
	size_t tests = 1;

	in.stream_count = 1;
	for (size_t i = 0; times->count > 2 && i + 1 < times->count; i++) {
		in.streams = &times->streams[i];
		if (!level_test_quick(&in, &peer, reterr))
			return false;
		tests += peer.tested;
		if (peer.tested && peer.p_silence < ret->p_silence) {
			ret->p_silence = peer.p_silence;
			ret->silence = peer.silence;
		}
	}
	ret->p_silence = double_min(1, ret->p_silence * (double)tests);
	return true;
}

bool change_fill(const struct trace *t, const struct change_settings *settings, struct stamp first,
    struct stamp last, struct arena *memory, struct test_changes *ret, struct err *reterr)
{
	struct times times = { .seconds = NULL };
	struct level_input in = { .streams = times.streams,
		.exposure = settings->exposure,
		.seed = settings->seed,
		.series = timing_series_of(settings->key, settings->key_len, NULL, 0) };
	struct level_result r;
	bool ok = gather(t, settings, &times);

	*ret = (struct test_changes){ .p_burst = NAN, .p_silence = NAN, .p_stop = NAN };
	in.stream_count = times.count;
	if (!ok)
		err_set_memory(reterr);
	ok = ok && level_test(&in, &r, reterr) && add_peers(&times, in, &r, reterr);
	free(times.seconds);
	if (!ok)
		return false;
	if (!r.tested) {
		ret->status.why = "needs 10 contacts that are at least 50 minutes apart";
		return true;
	}
	ret->p_burst = r.p_burst;
	ret->burst = (struct change_span){ stamp_of(r.burst.from_s), stamp_of(r.burst.to_s) };
	ret->p_silence = r.p_silence;
	ret->silence = (struct change_span){ stamp_of(r.silence.from_s), stamp_of(r.silence.to_s) };
	ret->p_stop = settings->alone ? NAN : r.p_stop;
	ret->has_stopped = ret->p_stop <= LEVEL_STOP_P;
	ret->stopped = last;
	if (list_blocks(&r, t, settings->exposure, first, last, memory, ret))
		return true;
	err_set_memory(reterr);
	return false;
}
