/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for each test, and what the tests of the haystack put into it. */
#ifndef UNIT_HAYSTACK_FOLDER_H
#define UNIT_HAYSTACK_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/philox.h"
#include "base/stamp.h"
#include "haystack/haystack.h"

static inline int folder_make(void **state)
{
	const char *tmp = getenv("TMPDIR");
	char *path = malloc(4096);

	if (path == NULL)
		return -1;
	(void)snprintf(path, 4096, "%s/lodestone-test-XXXXXX", tmp == NULL ? "/tmp" : tmp);
	*state = mkdtemp(path);
	return *state == NULL ? -1 : 0;
}

/* Number of files, and the path of the one whose name ends so. */
static inline int folder_find(const char *folder, const char *ending, char path[static 4096])
{
	DIR *list = opendir(folder);
	struct dirent *entry;
	int count = 0;

	if (list == NULL)
		return -1;
	while ((entry = readdir(list)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (len >= strlen(ending) &&
		    strcmp(entry->d_name + len - strlen(ending), ending) == 0)
			(void)snprintf(path, 4096, "%s/%s", folder, entry->d_name);
	}
	(void)closedir(list);
	return count;
}

static inline int folder_remove(void **state)
{
	char path[4096];
	char *folder = *state;

	while (folder_find(folder, "", path) > 0)
		if (unlink(path) != 0)
			return -1;
	if (rmdir(folder) != 0)
		return -1;
	free(folder);
	return 0;
}

static inline struct digest digest_number(unsigned number)
{
	struct digest d = { { 0 } };

	/* so that their order is not that of the numbers */
	d.bytes[0] = (uint8_t)(number * 167);
	d.bytes[30] = (uint8_t)(number >> 8);
	d.bytes[31] = (uint8_t)number;
	return d;
}

/* Contact i of a small world: a few hundred series, times over some days, all kinds of rows. */
static inline struct contact contact_number(uint64_t seed, uint32_t i)
{
	static const char *const zones[] = { "example.com", "example.net", "a.test", "test", "." };
	struct philox p;
	struct contact c = { .kind = KIND_DNS,
		.seen = SEEN_BOTH,
		.direction = DIRECTION_OUT,
		.digits = 6,
		.txid = -1 };
	char text[64];

	philox_init(&p, seed, i, 1);
	(void)snprintf(
	    text, sizeof(text), "h%u.%s", philox_below(&p, 20), zones[philox_below(&p, 4)]);
	if (philox_below(&p, 50) == 0)
		(void)snprintf(text, sizeof(text), "192.0.2.%u", philox_below(&p, 3));
	if (!endpoint_parse(&c.target, text, strlen(text)))
		abort();
	(void)snprintf(text, sizeof(text), "10.0.0.%u", philox_below(&p, 5));
	if (!endpoint_parse(&c.peer, text, strlen(text)))
		abort();
	c.type = philox_below(&p, 4) == 0 ? 28 : 1;
	c.time_ns = INT64_C(1700000000) * NS_PER_S +
		    (int64_t)philox_below(&p, 4 * 86400) * NS_PER_S + philox_below(&p, 1000) * 1000;
	c.ttl = 60 * philox_below(&p, 3);
	c.outcome = philox_below(&p, 5) == 0 ? 3 : 0;
	if (philox_below(&p, 4) == 0) {
		c.seen = SEEN_QUERY;
		c.outcome = OUTCOME_NONE;
		c.ttl = TTL_NONE;
		c.txid = (int32_t)philox_below(&p, 50);
	} else if (philox_below(&p, 6) == 0) {
		c.seen = SEEN_RESPONSE;
		c.txid = (int32_t)philox_below(&p, 50);
	}
	return c;
}

static inline struct fact fact_number(uint64_t seed, uint32_t i)
{
	struct contact c = contact_number(seed, i);

	return (struct fact){ .owner = c.target,
		.type = 1,
		.data = c.peer,
		.ttl = c.ttl,
		.count = 1,
		.first_ns = c.time_ns,
		.last_ns = c.time_ns,
		.digits = 6 };
}

#endif
