/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror & Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011). A stream is named by (seed, series, purpose); its
 * i-th draw is a pure function of that name and i, so that results depend on neither the order
 * of the work nor the number of threads.
 */
#ifndef BASE_PHILOX_H
#define BASE_PHILOX_H

#include <math.h>
#include <stdint.h>

struct philox {
	uint32_t key[2];
	uint32_t counter[4];
	uint32_t out[4];
	unsigned used; /* words of out already handed out */
};

/* The stream of (seed, series, purpose), at its beginning. */
void philox_init(struct philox *p, uint64_t seed, uint64_t series, uint32_t purpose);

void philox_block(struct philox *p);

static inline uint32_t philox_u32(struct philox *p)
{
	if (p->used == 4)
		philox_block(p);
	return p->out[p->used++];
}

static inline uint64_t philox_u64(struct philox *p)
{
	uint64_t high = philox_u32(p);

	return high << 32 | philox_u32(p);
}

/* Uniform on the open interval (0, 1), 53 bits: never 0 and never 1. */
static inline double philox_uniform(struct philox *p)
{
	return ((double)(philox_u64(p) >> 12) + 0.5) * 0x1p-52;
}

/* Exponential with mean 1. */
static inline double philox_exponential(struct philox *p)
{
	return -log(philox_uniform(p));
}

/* Uniform on 0 .. n-1 without bias, n > 0 (Lemire 2019, arXiv 1805.10941). */
uint32_t philox_below(struct philox *p, uint32_t n);

/* Standard normal (Box and Muller). */
double philox_normal(struct philox *p);

#endif
