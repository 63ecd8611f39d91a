/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Births and deaths are told from each name's days alone, so the names that must be read are few:
 * those whose time fits a finding's. The family of the false-discovery control is all pairs of a
 * finding with a name in its window; the list of findings knows nothing of succession.
 */
#include "hunt/succession.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "base/size.h"
#include "base/stamp.h"
#include "hunt/asker.h"
#include "hunt/kin.h"

#define SAMPLE_OF_BAND 1500 /* names for random pairs, of each band of popularity */
#define SAMPLE_PURPOSE 0x6b696e73
#define SHOWN_Q        .05
#define SHOWN_MAX      5
#define LAG_NS         ((int64_t)SUCCESSION_LAG_S * NS_PER_S)

static const char neither[] = "it neither began nor stopped within the records";
static const char too_few[] = "too few names to compare with";

struct successions {
	const struct funnel *funnel;
	struct kinship kinship;
	struct succession found;
	double *peer_shares;
};

/* ---- who is compared ---- */

enum role {
	ROLE_DIED = 1,
	ROLE_BORN = 2,
	ROLE_ASKED = 4,
	ROLE_SAMPLE = 8, /* for random pairs alone */
};

/* Times of death and birth of the findings, sorted. */
struct cast {
	const struct funnel *funnel;
	uint8_t *roles; /* by name */
	int64_t *deaths;
	size_t death_count;
	int64_t *births;
	size_t birth_count;
};

static double seconds_of(int64_t ns)
{
	return (double)ns / (double)NS_PER_S;
}

static uint8_t fate_of(const struct funnel *f, const struct name *n)
{
	double first = seconds_of(n->first_ns), last = seconds_of(n->last_ns);
	uint8_t fate = 0;

	if (succession_has_died(first, last, n->days, seconds_of(f->last_ns)))
		fate |= ROLE_DIED;
	if (succession_was_born(first, last, n->days, seconds_of(f->first_ns)))
		fate |= ROLE_BORN;
	return fate;
}

static int time_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void cast_findings(struct cast *c, const struct eligible *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct name *n = &c->funnel->names[list[i].name];
		uint8_t fate = fate_of(c->funnel, n);

		if (fate & ROLE_DIED)
			c->deaths[c->death_count++] = n->last_ns;
		if (fate & ROLE_BORN)
			c->births[c->birth_count++] = n->first_ns;
		if (fate != 0)
			c->roles[list[i].name] = fate | ROLE_ASKED;
	}
	qsort(c->deaths, c->death_count, sizeof(*c->deaths), time_cmp);
	qsort(c->births, c->birth_count, sizeof(*c->births), time_cmp);
}

/* Is one of the times in [from, upto]? */
static bool has_time(const int64_t *times, size_t count, int64_t from, int64_t upto)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (times[middle] < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && times[low] <= upto;
}

/* Names that died before a finding was born, or were born after one died. */
static void cast_counterparts(struct cast *c)
{
	for (size_t i = 0; i < c->funnel->name_count; i++) {
		const struct name *n = &c->funnel->names[i];
		uint8_t fate = fate_of(c->funnel, n);

		if ((fate & ROLE_DIED) &&
		    has_time(c->births, c->birth_count, n->last_ns, n->last_ns + LAG_NS))
			c->roles[i] |= ROLE_DIED;
		if ((fate & ROLE_BORN) &&
		    has_time(c->deaths, c->death_count, n->first_ns - LAG_NS, n->first_ns))
			c->roles[i] |= ROLE_BORN;
	}
}

static void cast_sample(struct cast *c, uint64_t seed)
{
	uint64_t counts[SUCCESSION_BANDS] = { 0 };
	const struct funnel *f = c->funnel;

	for (size_t i = 0; i < f->name_count; i++)
		counts[succession_band(f->names[i].contacts)]++;
	for (size_t i = 0; i < f->name_count; i++) {
		uint64_t of = counts[succession_band(f->names[i].contacts)];
		struct philox random;

		philox_init(&random, seed, i, SAMPLE_PURPOSE);
		if (philox_uniform(&random) * (double)of < SAMPLE_OF_BAND)
			c->roles[i] |= ROLE_SAMPLE;
	}
}

