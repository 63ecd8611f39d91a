/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/operands.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/diag.h"
#include "cli/typo.h"

#define NAME_BYTES_MAX 256

/* The entry of the folder that the path was perhaps meant to be; "" when none is near. */
static void nearest_file(const char *path, char name[static NAME_BYTES_MAX])
{
	const char *slash = strrchr(path, '/');
	const char *last = slash == NULL ? path : slash + 1;
	char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
	DIR *d = folder == NULL ? NULL : opendir(folder);
	struct dirent *entry;
	struct typo t;
	unsigned before;

	name[0] = '\0';
	typo_init(&t, last, strlen(last));
	while (d != NULL && (entry = readdir(d)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		before = t.distance;
		typo_try(&t, entry->d_name);
		/* the entry is gone at the next one: keep a copy of the best */
		if (t.distance < before)
			(void)snprintf(name, NAME_BYTES_MAX, "%s", entry->d_name);
	}
	if (d != NULL)
		(void)closedir(d);
	free(folder);
}

bool operands_exist(const struct settings *s)
{
	char near[NAME_BYTES_MAX];

	for (size_t i = 0; i < s->operand_count; i++) {
		const char *path = s->operands[i];

		if (strcmp(path, "-") == 0 || access(path, F_OK) == 0)
			continue;
		nearest_file(path, near);
		if (near[0] == '\0')
			diag_say("no such file '%s'", path);
		else
			diag_say("no such file '%s', did you mean '%s'?", path, near);
		return false;
	}
	return true;
}
