/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classic capture files of libpcap and tcpdump. */
#ifndef EVIDENCE_PCAP_H
#define EVIDENCE_PCAP_H

#include "evidence/framing.h"

/* As reader_format.probe. */
int pcap_probe(const uint8_t *head, size_t len);

extern const struct framing_kind pcap_framing;

#endif
