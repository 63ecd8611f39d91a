/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API, one handler for each method and path: schema/serve-v1.openapi.json says what each takes
 * and gives. A handler answers what is wrong with the request itself; false is our own failure.
 */
#ifndef SERVE_API_H
#define SERVE_API_H

#include "serve/request.h"
#include "serve/serve.h"
#include "serve/view.h"

struct serving {
	const struct serve_settings *settings;
	struct view view;
	int64_t now_s; /* since 1970: when the request came */
};

/* Answer a request whose path begins with "/api/". */
void api_answer(struct serving *s, const struct request *r, struct answer *a);

typedef bool api_handler(
    struct serving *s, const struct request *r, struct answer *a, struct err *reterr);

/* api_case.c */
api_handler api_case, api_sources;
/* api_findings.c */
api_handler api_findings;
/* api_target.c */
api_handler api_target, api_examine, api_facts;
/* api_series.c */
api_handler api_activity, api_contacts;
/* api_names.c */
api_handler api_search, api_peers, api_peer;
/* api_marks.c */
api_handler api_marks, api_mark_put, api_mark_retire;

#endif
