/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A member that has ended may be followed by the end of the input, by zeros alone (tapes and xz
 * pad with them), or by another member. Other bytes there are damage: a log that was overwritten,
 * not appended to.
 */
#include "evidence/decoder.h"

#include <stdlib.h>
#include <string.h>

#define IN_BYTES (64u << 10)

struct decoder {
	const struct codec *codec;
	void *member; /* the codec's state; NULL between members */
	decoder_pull *pull;
	void *source;
	uint8_t *in;
	size_t in_capacity;
	size_t in_start;
	size_t in_end;
	bool in_ended;
	bool ended;
	const char *damage;
};

bool decoder_new(const struct codec *codec, const uint8_t *head, size_t head_len,
    decoder_pull *pull, void *source, struct decoder **ret, struct err *reterr)
{
	struct decoder *d = calloc(1, sizeof(*d));

	if (d == NULL)
		goto failed;
	d->codec = codec;
	d->pull = pull;
	d->source = source;
	d->in_capacity = head_len > IN_BYTES ? head_len : IN_BYTES;
	d->in = malloc(d->in_capacity);
	if (d->in == NULL)
		goto failed;
	memcpy(d->in, head, head_len);
	d->in_end = head_len;
	*ret = d;
	return true;
failed:
	decoder_free(d);
	err_set_memory(reterr);
	return false;
}

void decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	if (d->member != NULL)
		d->codec->end(d->member);
	free(d->in);
	free(d);
}

/* Have at least want (small) bytes of input, fewer only at its end. */
static bool refill(struct decoder *d, size_t want, struct err *reterr)
{
	size_t n;

	while (d->in_end - d->in_start < want && !d->in_ended) {
		memmove(d->in, d->in + d->in_start, d->in_end - d->in_start);
		d->in_end -= d->in_start;
		d->in_start = 0;
		if (!d->pull(d->source, d->in + d->in_end, d->in_capacity - d->in_end, &n, reterr))
			return false;
		d->in_ended = n == 0;
		d->in_end += n;
	}
	return true;
}

static void stop(struct decoder *d, const char *damage)
{
	d->ended = true;
	d->damage = damage;
}

/* Between members: is another one there? */
static bool next_member(struct decoder *d, struct err *reterr)
{
	while (d->in_start < d->in_end && d->in[d->in_start] == 0)
		d->in_start++;
	if (!refill(d, CODEC_MAGIC_MAX, reterr))
		return false;
	if (d->in_start == d->in_end) {
		stop(d, NULL);
		return true;
	}
	if (d->in[d->in_start] == 0)
		return true; /* more padding: come again */
	if (codec_detect(d->in + d->in_start, d->in_end - d->in_start) != d->codec) {
		stop(d, "other bytes follow the compressed data");
		return true;
	}
	d->member = d->codec->begin();
	if (d->member == NULL)
		err_set_memory(reterr);
	return d->member != NULL;
}

/* Decode what is at hand into io->out. */
static bool run_member(struct decoder *d, struct codec_io *io, struct err *reterr)
{
	enum codec_status status;

	if (!refill(d, 1, reterr))
		return false;
	io->in = d->in + d->in_start;
	io->in_len = d->in_end - d->in_start;
	status = d->codec->run(d->member, io);
	d->in_start = d->in_end - io->in_len;
	switch (status) {
	case CODEC_MORE:
		/* room is left, no input is: the member can go no further */
		if (io->out_len > 0 && d->in_start == d->in_end && d->in_ended)
			stop(d, "compressed data is cut short");
		break;
	case CODEC_END:
		d->codec->end(d->member);
		d->member = NULL;
		break;
	case CODEC_DAMAGED:
		stop(d, "compressed data is damaged");
		break;
	case CODEC_MEMORY:
		err_set_memory(reterr);
		return false;
	case CODEC_LIMIT:
		stop(d, "decompression needs more memory than is allowed");
		break;
	}
	return true;
}

bool decoder_read(struct decoder *d, uint8_t *to, size_t len, size_t *ret_len, struct err *reterr)
{
	struct codec_io io = { .out = to, .out_len = len };

	while (io.out_len == len && !d->ended) {
		if (d->member == NULL ? !next_member(d, reterr) : !run_member(d, &io, reterr))
			return false;
	}
	*ret_len = len - io.out_len;
	return true;
}

const char *decoder_damage(const struct decoder *d)
{
	return d->damage;
}
