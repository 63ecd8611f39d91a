/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page over a case: its files, and a JSON API (schema/serve-v1.openapi.json) on the loopback
 * interface. The page's files hold no secret and are given to anybody on this machine; what is of
 * the case wants the token. Nothing is changed unless edit is set, and then marks alone.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/err.h"
#include "contact/endpoint.h"

#define SERVE_TOKEN_TEXT 33 /* 128 bits in hex, and the NUL */

struct serve_settings {
	const char *case_dir;
	uint16_t port; /* 0: the system chooses */
	bool edit;
	const char *version;
	/*
	 * Look at one target alone and append its findings to out, one line each
	 * (lodestone.finding/1); nothing where there are no contacts. Called from one thread at a
	 * time, which is not the caller's of serve_open().
	 */
	bool (*examine)(
	    void *context, const struct endpoint *target, struct buf *out, struct err *reterr);
	void *context;
};

struct serve;

/* Open the case, bind the port, answer from threads of its own until serve_close(). */
bool serve_open(
    const struct serve_settings *settings, struct serve **ret, struct err *reterr) MUST_USE;
void serve_close(struct serve *s);

uint16_t serve_port(const struct serve *s);
const char *serve_token(const struct serve *s);

#endif
