/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* The whole program but for main() itself. Returns the exit status: 0, 1 or 2 (lodestone(1)). */
int cli_main(int argc, char **argv);

#endif
