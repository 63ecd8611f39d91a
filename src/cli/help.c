/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#define ABOUT_COLUMN 24

/* "  left          about", the left part on a line of its own when it is too long. */
static void line(struct buf *out, const char *left, const char *about)
{
	if (strlen(left) > ABOUT_COLUMN - 4)
		buf_printf(out, "  %s\n%*s%s\n", left, ABOUT_COLUMN, "", about);
	else
		buf_printf(out, "  %-*s%s\n", ABOUT_COLUMN - 2, left, about);
}

static void option_line(struct buf *out, const struct opt *o)
{
	char left[64];

	(void)snprintf(left, sizeof(left), "%s%c%s%s%s%s%s", o->letter == 0 ? "" : "-",
	    o->letter == 0 ? ' ' : o->letter, o->letter != 0 && o->name != NULL ? ", " : "",
	    o->name == NULL ? "" : "--", o->name == NULL ? "" : o->name,
	    o->value == NULL ? "" : " ", o->value == NULL ? "" : o->value);
	line(out, left[0] == ' ' ? left + 1 : left, o->about);
}

void help_program(struct buf *out)
{
	buf_text(out,
	    "usage: lodestone COMMAND [OPTION...] [ARGUMENT...]\n\n"
	    "Find the target that is contacted by hardly anyone, yet persistently, in months\n"
	    "of DNS evidence, and say so in calibrated numbers.\n\ncommands:\n");
	for (size_t i = 0; commands[i] != NULL; i++)
		line(out, commands[i]->name, commands[i]->about);
	buf_text(out, "\noptions:\n");
	option_line(out, &opt_help);
	line(out, "--version", "print the version");
	buf_text(
	    out, "\n'lodestone COMMAND --help' and the man page lodestone-COMMAND(1) say more.\n");
}

void help_command(struct buf *out, const struct command *c)
{
	buf_printf(out, "usage: lodestone %s [OPTION...]%s%s\n\n%s\n", c->name,
	    c->operands[0] == '\0' ? "" : " ", c->operands, c->about);
	if (c->actions != NULL)
		buf_text(out, "\nactions:\n");
	for (size_t i = 0; c->actions != NULL && c->actions[i].name != NULL; i++)
		line(out, c->actions[i].name, c->actions[i].about);
	buf_text(out, "\noptions:\n");
	for (size_t i = 0; c->options[i] != NULL; i++)
		option_line(out, c->options[i]);
	buf_printf(out, "\nlodestone-%s(1) says more.\n", c->name);
}

/* ---- completion ---- */

static void option_words(struct buf *out, const struct command *c)
{
	for (size_t i = 0; c->options[i] != NULL; i++) {
		if (c->options[i]->letter != 0)
			buf_printf(out, " -%c", c->options[i]->letter);
		if (c->options[i]->name != NULL)
			buf_printf(out, " --%s", c->options[i]->name);
	}
}

static void action_words(struct buf *out, const struct command *c)
{
	for (size_t i = 0; c->actions != NULL && c->actions[i].name != NULL; i++)
		buf_printf(out, " %s", c->actions[i].name);
}

/* Options whose value is a file or a folder. */
static bool takes_path(const struct opt *o)
{
	return o->value != NULL && (strcmp(o->value, "FILE") == 0 || strcmp(o->value, "CASE") == 0);
}

/* The names of those options of any command for which `wanted` holds, as a case pattern. */
static void pattern(struct buf *out, bool want_path)
{
	static const struct opt *const valued[] = { &opt_case, &opt_allow, &opt_holidays,
		&opt_events, &opt_prior, &opt_networks, &opt_places, &opt_popularity, &opt_output,
		&opt_top, &opt_seed, &opt_jobs, &opt_memory, &opt_format, &opt_year, &opt_zone,
		&opt_columns, &opt_vantage, &opt_target, &opt_peer, &opt_port, &opt_verify,
		&opt_until, &opt_listen, &opt_for };
	const char *bar = "";

	for (size_t i = 0; i < COUNT_OF(valued); i++) {
		const struct opt *o = valued[i];

		if (takes_path(o) != want_path)
			continue;
		if (o->letter != 0)
			buf_printf(out, "%s-%c", bar, o->letter);
		else
			buf_printf(out, "%s--%s", bar, o->name);
		bar = "|";
	}
}

void help_completion(struct buf *out)
{
	buf_text(out, "# bash completion for lodestone; made by 'lodestone completion'\n"
		      "_lodestone()\n{\n"
		      "\tlocal word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]}\n"
		      "\tlocal words= files=\n"
		      "\tCOMPREPLY=()\n"
		      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
		      "\t\tCOMPREPLY=($(compgen -W '");
	for (size_t i = 0; commands[i] != NULL; i++)
		buf_printf(out, "%s ", commands[i]->name);
	buf_text(out, "--help --version' -- \"$word\"))\n\t\treturn\n\tfi\n\tcase $last in\n\t");
	pattern(out, true);
	buf_text(out, ")\n\t\tcompopt -o filenames\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n\t\treturn;;\n\t");
	pattern(out, false);
	buf_text(out, ")\n\t\treturn;;\n\tesac\n\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; commands[i] != NULL; i++) {
		buf_printf(out, "\t%s) words='", commands[i]->name);
		action_words(out, commands[i]);
		option_words(out, commands[i]);
		buf_printf(out, "'%s;;\n", commands[i]->paths ? " files=yes" : "");
	}
	buf_text(out, "\tesac\n"
		      "\tif [ -n \"$files\" ] && [[ $word != -* ]]; then\n"
		      "\t\tcompopt -o filenames\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
		      "\telse\n"
		      "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
		      "\tfi\n}\ncomplete -F _lodestone lodestone\n");
}
