/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dnstap from sockets into one file of Frame Streams: the data of all senders in the order in which
 * it came, whole frames alone. Senders are hostile: their number, the frame of each and the time
 * that one is waited for are bounded.
 */
#ifndef RECEIVE_RECEIVER_H
#define RECEIVE_RECEIVER_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "receive/listener.h"

struct receiver_settings {
	const struct listener *listener;
	int file;                    /* is written from its beginning */
	double for_s;                /* end after so many seconds; 0: never for that reason */
	bool (*stop)(void *context); /* is asked several times a second: end now? */
	void *context;
};

struct receiver_result {
	uint64_t frames; /* of data, that are in the file */
	uint64_t senders;
	uint64_t ended;   /* of them in order, with STOP */
	uint64_t cut;     /* gone without */
	uint64_t refused; /* sent what is no dnstap, stalled, or were too many */
};

/*
 * Receive until a sender has ended in order and no other is there, or the time is over, or stop
 * says so; what has come until then is in the file, which is whole. False: it could not be written.
 */
bool receiver_run(const struct receiver_settings *settings, struct receiver_result *ret,
    struct err *reterr) MUST_USE;

#endif
