/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pi-hole's long-term database, pihole-FTL.db, an SQLite file. Its tables (FTL's database/
 * query-table.h and the page "Query database" of Pi-hole's documentation):
 *
 *	up to version 11   queries        id timestamp type status domain client forward ...
 *	from version 12 on query_storage  the same, with numbers of rows in domain_by_id (domain),
 *	                                  client_by_id (ip) in place of texts; texts may stand there too
 *	from version 9 on  reply_type     in either, may be NULL
 *
 * queries is a view in the newer ones, and not used: what a view does, the file decides. Rows come
 * by their rowid, which must rise; that also ends a file whose tree of pages runs in a circle.
 *
 * A database is no stream: it is copied to a temporary file without a name first. It grows in
 * its middle, so that a later copy is a source of its own, whose rows the haystack knows already.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/addr_memo.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "database/foreign.h"
#include "evidence/reader.h"
#include "wire/dns_msg.h"

static const char magic[] = "SQLite format 3"; /* with its NUL */

#define SCHEMA_AT    100  /* the first page's own header, behind the file's */
#define INTERIOR     0x05 /* the schema fills several pages */
#define TYPE_OTHER   14   /* a type that FTL has not kept */
#define TYPE_NUMBERS 100  /* above, the type's own number is this much lower */

enum column { ROWID, TIMESTAMP, TYPE, DOMAIN, CLIENT, REPLY };

struct reader {
	struct stream *stream;
	struct health *health;
	struct foreign *database;
	struct foreign_query *rows;
	struct foreign_query *domains; /* by number; NULL in old versions */
	struct foreign_query *clients;
	int64_t last; /* rowid */
	uint64_t count;
	struct contact contact;
	struct addr_memo memo;
};

/* ---- which database is it? ---- */

static bool has_text(const uint8_t *head, size_t len, const char *text)
{
	return memmem(head, len, text, strlen(text)) != NULL;
}

/* The schema is in plain text; where it fills more pages than the first they can lie anywhere. */
static int pihole_probe(const uint8_t *head, size_t len)
{
	if (len <= SCHEMA_AT || memcmp(head, magic, sizeof(magic)) != 0)
		return 0;
	if (has_text(head, len, "CREATE TABLE query_storage") ||
	    (has_text(head, len, "CREATE TABLE queries") &&
		has_text(head, len, "CREATE TABLE ftl")))
		return 100;
	return head[SCHEMA_AT] == INTERIOR ? 20 : 0;
}

/* ---- opening ---- */

static bool write_all(int fd, const uint8_t *bytes, size_t len, struct err *reterr)
{
	while (len > 0) {
		const ssize_t done = write(fd, bytes, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			err_set(reterr, ERR_SYSTEM,
			    "cannot copy the database to a temporary file: %s; set TMPDIR to a "
			    "folder with room",
			    strerror(errno));
			return false;
		}
		bytes = &bytes[done];
		len -= (size_t)done;
	}
	return true;
}

/* The whole stream into a file without a name. */
static bool copy_stream(struct stream *s, int fd, struct err *reterr)
{
	uint64_t total = 0;
	const uint8_t *bytes;
	size_t len;

	for (;;) {
		if (!stream_peek(s, READER_PROBE_BYTES, &bytes, &len, reterr))
			return false;
		if (len == 0)
			return true;
		total += len;
		if (total > LIMIT_DATABASE_BYTES) {
			err_set(reterr, ERR_LIMIT, "the database is longer than %llu bytes",
			    (unsigned long long)LIMIT_DATABASE_BYTES);
			return false;
		}
		if (!write_all(fd, bytes, len, reterr))
			return false;
		stream_consume(s, len);
	}
}

