/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The registered domain of a name: the label that someone registered and the public suffix above
 * it (publicsuffix.org). libpsl's own list decides, the one it was built with: the same library
 * gives the same answer on every machine.
 */
#ifndef ENRICH_DOMAIN_H
#define ENRICH_DOMAIN_H

#include <stdbool.h>

#include "base/attr.h"
#include "contact/endpoint.h"

/*
 * The registered domain of the name, in *ret. False, *ret untouched: an address, the root, a
 * public suffix itself, or a name of which a label is not letters, digits, hyphens and underscores.
 */
bool domain_registered(const struct endpoint *name, struct endpoint *ret) MUST_USE;

#endif
