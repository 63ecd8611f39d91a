/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Breadth first over facts, each read from either end by a scan of its own, which stops where the
 * fact has more ends than one host: an address with a thousand names is a hosting machine, a HELO
 * name that many clients give is a default or a lie. What a fact with a few ends leads to is
 * marked, and so is all that lies behind it.
 */
#include "hunt/join_keys.h"

#include <stdlib.h>
#include <string.h>

#include "hunt/kin.h"

#define TYPE_A     1
#define TYPE_CNAME 5
#define TYPE_PTR   12
#define TYPE_MX    15
#define TYPE_AAAA  28

/* From a key of the form, under the tag, to the other end of the fact. */
struct rule {
	enum endpoint_form form;
	uint8_t tag;
	uint16_t type;
};

static const struct rule rules[] = {
	{ ENDPOINT_NAME, KEY_TAG_FACT, TYPE_A },
	{ ENDPOINT_NAME, KEY_TAG_FACT, TYPE_AAAA },
	{ ENDPOINT_NAME, KEY_TAG_FACT, TYPE_CNAME },
	{ ENDPOINT_NAME, KEY_TAG_FACT, TYPE_PTR },
	{ ENDPOINT_NAME, KEY_TAG_FACT, TYPE_MX },
	{ ENDPOINT_NAME, KEY_TAG_FACT, FACT_HELO },
	{ ENDPOINT_NAME, KEY_TAG_FACT, FACT_MESSAGE_ID },
	{ ENDPOINT_NAME, KEY_TAG_REVERSE, TYPE_CNAME },
	{ ENDPOINT_NAME, KEY_TAG_REVERSE, TYPE_PTR },
	{ ENDPOINT_NAME, KEY_TAG_REVERSE, TYPE_MX },
	{ ENDPOINT_V4, KEY_TAG_REVERSE, TYPE_A },
	{ ENDPOINT_V4, KEY_TAG_REVERSE, FACT_HELO },
	{ ENDPOINT_V4, KEY_TAG_REVERSE, FACT_MESSAGE_ID },
	{ ENDPOINT_V6, KEY_TAG_REVERSE, TYPE_AAAA },
	{ ENDPOINT_V6, KEY_TAG_REVERSE, FACT_HELO },
	{ ENDPOINT_V6, KEY_TAG_REVERSE, FACT_MESSAGE_ID },
};

/* The other ends of one fact; more than fit: it is shared. */
struct ends {
	struct endpoint ends[JOINED_SHARED_MAX];
	size_t count;
	bool shared;
};

static bool read_ends(struct haystack *h, const struct rule *rule, const struct endpoint *key,
    struct ends *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = rule->tag, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry e;
	struct key prefix;
	struct fact f;
	bool end = false, ok;

	ret->count = 0;
	ret->shared = false;
	key_of_target(&prefix, rule->tag, key);
	prefix.bytes[prefix.len++] = (uint8_t)(rule->type >> 8);
	prefix.bytes[prefix.len++] = (uint8_t)rule->type;
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && !ret->shared && (ok = haystack_scan_next(scan, &e, &end, reterr)) && !end) {
		const struct endpoint *other;

		if (!key_read_fact(e.key, e.key_len, &f))
			continue;
		other = rule->tag == KEY_TAG_FACT ? &f.data : &f.owner;
		/* one end may come with several preferences, one after another */
		if (ret->count > 0 && endpoint_cmp(other, &ret->ends[ret->count - 1]) == 0)
			continue;
		if (ret->count == JOINED_SHARED_MAX)
			ret->shared = true;
		else
			ret->ends[ret->count++] = *other;
	}
	haystack_scan_free(scan);
	return ok;
}

static void add_key(struct join_keys *k, const struct joined_key *add)
{
	if (add->key.form == ENDPOINT_NONE)
		return;
	for (size_t i = 0; i < k->count; i++) {
		if (endpoint_cmp(&k->keys[i].key, &add->key) != 0)
			continue;
		/* found on a surer way of the same length */
		if (k->keys[i].steps == add->steps && k->keys[i].ambiguous && !add->ambiguous)
			k->keys[i] = *add;
		return;
	}
	if (k->count == JOINED_KEYS_MAX)
		k->cut = true;
	else
		k->keys[k->count++] = *add;
}

