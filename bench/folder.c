/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *folder_make(void)
{
	static char path[4096];
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(path, sizeof(path), "%s/lodestone-bench-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	if (mkdtemp(path) == NULL) {
		perror(path);
		exit(2);
	}
	return path;
}

void folder_empty(const char *folder)
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	char path[8192];

	while (list != NULL && (entry = readdir(list)) != NULL) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		(void)unlink(path);
	}
	if (list != NULL)
		(void)closedir(list);
}
