/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/findings.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/size.h"
#include "wire/json_line.h"

#define FILE_BYTES_MAX   (1u << 30)
#define MEMORY_BYTES_MAX (SIZE_MAX / 2)
#define READ_BYTES       (1u << 16)
#define TEXT_BYTES_MAX   2048 /* a name of 255 octets, each \DDD and then escaped for JSON */
#define NUMBER_BYTES_MAX 32

enum slot {
	SLOT_NUMBERS = FINDINGS_NUMBERS,
	SLOT_TARGET = SLOT_NUMBERS,
	SLOT_KIND,
	SLOT_FIRST,
	SLOT_LAST,
	SLOT_VERDICT,
	SLOT_NEEDLE,
	SLOTS,
};

static const struct json_key keys[] = {
	{ "rank", FINDINGS_RANK },
	{ "score", FINDINGS_SCORE },
	{ "p", FINDINGS_P },
	{ "q", FINDINGS_Q },
	{ "contacts", FINDINGS_CONTACTS },
	{ "visits", FINDINGS_VISITS },
	{ "active_days", FINDINGS_ACTIVE_DAYS },
	{ "peers_total", FINDINGS_PEERS_TOTAL },
	{ "target", SLOT_TARGET },
	{ "kind", SLOT_KIND },
	{ "first", SLOT_FIRST },
	{ "last", SLOT_LAST },
	{ "verdict", SLOT_VERDICT },
	{ "needle", SLOT_NEEDLE },
};

static bool read_file(const char *path, struct buf *ret, struct err *reterr)
{
	FILE *f = fopen(path, "rbe");
	bool ok = true;

	if (f == NULL && errno == ENOENT)
		return true;
	if (f == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		return false;
	}
	for (size_t n = 1; ok && n > 0;) {
		ok = buf_reserve(ret, READ_BYTES);
		n = ok ? fread(ret->bytes + ret->len, 1, READ_BYTES, f) : 0;
		ret->len += n;
	}
	if (!ok)
		err_set_memory(reterr);
	else if (ferror(f))
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	ok = ok && !ferror(f);
	(void)fclose(f);
	return ok;
}

static const char *text_of(struct findings *f, const struct json_value *v)
{
	uint8_t room[TEXT_BYTES_MAX];
	const uint8_t *text;
	size_t len;

	if (!json_text(v, room, sizeof(room), &text, &len) || memchr(text, '\0', len) != NULL)
		return NULL;
	return arena_copy(&f->memory, text, len);
}

/* printer_number() wrote it; the program's LC_NUMERIC is always C. */
static double number_of(const struct json_value *v)
{
	char text[NUMBER_BYTES_MAX];

	if (v->kind != JSON_NUMBER || v->len >= sizeof(text))
		return NAN;
	memcpy(text, v->bytes, v->len);
	text[v->len] = '\0';
	return strtod(text, NULL);
}

static bool read_row(
    struct findings *f, struct json_keys *k, struct findings_text line, struct finding_row *ret)
{
	struct cursor c = cursor_of(line.bytes, line.len);
	struct json_value values[SLOTS];

	if (!json_line_read(k, &c, values))
		return false;
	ret->line = line;
	for (size_t i = 0; i < FINDINGS_NUMBERS; i++)
		ret->numbers[i] = number_of(&values[i]);
	ret->needle = values[SLOT_NEEDLE].kind == JSON_TRUE;
	ret->target = text_of(f, &values[SLOT_TARGET]);
	ret->kind = text_of(f, &values[SLOT_KIND]);
	ret->first = text_of(f, &values[SLOT_FIRST]);
	ret->last = text_of(f, &values[SLOT_LAST]);
	ret->verdict = text_of(f, &values[SLOT_VERDICT]);
	return ret->target != NULL && ret->kind != NULL && ret->first != NULL &&
	       ret->last != NULL && ret->verdict != NULL;
}

static int compare_targets(const void *a, const void *b)
{
	const struct finding_row *const *x = a, *const *y = b;
	int order = strcmp((*x)->target, (*y)->target);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

static bool read_rows(
    struct findings *f, struct cursor *lines, const char *path, struct err *reterr)
{
	struct json_keys k;
	size_t len;

	json_keys_init(&k, keys, COUNT_OF(keys), SLOTS);
	while (cursor_left(lines) > 0) {
		const char *line = (const char *)cursor_until(lines, '\n', &len);

		if (len == 0)
			continue;
		if (!read_row(f, &k, (struct findings_text){ line, len }, &f->rows[f->count])) {
			err_set(reterr, ERR_DAMAGED,
			    "line %zu of '%s' is no finding; hunt again to write the file anew",
			    f->count + 2, path);
			return false;
		}
		f->count++;
	}
	return true;
}

static bool index_rows(struct findings *f, struct err *reterr)
{
	f->by_target = arena_alloc(&f->memory, size_mul(f->count, sizeof(*f->by_target)));
	if (f->by_target == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < f->count; i++)
		f->by_target[i] = &f->rows[i];
	if (f->count > 0)
		qsort(f->by_target, f->count, sizeof(*f->by_target), compare_targets);
	return true;
}

static const char hunt_start[] = "{\"schema\":\"lodestone.hunt/1\",";

static bool read_lines(
    struct findings *f, const struct buf *file, const char *path, struct err *reterr)
{
	char *text = arena_copy(
	    &f->memory, file->bytes == NULL ? (const uint8_t *)"" : file->bytes, file->len);
	struct cursor lines = cursor_of(text, file->len);
	size_t count = 0;

	for (size_t i = 0; text != NULL && i < file->len; i++)
		count += text[i] == '\n';
	f->rows = arena_alloc(&f->memory, size_mul(size_add(count, 1), sizeof(*f->rows)));
	if (text == NULL || f->rows == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (file->len > 0)
		f->hunt.bytes = (const char *)cursor_until(&lines, '\n', &f->hunt.len);
	if (file->len > 0 && (f->hunt.len < strlen(hunt_start) ||
				 memcmp(f->hunt.bytes, hunt_start, strlen(hunt_start)) != 0)) {
		err_set(
		    reterr, ERR_DAMAGED, "'%s' does not begin as a hunt does; hunt again", path);
		return false;
	}
	return read_rows(f, &lines, path, reterr) && index_rows(f, reterr);
}

bool findings_read(const char *path, struct findings *ret, struct err *reterr)
{
	struct buf file;
	bool ok;

	*ret = (struct findings){ .count = 0 };
	arena_init(&ret->memory, MEMORY_BYTES_MAX);
	buf_init(&file, FILE_BYTES_MAX);
	ok = read_file(path, &file, reterr) && read_lines(ret, &file, path, reterr);
	buf_release(&file);
	return ok;
}

void findings_release(struct findings *f)
{
	arena_release(&f->memory);
}

const struct finding_row *findings_find(const struct findings *f, const char *target)
{
	size_t low = 0, high = f->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(f->by_target[middle]->target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < f->count && strcmp(f->by_target[low]->target, target) == 0 ? f->by_target[low]
										: NULL;
}
