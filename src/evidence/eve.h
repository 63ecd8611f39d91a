/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event of Suricata's EVE log: what all types have in common. The reader in eve.c takes it
 * off the line and hands it to the file of its type: eve_dns.h.
 */
#ifndef EVIDENCE_EVE_H
#define EVIDENCE_EVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/stamp.h"
#include "wire/json_line.h"

struct eve_event {
	struct stamp time;
	struct addr source; /* whose side that is depends on type and version of the event */
	struct addr destination;
	uint16_t source_port;
	uint16_t destination_port;
	bool is_tcp;
	struct json_value body; /* the object that has the type's name */
};

#endif
