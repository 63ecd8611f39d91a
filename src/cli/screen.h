/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the place where standard output goes to can show. */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "report/report.h"

struct report_style screen_style(void);

#endif
