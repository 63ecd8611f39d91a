/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "enrich/domain.h"

#include <libpsl.h>
#include <string.h>

/* What stands in the list is letters, digits and hyphens; a byte beyond them cannot be looked up. */
static bool is_plain(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] == '\0';
}

bool domain_registered(const struct endpoint *name, struct endpoint *ret)
{
	char text[ENDPOINT_TEXT_MAX];
	const char *found;

	if (name->form != ENDPOINT_NAME || endpoint_format(name, text) == 0 || !is_plain(text))
		return false;
	found = psl_registrable_domain(psl_builtin(), text);
	return found != NULL && endpoint_from_name(ret, found, strlen(found));
}
