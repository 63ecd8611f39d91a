/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All series of a host lie side by side in one part of the tour, so that one is summed up at a
 * time. Times are decoded of mail alone, which is small beside DNS; the hours of look-ups are those
 * of the whole case, by the sensor's coverage.
 */
#include "hunt/usual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "contact/series.h"
#include "finding/usual_words.h"

#define HOURS 24

/* One host, one way. */
struct sum {
	uint64_t partners; /* series: of mail each is of another partner */
	uint64_t contacts;
	int64_t first_ns;
	int64_t last_ns;
	uint64_t hours[HOURS];
};

/* A kind of mail and a way. */
struct host {
	uint8_t kind;
	struct usual_row row;
};

struct hosts {
	struct host *items;
	size_t count;
	size_t capacity;
};

struct usual {
	const struct funnel *funnel; /* or NULL */
	struct hosts *parts;         /* of the tour: each is filled by one thread */
	size_t part_count;
	struct host rows[4]; /* medians: each kind of mail, each way; or those of names */
	size_t row_count;
};

static bool is_mail(uint8_t kind)
{
	return kind == KIND_SMTP || kind == KIND_MAIL;
}

/* False: a series of mail whose way is not told. */
static bool way_of(uint8_t kind, uint16_t type, enum usual_way *ret)
{
	if (!is_mail(kind)) {
		*ret = kind == KIND_CONN ? USUAL_CONNECTIONS : USUAL_LOOKUPS;
		return true;
	}
	*ret = type == DIRECTION_IN ? USUAL_SENT : USUAL_RECEIVED;
	return type == DIRECTION_IN || type == DIRECTION_OUT;
}

/* ---- sums ---- */

static void sums_clear(struct sum *sums)
{
	memset(sums, 0, USUAL_WAYS * sizeof(*sums));
}

static bool sums_add(
    struct sum *sums, const struct walk_series *s, struct series_rows *rows, struct err *reterr)
{
	enum usual_way way;
	struct sum *sum;

	if (!way_of(s->kind, s->type, &way))
		return true;
	sum = &sums[way];
	rows->count = 0;
	if (!series_decode(s->value, s->value_len, rows, reterr))
		return false;
	series_view(rows);
	for (size_t i = 0; i < rows->count; i++) {
		int64_t t = rows->rows[i].time_ns, day = stamp_day(t);

		sum->hours[(t - day * NS_PER_DAY) / (3600 * NS_PER_S)]++;
		if (sum->contacts == 0 || t < sum->first_ns)
			sum->first_ns = t;
		if (sum->contacts == 0 || t > sum->last_ns)
			sum->last_ns = t;
		sum->contacts++;
	}
	sum->partners++;
	return true;
}

static int larger_first(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x < *y) - (*x > *y);
}

/* The fewest hours that hold half of all. Puts them in another order. */
static double half_hours(uint64_t hours[static HOURS])
{
	uint64_t all = 0, some = 0;
	size_t n = 0;

	for (size_t i = 0; i < HOURS; i++)
		all += hours[i];
	if (all < USUAL_HOURS_MIN)
		return NAN;
	qsort(hours, HOURS, sizeof(*hours), larger_first);
	while (2 * some < all)
		some += hours[n++];
	return (double)n;
}

static double days_of(int64_t first_ns, int64_t last_ns)
{
	return (double)(stamp_day(last_ns) - stamp_day(first_ns) + 1);
}

static struct usual_row row_of(struct sum *sum, enum usual_way way)
{
	return (struct usual_row){ .way = way,
		.partners = (double)sum->partners,
		.per_day = (double)sum->contacts / days_of(sum->first_ns, sum->last_ns),
		.hours = half_hours(sum->hours) };
}

/* ---- the mail hosts ---- */

/* A part of the tour. */
struct room {
	struct hosts *hosts;
	uint8_t kind; /* of the host under way; 0: none is */
	struct sum sums[USUAL_WAYS];
	struct series_rows rows;
};

static void *open_room(void *context, size_t part)
{
	struct usual *u = context;
	struct room *r = calloc(1, sizeof(*r));

	if (r != NULL)
		r->hosts = &u->parts[part];
	return r;
}

/* There is room for both ways: reserve() was asked before. */
static void end_host(struct room *r)
{
	for (enum usual_way way = 0; r->kind != 0 && way < USUAL_WAYS; way++)
		if (r->sums[way].contacts >= USUAL_CONTACTS_MIN)
			r->hosts->items[r->hosts->count++] =
			    (struct host){ r->kind, row_of(&r->sums[way], way) };
	r->kind = 0;
}

