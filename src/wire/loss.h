/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where reassembly tells that packets of DNS were lost to it: the caller's function, called at
 * once. */
#ifndef WIRE_LOSS_H
#define WIRE_LOSS_H

#include <stdint.h>

struct loss {
	/* why is static text; tag is the one that came with the first packet lost */
	void (*report)(void *context, const char *why, uint64_t tag);
	void *context;
};

static inline void loss_report(const struct loss *l, const char *why, uint64_t tag)
{
	l->report(l->context, why, tag);
}

#endif
