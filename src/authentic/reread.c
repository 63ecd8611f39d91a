/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readers are those that ingest uses; queries come by their watch, contacts for the order. Only
 * at the end of a source is its digest known: if it is not the one that the case knows, all that
 * was taken of it is dropped again.
 */
#include "authentic/reread.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"
#include "base/stamp.h"
#include "evidence/reader.h"

#define LATE_NS   (60 * NS_PER_S) /* readers give contacts when they are complete, seconds later */
#define HEAP_SEED 13

struct source {
	struct reread *reread;
	const struct reader_format *format;
	struct stream *stream;
	struct reader *reader;
	struct health health;
	bool any;
	int64_t latest_ns;
};

bool reread_init(struct reread *r, const struct endpoint *target, const struct endpoint *peer,
    struct err *reterr)
{
	uint32_t id;

	*r = (struct reread){ .target = *target, .peer = *peer };
	intern_init(&r->names, hash_seed(), SIZE_MAX);
	intern_init(&r->servers, hash_seed(), SIZE_MAX);
	if (intern_add(&r->names, target->bytes, target->len, &id))
		return true;
	err_set_memory(reterr);
	return false;
}

void reread_release(struct reread *r)
{
	free(r->queries);
	intern_release(&r->names);
	intern_release(&r->servers);
	*r = (struct reread){ .count = 0 };
}

static bool is_peer(const struct reread *r, const struct addr *a)
{
	return a->len > 0 && a->len == r->peer.len && memcmp(a->bytes, r->peer.bytes, a->len) == 0;
}

/* The number of the server; all behind the first ones share the last. False: out of memory. */
static bool number_server(struct reread *r, const struct addr *a, uint8_t *ret)
{
	uint32_t id = intern_find(&r->servers, a->bytes, a->len);

	if (id == INTERN_NONE && r->servers.count < REREAD_SERVERS &&
	    !intern_add(&r->servers, a->bytes, a->len, &id))
		return false;
	*ret = id < REREAD_SERVERS ? (uint8_t)id : REREAD_SERVERS - 1;
	return true;
}

static bool reserve(struct reread *r)
{
	size_t capacity = r->capacity * 2 + 1024;
	struct reread_query *queries;

	if (r->count < r->capacity)
		return true;
	queries = reallocarray(r->queries, capacity, sizeof(*queries));
	if (queries == NULL)
		return false;
	r->queries = queries;
	r->capacity = capacity;
	return true;
}

static bool take_query(void *context, const struct lookup *l)
{
	struct source *s = context;
	struct reread *r = s->reread;
	struct reread_query *q;
	uint32_t name;
	uint8_t server;

	if (!is_peer(r, &l->peer) || r->count >= REREAD_QUERIES_MAX)
		return true;
	if (!reserve(r) || !intern_add(&r->names, l->name.bytes, l->name.len, &name) ||
	    !number_server(r, &l->server, &server))
		return false;
	q = &r->queries[r->count++];
	*q = (struct reread_query){ .time_ns = l->time_ns,
		.name = name,
		.port = l->port,
		.id = l->id,
		.flags = l->flags,
		.edns_bytes = l->edns_bytes,
		.server = server,
		.hops = l->hops,
		.letters = l->letters,
		.capitals = l->capitals,
		.dnssec_ok = l->dnssec_ok };
	return true;
}

static void take_contact(struct source *s, const struct contact *c)
{
	struct reread *r = s->reread;
	bool is_late = s->any && c->time_ns < s->latest_ns && s->latest_ns - LATE_NS > c->time_ns;
	bool is_target = endpoint_cmp(&c->target, &r->target) == 0;
	struct reread_order *o;

	if (!s->any || c->time_ns > s->latest_ns)
		s->latest_ns = c->time_ns;
	s->any = true;
	if (is_target && endpoint_cmp(&c->peer, &r->peer) != 0)
		return;
	o = is_target
		? &r->order
		: &r->heaps[hash_bytes(c->target.bytes, c->target.len, HEAP_SEED) % REREAD_HEAPS];
	o->rows++;
	o->late += is_late;
}

static bool open_source(struct source *s, const struct reread_source *from, struct err *ret_why)
{
	if (strcmp(from->path, "-") == 0 || s->format == NULL) {
		err_set(ret_why, ERR_INPUT, "it cannot be read twice");
		return false;
	}
	if (!stream_open_watched(from->path, from->look, from->context, &s->stream, ret_why))
		return false;
	stream_set_hints(s->stream, &from->hints);
	if (!s->format->open(s->stream, &s->health, &s->reader, ret_why))
		return false;
	if (s->format->watch != NULL)
		s->format->watch(s->reader, take_query, s);
	return true;
}

static bool read_all(struct source *s, struct stream_custody *ret, struct err *ret_why)
{
	struct record record;

	for (;;) {
		switch (s->format->next(s->reader, &record, ret_why)) {
		case NEXT_ITEM:
			if (record.contact != NULL)
				take_contact(s, record.contact);
			break;
		case NEXT_SKIPPED:
			break;
		case NEXT_END:
			return stream_finish(s->stream, ret, ret_why);
		case NEXT_FAILED:
			return false;
		}
	}
}

bool reread_take(struct reread *r, const struct reread_source *from, enum reread_outcome *ret,
    struct err *reterr)
{
	struct source s = { .reread = r, .format = reader_find(from->format) };
	struct reread_order *heaps = malloc(sizeof(r->heaps));
	const struct reread_order order = r->order;
	const size_t count = r->count;
	struct stream_custody custody;
	struct err why = { .code = ERR_NONE };
	bool ok = false;

	if (heaps == NULL) {
		err_set_memory(reterr);
		return false;
	}
	memcpy(heaps, r->heaps, sizeof(r->heaps));
	*ret = REREAD_DONE;
	if (!open_source(&s, from, &why) || !read_all(&s, &custody, &why)) {
		*ret = REREAD_ABSENT;
		if (why.code == ERR_MEMORY || why.code == ERR_STOPPED) {
			*reterr = why;
			goto out;
		}
	} else if (digest_cmp(&custody.content, &from->content) != 0) {
		*ret = REREAD_CHANGED;
	}
	if (*ret != REREAD_DONE) {
		r->count = count;
		r->order = order;
		memcpy(r->heaps, heaps, sizeof(r->heaps));
	}
	r->wired = r->wired || (*ret == REREAD_DONE && s.format->watch != NULL);
	ok = true;
out:
	if (s.reader != NULL)
		s.format->close(s.reader);
	stream_close(s.stream);
	free(heaps);
	return ok;
}

static int query_cmp(const void *a, const void *b)
{
	const struct reread_query *x = a, *y = b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name);
}

void reread_sort(struct reread *r)
{
	if (r->count > 0)
		qsort(r->queries, r->count, sizeof(*r->queries), query_cmp);
}
