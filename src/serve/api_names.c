/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search as one types, and who asked for what. */
#include "serve/api.h"

#include <stdlib.h>
#include <string.h>

#include "report/member.h"

/* Until the names are read the answer says so, and holds none. */
static bool are_ready(struct serving *s, struct answer *a)
{
	enum names_state state = names_state(s->view.names);

	if (state == NAMES_READY)
		return true;
	(void)answer_refuse(a, 503, "%s",
	    state == NAMES_READING ? "the names are being read; try again in a moment"
				   : names_why(s->view.names));
	return false;
}

static void print_item(
    struct printer *p, const char *key, const char *others, const struct names_item *item)
{
	printer_begin_map(p);
	printer_map_key(p, key);
	printer_string_len(p, item->text, item->len);
	member_count(p, "contacts", item->contacts);
	member_count(p, others, item->others);
	member_time(p, "first", (struct stamp){ item->first_ns, 0 });
	member_time(p, "last", (struct stamp){ item->last_ns, 0 });
	printer_end(p);
}

static void print_items(struct answer *a, const struct page *page, uint64_t total, const char *key,
    const char *others, const struct names_item *items, size_t count)
{
	answer_begin_page(a, page, total);
	for (size_t i = 0; i < count; i++)
		print_item(&a->printer, key, others, &items[i]);
	printer_end(&a->printer);
}

static struct names_item *make_room(const struct page *page, struct err *reterr)
{
	struct names_item *room = calloc(page->limit, sizeof(*room));

	if (room == NULL)
		err_set_memory(reterr);
	return room;
}

#define QUERY_TEXT_MAX 1024

/* The letters of names are lower case, and a final dot is not written. */
static bool read_query(const struct request *r, char text[static QUERY_TEXT_MAX], struct answer *a)
{
	const char *q = r->argument(r->context, "q");
	size_t len = q == NULL ? 0 : strlen(q);

	if (len == 0 || len >= QUERY_TEXT_MAX) {
		(void)answer_refuse(a, 400, "'q' is a part of a name or address");
		return false;
	}
	for (size_t i = 0; i <= len; i++)
		text[i] = q[i] >= 'A' && q[i] <= 'Z' ? (char)(q[i] - 'A' + 'a') : q[i];
	if (len > 1 && text[len - 1] == '.' && text[0] != '*')
		text[len - 1] = '\0';
	return true;
}

bool api_search(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	char text[QUERY_TEXT_MAX];
	struct page page = { .limit = PAGE_LIMIT };
	struct names_item *found;
	size_t total, count = 0;

	if (!request_number(r, "limit", 1, PAGE_LIMIT_MAX, &page.limit, a) ||
	    !read_query(r, text, a) || !are_ready(s, a))
		return true;
	found = make_room(&page, reterr);
	if (found == NULL)
		return false;
	total = names_search(s->view.names, text, found, page.limit, &count);
	print_items(a, &page, total, "target", "series", found, count);
	printer_end(&a->printer);
	free(found);
	return true;
}

static const char *const peer_sorts[] = {
	[NAMES_BY_CONTACTS] = "contacts",
	[NAMES_BY_OTHERS] = "targets",
	[NAMES_BY_TEXT] = "peer",
	[NAMES_BY_FIRST] = "first",
	[NAMES_BY_LAST] = "last",
	NULL,
};
static const char *const orders[] = { "falling", "rising", NULL };

bool api_peers(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	unsigned sort = NAMES_BY_CONTACTS, rising = 0;
	struct names_item *found;
	size_t total, count = 0;
	struct page page;

	if (!request_page(r, &page, a) || !request_word(r, "sort", peer_sorts, &sort, a) ||
	    !request_word(r, "order", orders, &rising, a) || !are_ready(s, a))
		return true;
	found = make_room(&page, reterr);
	if (found == NULL)
		return false;
	total = names_peers(s->view.names, r->argument(r->context, "text"), (enum names_order)sort,
	    rising != 0, page.offset, found, page.limit, &count);
	print_items(a, &page, total, "peer", "targets", found, count);
	printer_end(&a->printer);
	free(found);
	return true;
}

bool api_peer(struct serving *s, const struct request *r, struct answer *a, struct err *reterr)
{
	struct names_item peer, *found;
	size_t total = 0, count = 0;
	struct endpoint name;
	struct page page;
	bool known;

	if (!request_endpoint(r, "name", &name, a) || !request_page(r, &page, a) ||
	    !are_ready(s, a))
		return true;
	found = make_room(&page, reterr);
	if (found == NULL)
		return false;
	known = names_of_peer(
	    s->view.names, &name, &peer, page.offset, found, page.limit, &count, &total);
	if (known) {
		print_items(a, &page, total, "target", "series", found, count);
		printer_map_key(&a->printer, "peer");
		print_item(&a->printer, "peer", "targets", &peer);
		printer_end(&a->printer);
	} else {
		(void)answer_refuse(a, 404, "the case has no such peer");
	}
	free(found);
	return true;
}