/* A file that has lost its name before anything is in it. */
static int open_temporary(struct err *reterr)
{
	const char *base = getenv("TMPDIR");
	char *path = NULL;
	int fd;

	if (base == NULL || base[0] == '\0')
		base = "/tmp";
	if (asprintf(&path, "%s/lodestone-XXXXXX", base) < 0) {
		err_set_memory(reterr);
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		err_set(reterr, ERR_SYSTEM, "cannot make a temporary file in '%s': %s; set TMPDIR",
		    base, strerror(errno));
	else
		(void)unlink(path);
	free(path);
	return fd;
}

/* The statements for the version of the tables that there are. */
static bool prepare(struct reader *r, struct err *reterr)
{
	static const char *const rows[2][2] = {
		{ "SELECT rowid, timestamp, type, domain, client, NULL FROM queries NOT INDEXED",
		    "SELECT rowid, timestamp, type, domain, client, reply_type FROM queries NOT "
		    "INDEXED" },
		{ "SELECT rowid, timestamp, type, domain, client, NULL FROM query_storage NOT "
		  "INDEXED",
		    "SELECT rowid, timestamp, type, domain, client, reply_type FROM query_storage "
		    "NOT INDEXED" },
	};
	struct foreign *f = r->database;
	const bool linked = foreign_has_column(f, "query_storage", "domain");
	const char *table = linked ? "query_storage" : "queries";

	if (!linked && !foreign_has_column(f, "queries", "domain")) {
		err_set(reterr, ERR_INPUT, "it is an SQLite database, but none of Pi-hole's");
		return false;
	}
	if (!foreign_prepare(
		f, rows[linked][foreign_has_column(f, table, "reply_type")], &r->rows, reterr))
		return false;
	return !linked ||
	       (foreign_prepare(f, "SELECT domain FROM domain_by_id NOT INDEXED WHERE rowid = ?1",
		    &r->domains, reterr) &&
		   foreign_prepare(f, "SELECT ip FROM client_by_id NOT INDEXED WHERE rowid = ?1",
		       &r->clients, reterr));
}

static void pihole_close(struct reader *r)
{
	if (r == NULL)
		return;
	foreign_finish(r->rows);
	foreign_finish(r->domains);
	foreign_finish(r->clients);
	foreign_close(r->database);
	free(r);
}

static bool pihole_open(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	struct reader *r = calloc(1, sizeof(*r));
	int fd = -1;
	bool ok = false;

	if (r == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	r->stream = s;
	r->health = h;
	r->last = INT64_MIN;
	fd = open_temporary(reterr);
	if (fd < 0 || !copy_stream(s, fd, reterr) || !foreign_open(fd, &r->database, reterr) ||
	    !prepare(r, reterr))
		goto out;
	*ret = r;
	r = NULL;
	ok = true;
out:
	if (fd >= 0)
		(void)close(fd);
	pihole_close(r);
	return ok;
}

/* ---- rows ---- */

/* Seconds since 1970, with a fraction since FTL 5.4: a double holds microseconds of our time. */
static bool read_time(const struct foreign_value *v, struct contact *c)
{
	if (v->kind == FOREIGN_INTEGER && v->integer >= 0 && v->integer <= STAMP_MAX_S) {
		c->time_ns = v->integer * NS_PER_S;
		c->digits = 0;
		return true;
	}
	if (v->kind != FOREIGN_REAL || v->real < 0 || v->real > (double)STAMP_MAX_S)
		return false;
	c->time_ns = (int64_t)floor(v->real * 1e6 + .5) * 1000;
	c->digits = 6;
	return true;
}

/* FTL's own numbers; a type that is not told is 0. */
static bool read_type(const struct foreign_value *v, uint16_t *ret)
{
	/* A AAAA ANY SRV SOA PTR TXT NAPTR MX DS RRSIG DNSKEY NS - SVCB HTTPS */
	static const uint16_t types[] = { 0, 1, 28, 255, 33, 6, 12, 16, 35, 15, 43, 46, 48, 2, 0,
		64, 65 };

	if (v->kind != FOREIGN_INTEGER || v->integer < 1 || v->integer > TYPE_NUMBERS + UINT16_MAX)
		return false;
	if (v->integer > TYPE_NUMBERS)
		*ret = (uint16_t)(v->integer - TYPE_NUMBERS);
	else if ((size_t)v->integer < COUNT_OF(types))
		*ret = types[v->integer];
	else
		return false;
	return true;
}

/* Response codes (RFC 1035 4.1.1) */
enum {
	NOERROR = 0,
	SERVFAIL = 2,
	NXDOMAIN = 3,
	NOTIMP = 4,
	REFUSED = 5,
};

/* The outcome of FTL's kinds of reply; those that tell no code are none. */
static void read_reply(const struct foreign_value *v, struct contact *c)
{
	/* unknown NODATA NXDOMAIN CNAME IP DOMAIN RRNAME SERVFAIL REFUSED NOTIMP other DNSSEC none BLOB */
	static const uint16_t outcomes[] = { OUTCOME_NONE, NOERROR, NXDOMAIN, NOERROR, NOERROR,
		NOERROR, NOERROR, SERVFAIL, REFUSED, NOTIMP, OUTCOME_NONE, NOERROR, OUTCOME_NONE,
		NOERROR };

	c->outcome = OUTCOME_NONE;
	if (v->kind == FOREIGN_INTEGER && v->integer >= 0 &&
	    (size_t)v->integer < COUNT_OF(outcomes))
		c->outcome = outcomes[v->integer];
	c->seen = c->outcome == OUTCOME_NONE ? SEEN_QUERY : SEEN_BOTH;
}

/* A text, or the text of that number in the table beside. FOREIGN_NULL: there is none. */
static enum foreign_step look_up(struct foreign_query *table, struct foreign_value *v)
{
	enum foreign_step step;

	if (v->kind != FOREIGN_INTEGER || table == NULL)
		return FOREIGN_ROW;
	foreign_bind(table, v->integer);
	step = foreign_next(table);
	if (step == FOREIGN_ROW)
		*v = foreign_column(table, 0);
	else
		*v = (struct foreign_value){ .kind = FOREIGN_NULL };
	return step == FOREIGN_END ? FOREIGN_ROW : step;
}

static bool is_text(const struct foreign_value *v, const char *text)
{
	return v->len == strlen(text) && memcmp(v->text, text, v->len) == 0;
}

/* By level of privacy, the name is "hidden" and the client 0.0.0.0. */
static const char *read_ends(
    struct reader *r, const struct foreign_value *domain, const struct foreign_value *client)
{
	struct contact *c = &r->contact;
	struct addr peer;

	if (domain->kind != FOREIGN_TEXT || client->kind != FOREIGN_TEXT)
		return "name or client is missing";
	if (is_text(domain, "hidden"))
		return "name is not in the log";
	if (!(domain->len == 0 ? endpoint_from_name(&c->target, ".", 1)
			       : endpoint_from_name(&c->target, domain->text, domain->len)))
		return "bad query name";
	c->peer.form = ENDPOINT_NONE;
	c->peer.len = 0;
	if (is_text(client, "0.0.0.0") || is_text(client, "hidden"))
		return NULL;
	if (!addr_memo_parse(&r->memo, client->text, client->len, &peer))
		return "bad address";
	endpoint_from_addr(&c->peer, &peer);
	return NULL;
}

static enum foreign_step read_row(struct reader *r, const char **ret_why)
{
	struct contact *c = &r->contact;
	struct foreign_value time = foreign_column(r->rows, TIMESTAMP);
	struct foreign_value type = foreign_column(r->rows, TYPE);
	struct foreign_value domain = foreign_column(r->rows, DOMAIN);
	struct foreign_value client = foreign_column(r->rows, CLIENT);
	struct foreign_value reply = foreign_column(r->rows, REPLY);
	enum foreign_step step = look_up(r->domains, &domain);

	if (step == FOREIGN_ROW)
		step = look_up(r->clients, &client);
	if (step != FOREIGN_ROW)
		return step;
	c->kind = KIND_DNS;
	c->direction = DIRECTION_OUT;
	c->ttl = TTL_NONE;
	c->txid = -1;
	read_reply(&reply, c);
	if (!read_time(&time, c))
		*ret_why = "bad time";
	else if (!read_type(&type, &c->type))
		*ret_why = "bad query type";
	else
		*ret_why = read_ends(r, &domain, &client);
	return FOREIGN_ROW;
}

static enum next pihole_next(struct reader *r, struct record *ret, struct err *reterr)
{
	enum foreign_step step = foreign_next(r->rows);
	const char *why = NULL;

	if (step == FOREIGN_ROW) {
		const struct foreign_value id = foreign_column(r->rows, ROWID);

		if (id.kind != FOREIGN_INTEGER || (r->count > 0 && id.integer <= r->last))
			step = FOREIGN_DAMAGED;
		r->last = id.integer;
		r->count++;
	}
	if (step == FOREIGN_ROW)
		step = read_row(r, &why);
	switch (step) {
	case FOREIGN_ROW:
		break;
	case FOREIGN_END:
		r->health->damaged = r->health->damaged || stream_damage(r->stream) != NULL;
		return NEXT_END;
	case FOREIGN_DAMAGED:
		health_skip(r->health, "database is damaged", stream_offset(r->stream));
		r->health->damaged = true;
		return NEXT_END;
	case FOREIGN_NO_MEMORY:
		err_set_memory(reterr);
		return NEXT_FAILED;
	}
	if (why != NULL) {
		health_skip(r->health, why, 0);
		return NEXT_SKIPPED;
	}
	*ret = (struct record){ .contact = &r->contact };
	return NEXT_ITEM;
}

static uint64_t pihole_consumed(const struct reader *r)
{
	return stream_offset(r->stream);
}

/* It forwards, and sees the clients all the same. */
static enum vantage pihole_vantage(const struct reader *r)
{
	(void)r;
	return VANTAGE_RECURSIVE;
}

const struct reader_format reader_pihole = {
	.name = "pihole-ftl",
	.about = "Pi-hole's database of queries, pihole-FTL.db",
	.probe = pihole_probe,
	.open = pihole_open,
	.next = pihole_next,
	.close = pihole_close,
	.consumed = pihole_consumed,
	.vantage = pihole_vantage,
};
