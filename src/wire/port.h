/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ports that DNS and its relatives have, over UDP and TCP, and mail. */
#ifndef WIRE_PORT_H
#define WIRE_PORT_H

#include <stdbool.h>
#include <stdint.h>

enum port {
	PORT_DNS = 53,
	PORT_MDNS = 5353,  /* RFC 6762 */
	PORT_LLMNR = 5355, /* RFC 4795 */
	PORT_SMTP = 25,
	PORT_SUBMISSIONS = 465, /* RFC 8314 */
	PORT_SUBMISSION = 587,  /* RFC 6409 */
};

static inline bool port_is_dns(uint16_t port)
{
	return port == PORT_DNS || port == PORT_MDNS || port == PORT_LLMNR;
}

/* Where mail is handed over: not where it is fetched. */
static inline bool port_is_mail(uint16_t port)
{
	return port == PORT_SMTP || port == PORT_SUBMISSIONS || port == PORT_SUBMISSION;
}

#endif
