/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Are renames found, and is nothing made of names that have nothing to do with each other? Worlds
 * of names with owners, addresses, hosting, name servers and resolvers of very unequal popularity.
 * Renames keep the address in half; how much else they keep is drawn for each. Beside them as many
 * names die without a successor, and are born without a predecessor. All names are asked about.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/philox.h"
#include "stats/succession.h"

#define DAY_S      86400.0
#define SPAN_DAYS  160.0
#define SEED       11
#define RESOLVERS  3000
#define NETWORKS   2000
#define PROVIDERS  50
#define PEERS_MAX  40
#define LABEL      8
#define HOSTED     1000 /* names on a shared address */
#define LEVEL      .05
#define RECALL_MIN .9

struct world {
	const char *name;
	double hosted; /* share of names on shared addresses */
	bool renames;
	size_t live;   /* names that are there all the time */
	size_t change; /* renames, deaths and births each */
};

struct made {
	struct succession_name *names;
	size_t count;
	size_t *follows; /* of a born name: the one that it replaces; itself: none */
	double *peer_shares;
	double *address_shares;
	uint32_t addresses; /* so far, of names alone on them */
	uint32_t shared;    /* addresses, the first ones */
	char (*labels)[LABEL];
	uint32_t (*peers)[PEERS_MAX];
};

static size_t below(size_t n, struct philox *r)
{
	return philox_below(r, (uint32_t)n);
}

/* Few resolvers meet most names. */
static uint32_t draw_peer(struct philox *r)
{
	return (uint32_t)(RESOLVERS * pow(philox_uniform(r), 3));
}

