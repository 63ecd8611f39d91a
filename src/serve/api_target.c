/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One target: what the case holds of it, its findings, the facts that bind it. */
#include "serve/api.h"

#include <string.h>

#include "report/member.h"
#include "serve/marks.h"

/* ---- the target and its findings ---- */

struct extent {
	uint64_t contacts;
	uint64_t series;
	struct stamp first;
	struct stamp last;
};

static bool measure(
    struct haystack *h, const struct endpoint *target, struct extent *ret, struct err *reterr)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	struct series_summary s;
	struct key prefix;
	bool end = false, ok;

	*ret = (struct extent){ .first = { INT64_MAX, 0 }, .last = { INT64_MIN, 0 } };
	key_of_target(&prefix, KEY_TAG_SERIES, target);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end) {
		struct cursor value = cursor_of(entry.value, entry.value_len);

		if (!series_read_summary(&value, &s)) {
			err_set(reterr, ERR_DAMAGED, "a series cannot be read; verify the case");
			ok = false;
			break;
		}
		ret->series++;
		ret->contacts += s.contacts;
		if (s.first_ns < ret->first.ns)
			ret->first = (struct stamp){ s.first_ns, s.digits };
		if (s.last_ns > ret->last.ns)
			ret->last = (struct stamp){ s.last_ns, s.digits };
	}
	haystack_scan_free(scan);
	return ok;
}

static bool print_marks(
    struct serving *s, const char *target, struct printer *p, struct err *reterr)
{
	struct marks marks;
	bool ok = marks_read(s->view.casefile, target, &marks, reterr);

	printer_map_key(p, "marks");
	marks_print_all(p, marks.items, ok ? marks.count : 0);
	marks_release(&marks);
	return ok;
}

/* All findings of the target, of each kind one, as hunt wrote them. */
static void print_findings(const struct findings *f, const char *target, struct printer *p)
{
	const struct finding_row *row = findings_find(f, target);

	printer_map_key(p, "findings");
	printer_begin_list(p);
	for (size_t i = 0; row != NULL && i < f->count; i++)
		if (strcmp(f->rows[i].target, target) == 0)
			printer_raw(p, f->rows[i].line.bytes, f->rows[i].line.len);
	printer_end(p);
}

bool api_target(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct printer *p = &a->printer;
	char text[ENDPOINT_TEXT_MAX];
	struct endpoint target;
	struct extent extent;

	if (!request_endpoint(r, "name", &target, a))
		return true;
	(void)endpoint_format(&target, text);
	if (!measure(s->view.haystack, &target, &extent, reterr))
		return false;
	if (extent.series == 0)
		return answer_refuse(a, 404, "the case has no contact with '%s'", text);
	printer_begin_map(p);
	member_text(p, "target", text);
	member_count(p, "contacts", extent.contacts);
	member_count(p, "series", extent.series);
	member_time(p, "first", extent.first);
	member_time(p, "last", extent.last);
	print_findings(&s->view.findings, text, p);
	if (!print_marks(s, text, p, reterr))
		return false;
	printer_end(p);
	return true;
}

bool api_examine(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct printer *p = &a->printer;
	struct endpoint target;
	struct buf lines;
	struct cursor c;
	size_t len;
	bool ok;

	if (!request_endpoint(r, "name", &target, a))
		return true;
	buf_init(&lines, ANSWER_BYTES_MAX);
	ok = s->settings->examine(s->settings->context, &target, &lines, reterr);
	if (ok) {
		c = cursor_of(lines.bytes, lines.len);
		printer_begin_map(p);
		printer_map_key(p, "findings");
		printer_begin_list(p);
		while (cursor_left(&c) > 0) {
			const uint8_t *line = cursor_until(&c, '\n', &len);

			printer_raw(p, line, len);
		}
		printer_end(p);
		printer_end(p);
	}
	buf_release(&lines);
	return ok;
}

/* ---- facts ---- */

static void print_fact(
    struct printer *p, const struct fact *f, const struct factset *set, bool here)
{
	char type[CONTACT_WORD_MAX];

	(void)contact_type_format(KIND_DNS, f->type, type);
	printer_begin_map(p);
	member_text(p, "direction", here ? "points here" : "is");
	member_text(p, "type", type);
	member_endpoint(p, "other", here ? &f->owner : &f->data);
	member_count(p, "count", set->count);
	member_time(p, "first", (struct stamp){ set->first_ns, set->digits });
	member_time(p, "last", (struct stamp){ set->last_ns, set->digits });
	printer_end(p);
}

struct fact_walk {
	struct page page;
	uint64_t at;
	bool more;
};

/* One direction. An address may serve a million names: nothing behind the page is read. */
static bool walk_facts(struct haystack *h, const struct endpoint *target, bool here,
    struct fact_walk *w, struct printer *p, struct err *reterr)
{
	struct haystack_range range = { .tag = here ? KEY_TAG_REVERSE : KEY_TAG_FACT, .parts = 1 };
	struct haystack_scan *scan = NULL;
	struct haystack_entry entry;
	struct key prefix;
	bool end = false, ok;

	key_of_target(&prefix, range.tag, target);
	range.prefix = &prefix;
	ok = haystack_scan_new(h, &range, &scan, reterr);
	while (ok && !w->more && (ok = haystack_scan_next(scan, &entry, &end, reterr)) && !end) {
		struct factset set;
		struct fact f;

		if (!key_read_fact(entry.key, entry.key_len, &f) ||
		    !factset_decode(entry.value, entry.value_len, &set)) {
			err_set(reterr, ERR_DAMAGED, "a fact cannot be read; verify the case");
			ok = false;
			break;
		}
		w->more = w->at >= w->page.offset + w->page.limit;
		if (w->at >= w->page.offset && !w->more)
			print_fact(p, &f, &set, here);
		w->at += !w->more;
	}
	haystack_scan_free(scan);
	return ok;
}

bool api_facts(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct printer *p = &a->printer;
	struct fact_walk w = { .at = 0 };
	struct endpoint target;

	if (!request_endpoint(r, "name", &target, a) || !request_page(r, &w.page, a))
		return true;
	printer_begin_map(p);
	member_count(p, "offset", w.page.offset);
	member_count(p, "limit", w.page.limit);
	printer_map_key(p, "items");
	printer_begin_list(p);
	if (!walk_facts(s->view.haystack, &target, false, &w, p, reterr) ||
	    (!w.more && !walk_facts(s->view.haystack, &target, true, &w, p, reterr)))
		return false;
	printer_end(p);
	printer_map_key(p, "more");
	printer_boolean(p, w.more);
	printer_end(p);
	return true;
}
