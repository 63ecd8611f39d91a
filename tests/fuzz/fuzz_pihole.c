/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Most damage makes a database that cannot be opened at all, which is no fault of the reader. */
static bool opens(int fd)
{
	struct health h = { .count = 0 };
	struct stream *s = NULL;
	struct reader *r = NULL;
	char path[64];
	bool ok;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	must(stream_open(path, &s, NULL));
	ok = reader_pihole.open(s, &h, &r, NULL);
	reader_pihole.close(r);
	stream_close(s);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	int fd = memfd_create("input", 0);
	bool ok;

	(void)reader_pihole.probe(bytes, len);
	must(fd >= 0);
	ok = codec_detect(bytes, len) == NULL && write(fd, bytes, len) == (ssize_t)len && opens(fd);
	(void)close(fd);
	if (ok)
		fuzz_reader(&reader_pihole, bytes, len);
	return 0;
}
