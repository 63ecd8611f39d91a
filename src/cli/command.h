/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands, as data: --help, usage errors, shell completion and the test of the man pages
 * are all made from these tables, so that they cannot disagree.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/opt.h"
#include "cli/settings.h"

/* The second word of a command that has several: "case verify". */
struct action {
	const char *name;
	const char *about;
};

struct command {
	const char *name;
	const char *operands; /* as the usage line shows them; "" for none */
	const char *about;
	const struct opt *const *options; /* ended by NULL */
	const struct action *actions;     /* ended by a NULL name; NULL: none */
	bool paths;                       /* operands are files: for shell completion */
	/* Returns the exit status. */
	int (*run)(const struct settings *s);
};

extern const struct command cmd_hunt, cmd_ingest, cmd_contacts, cmd_facts, cmd_report, cmd_case,
    cmd_show, cmd_simulate, cmd_serve, cmd_vet;

/* All commands in the order of --help, ended by NULL. */
extern const struct command *const commands[];

#endif
