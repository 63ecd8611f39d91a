/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *o)
{
	buf_init(&o->buf, OUTPUT_MAX_BYTES);
	o->fd = STDOUT_FILENO;
	o->broken = false;
}

void output_release(struct output *o)
{
	buf_release(&o->buf);
}

static bool write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool output_flush(struct output *o, struct err *reterr)
{
	if (!buf_ok(&o->buf)) {
		err_set_memory(reterr);
		return false;
	}
	if (!write_all(o->fd, o->buf.bytes, o->buf.len)) {
		o->broken = errno == EPIPE;
		err_set(reterr, ERR_SYSTEM, "cannot write to standard output: %s", strerror(errno));
		return false;
	}
	buf_clear(&o->buf);
	return true;
}

bool output_step(struct output *o, struct err *reterr)
{
	return (buf_ok(&o->buf) && o->buf.len < OUTPUT_FLUSH_BYTES) || output_flush(o, reterr);
}
