/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/known.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "enrich/domain.h"
#include "finding/words.h"
#include "hunt/operator.h"

#define SENTENCE_BYTES_MAX 4096

/* A finding under way. */
struct knowing {
	const struct enrich *enrich;
	struct arena *memory;
	struct finding_enrichment *to;
	const char **plain;
	struct err *err;
};

static bool out_of_memory(struct knowing *k)
{
	err_set_memory(k->err);
	return false;
}

static bool keep_sentence(struct knowing *k, struct buf *b)
{
	const char *text = buf_ok(b) ? arena_copy(k->memory, b->bytes, b->len) : NULL;

	buf_release(b);
	if (text == NULL)
		return out_of_memory(k);
	k->plain[k->to->plain_count++] = text;
	return true;
}

static const char *keep_endpoint(struct knowing *k, const struct endpoint *e)
{
	char text[ENDPOINT_TEXT_MAX];

	return arena_copy(k->memory, text, endpoint_format(e, text));
}

static bool fill_domain(struct knowing *k, const struct endpoint *target)
{
	struct endpoint registered;
	struct buf b;

	if (!domain_registered(target, &registered))
		return true;
	k->to->registered_domain = keep_endpoint(k, &registered);
	if (k->to->registered_domain == NULL)
		return out_of_memory(k);
	buf_init(&b, SENTENCE_BYTES_MAX);
	buf_printf(&b, "Its registered domain is %s.", k->to->registered_domain);
	return keep_sentence(k, &b);
}

static bool fill_place(struct knowing *k, const struct endpoint *target)
{
	struct endpoint listed;
	struct buf b;

	if (k->enrich->popularity == NULL || target->form != ENDPOINT_NAME)
		return true;
	k->to->place = popularity_find(k->enrich->popularity, target, &listed);
	buf_init(&b, SENTENCE_BYTES_MAX);
	if (k->to->place == 0) {
		buf_text(&b, "The list of popular domains has neither it nor a domain above it.");
		return keep_sentence(k, &b);
	}
	k->to->listed = keep_endpoint(k, &listed);
	if (k->to->listed == NULL) {
		buf_release(&b);
		return out_of_memory(k);
	}
	buf_printf(&b, "The list of popular domains has %s at place ", k->to->listed);
	words_count(&b, k->to->place);
	buf_u8(&b, '.');
	return keep_sentence(k, &b);
}

static bool is_address(const struct endpoint *e)
{
	return e->form == ENDPOINT_V4 || e->form == ENDPOINT_V6;
}

static struct addr address_of(const struct endpoint *e)
{
	struct addr a = { .len = e->len };

	memcpy(a.bytes, e->bytes, e->len);
	return a;
}

/* An address that no file knows is listed no less: it is then plain that none does. */
static bool add_network(struct knowing *k, const struct endpoint *e, struct finding_network *to)
{
	const struct addr a = address_of(e);
	struct mmdb_entry network = { .as_number = 0 }, place = { .as_number = 0 };

	if ((k->enrich->networks != NULL &&
		!mmdb_find(k->enrich->networks, &a, &network, k->err)) ||
	    (k->enrich->places != NULL && !mmdb_find(k->enrich->places, &a, &place, k->err)))
		return false;
	*to = (struct finding_network){ .address = *e, .as_number = network.as_number };
	if (network.as_name[0] != '\0') {
		to->as_name = arena_copy(k->memory, network.as_name, strlen(network.as_name));
		if (to->as_name == NULL)
			return out_of_memory(k);
	}
	if (place.country[0] != '\0') {
		to->country = arena_copy(k->memory, place.country, strlen(place.country));
		if (to->country == NULL)
			return out_of_memory(k);
	}
	return true;
}

static bool say_network(struct knowing *k, const struct finding_network *n)
{
	char text[ENDPOINT_TEXT_MAX];
	struct buf b;

	(void)endpoint_format(&n->address, text);
	buf_init(&b, SENTENCE_BYTES_MAX);
	buf_text(&b, text);
	buf_u8(&b, ':');
	if (n->as_number != 0)
		buf_printf(&b, " AS%" PRIu32, n->as_number);
	if (n->as_name != NULL)
		buf_printf(&b, " %s", n->as_name);
	if (n->as_number == 0 && n->as_name == NULL && k->enrich->networks != NULL)
		buf_text(&b, " in no known network");
	if (k->enrich->places != NULL)
		buf_printf(&b, "%s %s", k->enrich->networks == NULL ? "" : ",",
		    n->country == NULL ? "in no known country" : n->country);
	buf_u8(&b, '.');
	return keep_sentence(k, &b);
}

/* Of the target, where it is an address, and of the peers that are listed. */
static bool fill_networks(struct knowing *k, const struct finding *f)
{
	struct finding_network *list =
	    arena_alloc(k->memory, (FINDING_PEERS_MAX + 1) * sizeof(*list));

	if (list == NULL)
		return out_of_memory(k);
	k->to->networks = list;
	if (is_address(&f->target) && !add_network(k, &f->target, &list[k->to->network_count++]))
		return false;
	for (size_t i = 0; i < f->peer_count; i++)
		if (is_address(&f->peers[i].peer) &&
		    !add_network(k, &f->peers[i].peer, &list[k->to->network_count++]))
			return false;
	for (size_t i = 0; i < k->to->network_count; i++)
		if (!say_network(k, &list[i]))
			return false;
	return true;
}

static bool add_operators(
    struct knowing *k, const struct trace *t, struct operator_shares *operators)
{
	uint64_t number;

	for (size_t i = 0; i < t->peer_count; i++) {
		const struct trace_peer *p = &t->peers[i];

		if (!operator_find(k->enrich, p->key, p->key_len, i, &number, k->err))
			return false;
		if (!operator_shares_add(operators, number, p->count))
			return out_of_memory(k);
	}
	return true;
}

static bool say_operators(struct knowing *k, const struct finding *f)
{
	struct buf b;

	buf_init(&b, SENTENCE_BYTES_MAX);
	buf_printf(&b, "Peers of one %s taken as one, ",
	    k->to->operators_by_system ? "network" : "/24 or /48");
	words_things(&b, f->peers_total, "peer is of ", "peers are of ");
	words_things(&b, k->to->operators, "operator", "operators");
	buf_text(&b, "; weighed by their contacts, as few as ");
	words_number(&b, k->to->operators_effective, 3);
	buf_text(&b, " with equal shares.");
	return keep_sentence(k, &b);
}

static bool fill_operators(struct knowing *k, const struct trace *t, const struct finding *f)
{
	struct operator_shares operators = { 0 };
	bool ok = add_operators(k, t, &operators);

	k->to->operators_by_system = k->enrich->networks != NULL;
	operator_shares_count(&operators, &k->to->operators, &k->to->operators_effective);
	operator_shares_release(&operators);
	return ok && say_operators(k, f);
}

bool known_fill(const struct enrich *e, const struct trace *t, struct arena *memory,
    struct finding *f, struct err *reterr)
{
	struct knowing k = { .enrich = e, .memory = memory, .to = &f->enrichment, .err = reterr };

	f->enrichment = (struct finding_enrichment){ .operators_effective = NAN };
	/* three sentences, and one for each address */
	k.plain = arena_alloc(memory, (FINDING_PEERS_MAX + 4) * sizeof(*k.plain));
	if (k.plain == NULL)
		return out_of_memory(&k);
	k.to->plain = k.plain;
	if (!fill_domain(&k, &f->target) || !fill_place(&k, &f->target) ||
	    !fill_operators(&k, t, f))
		return false;
	return (e->networks == NULL && e->places == NULL) || fill_networks(&k, f);
}
