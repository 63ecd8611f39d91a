/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names as UUIDs of version 5 (RFC 9562, 5.5): the same name in the same namespace has the same
 * UUID on every machine. SHA-1 serves to spread names here, not to protect anything.
 */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include <stddef.h>
#include <stdint.h>

#define UUID_BYTES    16
#define UUID_TEXT_MAX 37 /* with the NUL */

struct uuid {
	uint8_t bytes[UUID_BYTES];
};

struct uuid uuid_of_name(const struct uuid *space, const void *name, size_t len);

/* "6ba7b810-9dad-11d1-80b4-00c04fd430c8". */
void uuid_format(const struct uuid *u, char text[static UUID_TEXT_MAX]);

#endif
