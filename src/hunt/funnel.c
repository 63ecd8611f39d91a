/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The haystack is cut into a fixed number of parts between targets, so that every name lies
 * whole in one part and the outcome is the same for any number of threads: each part fills its
 * own tables, which are then joined in the order of the parts. Sums over shares are sums of
 * integers until the last step, so their order does not matter either.
 */
#include "hunt/funnel.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/parallel.h"
#include "base/size.h"
#include "base/stamp.h"
#include "hunt/days.h"
#include "hunt/walk.h"

/* Many more than threads, so that none waits long for the last; few enough to join quickly. */
#define FUNNEL_PARTS 64

uint64_t funnel_days(const struct funnel *f)
{
	return (uint64_t)(stamp_day(f->last_ns) - stamp_day(f->first_ns)) + 1;
}

bool funnel_hunts(uint8_t kind)
{
	static const bool hunted[] = {
		[KIND_DNS] = true,
		[KIND_MDNS] = false,
		[KIND_LLMNR] = false,
		[KIND_SMTP] = true,
		[KIND_MAIL] = true,
		[KIND_CONN] = true,
	};

	return kind < COUNT_OF(hunted) && hunted[kind];
}

bool funnel_is_mail(uint8_t kind, uint16_t type)
{
	return kind == KIND_SMTP || kind == KIND_MAIL || (kind == KIND_CONN && type != 0);
}

uint8_t funnel_ttl_class(uint32_t ttl)
{
	static const uint32_t upto_s[] = { 60, 300, 3600, 86400 };
	uint8_t class = 1;

	if (ttl == TTL_NONE)
		return 0;
	while (class <= COUNT_OF(upto_s) && ttl > upto_s[class - 1])
		class ++;
	return class;
}

/* ---- one part ---- */

/* What a peer adds up to within the name that is under way. */
struct peer_here {
	uint32_t name; /* that it was last seen in, + 1; other names' figures are stale */
	uint64_t contacts;
};

struct part {
	struct name *names;
	size_t name_count;
	size_t name_capacity;
	struct funnel_part kept;
	size_t candidate_capacity;
	struct intern peers;
	struct peer_total *totals;
	struct peer_here *here;
	size_t peer_capacity;
	struct coverage coverage;
	struct coverage mail;
	uint64_t contacts;
	int64_t first_ns;
	int64_t last_ns;
	uint8_t digits;

	/* the group under way */
	uint8_t group[KEY_MAX];
	size_t group_len;
	uint32_t *group_peers;
	size_t group_peer_count;
	size_t group_peer_capacity;
	struct days days;
	struct series_rows rows;
	uint64_t type_contacts; /* of the type under way */
	uint64_t most_contacts; /* of the type in the name's line */
	uint32_t type_ttl;      /* largest of the type under way, TTL_NONE if unknown */
	uint16_t type;
};

static void part_release(struct part *p)
{
	free(p->names);
	free(p->kept.candidates);
	buf_release(&p->kept.keys);
	intern_release(&p->peers);
	free(p->totals);
	free(p->here);
	coverage_release(&p->coverage);
	coverage_release(&p->mail);
	free(p->group_peers);
	days_release(&p->days);
	series_rows_release(&p->rows);
	*p = (struct part){ 0 };
}

/* Make room for one more; keeps the old array on failure. */
static bool grow(void **items, size_t count, size_t *capacity, size_t item_bytes)
{
	size_t wanted = *capacity < 64 ? 64 : size_mul(*capacity, 2);
	void *grown;

	if (count < *capacity)
		return true;
	grown = realloc(*items, size_mul(wanted, item_bytes));
	if (grown == NULL)
		return false;
	*items = grown;
	*capacity = wanted;
	return true;
}

static bool open_group(struct part *p, const struct walk_series *s)
{
	void *names = p->names;
	bool ok = grow(&names, p->name_count, &p->name_capacity, sizeof(*p->names));

	p->names = names;
	if (!ok)
		return false;
	p->names[p->name_count++] =
	    (struct name){ .kind = s->kind, .first_ns = INT64_MAX, .last_ns = INT64_MIN };
	memcpy(p->group, s->key, s->group_len);
	p->group_len = s->group_len;
	p->group_peer_count = 0;
	days_clear(&p->days);
	p->type = s->type;
	p->type_contacts = 0;
	p->most_contacts = 0;
	p->type_ttl = TTL_NONE;
	return true;
}

