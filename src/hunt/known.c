/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hunt/known.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/size.h"
#include "contact/key.h"
#include "enrich/domain.h"
#include "finding/words.h"

#define SENTENCE_BYTES_MAX 4096

/* Of the prefix that stands for an operator where no autonomous system is known: /24 and /48. */
#define PREFIX_V4_BYTES 3
#define PREFIX_V6_BYTES 6

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

/* The operator's key: tagged, so that a number is no prefix. Returns its length. */
static bool operator_of(struct knowing *k, const struct endpoint *peer,
    uint8_t key[static 1 + LIMIT_NAME_BYTES], size_t *ret_len)
{
	size_t len = peer->len;
	struct mmdb_entry entry;
	struct addr a;

	key[0] = (uint8_t)peer->form;
	if (is_address(peer)) {
		a = address_of(peer);
		if (!mmdb_find(k->enrich->networks, &a, &entry, k->err))
			return false;
		if (entry.as_number != 0) {
			key[0] = UINT8_MAX;
			memcpy(key + 1, &entry.as_number, sizeof(entry.as_number));
			*ret_len = 1 + sizeof(entry.as_number);
			return true;
		}
		len = peer->form == ENDPOINT_V4 ? PREFIX_V4_BYTES : PREFIX_V6_BYTES;
	}
	memcpy(key + 1, peer->bytes, len);
	*ret_len = 1 + len;
	return true;
}

static bool add_operators(
    struct knowing *k, const struct trace *t, struct intern *operators, uint64_t *contacts)
{
	uint8_t key[1 + LIMIT_NAME_BYTES];
	struct contact c;
	uint32_t id;
	size_t len;

	for (size_t i = 0; i < t->peer_count; i++) {
		const struct trace_peer *p = &t->peers[i];

		if (!key_read_series(p->series_key, p->series_key_len, &c)) {
			err_set(
			    k->err, ERR_DAMAGED, "the haystack holds a key that cannot be read");
			return false;
		}
		if (!operator_of(k, &c.peer, key, &len))
			return false;
		if (!intern_add(operators, key, len, &id))
			return out_of_memory(k);
		contacts[id] += p->count;
	}
	return true;
}

static bool say_operators(struct knowing *k, const struct finding *f)
{
	struct buf b;

	buf_init(&b, SENTENCE_BYTES_MAX);
	buf_text(&b, "Peers of one network taken as one, ");
	words_things(&b, f->peers_total, "peer is of ", "peers are of ");
	words_things(&b, k->to->operators, "operator", "operators");
	buf_text(&b, "; weighed by their contacts, as few as ");
	words_number(&b, k->to->operators_effective, 3);
	buf_text(&b, " with equal shares.");
	return keep_sentence(k, &b);
}

static bool fill_operators(struct knowing *k, const struct trace *t, const struct finding *f)
{
	uint64_t *contacts;
	struct intern operators;
	double squares = 0, all = (double)t->contacts;
	bool ok;

	if (k->enrich->networks == NULL)
		return true;
	contacts = calloc(size_add(t->peer_count, 1), sizeof(*contacts));
	if (contacts == NULL)
		return out_of_memory(k);
	intern_init(&operators, hash_seed(), SIZE_MAX);
	ok = add_operators(k, t, &operators, contacts);
	/* numbered in the order of the peers' keys: the same sum in every run */
	for (size_t i = 0; i < operators.count; i++)
		squares += (double)contacts[i] * (double)contacts[i];
	k->to->operators = operators.count;
	if (squares > 0)
		k->to->operators_effective = all * all / squares;
	intern_release(&operators);
	free(contacts);
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
