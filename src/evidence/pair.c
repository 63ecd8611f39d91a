/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pairing. A query and a response belong together when client, server, ports, transport,
 * transaction ID and question agree, and the response is stamped at most LIMIT_PAIR_WINDOW_S
 * after the query, or LIMIT_PAIR_SKEW_MS before it (two queues of one network card).
 *
 *   - A response goes to the latest query of its key that has none. When a capture is rotated
 *     between a query and its repetition, the second file can only know the later one: so both
 *     ways give the same contacts.
 *   - A response that finds all queries of its key answered is a repetition of one that was
 *     seen, and no event of its own, unless a query of its own comes after it in the capture.
 *   - A response may be captured before its query: it waits, as queries do.
 *
 * All messages of the last window stand in a ring in the order of the capture; those of one key
 * are a group, found by hash, with a list of what waits. A group lives as long as the ring has a
 * message of it, so that repetitions are known.
 *
 *	ring    [ q | q | r | q | q |  ...        ]  head: the oldest, tail: the newest
 *	          |       `-- group 7 ------.
 *	          `-- group 3: waiting q -> q
 */
#include "evidence/pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"
#include "base/stamp.h"

#define NONE           UINT32_MAX
#define ITEMS_AT_FIRST (LIMIT_PAIR_WAITING < 256u ? 1u : 256u)
#define AHEAD_OF_GROUP 8 /* messages before its turn a group is fetched, and then its bucket */
#define AHEAD_OF_CHAIN 4
#define LINE_BYTES     64 /* of a cache */
#define WINDOW_NS      (LIMIT_PAIR_WINDOW_S * NS_PER_S)
#define SKEW_NS        (LIMIT_PAIR_SKEW_MS * (NS_PER_S / 1000))

enum side {
	SIDE_QUERY,
	SIDE_RESPONSE,
	SIDES,
};

struct item {
	struct pair_message message;
	uint8_t side; /* enum side */
	bool is_waiting;
	bool is_repeated;
	uint32_t group;
	uint32_t next; /* of the same group and side that waits: its number in the ring */
};

struct list {
	uint32_t first;
	uint32_t last; /* valid unless first is NONE */
};

struct group {
	uint64_t hash;
	int64_t answered_ns; /* time of the query that was answered last */
	bool is_answered;
	uint32_t chain;      /* next of the same bucket, or of the free groups */
	uint32_t item_count; /* in the ring */
	struct list waiting[SIDES];
	struct pair_key key;
};

struct pairs {
	struct item *ring;    /* capacity of them, a power of two */
	struct group *groups; /* capacity of them: never more groups than items */
	uint32_t *buckets;    /* 2 * capacity of them */
	uint32_t capacity;
	uint32_t head; /* numbers in the ring run on; their place is number & (capacity - 1) */
	uint32_t tail;
	uint32_t free;        /* first of the free groups */
	uint32_t group_count; /* ever used */
	uint64_t seed;
};

static size_t key_len(const struct pair_key *k)
{
	return offsetof(struct pair_key, name) + k->name_len;
}

static struct item *item_at(const struct pairs *p, uint32_t number)
{
	return &p->ring[number & (p->capacity - 1)];
}

/* Double the capacity (or begin): items keep their numbers, groups their places. */
static bool grow(struct pairs *p)
{
	const uint32_t capacity = p->capacity == 0 ? ITEMS_AT_FIRST : p->capacity * 2;
	struct item *ring = malloc(size_mul(capacity, sizeof(*ring)));
	uint32_t *buckets = malloc(size_mul(2 * (size_t)capacity, sizeof(*buckets)));
	struct group *groups = NULL;
	bool ok = false;

	if (ring == NULL || buckets == NULL)
		goto out;
	groups = realloc(p->groups, size_mul(capacity, sizeof(*groups)));
	if (groups == NULL)
		goto out;
	p->groups = groups;
	for (uint32_t n = p->head; n != p->tail; n++)
		ring[n & (capacity - 1)] = *item_at(p, n);
	memset(buckets, 0xff, 2 * (size_t)capacity * sizeof(*buckets));
	for (uint32_t g = 0; g < p->group_count; g++) {
		uint32_t *bucket = &buckets[groups[g].hash & (2 * capacity - 1)];

		if (groups[g].item_count == 0)
			continue;
		groups[g].chain = *bucket;
		*bucket = g;
	}
	free(p->ring);
	free(p->buckets);
	p->ring = ring;
	p->buckets = buckets;
	p->capacity = capacity;
	ring = NULL;
	buckets = NULL;
	ok = true;
out:
	free(ring);
	free(buckets);
	return ok;
}