/* The figures of a type are complete: is it the one that stands for the name? */
static void close_type(struct part *p, struct name *n)
{
	if (p->type_contacts > p->most_contacts) {
		p->most_contacts = p->type_contacts;
		n->type = p->type;
		n->ttl_class = funnel_ttl_class(p->type_ttl);
	}
	p->type_contacts = 0;
	p->type_ttl = TTL_NONE;
}

/* Room for what is known of peer number id, which may be new. */
static bool reserve_peer(struct part *p, uint32_t id)
{
	size_t old = p->peer_capacity, totals_capacity = old, here_capacity = old;
	void *totals = p->totals, *here = p->here;
	bool ok;

	if (id < old)
		return true;
	ok = grow(&totals, old, &totals_capacity, sizeof(*p->totals)) &&
	     grow(&here, old, &here_capacity, sizeof(*p->here));
	p->totals = totals;
	p->here = here;
	if (!ok)
		return false;
	memset(p->totals + old, 0, (totals_capacity - old) * sizeof(*p->totals));
	memset(p->here + old, 0, (here_capacity - old) * sizeof(*p->here));
	p->peer_capacity = totals_capacity;
	return true;
}

static bool add_peer(struct part *p, const struct walk_series *s, uint64_t contacts)
{
	void *group_peers = p->group_peers;
	struct peer_here *here;
	uint32_t id;
	bool ok;

	if (!intern_add(&p->peers, s->peer, s->peer_len, &id) || !reserve_peer(p, id))
		return false;
	here = &p->here[id];
	p->totals[id].contacts += contacts;
	if (here->name == p->name_count) {
		here->contacts += contacts;
		return true;
	}
	ok = grow(
	    &group_peers, p->group_peer_count, &p->group_peer_capacity, sizeof(*p->group_peers));
	p->group_peers = group_peers;
	if (!ok)
		return false;
	p->group_peers[p->group_peer_count++] = id;
	p->totals[id].names++;
	*here = (struct peer_here){ .name = (uint32_t)p->name_count, .contacts = contacts };
	return true;
}

static bool add_times(struct part *p, const struct walk_series *s, bool hunted, struct err *reterr)
{
	const bool mail = funnel_is_mail(s->kind, s->type);

	p->rows.count = 0;
	if (!series_decode(s->value, s->value_len, &p->rows, reterr))
		return false;
	series_view(&p->rows);
	for (size_t i = 0; i < p->rows.count; i++) {
		int64_t t = p->rows.rows[i].time_ns;

		if (!coverage_add(&p->coverage, t) || (mail && !coverage_add(&p->mail, t)) ||
		    (hunted && !days_add(&p->days, stamp_day(t)))) {
			err_set_memory(reterr);
			return false;
		}
	}
	return true;
}

static void add_span(struct part *p, const struct series_summary *sum)
{
	if (p->contacts == 0 || sum->first_ns < p->first_ns)
		p->first_ns = sum->first_ns;
	if (p->contacts == 0 || sum->last_ns > p->last_ns)
		p->last_ns = sum->last_ns;
	if (sum->digits > p->digits)
		p->digits = sum->digits;
	p->contacts += sum->contacts;
}

static bool add_series(struct part *p, const struct walk_series *s, struct err *reterr)
{
	struct cursor value = cursor_of(s->value, s->value_len);
	bool hunted = funnel_hunts(s->kind);
	struct series_summary sum;
	struct name *n;

	if (!series_read_summary(&value, &sum)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a series that cannot be read: %s",
		    value.err == NULL ? "bad summary" : value.err);
		return false;
	}
	add_span(p, &sum);
	if (!add_times(p, s, hunted, reterr))
		return false;
	if (!hunted)
		return true;
	n = &p->names[p->name_count - 1];
	if (s->type != p->type) {
		close_type(p, n);
		p->type = s->type;
	}
	p->type_contacts += sum.contacts;
	if (sum.ttl_max != TTL_NONE && (p->type_ttl == TTL_NONE || sum.ttl_max > p->type_ttl))
		p->type_ttl = sum.ttl_max;
	n->contacts += sum.contacts;
	n->first_ns = sum.first_ns < n->first_ns ? sum.first_ns : n->first_ns;
	n->last_ns = sum.last_ns > n->last_ns ? sum.last_ns : n->last_ns;
	n->visits =
	    sum.visits > UINT32_MAX - n->visits ? UINT32_MAX : n->visits + (uint32_t)sum.visits;
	if (!add_peer(p, s, sum.contacts)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}

