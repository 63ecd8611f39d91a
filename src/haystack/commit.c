/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes to a haystack: a new segment is written and synced first, then named by the manifest.
 * What the old manifest named and the new one does not is deleted last.
 */
#include <stdlib.h>

#include "haystack/writer.h"

static bool write_segment(struct haystack *h, struct haystack_writer *w,
    const struct digest *sources, size_t count, struct segment_info *ret, struct err *reterr)
{
	struct store_file file = { .fd = -1 };
	struct segment_writer *out = NULL;
	bool ok;

	if (!store_file_new(h->dir, h->dir_name, &file, reterr))
		return false;
	ok = segment_writer_new(file.fd, h->dir_name, &out, reterr) &&
	     writer_write(w, sources, count, out, reterr) &&
	     segment_writer_finish(out, ret, reterr) &&
	     store_file_keep(&file, h->dir, h->dir_name, ret, reterr);
	segment_writer_free(out);
	store_file_discard(&file, h->dir);
	return ok;
}

bool haystack_commit(struct haystack *h, struct haystack_writer *w, struct err *reterr)
{
	bool ok = false;
	struct manifest next = { .segments = NULL };
	struct digest *sources = NULL;
	size_t count = 0;
	struct segment_info info;

	if (!writer_sources(w, &sources, &count, reterr))
		return false;
	if (count == 0) {
		ok = true;
		goto out;
	}
	for (size_t i = 0; i < count; i++) {
		if (haystack_has_source(h, &sources[i])) {
			err_set(reterr, ERR_USAGE, "a source is in '%s' already", h->dir_name);
			goto out;
		}
	}
	if (!manifest_load(h->dir, h->dir_name, &next, reterr) ||
	    !write_segment(h, w, sources, count, &info, reterr) ||
	    !manifest_add(&next, &info, sources, count, reterr) ||
	    !manifest_store(&next, h->dir, h->dir_name, reterr))
		goto out;
	ok = store_reload(h, true, &info.digest, reterr);
out:
	writer_clear(w);
	manifest_release(&next);
	free(sources);
	return ok;
}
