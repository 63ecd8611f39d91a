/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "authentic/sender.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "finding/authenticity.h"
#include "stats/excess.h"
#include "stats/homogeneity.h"

#define NAMES_MIN    50 /* of the smallest background (METHODS 2.h); either will do */
#define QUERIES_MIN  5000
#define TARGET_MIN   30              /* queries for the target */
#define PORT_CELLS   64              /* of 1,024 ports */
#define RARE         1000            /* of so many queries fewer than one */
#define BLOCKS       20              /* stretches of the target's queries */
#define STEP_MAX     16              /* of an ID in sequence */
#define LETTERS_MIN  8               /* fewer may all be small by chance */
#define REPEAT_NS    (30 * NS_PER_S) /* the same query once more: no new ID */
#define STEPS_MAX    64              /* queries looked at for a neighbor: more is a flood */
#define CELL_QUERIES 10              /* of another name, or how it falls into cells says nothing */
#define NEIGHBORS_NS (86400 * NS_PER_S)

/* Queries by name, in order of time: those of name i are by_name[starts[i]] and on. */
struct sender {
	const struct reread *r;
	const struct reread_query **by_name;
	size_t *starts; /* one more than names */
	size_t names;
	struct excess_count *counts; /* of each name */
	uint32_t *cells;             /* of BLOCKS and of long names, PORT_CELLS each */
	size_t cell_count;
};

static size_t count_of(const struct sender *s, size_t name)
{
	return s->starts[name + 1] - s->starts[name];
}

static bool is_long(const struct sender *s, size_t name)
{
	return count_of(s, name) >= CELL_QUERIES;
}

static bool sender_init(struct sender *s, const struct reread *r)
{
	size_t *at;

	*s = (struct sender){ .r = r, .names = r->names.count };
	s->by_name = malloc(size_mul(r->count + 1, sizeof(*s->by_name)));
	s->starts = calloc(s->names + 2, sizeof(*s->starts));
	s->counts = malloc(size_mul(s->names + 1, sizeof(*s->counts)));
	if (s->by_name == NULL || s->starts == NULL || s->counts == NULL)
		return false;
	/* starts[i + 1] walks from the end of name i - 1 to that of name i while they are dealt out */
	at = s->starts + 1;
	for (size_t i = 0; i < r->count; i++)
		if (r->queries[i].name + 1 < s->names)
			at[r->queries[i].name + 1]++;
	for (size_t i = 1; i < s->names; i++)
		at[i] += at[i - 1];
	for (size_t i = 0; i < r->count; i++)
		s->by_name[at[r->queries[i].name]++] = &r->queries[i];
	s->cell_count = BLOCKS * PORT_CELLS;
	for (size_t name = 1; name < s->names; name++)
		s->cell_count += is_long(s, name) ? PORT_CELLS : 0;
	s->cells = malloc(size_mul(s->cell_count, sizeof(*s->cells)));
	return s->cells != NULL;
}

static void sender_release(struct sender *s)
{
	free(s->by_name);
	free(s->starts);
	free(s->counts);
	free(s->cells);
}

/* Of the target against all other names; counts are filled. */
static void offer_counts(
    const struct sender *s, unsigned part, struct authenticity_result *r, unsigned *parts)
{
	const struct excess_count own = s->counts[0];

	authenticity_offer(r, parts,
	    (struct authenticity_result){
		.p = excess_p_among(own, s->counts + 1, s->names - 1, false),
		.part = (uint8_t)part,
		.seen = own.seen,
		.of = own.chances,
		.expected = excess_expected_among(own, s->counts + 1, s->names - 1) });
}

/* ---- how queries fall into cells: of ports, of servers ---- */

typedef unsigned query_cell(const struct reread_query *q);

static unsigned port_cell(const struct reread_query *q)
{
	return q->port / (65536 / PORT_CELLS);
}

static unsigned server_cell(const struct reread_query *q)
{
	return q->server;
}

/* Does the name go to servers of the target alone? */
static bool is_of_its_servers(const struct sender *s, size_t name, const bool *servers)
{
	for (size_t i = s->starts[name]; i < s->starts[name + 1]; i++)
		if (!servers[s->by_name[i]->server])
			return false;
	return true;
}

static void offer_cells(const struct sender *s, query_cell *cell, const bool *servers,
    unsigned part, struct authenticity_result *r, unsigned *parts)
{
	struct homogeneity_input in = { .blocks = s->cells,
		.block_count = BLOCKS,
		.others = s->cells + BLOCKS * PORT_CELLS,
		.cells = PORT_CELLS };
	size_t own = count_of(s, 0);
	struct homogeneity h;

	memset(s->cells, 0, s->cell_count * sizeof(*s->cells));
	for (size_t i = 0; i < own; i++)
		s->cells[i * BLOCKS / own * PORT_CELLS + cell(s->by_name[i])]++;
	for (size_t name = 1; name < s->names; name++) {
		uint32_t *at = s->cells + (BLOCKS + in.other_count) * PORT_CELLS;

		if (!is_long(s, name) || (servers != NULL && !is_of_its_servers(s, name, servers)))
			continue;
		for (size_t i = s->starts[name]; i < s->starts[name + 1]; i++)
			at[cell(s->by_name[i])]++;
		in.other_count++;
	}
	homogeneity_test(&in, &h);
	if (h.tested)
		authenticity_offer(r, parts,
		    (struct authenticity_result){ .p = h.p,
			.part = (uint8_t)part,
			.seen = h.moved * (double)own,
			.of = (double)own,
			.expected = h.moved_usual * (double)own });
}

