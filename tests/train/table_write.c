/* SPDX-License-Identifier: GPL-3.0-or-later */
/* src/explain/table.c has the layout. */
#include <math.h>

#include "base/digest.h"
#include "base/size.h"
#include "trainer.h"

#define TABLE_BYTES_MAX (1u << 20)
#define LINE_BYTES      66 /* 88 letters of base64 */

static void put_floats(struct buf *b, const float *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint32_t bits;

		memcpy(&bits, &values[i], sizeof(bits));
		buf_be32(b, bits);
	}
}

/* Weights are multiples of this step already. */
static void put_steps(struct buf *b, const float *values, size_t count)
{
	float largest = 0, grain;

	for (size_t i = 0; i < count; i++)
		largest = fmaxf(largest, fabsf(values[i]));
	grain = largest / INT16_MAX;
	put_floats(b, &grain, 1);
	for (size_t i = 0; i < count; i++)
		buf_be16(b, grain > 0 ? (uint16_t)(int16_t)lrintf(values[i] / grain) : 0);
}

static void put_net(struct buf *b, const struct net *n)
{
	put_steps(b, &n->hidden[0][0], NET_INPUTS * NET_HIDDEN);
	put_steps(b, n->hidden_bias, NET_HIDDEN);
	put_steps(b, &n->output[0][0], NET_HIDDEN * NET_CLASSES);
	put_steps(b, n->output_bias, NET_CLASSES);
}

static void put_part(struct buf *b, const struct classifier_part *p)
{
	put_floats(b, &p->rare, 1);
	put_steps(b, p->middle, TRAIT_COUNT);
	put_steps(b, p->whiten, CLASSIFIER_SPREAD);
}

static void put_table(struct buf *b, const struct classifier *c)
{
	static const uint32_t sizes[] = { TRAIT_COUNT, NET_HIDDEN, NET_CLASSES, CLASSIFIER_NETS,
		CLASSIFIER_PARTS };

	for (size_t i = 0; i < COUNT_OF(sizes); i++)
		buf_be32(b, sizes[i]);
	put_floats(b, c->mean, TRAIT_COUNT);
	put_floats(b, c->scale, TRAIT_COUNT);
	for (size_t i = 0; i < CLASSIFIER_NETS; i++)
		put_net(b, &c->nets[i]);
	put_floats(b, &c->temperature, 1);
	put_floats(b, c->least, NET_CLASSES);
	put_floats(b, c->odd, NET_CLASSES);
	put_floats(b, c->farthest, NET_CLASSES);
	for (size_t i = 0; i < NET_CLASSES * CLASSIFIER_PARTS; i++)
		put_part(b, &c->parts[i / CLASSIFIER_PARTS][i % CLASSIFIER_PARTS]);
}

static void put_base64(struct buf *out, const uint8_t *bytes, size_t len)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i < 3 ? len - i : 3;
		uint32_t bits = 0;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < left ? bytes[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_u8(out,
			    j <= left ? (uint8_t)letters[bits >> (18 - 6 * j) & 63] : (uint8_t)'=');
	}
}

static bool put_digest(struct buf *out, const struct buf *bytes, struct err *reterr)
{
	char text[DIGEST_TEXT_MAX];
	struct digester *d = NULL;
	struct digest digest;

	if (!digester_new(&d, reterr))
		return false;
	digester_add(d, bytes->bytes, bytes->len);
	if (!digester_peek(d, &digest, reterr)) {
		digester_free(d);
		return false;
	}
	digester_free(d);
	digest_format(&digest, text);
	buf_printf(out, "static const char table_digest[] =\n    \"%s\";\n\n", text);
	return true;
}

bool trainer_write(const struct classifier *c, struct buf *out, struct err *reterr)
{
	struct buf bytes;
	bool ok;

	buf_init(&bytes, TABLE_BYTES_MAX);
	put_table(&bytes, c);
	buf_text(out, "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
		      "/* Written by `make train`; table.c says how. Not to be edited. */\n");
	ok = buf_ok(&bytes) && put_digest(out, &bytes, reterr);
	buf_text(out, "static const char *const table_lines[] = {\n");
	for (size_t i = 0; ok && i < bytes.len; i += LINE_BYTES) {
		size_t left = bytes.len - i < LINE_BYTES ? bytes.len - i : LINE_BYTES;

		buf_text(out, "\t\"");
		put_base64(out, bytes.bytes + i, left);
		buf_text(out, "\",\n");
	}
	buf_text(out, "};\n");
	if (!buf_ok(&bytes) || !buf_ok(out)) {
		err_set_memory(reterr);
		ok = false;
	}
	buf_release(&bytes);
	return ok;
}
