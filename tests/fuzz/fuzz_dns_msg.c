/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input is a message. All of it is read; reading ends, with an error or behind the last record. */
#include <stdlib.h>

#include "wire/dns_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void read_data(const struct dns_msg *m, const struct dns_rr *rr)
{
	const char *why = NULL;
	struct dns_rdata data;
	struct dns_name owner;

	must(rr->rdata_at + rr->rdata_len <= m->c.len && rr->owner_at < rr->rdata_at);
	must(dns_rr_owner(m, rr, &owner, &why) || why != NULL);
	why = NULL;
	switch (dns_rdata_read(m, rr, &data, &why)) {
	case DNS_ITEM:
		must((data.addr.len != 0) != (data.name.len != 0));
		break;
	case DNS_BAD:
		must(why != NULL);
		break;
	case DNS_END:
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct dns_question question;
	enum dns_step step;
	struct dns_msg m;
	struct dns_rr rr;
	size_t count = 0;

	(void)dns_msg_is_plausible(bytes, len, len);
	if (!dns_msg_read(&m, bytes, len)) {
		must(len < DNS_HEADER_BYTES);
		return 0;
	}
	while ((step = dns_msg_question(&m, &question)) == DNS_ITEM)
		count++;
	must(step == DNS_BAD || count == m.counts[DNS_QUESTION]);
	while ((step = dns_msg_record(&m, &rr)) == DNS_ITEM) {
		count++;
		read_data(&m, &rr);
	}
	must((step == DNS_BAD) == (m.c.err != NULL));
	must(step == DNS_BAD ||
	     count == (size_t)m.counts[0] + m.counts[1] + m.counts[2] + m.counts[3]);
	return 0;
}
