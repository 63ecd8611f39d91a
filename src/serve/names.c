/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All texts stand in one run of bytes, each behind a newline, which no name holds: to search a
 * million names is one memmem() over some 25 MB, a few milliseconds, without an index that would
 * know one kind of question only.
 */
#include "serve/names.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/size.h"

#define TEXT_BYTES_MAX UINT32_MAX /* of all texts: places in them are 32 bits */
#define PEER_BYTES_MAX (UINT64_C(1) << 30)
#define LINKS_MAX      (UINT64_C(16) << 20) /* 12 bytes each; beyond, peers have no list of targets */

struct target {
	uint32_t at; /* of its text */
	uint32_t len;
	uint32_t series;
	uint64_t contacts;
	int64_t first_ns;
	int64_t last_ns;
};

struct peer {
	uint32_t at;
	uint32_t len;
	uint32_t targets; /* counted as they change: a target with two types in a row is one */
	uint32_t last;    /* the last one counted, + 1 */
	uint32_t links_at;
	uint32_t link_count;
	uint64_t contacts;
	int64_t first_ns;
	int64_t last_ns;
};

struct link {
	uint32_t target;
	uint32_t peer;
	uint32_t contacts; /* as many as fit */
};

struct array {
	void *items;
	size_t count;
	size_t capacity;
};

struct names {
	struct haystack *haystack;
	pthread_t thread;
	atomic_bool stop;
	atomic_int state;
	struct err why;
	struct buf text;
	struct buf peer_text;
	struct array targets;
	struct array peers;
	struct array links; /* by target as they are met, later by peer */
	bool links_cut;
	struct intern peer_numbers;
	struct endpoint last_target;
};

static void *array_add(struct array *a, size_t item_bytes)
{
	if (a->count == a->capacity) {
		size_t capacity = a->capacity == 0 ? 1024 : size_mul(a->capacity, 2);
		void *items = realloc(a->items, size_mul(capacity, item_bytes));

		if (items == NULL)
			return NULL;
		a->items = items;
		a->capacity = capacity;
	}
	return (char *)a->items + a->count++ * item_bytes;
}

static struct target *targets_of(const struct names *n)
{
	return n->targets.items;
}

static struct peer *peers_of(const struct names *n)
{
	return n->peers.items;
}

/* ---- reading ---- */

static bool put_text(struct buf *b, const struct endpoint *e, uint32_t *ret_at, uint32_t *ret_len)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	*ret_at = (uint32_t)b->len;
	*ret_len = (uint32_t)len;
	buf_put(b, text, len);
	buf_u8(b, '\n');
	return buf_ok(b);
}

static struct target *target_of(struct names *n, const struct contact *key)
{
	struct target *t;

	if (n->targets.count > 0 && endpoint_cmp(&key->target, &n->last_target) == 0)
		return targets_of(n) + n->targets.count - 1;
	t = array_add(&n->targets, sizeof(*t));
	if (t == NULL)
		return NULL;
	*t = (struct target){ .first_ns = INT64_MAX, .last_ns = INT64_MIN };
	n->last_target = key->target;
	return put_text(&n->text, &key->target, &t->at, &t->len) ? t : NULL;
}

static struct peer *peer_of(struct names *n, const struct contact *key)
{
	UNINITIALIZED struct key part;
	struct peer *p;
	uint32_t id;

	key_of_endpoint(&part, &key->peer);
	if (!intern_add(&n->peer_numbers, part.bytes, part.len, &id))
		return NULL;
	if (id < n->peers.count)
		return peers_of(n) + id;
	p = array_add(&n->peers, sizeof(*p));
	if (p == NULL)
		return NULL;
	*p = (struct peer){ .first_ns = INT64_MAX, .last_ns = INT64_MIN };
	return put_text(&n->peer_text, &key->peer, &p->at, &p->len) ? p : NULL;
}

static bool add_link(struct names *n, const struct series_summary *s, struct peer *p)
{
	const uint32_t number = (uint32_t)n->targets.count;
	struct link *l;

	p->targets += p->last != number;
	p->last = number;
	if (n->links.count == LINKS_MAX)
		n->links_cut = true;
	if (n->links_cut)
		return true;
	l = array_add(&n->links, sizeof(*l));
	if (l == NULL)
		return false;
	*l = (struct link){ .target = number - 1,
		.peer = (uint32_t)(p - peers_of(n)),
		.contacts = s->contacts > UINT32_MAX ? UINT32_MAX : (uint32_t)s->contacts };
	p->link_count++;
	return true;
}

