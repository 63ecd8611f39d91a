/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#define JOBS_MAX 256u

struct loop {
	atomic_size_t next;
	atomic_bool stop;
	size_t count;
	bool (*turn)(size_t i, void *context, struct err *reterr);
	void *context;
	pthread_mutex_t lock; /* for the two below */
	size_t failed_at;
	struct err err;
};

static void *work(void *context)
{
	struct loop *loop = context;
	struct err err = { .code = ERR_NONE };

	while (!atomic_load(&loop->stop)) {
		size_t i = atomic_fetch_add(&loop->next, 1);

		if (i >= loop->count)
			break;
		if (loop->turn(i, loop->context, &err))
			continue;
		atomic_store(&loop->stop, true);
		(void)pthread_mutex_lock(&loop->lock);
		if (i < loop->failed_at) {
			loop->failed_at = i;
			loop->err = err;
		}
		(void)pthread_mutex_unlock(&loop->lock);
	}
	return NULL;
}

bool parallel_for(unsigned jobs, size_t count,
    bool (*turn)(size_t i, void *context, struct err *reterr), void *context, struct err *reterr)
{
	struct loop loop = { .count = count,
		.turn = turn,
		.context = context,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.failed_at = SIZE_MAX };
	pthread_t threads[JOBS_MAX];
	unsigned started = 0;

	if (jobs > JOBS_MAX)
		jobs = JOBS_MAX;
	if (jobs > count)
		jobs = (unsigned)count;
	/* the caller's thread is one of the jobs; fewer threads than asked for only take longer */
	while (started + 1 < jobs && pthread_create(&threads[started], NULL, work, &loop) == 0)
		started++;
	(void)work(&loop);
	for (unsigned t = 0; t < started; t++)
		(void)pthread_join(threads[t], NULL);
	if (loop.failed_at == SIZE_MAX)
		return true;
	if (reterr != NULL)
		*reterr = loop.err;
	return false;
}

unsigned parallel_default_jobs(void)
{
	cpu_set_t set;
	int count;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	count = CPU_COUNT(&set);
	return count < 1 ? 1 : (unsigned)count;
}
