/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/stop.h"

#include <stddef.h>
#include <time.h>

#include "base/attr.h"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

void stop_init(struct stop *s)
{
	sigset_t blocked;
	struct sigaction now;

	(void)sigemptyset(&blocked);
	/* a signal that is ignored, by nohup or a shell's &, is not to stop anything */
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			(void)sigaddset(&blocked, signals[i]);
	}
	(void)sigprocmask(SIG_BLOCK, &blocked, &s->before);
	(void)signal(SIGPIPE, SIG_IGN);
}

bool stop_asked(const struct stop *s)
{
	sigset_t waiting;

	/* those that were blocked before us are not ours to obey */
	for (size_t i = 0; sigpending(&waiting) == 0 && i < COUNT_OF(signals); i++) {
		if (sigismember(&waiting, signals[i]) == 1 &&
		    sigismember(&s->before, signals[i]) == 0)
			return true;
	}
	return false;
}

void stop_answer(const struct stop *s)
{
	const struct timespec now = { 0 };
	sigset_t one;

	while (stop_asked(s)) {
		(void)sigemptyset(&one);
		for (size_t i = 0; i < COUNT_OF(signals); i++)
			if (sigismember(&s->before, signals[i]) == 0)
				(void)sigaddset(&one, signals[i]);
		if (sigtimedwait(&one, NULL, &now) < 0)
			return;
	}
}

void stop_release(struct stop *s, bool broken)
{
	(void)signal(SIGPIPE, SIG_DFL);
	if (broken)
		(void)raise(SIGPIPE);
	(void)sigprocmask(SIG_SETMASK, &s->before, NULL);
}
