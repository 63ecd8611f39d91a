/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trained classifier as it is in the tree: table.inc, which `make train` writes, holds base64
 * (RFC 4648) of these fields, big-endian, and the SHA-256 of them:
 *
 *   be32 traits, hidden units, classes, nets, parts       as this program has them
 *   f32  mean[traits], scale[traits]                      bits of an IEEE single
 *   per net, each array with a step of its own: f32 step, then s16 multiples of it
 *        hidden, hidden_bias, output, output_bias
 *   f32  temperature, least[classes], odd[classes], farthest[classes]
 *   per class and part: f32 rare; as the arrays of a net: middle, whiten
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/digest.h"
#include "base/size.h"
#include "explain/classifier.h"

#include "explain/table.inc"

#define TABLE_BYTES_MAX (1u << 20)

static int sextet(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Lines of four letters for three bytes; '=' ends them. */
static void decode(struct buf *out)
{
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < COUNT_OF(table_lines); i++)
		for (const char *c = table_lines[i]; *c != '\0' && sextet(*c) >= 0; c++) {
			bits = bits << 6 | (uint32_t)sextet(*c);
			held += 6;
			if (held < 8)
				continue;
			held -= 8;
			buf_u8(out, (uint8_t)(bits >> held));
		}
}

static float read_f32(struct cursor *c)
{
	uint32_t bits = cursor_be32(c);
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static void read_floats(struct cursor *c, float *ret, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ret[i] = read_f32(c);
}

static void read_steps(struct cursor *c, float *ret, size_t count)
{
	float step = read_f32(c);

	for (size_t i = 0; i < count; i++)
		ret[i] = step * (float)(int16_t)cursor_be16(c);
}

static void read_net(struct cursor *c, struct net *n)
{
	read_steps(c, &n->hidden[0][0], NET_INPUTS * NET_HIDDEN);
	read_steps(c, n->hidden_bias, NET_HIDDEN);
	read_steps(c, &n->output[0][0], NET_HIDDEN * NET_CLASSES);
	read_steps(c, n->output_bias, NET_CLASSES);
}

static void read_part(struct cursor *c, struct classifier_part *p)
{
	p->rare = read_f32(c);
	read_steps(c, p->middle, TRAIT_COUNT);
	read_steps(c, p->whiten, CLASSIFIER_SPREAD);
}

static bool is_ours(struct cursor *c)
{
	static const uint32_t wanted[] = { TRAIT_COUNT, NET_HIDDEN, NET_CLASSES, CLASSIFIER_NETS,
		CLASSIFIER_PARTS };
	bool ours = true;

	for (size_t i = 0; i < COUNT_OF(wanted); i++)
		ours = cursor_be32(c) == wanted[i] && ours;
	return ours;
}

static bool read_table(struct cursor *c, struct classifier *ret)
{
	if (!is_ours(c))
		return false;
	read_floats(c, ret->mean, TRAIT_COUNT);
	read_floats(c, ret->scale, TRAIT_COUNT);
	for (size_t i = 0; i < CLASSIFIER_NETS; i++)
		read_net(c, &ret->nets[i]);
	ret->temperature = read_f32(c);
	read_floats(c, ret->least, NET_CLASSES);
	read_floats(c, ret->odd, NET_CLASSES);
	read_floats(c, ret->farthest, NET_CLASSES);
	for (size_t i = 0; i < NET_CLASSES * CLASSIFIER_PARTS; i++)
		read_part(c, &ret->parts[i / CLASSIFIER_PARTS][i % CLASSIFIER_PARTS]);
	return c->err == NULL && cursor_left(c) == 0;
}

static bool has_digest(const struct buf *bytes, bool *ret, struct err *reterr)
{
	struct digest found, wanted;
	struct digester *d = NULL;

	if (!digester_new(&d, reterr))
		return false;
	digester_add(d, bytes->bytes, bytes->len);
	if (!digester_peek(d, &found, reterr)) {
		digester_free(d);
		return false;
	}
	digester_free(d);
	*ret = digest_parse(table_digest, strlen(table_digest), &wanted) &&
	       digest_cmp(&found, &wanted) == 0;
	return true;
}

bool classifier_load(struct classifier **ret, struct err *reterr)
{
	struct classifier *c = calloc(1, sizeof(*c));
	struct cursor cursor;
	struct buf bytes;
	bool ok = false, whole = false;

	buf_init(&bytes, TABLE_BYTES_MAX);
	decode(&bytes);
	if (c == NULL || !buf_ok(&bytes)) {
		err_set_memory(reterr);
		goto out;
	}
	if (!has_digest(&bytes, &whole, reterr))
		goto out;
	cursor = cursor_of(bytes.bytes, bytes.len);
	if (!whole || !read_table(&cursor, c)) {
		err_set(reterr, ERR_DAMAGED,
		    "the table of explanations in this program is not the one that was trained");
		goto out;
	}
	*ret = c;
	c = NULL;
	ok = true;
out:
	buf_release(&bytes);
	free(c);
	return ok;
}