static bool add_series(struct names *n, const struct haystack_entry *e, struct err *reterr)
{
	struct cursor value = cursor_of(e->value, e->value_len);
	struct series_summary s;
	struct contact key;
	struct target *t;
	struct peer *p;

	if (!key_read_series(e->key, e->key_len, &key) || !series_read_summary(&value, &s)) {
		err_set(reterr, ERR_DAMAGED, "a series of the haystack cannot be read; verify it");
		return false;
	}
	t = target_of(n, &key);
	p = t == NULL ? NULL : peer_of(n, &key);
	if (p == NULL || !add_link(n, &s, p)) {
		err_set_memory(reterr);
		return false;
	}
	t->series++;
	t->contacts += s.contacts;
	t->first_ns = s.first_ns < t->first_ns ? s.first_ns : t->first_ns;
	t->last_ns = s.last_ns > t->last_ns ? s.last_ns : t->last_ns;
	p->contacts += s.contacts;
	p->first_ns = s.first_ns < p->first_ns ? s.first_ns : p->first_ns;
	p->last_ns = s.last_ns > p->last_ns ? s.last_ns : p->last_ns;
	return true;
}

/* Links by peer, each peer's in the order of its targets: a counting sort. */
static bool sort_links(struct names *n)
{
	struct link *sorted = calloc(n->links.count + 1, sizeof(*sorted));
	const struct link *links = n->links.items;
	uint32_t at = 0;

	if (sorted == NULL)
		return false;
	for (size_t i = 0; i < n->peers.count; i++) {
		struct peer *p = peers_of(n) + i;

		p->links_at = at;
		at += p->link_count;
		p->link_count = 0;
	}
	for (size_t i = 0; i < n->links.count; i++) {
		struct peer *p = peers_of(n) + links[i].peer;

		sorted[p->links_at + p->link_count++] = links[i];
	}
	free(n->links.items);
	n->links.items = sorted;
	return true;
}

