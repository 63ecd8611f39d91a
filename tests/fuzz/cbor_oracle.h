/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcbor, seen through a slit: its enumerators have the same names as ours. */
#ifndef TESTS_FUZZ_CBOR_ORACLE_H
#define TESTS_FUZZ_CBOR_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cbor_oracle_status {
	CBOR_ORACLE_ITEM,
	CBOR_ORACLE_CUT,
	CBOR_ORACLE_BROKEN,
};

/* What begins one item, as struct cbor_head has it. */
struct cbor_oracle_head {
	uint8_t major;
	bool is_open;
	bool is_break;
	uint64_t value;
	size_t bytes; /* that libcbor stepped over: of a string with its content */
};

enum cbor_oracle_status cbor_oracle_head(
    const uint8_t *bytes, size_t len, struct cbor_oracle_head *ret);

#endif
