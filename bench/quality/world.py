# SPDX-License-Identifier: GPL-3.0-or-later
"""What a haystack is made of: peers, names, requests, and the caches between the requests and the log."""
import datetime
import os

import numpy as np

FIRST_S = 1704067200  # Monday 2024-01-01 00:00 UTC
HEADER = """#separator \\x09
#set_separator\t,
#empty_field\t(empty)
#unset_field\t-
#path\tdns
#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\ttrans_id\tquery\tqclass\tqclass_name\tqtype\t\
qtype_name\trcode\trcode_name\tAA\tTC\tRD\tRA\tZ\tanswers\tTTLs\trejected
#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tcount\tstring\tcount\tstring\tcount\tstring\tcount\tstring\tbool\t\
bool\tbool\tbool\tcount\tvector[string]\tvector[interval]\tbool
"""
TYPES = {"A": 1, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28}
CUSTOMARY_TTLS = [60, 300, 300, 900, 3600, 3600, 14400, 86400]


class Name:
    def __init__(self, text, kind, needle, group, ttl, qtype, address):
        self.text, self.kind, self.needle, self.group = text, kind, needle, group
        self.ttl, self.qtype, self.address = ttl, qtype, address


class World:
    """vantage: "authoritative" (peers are resolvers, with caches of their own) or "enterprise" (peers are the
    machines of one network, before its resolver; the answers carry what is left of a TTL)."""

    def __init__(self, vantage, days, peers, rng):
        self.vantage, self.days, self.rng = vantage, days, rng
        self.names, self.rows = [], []
        self.row_count = 0
        self.peers = peers
        self.dates = []  # days on which something happens outside
        if vantage == "authoritative":
            self.caches = rng.choice([1, 2, 4], peers, p=[.7, .2, .1])
            self.early = np.where(rng.random(peers) < .1, .1, 0.0)
            self.keeps = np.ones(peers, bool)
        else:
            self.caches = np.ones(peers, int)
            self.early = np.zeros(peers)
            self.keeps = rng.random(peers) < .7

    def name(self, text, kind, needle=False, group=None, ttl=None, qtype="A", address=None):
        number = len(self.names)
        ttl = int(self.rng.choice(CUSTOMARY_TTLS)) if ttl is None else ttl
        address = address or f"198.{51 + number % 2}.{number // 2 % 256}.{number // 512 % 256}"
        self.names.append(Name(text, kind, needle, group or text, ttl, qtype, address))
        return number

    def ask(self, name, times, peers):
        """Requests for a name, in any order; what the caches do not answer is logged."""
        order = np.argsort(times, kind="stable")
        times, peers = np.asarray(times)[order], np.asarray(peers)[order]
        inside = (times >= 0) & (times < self.days * 86400)
        times, peers = times[inside], peers[inside]
        if not len(times):
            return
        shared = self.vantage == "enterprise"
        kept, ttls = self._cached(times, peers, self.names[name].ttl, shared)
        self.rows.append((times[kept], np.full(len(kept), name), peers[kept], ttls))
        self.row_count += len(kept)

    def _cached(self, times, peers, ttl, shared):
        """Which requests are logged, and with what TTL. shared: one resolver answers all, peers may keep it."""
        kept, ttls, until, fetched = [], [], {}, -1.0
        picks = self.rng.random(len(times))
        caches, early, keeps = self.caches, self.early, self.keeps
        for i, (t, peer, pick) in enumerate(zip(times.tolist(), peers.tolist(), picks.tolist())):
            place = peer if shared else (peer, int(pick * caches[peer]))
            if t < until.get(place, -1.0) - ttl * early[peer]:
                continue
            if shared:
                fetched = t + ttl if t >= fetched else fetched
                left = fetched - t
            else:
                left = ttl
            if keeps[peer]:
                until[place] = t + left
            kept.append(i)
            ttls.append(max(1, int(left)))
        return np.array(kept, int), np.array(ttls, int)

    def table(self):
        """All rows in time order: times, names, peers, TTLs."""
        times, names, peers, ttls = (np.concatenate(column) for column in zip(*self.rows))
        order = np.argsort(times, kind="stable")
        return times[order], names[order], peers[order], ttls[order]

    def address_of(self, peer):
        if self.vantage == "authoritative":
            return f"2001:db8:{peer + 16:x}::53"
        return f"2001:db8:1::{peer + 16:x}"

    def write(self, folder):
        """dns.log, events.csv and truth.tsv in the folder."""
        columns = self.table()
        addresses = [self.address_of(peer) for peer in range(self.peers)]
        middle = []
        for n in self.names:
            answer = {"A": n.address, "PTR": "host.example"}.get(n.qtype, "-")
            flags = "T\tF\tF\tF" if self.vantage == "authoritative" else "F\tF\tT\tT"
            middle.append((f"{n.text}\t1\tC_INTERNET\t{TYPES[n.qtype]}\t{n.qtype}\t0\tNOERROR\t{flags}\t0\t{answer}\t",
                           answer != "-"))
        ports = self.rng.integers(1024, 65536, len(columns[0])).tolist()
        with open(os.path.join(folder, "dns.log"), "w", encoding="ascii") as log:
            log.write(HEADER)
            for i, (t, name, peer, ttl) in enumerate(zip(*(c.tolist() for c in columns))):
                text, answered = middle[name]
                ttl = f"{ttl}.000000" if answered else "-"
                log.write(f"{FIRST_S + t:.6f}\tC{i:x}\t{addresses[peer]}\t{ports[i]}\t192.0.2.53\t53\tudp\t"
                          f"{ports[-i] ^ 0x55}\t{text}{ttl}\tF\n")
        with open(os.path.join(folder, "events.csv"), "w", encoding="ascii") as events:
            events.write("# made: 2023-12-31\n# pool: complete\ntime,label\n")
            for day in self.dates:
                date = datetime.datetime.fromtimestamp(FIRST_S + int(day) * 86400, datetime.timezone.utc)
                events.write(f"{date:%Y-%m-%d},something happens\n")
        with open(os.path.join(folder, "truth.tsv"), "w", encoding="ascii") as truth:
            truth.write("target\tkind\tneedle\tgroup\n")
            for n in self.names:
                if n.kind != "crowd":
                    truth.write(f"{n.text}\t{n.kind}\t{int(n.needle)}\t{n.group}\n")
        return columns