/*
 * Queries from parts of the ports that hold less than a thousandth of all other names' queries: where
 * the peer has one port, or a few, no other split of the target's could be expected anywhere.
 */
static void offer_rare_ports(struct sender *s, struct authenticity_result *r, unsigned *parts)
{
	size_t total[PORT_CELLS] = { 0 }, own[PORT_CELLS];

	for (size_t i = 0; i < s->r->count; i++)
		total[port_cell(&s->r->queries[i])]++;
	for (size_t name = 0; name < s->names; name++) {
		size_t queries = count_of(s, name);

		memset(own, 0, sizeof(own));
		for (size_t i = s->starts[name]; i < s->starts[name + 1]; i++)
			own[port_cell(s->by_name[i])]++;
		s->counts[name] = (struct excess_count){ 0, (double)queries };
		for (unsigned c = 0; c < PORT_CELLS; c++)
			if ((total[c] - own[c]) * RARE < s->r->count - queries)
				s->counts[name].seen += (double)own[c];
	}
	offer_counts(s, 3, r, parts);
}

/* ---- transaction IDs ---- */

static int id_cmp(const void *a, const void *b)
{
	uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

	return (x > y) - (x < y);
}

/* The IDs of a name in order of time, queries that were sent once more left out. */
static size_t take_ids(const struct sender *s, size_t name, uint16_t *ret)
{
	size_t count = 0;

	for (size_t i = s->starts[name]; i < s->starts[name + 1]; i++) {
		const struct reread_query *q = s->by_name[i];
		const struct reread_query *before = i > s->starts[name] ? s->by_name[i - 1] : NULL;

		if (before != NULL && before->id == q->id &&
		    (uint64_t)q->time_ns - (uint64_t)before->time_ns <= REPEAT_NS)
			continue;
		ret[count++] = q->id;
	}
	return count;
}

static struct excess_count count_steps(const uint16_t *ids, size_t count)
{
	struct excess_count c = { 0, count > 0 ? (double)count - 1 : 0 };

	for (size_t i = 1; i < count; i++) {
		uint16_t step = (uint16_t)(ids[i] - ids[i - 1]);

		c.seen += step > 0 && step <= STEP_MAX;
	}
	return c;
}

/* Pairs of the same ID; reorders them. */
static struct excess_count count_equal(uint16_t *ids, size_t count)
{
	struct excess_count c = { 0, (double)count * ((double)count - 1) / 2 };
	size_t same = 0;

	qsort(ids, count, sizeof(*ids), id_cmp);
	for (size_t i = 1; i < count; i++) {
		same = ids[i] == ids[i - 1] ? same + 1 : 0;
		c.seen += (double)same;
	}
	return c;
}

static bool offer_ids(
    struct sender *s, struct authenticity_result *r, unsigned *parts, struct err *reterr)
{
	uint16_t *ids = malloc(size_mul(s->r->count + 1, sizeof(*ids)));
	struct excess_count *equal = malloc(size_mul(s->names + 1, sizeof(*equal)));

	if (ids == NULL || equal == NULL) {
		free(ids);
		free(equal);
		err_set_memory(reterr);
		return false;
	}
	for (size_t name = 0; name < s->names; name++) {
		size_t count = take_ids(s, name, ids);

		s->counts[name] = count_steps(ids, count);
		equal[name] = count_equal(ids, count);
	}
	offer_counts(s, 2, r, parts);
	memcpy(s->counts, equal, s->names * sizeof(*equal));
	offer_counts(s, 1, r, parts);
	free(ids);
	free(equal);
	return true;
}

/* ---- traits: unlike the queries for other names just before and after ---- */

typedef bool query_differs(const struct reread_query *a, const struct reread_query *b);

static bool differs_in_header(const struct reread_query *a, const struct reread_query *b)
{
	return a->flags != b->flags || a->edns_bytes != b->edns_bytes ||
	       a->dnssec_ok != b->dnssec_ok;
}

static bool differs_in_case(const struct reread_query *a, const struct reread_query *b)
{
	return (a->capitals > 0) != (b->capitals > 0);
}

static bool differs_in_hops(const struct reread_query *a, const struct reread_query *b)
{
	return a->hops != b->hops;
}

static bool has_letters(const struct reread_query *q)
{
	return q->letters >= LETTERS_MIN;
}

static bool has_hops(const struct reread_query *q)
{
	return q->hops > 0;
}

static bool has_header(const struct reread_query *q)
{
	(void)q;
	return true;
}

