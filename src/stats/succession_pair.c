/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Address, network and servers go together, so they are one feature of five levels: an address in
 * common is the highest, whatever else is. The chance of that is the address's own share of all
 * names, or shared hosting would make a succession of every pair.
 */
#include "stats/succession_pair.h"

#include <math.h>
#include <string.h>

#include "base/attr.h"

#define RARE_SHARE   .01 /* of all names: a peer that met no more is rare */
#define PROFILE_MIN  30  /* contacts */
#define LABEL_MAX    63
#define DAY_S        86400.0
#define CHANCE_FLOOR 1e-9

/*
 * A name moves to a new address or keeps it about as often; what else it keeps is held loosely,
 * since renames of every kind are to be found. The bins are those of the functions below.
 */
const double succession_pair_prior[FEATURES][LINKAGE_BINS] = {
	[FEATURE_PLACE] = { .30, .05, .10, .05, .50, 0, 0, 0 },
	[FEATURE_PEERS] = { .08, .10, .12, .15, .15, .15, .15, .10 },
	[FEATURE_ZONE] = { .4, .6, 0, 0, 0, 0, 0, 0 },
	[FEATURE_REVERSE] = { .7, .3, 0, 0, 0, 0, 0, 0 },
	[FEATURE_TTL] = { .4, .6, 0, 0, 0, 0, 0, 0 },
	[FEATURE_PROFILE] = { .10, .15, .20, .20, .15, .10, .06, .04 },
	[FEATURE_RATE] = { .15, .15, .20, .20, .12, .08, .06, .04 },
	[FEATURE_LAG] = { .10, .10, .15, .20, .20, .10, .10, .05 },
	[FEATURE_LABEL] = { .2, .2, .2, .2, .2, 0, 0, 0 },
};

/* The first of the edges, ascending, that x does not pass. */
static uint8_t bin_of(double x, const double edges[static LINKAGE_BINS - 1])
{
	uint8_t bin = 0;

	while (bin < LINKAGE_BINS - 1 && x > edges[bin])
		bin++;
	return bin;
}

static bool both_known(uint32_t a, uint32_t b)
{
	return a != SUCCESSION_NONE && b != SUCCESSION_NONE;
}

static bool is_same(uint32_t a, uint32_t b)
{
	return a == b && a != SUCCESSION_NONE;
}

/* Peers in common: how many, how many rare ones, and the sum of -ln share. */
struct common_peers {
	uint32_t count;
	uint32_t rare;
	double surprise;
};

static struct common_peers peers_in_common(const struct succession_input *in,
    const struct succession_name *a, const struct succession_name *b)
{
	struct common_peers c = { .count = 0 };
	size_t i = 0, j = 0;

	while (i < a->peer_count && j < b->peer_count) {
		if (a->peers[i] == b->peers[j]) {
			double share = in->peer_shares[a->peers[i]];

			c.count++;
			c.rare += share <= RARE_SHARE;
			c.surprise -= log(fmin(fmax(share, CHANCE_FLOOR), 1));
			i++;
			j++;
		} else if (a->peers[i] < b->peers[j]) {
			i++;
		} else {
			j++;
		}
	}
	return c;
}

/* The least share of an address that both have; NAN: none. */
static double address_in_common(const struct succession_input *in, const struct succession_name *a,
    const struct succession_name *b, bool *ret_network)
{
	double least = NAN;

	*ret_network = false;
	for (size_t i = 0; i < a->address_count; i++) {
		for (size_t j = 0; j < b->address_count; j++) {
			*ret_network = *ret_network || a->networks[i] == b->networks[j];
			if (a->addresses[i] == b->addresses[j])
				least = fmin(least, in->address_shares[a->addresses[i]]);
		}
	}
	return least;
}

bool succession_pair_shares(const struct succession_input *in, const struct succession_pair *pair)
{
	const struct succession_name *a = &in->names[pair->died], *b = &in->names[pair->born];
	struct common_peers peers;
	bool network;

	if (!isnan(address_in_common(in, a, b, &network)))
		return true;
	peers = peers_in_common(in, a, b);
	return peers.rare >= 2 || (peers.count >= 1 && is_same(a->servers, b->servers));
}

static double entropy_of(double p)
{
	return p > 0 ? -p * log2(p) : 0;
}

/* Jensen and Shannon's divergence in bits. */
static double divergence(const struct succession_name *a, const struct succession_name *b)
{
	double js = 0;

	for (size_t i = 0; i < SUCCESSION_CELLS; i++) {
		double p = a->profile[i], q = b->profile[i];

		js += entropy_of((p + q) / 2) - (entropy_of(p) + entropy_of(q)) / 2;
	}
	return js;
}

