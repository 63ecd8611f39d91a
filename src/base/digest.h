/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SHA-256 (FIPS 180-4) by libcrypto. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"

#define DIGEST_BYTES    32
#define DIGEST_TEXT_MAX 65 /* hex with the NUL */

struct digest {
	uint8_t bytes[DIGEST_BYTES];
};

struct digester; /* a hash under way */

bool digester_new(struct digester **ret, struct err *reterr) MUST_USE;
void digester_free(struct digester *d);
void digester_add(struct digester *d, const void *bytes, size_t len);

/* The digest of all bytes so far; more may be added afterwards. */
bool digester_peek(const struct digester *d, struct digest *ret, struct err *reterr) MUST_USE;

/* The digest of a whole file, and its length. */
bool digest_file(
    const char *path, struct digest *ret, uint64_t *ret_bytes, struct err *reterr) MUST_USE;

void digest_format(const struct digest *d, char text[static DIGEST_TEXT_MAX]);
bool digest_parse(const char *text, size_t len, struct digest *ret) MUST_USE;
int digest_cmp(const struct digest *a, const struct digest *b);

#endif
