/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Captures as evidence: a framing cuts the file into packets, packets.h makes records of them.
 * Both formats differ in their framing alone.
 */
#include <stdlib.h>

#include "evidence/framing.h"
#include "evidence/packets.h"
#include "evidence/pcap.h"
#include "evidence/pcapng.h"
#include "evidence/reader.h"

struct reader {
	const struct framing_kind *kind;
	struct stream *stream;
	struct health *health;
	struct framing *framing;
	struct packets *packets;
	bool finished; /* the framing has ended; packets may still hold records */
};

static void capture_close(struct reader *r)
{
	if (r == NULL)
		return;
	if (r->framing != NULL)
		r->kind->close(r->framing);
	packets_free(r->packets);
	free(r);
}

static bool open_with(const struct framing_kind *kind, struct stream *s, struct health *h,
    struct reader **ret, struct err *reterr)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (r == NULL) {
		err_set_memory(reterr);
		return false;
	}
	r->kind = kind;
	r->stream = s;
	r->health = h;
	if (!packets_new(h, &r->packets, reterr) || !kind->open(s, h, &r->framing, reterr)) {
		capture_close(r);
		return false;
	}
	*ret = r;
	return true;
}

static bool open_pcap(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return open_with(&pcap_framing, s, h, ret, reterr);
}

static bool open_pcapng(struct stream *s, struct health *h, struct reader **ret, struct err *reterr)
{
	return open_with(&pcapng_framing, s, h, ret, reterr);
}

/* Feed the next packet, or the end. NEXT_ITEM: packets may have records now. */
static enum next feed(struct reader *r, struct err *reterr)
{
	struct captured packet;
	const enum next status = r->kind->next(r->framing, &packet, reterr);

	if (status == NEXT_ITEM)
		packets_feed(r->packets, &packet);
	if (status != NEXT_END)
		return status;
	r->finished = true;
	if (stream_damage(r->stream) != NULL)
		r->health->damaged = true;
	packets_finish(r->packets);
	return NEXT_ITEM;
}

static enum next capture_next(struct reader *r, struct record *ret, struct err *reterr)
{
	enum next status;

	for (;;) {
		status = packets_next(r->packets, ret, reterr);
		if (status != NEXT_END || r->finished)
			return status;
		status = feed(r, reterr);
		if (status != NEXT_ITEM)
			return status;
	}
}

static uint64_t capture_consumed(const struct reader *r)
{
	return r->kind->consumed(r->framing);
}

/*
 * The framing passes over the old part once more, because what lies in it (interfaces, a second
 * file header) says how to read the new one. What it skips there was counted the first time.
 */
static bool capture_resume(struct reader *r, uint64_t offset, struct err *reterr)
{
	const struct health before = *r->health;
	struct captured packet;
	enum next status = NEXT_ITEM;

	while (capture_consumed(r) < offset && status != NEXT_END) {
		status = r->kind->next(r->framing, &packet, reterr);
		if (status == NEXT_FAILED)
			return false;
	}
	*r->health = before;
	if (capture_consumed(r) == offset)
		return true;
	err_set_at(reterr, ERR_INPUT, capture_consumed(r),
	    "no record ends at byte %llu: the capture is not the one that was read before",
	    (unsigned long long)offset);
	return false;
}

static enum vantage capture_vantage(const struct reader *r)
{
	return packets_vantage(r->packets);
}

static void capture_watch(struct reader *r, lookup_watch *watch, void *context)
{
	packets_watch(r->packets, watch, context);
}

const struct reader_format reader_pcap = {
	.name = "pcap",
	.about = "packet capture of tcpdump and libpcap",
	.probe = pcap_probe,
	.open = open_pcap,
	.next = capture_next,
	.close = capture_close,
	.consumed = capture_consumed,
	.resume = capture_resume,
	.vantage = capture_vantage,
	.watch = capture_watch,
};

const struct reader_format reader_pcapng = {
	.name = "pcapng",
	.about = "packet capture of Wireshark, several interfaces",
	.probe = pcapng_probe,
	.open = open_pcapng,
	.next = capture_next,
	.close = capture_close,
	.consumed = capture_consumed,
	.resume = capture_resume,
	.vantage = capture_vantage,
	.watch = capture_watch,
};
