/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/member.h"

void member_number(struct printer *p, const char *key, double value)
{
	printer_map_key(p, key);
	printer_number(p, value);
}

void member_count(struct printer *p, const char *key, uint64_t value)
{
	printer_map_key(p, key);
	printer_uinteger(p, value);
}

void member_text(struct printer *p, const char *key, const char *text)
{
	printer_map_key(p, key);
	printer_string(p, text);
}

void member_time(struct printer *p, const char *key, struct stamp s)
{
	printer_map_key(p, key);
	printer_time(p, s);
}

void member_endpoint(struct printer *p, const char *key, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];
	size_t len = endpoint_format(e, text);

	printer_map_key(p, key);
	printer_string_len(p, text, len);
}

void member_strings(struct printer *p, const char *key, const char *const *lines, size_t count)
{
	printer_map_key(p, key);
	printer_begin_list(p);
	for (size_t i = 0; i < count; i++)
		printer_string(p, lines[i]);
	printer_end(p);
}

void member_losses(struct printer *p, const struct sensor_losses *losses)
{
	if (losses->intervals == 0)
		return;
	printer_map_key(p, "losses");
	printer_begin_map(p);
	member_count(p, "intervals", losses->intervals);
	member_number(p, "lost_share", losses->lost_share);
	member_number(p, "out_s", losses->out_s);
	printer_map_key(p, "denied");
	printer_boolean(p, losses->denied);
	printer_end(p);
}
