/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4 and IPv6 addresses: 4 or 16 bytes in network order, and their text (RFC 5952). */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

struct addr {
	uint8_t len; /* 4, 16, or 0: no address */
	uint8_t bytes[16];
};

#define ADDR_TEXT_MAX 46 /* with the NUL */

/* Read the whole text as an address. An IPv6 zone ("%eth0") is refused. */
bool addr_parse(const char *text, size_t len, struct addr *ret) MUST_USE;

/* Write the address as text with a NUL; "-" for none. Returns its length. */
size_t addr_format(const struct addr *a, char text[static ADDR_TEXT_MAX]);

/* <0, 0, >0: IPv4 before IPv6, then by bytes. */
int addr_cmp(const struct addr *a, const struct addr *b);

#endif
