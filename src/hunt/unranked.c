/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/unranked.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "hunt/trace.h"
#include "hunt/walk.h"

static void say_span(struct buf *out, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *one, *many;
	} units[] = {
		{ 86400, "day", "days" },
		{ 3600, "hour", "hours" },
		{ 60, "minute", "minutes" },
		{ 1, "second", "seconds" },
	};
	size_t u = 0;
	uint64_t n;

	while (u + 1 < COUNT_OF(units) && seconds < 2 * units[u].seconds)
		u++;
	n = seconds / units[u].seconds;
	buf_printf(out, "the evidence spans %" PRIu64 " %s, %d days needed", n,
	    n == 1 ? units[u].one : units[u].many, ELIGIBLE_DAYS);
}

/* Which of the three conditions no name meets; the first such one. */
static void say_missing(struct buf *out, const struct funnel *f)
{
	bool days = false, visits = false, narrow = false;

	for (size_t i = 0; i < f->name_count; i++) {
		days = days || f->names[i].days >= ELIGIBLE_DAYS;
		visits = visits || f->names[i].visits >= ELIGIBLE_VISITS;
		narrow = narrow || f->names[i].d2 <= ELIGIBLE_D2;
	}
	if (!days)
		buf_printf(out, "no name was seen on %d days", ELIGIBLE_DAYS);
	else if (!visits)
		buf_printf(out, "no name has %d visits", ELIGIBLE_VISITS);
	else if (!narrow)
		buf_printf(out, "every name has more than %g effective peers", ELIGIBLE_D2);
	else
		buf_printf(out,
		    "no name has %d visits, on %d days, from at most %g effective peers, all at "
		    "once",
		    ELIGIBLE_VISITS, ELIGIBLE_DAYS, ELIGIBLE_D2);
}

const char *unranked_why(const struct funnel *f, struct arena *memory)
{
	const char *text = NULL;
	struct buf out;

	buf_init(&out, 256);
	if (f->contacts == 0)
		buf_text(&out, "there are no contacts");
	else if (f->name_count == 0)
		buf_text(&out,
		    "there are no contacts but multicast DNS and LLMNR, which are not hunted");
	else if (stamp_day(f->last_ns) - stamp_day(f->first_ns) + 1 < ELIGIBLE_DAYS)
		say_span(&out, ((uint64_t)f->last_ns - (uint64_t)f->first_ns) / (uint64_t)NS_PER_S);
	else
		say_missing(&out, f);
	if (buf_ok(&out))
		text = arena_copy(memory, out.bytes, out.len);
	buf_release(&out);
	return text;
}

struct choice {
	const struct name *name;
	size_t number; /* in key order */
};

static int choice_cmp(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	if (x->name->visits != y->name->visits)
		return x->name->visits > y->name->visits ? -1 : 1;
	if (x->name->days != y->name->days)
		return x->name->days > y->name->days ? -1 : 1;
	if (x->name->contacts != y->name->contacts)
		return x->name->contacts > y->name->contacts ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* place[number] is where the name goes in the list + 1, 0: not shown. */
static bool choose(
    const struct funnel *f, size_t top, uint32_t **ret_place, size_t *ret_count, struct err *reterr)
{
	struct choice *choices = calloc(f->name_count + 1, sizeof(*choices));
	uint32_t *place = calloc(f->name_count + 1, sizeof(*place));
	size_t count = f->name_count < top ? f->name_count : top;

	if (choices == NULL || place == NULL) {
		free(choices);
		free(place);
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < f->name_count; i++)
		choices[i] = (struct choice){ .name = &f->names[i], .number = i };
	if (f->name_count > 1)
		qsort(choices, f->name_count, sizeof(*choices), choice_cmp);
	for (size_t i = 0; i < count; i++)
		place[choices[i].number] = (uint32_t)i + 1;
	free(choices);
	*ret_place = place;
	*ret_count = count;
	return true;
}

/* One shown name, from its trace. */
static bool fill(struct unranked *u, struct trace *t, const struct name *n, struct err *reterr)
{
	struct contact c;

	if (!trace_close(t, reterr))
		return false;
	if (t->peer_count == 0 ||
	    !key_read_series(t->peers[0].series_key, t->peers[0].series_key_len, &c)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a key that cannot be read");
		return false;
	}
	*u = (struct unranked){ .target = c.target,
		.kind = c.kind,
		.contacts = t->contacts,
		.active_days = n->days,
		.peers_total = t->peer_count };
	for (size_t i = 0; i < t->peer_count; i++)
		u->visits += trace_visits(&t->peers[i]);
	return true;
}

/* The keys of names were not kept: names are counted again, in the order of the first scan. */
static bool collect(struct walk *w, const struct funnel *f, const uint32_t *place,
    struct unranked *list, struct trace *t, struct err *reterr)
{
	size_t next = 0;          /* number of the next hunted group */
	size_t inside = SIZE_MAX; /* number of the one under way, if it is shown */
	struct walk_series s;
	bool end;

	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			return false;
		if (inside != SIZE_MAX && (end || s.opens)) {
			if (!fill(&list[place[inside] - 1], t, &f->names[inside], reterr))
				return false;
			inside = SIZE_MAX;
		}
		if (end)
			return true;
		if (s.opens && funnel_hunts(s.kind)) {
			if (next < f->name_count && place[next] != 0)
				inside = next;
			next++;
			trace_clear(t);
		}
		if (inside != SIZE_MAX && !trace_add(t, &s, reterr))
			return false;
	}
}

bool unranked_list(struct haystack *h, const struct funnel *f, size_t top, struct arena *memory,
    const struct unranked **ret, size_t *ret_count, struct err *reterr)
{
	const struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .prefix = f->prefix, .parts = 1
	};
	struct unranked *list;
	uint32_t *place = NULL;
	struct walk *w = NULL;
	struct trace t = { 0 };
	size_t count = 0;
	bool ok = false;

	if (!choose(f, top, &place, &count, reterr))
		return false;
	list = arena_alloc(memory, size_mul(count, sizeof(*list)));
	if (list == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!trace_init(&t, 0, reterr) || !walk_new(h, &range, &w, reterr) ||
	    !collect(w, f, place, list, &t, reterr))
		goto out;
	*ret = list;
	*ret_count = count;
	ok = true;
out:
	walk_free(w);
	trace_release(&t);
	free(place);
	return ok;
}
