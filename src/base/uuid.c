/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcrypto's plain SHA1_*(3), for the reason that digest.c gives. */
#define OPENSSL_API_COMPAT 10101
#include "base/uuid.h"

#include <stdio.h>
#include <string.h>
#include <openssl/sha.h>

#define VERSION 0x50 /* 5, in the high half of byte 6 */
#define VARIANT 0x80 /* in the two high bits of byte 8 */

struct uuid uuid_of_name(const struct uuid *space, const void *name, size_t len)
{
	unsigned char hash[SHA_DIGEST_LENGTH];
	struct uuid u;
	SHA_CTX sha;

	(void)SHA1_Init(&sha);
	(void)SHA1_Update(&sha, space->bytes, UUID_BYTES);
	(void)SHA1_Update(&sha, name, len);
	(void)SHA1_Final(hash, &sha);
	memcpy(u.bytes, hash, UUID_BYTES);
	u.bytes[6] = (uint8_t)((u.bytes[6] & 0x0f) | VERSION);
	u.bytes[8] = (uint8_t)((u.bytes[8] & 0x3f) | VARIANT);
	return u;
}

void uuid_format(const struct uuid *u, char text[static UUID_TEXT_MAX])
{
	size_t at = 0;

	for (size_t i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text[at++] = '-';
		(void)snprintf(text + at, 3, "%02x", u->bytes[i]);
		at += 2;
	}
}
