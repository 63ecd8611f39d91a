/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a segment comes into its folder: written under a temporary name, synced, renamed, and only
 * then named by the manifest. A writer that is stopped at any point leaves files that no manifest
 * names; the next writer deletes them. Readers never do: they may have an older manifest.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "haystack/store.h"

#define NAME_TRIES 1000

bool store_file_new(int dir, const char *dir_name, struct store_file *ret, struct err *reterr)
{
	for (unsigned i = 0; i < NAME_TRIES; i++) {
		(void)snprintf(ret->name, sizeof(ret->name), TEMPORARY_PREFIX "%u", i);
		ret->fd = openat(dir, ret->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (ret->fd >= 0)
			return true;
		if (errno != EEXIST)
			break;
	}
	err_set(reterr, ERR_SYSTEM, "cannot make a file in '%s': %s", dir_name, strerror(errno));
	return false;
}

void store_file_discard(struct store_file *f, int dir)
{
	if (f->fd < 0)
		return;
	(void)close(f->fd);
	(void)unlinkat(dir, f->name, 0);
	f->fd = -1;
}

bool store_file_keep(struct store_file *f, int dir, const char *dir_name,
    const struct segment_info *info, struct err *reterr)
{
	char name[MANIFEST_FILE_MAX];

	manifest_file_name(info, name);
	if (fsync(f->fd) != 0 || renameat(dir, f->name, dir, name) != 0 || fsync(dir) != 0) {
		err_set(reterr, ERR_SYSTEM, "cannot write '%s/%s': %s", dir_name, name,
		    strerror(errno));
		store_file_discard(f, dir);
		return false;
	}
	(void)close(f->fd);
	f->fd = -1;
	return true;
}

static bool is_named(const struct manifest *m, const char *file)
{
	char name[MANIFEST_FILE_MAX];

	for (size_t i = 0; i < m->count; i++) {
		manifest_file_name(&m->segments[i].info, name);
		if (strcmp(name, file) == 0)
			return true;
	}
	return false;
}

void store_clean(int dir, const struct manifest *m)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (list == NULL) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	/* what cannot be deleted does no harm */
	while ((entry = readdir(list)) != NULL) {
		size_t len = strlen(entry->d_name);
		bool is_temporary =
		    strncmp(entry->d_name, TEMPORARY_PREFIX, sizeof(TEMPORARY_PREFIX) - 1) == 0;
		bool is_segment =
		    len == MANIFEST_FILE_MAX - 1 && strcmp(entry->d_name + len - 5, ".mtbl") == 0;

		if (is_temporary || (is_segment && !is_named(m, entry->d_name)))
			(void)unlinkat(dir, entry->d_name, 0);
	}
	(void)closedir(list);
}
