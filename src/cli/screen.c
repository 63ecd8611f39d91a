/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/screen.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_ELSEWHERE 100 /* of a pipe or file: as wide as the tables like to be */

struct report_style screen_style(void)
{
	struct report_style style = { .columns = COLUMNS_ELSEWHERE };
	struct winsize size;
	const char *term = getenv("TERM");
	const char *no_color = getenv("NO_COLOR"); /* https://no-color.org */
	bool tty = isatty(STDOUT_FILENO) == 1;

	style.terminal = tty;
	style.unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	style.color = tty && (no_color == NULL || no_color[0] == '\0') && term != NULL &&
		      strcmp(term, "dumb") != 0;
	if (tty && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		style.columns = size.ws_col;
	return style;
}
