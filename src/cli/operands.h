/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arguments that should be files. */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include <stdbool.h>

#include "base/attr.h"
#include "cli/settings.h"

/* Before any work: is there every file that is named? If not, says which, and what is near it. */
bool operands_exist(const struct settings *s) MUST_USE;

#endif
