/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key is tag, target, kind, type, peer (contact/key.h). Targets are self-delimiting, so a key
 * that begins with the bytes of the last target is of the same target, and the scan knows how much
 * two keys share.
 */
#include "hunt/walk.h"

#include <stdlib.h>

#define TYPE_BYTES 2

struct walk {
	struct haystack_scan *scan;
	size_t target_len; /* of the last key: tag and target; 0: before the first */
	uint8_t kind;
};

bool walk_new(
    struct haystack *h, const struct haystack_range *range, struct walk **ret, struct err *reterr)
{
	struct walk *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!haystack_scan_new(h, range, &w->scan, reterr)) {
		free(w);
		return false;
	}
	*ret = w;
	return true;
}

void walk_free(struct walk *w)
{
	if (w == NULL)
		return;
	haystack_scan_free(w->scan);
	free(w);
}

static bool fail_key(struct err *reterr)
{
	err_set(reterr, ERR_DAMAGED, "the haystack holds a key that is not of a series");
	return false;
}

bool walk_next(struct walk *w, struct walk_series *ret, bool *ret_end, struct err *reterr)
{
	struct haystack_entry e;
	struct cursor key;
	bool same;

	if (!haystack_scan_next(w->scan, &e, ret_end, reterr))
		return false;
	if (*ret_end)
		return true;
	same = w->target_len > 0 && e.shared >= w->target_len;
	if (!same)
		w->target_len = key_target_len(e.key, e.key_len);
	if (w->target_len == 0)
		return fail_key(reterr);
	key = cursor_of(e.key, e.key_len);
	cursor_skip(&key, w->target_len);
	ret->kind = cursor_u8(&key);
	ret->type = cursor_be16(&key);
	ret->peer_len = cursor_left(&key);
	ret->peer = cursor_take(&key, ret->peer_len);
	if (key.err != NULL || ret->peer_len == 0)
		return fail_key(reterr);
	ret->opens = !same || ret->kind != w->kind;
	w->kind = ret->kind;
	ret->key = e.key;
	ret->key_len = e.key_len;
	ret->group_len = w->target_len + 1;
	ret->value = e.value;
	ret->value_len = e.value_len;
	return true;
}
