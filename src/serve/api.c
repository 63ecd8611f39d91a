/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/api.h"

#include <string.h>

static const struct route {
	const char *method;
	const char *path;
	api_handler *handler;
} routes[] = {
	{ "GET", "/api/case", api_case },
	{ "GET", "/api/sources", api_sources },
	{ "GET", "/api/findings", api_findings },
	{ "GET", "/api/target", api_target },
	{ "GET", "/api/examine", api_examine },
	{ "GET", "/api/facts", api_facts },
	{ "GET", "/api/activity", api_activity },
	{ "GET", "/api/contacts", api_contacts },
	{ "GET", "/api/search", api_search },
	{ "GET", "/api/peers", api_peers },
	{ "GET", "/api/peer", api_peer },
	{ "GET", "/api/marks", api_marks },
	{ "POST", "/api/marks", api_mark_put },
	{ "DELETE", "/api/marks", api_mark_retire },
};

/* A hunt that ended since the last request has replaced the findings. */
static bool look_again(struct serving *s, struct err *reterr)
{
	struct view fresh;

	if (!view_is_old(&s->view))
		return true;
	if (!view_open(s->settings->case_dir, &fresh, reterr))
		return false;
	view_close(&s->view);
	s->view = fresh;
	return true;
}

static const struct route *find_route(const struct request *r, bool *ret_path_known)
{
	*ret_path_known = false;
	for (size_t i = 0; i < COUNT_OF(routes); i++) {
		if (strcmp(routes[i].path, r->path) != 0)
			continue;
		*ret_path_known = true;
		if (strcmp(routes[i].method, r->method) == 0)
			return &routes[i];
	}
	return NULL;
}

void api_answer(struct serving *s, const struct request *r, struct answer *a)
{
	struct err err = { .code = ERR_NONE };
	bool path_known;
	const struct route *route = find_route(r, &path_known);

	if (route == NULL)
		(void)answer_refuse(a, path_known ? 405 : 404,
		    path_known ? "this method is not for this path"
			       : "there is nothing at this path");
	else if (!look_again(s, &err) || !route->handler(s, r, a, &err))
		(void)answer_refuse(a, 500, "%s", err.text);
	else if (!buf_ok(&a->body))
		(void)answer_refuse(a, 500, "out of memory");
}
