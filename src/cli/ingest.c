/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One source at a time goes into the haystack's writer (cli/intake.h). Several sources are one
 * batch; a batch is committed when the writer is full and at the end:
 *
 *   catalogue: rows pending -> haystack: manifest renamed, THE commit -> catalogue: rows count
 */
#include "cli/ingest.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/limits.h"
#include "cli/diag.h"
#include "cli/intake.h"

#define SEGMENTS_MAX 8 /* more are merged: reading many costs ten times reading one */

static bool find_format(const char *name, const struct reader_format **ret, struct err *reterr)
{
	char known[256] = "";
	size_t len = 0;

	*ret = name == NULL ? NULL : reader_find(name);
	if (name == NULL || *ret != NULL)
		return true;
	for (size_t i = 0; reader_formats[i] != NULL && len < sizeof(known); i++)
		len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
		    i == 0 ? "" : ", ", reader_formats[i]->name);
	err_set(reterr, ERR_USAGE, "no format '%s'; there are %s", name, known);
	return false;
}

/* What --columns says: a map, or the file that holds one. No map has no equals sign. */
static bool find_columns(const char *said, struct table_map *ret, struct err *reterr)
{
	static const size_t max = LIMIT_TABLE_MAP_BYTES;
	bool ok = false;
	char *text = NULL;
	FILE *f = NULL;
	size_t len;

	if (strchr(said, '=') != NULL)
		return table_map_read(ret, said, strlen(said), reterr);
	f = fopen(said, "rb");
	text = malloc(max);
	if (f == NULL) {
		err_set(reterr, ERR_USAGE, "cannot open '%s' of option '--columns': %s", said,
		    strerror(errno));
		goto out;
	}
	if (text == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	len = fread(text, 1, max, f);
	if (ferror(f) || len == max) {
		err_set(reterr, ERR_USAGE,
		    "'%s' of option '--columns' cannot be read, or is longer "
		    "than %zu bytes",
		    said, max - 1);
		goto out;
	}
	ok = table_map_read(ret, text, len, reterr);
out:
	if (f != NULL)
		(void)fclose(f);
	free(text);
	return ok;
}

/* Only what one source can be: mixed is for a case. */
static bool find_vantage(const char *name, enum vantage *ret, struct err *reterr)
{
	*ret = vantage_find(name);
	if (*ret != VANTAGE_UNKNOWN && *ret != VANTAGE_MIXED)
		return true;
	err_set(reterr, ERR_USAGE,
	    "no vantage '%s'; there are stub, recursive, resolver-side, authoritative, passive and "
	    "mail server",
	    name);
	return false;
}

bool ingest_find_how(const struct settings *s, struct ingest_how *ret, struct err *reterr)
{
	if (!find_format(s->format, &ret->format, reterr))
		return false;
	if (s->vantage != NULL && !find_vantage(s->vantage, &ret->vantage, reterr))
		return false;
	if (s->columns != NULL) {
		if (!find_columns(s->columns, &ret->columns, reterr))
			return false;
		ret->hints.map = &ret->columns;
	}
	if (ret->format == &reader_table && s->columns == NULL) {
		err_set(reterr, ERR_USAGE,
		    "'--format table' needs '--columns', such as "
		    "--columns time=ts,peer=client,target=query");
		return false;
	}
	if (s->year > HINTS_YEAR_MAX) {
		err_set(reterr, ERR_USAGE, "'%" PRIu64 "' of option '--year' is beyond %d", s->year,
		    HINTS_YEAR_MAX);
		return false;
	}
	ret->hints.year = (int64_t)s->year;
	if (s->zone != NULL && !hints_set_zone(&ret->hints, s->zone)) {
		if (!zone_load(&ret->place, s->zone, reterr))
			return false;
		ret->hints.zoned = true;
		ret->hints.place = &ret->place;
	}
	return true;
}

static bool commit(struct ingest *in, struct err *reterr)
{
	struct workspace *w = in->workspace;

	return case_prepare(w->casefile, reterr) &&
	       haystack_commit(w->haystack, in->writer, reterr) && case_commit(w->casefile, reterr);
}

static uint64_t file_bytes(const struct walk_item *item)
{
	struct stat st;

	if (item->problem != NULL || strcmp(item->path, "-") == 0 || stat(item->path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return 0;
	return (uint64_t)st.st_size;
}

static bool take_all(struct ingest *in, const struct walk *walk, struct err *reterr)
{
	for (size_t i = 0; i < walk->count; i++) {
		enum intake_outcome outcome;

		if (stop_asked(&in->workspace->stop)) {
			in->result.stopped = true;
			break;
		}
		progress_update(
		    &in->workspace->progress, "reading", in->bytes_done, in->bytes_total, true);
		outcome = intake_take(in, &walk->items[i], reterr);
		if (outcome == INTAKE_BROKEN)
			return false;
		in->result.stopped = outcome == INTAKE_STOPPED;
		if (in->result.stopped)
			break;
		in->bytes_done += file_bytes(&walk->items[i]);
		if (haystack_writer_full(in->writer) && !commit(in, reterr))
			return false;
	}
	return commit(in, reterr);
}

bool ingest(struct workspace *w, char *const *paths, size_t count, const struct ingest_how *how,
    uint64_t memory_bytes, struct ingest_result *ret, struct err *reterr)
{
	struct ingest in = { .workspace = w, .how = how == NULL ? (struct ingest_how){ 0 } : *how };
	struct walk walk;
	bool ok = true;

	walk_init(&walk);
	for (size_t i = 0; ok && i < count; i++)
		ok = walk_add(&walk, paths[i], reterr);
	for (size_t i = 0; ok && i < walk.count; i++)
		in.bytes_total += file_bytes(&walk.items[i]);
	ok =
	    ok &&
	    haystack_writer_new(case_haystack_dir(w->casefile), memory_bytes, &in.writer, reterr) &&
	    take_all(&in, &walk, reterr) &&
	    (in.result.stopped || haystack_compact(w->haystack, SEGMENTS_MAX, w->jobs, reterr));
	*ret = in.result;
	progress_clear(&w->progress);
	haystack_writer_free(in.writer);
	walk_release(&walk);
	return ok;
}

/* ", 3 of unknown format" when there are any. */
static void add_count(char *text, size_t size, uint64_t n, const char *what)
{
	size_t len = strlen(text);

	if (n > 0)
		(void)snprintf(text + len, size - len, ", %" PRIu64 " %s", n, what);
}

void ingest_say(const struct ingest_result *r)
{
	char rest[256] = "";

	add_count(rest, sizeof(rest), r->damaged, "of them damaged");
	add_count(rest, sizeof(rest), r->known, "known before");
	add_count(rest, sizeof(rest), r->unknown, "of unknown format");
	add_count(rest, sizeof(rest), r->unread, "not read");
	diag_say("%" PRIu64 " new source%s with %" PRIu64 " contacts%s%s", r->added,
	    r->added == 1 ? "" : "s", r->contacts, rest,
	    r->stopped
		? "; stopped by a signal, what was whole is in; run the same command to go on"
		: "");
}
