/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why a call failed. The struct is the caller's and is written only on failure, by the callee
 * that first saw the fault; callers further up pass it on untouched, or put it in context with
 * err_wrap(). No function below cli/ prints.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

enum err_code {
	ERR_NONE,
	ERR_USAGE,   /* the caller's words are off: an unknown option, a bad number */
	ERR_SYSTEM,  /* the operating system said no: text holds its reason */
	ERR_MEMORY,  /* out of memory, or over the bound that the user set */
	ERR_INPUT,   /* the input as a whole cannot be used: wrong type, empty */
	ERR_DAMAGED, /* our own files do not agree with their digests */
	ERR_LIMIT,   /* a named limit of base/limits.h was passed */
	ERR_STOPPED, /* the caller wanted no more */
};

#define ERR_NO_OFFSET UINT64_MAX

struct err {
	enum err_code code;
	uint64_t offset; /* byte in the input, or ERR_NO_OFFSET */
	char text[512];  /* what failed and, where one is known, the way out; no full stop */
};

/* Fill *reterr; offset becomes ERR_NO_OFFSET. The text is cut to fit. NULL reterr is a no-op. */
void err_set(struct err *reterr, enum err_code code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The same with the byte at which the input went wrong. */
void err_set_at(struct err *reterr, enum err_code code, uint64_t offset, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* "out of memory", in the words used everywhere. */
void err_set_memory(struct err *reterr);

/* Put "fmt: " before the text that is already there. */
void err_wrap(struct err *reterr, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
