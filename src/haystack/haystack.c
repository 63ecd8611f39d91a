/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a haystack: the manifest, then each segment that it names, checked before it is mapped. */
#include "haystack/haystack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/size.h"
#include "haystack/store.h"

/* A writer may replace the manifest, and then delete old segments, while we open them. */
#define OPEN_TRIES 4

#define WAY_OUT "re-ingest the evidence into a new case, or restore the file from a backup"

bool store_open_dir(const char *dir, int *ret, struct err *reterr)
{
	if (mkdir(dir, 0777) != 0 && errno != EEXIST) {
		err_set(reterr, ERR_SYSTEM, "cannot make folder '%s': %s", dir, strerror(errno));
		return false;
	}
	*ret = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*ret < 0)
		err_set(reterr, ERR_SYSTEM, "cannot open folder '%s': %s", dir, strerror(errno));
	return *ret >= 0;
}

/* What a manifest opens; the folder stays. */
static void close_segments(struct haystack *h)
{
	for (size_t i = 0; h->segments != NULL && i < h->manifest.count; i++) {
		segment_close(&h->segments[i].file);
		free(h->segments[i].map);
	}
	free(h->segments);
	free(h->sources);
	manifest_release(&h->manifest);
	h->segments = NULL;
	h->sources = NULL;
}

void haystack_close(struct haystack *h)
{
	if (h == NULL)
		return;
	close_segments(h);
	if (h->dir >= 0)
		(void)close(h->dir);
	free(h->dir_name);
	free(h);
}

static bool damaged(const char *path, const char *why, struct err *reterr)
{
	err_set(reterr, ERR_DAMAGED, "segment '%s' is damaged: %s; " WAY_OUT, path, why);
	return false;
}

/* Length, and digest where asked for, before anything maps the file. */
static bool check_file(int fd, const char *path, const struct segment_info *info, bool check_digest,
    struct err *reterr)
{
	struct digest is;
	uint64_t bytes;
	struct stat st;

	if (fstat(fd, &st) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
		return false;
	}
	if (st.st_size < 0 || (uint64_t)st.st_size != info->bytes)
		return damaged(path, "its length is not that in the manifest", reterr);
	if (!check_digest)
		return true;
	if (!digest_file(path, &is, &bytes, reterr))
		return false;
	if (digest_cmp(&is, &info->digest) != 0)
		return damaged(path, "its digest is not that in the manifest", reterr);
	return true;
}

