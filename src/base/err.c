/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set(struct err *reterr, enum err_code code, uint64_t offset, const char *fmt,
    va_list args) PRINTF_LIKE(4, 0);

static void set(
    struct err *reterr, enum err_code code, uint64_t offset, const char *fmt, va_list args)
{
	if (reterr == NULL)
		return;
	reterr->code = code;
	reterr->offset = offset;
	(void)vsnprintf(reterr->text, sizeof(reterr->text), fmt, args);
}

void err_set(struct err *reterr, enum err_code code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set(reterr, code, ERR_NO_OFFSET, fmt, args);
	va_end(args);
}

void err_set_at(struct err *reterr, enum err_code code, uint64_t offset, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set(reterr, code, offset, fmt, args);
	va_end(args);
}

void err_set_memory(struct err *reterr)
{
	err_set(reterr, ERR_MEMORY, "out of memory");
}

void err_wrap(struct err *reterr, const char *fmt, ...)
{
	char inner[sizeof(reterr->text)];
	char outer[sizeof(reterr->text)];
	va_list args;

	if (reterr == NULL)
		return;
	va_start(args, fmt);
	(void)vsnprintf(outer, sizeof(outer), fmt, args);
	va_end(args);
	memcpy(inner, reterr->text, sizeof(inner));
	/* cut to fit, as err_set() does */
	if (snprintf(reterr->text, sizeof(reterr->text), "%s: %s", outer, inner) < 0)
		reterr->text[0] = '\0';
}
