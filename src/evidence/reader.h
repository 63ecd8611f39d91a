/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One kind of evidence, one file: a const table of four functions. A reader turns the bytes of
 * a stream into records. A record that cannot be read is data, not an error: it is counted in
 * health with its reason and offset, and reading goes on.
 */
#ifndef EVIDENCE_READER_H
#define EVIDENCE_READER_H

#include "base/attr.h"
#include "base/err.h"
#include "contact/capture_loss.h"
#include "contact/contact.h"
#include "contact/vantage.h"
#include "evidence/health.h"
#include "evidence/lookup.h"
#include "evidence/stream.h"

enum next {
	NEXT_ITEM,
	NEXT_END,
	NEXT_SKIPPED, /* counted in health; go on */
	NEXT_FAILED,  /* reterr is set; nothing more will come */
};

/* Borrowed until the next call of the same reader. */
struct record {
	const struct contact *contact; /* NULL: facts alone */
	const struct fact *facts;
	size_t fact_count;
	const struct capture_loss *loss; /* NULL, or what the sensor lost: then it is alone */
};

struct reader; /* a reader's own state */

struct reader_format {
	const char *name; /* as --format takes it: "pcap", "pcapng", "zeek-tsv", "zeek-json" */
	const char *about;
	/*
	 * How surely do the first bytes (READER_PROBE_BYTES, fewer in a short file) begin this
	 * format: 0 not at all, 100 by magic number. The highest wins, ties by table order.
	 */
	int (*probe)(const uint8_t *head, size_t len);
	/* health and stream are the caller's and outlive the reader. */
	bool (*open)(struct stream *s, struct health *h, struct reader **ret, struct err *reterr);
	enum next (*next)(struct reader *r, struct record *ret, struct err *reterr);
	void (*close)(struct reader *r);
	/*
	 * After NEXT_END: where the last whole record ended, in decompressed bytes. A file that
	 * grows is read on from there.
	 */
	uint64_t (*consumed)(const struct reader *r);
	/*
	 * Right after open(): pass over what was read before, up to that offset, so that next()
	 * gives only what is new. The caller then compares stream_digest_here() with the digest it
	 * knows of those bytes. False with ERR_INPUT: the content is not the one read before.
	 */
	bool (*resume)(struct reader *r, uint64_t offset, struct err *reterr);
	bool facts_alone; /* passive DNS: it never has contacts, and that is no fault of a file */
	/* After NEXT_END: where the records read were taken, as far as they tell. NULL: they never do. */
	enum vantage (*vantage)(const struct reader *r);
	/* Right after open(): show every query to watch as well. NULL: the format holds no messages. */
	void (*watch)(struct reader *r, lookup_watch *watch, void *context);
};

#define READER_PROBE_BYTES 65536

extern const struct reader_format reader_pcap;
extern const struct reader_format reader_pcapng;
extern const struct reader_format reader_zeek_tsv;
extern const struct reader_format reader_zeek_json;
extern const struct reader_format reader_dnstap;
extern const struct reader_format reader_cdns;
extern const struct reader_format reader_eve;
extern const struct reader_format reader_bind;
extern const struct reader_format reader_unbound;
extern const struct reader_format reader_dnsmasq;
extern const struct reader_format reader_powerdns;
extern const struct reader_format reader_coredns;
extern const struct reader_format reader_adguard;
extern const struct reader_format reader_nmsg;
extern const struct reader_format reader_cof;
extern const struct reader_format reader_passivedns;
extern const struct reader_format reader_packetq;
extern const struct reader_format reader_windows;
extern const struct reader_format reader_pihole;
extern const struct reader_format reader_table;
extern const struct reader_format reader_postfix;
extern const struct reader_format reader_exim;
extern const struct reader_format reader_sendmail;
extern const struct reader_format reader_opensmtpd;
extern const struct reader_format reader_msgtrk;
extern const struct reader_format reader_mail;
extern const struct reader_format reader_mail_tar;

/* All formats, ended by NULL. */
extern const struct reader_format *const reader_formats[];

/* By content; NULL: none of ours. */
const struct reader_format *reader_detect(const uint8_t *head, size_t len);

/* By name; NULL: no such format. */
const struct reader_format *reader_find(const char *name);

#endif
