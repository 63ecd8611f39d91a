/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libpcap_diff DATA: every capture below DATA, framed by lodestone and by libpcap in lock-step:
 * the same packets, in time, lengths and bytes. libpcap gets its input from gzip and xz, so that
 * decompression is compared as well. Where libpcap stops with an error, lodestone must have read
 * all that came before it; what it reads beyond is printed. Exit 77: no data.
 */
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "evidence/pcap.h"
#include "evidence/pcapng.h"
#include "evidence/walk.h"

struct tally {
	size_t captures;
	uint64_t packets;
	size_t refused; /* by libpcap, wholly or from some packet on */
	size_t differing;
};

static FILE *open_plain(const char *path, const struct stream *s)
{
	const char *const compression = stream_compression(s);
	char command[4200];

	if (strcmp(compression, "none") == 0)
		return fopen(path, "rb");
	(void)snprintf(command, sizeof(command), "%s -dc -- '%s'",
	    strcmp(compression, "gzip") == 0 ? "gzip" : "xz", path);
	return popen(command, "r");
}

/* NULL, or how the two differ. */
static const char *compare(const struct captured *ours, const struct pcap_pkthdr *theirs,
    const uint8_t *bytes, int snap_length)
{
	const size_t kept = ours->len > (size_t)snap_length ? (size_t)snap_length : ours->len;

	/* libpcap was asked for nanoseconds, and puts them where microseconds are */
	if (ours->time_ns != (int64_t)theirs->ts.tv_sec * 1000000000 + theirs->ts.tv_usec)
		return "time";
	if (kept != theirs->caplen) /* libpcap cuts what is longer than the file says */
		return "captured length";
	if (ours->wire_len != theirs->len)
		return "length on the wire";
	return memcmp(ours->bytes, bytes, kept) != 0 ? "bytes" : NULL;
}

/* Read both to the end, or to the first difference. */
static void run(const char *path, const struct framing_kind *kind, struct framing *f, pcap_t *p,
    struct tally *t)
{
	struct captured ours;
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	uint64_t count = 0;
	enum next next;
	int status;

	for (;; count++) {
		const char *why;

		do
			next = kind->next(f, &ours, NULL);
		while (next == NEXT_SKIPPED);
		status = pcap_next_ex(p, &header, &bytes);
		if (next != NEXT_ITEM || status != 1)
			break;
		why = compare(&ours, header, bytes, pcap_snapshot(p));
		if (why != NULL) {
			(void)printf("%s: packet %llu differs in %s\n", path,
			    (unsigned long long)count + 1, why);
			t->differing++;
			return;
		}
	}
	t->packets += count;
	if (next == NEXT_ITEM && status == PCAP_ERROR) {
		(void)printf("%s: after packet %llu libpcap says '%s', lodestone reads on\n", path,
		    (unsigned long long)count, pcap_geterr(p));
		t->refused++;
	} else if (next == NEXT_ITEM || status == 1) {
		(void)printf("%s: %s ends after packet %llu, the other does not\n", path,
		    status == 1 ? "lodestone" : "libpcap", (unsigned long long)count);
		t->differing++;
	}
}

static void check(const char *path, struct tally *t)
{
	struct stream *s = NULL;
	struct framing *f = NULL;
	struct health h = { .count = 0 };
	const struct framing_kind *kind = NULL;
	const uint8_t *head;
	char why[PCAP_ERRBUF_SIZE] = "";
	FILE *file = NULL;
	pcap_t *p;
	size_t len;

	if (!stream_open(path, &s, NULL) || !stream_peek(s, 64, &head, &len, NULL))
		abort();
	if (pcap_probe(head, len) > 0)
		kind = &pcap_framing;
	else if (pcapng_probe(head, len) > 0)
		kind = &pcapng_framing;
	if (kind == NULL || !kind->open(s, &h, &f, NULL))
		goto out;
	t->captures++;
	file = open_plain(path, s);
	p = file == NULL
		? NULL
		: pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);
	if (p == NULL) {
		(void)printf("%s: libpcap says '%s'\n", path, why);
		t->refused++;
		goto out;
	}
	run(path, kind, f, p, t);
	pcap_close(p);
out:
	if (f != NULL)
		kind->close(f);
	stream_close(s);
}

int main(int argc, char **argv)
{
	struct walk w;
	struct tally t = { 0 };

	walk_init(&w);
	if (argc != 2 || !walk_add(&w, argv[1], NULL))
		return 2;
	for (size_t i = 0; i < w.count; i++)
		if (w.items[i].problem == NULL)
			check(w.items[i].path, &t);
	walk_release(&w);
	if (t.captures == 0) {
		(void)printf("SKIP: no captures below %s\n", argv[1]);
		return 77;
	}
	(void)printf("%zu captures, %llu packets alike; %zu differ; %zu refused by libpcap\n",
	    t.captures, (unsigned long long)t.packets, t.differing, t.refused);
	return t.differing != 0;
}
