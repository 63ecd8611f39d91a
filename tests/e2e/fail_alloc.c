/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into lodestone by memory.py: the FAIL_AT-th request for memory of the process fails,
 * once. FAIL_AT may be FIRST or FIRST-LAST: then all from FIRST to LAST fail. Without it requests
 * are counted, and their number is written to the file FAIL_COUNT at the exit.
 *
 * What counts is malloc(), calloc(), realloc(), aligned_alloc(), posix_memalign() and anonymous
 * mmap(), from main() on: what the loader and the libraries' own beginnings ask for is not ours
 * to survive. glibc's own allocator is called by its second names, so that nothing has to be
 * looked up before there is memory.
 */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static long requests;
static long first; /* 0: none fails */
static long last;
static bool ready; /* main() has begun */
static pid_t self; /* a child that verifies a file has its own fate */

static bool refused(void)
{
	long n;

	if (!ready)
		return false;
	n = __atomic_add_fetch(&requests, 1, __ATOMIC_RELAXED);
	if (n < first || n > last)
		return false;
	errno = ENOMEM;
	return true;
}

/* Runs before main(), after the constructors of the libraries it needs. */
__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("FAIL_AT");
	char *end;

	if (at != NULL) {
		first = strtol(at, &end, 10);
		last = *end == '-' ? strtol(end + 1, NULL, 10) : first;
	}
	self = getpid();
	ready = true;
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("FAIL_COUNT");
	FILE *f;

	ready = false;
	f = path == NULL || getpid() != self ? NULL : fopen(path, "w");
	if (f == NULL)
		return;
	(void)fprintf(f, "%ld\n", requests);
	(void)fclose(f);
}

void *malloc(size_t n)
{
	return refused() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return refused() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t n)
{
	return refused() ? NULL : __libc_realloc(old, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return refused() ? NULL : __libc_memalign(alignment, n);
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
	if (refused())
		return ENOMEM;
	*ret = __libc_memalign(alignment, n);
	return *ret == NULL ? ENOMEM : 0;
}

static void *map(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
	void *(*real)(void *, size_t, int, int, int, off_t);
	void *found = dlsym(RTLD_NEXT, "mmap");

	memcpy(&real, &found, sizeof(real));
	if ((flags & MAP_ANONYMOUS) != 0 && refused())
		return MAP_FAILED;
	return real(at, n, protection, flags, fd, offset);
}

void *mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
	return map(at, n, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
	return map(at, n, protection, flags, fd, offset);
}
