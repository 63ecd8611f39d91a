/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who meets the name, how many of them together, and what they ask for beside its address. */
#include "explain/traits.h"

#include <math.h>

#include "base/stamp.h"

#define WINDOW_S      600.0
#define CROWD         5 /* peers in a window */
#define JOINT_S       120.0
#define JOINT_APART_S 604800.0 /* the same hours and weekday, another cause */
#define SHARE_FLOOR   .001     /* a share that is smaller is as good as none */

static double log_share(double part, double whole)
{
	return log(part / whole + SHARE_FLOOR);
}

static void measure_shares(
    const struct traits_work *w, size_t peer_count, double contacts, struct traits *f)
{
	double squares = 0, single = 0;

	for (size_t i = 0; i < peer_count; i++) {
		double share = (double)w->peers[i].count / contacts;

		squares += share * share;
		single += w->peers[i].count == 1;
	}
	f->value[TRAIT_PEERS] = log((double)peer_count);
	f->value[TRAIT_EFFECTIVE] = -log(squares);
	f->value[TRAIT_TOP_SHARE] = (double)w->peers[0].count / contacts;
	f->value[TRAIT_SINGLE] = single / contacts;
	if (peer_count > 1)
		f->value[TRAIT_SECOND] = log((double)w->peers[1].count / (double)w->peers[0].count);
}

/*
 * Distinct peers in windows that begin with a visit. A peer's visits in one window are counted as
 * many: to tell them apart would cost a table, and few peers come twice in ten minutes.
 */
static void measure_together(const struct traits_work *w, struct traits *f)
{
	double windows = 0, crowded = 0;

	for (size_t i = 0; i < w->all_count;) {
		size_t upto = i;
		size_t distinct = 0;
		uint32_t seen[CROWD];

		for (; upto < w->all_count && w->all[upto].start_s < w->all[i].start_s + WINDOW_S;
		     upto++) {
			size_t at = 0;

			while (at < distinct && at < CROWD && seen[at] != w->all[upto].peer)
				at++;
			if (at < distinct && at < CROWD)
				continue;
			if (distinct < CROWD)
				seen[distinct] = w->all[upto].peer;
			distinct++;
		}
		windows++;
		if (distinct >= CROWD)
			crowded += (double)(upto - i);
		i = upto;
	}
	f->value[TRAIT_TOGETHER] = log((double)w->all_count / windows);
	f->value[TRAIT_CROWDED] = crowded / (double)w->all_count;
}

/* How many of b have one of a, moved by shift_s, within JOINT_S. */
static double count_near(
    const double *a, size_t a_count, const double *b, size_t b_count, double shift_s)
{
	size_t at = 0, near = 0;

	for (size_t i = 0; i < b_count; i++) {
		while (at < a_count && a[at] + shift_s < b[i] - JOINT_S)
			at++;
		near += at < a_count && a[at] + shift_s <= b[i] + JOINT_S;
	}
	return (double)near;
}

static void measure_joint(const struct traits_work *w, struct traits *f)
{
	double near, apart;

	if (w->second_count < 5)
		return;
	near = count_near(w->first, w->first_count, w->second, w->second_count, 0);
	apart = count_near(w->first, w->first_count, w->second, w->second_count, JOINT_APART_S) +
		count_near(w->first, w->first_count, w->second, w->second_count, -JOINT_APART_S);
	f->value[TRAIT_JOINT] = log((near + 1) / (apart / 2 + 1));
}

static void measure_newcomers(const struct traits_work *w, size_t peer_count, struct traits *f)
{
	double half = (w->all[0].start_s + w->all[w->all_count - 1].start_s) / 2;
	double late = 0;

	for (size_t i = 0; i < peer_count; i++)
		late += w->peers[i].times_s[0] > half;
	f->value[TRAIT_NEWCOMERS] = late / (double)peer_count;
}

static void measure_types(const struct subject *s, double contacts, struct traits *f)
{
	f->value[TRAIT_AAAA] = log_share((double)s->types[SUBJECT_AAAA], contacts);
	f->value[TRAIT_TXT] = log_share((double)s->types[SUBJECT_TXT], contacts);
	f->value[TRAIT_MX] = log_share((double)s->types[SUBJECT_MX], contacts);
	f->value[TRAIT_OTHER_TYPES] = log_share((double)s->types[SUBJECT_OTHER], contacts);
	f->value[TRAIT_REFUSED] = log_share((double)s->refused, contacts);
	if (s->reverse > 0)
		f->value[TRAIT_REVERSE] = log_share((double)s->reverse, contacts);
}

void traits_of_peers(const struct subject *s, const struct traits_work *w, struct traits *f)
{
	double contacts = 0;

	for (size_t i = 0; i < s->peer_count; i++)
		contacts += (double)w->peers[i].count;
	measure_shares(w, s->peer_count, contacts, f);
	measure_together(w, f);
	measure_joint(w, f);
	measure_newcomers(w, s->peer_count, f);
	if (s->lookups)
		measure_types(s, contacts, f);
}
