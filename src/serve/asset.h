/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of the page, from web/, as tools/embed put them into the program. */
#ifndef SERVE_ASSET_H
#define SERVE_ASSET_H

#include <stddef.h>

struct asset {
	const char *path; /* "/app.js" */
	const char *type; /* of media */
	const unsigned char *bytes;
	size_t len;
};

extern const struct asset assets[];
extern const size_t asset_count;

#endif
