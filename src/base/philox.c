/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/philox.h"

#define MULTIPLIER_0 0xd2511f53u
#define MULTIPLIER_1 0xcd9e8d57u
#define WEYL_0       0x9e3779b9u
#define WEYL_1       0xbb67ae85u
#define ROUNDS       10

void philox_init(struct philox *p, uint64_t seed, uint64_t series, uint32_t purpose)
{
	*p = (struct philox){
		.key = { (uint32_t)seed, (uint32_t)(seed >> 32) },
		/* words 0 of the counter runs; word 1 to 3 name the stream */
		.counter = { 0, purpose, (uint32_t)series, (uint32_t)(series >> 32) },
		.used = 4,
	};
}

void philox_block(struct philox *p)
{
	uint32_t c0 = p->counter[0], c1 = p->counter[1], c2 = p->counter[2], c3 = p->counter[3];
	uint32_t k0 = p->key[0], k1 = p->key[1];

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t a = (uint64_t)MULTIPLIER_0 * c0;
		uint64_t b = (uint64_t)MULTIPLIER_1 * c2;
		uint32_t was1 = c1, was3 = c3;

		c0 = (uint32_t)(b >> 32) ^ was1 ^ k0;
		c1 = (uint32_t)b;
		c2 = (uint32_t)(a >> 32) ^ was3 ^ k1;
		c3 = (uint32_t)a;
		k0 += WEYL_0;
		k1 += WEYL_1;
	}
	p->out[0] = c0;
	p->out[1] = c1;
	p->out[2] = c2;
	p->out[3] = c3;
	p->counter[0]++;
	p->used = 0;
}

uint32_t philox_below(struct philox *p, uint32_t n)
{
	uint64_t product = (uint64_t)philox_u32(p) * n;

	if ((uint32_t)product < n) {
		uint32_t threshold = (uint32_t)(-n) % n;

		while ((uint32_t)product < threshold)
			product = (uint64_t)philox_u32(p) * n;
	}
	return (uint32_t)(product >> 32);
}

double philox_normal(struct philox *p)
{
	double radius = sqrt(2 * philox_exponential(p));

	return radius * cos(6.283185307179586 * philox_uniform(p));
}
