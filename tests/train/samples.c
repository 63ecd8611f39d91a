/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/parallel.h"
#include "base/size.h"
#include "trainer.h"

#define BLOCK 250 /* series of one turn */

struct making {
	uint64_t seed;
	uint64_t first;
	size_t each;
	double stretch;
	struct sample *samples;
};

static bool make_block(size_t block, void *context, struct err *reterr)
{
	const struct making *m = context;
	size_t upto = (block + 1) * BLOCK, all = m->each * NET_CLASSES;
	struct scene scene = { .days = 0 };
	struct traits_work *work = NULL;
	bool ok = traits_work_new(&work, reterr);

	for (size_t i = block * BLOCK; ok && i < upto && i < all; i++) {
		struct sample *s = &m->samples[i];

		s->class = (uint8_t)(i / m->each);
		ok = mechanism_simulate((enum mechanism)s->class, m->seed, m->first + i % m->each,
			 m->stretch, &scene, reterr) &&
		     traits_measure(&scene.subject, work, &s->traits, reterr);
	}
	scene_release(&scene);
	traits_work_free(work);
	return ok;
}

bool samples_make(uint64_t seed, uint64_t first, size_t each, double stretch, unsigned jobs,
    struct sample **ret, struct err *reterr)
{
	struct making m = { seed, first, each, stretch, NULL };
	size_t all = size_mul(each, NET_CLASSES);

	m.samples = calloc(all, sizeof(*m.samples));
	if (m.samples == NULL) {
		err_set_memory(reterr);
		return false;
	}
	if (!parallel_for(jobs, (all + BLOCK - 1) / BLOCK, make_block, &m, reterr)) {
		free(m.samples);
		return false;
	}
	*ret = m.samples;
	return true;
}
