/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who may ask. Other users and programs of this machine reach the port too, and so do the pages of
 * other sites in the user's browser:
 *   Host        must name the loopback interface and our port, so that a foreign name that was
 *               made to lead here (DNS rebinding) is refused
 *   Origin      if there is one, must be ours: other sites' scripts are refused
 *   the token   stands in a header that a browser never adds by itself, so that a link or form
 *               of another site has no authority
 */
#ifndef SERVE_GUARD_H
#define SERVE_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "serve/serve.h"

/* Texts of headers may be NULL: there is none. */
bool guard_host_is_ours(const char *host, uint16_t port);
bool guard_origin_is_ours(const char *origin, uint16_t port);

/* "Bearer TOKEN"; the time it takes does not tell how much of it is right. */
bool guard_token_is_right(const char *authorization, const char *token);

/* A fresh one from the system's random source. */
bool guard_make_token(char token[static SERVE_TOKEN_TEXT], struct err *reterr) MUST_USE;

#endif
