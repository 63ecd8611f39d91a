/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "casefile/case.h"

/* Each test has a folder of its own, and the case in it. */
struct place {
	char folder[64];
	char dir[96];
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	(void)snprintf(p->folder, sizeof(p->folder), "/tmp/lodestone-case-XXXXXX");
	if (mkdtemp(p->folder) == NULL)
		return -1;
	(void)snprintf(p->dir, sizeof(p->dir), "%s/a case", p->folder);
	*state = p;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", p->folder);
	if (system(command) != 0)
		return -1;
	free(p);
	return 0;
}

static struct digest digest_of(unsigned char seed)
{
	struct digest d;

	memset(d.bytes, seed, sizeof(d.bytes));
	return d;
}

static struct source source_of(unsigned char seed, const char *name)
{
	return (struct source){
		.content = digest_of(seed),
		.file = digest_of((unsigned char)(seed + 100)),
		.name = name,
		.format = "zeek-tsv",
		.compression = "none",
		.vantage = "unknown",
		.file_bytes = 1000u + seed,
		.content_bytes = 2000,
		.consumed_bytes = 1990,
		.consumed = digest_of((unsigned char)(seed + 50)),
		.head = digest_of(7),
		.records = 12,
		.contacts = 10,
		.first_ns = 5,
		.last_ns = 9,
		.digits = 6,
		.state = SOURCE_COMPLETE,
	};
}

static struct casefile *open_case(const struct place *p, bool write)
{
	struct casefile *c = NULL;
	struct err err = { 0 };

	if (!case_open(p->dir, write, write, &c, &err))
		fail_msg("%s", err.text);
	return c;
}

struct listed {
	size_t count;
	char names[8][64];
	uint64_t skipped;
};

static bool list(void *context, const struct source *s, struct err *reterr)
{
	struct listed *l = context;

	(void)reterr;
	(void)snprintf(l->names[l->count++], sizeof(l->names[0]), "%s", s->name);
	for (size_t i = 0; i < s->skip_count; i++)
		l->skipped += s->skips[i].count;
	return true;
}

static struct listed list_all(struct casefile *c)
{
	struct listed l = { 0 };

	assert_true(case_each_source(c, list, &l, NULL));
	return l;
}

static void a_missing_case_says_the_way_out(void **state)
{
	struct place *p = *state;
	struct casefile *c = NULL;
	struct err err = { 0 };

	assert_false(case_open(p->dir, false, false, &c, &err));
	assert_int_equal(err.code, ERR_USAGE);
	assert_non_null(strstr(err.text, "lodestone ingest"));
	assert_int_not_equal(access(p->dir, F_OK), 0);
}

