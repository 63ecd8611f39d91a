/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enrich/popularity.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/size.h"

/* Places have ten digits at most, a name ENDPOINT_TEXT_MAX. */
#define LINE_BYTES (ENDPOINT_TEXT_MAX + 16)

struct popularity {
	struct intern names; /* in wire form */
	uint32_t *places;    /* of each */
	size_t capacity;
};

bool popularity_parse(const char *line, size_t len, uint32_t *ret_place, struct endpoint *ret_name)
{
	uint32_t place = 0;
	size_t at = 0;

	for (; at < len && line[at] >= '0' && line[at] <= '9'; at++)
		if (__builtin_mul_overflow(place, 10, &place) ||
		    __builtin_add_overflow(place, (uint32_t)(line[at] - '0'), &place))
			return false;
	if (place == 0 || at == len || line[at] != ',')
		return false;
	at++;
	if (!endpoint_from_name(ret_name, line + at, len - at))
		return false;
	*ret_place = place;
	return true;
}

/* A name that stands twice keeps its better place. */
static bool add(struct popularity *p, uint32_t place, const struct endpoint *name)
{
	uint32_t known = p->names.count, id;

	if (!intern_add(&p->names, name->bytes, name->len, &id))
		return false;
	if (id < known) {
		p->places[id] = place < p->places[id] ? place : p->places[id];
		return true;
	}
	if (id == p->capacity) {
		size_t capacity = p->capacity * 2 + 1024;
		uint32_t *places = reallocarray(p->places, capacity, sizeof(*places));

		if (places == NULL)
			return false;
		p->places = places;
		p->capacity = capacity;
	}
	p->places[id] = place;
	return true;
}

static bool read_lines(FILE *f, const char *path, struct popularity *p, struct err *reterr)
{
	char line[LINE_BYTES];
	struct endpoint name;
	uint32_t place;

	for (unsigned long at = 1; fgets(line, sizeof(line), f) != NULL; at++) {
		size_t len = strcspn(line, "\r\n");

		if (at > POPULARITY_LINES_MAX) {
			err_set(reterr, ERR_USAGE, "'%s' has more than %d lines", path,
			    POPULARITY_LINES_MAX);
			return false;
		}
		if (len == 0 && line[0] != '\0')
			continue;
		if (!popularity_parse(line, len, &place, &name)) {
			err_set(reterr, ERR_USAGE,
			    "'%s' line %lu: write a place and a domain: 1,example.com", path, at);
			return false;
		}
		if (!add(p, place, &name)) {
			err_set_memory(reterr);
			return false;
		}
	}
	if (ferror(f))
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
	return !ferror(f);
}

bool popularity_read(const char *path, struct popularity **ret, struct err *reterr)
{
	struct popularity *p = calloc(1, sizeof(*p));
	FILE *f;
	bool ok;

	if (p == NULL) {
		err_set_memory(reterr);
		return false;
	}
	intern_init(&p->names, hash_seed(), SIZE_MAX);
	f = fopen(path, "re");
	if (f == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		popularity_free(p);
		return false;
	}
	ok = read_lines(f, path, p, reterr);
	(void)fclose(f);
	if (ok)
		*ret = p;
	else
		popularity_free(p);
	return ok;
}

void popularity_free(struct popularity *p)
{
	if (p == NULL)
		return;
	intern_release(&p->names);
	free(p->places);
	free(p);
}

uint32_t popularity_find(
    const struct popularity *p, const struct endpoint *name, struct endpoint *ret_listed)
{
	size_t at = 0;

	if (name->form != ENDPOINT_NAME)
		return 0;
	/* an endpoint's name is always well formed */
	for (; at < name->len && name->bytes[at] != 0; at += 1u + name->bytes[at]) {
		uint32_t id = intern_find(&p->names, name->bytes + at, name->len - at);

		if (id != INTERN_NONE &&
		    endpoint_from_wire(ret_listed, name->bytes + at, name->len - at))
			return p->places[id];
	}
	return 0;
}
