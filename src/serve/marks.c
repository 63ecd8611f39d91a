/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/marks.h"

#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "report/member.h"

#define MEMORY_BYTES_MAX (256u << 20)

static const char *copy_text(struct marks *all, const char *text)
{
	return arena_copy(&all->memory, text, strlen(text));
}

static bool add(void *context, const struct mark *m, struct err *reterr)
{
	struct marks *all = context;
	struct mark *copy;

	if (all->count == all->capacity) {
		size_t capacity = all->capacity == 0 ? 64 : size_mul(all->capacity, 2);
		struct mark *items = arena_alloc(&all->memory, size_mul(capacity, sizeof(*items)));

		if (items == NULL) {
			err_set_memory(reterr);
			return false;
		}
		if (all->count > 0)
			memcpy(items, all->items, all->count * sizeof(*items));
		all->items = items;
		all->capacity = capacity;
	}
	copy = &all->items[all->count];
	*copy = *m;
	copy->target = copy_text(all, m->target);
	copy->word = copy_text(all, m->word);
	copy->text = copy_text(all, m->text);
	if (copy->target == NULL || copy->word == NULL || copy->text == NULL) {
		err_set_memory(reterr);
		return false;
	}
	all->count++;
	return true;
}

bool marks_read(struct casefile *c, const char *target, struct marks *ret, struct err *reterr)
{
	*ret = (struct marks){ .count = 0 };
	arena_init(&ret->memory, MEMORY_BYTES_MAX);
	return mark_each(c, target, add, ret, reterr);
}

void marks_release(struct marks *m)
{
	arena_release(&m->memory);
}

const struct mark *marks_of(const struct marks *m, const char *target, size_t *ret_count)
{
	size_t low = 0, high = m->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(m->items[middle].target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < m->count && strcmp(m->items[end].target, target) == 0; end++)
		;
	*ret_count = end - low;
	return *ret_count == 0 ? NULL : &m->items[low];
}

bool marks_mute_holds(const struct mark *m, int64_t now_s)
{
	return m->kind == MARK_MUTE && (!m->has_until || now_s / S_PER_DAY <= m->until_day);
}

void marks_print(struct printer *p, const struct mark *m)
{
	char day[STAMP_TEXT_MAX];

	printer_begin_map(p);
	printer_map_key(p, "id");
	printer_integer(p, m->id);
	member_text(p, "target", m->target);
	member_text(p, "kind", mark_kind_name(m->kind));
	member_text(p, "word", m->word[0] == '\0' ? NULL : m->word);
	member_text(p, "text", m->text);
	if (m->has_until) {
		(void)stamp_format_iso((struct stamp){ m->until_day * NS_PER_DAY, 0 }, day);
		day[strcspn(day, "T")] = '\0';
	}
	member_text(p, "until", m->has_until ? day : NULL);
	member_time(p, "made", (struct stamp){ m->made_s * NS_PER_S, 0 });
	printer_end(p);
}

void marks_print_all(struct printer *p, const struct mark *items, size_t count)
{
	printer_begin_list(p);
	for (size_t i = 0; i < count; i++)
		marks_print(p, &items[i]);
	printer_end(p);
}
