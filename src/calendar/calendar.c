/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "calendar/calendar.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/size.h"
#include "base/stamp.h"
#include "calendar/csv.h"
#include "calendar/ical.h"

#define DATE_LEN 10

bool calendar_parse_day(const char *text, size_t len, int64_t *ret)
{
	char whole[DATE_LEN + sizeof("T00:00:00Z")];
	struct stamp stamp;

	if (len == DATE_LEN) {
		memcpy(whole, text, len);
		memcpy(whole + len, "T00:00:00Z", sizeof("T00:00:00Z"));
		text = whole;
		len = sizeof(whole) - 1;
	}
	if (!stamp_parse_iso(text, len, &stamp, NULL))
		return false;
	*ret = stamp_day(stamp.ns);
	return true;
}

static bool grow(struct calendar *c, struct arena *memory)
{
	size_t capacity = c->capacity * 2 + 64;
	struct calendar_event *events = arena_alloc(memory, size_mul(capacity, sizeof(*events)));

	if (events == NULL)
		return false;
	if (c->count > 0)
		memcpy(events, c->events, c->count * sizeof(*events));
	c->events = events;
	c->capacity = capacity;
	return true;
}

bool calendar_add(struct calendar *c, struct arena *memory, int64_t day, const char *label,
    size_t len, struct err *reterr)
{
	const char *kept;

	if (c->count == LIMIT_CALENDAR_EVENTS) {
		err_set(reterr, ERR_LIMIT, "more than %d events", LIMIT_CALENDAR_EVENTS);
		return false;
	}
	if (len > LIMIT_CALENDAR_LABEL_BYTES)
		len = LIMIT_CALENDAR_LABEL_BYTES;
	kept = arena_copy(memory, label, len);
	if (kept == NULL || (c->count == c->capacity && !grow(c, memory))) {
		err_set_memory(reterr);
		return false;
	}
	c->events[c->count++] = (struct calendar_event){ day, kept };
	return true;
}

bool calendar_parse(
    const void *bytes, size_t len, struct arena *memory, struct calendar *ret, struct err *reterr)
{
	struct cursor text = cursor_of(bytes, len);
	struct calendar c = { .events = NULL };

	if (!(ical_probe(&text) ? ical_read(&text, memory, &c, reterr)
				: csv_read(&text, memory, &c, reterr)))
		return false;
	if (c.count == 0) {
		err_set(reterr, ERR_USAGE, "there is no event in it");
		return false;
	}
	*ret = c;
	return true;
}

/* The whole file; *ret is the caller's to free. */
static bool read_bytes(const char *path, uint8_t **ret, size_t *ret_len, struct err *reterr)
{
	FILE *f = fopen(path, "re");
	uint8_t *bytes = malloc(LIMIT_CALENDAR_BYTES + 1);
	size_t len = 0;
	bool ok = false;

	if (f == NULL) {
		err_set(reterr, ERR_USAGE, "cannot open it: %s", strerror(errno));
		goto out;
	}
	if (bytes == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	len = fread(bytes, 1, LIMIT_CALENDAR_BYTES + 1, f);
	if (ferror(f)) {
		err_set(reterr, ERR_SYSTEM, "cannot read it: %s", strerror(errno));
		goto out;
	}
	if (len > LIMIT_CALENDAR_BYTES) {
		err_set(reterr, ERR_LIMIT, "it is longer than %d bytes", LIMIT_CALENDAR_BYTES);
		goto out;
	}
	*ret = bytes;
	*ret_len = len;
	bytes = NULL;
	ok = true;
out:
	if (f != NULL)
		(void)fclose(f);
	free(bytes);
	return ok;
}

static bool digest_bytes(const uint8_t *bytes, size_t len, struct digest *ret, struct err *reterr)
{
	struct digester *d = NULL;
	bool ok = digester_new(&d, reterr);

	if (ok) {
		digester_add(d, bytes, len);
		ok = digester_peek(d, ret, reterr);
	}
	digester_free(d);
	return ok;
}

static bool read_file(
    const char *path, struct arena *memory, struct calendar *ret, struct err *reterr)
{
	uint8_t *bytes = NULL;
	size_t len;
	bool ok = read_bytes(path, &bytes, &len, reterr) &&
		  calendar_parse(bytes, len, memory, ret, reterr) &&
		  digest_bytes(bytes, len, &ret->digest, reterr);

	if (!ok)
		err_wrap(reterr, "the events of '%s'", path);
	free(bytes);
	return ok;
}

/* The pool's own path: beside the list, unless it is absolute. */
static char *beside(const char *path, const char *other)
{
	const char *slash = strrchr(path, '/');
	char *joined;

	if (other[0] == '/' || slash == NULL)
		return strdup(other);
	return asprintf(&joined, "%.*s/%s", (int)(slash - path), path, other) < 0 ? NULL : joined;
}

static bool read_pool(
    const char *path, struct arena *memory, struct calendar *list, struct err *reterr)
{
	struct calendar pool;
	char *pool_path = beside(path, list->pool_path);
	bool ok = false;

	if (pool_path == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!read_file(pool_path, memory, &pool, reterr))
		goto out;
	if (pool.count < list->count) {
		err_set(reterr, ERR_USAGE,
		    "the pool '%s' has %zu events, fewer than the %zu of '%s' that came from it",
		    pool_path, pool.count, list->count, path);
		goto out;
	}
	list->pool_events = pool.events;
	list->pool_count = pool.count;
	ok = true;
out:
	free(pool_path);
	return ok;
}

bool calendar_read(const char *path, struct arena *memory, struct calendar *ret, struct err *reterr)
{
	return read_file(path, memory, ret, reterr) &&
	       (ret->pool != CALENDAR_POOL_LISTED || read_pool(path, memory, ret, reterr));
}
