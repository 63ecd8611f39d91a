/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libcrypto's plain SHA256_*(3), not its EVP_*(3): OpenSSL 3.0 makes a library context of some
 * 4,000 blocks before the first EVP digest, and crashes when one of them cannot be had. These
 * ask for no memory, and use the processor's SHA instructions all the same.
 */
#define OPENSSL_API_COMPAT 10101 /* the API of 1.1.1, before 3.0 called them deprecated */

#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/sha.h>

#define READ_BYTES (256u << 10)

struct digester {
	SHA256_CTX ctx;
	bool failed; /* sticky; told by digester_peek() */
};

void digester_free(struct digester *d)
{
	free(d);
}

bool digester_new(struct digester **ret, struct err *reterr)
{
	struct digester *d = calloc(1, sizeof(*d));

	if (d == NULL) {
		err_set_memory(reterr);
		return false;
	}
	d->failed = SHA256_Init(&d->ctx) != 1;
	*ret = d;
	return true;
}

void digester_add(struct digester *d, const void *bytes, size_t len)
{
	if (SHA256_Update(&d->ctx, bytes, len) != 1)
		d->failed = true;
}

bool digester_peek(const struct digester *d, struct digest *ret, struct err *reterr)
{
	SHA256_CTX copy = d->ctx;

	if (!d->failed && SHA256_Final(ret->bytes, &copy) == 1)
		return true;
	err_set(reterr, ERR_SYSTEM, "libcrypto refuses to make a SHA-256 digest");
	return false;
}

bool digest_file(const char *path, struct digest *ret, uint64_t *ret_bytes, struct err *reterr)
{
	bool ok = false;
	struct digester *d = NULL;
	uint8_t *block = malloc(READ_BYTES);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t total = 0;
	ssize_t n;

	if (fd < 0) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
		goto out;
	}
	if (block == NULL) {
		err_set_memory(reterr);
		goto out;
	}
	if (!digester_new(&d, reterr))
		goto out;
	while ((n = read(fd, block, READ_BYTES)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_set_at(reterr, ERR_SYSTEM, total, "cannot read '%s': %s", path,
			    strerror(errno));
			goto out;
		}
		digester_add(d, block, (size_t)n);
		total += (uint64_t)n;
	}
	ok = digester_peek(d, ret, reterr);
	*ret_bytes = total;
out:
	if (fd >= 0)
		(void)close(fd);
	digester_free(d);
	free(block);
	return ok;
}

void digest_format(const struct digest *d, char text[static DIGEST_TEXT_MAX])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		text[2 * i] = hex[d->bytes[i] >> 4];
		text[2 * i + 1] = hex[d->bytes[i] & 15];
	}
	text[2 * DIGEST_BYTES] = '\0';
}

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool digest_parse(const char *text, size_t len, struct digest *ret)
{
	struct digest d;

	if (len != 2 * DIGEST_BYTES)
		return false;
	for (size_t i = 0; i < DIGEST_BYTES; i++) {
		int high = nibble(text[2 * i]);
		int low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		d.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*ret = d;
	return true;
}

int digest_cmp(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_BYTES);
}
