/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts are in the order of their owners, as the compared names are: one walk over them meets the
 * names' addresses, and every zone with its servers on the way. How many names an address holds,
 * and what its reverse record says, is looked up where it is known, under the address.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/size.h"
#include "hunt/kin.h"

#define TYPE_A          1
#define TYPE_NS         2
#define TYPE_PTR        12
#define TYPE_AAAA       28
#define NETWORK_V4      3 /* bytes: /24 */
#define NETWORK_V6      6 /* bytes: /48 */
#define SERVERS_BYTES   (1 << 14)
#define REVERSE_TEXT    80
#define ZONE_LABELS_MIN 2

struct gathering {
	struct kinship *kinship;
	struct haystack *haystack;
	struct intern things;   /* addresses, networks and reverse names, as bytes */
	struct intern zones;    /* by their bytes in a key */
	struct intern sets;     /* of servers */
	uint32_t *zone_servers; /* by zone */
	size_t zone_capacity;
	uint32_t zones_served; /* the first so many were seen with their servers */
	struct buf servers;    /* of the zone under way */
	struct key zone;
	size_t at;              /* the next compared name */
	uint64_t owners;        /* of addresses, so far */
	uint8_t owner[KEY_MAX]; /* the last of them */
	size_t owner_len;
};

void kin_reverse_name(const struct addr *address, struct endpoint *ret)
{
	char text[REVERSE_TEXT];
	size_t len = 0;

	for (size_t i = address->len; i-- > 0;) {
		unsigned byte = address->bytes[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    address->len == 4 ? "%u." : "%x.", address->len == 4 ? byte : byte & 15);
		if (address->len == 16)
			len += (size_t)snprintf(text + len, sizeof(text) - len, "%x.", byte >> 4);
	}
	len += (size_t)snprintf(
	    text + len, sizeof(text) - len, address->len == 4 ? "in-addr.arpa" : "ip6.arpa");
	if (!endpoint_from_name(ret, text, len))
		*ret = (struct endpoint){ .form = ENDPOINT_NONE };
}

/* ---- the walk over facts ---- */

/* The zone under way is complete. */
static bool close_zone(struct gathering *g)
{
	uint32_t zone, set;

	if (g->zone.len == 0)
		return true;
	if (!buf_ok(&g->servers) || !intern_add(&g->zones, g->zone.bytes, g->zone.len, &zone) ||
	    !intern_add(&g->sets, g->servers.bytes, g->servers.len, &set))
		return false;
	if (zone >= g->zone_capacity) {
		size_t capacity = size_mul((size_t)zone + 1, 2);
		uint32_t *grown = realloc(g->zone_servers, size_mul(capacity, sizeof(*grown)));

		if (grown == NULL)
			return false;
		g->zone_servers = grown;
		g->zone_capacity = capacity;
	}
	g->zone_servers[zone] = set;
	g->zone.len = 0;
	return true;
}

/* A server of a zone; those of one zone come one after another, in order. */
static bool add_server(struct gathering *g, const uint8_t *owner, size_t len, const struct fact *f)
{
	struct key data;

	if (g->zone.len != len || memcmp(g->zone.bytes, owner, len) != 0) {
		if (!close_zone(g))
			return false;
		memcpy(g->zone.bytes, owner, len);
		g->zone.len = len;
		buf_clear(&g->servers);
	}
	key_of_endpoint(&data, &f->data);
	if (g->servers.len + data.len <= SERVERS_BYTES)
		buf_put(&g->servers, data.bytes, data.len);
	return true;
}

static int owner_cmp(const struct kin *k, const uint8_t *owner, size_t len)
{
	size_t own = k->target_len - 1; /* without its tag */
	int order = memcmp(k->key + 1, owner, own < len ? own : len);

	return order != 0 ? order : (own > len) - (own < len);
}

static bool add_address(struct gathering *g, size_t at, const struct endpoint *e)
{
	struct succession_name *n = &g->kinship->names[at];
	size_t network = e->form == ENDPOINT_V4 ? NETWORK_V4 : NETWORK_V6;
	size_t i = n->address_count;

	if (i == SUCCESSION_ADDRESSES_MAX)
		return true;
	if (!intern_add(&g->things, e->bytes, e->len, &n->addresses[i]) ||
	    !intern_add(&g->things, e->bytes, network, &n->networks[i]))
		return false;
	g->kinship->kin[at].addresses[i].len = e->len;
	memcpy(g->kinship->kin[at].addresses[i].bytes, e->bytes, e->len);
	n->address_count++;
	return true;
}

/* An address of the owner, which may be compared, under several kinds of contact. */
static bool take_address(
    struct gathering *g, const uint8_t *owner, size_t len, const struct fact *f)
{
	const struct kinship *k = g->kinship;

	if (g->owner_len != len || memcmp(g->owner, owner, len) != 0) {
		memcpy(g->owner, owner, len);
		g->owner_len = len;
		g->owners++;
	}
	while (g->at < k->count && owner_cmp(&k->kin[g->at], owner, len) < 0)
		g->at++;
	for (size_t i = g->at; i < k->count && owner_cmp(&k->kin[i], owner, len) == 0; i++)
		if (!add_address(g, i, &f->data))
			return false;
	return true;
}

static bool take_fact(struct gathering *g, const struct haystack_entry *e, struct err *reterr)
{
	size_t len = key_target_len(e->key, e->key_len);
	struct fact f;
	bool ok = true;

	if (len == 0 || !key_read_fact(e->key, e->key_len, &f)) {
		err_set(
		    reterr, ERR_DAMAGED, "a fact of the haystack cannot be read; verify the case");
		return false;
	}
	if ((f.type == TYPE_A && f.data.form == ENDPOINT_V4) ||
	    (f.type == TYPE_AAAA && f.data.form == ENDPOINT_V6))
		ok = take_address(g, e->key + 1, len - 1, &f);
	else if (f.type == TYPE_NS)
		ok = add_server(g, e->key + 1, len - 1, &f);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}