/* N^2 / sum n_j^2. The peers come in the order of their keys: the same sum in every run. */
static double effective_peers(const struct part *p, uint64_t contacts)
{
	double squares = 0;

	for (size_t i = 0; i < p->group_peer_count; i++) {
		double n = (double)p->here[p->group_peers[i]].contacts;

		squares += n * n;
	}
	return squares > 0 ? (double)contacts * (double)contacts / squares : 0;
}

static bool keep_candidate(struct part *p)
{
	void *candidates = p->kept.candidates;
	bool ok = grow(&candidates, p->kept.candidate_count, &p->candidate_capacity,
	    sizeof(*p->kept.candidates));

	p->kept.candidates = candidates;
	if (!ok)
		return false;
	p->kept.candidates[p->kept.candidate_count++] = (struct candidate){
		.name = (uint32_t)p->name_count - 1,
		.key_len = (uint32_t)p->group_len,
		.key_at = p->kept.keys.len,
	};
	buf_put(&p->kept.keys, p->group, p->group_len);
	return buf_ok(&p->kept.keys);
}

static bool close_group(struct part *p, bool keep_all)
{
	struct name *n;

	if (p->group_len == 0)
		return true;
	n = &p->names[p->name_count - 1];
	close_type(p, n);
	n->peers = (uint32_t)p->group_peer_count;
	n->days = days_count(&p->days);
	n->d2 = effective_peers(p, n->contacts);
	if ((keep_all || (n->visits >= ELIGIBLE_VISITS && n->days >= ELIGIBLE_DAYS &&
			     n->d2 <= ELIGIBLE_D2)) &&
	    !keep_candidate(p))
		return false;
	p->group_len = 0;
	return true;
}

/* ---- all parts ---- */

struct scan {
	struct haystack *haystack;
	const struct funnel_settings *settings;
	struct part *parts;
	unsigned part_count;
	uint64_t hash_seed;
	struct phase phase;
};

static bool read_part(struct scan *scan, struct part *p, struct walk *w, struct err *reterr)
{
	bool keep_all = scan->settings->prefix != NULL;
	struct walk_series s;
	bool end;

	for (;;) {
		if (!walk_next(w, &s, &end, reterr))
			return false;
		if ((end || s.opens) && !close_group(p, keep_all))
			break;
		if (end)
			return true;
		if (s.opens && funnel_hunts(s.kind) && !open_group(p, &s))
			break;
		if (!add_series(p, &s, reterr))
			return false;
	}
	err_set_memory(reterr);
	return false;
}

static bool scan_part(size_t i, void *context, struct err *reterr)
{
	struct scan *scan = context;
	struct part *p = &scan->parts[i];
	struct haystack_range range = { .tag = KEY_TAG_SERIES,
		.prefix = scan->settings->prefix,
		.part = (unsigned)i,
		.parts = scan->part_count };
	struct walk *w = NULL;
	bool ok;

	intern_init(&p->peers, scan->hash_seed, scan->settings->memory_bytes);
	buf_init(&p->kept.keys, SIZE_MAX);
	if (!walk_new(scan->haystack, &range, &w, reterr))
		return false;
	ok = read_part(scan, p, w, reterr);
	walk_free(w);
	/* what is needed no more, so that sixty-four of them are not held at once */
	series_rows_release(&p->rows);
	days_release(&p->days);
	free(p->here);
	p->here = NULL;
	free(p->group_peers);
	p->group_peers = NULL;
	phase_step(&scan->phase);
	return ok;
}

/* Names of the part go to the end of the table; its candidates now count from the table's start. */
static void join_names(struct funnel *f, struct part *p)
{
	for (size_t i = 0; i < p->kept.candidate_count; i++)
		p->kept.candidates[i].name += (uint32_t)f->name_count;
	if (p->name_count > 0)
		memcpy(f->names + f->name_count, p->names, p->name_count * sizeof(*p->names));
	f->name_count += p->name_count;
	free(p->names);
	p->names = NULL;
}

