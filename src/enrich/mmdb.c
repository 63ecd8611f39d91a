/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses come with the library's header. */
#include "enrich/mmdb.h"

#include <maxminddb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct mmdb {
	MMDB_s db;
	const char *path;
};

static bool fail(const char *path, int status, struct err *reterr)
{
	err_set(reterr, ERR_DAMAGED, "'%s' cannot be read as a MaxMind DB file: %s", path,
	    MMDB_strerror(status));
	return false;
}

bool mmdb_open(const char *path, struct mmdb **ret, struct err *reterr)
{
	struct mmdb *m;
	struct stat st;
	int status;

	/* the library would wait for ever for the other end of a pipe */
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(reterr, ERR_SYSTEM, "cannot open '%s': no such file", path);
		return false;
	}
	m = calloc(1, sizeof(*m));
	if (m == NULL) {
		err_set_memory(reterr);
		return false;
	}
	status = MMDB_open(path, MMDB_MODE_MMAP, &m->db);
	if (status != MMDB_SUCCESS) {
		free(m);
		return fail(path, status, reterr);
	}
	m->path = path;
	*ret = m;
	return true;
}

void mmdb_free(struct mmdb *m)
{
	if (m == NULL)
		return;
	MMDB_close(&m->db);
	free(m);
}

/* An entry without this field, or with a value of another type on the way to it, has none. */
static bool find_value(const struct mmdb *m, MMDB_entry_s *entry, const char *const *way,
    uint32_t type, MMDB_entry_data_s *ret, struct err *reterr)
{
	int status = MMDB_aget_value(entry, ret, way);

	if (status == MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR)
		ret->has_data = false;
	else if (status != MMDB_SUCCESS)
		return fail(m->path, status, reterr);
	ret->has_data = ret->has_data && ret->type == type;
	return true;
}

static bool is_country(const MMDB_entry_data_s *data)
{
	const char *text = data->utf8_string;

	return data->has_data && data->data_size == MMDB_COUNTRY_MAX - 1 && text[0] >= 'A' &&
	       text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

static bool read_entry(
    const struct mmdb *m, MMDB_entry_s *entry, struct mmdb_entry *ret, struct err *reterr)
{
	static const char *const number[] = { "autonomous_system_number", NULL };
	static const char *const name[] = { "autonomous_system_organization", NULL };
	static const char *const country[] = { "country", "iso_code", NULL };
	MMDB_entry_data_s data;

	if (!find_value(m, entry, number, MMDB_DATA_TYPE_UINT32, &data, reterr))
		return false;
	if (data.has_data)
		ret->as_number = data.uint32;
	if (!find_value(m, entry, name, MMDB_DATA_TYPE_UTF8_STRING, &data, reterr))
		return false;
	if (data.has_data)
		memcpy(ret->as_name, data.utf8_string,
		    data.data_size < MMDB_NAME_MAX ? data.data_size : MMDB_NAME_MAX - 1);
	if (!find_value(m, entry, country, MMDB_DATA_TYPE_UTF8_STRING, &data, reterr))
		return false;
	if (is_country(&data))
		memcpy(ret->country, data.utf8_string, MMDB_COUNTRY_MAX - 1);
	return true;
}

bool mmdb_find(
    const struct mmdb *m, const struct addr *a, struct mmdb_entry *ret, struct err *reterr)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	MMDB_lookup_result_s found;
	int status = MMDB_SUCCESS;

	*ret = (struct mmdb_entry){ .as_number = 0 };
	if (a->len == sizeof(v4.sin_addr)) {
		memcpy(&v4.sin_addr, a->bytes, a->len);
		found = MMDB_lookup_sockaddr(&m->db, (const struct sockaddr *)&v4, &status);
	} else if (a->len == sizeof(v6.sin6_addr) && m->db.metadata.ip_version == 6) {
		memcpy(&v6.sin6_addr, a->bytes, a->len);
		found = MMDB_lookup_sockaddr(&m->db, (const struct sockaddr *)&v6, &status);
	} else {
		return true; /* no address, or one that a file of IPv4 does not cover */
	}
	if (status != MMDB_SUCCESS)
		return fail(m->path, status, reterr);
	return !found.found_entry || read_entry(m, &found.entry, ret, reterr);
}
