/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages of 64 windows (about eleven hours) in an open-addressed table. Series are read in time
 * order, so the page of the contact before is nearly always the right one.
 */
#include "hunt/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "base/stamp.h"
#include "stats/sensor_loss.h"

#define WINDOW_NS (COVERAGE_WINDOW_S * NS_PER_S)

void coverage_release(struct coverage *c)
{
	free(c->pages);
	free(c->slots);
	*c = (struct coverage){ 0 };
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* The slot of a page number, or the free one where it belongs. Fibonacci hashing. */
static size_t slot_of(const struct coverage *c, int64_t number)
{
	size_t at = (size_t)(((uint64_t)number * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	for (;; at++) {
		uint32_t page = c->slots[at & (c->slot_count - 1)];

		if (page == 0 || c->pages[page - 1].number == number)
			return at & (c->slot_count - 1);
	}
}

static bool grow(struct coverage *c)
{
	size_t capacity = c->capacity == 0 ? 32 : size_mul(c->capacity, 2);
	struct coverage_page *pages;
	uint32_t *slots;

	if (capacity > UINT32_MAX / 2)
		return false;
	pages = realloc(c->pages, size_mul(capacity, sizeof(*pages)));
	if (pages == NULL)
		return false;
	c->pages = pages;
	slots = calloc(size_mul(capacity, 2), sizeof(*slots));
	if (slots == NULL)
		return false;
	free(c->slots);
	c->slots = slots;
	c->slot_count = capacity * 2;
	c->capacity = capacity;
	for (size_t i = 0; i < c->count; i++)
		c->slots[slot_of(c, c->pages[i].number)] = (uint32_t)i + 1;
	return true;
}

static struct coverage_page *page_of(struct coverage *c, int64_t number)
{
	size_t slot;

	if (c->count > 0 && c->pages[c->last].number == number)
		return &c->pages[c->last];
	if (c->count == c->capacity && !grow(c))
		return NULL;
	slot = slot_of(c, number);
	if (c->slots[slot] == 0) {
		c->pages[c->count] = (struct coverage_page){ .number = number };
		c->slots[slot] = (uint32_t)++c->count;
	}
	c->last = c->slots[slot] - 1;
	return &c->pages[c->last];
}

static void raise(uint32_t *count, uint32_t by)
{
	*count = by > UINT32_MAX - *count ? UINT32_MAX : *count + by;
}

bool coverage_add(struct coverage *c, int64_t time_ns)
{
	int64_t window = floor_div(time_ns, WINDOW_NS);
	int64_t number = floor_div(window, COVERAGE_PAGE_WINDOWS);
	struct coverage_page *page = page_of(c, number);

	if (page == NULL)
		return false;
	raise(&page->counts[window - number * COVERAGE_PAGE_WINDOWS], 1);
	return true;
}

bool coverage_merge(struct coverage *into, const struct coverage *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct coverage_page *page = page_of(into, from->pages[i].number);

		if (page == NULL)
			return false;
		for (size_t w = 0; w < COVERAGE_PAGE_WINDOWS; w++)
			raise(&page->counts[w], from->pages[i].counts[w]);
	}
	return true;
}

/* First and last window that hold a contact. */
static void find_ends(const struct coverage *c, int64_t *ret_first, int64_t *ret_last)
{
	*ret_first = INT64_MAX;
	*ret_last = INT64_MIN;
	for (size_t i = 0; i < c->count; i++) {
		int64_t base = c->pages[i].number * COVERAGE_PAGE_WINDOWS;

		for (int64_t w = 0; w < COVERAGE_PAGE_WINDOWS; w++) {
			if (c->pages[i].counts[w] == 0)
				continue;
			if (base + w < *ret_first)
				*ret_first = base + w;
			if (base + w > *ret_last)
				*ret_last = base + w;
		}
	}
}

bool coverage_flatten(
    const struct coverage *c, int64_t *ret_first, uint32_t **ret_counts, size_t *ret_count)
{
	int64_t first, last;
	uint32_t *counts;
	size_t n;

	*ret_first = 0;
	*ret_counts = NULL;
	*ret_count = 0;
	find_ends(c, &first, &last);
	if (first > last)
		return true;
	n = (size_t)(last - first) + 1;
	counts = calloc(n, sizeof(*counts));
	if (counts == NULL)
		return false;
	for (size_t i = 0; i < c->count; i++) {
		int64_t base = c->pages[i].number * COVERAGE_PAGE_WINDOWS;

		for (int64_t w = 0; w < COVERAGE_PAGE_WINDOWS; w++)
			if (c->pages[i].counts[w] != 0)
				counts[base + w - first] = c->pages[i].counts[w];
	}
	*ret_first = first;
	*ret_counts = counts;
	*ret_count = n;
	return true;
}

bool coverage_kept(const struct capture_loss *losses, size_t loss_count, int64_t first_window,
    size_t window_count, double **ret_kept, struct err *reterr)
{
	struct loss_report *reports = malloc(size_mul(loss_count, sizeof(*reports)));
	double *kept = malloc(size_mul(size_add(window_count, 1), sizeof(*kept)));
	bool ok = false;

	*ret_kept = NULL;
	if (loss_count == 0) {
		ok = true;
		goto out;
	}
	if (reports == NULL || kept == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	for (size_t i = 0; i < loss_count; i++)
		reports[i] = (struct loss_report){ (double)losses[i].from_ns / (double)NS_PER_S,
			(double)losses[i].to_ns / (double)NS_PER_S, (double)losses[i].gaps,
			(double)losses[i].acks };
	ok = sensor_loss_kept(reports, loss_count, first_window, kept, window_count, reterr);
	if (ok) {
		*ret_kept = kept;
		kept = NULL;
	}
out:
	free(reports);
	free(kept);
	return ok;
}

void coverage_sum_losses(const struct capture_loss *losses, size_t loss_count,
    const struct exposure *found, struct sensor_losses *ret)
{
	double gaps = 0, acks = 0;

	for (size_t i = 0; i < loss_count; i++) {
		gaps += (double)losses[i].gaps;
		acks += (double)losses[i].acks;
	}
	*ret = (struct sensor_losses){ .intervals = loss_count,
		.lost_share = acks <= 0     ? 0
			      : gaps < acks ? gaps / acks
					    : 1,
		.out_s = found->reported_s,
		.denied = found->denied };
}
