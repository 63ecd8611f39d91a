/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of commands and the manual pages say the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/command.h"
#include "cli/help.h"

static char *read_page(const char *name)
{
	char path[4096];
	char *text = NULL;
	size_t size = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), LODESTONE_SOURCE_ROOT "/man/%s.1", name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("no manual page %s", path);
	assert_true(getdelim(&text, &size, '\0', f) > 0);
	(void)fclose(f);
	return text;
}

static void assert_page_says(const char *page, const char *text, const char *what)
{
	if (strstr(text, what) == NULL)
		fail_msg("%s.1 lacks '%s'", page, what);
}

/* "-C", "--top". */
static size_t word_of(const struct opt *o, char *text, size_t size)
{
	if (o->name == NULL)
		return (size_t)snprintf(text, size, "-%c", o->letter);
	return (size_t)snprintf(text, size, "--%s", o->name);
}

static void every_option_is_in_the_page_of_its_command(void **state)
{
	char page[64], item[128];

	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++) {
		char *text;

		(void)snprintf(page, sizeof(page), "lodestone-%s", commands[i]->name);
		text = read_page(page);
		for (size_t j = 0; commands[i]->options[j] != NULL; j++) {
			const struct opt *o = commands[i]->options[j];

			if (o == &opt_help)
				continue; /* lodestone(1) has it, for all */
			if (o->letter != 0 && o->name != NULL)
				(void)snprintf(
				    item, sizeof(item), ".It Fl %c , Fl -%s", o->letter, o->name);
			else if (o->letter != 0)
				(void)snprintf(
				    item, sizeof(item), ".It Fl %c Ar %s\n", o->letter, o->value);
			else if (o->value != NULL)
				(void)snprintf(
				    item, sizeof(item), ".It Fl -%s Ar %s\n", o->name, o->value);
			else
				(void)snprintf(item, sizeof(item), ".It Fl -%s\n", o->name);
			assert_page_says(page, text, item);
		}
		for (size_t j = 0;
		     commands[i]->actions != NULL && commands[i]->actions[j].name != NULL; j++) {
			(void)snprintf(
			    item, sizeof(item), ".It Cm %s\n", commands[i]->actions[j].name);
			assert_page_says(page, text, item);
		}
		free(text);
	}
}

/* The other way round: a page promises nothing that the program does not know. */
static void every_option_of_a_page_is_in_its_table(void **state)
{
	char page[64];

	(void)state;
	for (size_t i = 0; commands[i] != NULL; i++) {
		char *text, *at;

		(void)snprintf(page, sizeof(page), "lodestone-%s", commands[i]->name);
		text = read_page(page);
		for (at = strstr(text, ".It Fl -"); at != NULL; at = strstr(at + 1, ".It Fl -")) {
			size_t len = strcspn(at + 8, " \n");
			bool known = false;

			for (size_t j = 0; commands[i]->options[j] != NULL; j++) {
				const char *name = commands[i]->options[j]->name;

				known = known || (name != NULL && strlen(name) == len &&
						     memcmp(name, at + 8, len) == 0);
			}
			if (!known)
				fail_msg("%s.1 promises --%.*s", page, (int)len, at + 8);
		}
		free(text);
	}
}

static void the_main_page_and_the_help_list_every_command(void **state)
{
	char *text = read_page("lodestone");
	struct buf help;
	char item[128];

	(void)state;
	buf_init(&help, 1 << 16);
	help_program(&help);
	buf_u8(&help, 0);
	assert_true(buf_ok(&help));
	for (size_t i = 0; commands[i] != NULL; i++) {
		(void)snprintf(item, sizeof(item), ".It Xr lodestone-%s 1\n", commands[i]->name);
		assert_page_says("lodestone", text, item);
		(void)snprintf(item, sizeof(item), "\n  %s ", commands[i]->name);
		assert_non_null(strstr((const char *)help.bytes, item));
	}
	buf_release(&help);
	free(text);
}

/* Help fits a terminal, and every option of the table is in it. */
static void the_help_of_a_command_lists_its_options(void **state)
{
	struct buf help;
	char item[64];

	(void)state;
	buf_init(&help, 1 << 16);
	for (size_t i = 0; commands[i] != NULL; i++) {
		const char *line;

		buf_clear(&help);
		help_command(&help, commands[i]);
		buf_u8(&help, 0);
		assert_true(buf_ok(&help));
		for (size_t j = 0; commands[i]->options[j] != NULL; j++) {
			const struct opt *o = commands[i]->options[j];

			(void)word_of(o, item, sizeof(item));
			assert_non_null(strstr((const char *)help.bytes, item));
		}
		for (line = (const char *)help.bytes; *line != '\0';
		     line += strcspn(line, "\n") + 1) {
			if (strcspn(line, "\n") > 100)
				fail_msg("too wide: %.*s", (int)strcspn(line, "\n"), line);
		}
	}
	buf_release(&help);
}

/* The completion script knows which options take a value from a list of its own. */
static void the_completion_knows_every_option_with_a_value(void **state)
{
	struct buf script;
	char word[64];

	(void)state;
	buf_init(&script, 1 << 16);
	help_completion(&script);
	buf_u8(&script, 0);
	assert_true(buf_ok(&script));
	for (size_t i = 0; commands[i] != NULL; i++) {
		for (size_t j = 0; commands[i]->options[j] != NULL; j++) {
			const struct opt *o = commands[i]->options[j];
			const char *at;
			size_t len;

			if (o->value == NULL)
				continue;
			len = word_of(o, word, sizeof(word));
			at = strstr((const char *)script.bytes, "case $last in");
			assert_non_null(at);
			for (at = strstr(at, word); at != NULL; at = strstr(at + 1, word)) {
				if (at[len] == '|' || at[len] == ')')
					break;
			}
			if (at == NULL)
				fail_msg(
				    "the completion does not know that %s takes a value", word);
		}
	}
	buf_release(&script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_is_in_the_page_of_its_command),
		cmocka_unit_test(every_option_of_a_page_is_in_its_table),
		cmocka_unit_test(the_main_page_and_the_help_list_every_command),
		cmocka_unit_test(the_help_of_a_command_lists_its_options),
		cmocka_unit_test(the_completion_knows_every_option_with_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