bool pairs_new(struct pairs **ret, struct err *reterr)
{
	struct pairs *p = calloc(1, sizeof(*p));

	if (p == NULL || !grow(p)) {
		pairs_free(p);
		err_set_memory(reterr);
		return false;
	}
	p->free = NONE;
	p->seed = hash_seed();
	*ret = p;
	return true;
}

void pairs_free(struct pairs *p)
{
	if (p == NULL)
		return;
	free(p->ring);
	free(p->groups);
	free(p->buckets);
	free(p);
}

/*
 * A busy capture has tens of thousands of groups, more than caches hold: what will be needed is
 * known some messages ahead, and fetched. The key's first bytes stand in the second line.
 */
static inline void prefetch_group(const struct pairs *p, uint32_t g)
{
	const char *group;

	if (g == NONE)
		return;
	group = (const char *)&p->groups[g];
	__builtin_prefetch(group, 1);
	__builtin_prefetch(group + LINE_BYTES, 1);
	__builtin_prefetch(group + 2 * LINE_BYTES, 1);
}

static uint32_t group_find(const struct pairs *p, const struct pair_key *key, uint64_t hash)
{
	uint32_t g = p->buckets[hash & (2 * p->capacity - 1)];

	while (g != NONE &&
	       (p->groups[g].hash != hash || memcmp(&p->groups[g].key, key, key_len(key)) != 0))
		g = p->groups[g].chain;
	return g;
}

static uint32_t group_add(struct pairs *p, const struct pair_key *key, uint64_t hash)
{
	uint32_t *bucket = &p->buckets[hash & (2 * p->capacity - 1)];
	uint32_t g = p->free;
	struct group *group;

	if (g == NONE) {
		g = p->group_count++;
	} else {
		p->free = p->groups[g].chain;
		prefetch_group(p, p->free);
	}
	group = &p->groups[g];
	group->hash = hash;
	group->is_answered = false;
	group->chain = *bucket;
	group->item_count = 0;
	group->waiting[SIDE_QUERY].first = NONE;
	group->waiting[SIDE_RESPONSE].first = NONE;
	memcpy(&group->key, key, key_len(key));
	*bucket = g;
	return g;
}

static void group_remove(struct pairs *p, uint32_t g)
{
	uint32_t *at = &p->buckets[p->groups[g].hash & (2 * p->capacity - 1)];

	while (*at != g)
		at = &p->groups[*at].chain;
	*at = p->groups[g].chain;
	p->groups[g].chain = p->free;
	p->free = g;
}

/* Within the window; the differences cannot overflow by the order of the tests. */
static bool belong(int64_t query_ns, int64_t response_ns)
{
	if (response_ns >= query_ns)
		return (uint64_t)response_ns - (uint64_t)query_ns <= (uint64_t)WINDOW_NS;
	return (uint64_t)query_ns - (uint64_t)response_ns <= (uint64_t)SKEW_NS;
}

/* Is item n of this side's list one that a message of the other side can meet? */
static bool can_meet(const struct pairs *p, uint32_t n, enum side side, int64_t time_ns)
{
	const int64_t own_ns = item_at(p, n)->message.time_ns;

	return side == SIDE_QUERY ? belong(own_ns, time_ns) : belong(time_ns, own_ns);
}

/* Take the latest query, or the earliest response, that a message can meet; NONE: there is none. */
static uint32_t take_partner(struct pairs *p, struct group *g, enum side side, int64_t time_ns)
{
	struct list *list = &g->waiting[side];
	uint32_t found = NONE, before_found = NONE, before = NONE;
	uint32_t n = list->first;

	for (unsigned step = 0; n != NONE && step < LIMIT_PAIR_STEPS; step++) {
		if (can_meet(p, n, side, time_ns)) {
			found = n;
			before_found = before;
			if (side == SIDE_RESPONSE)
				break;
		}
		before = n;
		n = item_at(p, n)->next;
	}
	if (found == NONE)
		return NONE;
	if (before_found == NONE)
		list->first = item_at(p, found)->next;
	else
		item_at(p, before_found)->next = item_at(p, found)->next;
	if (list->last == found)
		list->last = before_found;
	item_at(p, found)->is_waiting = false;
	return found;
}