static bool join_peers(struct funnel *f, struct part *p, size_t *capacity)
{
	for (uint32_t i = 0; i < p->peers.count; i++) {
		struct interned peer = intern_get(&p->peers, i);
		void *totals = f->peer_totals;
		uint32_t id;
		bool ok;

		if (!intern_add(&f->peers, peer.bytes, peer.len, &id))
			return false;
		ok = grow(&totals, id, capacity, sizeof(*f->peer_totals));
		f->peer_totals = totals;
		if (!ok)
			return false;
		if (id == f->peer_count)
			f->peer_totals[f->peer_count++] = (struct peer_total){ 0 };
		f->peer_totals[id].contacts += p->totals[i].contacts;
		f->peer_totals[id].names += p->totals[i].names;
	}
	return true;
}

static void join_span(struct funnel *f, const struct part *p)
{
	if (p->contacts == 0)
		return;
	if (f->contacts == 0 || p->first_ns < f->first_ns)
		f->first_ns = p->first_ns;
	if (f->contacts == 0 || p->last_ns > f->last_ns)
		f->last_ns = p->last_ns;
	if (p->digits > f->digits)
		f->digits = p->digits;
	f->contacts += p->contacts;
}

static bool join(struct funnel *f, struct scan *scan, struct err *reterr)
{
	size_t names = 0, capacity = 0;

	for (unsigned i = 0; i < scan->part_count; i++)
		names += scan->parts[i].name_count;
	if (names >= UINT32_MAX ||
	    size_mul(names, sizeof(*f->names)) > scan->settings->memory_bytes) {
		err_set(reterr, ERR_MEMORY, "%zu names need %zu MiB: give more with --memory",
		    names, names * sizeof(*f->names) >> 20);
		return false;
	}
	f->names = calloc(names + 1, sizeof(*f->names));
	f->parts = calloc(scan->part_count, sizeof(*f->parts));
	if (f->names == NULL || f->parts == NULL)
		goto memory;
	for (f->part_count = 0; f->part_count < scan->part_count;) {
		struct part *p = &scan->parts[f->part_count];

		p->kept.first_name = f->name_count;
		join_names(f, p);
		join_span(f, p);
		if (!join_peers(f, p, &capacity) || !coverage_merge(&f->coverage, &p->coverage) ||
		    !coverage_merge(&f->mail, &p->mail))
			goto memory;
		f->parts[f->part_count++] = p->kept;
		p->kept = (struct funnel_part){ 0 };
		part_release(p);
	}
	return true;
memory:
	err_set_memory(reterr);
	return false;
}

bool funnel_run(struct funnel *f, struct haystack *h, const struct funnel_settings *settings,
    const struct hunt_progress *progress, struct err *reterr)
{
	struct scan scan = { .haystack = h,
		.settings = settings,
		.part_count = settings->prefix == NULL ? FUNNEL_PARTS : 1,
		.hash_seed = hash_seed() };
	bool ok = false;

	*f = (struct funnel){ .prefix = settings->prefix };
	intern_init(&f->peers, scan.hash_seed, settings->memory_bytes);
	scan.parts = calloc(scan.part_count, sizeof(*scan.parts));
	if (scan.parts == NULL) {
		err_set_memory(reterr);
		return false;
	}
	phase_init(&scan.phase, progress, "summaries", scan.part_count);
	if (!parallel_for(settings->jobs, scan.part_count, scan_part, &scan, reterr))
		goto out;
	ok = join(f, &scan, reterr);
out:
	for (unsigned i = 0; i < scan.part_count; i++)
		part_release(&scan.parts[i]);
	free(scan.parts);
	if (!ok)
		funnel_release(f);
	return ok;
}

void funnel_release(struct funnel *f)
{
	for (size_t i = 0; i < f->part_count; i++) {
		free(f->parts[i].candidates);
		buf_release(&f->parts[i].keys);
	}
	free(f->parts);
	free(f->names);
	intern_release(&f->peers);
	free(f->peer_totals);
	coverage_release(&f->coverage);
	coverage_release(&f->mail);
	*f = (struct funnel){ 0 };
}
