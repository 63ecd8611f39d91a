/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The busiest peer carries the fine structure, all peers together the coarse one: hours, weeks,
 * who else there is. Peers are put in order by their contacts here, whatever order they come in.
 */
#include "explain/traits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"

static const char *const names[TRAIT_COUNT] = {
	[TRAIT_CONTACTS] = "contacts",
	[TRAIT_PEERS] = "peers",
	[TRAIT_EFFECTIVE] = "effective",
	[TRAIT_TOP_SHARE] = "top-share",
	[TRAIT_SINGLE] = "single",
	[TRAIT_SECOND] = "second",
	[TRAIT_TOGETHER] = "together",
	[TRAIT_CROWDED] = "crowded",
	[TRAIT_JOINT] = "joint",
	[TRAIT_NEWCOMERS] = "newcomers",
	[TRAIT_AAAA] = "aaaa",
	[TRAIT_TXT] = "txt",
	[TRAIT_MX] = "mx",
	[TRAIT_OTHER_TYPES] = "other-types",
	[TRAIT_REVERSE] = "reverse",
	[TRAIT_REFUSED] = "refused",
	[TRAIT_VISITS] = "visits",
	[TRAIT_BURST] = "burst",
	[TRAIT_BURST_SPAN] = "burst-span",
	[TRAIT_GAP] = "gap",
	[TRAIT_GAP_SPREAD] = "gap-spread",
	[TRAIT_GAP_TAIL] = "gap-tail",
	[TRAIT_GAP_MODE] = "gap-mode",
	[TRAIT_GAP_MEMORY] = "gap-memory",
	[TRAIT_GAP_COPIES] = "gap-copies",
	[TRAIT_MINUTE] = "minute",
	[TRAIT_QUARTER] = "quarter",
	[TRAIT_TTL] = "ttl",
	[TRAIT_SATURATION] = "saturation",
	[TRAIT_DEMAND] = "demand",
	[TRAIT_FORBIDDEN] = "forbidden",
	[TRAIT_BEFORE] = "before",
	[TRAIT_AFTER] = "after",
	[TRAIT_MULTIPLE] = "multiple",
	[TRAIT_P_GAP] = "p-gap",
	[TRAIT_P_DAYS] = "p-days",
	[TRAIT_P_CLOCK] = "p-clock",
	[TRAIT_GAP_EXCESS] = "gap-excess",
	[TRAIT_GAP_CV] = "gap-cv",
	[TRAIT_DAYS_RATIO] = "days-ratio",
	[TRAIT_BEST_HOUR] = "best-hour",
	[TRAIT_BEST_SHIFT] = "best-shift",
	[TRAIT_QUIET_SHIFT] = "quiet-shift",
	[TRAIT_WEEKEND] = "weekend",
	[TRAIT_SPAN] = "span",
	[TRAIT_ACTIVE] = "active",
	[TRAIT_DISPERSION] = "dispersion",
	[TRAIT_BLOCKS] = "blocks",
	[TRAIT_STEP] = "step",
	[TRAIT_P_SILENCE] = "p-silence",
	[TRAIT_P_STOP] = "p-stop",
	[TRAIT_LATE] = "late",
};

const char *traits_name(enum trait f)
{
	return names[f];
}

bool traits_work_new(struct traits_work **ret, struct err *reterr)
{
	struct traits_work *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!rhythm_work_new(&w->rhythm, reterr)) {
		free(w);
		return false;
	}
	clock_test_init(&w->wheel);
	*ret = w;
	return true;
}

void traits_work_free(struct traits_work *w)
{
	if (w == NULL)
		return;
	free(w->peers);
	free(w->visits);
	free(w->all);
	free(w->first);
	free(w->second);
	free(w->spare);
	rhythm_work_free(w->rhythm);
	free(w);
}

static bool grow(void **items, size_t count, size_t item_bytes)
{
	void *grown = reallocarray(*items, count, item_bytes);

	if (grown != NULL)
		*items = grown;
	return grown != NULL;
}

static bool make_room(struct traits_work *w, size_t peers, size_t contacts)
{
	void *visits = w->visits, *all = w->all, *first = w->first, *second = w->second,
	     *spare = w->spare, *sorted = w->peers;
	bool ok = true;

	if (peers > w->peer_capacity) {
		ok = grow(&sorted, peers, sizeof(*w->peers));
		w->peers = sorted;
		w->peer_capacity = ok ? peers : 0;
	}
	if (!ok || contacts <= w->capacity)
		return ok;
	contacts = size_add(contacts, contacts / 2);
	ok = grow(&visits, contacts, sizeof(*w->visits)) && grow(&all, contacts, sizeof(*w->all)) &&
	     grow(&first, contacts, sizeof(*w->first)) &&
	     grow(&second, contacts, sizeof(*w->second)) &&
	     grow(&spare, contacts, sizeof(*w->spare));
	w->visits = visits;
	w->all = all;
	w->first = first;
	w->second = second;
	w->spare = spare;
	w->capacity = ok ? contacts : 0;
	return ok;
}

static int busier(const void *a, const void *b)
{
	const struct subject_peer *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	/* of equals the one met first: the order they came in may not decide */
	if (x->times_s[0] != y->times_s[0])
		return x->times_s[0] < y->times_s[0] ? -1 : 1;
	return (x->times_s[x->count - 1] > y->times_s[y->count - 1]) -
	       (x->times_s[x->count - 1] < y->times_s[y->count - 1]);
}

static int earlier(const void *a, const void *b)
{
	const struct traits_visit *x = a, *y = b;

	if (x->start_s != y->start_s)
		return x->start_s < y->start_s ? -1 : 1;
	return (x->peer > y->peer) - (x->peer < y->peer);
}

static void list_visits(struct traits_work *w, size_t peer_count)
{
	w->all_count = w->first_count = w->second_count = 0;
	w->burst_contacts = w->burst_span_s = 0;
	for (size_t i = 0; i < peer_count; i++) {
		size_t count = visits_find(w->peers[i].times_s, w->peers[i].count, w->visits);

		for (size_t j = 0; j < count; j++) {
			w->all[w->all_count++] =
			    (struct traits_visit){ w->visits[j].start_s, (uint32_t)i };
			if (i == 0) {
				w->first[w->first_count++] = w->visits[j].start_s;
				w->burst_contacts += w->visits[j].contacts;
				w->burst_span_s += w->visits[j].span_s;
			} else if (i == 1) {
				w->second[w->second_count++] = w->visits[j].start_s;
			}
		}
	}
	qsort(w->all, w->all_count, sizeof(*w->all), earlier);
}

bool traits_measure(
    const struct subject *s, struct traits_work *w, struct traits *ret, struct err *reterr)
{
	size_t contacts = 0;

	for (size_t i = 0; i < s->peer_count; i++)
		contacts = size_add(contacts, s->peers[i].count);
	if (!make_room(w, s->peer_count, contacts)) {
		err_set_memory(reterr);
		return false;
	}
	memcpy(w->peers, s->peers, s->peer_count * sizeof(*w->peers));
	qsort(w->peers, s->peer_count, sizeof(*w->peers), busier);
	list_visits(w, s->peer_count);
	for (size_t i = 0; i < TRAIT_COUNT; i++)
		ret->value[i] = NAN;
	ret->value[TRAIT_CONTACTS] = log((double)contacts);
	traits_of_peers(s, w, ret);
	return traits_of_beat(s, w, ret, reterr) && traits_of_course(s, w, ret, reterr);
}
