/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/pcap.h"

#include "framing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	(void)pcap_probe(bytes, len);
	fuzz_framing(&pcap_framing, bytes, len);
	return 0;
}
