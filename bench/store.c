/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-store [--full]: what the haystack costs without any evidence to
 * parse: aggregation into a segment, the summary pass, the merge of eight segments, and bytes a
 * contact; each beside libmtbl doing the same job and beside a floor of the machine.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <mtbl.h>

#include "base/parallel.h"
#include "base/swar.h"
#include "folder.h"
#include "haystack/haystack.h"
#include "world.h"

#define SEGMENTS 8

static void check(bool ok, const struct err *err)
{
	if (ok)
		return;
	(void)fprintf(stderr, "bench-store: %s\n", err->text);
	exit(2);
}

/* Since when, less what was skipped. */
struct clock {
	double wall;
	double cpu;
};

static double seconds(clockid_t id)
{
	struct timespec t;

	(void)clock_gettime(id, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct clock clock_now(void)
{
	return (struct clock){ seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID) };
}

static void clock_skip(struct clock *start, struct clock since)
{
	start->wall += seconds(CLOCK_MONOTONIC) - since.wall;
	start->cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - since.cpu;
}

static void print_row(const char *what, double count, const char *unit, struct clock start)
{
	double wall = seconds(CLOCK_MONOTONIC) - start.wall;
	double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - start.cpu;

	(void)printf("%-46s %7.2f s  %7.2f CPU s  %8.2f M %s/s  %8.2f M/CPU s\n", what, wall, cpu,
	    count / wall / 1e6, unit, count / cpu / 1e6);
	(void)fflush(stdout);
}

/* ---- aggregation ---- */

#define READY 256 /* contacts that the cache holds */

/* Contacts that are ready: the time that making them takes is skipped. */
struct ready {
	struct world *world;
	struct clock *clock;
	struct contact contacts[READY];
	uint64_t left; /* in the world */
	size_t at;
	size_t count;
};

static void ready_begin(struct ready *r, struct world *world, struct clock *clock)
{
	world_rewind(world);
	*r = (struct ready){ .world = world, .clock = clock, .left = world->event_count };
}

static const struct contact *ready_next(struct ready *r)
{
	struct clock since;

	if (r->at < r->count)
		return &r->contacts[r->at++];
	since = clock_now();
	r->count = r->left < READY ? r->left : READY;
	r->left -= r->count;
	for (size_t i = 0; i < r->count; i++)
		world_next(r->world, &r->contacts[i]);
	r->at = 1;
	clock_skip(r->clock, since);
	return &r->contacts[0];
}

static void put_events(
    struct haystack *h, struct haystack_writer *w, struct ready *ready, uint64_t from, uint64_t to)
{
	struct err err;
	struct digest d = { { (uint8_t)from, (uint8_t)(from >> 8), (uint8_t)(from >> 16),
	    (uint8_t)(from >> 24) } };

	check(haystack_writer_begin(w, &err), &err);
	for (uint64_t i = from; i < to; i++) {
		check(haystack_writer_contact(w, ready_next(ready), &err), &err);
	}
	haystack_writer_end(w, &d);
	check(haystack_commit(h, w, &err), &err);
}

static struct haystack *aggregate(const char *folder, struct world *world, uint64_t memory,
    unsigned segments, struct clock *clock)
{
	static struct ready ready;
	struct haystack *h;
	struct haystack_writer *w;
	struct err err;

	ready_begin(&ready, world, clock);
	check(haystack_open(folder, true, &h, &err), &err);
	check(haystack_writer_new(folder, memory, &w, &err), &err);
	for (unsigned i = 0; i < segments; i++)
		put_events(h, w, &ready, world->event_count * i / segments,
		    world->event_count * (i + 1) / segments);
	haystack_writer_free(w);
	return h;
}

static void merge_values(void *context, const uint8_t *key, size_t key_len, const uint8_t *a,
    size_t a_len, const uint8_t *b, size_t b_len, uint8_t **ret, size_t *ret_len)
{
	static const uint32_t map[] = { 0 };
	const struct series_part parts[] = { { a, a_len, map, 1 }, { b, b_len, map, 1 } };
	struct buf out;
	struct err err;

	(void)context;
	(void)key;
	(void)key_len;
	buf_init(&out, SIZE_MAX);
	check(series_merge(parts, 2, &out, &err), &err);
	*ret = out.bytes;
	*ret_len = out.len;
}

/* The peer: an entry for each event, merged by libmtbl. */
static void aggregate_by_sorter(
    const char *folder, struct world *world, uint64_t memory, struct clock *clock)
{
	static struct ready ready;
	struct mtbl_sorter_options *so = mtbl_sorter_options_init();
	struct mtbl_writer_options *wo = mtbl_writer_options_init();
	struct mtbl_sorter *s;
	struct mtbl_writer *w;
	struct buf value;
	struct err err;
	char path[8192];

	(void)snprintf(path, sizeof(path), "%s/sorter", folder);
	mtbl_sorter_options_set_merge_func(so, merge_values, NULL);
	mtbl_sorter_options_set_max_memory(so, memory);
	mtbl_sorter_options_set_temp_dir(so, folder);
	mtbl_writer_options_set_compression(wo, MTBL_COMPRESSION_NONE);
	s = mtbl_sorter_init(so);
	w = mtbl_writer_init(path, wo);
	buf_init(&value, SIZE_MAX);
	ready_begin(&ready, world, clock);
	for (uint64_t i = 0; i < world->event_count; i++) {
		const struct contact *c = ready_next(&ready);
		struct series_row row = { c->time_ns, c->ttl, 0, c->outcome, c->digits,
			(uint8_t)(c->seen | c->direction << 2), c->txid };
		struct key k;

		key_of_series(&k, c);
		buf_clear(&value);
		check(series_encode(&row, 1, &value, &err), &err);
		if (mtbl_sorter_add(s, k.bytes, k.len, value.bytes, value.len) != mtbl_res_success)
			exit(2);
	}
	if (mtbl_sorter_write(s, w) != mtbl_res_success)
		exit(2);
	mtbl_sorter_destroy(&s);
	mtbl_writer_destroy(&w);
	mtbl_sorter_options_destroy(&so);
	mtbl_writer_options_destroy(&wo);
	buf_release(&value);
}

/* ---- reading ---- */

struct pass {
	struct haystack *h;
	unsigned parts;
	struct {
		uint64_t series;
		uint64_t contacts;
		uint64_t pad[6];
	} sums[64];
};

static bool read_part(size_t i, void *context, struct err *reterr)
{
	struct pass *p = context;
	struct haystack_range range = {
		.tag = KEY_TAG_SERIES, .part = (unsigned)i, .parts = p->parts
	};
	struct haystack_scan *scan;
	struct haystack_entry e;
	uint64_t series = 0;
	uint64_t contacts = 0;
	bool end;

	if (!haystack_scan_new(p->h, &range, &scan, reterr))
		return false;
	while (haystack_scan_next(scan, &e, &end, reterr) && !end) {
		struct cursor c = cursor_of(e.value, e.value_len);
		struct series_summary s;

		if (!series_read_summary(&c, &s))
			return false;
		series++;
		contacts += s.contacts;
	}
	p->sums[i].series = series;
	p->sums[i].contacts = contacts;
	haystack_scan_free(scan);
	return end;
}

static uint64_t read_summaries(struct haystack *h, unsigned jobs, uint64_t *ret_contacts)
{
	static struct pass p;
	uint64_t series = 0;
	struct err err;

	p = (struct pass){ .h = h, .parts = jobs == 1 ? 1 : 8 * jobs };
	check(parallel_for(jobs, p.parts, read_part, &p, &err), &err);
	*ret_contacts = 0;
	for (unsigned i = 0; i < p.parts; i++) {
		series += p.sums[i].series;
		*ret_contacts += p.sums[i].contacts;
	}
	return series;
}

/* The floor: every byte of the segments mapped and added up, eight at a time. */
static void read_bytes(const char *folder, double count, const char *unit)
{
	struct clock start = clock_now();
	DIR *list = opendir(folder);
	struct dirent *entry;
	uint64_t sum = 0;

	while (list != NULL && (entry = readdir(list)) != NULL) {
		char path[8192];
		struct stat st;
		void *map;
		int fd;

		if (strstr(entry->d_name, ".mtbl") == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0 || fstat(fd, &st) != 0)
			exit(2);
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
		if (map == MAP_FAILED)
			exit(2);
		for (size_t at = 0; at + SWAR_BYTES <= (size_t)st.st_size; at += SWAR_BYTES)
			sum += swar_load((const uint8_t *)map + at);
		(void)munmap(map, (size_t)st.st_size);
		(void)close(fd);
	}
	if (list != NULL)
		(void)closedir(list);
	print_row(sum == 0 ? "  floor: nothing read" : "  floor: adding up their bytes", count,
	    unit, start);
}

/* The same entries one behind the other in memory, with nothing to be put together. */
static void read_flat(struct haystack *h, uint64_t series)
{
	struct haystack_range range = { .tag = KEY_TAG_SERIES, .parts = 1 };
	struct haystack_scan *scan;
	struct haystack_entry e;
	struct buf flat;
	struct cursor c;
	struct clock start;
	struct err err;
	uint64_t contacts = 0;
	bool end;

	buf_init(&flat, SIZE_MAX);
	check(haystack_scan_new(h, &range, &scan, &err), &err);
	while (haystack_scan_next(scan, &e, &end, &err) && !end) {
		buf_varint(&flat, e.key_len);
		buf_varint(&flat, e.value_len);
		buf_put(&flat, e.key, e.key_len);
		buf_put(&flat, e.value, e.value_len);
	}
	haystack_scan_free(scan);
	start = clock_now();
	c = cursor_of(flat.bytes, flat.len);
	while (cursor_left(&c) > 0) {
		uint64_t key_len = cursor_varint(&c);
		uint64_t value_len = cursor_varint(&c);
		struct cursor value;
		struct series_summary s;

		cursor_skip(&c, key_len);
		value = cursor_sub(&c, value_len);
		contacts += series_read_summary(&value, &s) ? s.contacts : 0;
	}
	print_row("  (flat in memory, summaries decoded)", (double)series, "series", start);
	buf_release(&flat);
}

/* Open every segment with libmtbl: the files are what they say they are. */
static size_t open_readers(const char *folder, struct mtbl_reader *ret[static SEGMENTS])
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while (list != NULL && count < SEGMENTS && (entry = readdir(list)) != NULL) {
		char path[8192];

		if (strstr(entry->d_name, ".mtbl") == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		ret[count] = mtbl_reader_init(path, NULL);
		count += ret[count] != NULL;
	}
	if (list != NULL)
		(void)closedir(list);
	return count;
}

static uint64_t count_entries(const char *folder)
{
	struct mtbl_reader *readers[SEGMENTS];
	size_t count = open_readers(folder, readers);
	uint64_t entries = 0;

	for (size_t i = 0; i < count; i++) {
		entries += mtbl_metadata_count_entries(mtbl_reader_metadata(readers[i]));
		mtbl_reader_destroy(&readers[i]);
	}
	return entries;
}

/* The peer: mtbl_merger with our merge function over the same files. */
static uint64_t read_by_merger(const char *folder)
{
	struct mtbl_merger_options *mo = mtbl_merger_options_init();
	struct mtbl_reader *readers[SEGMENTS];
	size_t n = open_readers(folder, readers);
	struct mtbl_merger *m;
	struct mtbl_iter *it;
	const uint8_t *key;
	const uint8_t *value;
	size_t key_len;
	size_t value_len;
	uint64_t count = 0;

	mtbl_merger_options_set_merge_func(mo, merge_values, NULL);
	m = mtbl_merger_init(mo);
	for (size_t i = 0; i < n; i++)
		mtbl_merger_add_source(m, mtbl_reader_source(readers[i]));
	it = mtbl_source_iter(mtbl_merger_source(m));
	while (mtbl_iter_next(it, &key, &key_len, &value, &value_len) == mtbl_res_success) {
		struct cursor c = cursor_of(value, value_len);
		struct series_summary s;

		count += series_read_summary(&c, &s);
	}
	mtbl_iter_destroy(&it);
	mtbl_merger_destroy(&m);
	for (size_t i = 0; i < n; i++)
		mtbl_reader_destroy(&readers[i]);
	mtbl_merger_options_destroy(&mo);
	return count;
}

/* ---- the rows ---- */

static void measure_floor(struct world *w)
{
	uint64_t bytes = w->event_count * 16;
	uint8_t *from = calloc(bytes, 1);
	uint8_t *to = calloc(bytes, 1);
	struct clock start;
	uint64_t sum = 0;

	if (from != NULL && to != NULL) {
		memset(from, 1, bytes);
		start = clock_now();
		memcpy(to, from, bytes);
		sum += to[bytes / 2];
		print_row(
		    "  floor: copying 16 bytes an event", (double)w->event_count, "events", start);
	}
	free(from);
	free(to);
	if (sum != 1)
		exit(2); /* so that it is used */
}

static void measure_size(const char *folder, uint64_t series, uint8_t digits, const char *name)
{
	struct world w;
	struct haystack *h;
	struct clock unused = clock_now();
	uint64_t contacts;

	world_make(&w, series * 14, (uint32_t)(series * 115 / 100), 2.0, digits);
	h = aggregate(folder, &w, UINT64_C(1) << 32, 1, &unused);
	series = read_summaries(h, 1, &contacts);
	(void)printf(
	    "size at %-36s %7.2f bytes a contact, keys included (%.1f contacts a series)\n", name,
	    (double)haystack_bytes(h) / (double)contacts, (double)contacts / (double)series);
	haystack_close(h);
	world_free(&w);
	folder_empty(folder);
}

static void measure(const char *folder, uint64_t events, uint64_t series, uint64_t memory)
{
	struct world w;
	struct haystack *h;
	struct clock start;
	uint64_t contacts;
	uint64_t entries;

	world_make(&w, events, (uint32_t)(series * 103 / 100), 1.3, 0);
	start = clock_now();
	h = aggregate(folder, &w, memory, 1, &start);
	print_row("aggregation of ready contacts, synced segment", (double)events, "events", start);
	measure_floor(&w);
	start = clock_now();
	aggregate_by_sorter(folder, &w, memory / 2, &start);
	print_row("  peer: mtbl_sorter", (double)events, "events", start);
	for (unsigned jobs = 1; jobs <= 2; jobs++) {
		start = clock_now();
		series = read_summaries(h, jobs, &contacts);
		print_row(jobs == 1 ? "summary pass, one thread" : "summary pass, two threads",
		    (double)series, "series", start);
	}
	read_bytes(folder, (double)series, "series");
	read_flat(h, series);
	haystack_close(h);
	folder_empty(folder);
	h = aggregate(folder, &w, memory, SEGMENTS, &start);
	entries = count_entries(folder);
	for (unsigned jobs = 1; jobs <= 2; jobs++) {
		start = clock_now();
		series = read_summaries(h, jobs, &contacts);
		print_row(jobs == 1 ? "merge of 8 segments, one thread"
				    : "merge of 8 segments, two threads",
		    (double)entries, "entries in", start);
	}
	read_bytes(folder, (double)entries, "entries in");
	start = clock_now();
	(void)read_by_merger(folder);
	print_row("  peer: mtbl_merger", (double)entries, "entries in", start);
	haystack_close(h);
	world_free(&w);
	folder_empty(folder);
}

int main(int argc, char **argv)
{
	bool full = argc == 2 && strcmp(argv[1], "--full") == 0;
	uint64_t events = full ? 47000000 : 5000000;
	const char *folder;

	if (argc > 1 && !full) {
		(void)fprintf(stderr, "usage: bench-store [--full]\n");
		return 2;
	}
	folder = folder_make();
	measure(folder, events, events * 10 / 47, (uint64_t)(full ? 2048 : 1024) << 20);
	measure_size(folder, events / 20, 0, "whole seconds");
	measure_size(folder, events / 20, 6, "microseconds");
	return rmdir(folder) != 0;
}
