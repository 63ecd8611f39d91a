/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TZif file is two blocks of the same form: one with times of 32 bits for old readers, and, in
 * versions from 2 on, one with times of 64 bits and a rule for what comes behind its last change:
 *
 *	"TZif", version, 15 unused, counts of 32 bits: UT flags, standard flags, leap seconds,
 *	    changes, types, characters
 *	changes: their times; their types, a byte each
 *	types: seconds east of UTC (32), is it summer time (8), index of its name (8)
 *	names, leap seconds, standard flags, UT flags
 *	a newline, the rule, a newline        behind the second block
 *
 * The rule is not read. Debian's files list all changes up to 2037.
 */
#include "evidence/zone.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"

#define ZONE_FOLDER   "/usr/share/zoneinfo/"
#define HEADER_UNUSED 15
#define TYPE_BYTES    6
#define EAST_MAX      (26 * 3600) /* RFC 9636 3.2: of a sane clock */
#define SHORT_TIME    4
#define LONG_TIME     8

struct block {
	uint8_t version;
	size_t ut_count;
	size_t standard_count;
	size_t leap_count;
	size_t change_count;
	size_t type_count;
	size_t name_bytes;
};

static struct block block_read(struct cursor *c)
{
	const uint8_t *magic = cursor_take(c, 4);
	struct block b = { .version = 0 };

	if (magic != NULL && memcmp(magic, "TZif", 4) != 0)
		cursor_fail(c, "no TZif");
	b.version = cursor_u8(c);
	cursor_skip(c, HEADER_UNUSED);
	b.ut_count = cursor_be32(c);
	b.standard_count = cursor_be32(c);
	b.leap_count = cursor_be32(c);
	b.change_count = cursor_be32(c);
	b.type_count = cursor_be32(c);
	b.name_bytes = cursor_be32(c);
	return b;
}

static int64_t read_time(struct cursor *c)
{
	const uint64_t high = cursor_be32(c);

	return (int64_t)(high << 32 | cursor_be32(c));
}

/* Seconds east of UTC of each type. */
static void read_types(struct cursor *c, const struct block *b, int32_t *ret)
{
	for (size_t i = 0; i < b->type_count; i++) {
		ret[i] = (int32_t)cursor_be32(c);
		cursor_skip(c, TYPE_BYTES - 4);
		if (ret[i] < -EAST_MAX || ret[i] > EAST_MAX)
			cursor_fail(c, "no such clock");
	}
}

/* What is behind the types, with the rule: from the last change on it counts, if it has changes. */
static void read_rest(struct cursor *c, const struct block *b, struct zone *z)
{
	const uint8_t *rule;
	size_t rule_len;
	size_t begin;

	cursor_skip(c, b->name_bytes);
	cursor_skip(c, b->leap_count * (LONG_TIME + 4));
	cursor_skip(c, b->standard_count);
	cursor_skip(c, b->ut_count);
	if (cursor_u8(c) != '\n')
		cursor_fail(c, "no rule");
	begin = c->pos;
	rule = cursor_until(c, '\n', &rule_len);
	if (rule == NULL || c->pos != begin + rule_len + 1)
		cursor_fail(c, "rule is cut");
	z->until_s = INT64_MAX;
	if (rule != NULL && memchr(rule, ',', rule_len) != NULL)
		z->until_s = z->count > 0 ? z->at_s[z->count - 1] : INT64_MIN;
}

/* The second block. */
static void read_long(struct cursor *c, struct zone *z)
{
	const struct block b = block_read(c);
	int32_t east_s[UINT8_MAX + 1];
	const uint8_t *types;

	if (b.change_count > LIMIT_ZONE_CHANGES || b.type_count < 1 || b.type_count > UINT8_MAX)
		cursor_fail(c, "too many changes");
	if (c->err != NULL)
		return;
	z->count = b.change_count;
	for (size_t i = 0; i < z->count; i++) {
		z->at_s[i] = read_time(c);
		if (i > 0 && z->at_s[i] <= z->at_s[i - 1])
			cursor_fail(c, "changes out of order");
	}
	types = cursor_take(c, z->count);
	read_types(c, &b, east_s);
	z->east_s[0] = east_s[0];
	for (size_t i = 0; types != NULL && i < z->count; i++) {
		if (types[i] >= b.type_count) {
			cursor_fail(c, "no such type");
			return;
		}
		z->east_s[i + 1] = east_s[types[i]];
	}
	read_rest(c, &b, z);
}

bool zone_read(struct zone *ret, const uint8_t *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	const struct block b = block_read(&c);
	struct zone z = { .count = 0 };

	if (b.version < '2')
		cursor_fail(&c, "no times of 64 bits");
	cursor_skip(&c, b.change_count * (SHORT_TIME + 1));
	cursor_skip(&c, b.type_count * TYPE_BYTES);
	cursor_skip(&c, b.name_bytes);
	cursor_skip(&c, b.leap_count * (SHORT_TIME + 4));
	cursor_skip(&c, b.standard_count);
	cursor_skip(&c, b.ut_count);
	read_long(&c, &z);
	if (c.err != NULL)
		return false;
	*ret = z;
	return true;
}

/* Only files below the folder: no way up, and none from the root. */
static bool is_place(const char *place)
{
	return place[0] >= 'A' && place[0] <= 'Z' && strstr(place, "..") == NULL &&
	       strspn(
		   place, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
		   strlen(place);
}

bool zone_load(struct zone *ret, const char *place, struct err *reterr)
{
	bool ok = false;
	uint8_t *bytes = malloc(LIMIT_ZONE_BYTES);
	char path[128];
	FILE *f = NULL;
	int len;

	if (bytes == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	len = snprintf(path, sizeof(path), ZONE_FOLDER "%s", place);
	if (is_place(place) && len > 0 && (size_t)len < sizeof(path))
		f = fopen(path, "rb");
	if (f != NULL)
		ok = zone_read(ret, bytes, fread(bytes, 1, LIMIT_ZONE_BYTES, f));
	if (!ok)
		err_set(reterr, ERR_USAGE,
		    "'%s' is no zone: it is UTC, or looks like +02:00, or is a place that the "
		    "system's time zones have, such as Europe/Berlin",
		    place);
out:
	if (f != NULL)
		(void)fclose(f);
	free(bytes);
	return ok;
}

bool zone_utc(const struct zone *z, int64_t local_s, int64_t *ret)
{
	size_t found = 0;
	int64_t skipped_s = local_s - z->east_s[0];

	for (size_t i = 0; i <= z->count; i++) {
		const int64_t utc_s = local_s - z->east_s[i];

		if (i > 0 && utc_s < z->at_s[i - 1])
			break; /* so it is in all later stretches, but for one turned back more */
		skipped_s = utc_s;
		if (i < z->count && utc_s >= z->at_s[i])
			continue;
		if (found++ == 0)
			*ret = utc_s;
	}
	if (found == 0)
		*ret = skipped_s;
	return found == 1 && *ret < z->until_s;
}