static bool reserve(struct hosts *h)
{
	size_t capacity = size_add(size_mul(h->capacity, 2), 64);
	struct host *grown;

	if (h->capacity - h->count >= USUAL_WAYS)
		return true;
	grown = reallocarray(h->items, capacity, sizeof(*grown));
	if (grown == NULL)
		return false;
	h->items = grown;
	h->capacity = capacity;
	return true;
}

static bool read_series(void *room, const struct walk_series *s, struct err *reterr)
{
	struct room *r = room;

	if (s->opens) {
		end_host(r);
		if (!is_mail(s->kind))
			return true;
		if (!reserve(r->hosts)) {
			err_set_memory(reterr);
			return false;
		}
		sums_clear(r->sums);
		r->kind = s->kind;
	}
	return r->kind == 0 || sums_add(r->sums, s, &r->rows, reterr);
}

static void close_room(void *room)
{
	struct room *r = room;

	if (r == NULL)
		return;
	end_host(r);
	series_rows_release(&r->rows);
	free(r);
}

bool usual_new(const struct funnel *f, size_t parts, struct usual **ret, struct err *reterr)
{
	struct usual *u = calloc(1, sizeof(*u));

	if (u != NULL) {
		u->funnel = f;
		u->part_count = parts;
		u->parts = calloc(size_add(parts, 1), sizeof(*u->parts));
	}
	if (u == NULL || u->parts == NULL) {
		free(u);
		err_set_memory(reterr);
		return false;
	}
	*ret = u;
	return true;
}

void usual_free(struct usual *u)
{
	if (u == NULL)
		return;
	for (size_t i = 0; i < u->part_count; i++)
		free(u->parts[i].items);
	free(u->parts);
	free(u);
}

struct tour_reader usual_reader(struct usual *u)
{
	return (struct tour_reader){
		.context = u, .open = open_room, .read = read_series, .close = close_room
	};
}

/* ---- medians ---- */

/* The numbers of all hosts of one kind and way; hours of those that have them. */
struct columns {
	double *partners, *per_day, *hours;
	size_t count;
	size_t hours_count;
};

static bool columns_init(struct columns *c, size_t room)
{
	*c = (struct columns){ .partners = calloc(room + 1, sizeof(double)),
		.per_day = calloc(room + 1, sizeof(double)),
		.hours = calloc(room + 1, sizeof(double)) };
	return c->partners != NULL && c->per_day != NULL && c->hours != NULL;
}

static void columns_release(struct columns *c)
{
	free(c->partners);
	free(c->per_day);
	free(c->hours);
}

static void columns_add(struct columns *c, double partners, double per_day, double hours)
{
	c->partners[c->count] = partners;
	c->per_day[c->count++] = per_day;
	if (!isnan(hours))
		c->hours[c->hours_count++] = hours;
}

static int number_cmp(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *x, size_t n)
{
	if (n < USUAL_HOSTS_MIN)
		return NAN;
	qsort(x, n, sizeof(*x), number_cmp);
	return (x[(n - 1) / 2] + x[n / 2]) / 2;
}

static void add_medians(struct usual *u, uint8_t kind, enum usual_way way, struct columns *c)
{
	if (c->count >= USUAL_HOSTS_MIN)
		u->rows[u->row_count++] = (struct host){ kind,
			{ way, c->count, median(c->partners, c->count),
			    median(c->per_day, c->count), median(c->hours, c->hours_count) } };
}

static bool settle_mail(struct usual *u, uint8_t kind, enum usual_way way)
{
	struct columns c;
	size_t room = 0;
	bool ok;

	for (size_t i = 0; i < u->part_count; i++)
		room += u->parts[i].count;
	ok = columns_init(&c, room);
	for (size_t p = 0; p < u->part_count && ok; p++)
		for (size_t i = 0; i < u->parts[p].count; i++) {
			const struct host *h = &u->parts[p].items[i];

			if (h->kind == kind && h->row.way == way)
				columns_add(&c, h->row.partners, h->row.per_day, h->row.hours);
		}
	if (ok)
		add_medians(u, kind, way, &c);
	columns_release(&c);
	return ok;
}