static void add_ends(
    struct join_keys *k, const struct joined_key *from, uint16_t type, const struct ends *ends)
{
	struct joined_key add = { .from = from->key,
		.fact = type,
		.steps = (uint8_t)(from->steps + 1),
		.ambiguous = from->ambiguous || ends->count > 1 };

	if (ends->shared && k->shared_count < JOIN_SHARED_MAX)
		k->shared[k->shared_count++] = (struct joined_shared){ from->key, type };
	for (size_t i = 0; i < ends->count && !ends->shared; i++) {
		add.key = ends->ends[i];
		add_key(k, &add);
	}
}

static bool is_address(const struct endpoint *e)
{
	return e->form == ENDPOINT_V4 || e->form == ENDPOINT_V6;
}

/* An address and its reverse name are one thing written in two ways: no fact is needed. */
static void add_reverse(struct join_keys *k, const struct joined_key *from)
{
	struct ends ends = { .count = 1 };
	struct addr a = { .len = from->key.len };

	if (is_address(&from->key)) {
		memcpy(a.bytes, from->key.bytes, a.len);
		kin_reverse_name(&a, &ends.ends[0]);
	} else if (!join_keys_of_reverse(&from->key, &ends.ends[0])) {
		return;
	}
	add_ends(k, from, TYPE_PTR, &ends);
}

bool join_keys_find(
    struct haystack *h, const struct endpoint *target, struct join_keys *ret, struct err *reterr)
{
	struct ends ends;

	*ret = (struct join_keys){ .count = 1 };
	ret->keys[0].key = *target;
	for (size_t i = 0; i < ret->count; i++) {
		const struct joined_key from = ret->keys[i];

		if (from.steps == JOIN_STEPS_MAX)
			continue;
		add_reverse(ret, &from);
		for (size_t r = 0; r < COUNT_OF(rules); r++) {
			if (rules[r].form != from.key.form)
				continue;
			if (!read_ends(h, &rules[r], &from.key, &ends, reterr))
				return false;
			add_ends(ret, &from, rules[r].type, &ends);
		}
	}
	return true;
}

/* ---- reverse names ---- */

/* A label of a reverse name: decimal digits, or one hexadecimal one. False: neither. */
static bool read_part(const uint8_t *label, size_t len, unsigned base, unsigned *ret)
{
	static const char digits[] = "0123456789abcdef";

	*ret = 0;
	if (len == 0 || len > (base == 10 ? 3 : 1) || (len > 1 && label[0] == '0'))
		return false;
	for (size_t i = 0; i < len; i++) {
		const char *at = memchr(digits, label[i], base);

		if (at == NULL)
			return false;
		*ret = *ret * base + (unsigned)(at - digits);
	}
	return *ret <= UINT8_MAX;
}

bool join_keys_of_reverse(const struct endpoint *name, struct endpoint *ret)
{
	static const uint8_t v4[] = "\7in-addr\4arpa", v6[] = "\3ip6\4arpa"; /* and the root */
	struct addr a = { .len = 0 };
	unsigned parts[32], base = 10;
	size_t count = 0, at = 0, want = 4, rest = sizeof(v4);

	if (name->form != ENDPOINT_NAME)
		return false;
	if (name->len > sizeof(v6) &&
	    memcmp(name->bytes + name->len - sizeof(v6), v6, sizeof(v6)) == 0) {
		base = 16;
		want = 32;
		rest = sizeof(v6);
	} else if (name->len <= sizeof(v4) ||
		   memcmp(name->bytes + name->len - sizeof(v4), v4, sizeof(v4)) != 0) {
		return false;
	}
	while (count < want && at + rest < name->len) {
		if (!read_part(name->bytes + at + 1, name->bytes[at], base, &parts[count++]))
			return false;
		at += (size_t)name->bytes[at] + 1;
	}
	if (count != want || at + rest != name->len)
		return false;
	a.len = base == 10 ? 4 : 16;
	for (size_t i = 0; i < a.len; i++)
		a.bytes[i] = (uint8_t)(base == 10 ? parts[3 - i]
						  : parts[31 - 2 * i] << 4 | parts[30 - 2 * i]);
	endpoint_from_addr(ret, &a);
	return true;
}
