/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "casefile/mark.h"

#include <string.h>

#include "casefile/casefile.h"
#include "casefile/sql.h"

static const char *const kind_names[MARK_KINDS] = {
	[MARK_NOTE] = "note",
	[MARK_TAG] = "tag",
	[MARK_MUTE] = "mute",
	[MARK_VERDICT] = "verdict",
};

const char *mark_kind_name(enum mark_kind kind)
{
	return kind_names[kind];
}

bool mark_kind_find(const char *name, enum mark_kind *ret)
{
	for (unsigned i = 0; i < MARK_KINDS; i++) {
		if (strcmp(kind_names[i], name) != 0)
			continue;
		*ret = (enum mark_kind)i;
		return true;
	}
	return false;
}

static void bind_text(sqlite3_stmt *stmt, int column, const char *text)
{
	(void)sqlite3_bind_text(stmt, column, text, -1, SQLITE_STATIC);
}

/* A second tag of the same word, mute or verdict takes the place of the first. */
static bool retire_former(struct casefile *c, const struct mark *m, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok;

	if (m->kind == MARK_NOTE)
		return true;
	if (!sql_prepare(c->db,
		"UPDATE mark SET retired = ?1 WHERE retired IS NULL AND target = ?2 AND kind = ?3"
		" AND (kind <> 'tag' OR word = ?4)",
		&stmt, reterr))
		return false;
	(void)sqlite3_bind_int64(stmt, 1, m->made_s);
	bind_text(stmt, 2, m->target);
	bind_text(stmt, 3, kind_names[m->kind]);
	bind_text(stmt, 4, m->word);
	ok = sql_finish(stmt, reterr);
	(void)sqlite3_finalize(stmt);
	return ok;
}

static bool insert(struct casefile *c, const struct mark *m, int64_t *ret_id, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok;

	if (!sql_prepare(c->db,
		"INSERT INTO mark (target, kind, word, text, until_day, made)"
		" VALUES (?, ?, ?, ?, ?, ?)",
		&stmt, reterr))
		return false;
	bind_text(stmt, 1, m->target);
	bind_text(stmt, 2, kind_names[m->kind]);
	bind_text(stmt, 3, m->word);
	bind_text(stmt, 4, m->text);
	if (m->has_until)
		(void)sqlite3_bind_int64(stmt, 5, m->until_day);
	(void)sqlite3_bind_int64(stmt, 6, m->made_s);
	ok = sql_finish(stmt, reterr);
	(void)sqlite3_finalize(stmt);
	if (ok)
		*ret_id = sqlite3_last_insert_rowid(c->db);
	return ok;
}

bool mark_put(struct casefile *c, const struct mark *m, int64_t *ret_id, struct err *reterr)
{
	if (!sql_run(c->db, "BEGIN IMMEDIATE", reterr))
		return false;
	if (retire_former(c, m, reterr) && insert(c, m, ret_id, reterr) &&
	    sql_run(c->db, "COMMIT", reterr))
		return true;
	(void)sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
	return false;
}

bool mark_retire(struct casefile *c, int64_t id, int64_t now_s, bool *ret_found, struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	bool ok;

	if (!sql_prepare(c->db, "UPDATE mark SET retired = ? WHERE retired IS NULL AND id = ?",
		&stmt, reterr))
		return false;
	(void)sqlite3_bind_int64(stmt, 1, now_s);
	(void)sqlite3_bind_int64(stmt, 2, id);
	ok = sql_finish(stmt, reterr);
	(void)sqlite3_finalize(stmt);
	if (ok)
		*ret_found = sqlite3_changes(c->db) > 0;
	return ok;
}

static bool read_row(sqlite3_stmt *stmt, struct mark *ret)
{
	*ret = (struct mark){
		.id = sqlite3_column_int64(stmt, 0),
		.target = (const char *)sqlite3_column_text(stmt, 1),
		.word = (const char *)sqlite3_column_text(stmt, 3),
		.text = (const char *)sqlite3_column_text(stmt, 4),
		.has_until = sqlite3_column_type(stmt, 5) != SQLITE_NULL,
		.until_day = sqlite3_column_int64(stmt, 5),
		.made_s = sqlite3_column_int64(stmt, 6),
	};
	return ret->target != NULL && ret->word != NULL && ret->text != NULL &&
	       mark_kind_find((const char *)sqlite3_column_text(stmt, 2), &ret->kind);
}

bool mark_each(struct casefile *c, const char *target,
    bool (*visit)(void *context, const struct mark *m, struct err *reterr), void *context,
    struct err *reterr)
{
	sqlite3_stmt *stmt = NULL;
	struct mark m;
	bool row = false;
	bool ok = sql_prepare(c->db,
	    "SELECT id, target, kind, word, text, until_day, made FROM mark"
	    " WHERE retired IS NULL AND (?1 IS NULL OR target = ?1) ORDER BY target, id",
	    &stmt, reterr);

	if (ok)
		bind_text(stmt, 1, target);
	while (ok && (ok = sql_step(stmt, &row, reterr)) && row) {
		if (read_row(stmt, &m)) {
			ok = visit(context, &m, reterr);
		} else {
			err_set_memory(reterr);
			ok = false;
		}
	}
	(void)sqlite3_finalize(stmt);
	return ok;
}