/* The nearest query before or after for another name that tells the trait; NULL: none that day. */
static const struct reread_query *neighbor(
    const struct reread *r, size_t i, bool after, bool (*tells)(const struct reread_query *q))
{
	const struct reread_query *q = &r->queries[i];

	for (size_t steps = 0; steps < STEPS_MAX && (after ? i + 1 < r->count : i > 0); steps++) {
		const struct reread_query *other = &r->queries[after ? ++i : --i];
		uint64_t apart = after ? (uint64_t)other->time_ns - (uint64_t)q->time_ns
				       : (uint64_t)q->time_ns - (uint64_t)other->time_ns;

		if (apart > NEIGHBORS_NS)
			return NULL;
		if (other->name != q->name && tells(other))
			return other;
	}
	return NULL;
}

static void offer_trait(struct sender *s, query_differs *differs,
    bool (*tells)(const struct reread_query *q), unsigned part, struct authenticity_result *r,
    unsigned *parts)
{
	memset(s->counts, 0, s->names * sizeof(*s->counts));
	for (size_t i = 0; i < s->r->count; i++) {
		const struct reread_query *q = &s->r->queries[i];
		const struct reread_query *before, *after;

		if (!tells(q))
			continue;
		before = neighbor(s->r, i, false, tells);
		after = neighbor(s->r, i, true, tells);
		if (before == NULL || after == NULL || differs(before, after))
			continue;
		s->counts[q->name].chances++;
		s->counts[q->name].seen += differs(q, before);
	}
	offer_counts(s, part, r, parts);
}

/* ---- the checks ---- */

static const char few_queries[] =
    "the peer sent too few queries for the name, or for others to compare with";

static void check_order(const struct reread *r, struct authenticity_result *ret)
{
	struct excess_count heaps[REREAD_HEAPS];
	const struct excess_count own = { (double)r->order.late, (double)r->order.rows };
	uint64_t rows = 0;
	unsigned parts = 0;

	for (size_t i = 0; i < REREAD_HEAPS; i++) {
		heaps[i].seen = (double)r->heaps[i].late;
		heaps[i].chances = (double)r->heaps[i].rows;
		rows += r->heaps[i].rows;
	}
	*ret = (struct authenticity_result){ .why = NULL };
	if (rows >= QUERIES_MIN)
		authenticity_offer(ret, &parts,
		    (struct authenticity_result){
			.p = excess_p_among(own, heaps, REREAD_HEAPS, false),
			.seen = own.seen,
			.of = own.chances,
			.expected = excess_expected_among(own, heaps, REREAD_HEAPS) });
	authenticity_close(ret, parts, "the evidence has too few other rows to compare with");
}

static bool are_enough(const struct sender *s)
{
	size_t own = count_of(s, 0);

	return own >= TARGET_MIN && (s->names > NAMES_MIN || s->r->count - own >= QUERIES_MIN);
}

static bool check_queries(struct sender *s, struct test_authenticity *ret, struct err *reterr)
{
	struct authenticity_result *ports = &ret->checks[CHECK_PORTS];
	struct authenticity_result *traits = &ret->checks[CHECK_TRAITS];
	struct authenticity_result *servers = &ret->checks[CHECK_SERVERS];
	bool its[REREAD_SERVERS] = { false };
	unsigned parts = 0;

	*ports = *traits = *servers = (struct authenticity_result){ .why = NULL };
	offer_cells(s, port_cell, NULL, 0, ports, &parts);
	offer_rare_ports(s, ports, &parts);
	if (!offer_ids(s, ports, &parts, reterr))
		return false;
	authenticity_close(ports, parts, few_queries);
	parts = 0;
	offer_trait(s, differs_in_header, has_header, 0, traits, &parts);
	offer_trait(s, differs_in_case, has_letters, 1, traits, &parts);
	offer_trait(s, differs_in_hops, has_hops, 2, traits, &parts);
	authenticity_close(traits, parts, few_queries);
	parts = 0;
	for (size_t i = 0; i < count_of(s, 0); i++)
		its[s->by_name[i]->server] = true;
	offer_cells(s, server_cell, its, 0, servers, &parts);
	authenticity_close(
	    servers, parts, "its queries, or those for like names, go to one server");
	return true;
}

static void say_untested(struct test_authenticity *t, const char *why)
{
	static const enum authenticity_check wired[] = { CHECK_PORTS, CHECK_TRAITS, CHECK_SERVERS };

	for (size_t i = 0; i < COUNT_OF(wired); i++)
		t->checks[wired[i]] = (struct authenticity_result){ .why = why };
}

bool sender_check(const struct reread *r, struct test_authenticity *ret, struct err *reterr)
{
	struct sender s;
	bool ok = true;

	check_order(r, &ret->checks[CHECK_ORDER]);
	if (!r->wired) {
		say_untested(ret, "the evidence is a log, which does not hold the messages");
		return true;
	}
	if (!sender_init(&s, r)) {
		err_set_memory(reterr);
		ok = false;
	} else if (!are_enough(&s)) {
		say_untested(ret, few_queries);
	} else {
		ok = check_queries(&s, ret, reterr);
	}
	sender_release(&s);
	return ok;
}
