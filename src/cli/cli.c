/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/diag.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/typo.h"

const struct command *const commands[] = { &cmd_hunt, &cmd_show, &cmd_vet, &cmd_ingest,
	&cmd_contacts, &cmd_facts, &cmd_report, &cmd_case, &cmd_serve, &cmd_simulate, NULL };

static int print(void (*write)(struct buf *out, const struct command *c), const struct command *c)
{
	struct output out;
	struct err err = { .code = ERR_NONE };
	bool ok;

	output_init(&out);
	write(&out.buf, c);
	ok = output_flush(&out, &err);
	if (!ok)
		diag_err(&err);
	output_release(&out);
	return ok ? 0 : 2;
}

static void write_version(struct buf *out, const struct command *c)
{
	(void)c;
	buf_text(out, "lodestone " LODESTONE_VERSION "\n");
}

static void write_program(struct buf *out, const struct command *c)
{
	(void)c;
	help_program(out);
}

static void write_completion(struct buf *out, const struct command *c)
{
	(void)c;
	help_completion(out);
}

static int unknown_command(const char *word)
{
	struct typo t;

	typo_init(&t, word, strlen(word));
	for (size_t i = 0; commands[i] != NULL; i++)
		typo_try(&t, commands[i]->name);
	if (t.best != NULL)
		diag_say("no command '%s', did you mean '%s'?", word, t.best);
	else
		diag_say("no command '%s', try 'lodestone --help'", word);
	return 2;
}

static int run(const struct command *c, char **words, size_t count)
{
	struct settings s;
	struct err err = { .code = ERR_NONE };

	if (!opt_read(c->name, c->options, words, count, &s, &err)) {
		diag_err(&err);
		return 2;
	}
	return s.help ? print(help_command, c) : c->run(&s);
}

/* "help COMMAND" is what "COMMAND --help" is. */
static int help(const char *word)
{
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, word) == 0)
			return print(help_command, commands[i]);
	}
	return unknown_command(word);
}

int cli_main(int argc, char **argv)
{
	const char *word = argc < 2 ? "" : argv[1];

	/* for the width of letters on a terminal alone: numbers are printed without it */
	(void)setlocale(LC_CTYPE, "");
	if (strcmp(word, "--version") == 0)
		return print(write_version, NULL);
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0)
		return argc > 2 ? help(argv[2]) : print(write_program, NULL);
	/* for the build, which installs it */
	if (argc == 3 && strcmp(word, "completion") == 0 && strcmp(argv[2], "bash") == 0)
		return print(write_completion, NULL);
	for (size_t i = 0; commands[i] != NULL; i++) {
		if (strcmp(commands[i]->name, word) == 0)
			return run(commands[i], argv + 2, (size_t)argc - 2);
	}
	if (word[0] == '\0') {
		diag_say("no command given, try 'lodestone --help'");
		return 2;
	}
	if (word[0] == '-' && word[1] != '\0') {
		diag_say("unknown option '%s', try 'lodestone --help'", word);
		return 2;
	}
	return unknown_command(word);
}
