/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key space of the haystack. memcmp order of keys is: tag; target by label from the root
 * (names before addresses); kind; type; peer. A tag byte opens each key:
 *   S  series: target, kind, be16 type, peer
 *   F  fact by owner: owner, be16 type, data, extras
 *   R  fact by data: data, be16 type, owner, extras
 * An endpoint is a form byte, so that keys sort as endpoint_cmp() does, and what follows from it:
 * 0x00 none; 0x01 a name: its labels from the root down, each ended by 0x00, and one more 0x00 at
 * the end, where 0x00 and 0x01 inside a label become 0x01 followed by themselves plus one; 0x04
 * and 0x06 an address: its bytes. So all names below a suffix share a prefix, and only they.
 */
#ifndef CONTACT_KEY_H
#define CONTACT_KEY_H

#include "base/buf.h"
#include "base/cursor.h"
#include "contact/contact.h"

#define KEY_TAG_SERIES  'S'
#define KEY_TAG_FACT    'F'
#define KEY_TAG_REVERSE 'R'

/* The longest key: two names of 255 octets, all escaped, and the fixed fields. */
#define KEY_MAX 1100

struct key {
	size_t len;
	uint8_t bytes[KEY_MAX];
};

/* Of the contact's target, kind, type and peer. Always fits. */
void key_of_series(struct key *k, const struct contact *c);
void key_of_fact(struct key *k, const struct fact *f, uint8_t tag);

/* The endpoint's own part of a key: a form byte and what follows from it. */
void key_of_endpoint(struct key *k, const struct endpoint *e);

/* The same to a place with room for the longest. Returns its length. */
#define KEY_ENDPOINT_MAX                                                                           \
	528 /* a name of 255 octets, all escaped, and what a short move overwrites */
size_t key_write_endpoint(uint8_t to[static KEY_ENDPOINT_MAX], const struct endpoint *e);

/* And back. False: not the whole of such a part; *ret is then undefined. */
bool key_read_endpoint(const uint8_t *part, size_t len, struct endpoint *ret) MUST_USE;

/* The same keys put together from such parts. */
struct key_part {
	const uint8_t *bytes;
	size_t len;
};
void key_join_series(
    struct key *k, struct key_part target, uint8_t kind, uint16_t type, struct key_part peer);
void key_join_fact(struct key *k, uint8_t tag, struct key_part first, uint16_t type,
    struct key_part second, uint32_t extra, uint16_t port);

/* Tag and target alone: the prefix of all series of that target, and of no other. */
void key_of_target(struct key *k, uint8_t tag, const struct endpoint *target);

/* Tag and suffix, so that the prefix covers the name and all below it. */
void key_of_suffix(struct key *k, uint8_t tag, const struct endpoint *suffix);

/* Fill the fields of *c (or *f) that a key holds. False: not a key of ours; *c is then undefined. */
bool key_read_series(const uint8_t *key, size_t len, struct contact *c) MUST_USE;
bool key_read_fact(const uint8_t *key, size_t len, struct fact *f) MUST_USE;

/* Length of the part of a key up to and with its target, or its first endpoint. 0: not ours. */
size_t key_target_len(const uint8_t *key, size_t len);

#endif
