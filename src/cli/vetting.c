/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/vetting.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "authentic/reread.h"
#include "authentic/sender.h"
#include "base/size.h"
#include "hunt/authentic.h"

/* A source that holds contacts of the finding, or that such a one has grown into. */
struct vetted {
	const char *name;
	const char *format;
	struct digest content;
	bool is_wanted;
	bool continues;
	struct digest continued;
};

struct vetting {
	struct workspace *workspace;
	const struct finding *finding;
	struct arena *memory;
	struct vetted *list;
	size_t count;
	size_t capacity;
	const char **remarks;
	size_t remark_count;
};

static bool has_contacts(const struct finding *f, const struct digest *source)
{
	for (size_t i = 0; i < f->evidence_count; i++)
		if (digest_cmp(&f->evidence[i].source, source) == 0)
			return true;
	return false;
}

static bool add_source(void *context, const struct source *s, struct err *reterr)
{
	struct vetting *v = context;
	struct vetted *at;

	if (s->state == SOURCE_UNKNOWN)
		return true;
	if (v->count == v->capacity) {
		size_t capacity = v->capacity * 2 + 16;
		struct vetted *list = arena_alloc(v->memory, size_mul(capacity, sizeof(*list)));

		if (list == NULL)
			goto memory;
		if (v->count > 0)
			memcpy(list, v->list, v->count * sizeof(*list));
		v->list = list;
		v->capacity = capacity;
	}
	at = &v->list[v->count++];
	*at = (struct vetted){ .name = arena_copy(v->memory, s->name, strlen(s->name)),
		.format = arena_copy(v->memory, s->format, strlen(s->format)),
		.content = s->content,
		.is_wanted = has_contacts(v->finding, &s->content),
		.continues = s->continues,
		.continued = s->continued };
	if (at->name != NULL && at->format != NULL)
		return true;
memory:
	err_set_memory(reterr);
	return false;
}

/* What a log has grown into holds all of it: that is what is there to be read. */
static void follow_growth(struct vetting *v)
{
	bool moved = true;

	/* each turn takes every wanted source one step on, and no chain is longer than the list */
	for (size_t turn = 0; moved && turn < v->count; turn++) {
		moved = false;
		for (size_t i = 0; i < v->count; i++)
			for (size_t j = 0; v->list[i].is_wanted && j < v->count; j++) {
				if (!v->list[j].continues || j == i ||
				    digest_cmp(&v->list[j].continued, &v->list[i].content) != 0)
					continue;
				v->list[i].is_wanted = false;
				v->list[j].is_wanted = moved = true;
			}
	}
}

static bool look(void *context, uint64_t raw_offset)
{
	struct workspace *w = context;

	(void)raw_offset;
	return stop_asked(&w->stop);
}

static bool remark(struct vetting *v, const char *name, const char *what, struct err *reterr)
{
	char text[1024];
	int len = snprintf(text, sizeof(text), "%s: %s", name, what);
	char *copy =
	    arena_copy(v->memory, text, len < (int)sizeof(text) ? (size_t)len : sizeof(text) - 1);

	if (copy == NULL) {
		err_set_memory(reterr);
		return false;
	}
	v->remarks[v->remark_count++] = copy;
	return true;
}

static bool take(
    struct vetting *v, const struct vetted *s, struct reread *r, size_t *done, struct err *reterr)
{
	struct reread_source from = { .path = s->name,
		.format = s->format,
		.content = s->content,
		.look = look,
		.context = v->workspace };
	enum reread_outcome outcome;
	struct stat st;

	if (stat(s->name, &st) == 0 && S_ISREG(st.st_mode)) {
		from.hints.dated = true;
		from.hints.file_s = st.st_mtim.tv_sec;
	}
	if (!reread_take(r, &from, &outcome, reterr))
		return false;
	*done += outcome == REREAD_DONE;
	if (outcome == REREAD_ABSENT)
		return remark(v, s->name, "the evidence file is not there", reterr);
	if (outcome == REREAD_CHANGED)
		return remark(v, s->name, "no longer what the case was made of", reterr);
	return true;
}

static void say_absent(struct test_authenticity *t)
{
	static const enum authenticity_check read[] = { CHECK_ORDER, CHECK_PORTS, CHECK_TRAITS,
		CHECK_SERVERS };

	for (size_t i = 0; i < COUNT_OF(read); i++)
		t->checks[read[i]] =
		    (struct authenticity_result){ .why = "the evidence file is not there" };
}

static bool read_sources(
    struct vetting *v, struct reread *r, struct test_authenticity *t, struct err *reterr)
{
	size_t done = 0;

	for (size_t i = 0; i < v->count; i++)
		if (v->list[i].is_wanted && !take(v, &v->list[i], r, &done, reterr))
			return false;
	if (done == 0) {
		say_absent(t);
		return true;
	}
	reread_sort(r);
	return sender_check(r, t, reterr);
}

bool vetting_reread(struct workspace *w, struct finding *f, struct arena *memory,
    struct vet_input *ret, struct err *reterr)
{
	struct vetting v = { .workspace = w, .finding = f, .memory = memory };
	struct test_authenticity *t = &f->tests.authenticity;
	struct reread r;
	bool ok = false;

	if (!case_each_source(w->casefile, add_source, &v, reterr))
		return false;
	follow_growth(&v);
	v.remarks = arena_alloc(memory, size_mul(v.count + 1, sizeof(*v.remarks)));
	if (v.remarks == NULL) {
		err_set_memory(reterr);
		return false;
	}
	ok = reread_init(&r, &f->target, &f->peers[0].peer, reterr) &&
	     read_sources(&v, &r, t, reterr);
	reread_release(&r);
	if (ok && !authentic_judge(t, memory)) {
		err_set_memory(reterr);
		ok = false;
	}
	ret->remarks = v.remarks;
	ret->remark_count = v.remark_count;
	return ok;
}
