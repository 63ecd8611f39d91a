/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * gmime_fields [--mbox] FILE...: what GMime reads in headers of mail, for tests/e2e/mail_peers.py. A
 * line "message", then one for each Received field with its value in hexadecimal, one for the
 * Message-ID, and one for the Date, in seconds since 1970 and minutes east of UTC. "file" ends each file.
 */
#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

static void print_received(GMimeMessage *message)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header = g_mime_header_list_get_header_at(headers, i);
		const char *value = g_mime_header_get_raw_value(header);

		if (g_ascii_strcasecmp(g_mime_header_get_name(header), "Received") != 0)
			continue;
		(void)printf("received\t");
		for (const char *at = value; at != NULL && *at != '\0'; at++)
			(void)printf("%02x", (unsigned char)*at);
		(void)printf("\n");
	}
}

static void print_message(GMimeMessage *message)
{
	const char *id = g_mime_message_get_message_id(message);
	GDateTime *date = g_mime_message_get_date(message);

	(void)printf("message\n");
	print_received(message);
	if (id != NULL)
		(void)printf("message-id\t%s\n", id);
	if (date != NULL)
		(void)printf("date\t%lld\t%lld\n", (long long)g_date_time_to_unix(date),
		    (long long)(g_date_time_get_utc_offset(date) / G_TIME_SPAN_MINUTE));
}

static gboolean read_file(const char *path, gboolean is_mbox)
{
	GMimeStream *stream = g_mime_stream_fs_open(path, 0, 0, NULL);
	GMimeParser *parser;

	if (stream == NULL)
		return FALSE;
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_format(parser, is_mbox ? GMIME_FORMAT_MBOX : GMIME_FORMAT_MESSAGE);
	do {
		GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

		if (message == NULL)
			break;
		print_message(message);
		g_object_unref(message);
	} while (is_mbox && !g_mime_parser_eos(parser));
	g_object_unref(parser);
	g_object_unref(stream);
	(void)printf("file\n");
	return TRUE;
}

int main(int argc, char **argv)
{
	gboolean is_mbox = FALSE;

	g_mime_init();
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--mbox") == 0) {
			is_mbox = TRUE;
		} else if (!read_file(argv[i], is_mbox)) {
			(void)fprintf(stderr, "cannot open '%s'\n", argv[i]);
			return 2;
		}
	}
	g_mime_shutdown();
	return 0;
}
