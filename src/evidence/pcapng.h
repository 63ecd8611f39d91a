/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Capture files of Wireshark and newer tools: sections, interfaces, blocks. */
#ifndef EVIDENCE_PCAPNG_H
#define EVIDENCE_PCAPNG_H

#include "evidence/framing.h"

/* As reader_format.probe. */
int pcapng_probe(const uint8_t *head, size_t len);

extern const struct framing_kind pcapng_framing;

#endif
