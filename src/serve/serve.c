/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP/1.1 on the loopback interface, one request at a time: the page asks for little, and what
 * answers it is quick. Every request passes the guard before anything else is looked at.
 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "serve/api.h"
#include "serve/asset.h"
#include "serve/guard.h"
#include "serve/mhd.h"

#define TIMEOUT_S       30
#define CONNECTIONS_MAX 64

struct serve {
	struct serve_settings settings;
	struct serving serving;
	struct mhd mhd;
	struct MHD_Daemon *daemon;
	uint16_t port;
	char token[SERVE_TOKEN_TEXT];
};

/* A request whose body is still coming. */
struct incoming {
	struct buf body;
};

static const char *header(const struct serve *s, struct MHD_Connection *c, const char *name)
{
	return s->mhd.lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/*
 * No inline script or style, nothing from elsewhere, nothing framed, nothing kept: what a hostile
 * name could make of the page if an escape were forgotten.
 */
static const char *const headers[][2] = {
	{ "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; "
				     "img-src 'self'; connect-src 'self';"
				     " base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
				     " require-trusted-types-for 'script'" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "X-Frame-Options", "DENY" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Cache-Control", "no-store" },
	{ "Cross-Origin-Opener-Policy", "same-origin" },
	{ "Cross-Origin-Resource-Policy", "same-origin" },
};

static enum MHD_Result send_bytes(const struct serve *s, struct MHD_Connection *c, unsigned status,
    const char *type, const void *bytes, size_t len)
{
	/* libmicrohttpd copies, and does not write to what it copies from */
	void *copied = NULL;
	struct MHD_Response *response;
	enum MHD_Result result;

	memcpy(&copied, &bytes, sizeof(copied));
	response = s->mhd.create_response_from_buffer(len, copied, MHD_RESPMEM_MUST_COPY);
	if (response == NULL)
		return MHD_NO;
	for (size_t i = 0; i < COUNT_OF(headers); i++)
		(void)s->mhd.add_response_header(response, headers[i][0], headers[i][1]);
	(void)s->mhd.add_response_header(response, "Content-Type", type);
	result = s->mhd.queue_response(c, status, response);
	s->mhd.destroy_response(response);
	return result;
}

static enum MHD_Result send_answer(
    const struct serve *s, struct MHD_Connection *c, const struct answer *a)
{
	return send_bytes(s, c, a->status, "application/json", a->body.bytes, a->body.len);
}

static enum MHD_Result refuse(
    const struct serve *s, struct MHD_Connection *c, unsigned status, const char *why)
{
	struct answer a;
	enum MHD_Result result;

	answer_init(&a);
	(void)answer_refuse(&a, status, "%s", why);
	result = send_answer(s, c, &a);
	answer_release(&a);
	return result;
}

/* NULL: it may come in. Else the answer has been sent. */
static bool is_welcome(
    const struct serve *s, struct MHD_Connection *c, const char *path, enum MHD_Result *ret)
{
	const char *site = header(s, c, "Sec-Fetch-Site");

	if (!guard_host_is_ours(header(s, c, "Host"), s->port) ||
	    !guard_origin_is_ours(header(s, c, "Origin"), s->port) ||
	    (site != NULL && strcmp(site, "cross-site") == 0 && strcmp(path, "/") != 0))
		*ret = refuse(s, c, 403, "this page is for this machine and for its own address");
	else if (strncmp(path, "/api/", 5) == 0 &&
		 !guard_token_is_right(header(s, c, "Authorization"), s->token))
		*ret = refuse(s, c, 401, "the token is missing or wrong");
	else
		return true;
	return false;
}

struct query {
	const struct serve *serve;
	struct MHD_Connection *connection;
};

static const char *argument(void *context, const char *name)
{
	const struct query *q = context;

	return q->serve->mhd.lookup_connection_value(q->connection, MHD_GET_ARGUMENT_KIND, name);
}

static enum MHD_Result answer_api(struct serve *s, struct MHD_Connection *c, const char *method,
    const char *path, const struct buf *body)
{
	struct query q = { s, c };
	const struct request r = { .method = method,
		.path = path,
		.argument = argument,
		.context = &q,
		.body = body->bytes,
		.body_len = body->len };
	struct answer a;
	enum MHD_Result result;

	if (!buf_ok(body))
		return refuse(s, c, 413, "the body is too long");
	answer_init(&a);
	s->serving.now_s = (int64_t)time(NULL);
	api_answer(&s->serving, &r, &a);
	result = send_answer(s, c, &a);
	answer_release(&a);
	return result;
}

static enum MHD_Result answer_file(
    const struct serve *s, struct MHD_Connection *c, const char *method, const char *path)
{
	if (strcmp(method, "GET") != 0)
		return refuse(s, c, 405, "this method is not for this path");
	if (strcmp(path, "/") == 0)
		path = "/index.html";
	for (size_t i = 0; i < asset_count; i++)
		if (strcmp(assets[i].path, path) == 0)
			return send_bytes(
			    s, c, 200, assets[i].type, assets[i].bytes, assets[i].len);
	return refuse(s, c, 404, "there is nothing at this path");
}

/* Called once when the head of a request is there, for each piece of its body, and at its end. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *c, const char *path,
    const char *method, const char *version, const char *piece, size_t *piece_len, void **request)
{
	struct serve *s = context;
	struct incoming *in = *request;
	enum MHD_Result result;

	(void)version;
	if (in == NULL) {
		in = calloc(1, sizeof(*in));
		if (in == NULL)
			return MHD_NO;
		buf_init(&in->body, REQUEST_BODY_MAX);
		*request = in;
		return is_welcome(s, c, path, &result) ? MHD_YES : result;
	}
	if (*piece_len > 0) {
		buf_put(&in->body, piece, *piece_len);
		*piece_len = 0;
		return MHD_YES;
	}
	if (strncmp(path, "/api/", 5) == 0)
		return answer_api(s, c, method, path, &in->body);
	return answer_file(s, c, method, path);
}

static void on_end(
    void *context, struct MHD_Connection *c, void **request, enum MHD_RequestTerminationCode why)
{
	struct incoming *in = *request;

	(void)context;
	(void)c;
	(void)why;
	if (in == NULL)
		return;
	buf_release(&in->body);
	free(in);
	*request = NULL;
}

static bool start(struct serve *s, struct err *reterr)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(s->settings.port),
		.sin_addr = { htonl(INADDR_LOOPBACK) } };
	const union MHD_DaemonInfo *info;

	errno = 0;
	s->daemon = s->mhd.start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL, 0, NULL,
	    NULL, on_request, s, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
	    on_end, NULL, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)TIMEOUT_S,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_END);
	if (s->daemon == NULL) {
		err_set(reterr, ERR_SYSTEM, "cannot listen on port %u of 127.0.0.1: %s",
		    s->settings.port, errno == 0 ? "no reason given" : strerror(errno));
		return false;
	}
	info = s->mhd.get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);
	s->port = info == NULL ? s->settings.port : info->port;
	return true;
}

bool serve_open(const struct serve_settings *settings, struct serve **ret, struct err *reterr)
{
	struct serve *s = calloc(1, sizeof(*s));

	if (s == NULL) {
		err_set_memory(reterr);
		return false;
	}
	s->settings = *settings;
	s->serving.settings = &s->settings;
	if (!guard_make_token(s->token, reterr) ||
	    !view_open(settings->case_dir, &s->serving.view, reterr) ||
	    !mhd_open(&s->mhd, reterr) || !start(s, reterr)) {
		serve_close(s);
		return false;
	}
	*ret = s;
	return true;
}

void serve_close(struct serve *s)
{
	if (s == NULL)
		return;
	if (s->daemon != NULL)
		s->mhd.stop_daemon(s->daemon);
	mhd_close(&s->mhd);
	view_close(&s->serving.view);
	free(s);
}

uint16_t serve_port(const struct serve *s)
{
	return s->port;
}

const char *serve_token(const struct serve *s)
{
	return s->token;
}