static bool list_kin(const struct cast *c, struct kinship *k, struct err *reterr)
{
	const struct funnel *f = c->funnel;
	size_t count = 0;

	for (size_t i = 0; i < f->name_count; i++)
		count += c->roles[i] != 0;
	if (!kinship_new(k, count, reterr))
		return false;
	count = 0;
	for (size_t i = 0; i < f->name_count; i++) {
		struct succession_name *n = &k->names[count];
		uint8_t fate;

		if (c->roles[i] == 0)
			continue;
		/* its whole fate, so that random pairs keep clear of what may have followed it */
		fate = fate_of(f, &f->names[i]);
		k->kin[count++].name = (uint32_t)i;
		n->asked = c->roles[i] & ROLE_ASKED;
		n->died = fate & ROLE_DIED;
		n->born = fate & ROLE_BORN;
		n->kind = f->names[i].kind;
		n->first_s = seconds_of(f->names[i].first_ns);
		n->last_s = seconds_of(f->names[i].last_ns);
		n->contacts = f->names[i].contacts;
	}
	return true;
}

static bool cast_all(struct successions *s, const struct eligible *list, size_t count,
    uint64_t seed, struct err *reterr)
{
	struct cast c = { .funnel = s->funnel };
	bool ok = false;

	c.roles = calloc(s->funnel->name_count + 1, 1);
	c.deaths = malloc(size_mul(count + 1, sizeof(*c.deaths)));
	c.births = malloc(size_mul(count + 1, sizeof(*c.births)));
	if (c.roles == NULL || c.deaths == NULL || c.births == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	cast_findings(&c, list, count);
	ok = true;
	if (c.death_count == 0 && c.birth_count == 0)
		goto out;
	cast_counterparts(&c);
	cast_sample(&c, seed);
	ok = list_kin(&c, &s->kinship, reterr);
out:
	free(c.roles);
	free(c.deaths);
	free(c.births);
	return ok;
}

/* ---- how they compare ---- */

static bool share_peers(struct successions *s, struct err *reterr)
{
	const struct funnel *f = s->funnel;

	s->peer_shares = malloc(size_mul(f->peer_count + 1, sizeof(*s->peer_shares)));
	if (s->peer_shares == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < f->peer_count; i++)
		s->peer_shares[i] = (double)f->peer_totals[i].names / (double)f->name_count;
	return true;
}

static bool compare(struct successions *s, struct haystack *h,
    const struct succession_settings *settings, struct err *reterr)
{
	struct succession_input in = { .seed = settings->seed };

	if (s->kinship.count < SUCCESSION_NAMES_MIN)
		return true;
	if (!kinship_read_series(
		&s->kinship, h, s->funnel, settings->jobs, settings->progress, reterr) ||
	    !kinship_read_facts(&s->kinship, h, reterr) || !share_peers(s, reterr))
		return false;
	in.names = s->kinship.names;
	in.count = s->kinship.count;
	in.peer_shares = s->peer_shares;
	in.address_shares = s->kinship.address_shares;
	return succession_find(&in, &s->found, reterr);
}

bool successions_new(struct haystack *h, const struct funnel *f, const struct eligible *list,
    size_t count, const struct succession_settings *settings, struct successions **ret,
    struct err *reterr)
{
	struct successions *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->funnel = f;
	if (!cast_all(s, list, count, settings->seed, reterr) || !compare(s, h, settings, reterr)) {
		successions_free(s);
		return false;
	}
	*ret = s;
	return true;
}

void successions_free(struct successions *s)
{
	if (s == NULL)
		return;
	kinship_release(&s->kinship);
	succession_release(&s->found);
	free(s->peer_shares);
	free(s);
}

/* ---- what is shown ---- */

static uint32_t shared_bits(const struct succession_pair *p)
{
	const bool shared[SHARED_COUNT] = {
		[SHARED_ADDRESS] = p->same_address,
		[SHARED_NETWORK] = p->same_network,
		[SHARED_SERVERS] = p->same_servers,
		[SHARED_ZONE] = p->same_zone,
		[SHARED_REVERSE] = p->same_reverse,
		[SHARED_TTL] = p->same_ttl,
		[SHARED_PEERS] = p->same_peers > 0,
	};
	uint32_t bits = 0;

	for (unsigned i = 0; i < SHARED_COUNT; i++)
		bits |= (uint32_t)shared[i] << i;
	return bits;
}

static bool fill_entry(const struct successions *s, const struct succession_pair *p, size_t own,
    struct haystack *h, struct arena *memory, struct succession_entry *ret, struct err *reterr)
{
	size_t other = p->died == own ? p->born : p->died;
	const struct asker_input in = { .haystack = h,
		.funnel = s->funnel,
		.kinship = &s->kinship,
		.died = p->died,
		.born = p->born };

	const struct name *seen = &s->funnel->names[s->kinship.kin[other].name];

	*ret = (struct succession_entry){ .successor = p->died == own,
		.p = p->p,
		.q = p->q,
		.lag_s = p->lag_s,
		.shared = shared_bits(p),
		.contacts = s->kinship.names[other].contacts,
		.first = { seen->first_ns, 0 },
		.last = { seen->last_ns, 0 } };
	return kin_target(&s->kinship.kin[other], &ret->target, reterr) &&
	       asker_fill(&in, memory, ret, reterr);
}

/* Smaller p first; then the order of the names. */
static int shown_cmp(const void *a, const void *b)
{
	const struct succession_pair *x = *(const struct succession_pair *const *)a;
	const struct succession_pair *y = *(const struct succession_pair *const *)b;

	if (x->p != y->p)
		return x->p < y->p ? -1 : 1;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	if (x->died != y->died)
		return x->died < y->died ? -1 : 1;
	return (x->born > y->born) - (x->born < y->born);
}

static bool fill_entries(const struct successions *s, size_t own, struct haystack *h,
    struct arena *memory, struct test_succession *ret, struct err *reterr)
{
	const struct succession_pair **shown = malloc(size_mul(s->found.count + 1, sizeof(*shown)));
	struct succession_entry *entries = arena_alloc(memory, SHOWN_MAX * sizeof(*entries));
	size_t count = 0;
	bool ok = shown != NULL && entries != NULL;

	if (!ok)
		err_set_memory(reterr);
	for (size_t i = 0; i < s->found.count && ok; i++) {
		const struct succession_pair *p = &s->found.pairs[i];

		if (p->q <= SHOWN_Q && (p->died == own || p->born == own))
			shown[count++] = p;
	}
	if (ok)
		qsort(shown, count, sizeof(const struct succession_pair *), shown_cmp);
	ret->entries = entries;
	for (size_t i = 0; i < count && i < SHOWN_MAX && ok; i++) {
		ok = fill_entry(s, shown[i], own, h, memory, &entries[i], reterr);
		ret->count += ok;
	}
	free(shown);
	return ok;
}

bool successions_fill(const struct successions *s, const struct eligible *e, struct haystack *h,
    struct arena *memory, struct test_succession *ret, struct err *reterr)
{
	const struct kinship *k = &s->kinship;
	size_t own = kinship_find(k, e->name);

	*ret = (struct test_succession){ .count = 0 };
	if (fate_of(s->funnel, &s->funnel->names[e->name]) == 0)
		ret->status.why = neither;
	else if (k->count < SUCCESSION_NAMES_MIN)
		ret->status.why = too_few;
	else
		return fill_entries(s, own, h, memory, ret, reterr);
	return true;
}
