/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file in the MaxMind DB format, version 2 (maxmind.github.io/MaxMind-DB), given by the user:
 * which autonomous system announces an address, or which country it is in. The file is hostile:
 * what libmaxminddb finds damaged is an error that names the file, and text is cut to a bound.
 */
#ifndef ENRICH_MMDB_H
#define ENRICH_MMDB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/attr.h"
#include "base/err.h"

/* Bytes of the name of an organization, the NUL too; what is longer is cut. */
#define MMDB_NAME_MAX    128
#define MMDB_COUNTRY_MAX 3 /* ISO 3166-1 alpha-2 */

struct mmdb;

/* What the file says of an address. */
struct mmdb_entry {
	uint32_t as_number;             /* 0: it says none */
	char as_name[MMDB_NAME_MAX];    /* "": it says none; any bytes, for a report to escape */
	char country[MMDB_COUNTRY_MAX]; /* "": it says none, or no two capital letters */
};

/* path is kept by reference, for messages. */
bool mmdb_open(const char *path, struct mmdb **ret, struct err *reterr) MUST_USE;
void mmdb_free(struct mmdb *m);

/* An address that the file does not cover has an empty entry. Threads may share m. */
bool mmdb_find(const struct mmdb *m, const struct addr *a, struct mmdb_entry *ret,
    struct err *reterr) MUST_USE;

#endif
