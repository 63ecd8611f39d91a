/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules are sorted; a target is looked up as itself, then as below each of its own suffixes,
 * longest first: a handful of binary searches, however long the list.
 */
#include "hunt/allow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rule {
	const struct endpoint *name; /* of a pattern: what stands behind "*." */
	bool below;                  /* a pattern */
	const char *line;            /* as written, without comment and blanks */
};

struct allow {
	const struct rule *rules;
	size_t count;
};

struct rules {
	struct rule *items;
	size_t count;
	size_t capacity;
};

static int rule_cmp(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;
	int order = endpoint_cmp(x->name, y->name);

	return order != 0 ? order : (int)x->below - (int)y->below;
}

/* Cut the comment and the blanks around; the length of what is left. */
static size_t trim(char **line)
{
	size_t len = strcspn(*line, "#\r\n");

	while (len > 0 && (**line == ' ' || **line == '\t')) {
		(*line)++;
		len--;
	}
	while (len > 0 && ((*line)[len - 1] == ' ' || (*line)[len - 1] == '\t'))
		len--;
	(*line)[len] = '\0';
	return len;
}

static bool rule_parse(const char *text, size_t len, struct endpoint *ret, bool *ret_below)
{
	*ret_below = len > 2 && text[0] == '*' && text[1] == '.';
	if (*ret_below) {
		text += 2;
		len -= 2;
	}
	/* a name with a real asterisk is written \042, as everywhere */
	if (memchr(text, '*', len) != NULL)
		return false;
	return *ret_below ? endpoint_from_name(ret, text, len) : endpoint_parse(ret, text, len);
}

static bool rules_add(struct rules *rules, struct arena *memory, const char *text, size_t len,
    const struct endpoint *name, bool below)
{
	struct rule rule = { .below = below };

	if (rules->count == rules->capacity) {
		size_t capacity = rules->capacity * 2 + 64;
		struct rule *items = reallocarray(rules->items, capacity, sizeof(*items));

		if (items == NULL)
			return false;
		rules->items = items;
		rules->capacity = capacity;
	}
	rule.name = arena_copy(memory, name, sizeof(*name));
	rule.line = arena_copy(memory, text, len);
	if (rule.name == NULL || rule.line == NULL)
		return false;
	rules->items[rules->count++] = rule;
	return true;
}

static bool read_lines(
    FILE *f, const char *path, struct arena *memory, struct rules *rules, struct err *reterr)
{
	char *line = NULL;
	size_t capacity = 0;
	bool ok = true;

	for (unsigned long number = 1; ok && getline(&line, &capacity, f) >= 0; number++) {
		char *text = line;
		size_t len = trim(&text);
		struct endpoint name = { .form = ENDPOINT_NONE };
		bool below;

		if (len == 0)
			continue;
		if (!rule_parse(text, len, &name, &below)) {
			err_set(reterr, ERR_USAGE,
			    "'%s' line %lu: not a name, an address or '*.name': write one a line",
			    path, number);
			ok = false;
		} else if (!rules_add(rules, memory, text, len, &name, below)) {
			err_set_memory(reterr);
			ok = false;
		}
	}
	if (ok && ferror(f)) {
		err_set(reterr, ERR_SYSTEM, "cannot read '%s': %s", path, strerror(errno));
		ok = false;
	}
	free(line);
	return ok;
}

bool allow_read(
    const char *path, struct arena *memory, const struct allow **ret, struct err *reterr)
{
	struct rules rules = { 0 };
	struct allow *list;
	bool ok = false;
	FILE *f;

	f = fopen(path, "re");
	if (f == NULL) {
		err_set(reterr, ERR_USAGE, "cannot open the allow list '%s': %s", path,
		    strerror(errno));
		return false;
	}
	if (!read_lines(f, path, memory, &rules, reterr))
		goto out;
	if (rules.count > 1)
		qsort(rules.items, rules.count, sizeof(*rules.items), rule_cmp);
	list = arena_alloc(memory, sizeof(*list));
	if (list != NULL && rules.count > 0)
		list->rules = arena_copy(memory, rules.items, rules.count * sizeof(*rules.items));
	if (list == NULL || (rules.count > 0 && list->rules == NULL)) {
		err_set_memory(reterr);
		goto out;
	}
	list->count = rules.count;
	*ret = list;
	ok = true;
out:
	free(rules.items);
	(void)fclose(f);
	return ok;
}

static const char *find(const struct allow *list, const struct endpoint *name, bool below)
{
	struct rule wanted = { .name = name, .below = below };
	const struct rule *rule;

	if (list->count == 0)
		return NULL;
	rule = bsearch(&wanted, list->rules, list->count, sizeof(wanted), rule_cmp);
	return rule == NULL ? NULL : rule->line;
}

const char *allow_find(const struct allow *list, const struct endpoint *target)
{
	struct endpoint suffix;
	const char *line;
	size_t at = 0;

	if (list == NULL)
		return NULL;
	line = find(list, target, false);
	if (line != NULL || target->form != ENDPOINT_NAME)
		return line;
	/* each label down to the root: an endpoint's name is always well formed */
	while (line == NULL && at < target->len && target->bytes[at] != 0) {
		at += 1u + target->bytes[at];
		if (!endpoint_from_wire(&suffix, target->bytes + at, target->len - at))
			break;
		line = find(list, &suffix, true);
	}
	return line;
}
