/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The insides of an open haystack, for the files of this folder. */
#ifndef HAYSTACK_STORE_H
#define HAYSTACK_STORE_H

#include "haystack/haystack.h"
#include "haystack/manifest.h"
#include "haystack/merge.h"

#define TEMPORARY_PREFIX "tmp-"

struct store_segment {
	struct segment file;
	uint32_t *map; /* its sources to those of all segments; owned */
	bool identity; /* the map changes nothing */
};

struct haystack {
	int dir;
	char *dir_name;
	struct manifest manifest;
	struct store_segment *segments; /* one for each of the manifest's */
	struct digest *sources;         /* of all segments, sorted, each once */
	size_t source_count;
};

/* Open folder dir, which is made when it is not there. */
bool store_open_dir(const char *dir, int *ret, struct err *reterr) MUST_USE;

/*
 * Read the manifest again. Segments that are open and still named stay open; fresh, which may be
 * NULL, was just written by ourselves and is not read back for its digest.
 */
bool store_reload(struct haystack *h, bool check_digests, const struct digest *fresh,
    struct err *reterr) MUST_USE;

/* The segment as an input of a merge. Borrowed from h. */
struct merge_input store_input(const struct haystack *h, size_t i);

/*
 * A haystack of the chosen segments alone; *ret has its folder set and is zero otherwise. It must
 * be given back, also after a failure, before h is changed.
 */
bool store_borrow(const struct haystack *h, const bool *chosen, struct haystack *ret,
    struct err *reterr) MUST_USE;
void store_return(struct haystack *borrowed);

/* Delete what no manifest names: the remains of a writer that was stopped. */
void store_clean(int dir, const struct manifest *m);

/* A new segment file that does not have its name yet. */
struct store_file {
	int fd;
	char name[40]; /* in the folder */
};
bool store_file_new(
    int dir, const char *dir_name, struct store_file *ret, struct err *reterr) MUST_USE;

/* Sync it and give it its name. Closes it, whatever comes. */
bool store_file_keep(struct store_file *f, int dir, const char *dir_name,
    const struct segment_info *info, struct err *reterr) MUST_USE;

/* Close and delete it. No-op when it was kept. */
void store_file_discard(struct store_file *f, int dir);

#endif
