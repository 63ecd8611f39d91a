/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sensors of a case say of their own losses, and what came of it. */
#ifndef FINDING_SENSOR_LOSSES_H
#define FINDING_SENSOR_LOSSES_H

#include <stdbool.h>
#include <stdint.h>

struct sensor_losses {
	uint64_t intervals; /* 0: they say nothing */
	double lost_share;  /* of the packets of these intervals */
	double out_s;       /* taken as outages by their word */
	bool denied;        /* not taken, because the contacts say otherwise */
};

#endif