/* Put a message at the tail of the ring, waiting or only to keep its group known. */
static void push(struct pairs *p, uint32_t g, enum side side, const struct pair_message *message,
    bool is_waiting)
{
	const uint32_t n = p->tail++;
	struct group *group = &p->groups[g];
	struct list *list = &group->waiting[side];
	struct item *item = item_at(p, n);

	group->item_count++;
	item->message = *message;
	item->side = (uint8_t)side;
	item->is_waiting = is_waiting;
	item->is_repeated = false;
	item->group = g;
	item->next = NONE;
	if (!is_waiting)
		return;
	if (list->first == NONE)
		list->first = n;
	else
		item_at(p, list->last)->next = n;
	list->last = n;
}

/* The group of a key, made if need be. NONE: out of memory. */
static uint32_t group_of(struct pairs *p, const struct pair_key *key)
{
	const uint64_t hash = hash_bytes(key, key_len(key), p->seed);
	uint32_t g;

	/* room for one item, and so for one group */
	if (p->tail - p->head == p->capacity && !grow(p))
		return NONE;
	g = group_find(p, key, hash);
	return g != NONE ? g : group_add(p, key, hash);
}

static void mark_answered(struct group *g, int64_t query_ns)
{
	g->is_answered = true;
	g->answered_ns = query_ns;
}

enum pair_step pairs_query(
    struct pairs *p, const struct pair_key *key, struct pair_message *message)
{
	const uint32_t g = group_of(p, key);
	const struct pair_message *response;
	uint32_t n;

	if (g == NONE)
		return PAIR_FAILED;
	n = take_partner(p, &p->groups[g], SIDE_RESPONSE, message->time_ns);
	push(p, g, SIDE_QUERY, message, n == NONE);
	if (n == NONE)
		return PAIR_WAITS;
	response = &item_at(p, n)->message;
	mark_answered(&p->groups[g], message->time_ns);
	message->ttl = response->ttl;
	message->outcome = response->outcome;
	return PAIR_MET;
}

enum pair_step pairs_response(
    struct pairs *p, const struct pair_key *key, struct pair_message *message)
{
	const uint32_t g = group_of(p, key);
	const struct pair_message *query;
	struct group *group;
	uint32_t n;

	if (g == NONE)
		return PAIR_FAILED;
	group = &p->groups[g];
	n = take_partner(p, group, SIDE_QUERY, message->time_ns);
	if (n == NONE) {
		push(p, g, SIDE_RESPONSE, message, true);
		item_at(p, p->tail - 1)->is_repeated =
		    group->is_answered && belong(group->answered_ns, message->time_ns);
		return PAIR_WAITS;
	}
	query = &item_at(p, n)->message;
	mark_answered(group, query->time_ns);
	message->time_ns = query->time_ns;
	message->digits = query->digits;
	message->type = query->type;
	return PAIR_MET;
}

/* Step over the oldest message. It is the first of its list if it waits: lists are in order. */
static const struct item *pop(struct pairs *p)
{
	const struct item *item = item_at(p, p->head++);
	struct group *g = &p->groups[item->group];

	/* groups that will be let go soon have not been looked at for a whole window */
	if (p->tail - p->head > AHEAD_OF_GROUP) {
		const struct group *near;

		__builtin_prefetch(&p->groups[item_at(p, p->head + AHEAD_OF_GROUP)->group]);
		near = &p->groups[item_at(p, p->head + AHEAD_OF_CHAIN)->group];
		__builtin_prefetch(&p->buckets[near->hash & (2 * p->capacity - 1)]);
	}
	if (item->is_waiting)
		g->waiting[item->side].first = item->next;
	if (--g->item_count == 0)
		group_remove(p, item->group);
	return item;
}

bool pairs_expire(struct pairs *p, int64_t now_ns, struct pair_alone *ret)
{
	while (p->head != p->tail) {
		const int64_t since_ns = item_at(p, p->head)->message.time_ns;
		const bool is_due = since_ns <= now_ns &&
				    (uint64_t)now_ns - (uint64_t)since_ns > (uint64_t)WINDOW_NS;
		const struct item *item;

		if (!is_due && now_ns != INT64_MAX && p->tail - p->head < LIMIT_PAIR_WAITING)
			return false;
		item = pop(p);
		if (!item->is_waiting)
			continue;
		ret->key = &p->groups[item->group].key;
		ret->message = item->message;
		ret->is_query = item->side == SIDE_QUERY;
		ret->is_repeated = item->is_repeated;
		ret->is_early = !is_due && now_ns != INT64_MAX;
		return true;
	}
	return false;
}
