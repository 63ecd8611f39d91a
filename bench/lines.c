/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-lines FILE: the floor of reading a log: read(2), and memchr() for the line ends. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char block[256 << 10];
	int fd = argc == 2 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	unsigned long lines = 0;
	ssize_t n;

	if (fd < 0) {
		(void)fprintf(stderr, "usage: bench-lines FILE\n");
		return 2;
	}
	while ((n = read(fd, block, sizeof(block))) > 0) {
		const char *at = block;

		while ((at = memchr(at, '\n', (size_t)(block + n - at))) != NULL) {
			lines++;
			at++;
		}
	}
	(void)close(fd);
	(void)printf("%lu lines\n", lines);
	return 0;
}
