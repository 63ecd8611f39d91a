/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only attribute macros of the project: C17 has no standard spelling that gcc and clang share. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define COUNT_OF(array)   (sizeof(array) / sizeof((array)[0]))

/*
 * For functions that do nothing but prefetch: gcc 12 takes such a one for a function without
 * effect, and drops the calls that it has not inlined by then.
 */
#define PREFETCHES inline __attribute__((always_inline))

/* A local array that is filled before it is read, and too big to be cleared at every call. */
#define UNINITIALIZED __attribute__((uninitialized))

#endif
