/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Depth first with a stack of paths, no recursion. The entries of a directory go on the stack in
 * reverse order, so that they come off it sorted.
 */
#include "evidence/walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/size.h"

/* A directory that holds this is a case of ours, see casefile/case.h. */
#define CASE_MARK "catalogue.db"

struct stack {
	char **paths; /* owned */
	size_t count;
	size_t capacity;
};

void walk_init(struct walk *w)
{
	*w = (struct walk){ 0 };
	intern_init(&w->entered, 0, SIZE_MAX);
}

void walk_release(struct walk *w)
{
	for (size_t i = 0; i < w->count; i++) {
		free(w->items[i].path);
		free(w->items[i].problem);
	}
	free(w->items);
	intern_release(&w->entered);
	walk_init(w);
}

static void stack_release(struct stack *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->paths[i]);
	free(s->paths);
}

/* Takes the path over, also when it fails. */
static bool stack_push(struct stack *s, char *path, struct err *reterr)
{
	if (path != NULL && s->count == s->capacity) {
		const size_t capacity = s->capacity == 0 ? 64 : 2 * s->capacity;
		char **grown = realloc(s->paths, size_mul(capacity, sizeof(*grown)));

		if (grown != NULL) {
			s->paths = grown;
			s->capacity = capacity;
		}
	}
	if (path == NULL || s->count == s->capacity) {
		free(path);
		err_set_memory(reterr);
		return false;
	}
	s->paths[s->count++] = path;
	return true;
}

/* Takes the path over, also when it fails. */
static bool add_item(
    struct walk *w, char *path, const char *problem, bool named, struct err *reterr)
{
	struct walk_item item = { .path = path, .named = named };

	if (w->count == LIMIT_WALK_ITEMS) {
		free(path);
		err_set(reterr, ERR_LIMIT, "more than %d files; name fewer at a time",
		    LIMIT_WALK_ITEMS);
		return false;
	}
	if (w->count == w->capacity) {
		const size_t capacity = w->capacity == 0 ? 64 : 2 * w->capacity;
		struct walk_item *grown = realloc(w->items, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL)
			goto failed;
		w->items = grown;
		w->capacity = capacity;
	}
	if (problem != NULL && (item.problem = strdup(problem)) == NULL)
		goto failed;
	w->items[w->count++] = item;
	return true;
failed:
	free(path);
	err_set_memory(reterr);
	return false;
}

static int order_of_names(const void *a, const void *b)
{
	char *const *const left = a;
	char *const *const right = b;

	return -strcmp(*left, *right); /* the first comes off the stack first */
}

static char *join(const char *folder, const char *name)
{
	const size_t len = strlen(folder);
	const char *const slash = len > 0 && folder[len - 1] == '/' ? "" : "/";
	char *path = NULL;

	return asprintf(&path, "%s%s%s", folder, slash, name) < 0 ? NULL : path;
}

/* Put the entries of a directory on the stack. *ret_problem is static, or strerror()'s. */
static bool open_folder(
    const char *path, struct stack *s, const char **ret_problem, struct err *reterr)
{
	const size_t first = s->count;
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool ok = false;

	if (dir == NULL) {
		*ret_problem = strerror(errno);
		return true;
	}
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (!stack_push(s, join(path, entry->d_name), reterr))
			goto out;
	}
	if (errno != 0)
		*ret_problem = strerror(errno);
	if (s->count > first)
		qsort(s->paths + first, s->count - first, sizeof(*s->paths), order_of_names);
	ok = true;
out:
	(void)closedir(dir);
	return ok;
}

/* Has this directory been entered before? If not, it is now. */
static bool enter(struct walk *w, const struct stat *st, bool *ret_again, struct err *reterr)
{
	const uint64_t key[] = { (uint64_t)st->st_dev, (uint64_t)st->st_ino };
	uint32_t id;

	*ret_again = intern_find(&w->entered, key, sizeof(key)) != INTERN_NONE;
	if (!*ret_again && !intern_add(&w->entered, key, sizeof(key), &id)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}

static bool is_case(const char *path)
{
	char *mark = join(path, CASE_MARK);
	const bool found = mark != NULL && access(mark, F_OK) == 0;

	free(mark);
	return found;
}

static bool walk_folder(struct walk *w, const char *path, const struct stat *st, struct stack *s,
    const char **ret_problem, struct err *reterr)
{
	bool again;

	if (is_case(path)) {
		*ret_problem = "a lodestone case, not evidence";
		return true;
	}
	if (!enter(w, st, &again, reterr))
		return false;
	if (again) {
		*ret_problem = "a directory that was already walked";
		return true;
	}
	return open_folder(path, s, ret_problem, reterr);
}

/* One path off the stack: a file, a directory, or a problem. Takes the path over. */
static bool visit(struct walk *w, char *path, bool named, struct stack *s, struct err *reterr)
{
	const char *problem = NULL;
	struct stat st;

	if (named && strcmp(path, "-") == 0)
		return add_item(w, path, NULL, true, reterr);
	if (stat(path, &st) != 0)
		return add_item(w, path, strerror(errno), named, reterr);
	if (S_ISDIR(st.st_mode)) {
		if (!walk_folder(w, path, &st, s, &problem, reterr)) {
			free(path);
			return false;
		}
		if (problem != NULL)
			return add_item(w, path, problem, named, reterr);
		free(path);
		return true;
	}
	/* a pipe is welcome where it was asked for, as in <(command) */
	if (!S_ISREG(st.st_mode) && !(named && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode))))
		problem = "not a regular file";
	return add_item(w, path, problem, named, reterr);
}

bool walk_add(struct walk *w, const char *path, struct err *reterr)
{
	struct stack s = { 0 };
	bool named = true;
	bool ok = stack_push(&s, strdup(path), reterr);

	while (ok && s.count > 0) {
		ok = visit(w, s.paths[--s.count], named, &s, reterr);
		named = false;
	}
	stack_release(&s);
	return ok;
}