/* Levenshtein's distance of the first labels, as a share of the longer one. */
static double label_distance(const struct succession_name *a, const struct succession_name *b)
{
	double row[LABEL_MAX + 1];
	size_t a_len = a->label_len < LABEL_MAX ? a->label_len : LABEL_MAX;
	size_t b_len = b->label_len < LABEL_MAX ? b->label_len : LABEL_MAX;

	for (size_t j = 0; j <= b_len; j++)
		row[j] = (double)j;
	for (size_t i = 1; i <= a_len; i++) {
		double diagonal = row[0];

		row[0] = (double)i;
		for (size_t j = 1; j <= b_len; j++) {
			double changed = diagonal + (a->label[i - 1] != b->label[j - 1]);

			diagonal = row[j];
			row[j] = fmin(changed, fmin(row[j], row[j - 1]) + 1);
		}
	}
	return row[b_len] / fmax((double)(a_len > b_len ? a_len : b_len), 1);
}

double succession_pair_lives(const struct succession_name *died, const struct succession_name *born)
{
	return log((born->last_s - born->first_s + DAY_S) / (died->last_s - died->first_s + DAY_S));
}

static uint8_t place_of(bool address, bool network, bool servers)
{
	if (address)
		return PLACE_ADDRESS;
	if (network)
		return servers ? PLACE_NETWORK_SERVERS : PLACE_NETWORK;
	return servers ? PLACE_SERVERS : PLACE_APART;
}

/* Where they are: the levels of the first feature, and its own chance. */
static void compare_places(
    const struct succession_input *in, struct succession_pair *pair, struct linkage_pair *ret)
{
	const struct succession_name *a = &in->names[pair->died], *b = &in->names[pair->born];

	ret->own_u = address_in_common(in, a, b, &pair->same_network);
	pair->same_address = !isnan(ret->own_u);
	pair->same_servers = is_same(a->servers, b->servers);
	pair->same_reverse = is_same(a->reverse, b->reverse);
	ret->bins[FEATURE_PLACE] = LINKAGE_MISSING;
	if (both_known(a->servers, b->servers) || (a->address_count > 0 && b->address_count > 0))
		ret->bins[FEATURE_PLACE] =
		    place_of(pair->same_address, pair->same_network, pair->same_servers);
	/* one address has one reverse record: that would count it twice */
	ret->bins[FEATURE_REVERSE] = pair->same_address || !both_known(a->reverse, b->reverse)
					 ? LINKAGE_MISSING
					 : pair->same_reverse;
}

uint8_t succession_pair_band(uint64_t died, uint64_t born)
{
	return (uint8_t)(succession_band(died) * SUCCESSION_BANDS + succession_band(born));
}

void succession_pair_compare(
    const struct succession_input *in, struct succession_pair *pair, struct linkage_pair *ret)
{
	static const double surprise[] = { 0, 2, 4, 7, 11, 16, 24 };
	static const double profile[] = { .02, .05, .1, .2, .3, .45, .65 };
	static const double rate[] = { .25, .5, 1, 2, 3, 4, 6 };
	static const double lag_s[] = { 3600, 21600, DAY_S, 3 * DAY_S, 7 * DAY_S, 14 * DAY_S,
		30 * DAY_S };
	static const double label[] = { 0, .25, .5, .75, 1, 1, 1 };
	const struct succession_name *a = &in->names[pair->died], *b = &in->names[pair->born];
	struct common_peers peers = peers_in_common(in, a, b);

	compare_places(in, pair, ret);
	pair->same_peers = peers.count;
	pair->same_zone = is_same(a->zone, b->zone);
	pair->same_ttl = is_same(a->ttl, b->ttl);
	ret->band = succession_pair_band(a->contacts, b->contacts);
	ret->bins[FEATURE_PEERS] = bin_of(peers.surprise, surprise);
	ret->bins[FEATURE_ZONE] = both_known(a->zone, b->zone) ? pair->same_zone : LINKAGE_MISSING;
	ret->bins[FEATURE_TTL] = both_known(a->ttl, b->ttl) ? pair->same_ttl : LINKAGE_MISSING;
	ret->bins[FEATURE_PROFILE] = LINKAGE_MISSING;
	if (a->profile_count >= PROFILE_MIN && b->profile_count >= PROFILE_MIN)
		ret->bins[FEATURE_PROFILE] = bin_of(divergence(a, b), profile);
	ret->bins[FEATURE_RATE] =
	    bin_of(fabs(log((double)b->contacts / (double)a->contacts) - pair->lives), rate);
	ret->bins[FEATURE_LAG] = bin_of(pair->lag_s, lag_s);
	ret->bins[FEATURE_LABEL] = a->label_len > 0 && b->label_len > 0
				       ? bin_of(label_distance(a, b), label)
				       : LINKAGE_MISSING;
}
