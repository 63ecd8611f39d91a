/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --help and the shell's completion script, made from the tables of commands. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "base/buf.h"
#include "cli/command.h"

/* Of the program, and of one command. */
void help_program(struct buf *out);
void help_command(struct buf *out, const struct command *c);

/* A script for bash that completes commands, actions, options and files. */
void help_completion(struct buf *out);

#endif
