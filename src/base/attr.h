/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only attribute macros of the project: C17 has no standard spelling that gcc and clang share. */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define COUNT_OF(array)   (sizeof(array) / sizeof((array)[0]))

#endif
