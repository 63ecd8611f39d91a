/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C and its kind, without handlers and so without globals: the signals are blocked, and
 * long work asks now and then whether one is waiting. So everything is taken apart in order,
 * temporary files included, and the process then dies of the signal as its parent expects.
 * SIGPIPE is ignored: a broken pipe is a failed write.
 */
#ifndef CLI_STOP_H
#define CLI_STOP_H

#include <stdbool.h>
#include <signal.h>

struct stop {
	sigset_t before; /* the mask that was */
};

void stop_init(struct stop *s);

/* Is a signal waiting? */
bool stop_asked(const struct stop *s);

/* Take the signals that wait: they have been obeyed. */
void stop_answer(const struct stop *s);

/*
 * Unblock: a waiting signal ends the process here. broken: standard output is a pipe without a
 * reader, so end of SIGPIPE as other filters do.
 */
void stop_release(struct stop *s, bool broken);

#endif
