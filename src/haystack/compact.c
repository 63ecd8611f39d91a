/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Merging segments. Ranges of keys are merged side by side into runs without a name, and the runs
 * are then written one behind the other: the file is the same whatever the number of threads.
 */
#include <stdlib.h>

#include "base/parallel.h"
#include "base/size.h"
#include "haystack/store.h"

/* More ranges than threads, so that an uneven one holds up less. */
#define RANGES_PER_JOB 4u

static const uint8_t tags[] = { KEY_TAG_FACT, KEY_TAG_REVERSE, KEY_TAG_SERIES }; /* in key order */

struct compaction {
	struct haystack *h; /* of the chosen segments alone */
	unsigned parts;
	struct segment *runs; /* of each tag, of each part */
};

/* The smallest ones. */
static void choose(const struct haystack *h, size_t count, bool *chosen)
{
	for (size_t n = 0; n < count; n++) {
		size_t best = SIZE_MAX;

		for (size_t i = 0; i < h->manifest.count; i++)
			if (!chosen[i] && (best == SIZE_MAX ||
					      h->segments[i].file.len < h->segments[best].file.len))
				best = i;
		chosen[best] = true;
	}
}

static bool copy_range(struct haystack *h, const struct haystack_range *range,
    struct segment_writer *out, struct err *reterr)
{
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	bool end = false;
	bool ok = haystack_scan_new(h, range, &scan, reterr);

	while (ok) {
		ok = haystack_scan_next(scan, &e, &end, reterr);
		if (!ok || end)
			break;
		ok = segment_writer_add(out, e.key, e.key_len, e.value, e.value_len, reterr);
	}
	haystack_scan_free(scan);
	return ok;
}

static bool copy_all(struct haystack *h, struct segment_writer *out, struct err *reterr)
{
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		struct haystack_range range = { .tag = tags[i], .parts = 1 };

		if (!copy_range(h, &range, out, reterr))
			return false;
	}
	return true;
}

static bool merge_part(size_t i, void *context, struct err *reterr)
{
	struct compaction *c = context;
	struct haystack_range range = {
		.tag = tags[i / c->parts], .part = (unsigned)(i % c->parts), .parts = c->parts
	};
	struct store_file file = { .fd = -1 };
	struct segment_writer *out = NULL;
	struct segment_info info;
	bool ok;

	if (!store_file_new(c->h->dir, c->h->dir_name, &file, reterr))
		return false;
	ok = segment_writer_new(file.fd, c->h->dir_name, &out, reterr) &&
	     copy_range(c->h, &range, out, reterr) && segment_writer_finish(out, &info, reterr) &&
	     segment_open(file.fd, c->h->dir_name, &c->runs[i], reterr);
	segment_writer_free(out);
	store_file_discard(&file, c->h->dir);
	return ok;
}

static bool copy_runs(const struct compaction *c, struct segment_writer *out, struct err *reterr)
{
	const struct key none = { .len = 0 };

	for (size_t i = 0; i < COUNT_OF(tags) * c->parts; i++) {
		struct segment_iter it;

		if (!segment_iter_init(&it, &c->runs[i], &none, &none, reterr))
			return false;
		while (it.block.value != NULL) {
			if (!segment_writer_add(out, it.block.key.bytes, it.block.key.len,
				it.block.value, it.block.value_len, reterr) ||
			    !segment_iter_next(&it, reterr))
				return false;
		}
	}
	return true;
}

static bool merge_parts(
    struct haystack *h, unsigned jobs, struct segment_writer *out, struct err *reterr)
{
	struct compaction c = { .h = h, .parts = jobs * RANGES_PER_JOB };
	size_t count = COUNT_OF(tags) * c.parts;
	bool ok;

	c.runs = calloc(count, sizeof(*c.runs));
	if (c.runs == NULL) {
		err_set_memory(reterr);
		return false;
	}
	ok = parallel_for(jobs, count, merge_part, &c, reterr) && copy_runs(&c, out, reterr);
	for (size_t i = 0; i < count; i++)
		segment_close(&c.runs[i]);
	free(c.runs);
	return ok;
}

/* One segment out of those of *group. */
static bool write_merged(
    struct haystack *group, unsigned jobs, struct segment_info *ret, struct err *reterr)
{
	struct store_file file = { .fd = -1 };
	struct segment_writer *out = NULL;
	bool ok;

	if (!store_file_new(group->dir, group->dir_name, &file, reterr))
		return false;
	ok = segment_writer_new(file.fd, group->dir_name, &out, reterr) &&
	     (jobs > 1 ? merge_parts(group, jobs, out, reterr) : copy_all(group, out, reterr)) &&
	     segment_writer_finish(out, ret, reterr) &&
	     store_file_keep(&file, group->dir, group->dir_name, ret, reterr);
	segment_writer_free(out);
	store_file_discard(&file, group->dir);
	return ok;
}

/* What the manifest is to say once the group has become one segment. */
static bool replace(const struct haystack *h, const bool *chosen, const struct haystack *group,
    const struct segment_info *merged, struct manifest *ret, struct err *reterr)
{
	for (size_t i = 0; i < h->manifest.count; i++) {
		const struct manifest_segment *s = &h->manifest.segments[i];

		if (!chosen[i] && !manifest_add(ret, &s->info, s->sources, s->source_count, reterr))
			return false;
	}
	return manifest_add(ret, merged, group->sources, group->source_count, reterr);
}

bool haystack_compact(struct haystack *h, size_t max_segments, unsigned jobs, struct err *reterr)
{
	bool ok = false;
	struct haystack group = { .dir = h->dir, .dir_name = h->dir_name };
	struct manifest next = { .segments = NULL };
	size_t keep = max_segments == 0 ? 1 : max_segments;
	bool *chosen = calloc(size_add(h->manifest.count, 1), sizeof(*chosen));
	struct segment_info merged;

	if (chosen == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (h->manifest.count <= keep) {
		ok = true;
		goto out;
	}
	choose(h, h->manifest.count - keep + 1, chosen);
	if (!store_borrow(h, chosen, &group, reterr) ||
	    !write_merged(&group, jobs, &merged, reterr) ||
	    !replace(h, chosen, &group, &merged, &next, reterr) ||
	    !manifest_store(&next, h->dir, h->dir_name, reterr))
		goto out;
	store_clean(h->dir, &next);
	ok = store_reload(h, true, &merged.digest, reterr);
out:
	store_return(&group);
	manifest_release(&next);
	free(chosen);
	return ok;
}
