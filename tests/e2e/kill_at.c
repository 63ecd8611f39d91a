/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Preloaded into lodestone by kill.py: end the process with SIGKILL just before its KILL_AT-th
 * call that changes a file, so that every state a disk can be left in comes up. Without KILL_AT
 * the calls are counted, and their number is written to the file KILL_COUNT at the exit.
 */
/* so that pwrite() and pwrite64() are two names, as in the libraries that call them */
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static void step(void)
{
	const char *at = getenv("KILL_AT");

	/* one thread writes at a time: lodestone's writers do not share files */
	if (__atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED) == (at == NULL ? 0 : atol(at)))
		(void)kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void report(void)
{
	const char *path = getenv("KILL_COUNT");
	FILE *f = path == NULL ? NULL : fopen(path, "w");

	if (f == NULL)
		return;
	(void)fprintf(f, "%ld\n", calls);
	(void)fclose(f);
}

static void *next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* Assigning through memcpy(): C has no cast from an object pointer to a function's. */
#define FORWARD(type, name, params, args)                                                          \
	type name params;                                                                          \
	type name params                                                                           \
	{                                                                                          \
		type(*real) params;                                                                \
		void *found = next(#name);                                                         \
                                                                                                   \
		memcpy(&real, &found, sizeof(real));                                               \
		step();                                                                            \
		return real args;                                                                  \
	}

FORWARD(ssize_t, write, (int fd, const void *b, size_t n), (fd, b, n))
FORWARD(ssize_t, pwrite, (int fd, const void *b, size_t n, off_t at), (fd, b, n, at))
FORWARD(ssize_t, pwrite64, (int fd, const void *b, size_t n, off_t at), (fd, b, n, at))
FORWARD(int, fsync, (int fd), (fd))
FORWARD(int, fdatasync, (int fd), (fd))
FORWARD(int, ftruncate, (int fd, off_t n), (fd, n))
FORWARD(int, ftruncate64, (int fd, off_t n), (fd, n))
FORWARD(int, rename, (const char *a, const char *b), (a, b))
FORWARD(int, renameat, (int x, const char *a, int y, const char *b), (x, a, y, b))
FORWARD(int, unlink, (const char *a), (a))
FORWARD(int, unlinkat, (int x, const char *a, int flags), (x, a, flags))
FORWARD(int, mkdir, (const char *a, mode_t mode), (a, mode))