static int number_cmp(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void tidy_peers(struct succession_name *n)
{
	size_t kept = 0;

	qsort(n->peers, n->peer_count, sizeof(*n->peers), number_cmp);
	for (size_t i = 0; i < n->peer_count; i++)
		if (kept == 0 || n->peers[i] != n->peers[kept - 1])
			n->peers[kept++] = n->peers[i];
	n->peer_count = kept;
}

static void draw_place(
    const struct world *w, struct made *m, struct succession_name *n, struct philox *r)
{
	n->address_count = 1;
	if (philox_uniform(r) < w->hosted) {
		n->addresses[0] = (uint32_t)below(m->shared, r);
		n->networks[0] = n->addresses[0] % NETWORKS;
	} else {
		n->addresses[0] = m->addresses++;
		n->networks[0] = (uint32_t)below(NETWORKS, r);
	}
}

static void draw_servers(struct succession_name *n, size_t owners, struct philox *r)
{
	n->servers = philox_uniform(r) < .6 ? (uint32_t)(PROVIDERS * pow(philox_uniform(r), 2))
					    : PROVIDERS + (uint32_t)below(owners, r);
}

/* One of three kinds of hours, as uneven as so many contacts make it. */
static void draw_profile(struct succession_name *n, unsigned shape, struct philox *r)
{
	double sum = 0;

	n->profile_count = n->contacts;
	for (size_t i = 0; i < SUCCESSION_CELLS; i++) {
		bool office = i < 24 && i % 24 >= 7 + 4 * shape && i % 24 < 16 + 4 * shape;
		double mean = (double)n->contacts * (shape == 2  ? 1. / 48
							: office ? 1. / 10
								 : 1. / 400);

		n->profile[i] = (float)fmax(0, floor(mean + sqrt(mean) * philox_normal(r) + .5));
		sum += (double)n->profile[i];
	}
	for (size_t i = 0; i < SUCCESSION_CELLS && sum > 0; i++)
		n->profile[i] /= (float)sum;
}

static unsigned shape_of(size_t i)
{
	return (unsigned)(i % 3);
}

static void draw_name(const struct world *w, struct made *m, size_t i, struct philox *r)
{
	static const uint32_t ttls[] = { 60, 300, 3600, 3600, 86400 };
	struct succession_name *n = &m->names[i];

	*n = (struct succession_name){ .asked = true,
		.kind = 1,
		.last_s = SPAN_DAYS * DAY_S,
		.contacts = (uint64_t)(3 * pow(1000, philox_uniform(r))),
		.peers = m->peers[i],
		.zone = (uint32_t)below(m->count / 4 + 1, r),
		.reverse = SUCCESSION_NONE,
		.ttl = ttls[below(COUNT_OF(ttls), r)],
		.label = (const uint8_t *)m->labels[i],
		.label_len = LABEL };
	n->peer_count = (size_t)fmin(1 + sqrt((double)n->contacts) * philox_uniform(r), PEERS_MAX);
	for (size_t j = 0; j < n->peer_count; j++)
		n->peers[j] = draw_peer(r);
	tidy_peers(n);
	for (size_t j = 0; j < LABEL; j++)
		m->labels[i][j] = (char)('a' + below(26, r));
	draw_place(w, m, n, r);
	draw_servers(n, m->count / 4 + 1, r);
	draw_profile(n, shape_of(i), r);
	m->follows[i] = i;
}

/* b comes in the place of a. */
static void rename_name(
    const struct world *w, struct made *m, size_t a_at, size_t b_at, bool keeps, struct philox *r)
{
	struct succession_name *a = &m->names[a_at], *b = &m->names[b_at];

	b->first_s = a->last_s + fmin(philox_exponential(r) * 5, 59) * DAY_S;
	b->peer_count = 0;
	for (size_t i = 0; i < a->peer_count; i++)
		if (philox_uniform(r) < .7)
			b->peers[b->peer_count++] = a->peers[i];
	for (size_t i = 0; i < 3 && b->peer_count < PEERS_MAX; i++)
		b->peers[b->peer_count++] = draw_peer(r);
	tidy_peers(b);
	b->contacts = (uint64_t)fmax(2, (double)a->contacts * exp(1.2 * philox_normal(r) - 1));
	if (keeps) {
		b->addresses[0] = a->addresses[0];
		b->networks[0] = a->networks[0];
	} else {
		draw_place(w, m, b, r);
	}
	if (philox_uniform(r) < (keeps ? .8 : .5))
		b->servers = a->servers;
	if (philox_uniform(r) < .5)
		b->zone = a->zone;
	if (philox_uniform(r) < .7)
		b->ttl = a->ttl;
	if (philox_uniform(r) < .5)
		memcpy(m->labels[b_at], m->labels[a_at], LABEL - 1 - below(3, r));
	draw_profile(b, shape_of(a_at), r);
	m->follows[b_at] = a_at;
}

static void count_shares(struct made *m)
{
	m->address_shares = calloc(m->addresses, sizeof(*m->address_shares));
	m->peer_shares = calloc(RESOLVERS, sizeof(*m->peer_shares));
	if (m->address_shares == NULL || m->peer_shares == NULL)
		abort();
	for (size_t i = 0; i < m->count; i++) {
		m->address_shares[m->names[i].addresses[0]] += 1. / (double)m->count;
		for (size_t j = 0; j < m->names[i].peer_count; j++)
			m->peer_shares[m->names[i].peers[j]] += 1. / (double)m->count;
	}
}

static void make_world(const struct world *w, struct philox *r, struct made *m)
{
	size_t change = w->change, dead = w->live, born = w->live + 2 * change;

	*m = (struct made){ .count = w->live + 4 * change };
	m->shared = m->addresses = (uint32_t)(w->hosted * (double)m->count / HOSTED) + 1;
	m->names = calloc(m->count, sizeof(*m->names));
	m->follows = calloc(m->count, sizeof(*m->follows));
	m->labels = calloc(m->count, sizeof(*m->labels));
	m->peers = calloc(m->count, sizeof(*m->peers));
	if (m->names == NULL || m->follows == NULL || m->labels == NULL || m->peers == NULL)
		abort();
	for (size_t i = 0; i < m->count; i++)
		draw_name(w, m, i, r);
	for (size_t i = dead; i < born; i++) {
		m->names[i].died = true;
		m->names[i].last_s = (10 + 130 * philox_uniform(r)) * DAY_S;
	}
	for (size_t i = born; i < m->count; i++) {
		m->names[i].born = true;
		m->names[i].first_s = (10 + 130 * philox_uniform(r)) * DAY_S;
	}
	for (size_t i = 0; i < change && w->renames; i++)
		rename_name(w, m, dead + i, born + i, i % 2 == 0, r);
	count_shares(m);
}

static void free_world(struct made *m)
{
	free(m->names);
	free(m->follows);
	free(m->labels);
	free(m->peers);
	free(m->peer_shares);
	free(m->address_shares);
}

/* Renames that keep an address of their own, or a shared one, or none. */
enum kind {
	KEPT_OWN,
	KEPT_SHARED,
	MOVED,
	KINDS,
};

struct tally {
	double made[KINDS];
	double found[KINDS];
	double wrong;
	double at_3, at_4; /* pairs with p up to 1e-3, 1e-4 */
};

static enum kind kind_of(const struct world *w, const struct made *m, size_t born)
{
	size_t died = m->follows[born];

	if ((died - w->live) % 2 != 0)
		return MOVED;
	return w->hosted > 0 && m->names[died].addresses[0] < m->shared ? KEPT_SHARED : KEPT_OWN;
}

static void tally_pairs(
    const struct world *w, const struct made *m, const struct succession *s, struct tally *t)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->follows[i] != i)
			t->made[kind_of(w, m, i)]++;
	for (size_t i = 0; i < s->count; i++) {
		const struct succession_pair *p = &s->pairs[i];

		t->at_3 += p->p <= 1e-3;
		t->at_4 += p->p <= 1e-4;
		if (p->q > LEVEL)
			continue;
		if (m->follows[p->born] == p->died)
			t->found[kind_of(w, m, p->born)]++;
		else
			t->wrong++;
	}
}

