/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Were the queries for a name sent by the machine that sends the others? Peers of several makes, each
 * with habits that change over time and that one name may have more of than another: how often is
 * a name that the peer itself asked for of concern, and how often one whose queries, all or a part
 * of them, another machine sent from the peer's address?
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "authentic/sender.h"
#include "base/philox.h"
#include "base/size.h"
#include "base/stamp.h"
#include "hunt/authentic.h"

#define SEED    20160504
#define DAYS    60
#define OTHERS  80
#define LEVEL   AUTHENTIC_LEVEL
#define SERVERS 3

enum ports {
	PORTS_RANDOM, /* all above 1023 */
	PORTS_FEW,    /* a range of 2,000 */
	PORTS_ONE,
	PORTS_IN_TURN, /* a translator counts up */
};

/* What a resolver is made of. */
struct make {
	const char *name;
	enum ports ports;
	bool ids_in_turn; /* a counter for all names */
	bool mixed_case;
	bool route_changes; /* hops are others every few days */
	bool upgraded;      /* flags and EDNS are others from a day on */
	double favorite;    /* share of queries that go to the server that the name likes best */
	double retries;     /* a query is sent once more, with the same ID */
};

static const struct make makes[] = {
	{ "random ports and IDs", PORTS_RANDOM, false, false, false, false, .4, .05 },
	{ "random, mixed case, route and software change", PORTS_RANDOM, false, true, true, true,
	    .8, .1 },
	{ "one port, IDs in turn", PORTS_ONE, true, false, false, false, .4, 0 },
	{ "behind a translator", PORTS_IN_TURN, false, false, true, false, .4, .2 },
	{ "a few ports", PORTS_FEW, false, true, false, true, .9, .05 },
};

/* Who sent the target's queries. */
enum sender_kind {
	SENDER_ITSELF,
	SENDER_PLAIN,   /* another: random ports and IDs, lower case, no EDNS, other hops */
	SENDER_CAREFUL, /* another that keeps header, case and hops, not ports and IDs in turn */
	SENDER_TOOL,    /* a tool with one port and one ID */
	SENDER_KINDS,
};

static const char *const sender_names[SENDER_KINDS] = {
	[SENDER_ITSELF] = "the peer itself",
	[SENDER_PLAIN] = "another machine",
	[SENDER_CAREFUL] = "another that copies header, case and hops",
	[SENDER_TOOL] = "a tool with one port and one ID",
};

static int64_t any_time(struct philox *r)
{
	return (int64_t)(philox_uniform(r) * DAYS * 86400) * NS_PER_S;
}

static uint16_t draw_port(const struct make *m, struct philox *r)
{
	if (m->ports == PORTS_ONE)
		return 53;
	if (m->ports == PORTS_FEW)
		return (uint16_t)(40000 + philox_below(r, 2000));
	return (uint16_t)(1024 + philox_below(r, 64512));
}

/* As the peer sends it, but for what hangs on its place among all queries. */
static struct reread_query draw_query(
    const struct make *m, uint32_t name, unsigned favorite, struct philox *r)
{
	struct reread_query q = { .time_ns = any_time(r),
		.name = name,
		.port = draw_port(m, r),
		.id = (uint16_t)philox_below(r, 65536),
		.edns_bytes = 1232,
		.letters = (uint8_t)(6 + name % 12),
		.hops = 57,
		.dnssec_ok = true };
	int64_t day = stamp_day(q.time_ns);

	q.server = (uint8_t)(philox_uniform(r) < m->favorite ? favorite : philox_below(r, SERVERS));
	if (m->mixed_case)
		for (unsigned i = 0; i < q.letters; i++)
			q.capitals = (uint8_t)(q.capitals + philox_below(r, 2));
	if (m->route_changes)
		q.hops = (uint8_t)(57 - day / 4 % 3);
	if (m->upgraded && day >= 30) {
		q.edns_bytes = 4096;
		q.flags = 0x0010;
	}
	return q;
}

static void add(struct reread *r, struct reread_query q)
{
	if (r->count == r->capacity) {
		r->capacity = r->capacity * 2 + 1024;
		r->queries = reallocarray(r->queries, r->capacity, sizeof(*r->queries));
		if (r->queries == NULL)
			abort();
	}
	r->queries[r->count++] = q;
}

/* Ports and IDs of a counter go by the order of all queries. */
static void count_up(const struct make *m, struct reread *r, const bool *foreign)
{
	uint16_t port = 2000, id = 1;

	reread_sort(r);
	for (size_t i = 0; i < r->count; i++) {
		struct reread_query *q = &r->queries[i];

		if (foreign != NULL && q->name == 0 && foreign[q->id])
			continue;
		if (m->ports == PORTS_IN_TURN)
			q->port = port = port > 60000 ? 2000 : (uint16_t)(port + 1);
		if (m->ids_in_turn)
			q->id = id++;
	}
}

