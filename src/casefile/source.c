/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the catalogue. Rows are gathered as pending in one transaction, written by
 * case_prepare(), and made to count by case_commit(); between the two stands the haystack's
 * rename, so a pending row that is found later is settled by asking the haystack.
 */
#include <stdio.h>
#include <string.h>

#include "casefile/casefile.h"
#include "casefile/sql.h"

static const char *const state_names[] = {
	[SOURCE_COMPLETE] = "complete",
	[SOURCE_DAMAGED] = "damaged",
	[SOURCE_UNKNOWN] = "unknown",
};

const char *case_state_name(enum source_state state)
{
	return state_names[state];
}

size_t case_head_bytes(uint64_t consumed)
{
	size_t n = CASE_HEAD_MAX;

	while (n > consumed)
		n /= 2;
	return n;
}

/* ---- rows in ---- */

static bool begin(struct casefile *c, struct err *reterr)
{
	if (!c->in_transaction && !sql_run(c->db, "BEGIN IMMEDIATE", reterr))
		return false;
	c->in_transaction = true;
	return true;
}

/* Prepare, let bind fill it, run it once. */
static bool run_bound(struct casefile *c, const char *text,
    void (*bind)(sqlite3_stmt *stmt, const struct source *s), const struct source *s,
    struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok;

	if (!sql_prepare(c->db, text, &stmt, reterr))
		return false;
	bind(stmt, s);
	ok = sql_finish(stmt, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}

static void bind_content(sqlite3_stmt *stmt, const struct source *s)
{
	sql_bind_digest(stmt, 1, &s->content);
}

static void bind_source(sqlite3_stmt *stmt, const struct source *s)
{
	sql_bind_digest(stmt, 1, &s->content);
	sql_bind_digest(stmt, 2, &s->file);
	sql_bind_bytes(stmt, 3, s->name);
	(void)sqlite3_bind_text(stmt, 4, s->format, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 5, s->compression, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(stmt, 6, s->vantage, -1, SQLITE_STATIC);
	sql_bind_count(stmt, 7, s->file_bytes);
	sql_bind_count(stmt, 8, s->content_bytes);
	sql_bind_count(stmt, 9, s->consumed_bytes);
	sql_bind_digest(stmt, 10, &s->consumed);
	if (s->consumed_bytes > 0)
		sql_bind_digest(stmt, 11, &s->head);
	if (s->continues)
		sql_bind_digest(stmt, 12, &s->continued);
	sql_bind_count(stmt, 13, s->records);
	sql_bind_count(stmt, 14, s->contacts);
	(void)sqlite3_bind_int64(stmt, 15, s->contacts == 0 ? 0 : s->first_ns);
	(void)sqlite3_bind_int64(stmt, 16, s->contacts == 0 ? 0 : s->last_ns);
	(void)sqlite3_bind_int(stmt, 17, s->digits);
	(void)sqlite3_bind_text(stmt, 18, state_names[s->state], -1, SQLITE_STATIC);
}

static void bind_file(sqlite3_stmt *stmt, const struct source *s)
{
	sql_bind_digest(stmt, 1, &s->file);
	sql_bind_count(stmt, 2, s->file_bytes);
	sql_bind_bytes(stmt, 3, s->name);
	sql_bind_digest(stmt, 4, &s->content);
}

static bool add_skips(struct casefile *c, const struct source *s, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok = sql_prepare(c->db,
	    "INSERT INTO skip (content, reason, count, first_offset) VALUES (?, ?, ?, ?)", &stmt,
	    reterr);

	for (size_t i = 0; ok && i < s->skip_count; i++) {
		sql_bind_digest(stmt, 1, &s->content);
		(void)sqlite3_bind_text(stmt, 2, s->skips[i].reason, -1, SQLITE_STATIC);
		sql_bind_count(stmt, 3, s->skips[i].count);
		sql_bind_count(stmt, 4, s->skips[i].first_offset);
		ok = sql_finish(stmt, reterr);
	}
	(void)sqlite3_finalize(stmt);
	return ok;
}

static bool add_losses(struct casefile *c, const struct source *s, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok = sql_prepare(c->db,
	    "INSERT INTO loss (content, from_ns, to_ns, gaps, acks) VALUES (?, ?, ?, ?, ?)", &stmt,
	    reterr);

	for (size_t i = 0; ok && i < s->loss_count; i++) {
		sql_bind_digest(stmt, 1, &s->content);
		(void)sqlite3_bind_int64(stmt, 2, s->losses[i].from_ns);
		(void)sqlite3_bind_int64(stmt, 3, s->losses[i].to_ns);
		sql_bind_count(stmt, 4, s->losses[i].gaps);
		sql_bind_count(stmt, 5, s->losses[i].acks);
		ok = sql_finish(stmt, reterr);
	}
	(void)sqlite3_finalize(stmt);
	return ok;
}

bool case_add_source(struct casefile *c, const struct source *s, struct err *reterr)
{
	return begin(c, reterr) &&
	       run_bound(c, "DELETE FROM source WHERE content = ?", bind_content, s, reterr) &&
	       run_bound(c,
		   "INSERT INTO source (pending, content, file, name, format, compression, vantage,"
		   " file_bytes, content_bytes, consumed_bytes, consumed, head, continued, records,"
		   " contacts, first_ns, last_ns, digits, state) VALUES (1, ?, ?, ?, ?, ?, ?, ?, "
		   "?, ?,"
		   " ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		   bind_source, s, reterr) &&
	       add_skips(c, s, reterr) && add_losses(c, s, reterr) && case_add_file(c, s, reterr);
}

bool case_add_file(struct casefile *c, const struct source *s, struct err *reterr)
{
	return begin(c, reterr) && run_bound(c,
				       "INSERT OR IGNORE INTO file (file, file_bytes, name, "
				       "content) VALUES (?, ?, ?, ?)",
				       bind_file, s, reterr);
}

bool case_prepare(struct casefile *c, struct err *reterr)
{
	if (!c->in_transaction)
		return true;
	if (!sql_run(c->db, "COMMIT", reterr))
		return false;
	c->in_transaction = false;
	return true;
}

bool case_commit(struct casefile *c, struct err *reterr)
{
	return case_prepare(c, reterr) &&
	       sql_run(c->db, "UPDATE source SET pending = 0 WHERE pending", reterr);
}

/* Does it count: committed, or found in by a reconcile? */
#define IS_IN "(NOT pending OR content IN (SELECT content FROM temp.arrived))"

/* A case that was never reconciled has no table of arrivals. */
static bool know_arrivals(struct casefile *c, struct err *reterr)
{
	return sql_run(c->db,
	    "CREATE TEMP TABLE IF NOT EXISTS arrived (content BLOB PRIMARY KEY) WITHOUT ROWID",
	    reterr);
}

/* Sort pending sources into the table `arrived` (in) and the rest (not in). */
static bool settle(struct casefile *c, bool (*is_in)(void *context, const struct digest *content),
    void *context, struct err *reterr)
{
	sqlite3_stmt *find = NULL, *mark = NULL;
	struct digest content;
	bool row = true;
	bool ok =
	    sql_prepare(c->db, "SELECT content FROM source WHERE pending", &find, reterr) &&
	    sql_prepare(c->db, "INSERT OR IGNORE INTO temp.arrived VALUES (?)", &mark, reterr);

	while (ok && (ok = sql_step(find, &row, reterr)) && row) {
		if (!sql_digest(find, 0, &content) || !is_in(context, &content))
			continue;
		sql_bind_digest(mark, 1, &content);
		ok = sql_finish(mark, reterr);
	}
	(void)sqlite3_finalize(find);
	(void)sqlite3_finalize(mark);
	return ok;
}

bool case_reconcile(struct casefile *c, bool (*is_in)(void *context, const struct digest *content),
    void *context, struct err *reterr)
{
	if (!know_arrivals(c, reterr) || !settle(c, is_in, context, reterr))
		return false;
	if (!c->write)
		return true;
	return sql_run(c->db,
	    "BEGIN IMMEDIATE;"
	    "UPDATE source SET pending = 0 WHERE pending AND content IN (SELECT content FROM "
	    "arrived);"
	    "DELETE FROM source WHERE pending;"
	    "COMMIT",
	    reterr);
}

/* ---- rows out ---- */

/* In the order that read_source() reads. */
#define COLUMNS                                                                                    \
	"content, file, name, format, compression, vantage, file_bytes, content_bytes,"            \
	" consumed_bytes, consumed, head, continued, records, contacts, first_ns, last_ns, "       \
	"digits,"                                                                                  \
	" state"

static const char *copy_text(struct casefile *c, sqlite3_stmt *stmt, int column, bool *lost)
{
	const void *bytes = sqlite3_column_blob(stmt, column);
	int len = sqlite3_column_bytes(stmt, column);
	const char *copy = arena_copy(&c->row, bytes == NULL ? "" : bytes, (size_t)len);

	if (copy == NULL)
		*lost = true;
	return copy;
}

static bool damaged_row(struct casefile *c, struct err *reterr)
{
	err_set(reterr, ERR_DAMAGED,
	    "catalogue '%s' is damaged (a row makes no sense); move it away and ingest the same "
	    "evidence again: contacts that are in are kept, not doubled",
	    sqlite3_db_filename(c->db, "main"));
	return false;
}

static bool read_state(sqlite3_stmt *stmt, int column, enum source_state *ret)
{
	const char *text = (const char *)sqlite3_column_text(stmt, column);

	for (size_t i = 0; text != NULL && i < COUNT_OF(state_names); i++) {
		if (strcmp(text, state_names[i]) == 0) {
			*ret = (enum source_state)i;
			return true;
		}
	}
	return false;
}

static bool read_skips(struct casefile *c, struct source *s, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	struct source_skip *skips = NULL;
	bool row = true, lost = false;
	size_t count = 0;
	int64_t rows = 0;
	bool ok = sql_prepare(c->db,
	    "SELECT reason, count, first_offset, count(*) OVER () FROM skip WHERE content = ?"
	    " ORDER BY reason",
	    &stmt, reterr);

	if (ok)
		sql_bind_digest(stmt, 1, &s->content);
	while (ok && (ok = sql_step(stmt, &row, reterr)) && row) {
		if (skips == NULL) {
			rows = sqlite3_column_int64(stmt, 3);
			skips = arena_alloc(&c->row, (size_t)rows * sizeof(*skips));
		}
		if (skips == NULL || count == (size_t)rows) {
			err_set_memory(reterr);
			ok = false;
			break;
		}
		skips[count].reason = copy_text(c, stmt, 0, &lost);
		skips[count].count = sql_count(stmt, 1);
		skips[count].first_offset = sql_count(stmt, 2);
		count++;
	}
	(void)sqlite3_finalize(stmt);
	s->skips = skips;
	s->skip_count = count;
	if (ok && lost)
		err_set_memory(reterr);
	return ok && !lost;
}

static bool read_loss(struct casefile *c, struct source *s, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	bool ok = sql_prepare(c->db,
	    "SELECT count(*), sum(gaps), sum(acks), min(from_ns), max(to_ns) FROM loss"
	    " WHERE content = ?",
	    &stmt, reterr);

	if (ok) {
		sql_bind_digest(stmt, 1, &s->content);
		ok = sql_step(stmt, &row, reterr);
	}
	if (ok && row)
		s->loss = (struct source_loss){ .intervals = sql_count(stmt, 0),
			.gaps = sql_count(stmt, 1),
			.acks = sql_count(stmt, 2),
			.first_ns = sqlite3_column_int64(stmt, 3),
			.last_ns = sqlite3_column_int64(stmt, 4) };
	(void)sqlite3_finalize(stmt);
	return ok;
}

static bool read_source(
    struct casefile *c, sqlite3_stmt *stmt, struct source *ret, struct err *reterr)
{
	struct source s = { 0 };
	bool lost = false;

	arena_release(&c->row);
	if (!sql_digest(stmt, 0, &s.content) || !sql_digest(stmt, 1, &s.file) ||
	    !sql_digest(stmt, 9, &s.consumed) || !read_state(stmt, 17, &s.state))
		return damaged_row(c, reterr);
	s.name = copy_text(c, stmt, 2, &lost);
	s.format = copy_text(c, stmt, 3, &lost);
	s.compression = copy_text(c, stmt, 4, &lost);
	s.vantage = copy_text(c, stmt, 5, &lost);
	s.file_bytes = sql_count(stmt, 6);
	s.content_bytes = sql_count(stmt, 7);
	s.consumed_bytes = sql_count(stmt, 8);
	if (s.consumed_bytes > 0 && !sql_digest(stmt, 10, &s.head))
		return damaged_row(c, reterr);
	s.continues = sql_digest(stmt, 11, &s.continued);
	s.records = sql_count(stmt, 12);
	s.contacts = sql_count(stmt, 13);
	s.first_ns = sqlite3_column_int64(stmt, 14);
	s.last_ns = sqlite3_column_int64(stmt, 15);
	s.digits = (uint8_t)sqlite3_column_int(stmt, 16);
	if (lost) {
		err_set_memory(reterr);
		return false;
	}
	if (!read_skips(c, &s, reterr) || !read_loss(c, &s, reterr))
		return false;
	*ret = s;
	return true;
}

/* The first row of a bound query, if there is one; finalizes it. */
static bool find(struct casefile *c, sqlite3_stmt *stmt, struct source *ret, struct err *reterr)
{
	bool row = false;
	bool ok = sql_step(stmt, &row, reterr);

	if (ok && !row) {
		err_set(reterr, ERR_NONE, "no such source");
		ok = false;
	}
	ok = ok && read_source(c, stmt, ret, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}

bool case_find_content(
    struct casefile *c, const struct digest *content, struct source *ret, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;

	if (!sql_prepare(c->db, "SELECT " COLUMNS " FROM source WHERE content = ?", &stmt, reterr))
		return false;
	sql_bind_digest(stmt, 1, content);
	return find(c, stmt, ret, reterr);
}

bool case_find_file(struct casefile *c, uint64_t file_bytes, const struct digest *file,
    struct source *ret, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;

	if (!sql_prepare(c->db,
		"SELECT " COLUMNS " FROM source WHERE content ="
		" (SELECT content FROM file WHERE file = ? AND file_bytes = ?)",
		&stmt, reterr))
		return false;
	sql_bind_digest(stmt, 1, file);
	sql_bind_count(stmt, 2, file_bytes);
	return find(c, stmt, ret, reterr);
}

bool case_has_file_length(struct casefile *c, uint64_t file_bytes, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = false, ok;

	err_set(reterr, ERR_NONE, "no such file");
	if (!sql_prepare(c->db, "SELECT 1 FROM file WHERE file_bytes = ?", &stmt, reterr))
		return false;
	sql_bind_count(stmt, 1, file_bytes);
	ok = sql_step(stmt, &row, reterr);
	(void)sqlite3_finalize(stmt);
	return ok && row;
}

/* Visit all rows of a bound query; finalizes it. */
static bool each(struct casefile *c, sqlite3_stmt *stmt,
    bool (*visit)(void *context, const struct source *s, struct err *reterr), void *context,
    struct err *reterr)
{
	struct source s;
	bool row = true;
	bool ok = true;

	while (ok && (ok = sql_step(stmt, &row, reterr)) && row)
		ok = read_source(c, stmt, &s, reterr) && visit(context, &s, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}

bool case_next_prefix(struct casefile *c, const struct digest *head, const char *format,
    uint64_t below, uint64_t *ret_bytes, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = false;
	bool ok = sql_prepare(c->db,
	    "SELECT max(consumed_bytes) FROM source WHERE head = ? AND format = ?"
	    " AND consumed_bytes < ?",
	    &stmt, reterr);

	if (ok) {
		sql_bind_digest(stmt, 1, head);
		(void)sqlite3_bind_text(stmt, 2, format, -1, SQLITE_STATIC);
		sql_bind_count(stmt, 3, below);
		ok = sql_step(stmt, &row, reterr);
	}
	if (ok)
		*ret_bytes = row ? sql_count(stmt, 0) : 0;
	(void)sqlite3_finalize(stmt);
	return ok;
}

bool case_find_prefixes(struct casefile *c, const struct digest *head, const char *format,
    uint64_t bytes, const struct digest *consumed, struct case_prefix *ret, size_t max,
    size_t *ret_count, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	bool ok = sql_prepare(c->db,
	    consumed == NULL
		? "SELECT content, consumed FROM source WHERE head = ?1 AND format = ?2"
		  " AND consumed_bytes = ?3 ORDER BY content LIMIT ?4"
		: "SELECT content, consumed FROM source WHERE head = ?1 AND format = ?2"
		  " AND consumed_bytes = ?3 AND consumed = ?5 ORDER BY content LIMIT ?4",
	    &stmt, reterr);
	size_t count = 0;

	if (ok) {
		sql_bind_digest(stmt, 1, head);
		(void)sqlite3_bind_text(stmt, 2, format, -1, SQLITE_STATIC);
		sql_bind_count(stmt, 3, bytes);
		sql_bind_count(stmt, 4, max);
		if (consumed != NULL)
			sql_bind_digest(stmt, 5, consumed);
	}
	while (ok && (ok = sql_step(stmt, &row, reterr)) && row && count < max) {
		ret[count].bytes = bytes;
		ok = (sql_digest(stmt, 0, &ret[count].content) &&
			 sql_digest(stmt, 1, &ret[count].consumed)) ||
		     damaged_row(c, reterr);
		count++;
	}
	(void)sqlite3_finalize(stmt);
	*ret_count = ok ? count : 0;
	return ok;
}

bool case_each_source(struct casefile *c,
    bool (*visit)(void *context, const struct source *s, struct err *reterr), void *context,
    struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;

	if (!know_arrivals(c, reterr) ||
	    !sql_prepare(c->db,
		"SELECT " COLUMNS " FROM source WHERE " IS_IN " ORDER BY name, content", &stmt,
		reterr))
		return false;
	return each(c, stmt, visit, context, reterr);
}

bool case_each_loss(struct casefile *c,
    bool (*visit)(void *context, const struct capture_loss *loss, struct err *reterr),
    void *context, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool row = true;
	bool ok = know_arrivals(c, reterr) &&
		  sql_prepare(c->db,
		      "SELECT DISTINCT from_ns, to_ns, gaps, acks FROM loss WHERE content IN"
		      " (SELECT content FROM source WHERE " IS_IN ") ORDER BY 1, 2, 3, 4",
		      &stmt, reterr);

	while (ok && (ok = sql_step(stmt, &row, reterr)) && row) {
		const struct capture_loss loss = { .from_ns = sqlite3_column_int64(stmt, 0),
			.to_ns = sqlite3_column_int64(stmt, 1),
			.gaps = sql_count(stmt, 2),
			.acks = sql_count(stmt, 3) };

		ok = loss.from_ns < loss.to_ns ? visit(context, &loss, reterr)
					       : damaged_row(c, reterr);
	}
	(void)sqlite3_finalize(stmt);
	return ok;
}

bool case_each_lossy(struct casefile *c,
    bool (*visit)(void *context, const struct digest *content, struct err *reterr), void *context,
    struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	struct digest content;
	bool row = true;
	bool ok = know_arrivals(c, reterr) &&
		  sql_prepare(c->db,
		      "SELECT content FROM source WHERE " IS_IN " AND EXISTS (SELECT 1 FROM loss"
		      " WHERE loss.content = source.content AND gaps > 0) ORDER BY content",
		      &stmt, reterr);

	while (ok && (ok = sql_step(stmt, &row, reterr)) && row)
		ok = sql_digest(stmt, 0, &content) ? visit(context, &content, reterr)
						   : damaged_row(c, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}
