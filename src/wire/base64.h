/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Base64 (RFC 4648 4), in which logs of JSON carry DNS messages. */
#ifndef WIRE_BASE64_H
#define WIRE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/*
 * Decode the text, with or without its padding, into room, of max bytes. False, with room changed:
 * another character, bits left over that are not zero, or more than max bytes.
 */
bool base64_read(
    const uint8_t *text, size_t len, uint8_t *room, size_t max, size_t *ret_len) MUST_USE;

#endif
