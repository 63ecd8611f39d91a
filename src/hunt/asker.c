/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/asker.h"

#include <stdlib.h>
#include <string.h>

#include "base/stamp.h"
#include "hunt/walk.h"

#define TYPE_PTR       12
#define REVERSE_NS     (10 * NS_PER_S) /* a look-up of the address so shortly before */
#define DOWNGRADES_MAX 3

static const char reversed[] =
    "the asker looked up the address itself in the ten seconds before, as mail receivers do";
static const char named[] = "the reverse record of its address named it already";
static const char sent[] = "it sent mail, which makes receivers ask for its name by themselves";

static bool has_peer(const struct succession_name *n, uint32_t peer)
{
	for (size_t i = 0; i < n->peer_count; i++)
		if (n->peers[i] == peer)
			return true;
	return false;
}

/* Of the names that were born and are as popular, how many did a peer of the old one ask first? */
static double chance_of(const struct asker_input *in)
{
	const struct kinship *k = in->kinship;
	unsigned band = succession_band(k->names[in->born].contacts);
	uint64_t all = 0, first = 0;

	for (size_t i = 0; i < k->count; i++) {
		if (!k->names[i].born || succession_band(k->names[i].contacts) != band)
			continue;
		all++;
		first += has_peer(&k->names[in->died], k->kin[i].first_asker);
	}
	return (double)first / (double)all;
}

/* Is this contact of a target the one that is looked for? */
typedef bool wanted_fn(
    const struct asker_input *in, const struct walk_series *s, const struct series_row *row);

/* Did the first asker look for the reverse record just before? */
static bool is_reverse_query(
    const struct asker_input *in, const struct walk_series *s, const struct series_row *row)
{
	const struct kin *born = &in->kinship->kin[in->born];
	struct interned asker = intern_get(&in->funnel->peers, born->first_asker);
	int64_t before = born->asked_ns - row->time_ns;

	return s->peer_len == asker.len && memcmp(s->peer, asker.bytes, asker.len) == 0 &&
	       before >= 0 && before <= REVERSE_NS;
}

/* Is it mail from the target? */
static bool is_mail(
    const struct asker_input *in, const struct walk_series *s, const struct series_row *row)
{
	(void)in;
	return (s->kind == KIND_MAIL || s->kind == KIND_SMTP) && row->traits >> 2 == DIRECTION_IN;
}

/* Set *ret where the target has such a contact, else leave it. */
static bool find_contact(const struct asker_input *in, const struct endpoint *target,
    wanted_fn *is_wanted, bool *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct series_rows rows = { .rows = NULL };
	struct walk_series s;
	struct walk *w = NULL;
	struct key prefix;
	bool end = false, ok;

	key_of_target(&prefix, range.tag, target);
	range.prefix = &prefix;
	ok = walk_new(in->haystack, &range, &w, reterr);
	while (ok && (ok = walk_next(w, &s, &end, reterr)) && !end) {
		rows.count = 0;
		ok = series_decode(s.value, s.value_len, &rows, reterr);
		for (size_t i = 0; i < rows.count && ok; i++)
			*ret = *ret || is_wanted(in, &s, &rows.rows[i]);
	}
	walk_free(w);
	series_rows_release(&rows);
	return ok;
}

/* Did the reverse record say the name before it was asked for? */
static bool find_reverse_record(const struct asker_input *in, const struct endpoint *reverse,
    const struct endpoint *born, bool *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_FACT, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	struct factset set;
	struct key prefix;
	struct fact f;
	bool end = false, ok;

	key_of_target(&prefix, range.tag, reverse);
	range.prefix = &prefix;
	ok = haystack_scan_new(in->haystack, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &e, &end, reterr)) && !end)
		if (key_read_fact(e.key, e.key_len, &f) && f.type == TYPE_PTR &&
		    endpoint_cmp(&f.data, born) == 0 &&
		    factset_decode(e.value, e.value_len, &set) &&
		    set.first_ns < in->kinship->kin[in->born].asked_ns)
			*ret = true;
	haystack_scan_free(scan);
	return ok;
}

static bool list_downgrades(const struct asker_input *in, struct arena *memory,
    struct succession_entry *ret, struct err *reterr)
{
	const struct kin *born = &in->kinship->kin[in->born];
	size_t addresses = in->kinship->names[in->born].address_count;
	const char **list = arena_alloc(memory, DOWNGRADES_MAX * sizeof(*list));
	bool asked = false, names_it = false, mail = false;
	struct endpoint target, at;

	if (list == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!kin_target(born, &target, reterr) ||
	    !find_contact(in, &target, is_mail, &mail, reterr))
		return false;
	for (size_t i = 0; i < addresses; i++) {
		endpoint_from_addr(&at, &born->addresses[i]);
		if (!find_contact(in, &at, is_mail, &mail, reterr))
			return false;
		kin_reverse_name(&born->addresses[i], &at);
		if (!find_contact(in, &at, is_reverse_query, &asked, reterr) ||
		    !find_reverse_record(in, &at, &target, &names_it, reterr))
			return false;
	}
	ret->downgrades = list;
	if (asked)
		list[ret->downgrade_count++] = reversed;
	if (names_it)
		list[ret->downgrade_count++] = named;
	if (mail)
		list[ret->downgrade_count++] = sent;
	return true;
}

bool asker_fill(const struct asker_input *in, struct arena *memory, struct succession_entry *ret,
    struct err *reterr)
{
	const struct kin *born = &in->kinship->kin[in->born];
	struct interned asker = intern_get(&in->funnel->peers, born->first_asker);
	struct contact c;
	struct key key = { .len = 0 };

	/* a key that ends with the peer reads it */
	memcpy(key.bytes, born->key, born->target_len + 3);
	memcpy(key.bytes + born->target_len + 3, asker.bytes, asker.len);
	if (!key_read_series(key.bytes, born->target_len + 3 + asker.len, &c)) {
		err_set(reterr, ERR_DAMAGED, "the haystack holds a key that cannot be read");
		return false;
	}
	ret->asker_known = true;
	ret->first_asker = c.peer;
	ret->asker_shared = has_peer(&in->kinship->names[in->died], born->first_asker);
	ret->first_asker_p = ret->asker_shared ? chance_of(in) : 1;
	return list_downgrades(in, memory, ret, reterr);
}
