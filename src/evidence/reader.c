/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of formats. A new one is a file of its own and one line here. */
#include "evidence/reader.h"

#include <string.h>

const struct reader_format *const reader_formats[] = {
	&reader_pcap,
	&reader_pcapng,
	&reader_zeek_tsv,
	&reader_zeek_json,
	&reader_dnstap,
	&reader_cdns,
	&reader_eve,
	&reader_bind,
	&reader_unbound,
	&reader_dnsmasq,
	&reader_powerdns,
	&reader_coredns,
	&reader_adguard,
	&reader_nmsg,
	&reader_cof,
	&reader_passivedns,
	&reader_packetq,
	&reader_windows,
	&reader_postfix,
	&reader_exim,
	&reader_sendmail,
	&reader_opensmtpd,
	&reader_msgtrk,
	&reader_mail,
	&reader_mail_tar,
	&reader_pihole,
	&reader_table,
	NULL,
};

const struct reader_format *reader_detect(const uint8_t *head, size_t len)
{
	const struct reader_format *best = NULL;
	int best_score = 0;

	if (len > READER_PROBE_BYTES)
		len = READER_PROBE_BYTES;
	for (size_t i = 0; reader_formats[i] != NULL; i++) {
		const int score = reader_formats[i]->probe(head, len);

		if (score > best_score) {
			best = reader_formats[i];
			best_score = score;
		}
	}
	return best;
}

const struct reader_format *reader_find(const char *name)
{
	for (size_t i = 0; reader_formats[i] != NULL; i++)
		if (strcmp(reader_formats[i]->name, name) == 0)
			return reader_formats[i];
	return NULL;
}
