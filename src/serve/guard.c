/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/guard.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

static const char *const loopback[] = { "127.0.0.1", "localhost", "[::1]" };

bool guard_host_is_ours(const char *host, uint16_t port)
{
	char ours[32];

	for (size_t i = 0; host != NULL && i < COUNT_OF(loopback); i++) {
		(void)snprintf(ours, sizeof(ours), "%s:%u", loopback[i], port);
		if (strcasecmp(host, ours) == 0)
			return true;
	}
	return false;
}

bool guard_origin_is_ours(const char *origin, uint16_t port)
{
	static const char scheme[] = "http://";

	if (origin == NULL)
		return true;
	return strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
	       guard_host_is_ours(origin + strlen(scheme), port);
}

bool guard_token_is_right(const char *authorization, const char *token)
{
	static const char scheme[] = "Bearer ";
	const size_t len = strlen(token);
	unsigned differs = 0;

	if (authorization == NULL || strncmp(authorization, scheme, strlen(scheme)) != 0 ||
	    strlen(authorization + strlen(scheme)) != len)
		return false;
	for (size_t i = 0; i < len; i++)
		differs |= (unsigned char)(authorization[strlen(scheme) + i] ^ token[i]);
	return differs == 0;
}

bool guard_make_token(char token[static SERVE_TOKEN_TEXT], struct err *reterr)
{
	unsigned char bytes[(SERVE_TOKEN_TEXT - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes)) {
		err_set(reterr, ERR_SYSTEM, "cannot make a token: %s", strerror(errno));
		return false;
	}
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(token + 2 * i, 3, "%02x", bytes[i]);
	return true;
}