static bool walk_facts(struct gathering *g, struct err *reterr)
{
	const struct haystack_range range = { .tag = KEY_TAG_FACT, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	bool end = false, ok;

	ok = haystack_scan_new(g->haystack, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &e, &end, reterr)) && !end)
		ok = take_fact(g, &e, reterr);
	haystack_scan_free(scan);
	if (ok && !close_zone(g)) {
		err_set_memory(reterr);
		return false;
	}
	return ok;
}

/* ---- what is looked up ---- */

/* How many names have the address? */
static bool count_owners(
    struct haystack *h, const struct addr *address, uint64_t *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_REVERSE, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	struct endpoint data;
	struct key prefix;
	bool end = false, ok;

	*ret = 0;
	endpoint_from_addr(&data, address);
	key_of_target(&prefix, range.tag, &data);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &e, &end, reterr)) && !end)
		++*ret;
	haystack_scan_free(scan);
	return ok;
}

/* The share of each address, by its number among all things. */
static bool count_shares(struct gathering *g, struct err *reterr)
{
	struct kinship *k = g->kinship;

	k->address_shares = calloc((size_t)g->things.count + 1, sizeof(*k->address_shares));
	if (k->address_shares == NULL) {
		err_set_memory(reterr);
		return false;
	}
	for (size_t i = 0; i < k->count; i++) {
		for (size_t j = 0; j < k->names[i].address_count; j++) {
			double *share = &k->address_shares[k->names[i].addresses[j]];
			uint64_t owners;

			if (*share > 0)
				continue;
			if (!count_owners(g->haystack, &k->kin[i].addresses[j], &owners, reterr))
				return false;
			*share = (double)owners / (double)g->owners;
		}
	}
	return true;
}

/* What the reverse record of the name's first address says, where one was seen. */
static bool read_reverse(struct gathering *g, size_t at, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_FACT, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	struct endpoint reverse;
	struct key prefix;
	struct fact f;
	bool end = false, ok;

	kin_reverse_name(&g->kinship->kin[at].addresses[0], &reverse);
	key_of_target(&prefix, range.tag, &reverse);
	range.prefix = &prefix;
	ok = haystack_scan_new(g->haystack, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &e, &end, reterr)) && !end) {
		if (!key_read_fact(e.key, e.key_len, &f) || f.type != TYPE_PTR)
			continue;
		ok = intern_add(
		    &g->things, f.data.bytes, f.data.len, &g->kinship->names[at].reverse);
		if (!ok)
			err_set_memory(reterr);
		break;
	}
	haystack_scan_free(scan);
	return ok;
}

/*
 * The zone of a name: the nearest one above it, or itself, of which servers were seen; else its
 * last two labels. Shorter ones are registries', and hold anybody.
 */
static bool find_zone(struct gathering *g, struct succession_name *n, const struct endpoint *target)
{
	struct endpoint suffix;
	struct key key;

	for (size_t at = 0, labels; at < target->len; at += (size_t)target->bytes[at] + 1) {
		labels = 0;
		for (size_t i = at; target->bytes[i] != 0; i += (size_t)target->bytes[i] + 1)
			labels++;
		if (labels < ZONE_LABELS_MIN ||
		    !endpoint_from_wire(&suffix, target->bytes + at, target->len - at))
			break;
		key_of_endpoint(&key, &suffix);
		n->zone = intern_find(&g->zones, key.bytes, key.len);
		if (n->zone < g->zones_served) {
			n->servers = g->zone_servers[n->zone];
			return true;
		}
		if (labels == ZONE_LABELS_MIN)
			return intern_add(&g->zones, key.bytes, key.len, &n->zone);
	}
	n->zone = SUCCESSION_NONE;
	return true;
}

static bool look_up(struct gathering *g, size_t at, struct err *reterr)
{
	struct succession_name *n = &g->kinship->names[at];
	struct endpoint target;

	if (!kin_target(&g->kinship->kin[at], &target, reterr))
		return false;
	if (target.form == ENDPOINT_NAME) {
		const struct kin *k = &g->kinship->kin[at];

		/* the last label of the key is the first of the name */
		n->label_len = target.bytes[0];
		n->label = k->key + k->target_len - 2 - n->label_len;
		if (!find_zone(g, n, &target)) {
			err_set_memory(reterr);
			return false;
		}
	}
	return n->address_count == 0 || read_reverse(g, at, reterr);
}

bool kinship_read_facts(struct kinship *k, struct haystack *h, struct err *reterr)
{
	struct gathering g = { .kinship = k, .haystack = h };
	uint64_t seed = hash_seed();
	bool ok;

	intern_init(&g.things, seed, SIZE_MAX);
	intern_init(&g.zones, seed, SIZE_MAX);
	intern_init(&g.sets, seed, SIZE_MAX);
	buf_init(&g.servers, SERVERS_BYTES);
	ok = walk_facts(&g, reterr) && count_shares(&g, reterr);
	g.zones_served = g.zones.count;
	for (size_t i = 0; i < k->count && ok; i++)
		ok = look_up(&g, i, reterr);
	intern_release(&g.things);
	intern_release(&g.zones);
	intern_release(&g.sets);
	free(g.zone_servers);
	buf_release(&g.servers);
	return ok;
}
