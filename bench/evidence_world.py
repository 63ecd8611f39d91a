# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up look-ups and deliveries for measurements, the same for the same seed.

Look-ups: popularity of names is log-uniform in rank over 50,000 names, as names have it at resolvers;
500 clients, one in eight over IPv6; 30 days; one row in eight is NXDOMAIN; an answer is one to four
addresses, half of them behind an alias. Deliveries: 800 mail hosts by the same law, five in six accepted.
"""
import random
import struct
import time

NAMES, CLIENTS, HOSTS = 50000, 500, 800
START, SPAN = 1_700_000_000, 30 * 86400
TYPES = [("A", 1)] * 6 + [("AAAA", 28)] * 3 + [("HTTPS", 65), ("MX", 15), ("TXT", 16)]
HEADS = ["www", "api", "cdn-3.static", "mail", "a1967.dscg", "login.accounts", "img", "telemetry.eu-west-1"]
ENDS = ["example.com", "example.net", "example.org", "test", "example"]


class Lookup:
    """One question and what came of it; times in nanoseconds since 1970."""
    __slots__ = ("number", "at", "client", "server", "port", "id", "name", "type", "code", "missing", "records",
                 "took_us", "ttl")


class Delivery:
    """One message, between two hosts; inwards: from the other host to ours."""
    __slots__ = ("number", "at", "host", "address", "inwards", "accepted", "size", "took")


def host_name(rank):
    return f"{HEADS[rank % 8]}.site-{(rank * 2654435761 & 0xffffffff) >> 8:x}.{ENDS[rank % 5]}"


def lookups(rows, seed=1):
    draw = random.Random(seed)
    uniform, bits = draw.random, draw.getrandbits
    names = [host_name(rank) for rank in range(NAMES + 1)]
    clients = [f"2001:db8:1::{i:x}" if i % 8 == 7 else f"10.1.{i // 250}.{i % 250}" for i in range(CLIENTS)]
    for number in range(rows):
        row = Lookup()
        row.number, row.at = number, START * 10**9 + SPAN * 10**9 * number // rows + bits(20)
        row.client = clients[int(uniform() * CLIENTS)]
        row.server = "2001:db8::53" if ":" in row.client else "192.0.2.53"
        row.port, row.id = 1024 + int(uniform() * 64000), bits(16)
        rank = int(NAMES ** uniform())
        row.name = names[rank]
        row.type, row.code = TYPES[int(uniform() * len(TYPES))]
        row.missing = bits(3) == 0
        row.took_us, row.ttl = 100 + int(uniform() ** 4 * 900_000), 1 + int(uniform() * 3600)
        row.records = []
        if not row.missing and row.code in (1, 28):
            owner = row.name
            if bits(1):
                owner = row.name + ".edge.example.net"
                row.records.append((row.name, "CNAME", 5, owner))
            for i in range(1 + bits(2)):
                data = f"2001:db8:{rank % 65536:x}::{i + 1:x}" if row.code == 28 else f"198.51.{rank % 256}.{i + 1}"
                row.records.append((owner, row.type, row.code, data))
        yield row


def deliveries(rows, seed=1):
    draw = random.Random(seed)
    for number in range(rows):
        row = Delivery()
        rank = int(HOSTS ** draw.random())
        row.number, row.at = number, START + SPAN * number / rows
        row.host = f"mx{rank % 4}.post-{rank:x}.{ENDS[rank % 3]}"
        row.address = f"2001:db8:25::{rank:x}" if rank % 9 == 8 else f"198.51.{rank // 250}.{rank % 250}"
        row.inwards, row.accepted = draw.random() < .5, draw.random() < 5 / 6
        row.size, row.took = 500 + int(draw.random() ** 6 * 200_000), draw.random() * 4
        yield row


def address_bytes(text):
    if ":" not in text:
        return bytes(map(int, text.split(".")))
    head, _, tail = text.partition("::")
    head, tail = [[int(word, 16) for word in part.split(":") if word] for part in (head, tail)]
    return struct.pack(">8H", *head, *[0] * (8 - len(head) - len(tail)), *tail)


def name_bytes(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def message(row, is_response):
    """The look-up's query or response as it is on the wire, with the question's name compressed."""
    question = name_bytes(row.name) + struct.pack(">HH", row.code, 1)
    flags = (0x8183 if row.missing else 0x8180) if is_response else 0x0100
    records = row.records if is_response else []
    head = struct.pack(">6H", row.id, flags, 1, len(records), 0, 0)
    out = [head, question]
    for owner, _, code, data in records:
        data = name_bytes(data) if code == 5 else address_bytes(data)
        owner = b"\xc0\x0c" if owner == row.name else name_bytes(owner)
        out.append(owner + struct.pack(">HHIH", code, 1, row.ttl, len(data)) + data)
    return b"".join(out)


_texts = {}


def date(form, seconds):
    """The second by strftime, in UTC; rows come in order of time, so that one is asked for often."""
    key = (form, int(seconds))
    if key not in _texts:
        if len(_texts) > 100:
            _texts.clear()
        _texts[key] = time.strftime(form, time.gmtime(key[1]))
    return _texts[key]