/* The hours of all contacts of the case, which holds no mail. */
static bool case_hours(const struct funnel *f, double *ret)
{
	const int64_t a_day = S_PER_DAY / COVERAGE_WINDOW_S, an_hour = 3600 / COVERAGE_WINDOW_S;
	uint64_t hours[HOURS] = { 0 };
	uint32_t *counts;
	int64_t first;
	size_t n;

	if (!coverage_flatten(&f->coverage, &first, &counts, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		int64_t window = (first + (int64_t)i) % a_day;

		hours[(window < 0 ? window + a_day : window) / an_hour] += counts[i];
	}
	free(counts);
	*ret = half_hours(hours);
	return true;
}

static bool settle_names(struct usual *u)
{
	const struct funnel *f = u->funnel;
	struct columns c;
	double hours = NAN;
	bool ok = columns_init(&c, f->name_count) && case_hours(f, &hours);

	for (size_t i = 0; i < f->name_count && ok; i++) {
		const struct name *n = &f->names[i];

		if (n->kind == KIND_DNS && n->contacts >= USUAL_CONTACTS_MIN)
			columns_add(&c, n->peers,
			    (double)n->contacts / days_of(n->first_ns, n->last_ns), hours);
	}
	if (ok)
		add_medians(u, KIND_DNS, USUAL_LOOKUPS, &c);
	columns_release(&c);
	return ok;
}

bool usual_settle(struct usual *u, struct err *reterr)
{
	static const uint8_t kinds[] = { KIND_SMTP, KIND_MAIL };
	bool ok = true;

	for (size_t k = 0; k < COUNT_OF(kinds) && ok; k++)
		ok = settle_mail(u, kinds[k], USUAL_RECEIVED) &&
		     settle_mail(u, kinds[k], USUAL_SENT);
	if (ok && u->row_count == 0 && u->funnel != NULL)
		ok = settle_names(u);
	if (!ok)
		err_set_memory(reterr);
	return ok;
}

#define READ_PARTS 16 /* of a haystack that no funnel of all has cut */

bool usual_read(struct haystack *h, unsigned jobs, const struct hunt_progress *progress,
    struct usual **ret, struct err *reterr)
{
	struct usual *u = NULL;
	struct tour_reader reader;

	if (!usual_new(NULL, READ_PARTS, &u, reterr))
		return false;
	reader = usual_reader(u);
	if (!tour_run(h, READ_PARTS, &reader, 1, jobs, progress, reterr) ||
	    !usual_settle(u, reterr)) {
		usual_free(u);
		return false;
	}
	*ret = u;
	return true;
}

/* ---- beside a finding ---- */

static bool fill_own(struct haystack *h, const struct key *prefix, uint64_t peers,
    struct finding_usual *ret, struct err *reterr)
{
	const struct haystack_range range = { .tag = KEY_TAG_SERIES, .prefix = prefix, .parts = 1 };
	struct sum sums[USUAL_WAYS];
	struct series_rows rows = { 0 };
	struct walk *walk = NULL;
	struct walk_series s;
	bool end = false, ok;

	sums_clear(sums);
	ok = walk_new(h, &range, &walk, reterr);
	while (ok && (ok = walk_next(walk, &s, &end, reterr)) && !end)
		ok = sums_add(sums, &s, &rows, reterr);
	walk_free(walk);
	series_rows_release(&rows);
	/* a peer has a series for each type of record */
	sums[USUAL_LOOKUPS].partners = sums[USUAL_CONNECTIONS].partners = peers;
	for (enum usual_way way = 0; way < USUAL_WAYS && ok; way++)
		if (sums[way].contacts > 0)
			ret->rows[ret->row_count++] = row_of(&sums[way], way);
	return ok;
}

/* Hosts by the same kind of evidence, else by sessions, else by headers. */
static uint8_t kind_beside(const struct usual *u, uint8_t own)
{
	for (size_t i = 0; i < u->row_count; i++)
		if (u->rows[i].kind == own)
			return own;
	return u->row_count > 0 ? u->rows[0].kind : 0;
}

static void add_beside(const struct usual *u, uint8_t own_kind, struct finding_usual *ret)
{
	uint8_t beside = kind_beside(u, own_kind);

	for (size_t i = 0; i < u->row_count; i++)
		if (u->rows[i].kind == beside && ret->row_count < USUAL_ROWS_MAX)
			ret->rows[ret->row_count++] = u->rows[i].row;
}

bool usual_fill(const struct usual *u, struct haystack *h, const uint8_t *key, size_t key_len,
    uint64_t peers, bool alone, struct arena *memory, struct finding_usual *ret, struct err *reterr)
{
	struct key prefix = { .len = key_len };

	*ret = (struct finding_usual){ .row_count = 0 };
	memcpy(prefix.bytes, key, key_len);
	if (!fill_own(h, &prefix, peers, ret, reterr))
		return false;
	if (u != NULL)
		add_beside(u, key[key_len - 1], ret);
	if (!usual_words_fill(ret, alone, memory)) {
		err_set_memory(reterr);
		return false;
	}
	return true;
}
