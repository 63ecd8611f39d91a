/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feed every file of the folders named to the harness, so that a corpus is an ordinary test. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static int replay(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = NULL;
	long len;
	int status = 1;

	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (len = ftell(f)) < 0)
		goto out;
	rewind(f);
	/* exactly as long as the input, so that a read past the end is seen */
	bytes = malloc(len == 0 ? 1 : (size_t)len);
	if (bytes == NULL || fread(bytes, 1, (size_t)len, f) != (size_t)len)
		goto out;
	(void)LLVMFuzzerTestOneInput(bytes, (size_t)len);
	status = 0;
out:
	free(bytes);
	if (f != NULL)
		(void)fclose(f);
	return status;
}

int main(int argc, char **argv)
{
	int count = 0;

	for (int i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		struct dirent *entry;
		char path[4096];

		if (dir == NULL) {
			(void)fprintf(stderr, "cannot open corpus '%s'\n", argv[i]);
			return 1;
		}
		while ((entry = readdir(dir)) != NULL) {
			if (entry->d_name[0] == '.')
				continue;
			(void)snprintf(path, sizeof(path), "%s/%s", argv[i], entry->d_name);
			if (replay(path) != 0) {
				(void)fprintf(stderr, "cannot read '%s'\n", path);
				return 1;
			}
			count++;
		}
		(void)closedir(dir);
	}
	(void)printf("%d inputs replayed\n", count);
	return count == 0;
}