static void print_share(double part, double of)
{
	if (of > 0)
		printf(" %.3f |", part / of);
	else
		printf(" |");
}

/* Is it as it should be? of: pairs. */
static bool judge(const struct world *w, const struct tally *t, double of)
{
	double found = t->wrong;

	for (unsigned i = 0; i < KINDS; i++)
		found += t->found[i];
	printf("| %s | %.3g |", w->name, of);
	for (unsigned i = 0; i < KINDS; i++)
		print_share(t->found[i], t->made[i]);
	printf(" %.0f |", t->wrong);
	print_share(t->wrong, found);
	if (w->renames) { /* three standard errors of a share of 5 % are chance */
		printf(" | |");
		return t->found[KEPT_OWN] >= RECALL_MIN * t->made[KEPT_OWN] &&
		       t->wrong <= LEVEL * found + 3 * sqrt(LEVEL * found);
	}
	/* p = 1e-4 is known from ten random pairs, give or take a third of them */
	printf(" %.1e | %.1e |", t->at_3 / of, t->at_4 / of);
	return t->wrong == 0 && t->at_3 <= 1.2e-3 * of && t->at_4 <= 1.5e-4 * of;
}

static bool run(const struct world *w, unsigned seed)
{
	struct succession_input in = { .seed = seed };
	struct succession s;
	struct tally t = { 0 };
	struct philox r;
	struct made m;
	bool good;

	philox_init(&r, SEED, seed, 1);
	make_world(w, &r, &m);
	in.names = m.names;
	in.count = m.count;
	in.peer_shares = m.peer_shares;
	in.address_shares = m.address_shares;
	if (!succession_find(&in, &s, NULL))
		abort();
	tally_pairs(w, &m, &s, &t);
	good = judge(w, &t, (double)s.of);
	printf(" %s |\n", good ? "" : "OFF");
	succession_release(&s);
	free_world(&m);
	return good;
}

int main(int argc, char **argv)
{
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	size_t live = is_long ? 20000 : 3000, change = is_long ? 5000 : 300;
	const struct world worlds[] = {
		{ "renames, no hosting", 0, true, live, change },
		{ "renames, 30 % of names hosted", .3, true, live, change },
		{ "no renames", .3, false, live, change },
		{ "no renames, all hosted", 1, false, live, change },
	};
	bool fine = true;

	printf("%zu names there throughout, %zu renames, deaths and births each, seed %d\n\n", live,
	    change, SEED);
	puts("| world | pairs | found, own address kept | shared one kept | moved | wrong | of all "
	     "found |"
	     " p <= 1e-3 | p <= 1e-4 | |\n|---|---|---|---|---|---|---|---|---|---|");
	for (unsigned i = 0; i < COUNT_OF(worlds); i++)
		fine = run(&worlds[i], i) && fine;
	return fine ? 0 : 1;
}
