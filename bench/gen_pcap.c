/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gen_pcap PAIRS NAMES CLIENTS DAYS SEED > file: a classic pcap with microseconds of made-up DNS
 * traffic in time order; two packets a pair.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "traffic.h"

#define WAITING_MAX 4096 /* responses on their way */

struct frame {
	int64_t time_us;
	size_t len;
	uint8_t bytes[TRAFFIC_FRAME_MAX];
};

static void write_le32(uint32_t value)
{
	const uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
		(uint8_t)(value >> 24) };

	(void)fwrite(bytes, 1, sizeof(bytes), stdout);
}

static void write_frame(int64_t time_us, const uint8_t *bytes, size_t len)
{
	write_le32((uint32_t)(time_us / 1000000));
	write_le32((uint32_t)(time_us % 1000000));
	write_le32((uint32_t)len);
	write_le32((uint32_t)len);
	(void)fwrite(bytes, 1, len, stdout);
}

/* Responses that are due are written; they stand in order of time, the last to go first. */
static void flush_due(struct frame **waiting, size_t *count, int64_t now_us)
{
	while (*count > 0 && (waiting[*count - 1]->time_us <= now_us || *count == WAITING_MAX)) {
		(*count)--;
		write_frame(waiting[*count]->time_us, waiting[*count]->bytes, waiting[*count]->len);
	}
}

/* The frame behind the last one in use is free: fill it and move it to its place. */
static void hold_back(struct frame **waiting, size_t *count, int64_t time_us, const struct buf *b)
{
	struct frame *f = waiting[*count];
	size_t at = (*count)++;

	f->time_us = time_us;
	f->len = b->len;
	memcpy(f->bytes, b->bytes, b->len);
	for (; at > 0 && waiting[at - 1]->time_us < time_us; at--)
		waiting[at] = waiting[at - 1];
	waiting[at] = f;
}

static void generate(const struct traffic *t, struct frame **waiting)
{
	struct buf query, response;
	struct traffic_pair pair;
	size_t count = 0;

	buf_init(&query, TRAFFIC_FRAME_MAX);
	buf_init(&response, TRAFFIC_FRAME_MAX);
	write_le32(0xa1b2c3d4);
	write_le32(0x00040002);
	write_le32(0);
	write_le32(0);
	write_le32(65535);
	write_le32(1);
	for (uint64_t i = 0; i < t->pair_count; i++) {
		pair = traffic_make(t, i, &query, &response);
		flush_due(waiting, &count, pair.query_us);
		write_frame(pair.query_us, query.bytes, query.len);
		hold_back(waiting, &count, pair.response_us, &response);
	}
	flush_due(waiting, &count, INT64_MAX);
	buf_release(&query);
	buf_release(&response);
}

static bool read_number(const char *text, uint64_t max, uint64_t *ret)
{
	char *end;

	*ret = strtoull(text, &end, 10);
	return *text != '-' && *end == '\0' && *ret > 0 && *ret <= max;
}

int main(int argc, char **argv)
{
	static struct frame frames[WAITING_MAX];
	static struct frame *waiting[WAITING_MAX];
	uint64_t n[5];
	static const uint64_t max[5] = { INT64_MAX, 1u << 24, 1u << 24, 10000, INT64_MAX };

	for (int i = 0; i < 5; i++)
		if (argc != 6 || !read_number(argv[i + 1], max[i], &n[i])) {
			(void)fprintf(stderr, "usage: gen_pcap PAIRS NAMES CLIENTS DAYS SEED\n");
			return 2;
		}
	for (size_t i = 0; i < WAITING_MAX; i++)
		waiting[i] = &frames[i];
	generate(&(struct traffic){ .pair_count = n[0],
		     .name_count = (uint32_t)n[1],
		     .client_count = (uint32_t)n[2],
		     .span_s = (uint32_t)n[3] * 86400,
		     .seed = n[4] },
	    waiting);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 2;
}
