/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a case. The catalogue is SQLite in WAL mode with synchronous=FULL: what case_prepare()
 * wrote outlives a power cut before the haystack's manifest is renamed, so that a manifest never
 * names a source that the catalogue has not heard of.
 */
#include "casefile/case.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "casefile/casefile.h"
#include "casefile/lock.h"
#include "casefile/schema.h"
#include "casefile/sql.h"

#define BUSY_MS       5000
#define ROW_BYTES_MAX (16u << 20)

static char *path_in(const char *dir, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool is_ours(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lock") == 0 ||
	       strcmp(name, "haystack") == 0 || strncmp(name, "catalogue.db", 12) == 0;
}

/* A folder that holds other things is somebody's, not a case that was killed when it was made. */
static bool check_empty(const char *dir, struct err *reterr)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool ours = true;

	if (d == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open case '%s': %s", dir, strerror(errno));
		return false;
	}
	while (ours && (entry = readdir(d)) != NULL)
		ours = is_ours(entry->d_name);
	(void)closedir(d);
	if (!ours)
		err_set(reterr, ERR_USAGE,
		    "'%s' is not a case and not empty; name a new folder with -C", dir);
	return ours;
}

/* The folder, with or without a catalogue, as `create` and what is there allow. */
static bool check_folder(const char *dir, const char *catalogue, bool create, struct err *reterr)
{
	if (access(catalogue, F_OK) == 0)
		return true;
	if (errno != ENOENT && errno != ENOTDIR) {
		err_set(reterr, ERR_SYSTEM, "cannot open case '%s': %s", dir, strerror(errno));
		return false;
	}
	if (!create) {
		err_set(reterr, ERR_USAGE,
		    "no case in '%s'; make one with 'lodestone ingest', or name it with -C", dir);
		return false;
	}
	/* evidence tells who asked whom: for its owner alone */
	if (mkdir(dir, 0700) == 0)
		return true;
	if (errno != EEXIST) {
		err_set(reterr, ERR_SYSTEM, "cannot make case '%s': %s", dir, strerror(errno));
		return false;
	}
	return check_empty(dir, reterr);
}

/* How a name is written in an SQLite URI. */
static char *uri_of(const char *path, const char *query)
{
	static const char digits[] = "0123456789abcdef";
	char *uri = malloc(5 + 3 * strlen(path) + strlen(query) + 1);
	char *at = uri;

	if (uri == NULL)
		return NULL;
	at = stpcpy(at, "file:");
	for (const char *p = path; *p != '\0'; p++) {
		if (*p == '%' || *p == '?' || *p == '#') {
			*at++ = '%';
			*at++ = digits[(unsigned char)*p >> 4];
			*at++ = digits[(unsigned char)*p & 15];
		} else {
			*at++ = *p;
		}
	}
	(void)stpcpy(at, query);
	return uri;
}

/*
 * On a read-only medium SQLite cannot make the shared-memory file that WAL wants. A case that
 * was closed in order has no WAL, and its catalogue can be read as a file that never changes.
 */
static bool open_catalogue(struct casefile *c, const char *path, struct err *reterr)
{
	bool fixed = c->fixed;
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE |
		    (fixed ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
		    (c->write ? SQLITE_OPEN_CREATE : 0);
	char *uri = uri_of(path, fixed ? "?immutable=1" : "");
	bool ok = false;

	if (uri == NULL) {
		err_set_memory(reterr);
	} else if (sqlite3_open_v2(uri, &c->db, flags, NULL) != SQLITE_OK) {
		if (c->db == NULL)
			err_set_memory(reterr);
		else
			err_set(reterr, ERR_SYSTEM, "cannot open catalogue '%s': %s", path,
			    sqlite3_errmsg(c->db));
	} else {
		(void)sqlite3_busy_timeout(c->db, BUSY_MS);
		ok = sql_run(c->db,
			 "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
			 "PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL",
			 reterr) &&
		     (fixed || sql_run(c->db, "PRAGMA journal_mode = WAL", reterr));
	}
	free(uri);
	return ok;
}

/*
 * An older catalogue is brought forward, for which even a reader must be the one writer. On a
 * read-only medium what it lacks is as if it were empty.
 */
static bool migrate(struct casefile *c, struct err *reterr)
{
	int64_t version = 0;
	int fd = -1;
	bool ok;

	if (!schema_version(c->db, &version, reterr))
		return false;
	if (version == (int64_t)schema_step_count)
		return true;
	if (c->fixed && version < (int64_t)schema_step_count)
		return schema_substitute(c->db, version, reterr);
	if (!c->write && version < (int64_t)schema_step_count && !lock_take(c->dir, &fd, reterr))
		return false;
	ok = schema_migrate(c->db, schema_steps, schema_step_count, reterr);
	lock_release(fd);
	return ok;
}

bool case_open(const char *dir, bool create, bool write, struct casefile **ret, struct err *reterr)
{
	struct casefile *c = calloc(1, sizeof(*c));
	char *path = path_in(dir, "catalogue.db");
	bool ok = false;

	if (c == NULL || path == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	c->lock_fd = -1;
	c->write = write;
	c->fixed = !write && access(dir, W_OK) != 0;
	arena_init(&c->row, ROW_BYTES_MAX);
	c->dir = strdup(dir);
	c->haystack_dir = path_in(dir, "haystack");
	if (c->dir == NULL || c->haystack_dir == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!check_folder(dir, path, create, reterr))
		goto out;
	if (write && !lock_take(dir, &c->lock_fd, reterr))
		goto out;
	if (!open_catalogue(c, path, reterr) || !migrate(c, reterr))
		goto out;
	*ret = c;
	c = NULL;
	ok = true;
out:
	case_close(c);
	free(path);
	return ok;
}

void case_close(struct casefile *c)
{
	if (c == NULL)
		return;
	/* rolls back what was not prepared, and folds the WAL in when it is the last to leave */
	(void)sqlite3_close(c->db);
	lock_release(c->lock_fd);
	arena_release(&c->row);
	free(c->haystack_dir);
	free(c->dir);
	free(c);
}

const char *case_haystack_dir(const struct casefile *c)
{
	return c->haystack_dir;
}

bool case_check(struct casefile *c, struct err *reterr)
{
	int64_t faults = 0;

	/* one row that says "ok", or one for each fault */
	if (!sql_number(c->db,
		"SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
		&faults, reterr))
		return false;
	if (faults == 0)
		return true;
	err_set(reterr, ERR_DAMAGED,
	    "catalogue '%s/catalogue.db' is damaged (%lld faults); move it away and ingest the "
	    "same "
	    "evidence again: contacts that are in are kept, not doubled",
	    c->dir, (long long)faults);
	return false;
}

bool case_add_run(struct casefile *c, const char *settings_json, const char *version, uint64_t seed,
    struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	char number[24];
	bool ok;

	if (!sql_prepare(
		c->db, "INSERT INTO run (settings, version, seed) VALUES (?, ?, ?)", &stmt, reterr))
		return false;
	/* as text: SQLite's numbers are signed */
	(void)snprintf(number, sizeof(number), "%llu", (unsigned long long)seed);
	(void)sqlite3_bind_text(stmt, 1, settings_json, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 2, version, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 3, number, -1, SQLITE_STATIC);
	ok = sql_finish(stmt, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}
