/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stub resolver sets RD, and a resolver that goes from server to server itself does not
 * (RFC 1034 4.3.1, 5.3.1):
 *
 *	RD in nine of ten messages or more    many clients: recursive; one client: stub
 *	RD in one of ten messages or fewer    more clients than servers: authoritative;
 *	                                     more servers than clients: resolver-side
 *	else, or from fewer than 30 messages  unknown
 *
 * A sensor on a line that carries both sides of a resolver sees both kinds of queries, and is of
 * neither vantage. A forwarder asks with RD: its records look recursive or like a stub's, and by
 * what a cache hides they are like these with one client more.
 */
#include "evidence/vantage_guess.h"

#define MESSAGES_MIN 30

/* Most messages come from one of the last few addresses: look there first. */
static void add_end(struct vantage_ends *ends, const struct addr *a)
{
	if (ends->count == VANTAGE_ENDS_MAX || a->len == 0)
		return;
	for (size_t i = ends->count; i > 0; i--)
		if (addr_cmp(&ends->addr[i - 1], a) == 0)
			return;
	ends->addr[ends->count++] = *a;
}

void vantage_guess_message(struct vantage_guess *g, const struct addr *client,
    const struct addr *server, bool recursion_desired)
{
	g->messages++;
	g->recursive += recursion_desired;
	add_end(&g->clients, client);
	add_end(&g->servers, server);
}

enum vantage vantage_guess_of(const struct vantage_guess *g)
{
	const uint64_t iterative = g->messages - g->recursive;

	if (g->messages < MESSAGES_MIN)
		return VANTAGE_UNKNOWN;
	if (iterative <= g->messages / 10)
		return g->clients.count == 1  ? VANTAGE_STUB
		       : g->clients.count > 1 ? VANTAGE_RECURSIVE
					      : VANTAGE_UNKNOWN;
	if (g->recursive > g->messages / 10 || g->clients.count == g->servers.count)
		return VANTAGE_UNKNOWN;
	return g->clients.count > g->servers.count ? VANTAGE_AUTHORITATIVE : VANTAGE_RESOLVER_SIDE;
}