static bool open_segment(const struct haystack *h, const struct segment_info *info,
    bool check_digest, struct segment *ret, bool *ret_missing, struct err *reterr)
{
	char name[MANIFEST_FILE_MAX];
	char path[4096];
	bool ok;
	int fd;

	manifest_file_name(info, name);
	(void)snprintf(path, sizeof(path), "%s/%s", h->dir_name, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		*ret_missing = errno == ENOENT;
		if (*ret_missing)
			return damaged(path, "it is not there", reterr);
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	ok =
	    check_file(fd, path, info, check_digest, reterr) && segment_open(fd, path, ret, reterr);
	(void)close(fd);
	return ok;
}

/* Hand over the segment if the old state has it open. */
static bool take_open(struct haystack *old, const struct digest *digest, struct segment *ret)
{
	for (size_t i = 0; i < old->manifest.count; i++) {
		if (old->segments[i].file.map == NULL ||
		    digest_cmp(&old->manifest.segments[i].info.digest, digest) != 0)
			continue;
		*ret = old->segments[i].file;
		old->segments[i].file.map = NULL;
		return true;
	}
	return false;
}

static int compare_digests(const void *a, const void *b)
{
	return digest_cmp(a, b);
}

static bool gather_sources(struct haystack *h, struct err *reterr)
{
	size_t total = 0;
	size_t kept = 0;

	for (size_t i = 0; i < h->manifest.count; i++)
		total = size_add(total, h->manifest.segments[i].source_count);
	h->sources = calloc(size_add(total, 1), sizeof(*h->sources));
	if (h->sources == NULL) {
		err_set_memory(reterr);
		return false;
	}
	total = 0;
	for (size_t i = 0; i < h->manifest.count; i++)
		for (size_t j = 0; j < h->manifest.segments[i].source_count; j++)
			h->sources[total++] = h->manifest.segments[i].sources[j];
	qsort(h->sources, total, sizeof(*h->sources), compare_digests);
	for (size_t i = 0; i < total; i++)
		if (kept == 0 || digest_cmp(&h->sources[kept - 1], &h->sources[i]) != 0)
			h->sources[kept++] = h->sources[i];
	h->source_count = kept;
	return true;
}

static size_t find_source(const struct haystack *h, const struct digest *d)
{
	const struct digest *at =
	    bsearch(d, h->sources, h->source_count, sizeof(*h->sources), compare_digests);

	return at == NULL ? SIZE_MAX : (size_t)(at - h->sources);
}

static bool map_sources(struct haystack *h, struct err *reterr)
{
	for (size_t i = 0; i < h->manifest.count; i++) {
		const struct manifest_segment *m = &h->manifest.segments[i];
		struct store_segment *s = &h->segments[i];

		s->map = calloc(size_add(m->source_count, 1), sizeof(*s->map));
		if (s->map == NULL) {
			err_set_memory(reterr);
			return false;
		}
		s->identity = true;
		for (size_t j = 0; j < m->source_count; j++) {
			s->map[j] = (uint32_t)find_source(h, &m->sources[j]);
			s->identity = s->identity && s->map[j] == j;
		}
	}
	return true;
}

/* Open everything anew into *h, whose folder is set, with what *old has open. */
static bool load(struct haystack *h, struct haystack *old, bool check_digests,
    const struct digest *fresh, bool *ret_missing, struct err *reterr)
{
	*ret_missing = false;
	if (!manifest_load(h->dir, h->dir_name, &h->manifest, reterr))
		return false;
	h->segments = calloc(size_add(h->manifest.count, 1), sizeof(*h->segments));
	if (h->segments == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < h->manifest.count; i++) {
		const struct segment_info *info = &h->manifest.segments[i].info;
		bool known = fresh != NULL && digest_cmp(fresh, &info->digest) == 0;

		if (!take_open(old, &info->digest, &h->segments[i].file) &&
		    !open_segment(h, info, check_digests && !known, &h->segments[i].file,
			ret_missing, reterr))
			return false;
	}
	return gather_sources(h, reterr) && map_sources(h, reterr);
}

bool store_borrow(
    const struct haystack *h, const bool *chosen, struct haystack *ret, struct err *reterr)
{
	size_t at = 0;

	ret->segments = calloc(size_add(h->manifest.count, 1), sizeof(*ret->segments));
	if (ret->segments == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < h->manifest.count; i++) {
		const struct manifest_segment *s = &h->manifest.segments[i];

		if (!chosen[i])
			continue;
		/* they come in the manifest's order, and so they stay */
		if (!manifest_add(&ret->manifest, &s->info, s->sources, s->source_count, reterr))
			return false;
		ret->segments[at++].file = h->segments[i].file;
	}
	return gather_sources(ret, reterr) && map_sources(ret, reterr);
}

void store_return(struct haystack *borrowed)
{
	for (size_t i = 0; borrowed->segments != NULL && i < borrowed->manifest.count; i++)
		borrowed->segments[i].file.map = NULL;
	close_segments(borrowed);
}

bool store_reload(
    struct haystack *h, bool check_digests, const struct digest *fresh, struct err *reterr)
{
	for (int tries = 1;; tries++) {
		struct haystack next = { .dir = h->dir, .dir_name = h->dir_name };
		bool missing;

		if (load(&next, h, check_digests, fresh, &missing, reterr)) {
			close_segments(h);
			*h = next;
			return true;
		}
		/* what was taken over is lost to *h: nothing is open any more */
		close_segments(&next);
		close_segments(h);
		if (!missing || tries == OPEN_TRIES)
			return false;
	}
}

bool haystack_open(const char *dir, bool check_digests, struct haystack **ret, struct err *reterr)
{
	struct haystack *h = calloc(1, sizeof(*h));

	if (h == NULL) {
		err_set_memory(reterr);
		return false;
	}
	h->dir = -1;
	h->dir_name = strdup(dir);
	if (h->dir_name == NULL)
		err_set_memory(reterr);
	if (h->dir_name == NULL || !store_open_dir(dir, &h->dir, reterr) ||
	    !store_reload(h, check_digests, NULL, reterr)) {
		haystack_close(h);
		return false;
	}
	*ret = h;
	return true;
}

size_t haystack_source_count(const struct haystack *h)
{
	return h->source_count;
}

const struct digest *haystack_source(const struct haystack *h, size_t i)
{
	return &h->sources[i];
}

bool haystack_has_source(const struct haystack *h, const struct digest *d)
{
	return find_source(h, d) != SIZE_MAX;
}

size_t haystack_segment_count(const struct haystack *h)
{
	return h->manifest.count;
}

uint64_t haystack_bytes(const struct haystack *h)
{
	uint64_t total = 0;

	for (size_t i = 0; i < h->manifest.count; i++)
		total += h->manifest.segments[i].info.bytes;
	return total;
}

struct merge_input store_input(const struct haystack *h, size_t i)
{
	const struct store_segment *s = &h->segments[i];

	return (struct merge_input){ &s->file, s->map, h->manifest.segments[i].source_count,
		s->identity };
}
