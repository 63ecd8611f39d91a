/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SQLite against hostile files, after "Defense Against The Dark Arts" of its manual:
 *
 *   sqlite3_deserialize()      the file's bytes are the database: no path, no journal, no WAL
 *   DBCONFIG_DEFENSIVE, ...    no triggers, views, extensions, shadow tables
 *   trusted_schema off         functions of the schema cannot have side effects
 *   sqlite3_drop_modules()     no virtual tables
 *   cell_size_check            pages are checked when they are loaded
 *   limits                     lengths, columns, depth; no ATTACH
 *   authorizer                 SELECT and READ, nothing else
 *   progress handler           instructions a step
 *
 * Fields of the header are set in the private copy, so that a file that was copied beside a WAL is
 * read without it, and one that is cut as far as it goes: zeros stand for what it lacks, which SQLite
 * takes for damage when it comes there.
 *
 *	offset 16   2 bytes   page size; 1 is 65536
 *	       18   1         write version: 2 with a WAL, set to 1
 *	       19   1         read version, the same
 *	       28   4         pages; set to those that are mapped
 *	       92   4         set to what stands at 24: the number of pages is in force
 */
#include "database/foreign.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

#define HEADER_BYTES  100
#define WORK_UNIT     1000 /* instructions between two looks at the bound */
#define LEGACY_FORMAT 1

struct foreign {
	sqlite3 *db;
	uint8_t *bytes;
	size_t len;
	unsigned work; /* units of the step under way */
};

struct foreign_query {
	struct foreign *of;
	sqlite3_stmt *stmt;
};

/* ---- opening ---- */

static size_t page_bytes(const uint8_t *header)
{
	const size_t size = (size_t)header[16] << 8 | header[17];

	return size == 1 ? 65536 : size;
}

static uint32_t be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/*
 * How long was the database before it was cut? At least as long as the file; false: the header
 * makes no sense.
 */
static bool measure(const uint8_t *header, size_t file_bytes, struct foreign *f)
{
	const size_t page = page_bytes(header);
	const uint64_t said = (uint64_t)be32(&header[28]) * page;

	if (page < 512 || (page & (page - 1)) != 0 || file_bytes < page)
		return false;
	f->len = file_bytes / page * page;
	if (said > f->len && said <= LIMIT_DATABASE_BYTES)
		f->len = (size_t)said;
	return f->len / page <= UINT32_MAX;
}

/* Make the copy's header say what is mapped. */
static void mend_header(struct foreign *f)
{
	const uint32_t pages = (uint32_t)(f->len / page_bytes(f->bytes));

	f->bytes[18] = LEGACY_FORMAT;
	f->bytes[19] = LEGACY_FORMAT;
	for (int i = 0; i < 4; i++)
		f->bytes[28 + i] = (uint8_t)(pages >> (24 - 8 * i));
	/* the number of pages is believed where these two agree */
	memcpy(&f->bytes[92], &f->bytes[24], 4);
}

/* The file, and zeros as far as it is too short, which are no pages of anything. */
static bool map_file(struct foreign *f, int fd, struct err *reterr)
{
	uint8_t header[HEADER_BYTES];
	size_t page, there;
	struct stat st;
	void *map;

	if (fstat(fd, &st) != 0 || pread(fd, header, sizeof(header), 0) != HEADER_BYTES ||
	    !measure(header, (size_t)st.st_size, f)) {
		err_set(reterr, ERR_INPUT, "the database has no header that makes sense");
		return false;
	}
	page = page_bytes(header);
	there = (size_t)st.st_size < f->len ? (size_t)st.st_size : f->len;
	map = mmap(NULL, f->len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED) {
		err_set_memory(reterr);
		return false;
	}
	f->bytes = map;
	map = mmap(
	    map, there, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE, fd, 0);
	if (map == MAP_FAILED) {
		err_set_memory(reterr);
		return false;
	}
	/* a part of a page would pass for one whose rows are empty */
	memset(&f->bytes[there / page * page], 0, there % page);
	mend_header(f);
	return true;
}

/* What a statement may do, asked while it is compiled. */
static int allow(
    void *context, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)context;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

/* Stop a step that has used up its work. */
static int count_work(void *context)
{
	struct foreign *f = context;

	return ++f->work > LIMIT_DATABASE_WORK / WORK_UNIT;
}

static void set_limits(sqlite3 *db)
{
	static const struct {
		int limit;
		int value;
	} limits[] = {
		{ SQLITE_LIMIT_LENGTH, LIMIT_DATABASE_ROW_BYTES },
		{ SQLITE_LIMIT_SQL_LENGTH, LIMIT_DATABASE_ROW_BYTES },
		{ SQLITE_LIMIT_COLUMN, 100 },
		{ SQLITE_LIMIT_EXPR_DEPTH, 40 },
		{ SQLITE_LIMIT_COMPOUND_SELECT, 3 },
		{ SQLITE_LIMIT_VDBE_OP, 25000 },
		{ SQLITE_LIMIT_FUNCTION_ARG, 8 },
		{ SQLITE_LIMIT_ATTACHED, 0 },
		{ SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 },
		{ SQLITE_LIMIT_VARIABLE_NUMBER, 10 },
		{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },
		{ SQLITE_LIMIT_WORKER_THREADS, 0 },
	};

	for (size_t i = 0; i < COUNT_OF(limits); i++)
		(void)sqlite3_limit(db, limits[i].limit, limits[i].value);
}

