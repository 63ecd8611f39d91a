/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "receive/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/addr.h"

#define BACKLOG 16

static const char how[] = "'%s' is no place to listen on, which looks like unix:PATH, tcp:PORT (of "
			  "127.0.0.1) or tcp:ADDRESS:PORT";

static bool fail(const struct listener *l, struct err *reterr)
{
	err_set(reterr, ERR_SYSTEM, "cannot listen on '%s': %s", l->name, strerror(errno));
	return false;
}

static int open_socket(int family)
{
	return socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Is there a socket that nobody listens on? Then it is in the way of ours. */
static bool is_left_over(const struct sockaddr_un *a)
{
	struct stat st;
	int fd;
	bool left;

	if (lstat(a->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	fd = open_socket(AF_UNIX);
	left = fd >= 0 && connect(fd, (const struct sockaddr *)a, sizeof(*a)) != 0 &&
	       errno == ECONNREFUSED;
	if (fd >= 0)
		(void)close(fd);
	return left;
}

static bool open_unix(struct listener *l, const char *path, struct err *reterr)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	if (path[0] == '\0' || strlen(path) >= sizeof(a.sun_path)) {
		err_set(reterr, ERR_USAGE, "the path of '%s' is empty, or longer than %zu bytes",
		    l->name, sizeof(a.sun_path) - 1);
		return false;
	}
	memcpy(a.sun_path, path, strlen(path) + 1);
	if (is_left_over(&a))
		(void)unlink(path);
	l->fd = open_socket(AF_UNIX);
	if (l->fd < 0 || bind(l->fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
		return fail(l, reterr);
	memcpy(l->path, a.sun_path, sizeof(l->path));
	return listen(l->fd, BACKLOG) == 0 || fail(l, reterr);
}

static bool read_port(const char *text, uint16_t *ret)
{
	unsigned port = 0;

	if (text[0] == '\0' || strlen(text) > 5)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		port = port * 10 + (unsigned)(*text - '0');
	}
	*ret = (uint16_t)port;
	return port <= UINT16_MAX;
}

/* "PORT", "192.0.2.1:PORT", "[2001:db8::1]:PORT". */
static bool read_place(const char *text, struct addr *ret, uint16_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	size_t len;

	if (colon == NULL)
		return addr_parse("127.0.0.1", 9, ret) && read_port(text, ret_port);
	len = (size_t)(colon - text);
	if (len > 2 && text[0] == '[' && text[len - 1] == ']')
		return addr_parse(&text[1], len - 2, ret) && ret->len == 16 &&
		       read_port(&colon[1], ret_port);
	return addr_parse(text, len, ret) && ret->len == 4 && read_port(&colon[1], ret_port);
}

/* The place as it has become. */
static void name_tcp(struct listener *l, const struct sockaddr_storage *a)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)a;
	char text[INET6_ADDRSTRLEN] = "";

	if (a->ss_family == AF_INET) {
		(void)inet_ntop(AF_INET, &v4->sin_addr, text, sizeof(text));
		(void)snprintf(l->name, sizeof(l->name), "tcp:%s:%u", text, ntohs(v4->sin_port));
	} else {
		(void)inet_ntop(AF_INET6, &v6->sin6_addr, text, sizeof(text));
		(void)snprintf(l->name, sizeof(l->name), "tcp:[%s]:%u", text, ntohs(v6->sin6_port));
	}
}

static bool open_tcp(struct listener *l, const char *place, struct err *reterr)
{
	struct sockaddr_storage a = { .ss_family = AF_INET };
	struct sockaddr_in *v4 = (struct sockaddr_in *)&a;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&a;
	socklen_t len = sizeof(*v4);
	struct addr address;
	uint16_t port;
	int yes = 1;

	if (!read_place(place, &address, &port)) {
		err_set(reterr, ERR_USAGE, how, l->name);
		return false;
	}
	if (address.len == 4) {
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, address.bytes, 4);
	} else {
		len = sizeof(*v6);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(port);
		memcpy(&v6->sin6_addr, address.bytes, 16);
	}
	l->fd = open_socket(a.ss_family);
	if (l->fd < 0 || setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
	    bind(l->fd, (const struct sockaddr *)&a, len) != 0 || listen(l->fd, BACKLOG) != 0 ||
	    getsockname(l->fd, (struct sockaddr *)&a, &len) != 0)
		return fail(l, reterr);
	name_tcp(l, &a);
	return true;
}

bool listener_open(struct listener *l, const char *where, struct err *reterr)
{
	bool ok = false;

	*l = (struct listener){ .fd = -1 };
	(void)snprintf(l->name, sizeof(l->name), "%s", where);
	if (strncmp(where, "unix:", 5) == 0)
		ok = open_unix(l, &where[5], reterr);
	else if (strncmp(where, "tcp:", 4) == 0)
		ok = open_tcp(l, &where[4], reterr);
	else
		err_set(reterr, ERR_USAGE, how, where);
	if (!ok)
		listener_close(l);
	return ok;
}

void listener_close(struct listener *l)
{
	if (l->fd >= 0)
		(void)close(l->fd);
	if (l->path[0] != '\0')
		(void)unlink(l->path);
	l->fd = -1;
	l->path[0] = '\0';
}
