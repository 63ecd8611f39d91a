#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""enrich.py LODESTONE: what files of the user say of a target and its peers is shown, and decides nothing."""
import hashlib
import json
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, main, zeek_row

PEERS = ("198.51.100.1", "198.51.100.2", "203.0.113.9", "192.0.2.77")


def mmdb_value(value):
    """The data section of a MaxMind DB file, of the types that these tests need."""
    if isinstance(value, str):
        raw = value.encode()
        return (bytes([2 << 5 | len(raw)]) if len(raw) < 29 else bytes([2 << 5 | 29, len(raw) - 29])) + raw
    if isinstance(value, int):
        return bytes([6 << 5 | 4]) + struct.pack(">I", value)
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(mmdb_value, value))
    return bytes([7 << 5 | len(value)]) + b"".join(mmdb_value(k) + mmdb_value(v) for k, v in value.items())


def mmdb(networks):
    """{"198.51.100.0/24": {...}} as a file: a tree of 24-bit records over IPv4."""
    nodes, data = [[None, None]], b""
    for network, value in networks.items():
        address, length = network.split("/")
        bits = "".join(f"{int(part):08b}" for part in address.split("."))[:int(length)]
        at = 0
        for bit in bits[:-1]:
            if nodes[at][int(bit)] is None:
                nodes[at][int(bit)] = len(nodes)
                nodes.append([None, None])
            at = nodes[at][int(bit)]
        nodes[at][int(bits[-1])] = ("data", len(data))
        data += mmdb_value(value)
    count = len(nodes)

    def record(x):
        number = count if x is None else count + 16 + x[1] if isinstance(x, tuple) else x
        return struct.pack(">I", number)[1:]

    meta = {"node_count": count, "record_size": 24, "ip_version": 4, "database_type": "Test", "languages": [],
            "binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": 1, "description": {}}
    # numbers of 16 and 64 bits have types of their own there
    coded = b"".join(mmdb_value(k) + (bytes([5 << 5 | 1, v]) if k in ("record_size", "ip_version") or "version" in k
                                      else bytes([1, 2, v]) if k == "build_epoch" else mmdb_value(v))
                     for k, v in meta.items())
    return (b"".join(record(x) for node in nodes for x in node) + bytes(16) + data
            + b"\xab\xcd\xefMaxMind.com" + bytes([7 << 5 | len(meta)]) + coded)


def prepare(p):
    rows = []
    for day in range(12):
        for peer in range(12):  # a crowd that the needle is compared with
            rows.append((86400 * day + peer * 601, f"192.0.2.{100 + peer % 40}", f"www{peer % 7}.example.org"))
        for n in range(6):
            rows.append((86400 * day + 3000 + 9000 * n + day * 61, PEERS[(day + n) % 4], "mail1.example.net"))
    p.write("dns.log", HEADER + b"".join(zeek_row(1_500_000_000 + t, peer, name) for t, peer, name in sorted(rows)))
    p.write("as.mmdb", mmdb({
        "198.51.100.0/24": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example \x1b[1m<b>"},
        "203.0.113.0/24": {"autonomous_system_number": 64500, "autonomous_system_organization": "Example \x1b[1m<b>"}}))
    p.write("place.mmdb", mmdb({"198.51.100.0/25": {"country": {"iso_code": "DE"}}}))
    p.write("top.csv", b"1,example.com\r\n77,example.net\r\n")
    p.run("ingest", "-C", "c", "dns.log")


GIVEN = ("--networks", "as.mmdb", "--places", "place.mmdb", "--popularity", "top.csv")


def hunt(p, *words):
    found = [json.loads(line) for line in p.run("hunt", "-C", "c", "--json", *words).splitlines()]
    return {f["target"]: f for f in found}


def check_operators(e):
    assert (e["registered_domain"], e["listed"], e["place"]) == ("example.net", "example.net", 77), e
    # three peers are of one network, and one of none: it stands for its /24
    assert e["operators"] == 2 and abs(e["operators_effective"] - 1 / (.75 ** 2 + .25 ** 2)) < 1e-4, e
    by_address = {n["address"]: n for n in e["networks"]}
    assert set(by_address) == set(PEERS), e
    assert by_address["198.51.100.1"]["as"] == 64500 and by_address["198.51.100.1"]["country"] == "DE", e
    assert by_address["192.0.2.77"]["as"] is None and by_address["203.0.113.9"]["country"] is None, e


def peers_of_one_network_are_one_operator_and_no_test_changes(p):
    prepare(p)
    plain, rich = hunt(p), hunt(p, *GIVEN)
    check_operators(rich["mail1.example.net"]["enrichment"])
    assert list(plain) == list(rich)
    for target, f in plain.items():
        assert f["enrichment"]["networks"] == [] and f["enrichment"]["place"] is None, f
        if target == "mail1.example.net":  # without the file each of its /24s is an operator
            assert f["enrichment"]["operators"] == 3, f
        for g in (f, rich[target]):
            g.pop("enrichment")
            for key in ("p_operators", "operators", "operators_expected"):
                g["tests"]["narrowness"].pop(key, None)
        assert f == rich[target]
    the_files_are_stated_by_their_digests(p)


def the_files_are_stated_by_their_digests(p):
    digests = {}
    for key, name in (("networks", "as.mmdb"), ("places", "place.mmdb"), ("popularity", "top.csv")):
        with open(p.path(name), "rb") as f:
            digests[key] = "sha256:" + hashlib.sha256(f.read()).hexdigest()
    with open(p.path("c/findings.jsonl"), encoding="utf-8") as f:
        settings = json.loads(f.readline())["settings"]
    with open(p.path("c/report.html"), encoding="utf-8") as f:
        page = f.read()
    dossier = p.run("show", "-C", "c", *GIVEN, "mail1.example.net")
    for key, digest in digests.items():
        assert settings[key] == digest
        assert f" {key}={digest}" in page
        assert digest[len("sha256:"):] in "".join(dossier.split())
    assert "at place 77" in dossier and "AS64500" in dossier and "2 operators" in dossier, dossier
    # the name of a network is foreign text
    assert "\x1b" not in dossier and "\x1b" not in page, dossier
    assert "1m<b>" not in page and "1m&lt;b&gt;" in page, page


def a_damaged_file_is_an_error_that_names_it(p):
    prepare(p)
    with open(p.path("as.mmdb"), "rb") as f:
        whole = f.read()
    p.write("cut.mmdb", whole[:200])
    p.write("empty.mmdb", b"")
    p.write("bad.csv", b"1,example.com\nexample.net,2\n")
    for option, name in (("--networks", "cut.mmdb"), ("--places", "empty.mmdb"), ("--popularity", "bad.csv"),
                         ("--networks", "none.mmdb"), ("--places", "c")):
        err = p.says("hunt", "-C", "c", option, name)
        assert f"'{name}'" in err, err
    assert "line 2" in p.says("show", "-C", "c", "--popularity", "bad.csv", "mail1.example.net")


main([peers_of_one_network_are_one_operator_and_no_test_changes, a_damaged_file_is_an_error_that_names_it])
