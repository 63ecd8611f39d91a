/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data of a record as zone files and passive DNS write it (RFC 1035 5.1). */
#ifndef EVIDENCE_RDATA_TEXT_H
#define EVIDENCE_RDATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"
#include "contact/contact.h"

/*
 * Read the data of a record of type f->type into the fact's data, extra and port. Some programs
 * leave out what is before or behind the name of an MX, SRV or SOA record: then extra and port are
 * 0. False: a type whose records are not kept as facts, or no such data.
 */
bool rdata_text_read(struct fact *f, const char *text, size_t len) MUST_USE;

#endif
