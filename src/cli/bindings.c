/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bindings.h"

static bool read_one(
    const struct haystack_entry *e, bool points_here, struct dossier_fact *ret, struct err *reterr)
{
	struct factset set;
	struct fact f;

	if (!key_read_fact(e->key, e->key_len, &f) ||
	    !factset_decode(e->value, e->value_len, &set)) {
		err_set(
		    reterr, ERR_DAMAGED, "a fact of the haystack cannot be read; verify the case");
		return false;
	}
	*ret = (struct dossier_fact){ .points_here = points_here,
		.type = f.type,
		.other = points_here ? f.owner : f.data,
		.count = set.count,
		.first = { set.first_ns, set.digits },
		.last = { set.last_ns, set.digits } };
	return true;
}

/* One direction, to the end of the list. An address may serve a million names: stop when full. */
static bool read_direction(struct haystack *h, const struct endpoint *target, bool points_here,
    struct dossier_fact *list, struct dossier_input *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = points_here ? KEY_TAG_REVERSE : KEY_TAG_FACT,
		.parts = 1 };
	const size_t full = ret->fact_count + DOSSIER_FACTS_MAX;
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	struct key prefix;
	bool end = false, ok;

	key_of_target(&prefix, range.tag, target);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end) {
		if (ret->fact_count == full) {
			ret->facts_cut = true;
			break;
		}
		ok = read_one(&entry, points_here, &list[ret->fact_count], reterr);
		ret->fact_count += ok;
	}
	haystack_scan_free(scan);
	return ok;
}

bool bindings_read(struct haystack *h, const struct endpoint *target, struct arena *memory,
    struct dossier_input *ret, struct err *reterr)
{
	struct dossier_fact *list = arena_alloc(memory, 2 * DOSSIER_FACTS_MAX * sizeof(*list));

	if (list == NULL) {
		err_set_memory(reterr);
		return false;
	}
	ret->facts = list;
	ret->fact_count = 0;
	ret->facts_cut = false;
	return read_direction(h, target, false, list, ret, reterr) &&
	       read_direction(h, target, true, list, ret, reterr);
}