static void a_folder_with_other_things_is_left_alone(void **state)
{
	struct place *p = *state;
	struct casefile *c = NULL;
	struct err err = { 0 };
	char path[128];
	FILE *f;

	assert_int_equal(mkdir(p->dir, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/thesis.txt", p->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fclose(f);
	assert_false(case_open(p->dir, true, true, &c, &err));
	assert_non_null(strstr(err.text, "not a case and not empty"));
	(void)snprintf(path, sizeof(path), "%s/lock", p->dir);
	assert_int_not_equal(access(path, F_OK), 0);
}

static void a_case_that_was_killed_while_it_was_made_opens(void **state)
{
	struct place *p = *state;
	char path[128];

	assert_int_equal(mkdir(p->dir, 0700), 0);
	(void)snprintf(path, sizeof(path), "%s/lock", p->dir);
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	(void)snprintf(path, sizeof(path), "%s/catalogue.db", p->dir);
	assert_int_equal(close(open(path, O_CREAT | O_WRONLY, 0600)), 0);
	case_close(open_case(p, false));
	case_close(open_case(p, true));
}

static void a_second_writer_is_told_who_the_first_is(void **state)
{
	struct place *p = *state;
	struct casefile *first = open_case(p, true);
	struct casefile *second = NULL;
	struct err err = { 0 };
	char who[64];

	assert_false(case_open(p->dir, true, true, &second, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	(void)snprintf(who, sizeof(who), "being written by process %ld on ", (long)getpid());
	assert_non_null(strstr(err.text, who));
	/* a reader is let in */
	case_close(open_case(p, false));
	case_close(first);
	case_close(open_case(p, true));
}

static void a_committed_source_comes_back_whole(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source in = source_of(1, "dns.log"), out;
	const struct source_skip skips[] = { { "truncated record", 3, 812 },
		{ "bad name", 2, 40 } };
	struct err err = { 0 };

	in.skips = skips;
	in.skip_count = 2;
	in.continues = true;
	in.continued = digest_of(9);
	assert_true(case_add_source(c, &in, NULL));
	assert_true(case_commit(c, NULL));
	case_close(c);

	c = open_case(p, false);
	assert_true(case_find_content(c, &in.content, &out, NULL));
	assert_int_equal(digest_cmp(&out.file, &in.file), 0);
	assert_string_equal(out.name, "dns.log");
	assert_string_equal(out.format, "zeek-tsv");
	assert_int_equal(out.consumed_bytes, 1990);
	assert_int_equal(digest_cmp(&out.consumed, &in.consumed), 0);
	assert_true(out.continues);
	assert_int_equal(digest_cmp(&out.continued, &in.continued), 0);
	assert_int_equal(out.records, 12);
	assert_int_equal(out.contacts, 10);
	assert_int_equal(out.first_ns, 5);
	assert_int_equal(out.last_ns, 9);
	assert_int_equal(out.digits, 6);
	assert_int_equal(out.state, SOURCE_COMPLETE);
	assert_int_equal(out.skip_count, 2);
	assert_string_equal(out.skips[0].reason, "bad name");
	assert_int_equal(out.skips[1].first_offset, 812);
	assert_true(case_find_file(c, 1001, &in.file, &out, NULL));
	assert_true(case_has_file_length(c, 1001, &err));
	assert_false(case_has_file_length(c, 1002, &err));
	assert_false(case_find_file(c, 1002, &in.file, &out, &err));
	assert_int_equal(err.code, ERR_NONE);
	case_close(c);
}

static void a_second_file_of_the_same_content_is_known_too(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source in = source_of(1, "dns.log"), out;

	assert_true(case_add_source(c, &in, NULL));
	in.name = "dns.log.gz";
	in.file = digest_of(77);
	in.file_bytes = 300;
	assert_true(case_add_file(c, &in, NULL));
	assert_true(case_commit(c, NULL));
	assert_true(case_find_file(c, 300, &in.file, &out, NULL));
	assert_string_equal(out.name, "dns.log");
	assert_int_equal(list_all(c).count, 1);
	case_close(c);
}

static bool only_the_second(void *context, const struct digest *content)
{
	(void)context;
	return content->bytes[0] == 2;
}

static void reconcile_keeps_what_is_in_and_drops_the_rest(void **state)
{
	struct place *p = *state;
	struct err err;
	struct casefile *c = open_case(p, true);
	const struct source_skip skip = { "x", 1, 0 };
	struct source s;
	struct listed l;

	for (unsigned char i = 1; i <= 3; i++) {
		s = source_of(i, i == 1 ? "one" : i == 2 ? "two" : "three");
		s.skips = &skip;
		s.skip_count = 1;
		assert_true(case_add_source(c, &s, NULL));
	}
	/* killed between the haystack's commit and the catalogue's */
	assert_true(case_prepare(c, NULL));
	case_close(c);

	c = open_case(p, false);
	assert_int_equal(list_all(c).count, 0);
	assert_true(case_reconcile(c, only_the_second, NULL, NULL));
	l = list_all(c);
	assert_int_equal(l.count, 1);
	assert_string_equal(l.names[0], "two");
	case_close(c);

	c = open_case(p, true);
	assert_true(case_reconcile(c, only_the_second, NULL, NULL));
	case_close(c);
	c = open_case(p, false);
	l = list_all(c);
	assert_int_equal(l.count, 1);
	assert_int_equal(l.skipped, 1);
	assert_false(case_has_file_length(c, 1001, &err));
	assert_int_equal(err.code, ERR_NONE);
	case_close(c);
}

static void rows_that_were_not_prepared_are_gone(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source s = source_of(1, "one"), out;

	assert_true(case_add_source(c, &s, NULL));
	assert_true(case_find_content(c, &s.content, &out, NULL));
	case_close(c);
	c = open_case(p, true);
	assert_false(case_find_content(c, &s.content, &out, NULL));
	case_close(c);
}

/* A path is any bytes but NUL. */
static void hostile_names_come_back_byte_for_byte(void **state)
{
	static const char *const names[] = { "a\nb\ttab",
		"\xe2\x80\xae"
		"gpj.exe",
		"\xff\xfe\xc3(", "'; DROP TABLE source; --", "\x1b]0;title\x07", "" };
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source s, out;

	for (unsigned char i = 0; i < COUNT_OF(names); i++) {
		s = source_of(i, names[i]);
		assert_true(case_add_source(c, &s, NULL));
	}
	assert_true(case_commit(c, NULL));
	for (unsigned char i = 0; i < COUNT_OF(names); i++) {
		s = source_of(i, names[i]);
		assert_true(case_find_content(c, &s.content, &out, NULL));
		assert_string_equal(out.name, names[i]);
	}
	assert_int_equal(list_all(c).count, COUNT_OF(names));
	case_close(c);
}

static void lists_by_name_whatever_the_order_of_arrival(void **state)
{
	static const char *const names[] = { "b", "c", "a" };
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source s;
	struct listed l;

	for (unsigned char i = 0; i < 3; i++) {
		s = source_of(i, names[i]);
		assert_true(case_add_source(c, &s, NULL));
	}
	assert_true(case_commit(c, NULL));
	l = list_all(c);
	assert_string_equal(l.names[0], "a");
	assert_string_equal(l.names[1], "b");
	assert_string_equal(l.names[2], "c");
	case_close(c);
}

static void growth_is_found_by_the_head_longest_first(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source s = source_of(1, "long");
	struct digest head = digest_of(7), other = digest_of(8);
	struct case_prefix found[4];
	const uint64_t longest = s.consumed_bytes;
	uint64_t bytes;
	size_t count;

	assert_true(case_add_source(c, &s, NULL));
	for (unsigned char i = 2; i < 5; i++) {
		s = source_of(i, "short");
		s.consumed_bytes = 100;
		s.consumed = digest_of(i / 4);
		assert_true(case_add_source(c, &s, NULL));
	}
	s = source_of(5, "nothing whole in it");
	s.consumed_bytes = 0;
	assert_true(case_add_source(c, &s, NULL));

	assert_true(case_next_prefix(c, &head, s.format, UINT64_MAX, &bytes, NULL));
	assert_int_equal(bytes, longest);
	assert_true(case_next_prefix(c, &head, s.format, bytes, &bytes, NULL));
	assert_int_equal(bytes, 100);
	assert_true(case_next_prefix(c, &head, s.format, bytes, &bytes, NULL));
	assert_int_equal(bytes, 0);
	assert_true(case_next_prefix(c, &other, s.format, UINT64_MAX, &bytes, NULL));
	assert_int_equal(bytes, 0);
	assert_true(case_next_prefix(c, &head, "another", UINT64_MAX, &bytes, NULL));
	assert_int_equal(bytes, 0);

	assert_true(case_find_prefixes(c, &head, s.format, 100, NULL, found, 4, &count, NULL));
	assert_int_equal(count, 3);
	assert_true(case_find_prefixes(c, &head, s.format, 100, NULL, found, 2, &count, NULL));
	assert_int_equal(count, 2);
	other = digest_of(1);
	assert_true(case_find_prefixes(c, &head, s.format, 100, &other, found, 4, &count, NULL));
	assert_int_equal(count, 1);
	assert_int_equal(digest_cmp(&found[0].consumed, &other), 0);
	case_close(c);
}

static void head_lengths_are_powers_of_two(void **state)
{
	(void)state;
	assert_int_equal(case_head_bytes(0), 0);
	assert_int_equal(case_head_bytes(1), 1);
	assert_int_equal(case_head_bytes(1000), 512);
	assert_int_equal(case_head_bytes(4096), 4096);
	assert_int_equal(case_head_bytes(UINT64_MAX), 4096);
}

static void a_damaged_catalogue_is_an_error_that_names_it(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	struct source s = source_of(1, "one");
	struct err err = { 0 };
	char path[128];
	int fd;

	assert_true(case_add_source(c, &s, NULL));
	assert_true(case_commit(c, NULL));
	case_close(c);
	(void)snprintf(path, sizeof(path), "%s/catalogue.db", p->dir);
	fd = open(path, O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "not a database at all", 21, 0), 21);
	(void)close(fd);
	c = NULL;
	assert_false(case_open(p->dir, false, false, &c, &err));
	assert_int_equal(err.code, ERR_DAMAGED);
	assert_non_null(strstr(err.text, "catalogue.db"));
	assert_non_null(strstr(err.text, "move it away"));
}

static void a_lock_dies_with_its_process(void **state)
{
	struct place *p = *state;
	struct casefile *c = NULL;
	int status;
	pid_t child;

	case_close(open_case(p, true));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (!case_open(p->dir, false, true, &c, NULL))
			_exit(1);
		_exit(0); /* without case_close() */
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	case_close(open_case(p, true));
}

struct loss_list {
	struct capture_loss items[8];
	size_t count;
	unsigned char lossy[4]; /* seeds of the contents that tell of losses */
	size_t lossy_count;
};

static bool note_loss(void *context, const struct capture_loss *loss, struct err *reterr)
{
	struct loss_list *l = context;

	(void)reterr;
	l->items[l->count++] = *loss;
	return true;
}

static bool note_lossy(void *context, const struct digest *content, struct err *reterr)
{
	struct loss_list *l = context;

	(void)reterr;
	l->lossy[l->lossy_count++] = content->bytes[0];
	return true;
}

static void losses_come_back_in_order_each_once(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);
	const struct capture_loss first[] = { { 200, 300, 5, 70 }, { 100, 200, 0, 50 } };
	const struct capture_loss again[] = { { 200, 300, 5, 70 }, { 200, 300, 0, 20 } };
	const struct capture_loss none[] = { { 900, 950, 0, 20 } };
	struct loss_list l = { .count = 0 };
	struct digest third = digest_of(3);
	struct source s, found;

	s = source_of(3, "first");
	s.losses = first;
	s.loss_count = 2;
	assert_true(case_add_source(c, &s, NULL));
	s = source_of(2, "again");
	s.losses = again;
	s.loss_count = 2;
	assert_true(case_add_source(c, &s, NULL));
	/* not committed: it does not count */
	assert_true(case_each_loss(c, note_loss, &l, NULL));
	assert_int_equal(l.count, 0);
	assert_true(case_commit(c, NULL));
	assert_true(case_each_loss(c, note_loss, &l, NULL));
	assert_int_equal(l.count, 3);
	assert_int_equal(l.items[0].from_ns, 100);
	assert_int_equal(l.items[1].gaps, 0);
	assert_int_equal(l.items[2].gaps, 5);
	assert_int_equal(l.items[2].acks, 70);
	s = source_of(4, "none is lost");
	s.losses = none;
	s.loss_count = 1;
	assert_true(case_add_source(c, &s, NULL) && case_commit(c, NULL));
	assert_true(case_each_lossy(c, note_lossy, &l, NULL));
	assert_int_equal(l.lossy_count, 2);
	assert_int_equal(l.lossy[0], 2);
	assert_int_equal(l.lossy[1], 3);
	assert_true(case_find_content(c, &third, &found, NULL));
	assert_int_equal(found.loss.intervals, 2);
	assert_int_equal(found.loss.gaps, 5);
	assert_int_equal(found.loss.acks, 120);
	assert_int_equal(found.loss.first_ns, 100);
	assert_int_equal(found.loss.last_ns, 300);
	case_close(c);
}

static void a_run_is_noted(void **state)
{
	struct place *p = *state;
	struct casefile *c = open_case(p, true);

	assert_true(case_add_run(c, "{\"top\":50}", "0.1.0", UINT64_MAX, NULL));
	case_close(c);
}

#define CASE_TEST(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE_TEST(a_missing_case_says_the_way_out),
		CASE_TEST(a_folder_with_other_things_is_left_alone),
		CASE_TEST(a_case_that_was_killed_while_it_was_made_opens),
		CASE_TEST(a_second_writer_is_told_who_the_first_is),
		CASE_TEST(a_committed_source_comes_back_whole),
		CASE_TEST(a_second_file_of_the_same_content_is_known_too),
		CASE_TEST(reconcile_keeps_what_is_in_and_drops_the_rest),
		CASE_TEST(rows_that_were_not_prepared_are_gone),
		CASE_TEST(hostile_names_come_back_byte_for_byte),
		CASE_TEST(lists_by_name_whatever_the_order_of_arrival),
		CASE_TEST(growth_is_found_by_the_head_longest_first),
		CASE_TEST(head_lengths_are_powers_of_two),
		CASE_TEST(a_damaged_catalogue_is_an_error_that_names_it),
		CASE_TEST(a_lock_dies_with_its_process),
		CASE_TEST(losses_come_back_in_order_each_once),
		CASE_TEST(a_run_is_noted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
