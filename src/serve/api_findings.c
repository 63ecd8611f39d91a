/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ranking: filtered, sorted, a page of it. */
#include "serve/api.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/size.h"
#include "report/member.h"
#include "serve/marks.h"

static const char *const sort_words[] = { "rank", "score", "p", "q", "contacts", "visits",
	"active_days", "peers_total", "target", "first", "last", NULL };
#define SORT_TARGET FINDINGS_NUMBERS
#define SORT_FIRST  (FINDINGS_NUMBERS + 1)
#define SORT_LAST   (FINDINGS_NUMBERS + 2)

static const char *const order_words[] = { "rising", "falling", NULL };
static const char *const needle_words[] = { "all", "needles", "others", NULL };
static const char *const muted_words[] = { "hide", "show", "only", NULL };

enum needles { NEEDLES_ALL, NEEDLES_ONLY, NEEDLES_NOT };
enum muted { MUTED_HIDE, MUTED_SHOW, MUTED_ONLY };

struct wish {
	struct page page;
	unsigned sort;
	unsigned falling;
	unsigned needles;
	unsigned muted;
	uint64_t whole;
	const char *verdict; /* of the tool; NULL: any */
	const char *judged;  /* the analyst's verdict; NULL: any */
	const char *tag;
	const char *text; /* in the target's name */
	struct marks marks;
	int64_t now_s;
};

/* A finding that is wanted, with what the analyst says of its target. */
struct wanted {
	const struct finding_row *row;
	const struct mark *marks;
	size_t mark_count;
	bool muted;
};

static bool has_word(const struct wanted *w, enum mark_kind kind, const char *word)
{
	for (size_t i = 0; i < w->mark_count; i++)
		if (w->marks[i].kind == kind && strcmp(w->marks[i].word, word) == 0)
			return true;
	return false;
}

static bool is_wanted(const struct wish *wish, struct wanted *w)
{
	const struct finding_row *row = w->row;

	w->marks = marks_of(&wish->marks, row->target, &w->mark_count);
	for (size_t i = 0; i < w->mark_count; i++)
		w->muted = w->muted || marks_mute_holds(&w->marks[i], wish->now_s);
	if ((wish->muted == MUTED_HIDE && w->muted) || (wish->muted == MUTED_ONLY && !w->muted))
		return false;
	if ((wish->needles == NEEDLES_ONLY && !row->needle) ||
	    (wish->needles == NEEDLES_NOT && row->needle))
		return false;
	if (wish->verdict != NULL && strcmp(row->verdict, wish->verdict) != 0)
		return false;
	if (wish->judged != NULL && !has_word(w, MARK_VERDICT, wish->judged))
		return false;
	if (wish->tag != NULL && !has_word(w, MARK_TAG, wish->tag))
		return false;
	return wish->text == NULL || strcasestr(row->target, wish->text) != NULL;
}

/* What could not be had comes last, whichever way the others are sorted. */
static int compare_numbers(double a, double b, unsigned falling)
{
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return falling ? (a < b) - (a > b) : (a > b) - (a < b);
}

static int compare(const void *x, const void *y, void *context)
{
	const struct finding_row *a = ((const struct wanted *)x)->row,
				 *b = ((const struct wanted *)y)->row;
	const struct wish *wish = context;
	int order = 0;

	if (wish->sort == SORT_TARGET)
		order = strcmp(a->target, b->target);
	else if (wish->sort == SORT_FIRST)
		order = strcmp(a->first, b->first);
	else if (wish->sort == SORT_LAST)
		order = strcmp(a->last, b->last);
	else
		order =
		    compare_numbers(a->numbers[wish->sort], b->numbers[wish->sort], wish->falling);
	if (wish->sort >= SORT_TARGET && wish->falling)
		order = -order;
	return order != 0 ? order : (a > b) - (a < b);
}

static void print_row(struct printer *p, const struct wanted *w)
{
	static const char *const names[FINDINGS_NUMBERS] = {
		[FINDINGS_RANK] = "rank",
		[FINDINGS_SCORE] = "score",
		[FINDINGS_P] = "p",
		[FINDINGS_Q] = "q",
		[FINDINGS_CONTACTS] = "contacts",
		[FINDINGS_VISITS] = "visits",
		[FINDINGS_ACTIVE_DAYS] = "active_days",
		[FINDINGS_PEERS_TOTAL] = "peers_total",
	};
	const struct finding_row *row = w->row;

	printer_begin_map(p);
	member_text(p, "target", row->target);
	member_text(p, "kind", row->kind);
	for (size_t i = 0; i < FINDINGS_NUMBERS; i++) {
		bool count = i == FINDINGS_RANK || i >= FINDINGS_CONTACTS;

		if (count && isfinite(row->numbers[i]))
			member_count(p, names[i], (uint64_t)row->numbers[i]);
		else
			member_number(p, names[i], row->numbers[i]);
	}
	printer_map_key(p, "needle");
	printer_boolean(p, row->needle);
	member_text(p, "first", row->first);
	member_text(p, "last", row->last);
	member_text(p, "verdict", row->verdict);
	printer_map_key(p, "muted");
	printer_boolean(p, w->muted);
	printer_map_key(p, "marks");
	marks_print_all(p, w->marks, w->mark_count);
	printer_end(p);
}

static bool read_wish(const struct request *r, struct wish *ret, struct answer *a)
{
	if (!request_page(r, &ret->page, a) ||
	    !request_word(r, "sort", sort_words, &ret->sort, a) ||
	    !request_word(r, "order", order_words, &ret->falling, a) ||
	    !request_word(r, "needles", needle_words, &ret->needles, a) ||
	    !request_word(r, "muted", muted_words, &ret->muted, a) ||
	    !request_number(r, "whole", 0, 1, &ret->whole, a))
		return false;
	ret->verdict = r->argument(r->context, "verdict");
	ret->judged = r->argument(r->context, "judged");
	ret->tag = r->argument(r->context, "tag");
	ret->text = r->argument(r->context, "text");
	return true;
}

static bool answer(const struct findings *f, struct wish *wish, struct answer *a)
{
	struct wanted *list = calloc(size_add(f->count, 1), sizeof(*list));
	struct printer *p = &a->printer;
	size_t count = 0;

	if (list == NULL)
		return false;
	for (size_t i = 0; i < f->count; i++) {
		list[count] = (struct wanted){ .row = &f->rows[i] };
		count += is_wanted(wish, &list[count]);
	}
	qsort_r(list, count, sizeof(*list), compare, wish);
	answer_begin_page(a, &wish->page, count);
	for (size_t i = wish->page.offset; i < count && i - wish->page.offset < wish->page.limit;
	     i++) {
		if (wish->whole)
			printer_raw(p, list[i].row->line.bytes, list[i].row->line.len);
		else
			print_row(p, &list[i]);
	}
	printer_end(p);
	printer_end(p);
	free(list);
	return true;
}

bool api_findings(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct wish wish = { .muted = MUTED_SHOW, .now_s = s->now_s };
	bool ok;

	if (!read_wish(r, &wish, a))
		return true;
	ok = marks_read(s->view.casefile, NULL, &wish.marks, reterr);
	if (ok && !answer(&s->view.findings, &wish, a)) {
		err_set_memory(reterr);
		ok = false;
	}
	marks_release(&wish.marks);
	return ok;
}
