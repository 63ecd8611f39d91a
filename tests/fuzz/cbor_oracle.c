/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cbor_oracle.h"

#include <cbor.h>

static void take(void *context, uint8_t major, uint64_t value, bool is_open)
{
	*(struct cbor_oracle_head *)context =
	    (struct cbor_oracle_head){ .major = major, .value = value, .is_open = is_open };
}

#define NUMBER(name, type, major)                                                                  \
	static void name(void *context, type value)                                                \
	{                                                                                          \
		take(context, major, value, false);                                                \
	}
#define STRING(name, major)                                                                        \
	static void name(void *context, cbor_data data, size_t len)                                \
	{                                                                                          \
		(void)data;                                                                        \
		take(context, major, len, false);                                                  \
	}
#define OPEN(name, major)                                                                          \
	static void name(void *context)                                                            \
	{                                                                                          \
		take(context, major, 0, true);                                                     \
	}

NUMBER(take_uint8, uint8_t, 0)
NUMBER(take_uint16, uint16_t, 0)
NUMBER(take_uint32, uint32_t, 0)
NUMBER(take_uint64, uint64_t, 0)
NUMBER(take_negative8, uint8_t, 1)
NUMBER(take_negative16, uint16_t, 1)
NUMBER(take_negative32, uint32_t, 1)
NUMBER(take_negative64, uint64_t, 1)
STRING(take_bytes, 2)
STRING(take_text, 3)
OPEN(open_bytes, 2)
OPEN(open_text, 3)
OPEN(open_array, 4)
OPEN(open_map, 5)
NUMBER(take_array, size_t, 4)
NUMBER(take_map, size_t, 5)
NUMBER(take_tag, uint64_t, 6)

/* Of floats and simple values only the kind is compared. */
static void take_float(void *context, float value)
{
	(void)value;
	take(context, 7, 0, false);
}

static void take_double(void *context, double value)
{
	(void)value;
	take(context, 7, 0, false);
}

static void take_bool(void *context, bool value)
{
	(void)value;
	take(context, 7, 0, false);
}

static void take_simple(void *context)
{
	take(context, 7, 0, false);
}

static void take_break(void *context)
{
	take(context, 7, 0, false);
	((struct cbor_oracle_head *)context)->is_break = true;
}

static const struct cbor_callbacks callbacks = {
	.uint8 = take_uint8,
	.uint16 = take_uint16,
	.uint32 = take_uint32,
	.uint64 = take_uint64,
	.negint8 = take_negative8,
	.negint16 = take_negative16,
	.negint32 = take_negative32,
	.negint64 = take_negative64,
	.byte_string = take_bytes,
	.byte_string_start = open_bytes,
	.string = take_text,
	.string_start = open_text,
	.array_start = take_array,
	.indef_array_start = open_array,
	.map_start = take_map,
	.indef_map_start = open_map,
	.tag = take_tag,
	.float2 = take_float,
	.float4 = take_float,
	.float8 = take_double,
	.null = take_simple,
	.undefined = take_simple,
	.boolean = take_bool,
	.indef_break = take_break,
};

enum cbor_oracle_status cbor_oracle_head(
    const uint8_t *bytes, size_t len, struct cbor_oracle_head *ret)
{
	const struct cbor_decoder_result result = cbor_stream_decode(bytes, len, &callbacks, ret);

	ret->bytes = result.read;
	return result.status == CBOR_DECODER_FINISHED ? CBOR_ORACLE_ITEM
	       : result.status == CBOR_DECODER_NEDATA ? CBOR_ORACLE_CUT
						      : CBOR_ORACLE_BROKEN;
}
