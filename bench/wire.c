/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-wire [PAIRS]: what a packet costs from its first octet to its record (link, IP, UDP, DNS,
 * pairing), in CPU time and without file, digest and store. Packets are made beforehand.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "evidence/packets.h"
#include "traffic.h"

#define PAIRS_PER_S 6000  /* so that pairing has a window's worth to hold: 30000 pairs */
#define BLOCK_PAIRS 20000 /* made at a time, outside of the measured time */

static int64_t cpu_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

struct tally {
	uint64_t contacts;
	uint64_t facts;
};

static void drain(struct packets *p, struct tally *t)
{
	struct record record;
	struct err err;

	while (packets_next(p, &record, &err) == NEXT_ITEM) {
		t->contacts += record.contact != NULL;
		t->facts += record.fact_count;
	}
}

static void make_block(
    const struct traffic *t, uint64_t first, struct buf *frames, struct captured *packets)
{
	struct buf side[2];
	struct traffic_pair pair;

	buf_init(&side[0], TRAFFIC_FRAME_MAX);
	buf_init(&side[1], TRAFFIC_FRAME_MAX);
	buf_clear(frames);
	for (uint64_t i = 0; i < BLOCK_PAIRS; i++) {
		pair = traffic_make(t, first + i, &side[0], &side[1]);
		for (size_t k = 0; k < 2; k++) {
			packets[2 * i + k] = (struct captured){
				.time_ns = (k == 0 ? pair.query_us : pair.response_us) * 1000,
				.digits = 6,
				.linktype = 1,
				.offset = frames->len,
				.len = side[k].len,
				.wire_len = side[k].len,
			};
			buf_put(frames, side[k].bytes, side[k].len);
		}
	}
	for (size_t i = 0; i < 2 * BLOCK_PAIRS; i++)
		packets[i].bytes = frames->bytes + packets[i].offset;
	buf_release(&side[0]);
	buf_release(&side[1]);
}

int main(int argc, char **argv)
{
	const uint64_t wanted = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	const uint64_t blocks = (wanted + BLOCK_PAIRS - 1) / BLOCK_PAIRS;
	const struct traffic t = { .pair_count = blocks * BLOCK_PAIRS,
		.name_count = 1u << 20,
		.client_count = 1u << 14,
		.span_s = 1 + (uint32_t)(blocks * BLOCK_PAIRS / PAIRS_PER_S),
		.seed = 1 };
	struct captured *packets = calloc(2 * BLOCK_PAIRS, sizeof(*packets));
	struct health health = { .count = 0 };
	struct tally tally = { .contacts = 0 };
	struct packets *p = NULL;
	struct buf frames;
	struct err err;
	int64_t spent = 0, since;

	buf_init(&frames, SIZE_MAX);
	if (blocks == 0 || packets == NULL || !packets_new(&health, &p, &err))
		return 2;
	for (uint64_t b = 0; b < blocks; b++) {
		make_block(&t, b * BLOCK_PAIRS, &frames, packets);
		since = cpu_ns();
		for (size_t i = 0; i < 2 * BLOCK_PAIRS; i++) {
			packets_feed(p, &packets[i]);
			drain(p, &tally);
		}
		spent += cpu_ns() - since;
	}
	packets_finish(p);
	drain(p, &tally);
	(void)printf("packet to record: %.1f ns, %.2f M packets a CPU second "
		     "(%llu packets, %llu contacts, %llu facts, %llu skipped)\n",
	    (double)spent / (double)(2 * t.pair_count), 2e3 * (double)t.pair_count / (double)spent,
	    (unsigned long long)(2 * t.pair_count), (unsigned long long)tally.contacts,
	    (unsigned long long)tally.facts, (unsigned long long)health_total(&health));
	packets_free(p);
	free(packets);
	buf_release(&frames);
	return tally.contacts == t.pair_count ? 0 : 1;
}
