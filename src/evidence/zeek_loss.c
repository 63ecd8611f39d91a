/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a row of capture_loss.log means (Zeek's policy/misc/capture-loss.zeek): in the ts_delta
 * seconds up to ts one worker saw `acks` acknowledgments, `gaps` of them for data that it had not
 * seen. percent_lost is their ratio, and not looked at: of several workers it could not be summed.
 * peer, the worker, is not kept either, because all of them are one sensor.
 */
#include "evidence/zeek.h"

#include "base/limits.h"

const char *zeek_loss_read(struct capture_loss *loss, struct stamp time,
    const struct zeek_text fields[static ZEEK_FIELDS], struct record *ret)
{
	const struct zeek_text *delta = &fields[ZEEK_TS_DELTA];
	struct stamp length;
	uint32_t gaps = 0;
	uint32_t acks = 0;

	if (delta->bytes == NULL ||
	    !stamp_parse_epoch((const char *)delta->bytes, delta->len, &length) || length.ns <= 0 ||
	    length.ns > LIMIT_LOSS_INTERVAL_S * NS_PER_S || time.ns < INT64_MIN + length.ns)
		return "bad interval";
	if (!zeek_number(fields[ZEEK_GAPS], UINT32_MAX, &gaps) ||
	    !zeek_number(fields[ZEEK_ACKS], UINT32_MAX, &acks))
		return "bad number of gaps or acks";
	*loss = (struct capture_loss){
		.from_ns = time.ns - length.ns, .to_ns = time.ns, .gaps = gaps, .acks = acks
	};
	*ret = (struct record){ .loss = loss };
	return NULL;
}
