/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "haystack/batch.h"

#include "base/hash.h"

void batch_init(struct batch *b, uint64_t seed)
{
	b->seed = seed;
}

void batch_clear(struct batch *b)
{
	b->end_count = 0;
	b->query_count = 0;
	b->used = 0;
	b->contact_count = 0;
	b->fact_count = 0;
}

/* Two ends may have shared a place; it is the later one's. */
static bool is_place_of(const struct batch *b, const struct recall *place, uint32_t end)
{
	return place != NULL && place->end == end && b->ends[end].place == place;
}

void batch_drop(struct batch *b)
{
	for (uint32_t i = 0; i < b->query_count; i++) {
		uint32_t end = b->asked[i];

		if (is_place_of(b, b->ends[end].place, end))
			b->ends[end].place->len = 0;
	}
	batch_clear(b);
}

void batch_forget(struct batch *b)
{
	memset(b->places, 0, sizeof(b->places));
}

static bool has_room(const struct batch *b)
{
	return b->end_count <= BATCH_ENDS - 2 && b->used <= BATCH_BYTES - 2 * KEY_ENDPOINT_MAX;
}

bool batch_fits_contact(const struct batch *b)
{
	return b->contact_count < BATCH_CONTACTS && has_room(b);
}

bool batch_fits_fact(const struct batch *b)
{
	return b->fact_count < BATCH_FACTS && has_room(b);
}

/* ---- ends ---- */

static bool is_at(const struct recall *place, const struct endpoint *e)
{
	return place->len == e->len && place->form == e->form &&
	       memcmp(place->bytes, e->bytes, e->len) == 0;
}

static void remember(struct recall *place, const struct endpoint *e)
{
	place->form = (uint8_t)e->form;
	place->len = e->len;
	/* a length that the compiler knows; it stays inside of the endpoint's own array */
	memcpy(place->bytes, e->bytes, sizeof(place->bytes));
}

/* An end that the table has to number. */
static uint32_t ask(struct batch *b, const struct endpoint *e, uint64_t hash, struct recall *place)
{
	struct keytable_query *q = &b->queries[b->query_count];

	q->hash = hash;
	q->key = b->bytes + b->used;
	q->len = key_write_endpoint(b->bytes + b->used, e);
	b->used += q->len;
	b->asked[b->query_count++] = (uint16_t)b->end_count;
	b->ends[b->end_count].place = place;
	return b->end_count++;
}

#define TRIAL 4096 /* looks */
#define PAUSE (16 * TRIAL)

/* Is it worth a look where an endpoint may be remembered? Not where hardly any comes twice. */
static bool is_worth_a_look(struct batch *b)
{
	if (b->unasked > 0) {
		b->unasked--;
		return false;
	}
	if (b->looks == TRIAL) {
		b->unasked = b->found < TRIAL / 2 ? PAUSE : 0;
		b->looks = 0;
		b->found = 0;
	}
	b->looks++;
	return true;
}

static uint32_t end_of(struct batch *b, const struct endpoint *e)
{
	uint64_t hash = hash_bytes(e->bytes, e->len, b->seed);
	struct recall *place = &b->places[hash % RECALL_PLACES];

	if (e->len == 0 || e->len > RECALL_BYTES || !is_worth_a_look(b))
		return ask(b, e, hash, NULL);
	if (!is_at(place, e)) {
		remember(place, e);
		place->end = (uint16_t)b->end_count;
		return ask(b, e, hash, place);
	}
	b->found++;
	if (place->end < b->end_count && b->ends[place->end].place == place)
		return place->end;
	place->end = (uint16_t)b->end_count;
	b->ends[b->end_count] = (struct batch_end){ place->number, place };
	return b->end_count++;
}

static bool is_same(const struct endpoint *a, const struct endpoint *b)
{
	return a->len == b->len && a->form == b->form && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* The end, of a name; slot is where the record remembers it. */
static uint32_t recent_end_of(
    struct batch *b, struct batch_recent *recent, size_t slot, const struct endpoint *e)
{
	for (size_t i = 0; i < COUNT_OF(recent->endpoints); i++)
		if (recent->endpoints[i] != NULL && is_same(recent->endpoints[i], e))
			return recent->ends[i];
	recent->endpoints[slot] = e;
	recent->ends[slot] = end_of(b, e);
	return recent->ends[slot];
}

void batch_add_contact(
    struct batch *b, struct batch_recent *recent, const struct contact *c, uint32_t source)
{
	uint32_t target = recent_end_of(b, recent, 0, &c->target);
	uint32_t peer = end_of(b, &c->peer);

	b->series[b->contact_count].link =
	    (struct link){ .first = target, .second = peer, .type = c->type, .more = c->kind };
	b->rows[b->contact_count++] = (struct series_row){ .time_ns = c->time_ns,
		.ttl = c->ttl,
		.source = source,
		.outcome = c->outcome,
		.digits = c->digits,
		.traits = (uint8_t)(c->seen | c->direction << 2),
		.txid = c->txid };
}

void batch_add_fact(struct batch *b, struct batch_recent *recent, const struct fact *f)
{
	uint32_t owner = recent_end_of(b, recent, 0, &f->owner);
	/* an alias is the owner of what follows */
	uint32_t data = f->data.form == ENDPOINT_NAME ? recent_end_of(b, recent, 1, &f->data)
						      : end_of(b, &f->data);

	b->facts[b->fact_count].link = (struct link){
		.first = owner, .second = data, .extra = f->extra, .type = f->type, .more = f->port
	};
	factset_of(&b->sets[b->fact_count++], f);
}

/* ---- numbers ---- */

static void number_links(const struct batch *b, struct linktable_query *links, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		links[i].link.first = b->ends[links[i].link.first].number;
		links[i].link.second = b->ends[links[i].link.second].number;
	}
}

bool batch_number(struct batch *b, struct keytable *t)
{
	if (!keytable_add(t, b->queries, b->query_count))
		return false;
	for (uint32_t i = 0; i < b->query_count; i++) {
		struct batch_end *end = &b->ends[b->asked[i]];

		end->number = b->queries[i].id;
		if (is_place_of(b, end->place, b->asked[i]))
			end->place->number = end->number;
	}
	number_links(b, b->series, b->contact_count);
	number_links(b, b->facts, b->fact_count);
	return true;
}
