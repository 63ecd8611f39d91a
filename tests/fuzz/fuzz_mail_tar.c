/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	fuzz_reader(&reader_mail_tar, bytes, len);
	return 0;
}
