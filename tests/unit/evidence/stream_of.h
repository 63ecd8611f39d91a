/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes in memory as a stream, for readers under test. */
#ifndef TEST_STREAM_OF_H
#define TEST_STREAM_OF_H

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "evidence/stream.h"

/* A stream over a copy of the bytes. */
static struct stream *stream_of(const void *bytes, size_t len)
{
	const int fd = memfd_create("capture", 0);
	char path[64];
	struct stream *s = NULL;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_true(stream_open(path, &s, NULL));
	assert_int_equal(close(fd), 0);
	return s;
}

#endif
