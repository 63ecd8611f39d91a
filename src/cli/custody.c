/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/custody.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "cli/diag.h"

#define CHUNK      65536
#define NAME_SHOWN 1024

/* The digest of a file's first bytes. False with code ERR_INPUT: it has fewer, or cannot be read. */
static bool digest_head(int fd, uint64_t bytes, struct digest *ret, struct err *reterr)
{
	uint8_t chunk[CHUNK];
	struct digester *d = NULL;
	bool ok;

	if (!digester_new(&d, reterr))
		return false;
	while (bytes > 0) {
		ssize_t got = read(fd, chunk, bytes < CHUNK ? (size_t)bytes : CHUNK);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		digester_add(d, chunk, (size_t)got);
		bytes -= (uint64_t)got;
	}
	ok = bytes == 0 && digester_peek(d, ret, reterr);
	if (bytes > 0)
		err_set(reterr, ERR_INPUT, "too short");
	digester_free(d);
	return ok;
}

static void name_changed(const struct source *s, struct buf *out)
{
	char name[NAME_SHOWN];
	char hex[DIGEST_TEXT_MAX];

	(void)diag_escape(s->name, name, sizeof(name));
	digest_format(&s->file, hex);
	buf_printf(out,
	    "'%s' is not the file that was ingested, of %" PRIu64
	    " bytes and SHA-256 %s; what was ingested is in the case\n",
	    name, s->file_bytes, hex);
}

bool custody_check(struct custody *c, const struct source *s, struct buf *out, struct err *reterr)
{
	/* a pipe in its place must not be waited for */
	int fd = open(s->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct digest head;
	struct stat st;
	bool same;

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		c->missing++;
		if (fd >= 0)
			(void)close(fd);
		return true;
	}
	same = digest_head(fd, s->file_bytes, &head, reterr);
	(void)close(fd);
	if (!same && reterr->code != ERR_INPUT)
		return false;
	if (!same || digest_cmp(&head, &s->file) != 0) {
		c->changed++;
		name_changed(s, out);
	} else if ((uint64_t)st.st_size > s->file_bytes) {
		c->grown++;
	} else {
		c->whole++;
	}
	return true;
}

void custody_print(const struct custody *c, struct buf *out)
{
	buf_printf(out,
	    "evidence files: as they were ingested %" PRIu64 ", grown since %" PRIu64
	    ", not there %" PRIu64 ", changed %" PRIu64 "\n",
	    c->whole, c->grown, c->missing, c->changed);
}
