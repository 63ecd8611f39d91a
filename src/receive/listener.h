/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A socket that waits for senders. */
#ifndef RECEIVE_LISTENER_H
#define RECEIVE_LISTENER_H

#include "base/attr.h"
#include "base/err.h"

#define LISTENER_NAME_MAX 160

struct listener {
	int fd;         /* -1: closed */
	char path[108]; /* of a unix socket that is ours, to be removed; or "" */
	char name
	    [LISTENER_NAME_MAX]; /* "unix:PATH", "tcp:127.0.0.1:6000" with the port that it has */
};

/*
 * "unix:PATH": a socket there, made with the process' umask; one that nobody listens on any more is
 * replaced. "tcp:PORT" on 127.0.0.1, or "tcp:ADDRESS:PORT" with an address in figures, of IPv6 in
 * brackets; port 0 is one that is free. Nothing else binds: ERR_USAGE.
 */
bool listener_open(struct listener *l, const char *where, struct err *reterr) MUST_USE;
void listener_close(struct listener *l);

#endif