static bool set_switches(sqlite3 *db)
{
	static const struct {
		int option;
		int value;
	} switches[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};
	bool ok = true;

	for (size_t i = 0; i < COUNT_OF(switches); i++)
		ok = sqlite3_db_config(db, switches[i].option, switches[i].value, NULL) ==
			 SQLITE_OK &&
		     ok;
	return ok;
}

static bool fail(struct foreign *f, struct err *reterr)
{
	const int code = f->db == NULL ? SQLITE_NOMEM : sqlite3_errcode(f->db) & 0xff;

	if (code == SQLITE_NOMEM)
		err_set_memory(reterr);
	else
		err_set(
		    reterr, ERR_INPUT, "the database cannot be read: %s", sqlite3_errmsg(f->db));
	return false;
}

static bool open_bytes(struct foreign *f, struct err *reterr)
{
	if (sqlite3_open_v2(":memory:", &f->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    !set_switches(f->db) || sqlite3_drop_modules(f->db, NULL) != SQLITE_OK ||
	    sqlite3_exec(f->db,
		"PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;"
		"PRAGMA automatic_index = OFF",
		NULL, NULL, NULL) != SQLITE_OK)
		return fail(f, reterr);
	set_limits(f->db);
	if (sqlite3_deserialize(f->db, "main", f->bytes, (sqlite3_int64)f->len,
		(sqlite3_int64)f->len, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
		return fail(f, reterr);
	sqlite3_progress_handler(f->db, WORK_UNIT, count_work, f);
	if (sqlite3_set_authorizer(f->db, allow, f) != SQLITE_OK)
		return fail(f, reterr);
	return true;
}

bool foreign_open(int fd, struct foreign **ret, struct err *reterr)
{
	struct foreign *f = calloc(1, sizeof(*f));
	struct foreign_query *schema = NULL;
	bool ok = false;

	if (f == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	/* the schema is read here, or never */
	if (!map_file(f, fd, reterr) || !open_bytes(f, reterr) ||
	    !foreign_prepare(f, "SELECT rootpage FROM sqlite_schema", &schema, reterr))
		goto out;
	*ret = f;
	f = NULL;
	ok = true;
out:
	foreign_finish(schema);
	foreign_close(f);
	return ok;
}

void foreign_close(struct foreign *f)
{
	if (f == NULL)
		return;
	(void)sqlite3_close(f->db);
	if (f->bytes != NULL)
		(void)munmap(f->bytes, f->len);
	free(f);
}

bool foreign_has_column(struct foreign *f, const char *table, const char *column)
{
	f->work = 0;
	return sqlite3_table_column_metadata(
		   f->db, "main", table, column, NULL, NULL, NULL, NULL, NULL) == SQLITE_OK;
}

/* ---- reading ---- */

bool foreign_prepare(
    struct foreign *f, const char *select, struct foreign_query **ret, struct err *reterr)
{
	struct foreign_query *q = calloc(1, sizeof(*q));

	if (q == NULL) {
		err_set_memory(reterr);
		return false;
	}
	f->work = 0;
	q->of = f;
	if (sqlite3_prepare_v2(f->db, select, -1, &q->stmt, NULL) != SQLITE_OK) {
		(void)fail(f, reterr);
		foreign_finish(q);
		return false;
	}
	*ret = q;
	return true;
}

void foreign_finish(struct foreign_query *q)
{
	if (q == NULL)
		return;
	(void)sqlite3_finalize(q->stmt);
	free(q);
}

void foreign_bind(struct foreign_query *q, int64_t value)
{
	(void)sqlite3_reset(q->stmt);
	(void)sqlite3_bind_int64(q->stmt, 1, value);
}

enum foreign_step foreign_next(struct foreign_query *q)
{
	int code;

	q->of->work = 0;
	code = sqlite3_step(q->stmt);
	switch (code & 0xff) {
	case SQLITE_ROW:
		return FOREIGN_ROW;
	case SQLITE_DONE:
		return FOREIGN_END;
	case SQLITE_NOMEM:
		return FOREIGN_NO_MEMORY;
	default:
		return FOREIGN_DAMAGED;
	}
}

struct foreign_value foreign_column(struct foreign_query *q, int column)
{
	struct foreign_value v = { .kind = FOREIGN_NULL };

	switch (sqlite3_column_type(q->stmt, column)) {
	case SQLITE_INTEGER:
		v.kind = FOREIGN_INTEGER;
		v.integer = sqlite3_column_int64(q->stmt, column);
		break;
	case SQLITE_FLOAT:
		v.real = sqlite3_column_double(q->stmt, column);
		v.kind = isfinite(v.real) ? FOREIGN_REAL : FOREIGN_NULL;
		break;
	case SQLITE_TEXT:
		v.text = (const char *)sqlite3_column_text(q->stmt, column);
		v.len = (size_t)sqlite3_column_bytes(q->stmt, column);
		v.kind = v.text == NULL ? FOREIGN_NULL : FOREIGN_TEXT;
		break;
	default:
		break;
	}
	return v;
}