static struct reread_query forge(struct reread_query q, enum sender_kind kind, struct philox *r)
{
	q.port = kind == SENDER_TOOL ? 54321 : (uint16_t)(1024 + philox_below(r, 64512));
	q.id = kind == SENDER_TOOL ? 4711 : (uint16_t)philox_below(r, 65536);
	if (kind != SENDER_PLAIN)
		return q;
	q.edns_bytes = 0;
	q.dnssec_ok = false;
	q.flags = 0x0100;
	q.capitals = 0;
	q.hops = 49;
	return q;
}

/* A peer's queries for all names; a share of the target's were sent by another. */
static void draw_peer(const struct make *m, enum sender_kind kind, double share, unsigned own,
    struct philox *random, struct reread *r)
{
	struct endpoint none = { .form = ENDPOINT_NONE };
	static bool foreign[65536];
	struct err err;

	memset(foreign, 0, sizeof(foreign));
	if (!reread_init(r, &none, &none, &err))
		abort();
	for (uint32_t name = 0; name <= OTHERS; name++) {
		unsigned favorite = philox_below(random, SERVERS);
		unsigned count =
		    name == 0 ? own : 20 + (unsigned)(200 * philox_exponential(random));
		uint32_t id;

		if (!intern_add(&r->names, &name, name == 0 ? 0 : sizeof(name), &id) || id != name)
			abort();
		for (unsigned i = 0; i < count; i++) {
			struct reread_query q = draw_query(m, name, favorite, random);

			if (name == 0 && philox_uniform(random) < share) {
				q = forge(q, kind, random);
				foreign[q.id] = true;
			}
			add(r, q);
			q.time_ns += 5 * NS_PER_S;
			if (philox_uniform(random) < m->retries)
				add(r, q);
		}
	}
	r->wired = true;
	count_up(m, r, foreign);
	reread_sort(r);
}

struct tally {
	double series, concern, ports, traits, servers;
};

static void judge(
    const struct make *m, enum sender_kind kind, double share, uint64_t number, struct tally *t)
{
	struct test_authenticity a = { .p = NAN };
	struct arena memory;
	struct philox random;
	struct reread r;
	struct err err;

	philox_init(&random, SEED, number, 4);
	draw_peer(m, kind, share, 100 + philox_below(&random, 400), &random, &r);
	for (size_t i = 0; i < AUTHENTICITY_CHECKS; i++)
		a.checks[i].why = "not here";
	arena_init(&memory, SIZE_MAX);
	if (!sender_check(&r, &a, &err) || !authentic_judge(&a, &memory))
		abort();
	arena_release(&memory);
	reread_release(&r);
	t->series++;
	t->concern += a.verdict == AUTHENTICITY_CONCERN;
	t->ports += a.checks[CHECK_PORTS].why == NULL && a.checks[CHECK_PORTS].p <= LEVEL;
	t->traits += a.checks[CHECK_TRAITS].why == NULL && a.checks[CHECK_TRAITS].p <= LEVEL;
	t->servers += a.checks[CHECK_SERVERS].why == NULL && a.checks[CHECK_SERVERS].p <= LEVEL;
}

static void print(const char *make, const char *who, const struct tally *t)
{
	printf("| %s | %s | %.0f | %.3f | %.3f | %.3f | %.3f |\n", make, who, t->series,
	    t->concern / t->series, t->ports / t->series, t->traits / t->series,
	    t->servers / t->series);
}

int main(int argc, char **argv)
{
	bool is_long = argc > 1 && strcmp(argv[1], "--long") == 0;
	struct tally innocent = { 0 }, plain = { 0 };
	uint64_t number = 0;
	bool fine;

	printf("%d days, %d other names of each peer, 100 to 500 queries for the target; concern: "
	       "p <= %g\n\n",
	    DAYS, OTHERS, LEVEL);
	puts("| peer | sent by | series | concern | ports | traits | servers |\n"
	     "|---|---|---|---|---|---|---|");
	for (size_t k = 0; k < COUNT_OF(makes); k++)
		for (unsigned kind = 0; kind < SENDER_KINDS; kind++) {
			unsigned series = (kind == SENDER_ITSELF ? 40 : 10) * (is_long ? 10 : 1);
			struct tally t = { 0 };

			for (unsigned n = 0; n < series; n++)
				judge(&makes[k], (enum sender_kind)kind,
				    kind == SENDER_ITSELF ? 0
				    : n % 2 == 0          ? 1
							  : .3,
				    ++number, &t);
			print(makes[k].name, sender_names[kind], &t);
			if (kind == SENDER_ITSELF) {
				innocent.series += t.series;
				innocent.concern += t.concern;
			}
			if (kind == SENDER_PLAIN) {
				plain.series += t.series;
				plain.concern += t.concern;
			}
		}
	fine = innocent.concern <= .05 * innocent.series && plain.concern >= .9 * plain.series;
	printf("\nof concern: %.4f of %.0f that the peer itself sent%s\n",
	    innocent.concern / innocent.series, innocent.series, fine ? "" : " OFF");
	return fine ? 0 : 1;
}
