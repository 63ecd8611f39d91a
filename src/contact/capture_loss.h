/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a sensor says of its own losses: for an interval, how many acknowledgments of TCP it saw,
 * and for how many of them it had not seen the data (Zeek's capture_loss.log). No contact, but a
 * statement on those that are missing: it goes to the coverage of the sensor.
 */
#ifndef CONTACT_CAPTURE_LOSS_H
#define CONTACT_CAPTURE_LOSS_H

#include <stdint.h>

struct capture_loss {
	int64_t from_ns;
	int64_t to_ns; /* later than from_ns */
	uint64_t gaps;
	uint64_t acks;
};

#endif
