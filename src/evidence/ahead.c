/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One writer, one reader, and a ring of blocks between them. A block belongs to the thread from when it
 * is free until it is counted as filled, and to the reader from then until it is counted as read;
 * only these counts need the lock. The last block may be empty: the end, or the failure behind it.
 */
#include "evidence/ahead.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BLOCKS 4
#define BLOCK_BYTES                                                                                \
	(256u << 10) /* as the stream asks of a plain file: fits the second-level cache */

struct block {
	size_t len;
	uint64_t raw_offset; /* when it was filled */
	bool last;
	bool failed; /* behind its bytes, for the reason in err */
	struct err err;
	uint8_t bytes[BLOCK_BYTES];
};

struct ahead {
	decoder_pull *pull;
	void *source;
	const uint64_t *source_offset;
	pthread_t thread;

	pthread_mutex_t lock; /* for the next three */
	uint64_t filled;      /* blocks, since the beginning */
	uint64_t emptied;
	bool stop;
	pthread_cond_t changed;

	/* the reader's */
	struct block *current; /* NULL: the next one has not been waited for */
	size_t at;             /* the next byte in it */
	uint64_t raw_offset;

	struct block ring[BLOCKS];
};

/* The thread's: false when it is to stop. */
static bool wait_for_room(struct ahead *a)
{
	bool go_on;

	(void)pthread_mutex_lock(&a->lock);
	while (!a->stop && a->filled - a->emptied == BLOCKS)
		(void)pthread_cond_wait(&a->changed, &a->lock);
	go_on = !a->stop;
	(void)pthread_mutex_unlock(&a->lock);
	return go_on;
}

/* Move one of the counts, and wake the other side. */
static void count(struct ahead *a, uint64_t *blocks)
{
	(void)pthread_mutex_lock(&a->lock);
	(*blocks)++;
	(void)pthread_cond_signal(&a->changed);
	(void)pthread_mutex_unlock(&a->lock);
}

static void fill(struct ahead *a, struct block *b)
{
	b->len = 0;
	while (b->len < BLOCK_BYTES && !b->last) {
		size_t n = 0;

		b->failed =
		    !a->pull(a->source, b->bytes + b->len, BLOCK_BYTES - b->len, &n, &b->err);
		b->last = b->failed || n == 0;
		b->len += b->failed ? 0 : n;
	}
	b->raw_offset = *a->source_offset;
}

static void *work(void *ahead)
{
	struct ahead *a = ahead;
	bool last = false;

	for (uint64_t i = 0; !last && wait_for_room(a); i++) {
		struct block *b = &a->ring[i % BLOCKS];

		fill(a, b);
		last = b->last;
		count(a, &a->filled);
	}
	return NULL;
}

struct ahead *ahead_new(decoder_pull *pull, void *source, const uint64_t *raw_offset)
{
	struct ahead *a = calloc(1, sizeof(*a));

	if (a == NULL)
		return NULL;
	a->pull = pull;
	a->source = source;
	a->source_offset = raw_offset;
	a->raw_offset = *raw_offset;
	(void)pthread_mutex_init(&a->lock, NULL);
	(void)pthread_cond_init(&a->changed, NULL);
	if (pthread_create(&a->thread, NULL, work, a) != 0) {
		free(a);
		return NULL;
	}
	return a;
}

void ahead_free(struct ahead *a)
{
	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	a->stop = true;
	(void)pthread_cond_signal(&a->changed);
	(void)pthread_mutex_unlock(&a->lock);
	(void)pthread_join(a->thread, NULL);
	(void)pthread_cond_destroy(&a->changed);
	(void)pthread_mutex_destroy(&a->lock);
	/* it may have been mail */
	explicit_bzero(a, sizeof(*a));
	free(a);
}

/* The block to read from. */
static struct block *wait_for_block(struct ahead *a)
{
	if (a->current != NULL)
		return a->current;
	(void)pthread_mutex_lock(&a->lock);
	while (a->filled == a->emptied)
		(void)pthread_cond_wait(&a->changed, &a->lock);
	a->current = &a->ring[a->emptied % BLOCKS];
	(void)pthread_mutex_unlock(&a->lock);
	a->at = 0;
	a->raw_offset = a->current->raw_offset;
	return a->current;
}

bool ahead_read(void *ahead, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr)
{
	struct ahead *a = ahead;
	const struct block *b = wait_for_block(a);
	const size_t left = b->len - a->at;

	if (left == 0 && b->failed) {
		if (reterr != NULL)
			*reterr = b->err;
		return false;
	}
	*ret_len = left < len ? left : len;
	memcpy(to, b->bytes + a->at, *ret_len);
	a->at += *ret_len;
	/* the last block stays: its end, or failure, is told again to whoever asks again */
	if (a->at == b->len && !b->last) {
		a->current = NULL;
		count(a, &a->emptied);
	}
	return true;
}

uint64_t ahead_raw_offset(const struct ahead *a)
{
	return a->raw_offset;
}
