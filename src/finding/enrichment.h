/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the public suffix list and files of the user say of a target and of its peers. */
#ifndef FINDING_ENRICHMENT_H
#define FINDING_ENRICHMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "contact/endpoint.h"

/* Of an address: the target where it is one, or a peer. */
struct finding_network {
	struct endpoint address;
	uint32_t as_number;  /* 0: the file says none, or none was given */
	const char *as_name; /* NULL: the same; any bytes */
	const char *country; /* NULL: the same */
};

struct finding_enrichment {
	const char *registered_domain; /* text form; NULL: an address, or a name that has none */
	const char *listed; /* the name that the popularity list has; NULL: none, or no list */
	uint32_t place;     /* of it on the list; 0: none */
	uint64_t operators; /* of its peers (hunt/operator.h); 0: not looked for */
	double operators_effective; /* 1 / sum of squared shares; NAN: not looked for */
	bool operators_by_system;   /* by a file of networks; else they are /24 and /48 */
	const struct finding_network *networks;
	size_t network_count;
	const char *const *plain; /* all that in sentences; none where no file was given */
	size_t plain_count;
};

#endif
