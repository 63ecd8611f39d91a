/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "evidence/pcapng.h"

#include "framing.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	(void)pcapng_probe(bytes, len);
	fuzz_framing(&pcapng_framing, bytes, len);
	return 0;
}