static bool read_all(struct names *n, struct err *reterr)
{
	const struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	bool end = false;
	bool ok = haystack_scan_new(n->haystack, &range, &scan, reterr);

	while (ok && !atomic_load_explicit(&n->stop, memory_order_relaxed) &&
	       (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end)
		ok = add_series(n, &entry, reterr);
	haystack_scan_free(scan);
	if (ok && !sort_links(n)) {
		err_set_memory(reterr);
		return false;
	}
	return ok;
}

static void *run(void *context)
{
	struct names *n = context;
	bool ok = read_all(n, &n->why);

	atomic_store(&n->state, ok ? NAMES_READY : NAMES_FAILED);
	return NULL;
}

bool names_new(struct haystack *h, struct names **ret, struct err *reterr)
{
	struct names *n = calloc(1, sizeof(*n));

	if (n == NULL) {
		err_set_memory(reterr);
		return false;
	}
	n->haystack = h;
	buf_init(&n->text, TEXT_BYTES_MAX);
	buf_init(&n->peer_text, TEXT_BYTES_MAX);
	intern_init(&n->peer_numbers, hash_seed(), PEER_BYTES_MAX);
	/* before the first text stands what stands before every other one */
	buf_u8(&n->text, '\n');
	buf_u8(&n->peer_text, '\n');
	if (pthread_create(&n->thread, NULL, run, n) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot start a thread");
		free(n);
		return false;
	}
	*ret = n;
	return true;
}

void names_free(struct names *n)
{
	if (n == NULL)
		return;
	atomic_store(&n->stop, true);
	(void)pthread_join(n->thread, NULL);
	buf_release(&n->text);
	buf_release(&n->peer_text);
	intern_release(&n->peer_numbers);
	free(n->targets.items);
	free(n->peers.items);
	free(n->links.items);
	free(n);
}

enum names_state names_state(struct names *n)
{
	return (enum names_state)atomic_load(&n->state);
}

const char *names_why(const struct names *n)
{
	return n->why.text;
}

size_t names_count(const struct names *n)
{
	return n->targets.count;
}

/* ---- search ---- */

/* How well a name fits: the fewer, the sooner. */
enum fit { FIT_WHOLE, FIT_START, FIT_LABEL, FIT_INSIDE, FIT_CLASSES };

struct search {
	const struct names *names;
	const char *text;
	size_t len;
	bool at_end; /* only names that end so */
	size_t max;
	size_t *hits[FIT_CLASSES]; /* numbers of targets, the first max of each class */
	size_t counts[FIT_CLASSES];
};

static enum fit fit_of(const struct search *s, const struct target *t, const char *at)
{
	const char *start = (const char *)s->names->text.bytes + t->at;

	if (at == start)
		return t->len == s->len ? FIT_WHOLE : FIT_START;
	return at[-1] == '.' && (at - start < 2 || at[-2] != '\\') ? FIT_LABEL : FIT_INSIDE;
}

static void walk_hits(struct search *s)
{
	const struct names *n = s->names;
	const char *base = (const char *)n->text.bytes;
	const char *at = base, *end = base + n->text.len;
	size_t i = 0;

	while ((at = memmem(at, (size_t)(end - at), s->text, s->len)) != NULL) {
		const struct target *t;
		enum fit fit;

		while (i + 1 < n->targets.count && base + targets_of(n)[i + 1].at <= at)
			i++;
		t = targets_of(n) + i;
		if (s->at_end && at + s->len != base + t->at + t->len) {
			at++;
			continue;
		}
		fit = fit_of(s, t, at);
		if (s->counts[fit] < s->max)
			s->hits[fit][s->counts[fit]] = i;
		s->counts[fit]++;
		at = base + t->at + t->len;
	}
}

static struct names_item item_of_target(const struct names *n, const struct target *t)
{
	return (struct names_item){ .text = (const char *)n->text.bytes + t->at,
		.len = t->len,
		.contacts = t->contacts,
		.first_ns = t->first_ns,
		.last_ns = t->last_ns,
		.others = t->series };
}

size_t names_search(const struct names *n, const char *text, struct names_item *found, size_t max,
    size_t *ret_count)
{
	struct search s = { .names = n, .max = max };
	size_t *room = calloc(size_mul(max, FIT_CLASSES) + 1, sizeof(*room));
	size_t total = 0;

	*ret_count = 0;
	s.at_end = text[0] == '.' || strncmp(text, "*.", 2) == 0;
	s.text = text[0] == '*' ? text + 1 : text;
	s.len = strlen(s.text);
	if (room == NULL || s.len == 0 || memchr(s.text, '\n', s.len) != NULL) {
		free(room);
		return 0;
	}
	for (unsigned i = 0; i < FIT_CLASSES; i++)
		s.hits[i] = room + i * max;
	walk_hits(&s);
	for (unsigned i = 0; i < FIT_CLASSES; i++) {
		total += s.counts[i];
		for (size_t j = 0; j < s.counts[i] && j < max && *ret_count < max; j++)
			found[(*ret_count)++] = item_of_target(n, targets_of(n) + s.hits[i][j]);
	}
	free(room);
	return total;
}

/* ---- peers ---- */

static struct names_item item_of_peer(const struct names *n, const struct peer *p)
{
	return (struct names_item){ .text = (const char *)n->peer_text.bytes + p->at,
		.len = p->len,
		.contacts = p->contacts,
		.first_ns = p->first_ns,
		.last_ns = p->last_ns,
		.others = p->targets };
}

static int compare_counts(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_times(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int compare_texts(const struct names_item *a, const struct names_item *b)
{
	size_t len = a->len < b->len ? a->len : b->len;
	int order = memcmp(a->text, b->text, len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

struct peer_order {
	enum names_order by;
	bool rising;
};

static int compare_items(const void *x, const void *y, void *context)
{
	const struct names_item *a = x, *b = y;
	const struct peer_order *o = context;
	int order = 0;

	switch (o->by) {
	case NAMES_BY_CONTACTS:
		order = compare_counts(a->contacts, b->contacts);
		break;
	case NAMES_BY_OTHERS:
		order = compare_counts(a->others, b->others);
		break;
	case NAMES_BY_FIRST:
		order = compare_times(a->first_ns, b->first_ns);
		break;
	case NAMES_BY_LAST:
		order = compare_times(a->last_ns, b->last_ns);
		break;
	case NAMES_BY_TEXT:
		break;
	}
	if (order == 0 && o->by != NAMES_BY_TEXT)
		return compare_texts(a, b);
	order = order == 0 ? compare_texts(a, b) : order;
	return o->rising ? order : -order;
}

size_t names_peers(const struct names *n, const char *text, enum names_order order, bool rising,
    size_t offset, struct names_item *found, size_t max, size_t *ret_count)
{
	struct names_item *all = calloc(n->peers.count + 1, sizeof(*all));
	struct peer_order by = { order, rising };
	size_t count = 0;

	*ret_count = 0;
	for (size_t i = 0; all != NULL && i < n->peers.count; i++) {
		all[count] = item_of_peer(n, peers_of(n) + i);
		count += text == NULL || text[0] == '\0' ||
			 memmem(all[count].text, all[count].len, text, strlen(text)) != NULL;
	}
	if (count > 0)
		qsort_r(all, count, sizeof(*all), compare_items, &by);
	for (size_t i = offset; i < count && *ret_count < max; i++)
		found[(*ret_count)++] = all[i];
	free(all);
	return count;
}

bool names_of_peer(const struct names *n, const struct endpoint *peer, struct names_item *ret_peer,
    size_t offset, struct names_item *found, size_t max, size_t *ret_count, size_t *ret_total)
{
	const struct link *links = n->links.items;
	const struct peer *p;
	struct key part;
	size_t total = 0;
	uint32_t id;

	*ret_count = 0;
	*ret_total = 0;
	key_of_endpoint(&part, peer);
	id = intern_find(&n->peer_numbers, part.bytes, part.len);
	if (id == INTERN_NONE)
		return false;
	p = peers_of(n) + id;
	*ret_peer = item_of_peer(n, p);
	links += p->links_at;
	for (size_t i = 0; i < p->link_count && !n->links_cut; i++) {
		bool more = i > 0 && links[i - 1].target == links[i].target;

		total += !more;
		if (total <= offset || total > offset + max)
			continue;
		if (!more) {
			found[*ret_count] = item_of_target(n, targets_of(n) + links[i].target);
			found[(*ret_count)++].contacts = 0;
		}
		found[*ret_count - 1].contacts += links[i].contacts;
	}
	*ret_total = total;
	return true;
}
