/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "receive/listener.h"

struct fixture {
	char dir[32];
	char path[64];
	char where[80];
};

static int set_up(void **state)
{
	struct fixture *x = calloc(1, sizeof(*x));

	(void)snprintf(x->dir, sizeof(x->dir), "/tmp/lodestone-listen-XXXXXX");
	assert_non_null(mkdtemp(x->dir));
	(void)snprintf(x->path, sizeof(x->path), "%s/tap.sock", x->dir);
	(void)snprintf(x->where, sizeof(x->where), "unix:%s", x->path);
	*state = x;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *x = *state;

	(void)unlink(x->path);
	assert_int_equal(rmdir(x->dir), 0);
	free(x);
	return 0;
}

static void what_is_no_place_is_refused(void **state)
{
	static const char *const places[] = { "", "unix", "unix:", "tcp:", "tcp:x", "tcp:65536",
		"tcp:123456", "tcp:-1", "tcp:localhost:53", "tcp:192.0.2.1",
		"tcp:192.0.2.1:", "tcp:2001:db8::1:53", "tcp:[2001:db8::1]", "tcp:[192.0.2.1]:53",
		"tcp:[]:53", "udp:53", "/tmp/tap.sock" };
	struct listener l;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct err err = { .code = ERR_NONE };

		assert_false(listener_open(&l, places[i], &err));
		assert_int_equal(err.code, ERR_USAGE);
		assert_int_equal(l.fd, -1);
	}
}

static void a_path_that_does_not_fit_is_refused(void **state)
{
	struct listener l;
	struct err err;
	char where[160] = "unix:/tmp/";

	(void)state;
	memset(where + strlen(where), 'x', 120);
	assert_false(listener_open(&l, where, &err));
	assert_int_equal(err.code, ERR_USAGE);
}

static void a_free_port_is_told_by_its_number(void **state)
{
	struct listener l, other;
	struct err err;

	(void)state;
	assert_true(listener_open(&l, "tcp:0", &err));
	assert_int_equal(strncmp(l.name, "tcp:127.0.0.1:", 14), 0);
	assert_true(atoi(l.name + 14) > 0);
	/* which is then taken */
	assert_false(listener_open(&other, l.name, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	listener_close(&l);
	listener_close(&l);
}

static void a_socket_is_removed_when_it_is_closed(void **state)
{
	struct fixture *x = *state;
	struct listener l, other;
	struct stat st;
	struct err err;

	assert_true(listener_open(&l, x->where, &err));
	assert_string_equal(l.name, x->where);
	assert_int_equal(lstat(x->path, &st), 0);
	/* somebody listens there: it is not taken away */
	assert_false(listener_open(&other, x->where, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_int_equal(lstat(x->path, &st), 0);
	listener_close(&l);
	assert_int_not_equal(lstat(x->path, &st), 0);
}

static void what_nobody_listens_on_makes_room(void **state)
{
	struct fixture *x = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct listener l;
	struct err err;

	memcpy(a.sun_path, x->path, sizeof(x->path));
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	(void)close(fd); /* the name stays */
	assert_true(listener_open(&l, x->where, &err));
	listener_close(&l);
}

static void a_file_is_left_alone(void **state)
{
	struct fixture *x = *state;
	FILE *f = fopen(x->path, "w");
	struct listener l;
	struct stat st;
	struct err err;

	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_false(listener_open(&l, x->where, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_int_equal(lstat(x->path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_place_is_refused),
		cmocka_unit_test(a_path_that_does_not_fit_is_refused),
		cmocka_unit_test(a_free_port_is_told_by_its_number),
		cmocka_unit_test_setup_teardown(
		    a_socket_is_removed_when_it_is_closed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_nobody_listens_on_makes_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_is_left_alone, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
