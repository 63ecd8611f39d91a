#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""join.py LODESTONE: look-ups and mail of one host are one target, and what they say of each other is told."""
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, main, zeek_row

HOST, ADDRESS = "mail1.example.net", "198.51.100.25"
REVERSE = "25.100.51.198.in-addr.arpa"
PARTNERS = ("203.0.113.7", "192.0.2.44")
RESOLVERS = ("203.0.113.53", "192.0.2.53")  # of the partners' networks
START, DAYS, TTL = 1_500_000_000, 40, 600
ENDS = START - 100, START + 86400 * DAYS + 100


def smtp_log(rows):
    """rows: (time, client, server, HELO), each a hand-over of one message."""
    head = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tsmtp\n"
            "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\thelo\tlast_reply\n")
    return (head + "".join(f"{t:.6f}\tC{i}\t{client}\t4000\t{server}\t25\t1\t{helo}\t250 ok\n"
                           for i, (t, client, server, helo) in enumerate(sorted(rows)))).encode()


def crowd(r):
    """Names and mail hosts that have nothing to do with it, for as long as the case lasts."""
    dns = [(START + 86400 * DAYS * r.random(), f"192.0.2.{100 + n % 40}", f"www{n % 9}.example.org", f"192.0.2.{n % 9}", TTL)
           for n in range(1500)]
    mail = [(START + 86400 * DAYS * r.random(), f"192.0.2.{200 + n % 20}", "203.0.113.99", "client.example.com")
            for n in range(300)]
    mail += [(START + 1000 * n, f"203.0.113.{150 + n}", "203.0.113.99", "once.example.com") for n in range(30)]
    # the sensors of both saw all of it
    dns += [(t, "192.0.2.100", "www1.example.org", "192.0.2.1", TTL) for t in ENDS]
    return dns, mail + [(t, "192.0.2.200", "203.0.113.99", "client.example.com") for t in ENDS]


def build(p, dns, mail, more=(), mail_crowd=True):
    """A case of these rows behind those of the crowd, the answer to every look-up being the address."""
    rows, sessions = crowd(random.Random(1))
    rows += [(t, peer, HOST, ADDRESS, TTL) for t, peer in dns] + list(more)
    p.write("dns.log", HEADER + b"".join(zeek_row(t, peer, name, answer, ttl) for t, peer, name, answer, ttl in sorted(rows)))
    p.write("smtp.log", smtp_log((sessions if mail_crowd else sessions[-2:]) + mail))
    p.run("ingest", "-C", "c", "dns.log", "smtp.log")


def hunted(p):
    return {(f["target"], f["kind"]): f for f in map(json.loads, p.run("hunt", "-C", "c", "--json").splitlines())}


def writing(r):
    """Messages of the partners to the host, one every few hours, with a look-up before or a cached answer."""
    for day in range(DAYS):
        for n in range(3):
            which = r.randrange(2)
            yield START + 86400 * day + 20000 * n + 3000 * r.random(), which


def looked_up_and_written_to(r):
    met = list(writing(r))
    return ([(t - 20, RESOLVERS[which]) for t, which in met], [(t, PARTNERS[which], ADDRESS, "p.example.com") for t, which in met])


def look_ups_and_mail_of_one_host_agree(p):
    build(p, *looked_up_and_written_to(random.Random(2)))
    found = hunted(p)
    by_name, by_address = found[HOST, "dns"], found[ADDRESS, "smtp"]
    for f, other, target in ((by_name, by_address, ADDRESS), (by_address, by_name, HOST)):
        j = f["joined"]
        assert {(k["key"], k["by"]): (k["lookups"], k["sessions"]) for k in j["keys"]} == {
            (f["target"], None): (3 * DAYS, 0) if f is by_name else (0, 3 * DAYS),
            (target, "A"): (0, 3 * DAYS) if f is by_name else (3 * DAYS, 0)}, j
        assert not any(k["ambiguous"] for k in j["keys"]) and not j["cut"], j
        assert j["verdict"] == "agree" and j["why"] is None, j
        c = j["compared"]
        assert c["lookups"] == c["mail"] == c["mail_with_lookup"] == c["mail_with_near_lookup"] == c["lookups_with_mail"] == 3 * DAYS, c
        # three an hour of 1,200 seconds a day of 86,400
        assert abs(c["by_chance"] - 3 * 1200 / 86400) < .01, c
        # two findings of one host point to each other and keep their places
        assert [(o["rank"], o["target"], o["kind"]) for o in j["findings"]] == [(other["rank"], target, other["kind"])], j
        assert "Look-ups and mail agree" in j["plain"][-1], j
    text = p.run("show", "-C", "c", HOST)
    assert "The host by its other names" in text and f"{ADDRESS}, by A and {HOST}: 120 SMTP sessions." in " ".join(text.split()), text
    with open(p.path("c/report.html"), encoding="utf-8") as f:
        assert "The host by its other names" in f.read()


def either_without_the_other_is_a_contradiction(p):
    r = random.Random(3)
    dns, mail = looked_up_and_written_to(r)
    build(p, dns, mail[:2])
    j = hunted(p)[HOST, "dns"]["joined"]
    assert j["verdict"] == "look-ups without mail" and j["compared"]["lookups_with_mail"] <= 4, j
    # mail has been seen in all the time, only not of this host
    assert j["compared"]["lookups"] > 3 * DAYS - 9, j
    p.run("case", "verify", "-C", "c")


def an_outage_of_the_mail_sensor_contradicts_nothing(p):
    """For 4 of 40 days there is no mail of anybody, and less than half of the look-ups of other days led to none."""
    def seen(t):
        return not 10 <= (t - START) / 86400 < 14
    r = random.Random(11)
    dns, mail = looked_up_and_written_to(r)
    busy = [(START + 86400 * DAYS * r.random(), f"192.0.2.{200 + n % 20}", "203.0.113.98", "busy.example.com") for n in range(6000)]
    outside = [m for m in mail if seen(m[0])]
    build(p, dns, [m for i, m in enumerate(outside) if i % 54 >= 25] + [m for m in busy if seen(m[0])], mail_crowd=False)
    j = hunted(p)[HOST, "dns"]["joined"]
    c = j["compared"]
    assert 2 * c["lookups_with_mail"] < 3 * DAYS  # all look-ups taken, it would be said that they lead to no mail
    assert j["verdict"] == "agree" and c["mail_left_out"] == 0, j
    assert c["lookups_left_out"] in (12, 13) and c["lookups"] + c["lookups_left_out"] == 3 * DAYS, c
    assert "Left out, as the sensor was down" in " ".join(j["plain"]), j


def mail_without_look_ups_is_a_contradiction(p):
    dns, mail = looked_up_and_written_to(random.Random(4))
    build(p, dns[:2], mail)
    j = hunted(p)[ADDRESS, "smtp"]["joined"]
    assert j["verdict"] == "mail without look-ups" and j["compared"]["mail_with_lookup"] <= 4, j
    assert "Mail without look-ups" in " ".join(j["plain"]), j
    # looked at alone, it is not known for how long there was anybody to see look-ups
    j = json.loads(p.run("show", "-C", "c", "--json", ADDRESS))["joined"]
    assert j["verdict"] == "cannot tell" and j["compared"]["lookups"] < 3, j


def without_mail_in_the_case_nothing_is_contradicted(p):
    dns, _ = looked_up_and_written_to(random.Random(5))
    rows, _ = crowd(random.Random(1))
    p.write("dns.log", HEADER + b"".join(zeek_row(t, peer, name, *a) for t, peer, name, *a in
                                         sorted(rows + [(t, peer, HOST, ADDRESS, TTL) for t, peer in dns])))
    p.run("ingest", "-C", "c", "dns.log")
    j = hunted(p)[HOST, "dns"]["joined"]
    assert (j["verdict"], j["why"], j["compared"], j["plain"]) == ("cannot tell", "the case holds no mail", None, []), j


def an_address_of_many_names_is_not_followed_by_them(p):
    dns, mail = looked_up_and_written_to(random.Random(6))
    build(p, dns, mail, [(START + n, "192.0.2.9", f"site{n}.example.com", ADDRESS, TTL) for n in range(9)])
    j = hunted(p)[ADDRESS, "smtp"]["joined"]
    assert [k["key"] for k in j["keys"]] == [ADDRESS] and j["not_followed"] == [{"key": ADDRESS, "by": "A"}], j
    # the other way round its name leads there, but who else is behind the address is not known
    j = hunted(p)[HOST, "dns"]["joined"]
    assert [k["key"] for k in j["keys"]] == [HOST, ADDRESS] and j["not_followed"] == [{"key": ADDRESS, "by": "A"}], j


def what_has_several_ends_is_marked(p):
    dns, mail = looked_up_and_written_to(random.Random(7))
    build(p, dns, mail, [(START + 5, "192.0.2.9", "other.example.com", ADDRESS, TTL)])
    keys = {k["key"]: k for k in hunted(p)[ADDRESS, "smtp"]["joined"]["keys"]}
    assert keys[HOST]["ambiguous"] and keys["other.example.com"]["ambiguous"] and not keys[ADDRESS]["ambiguous"], keys


def the_order_of_the_evidence_does_not_matter(p):
    build(p, *looked_up_and_written_to(random.Random(8)))
    first = hunted(p)
    for turn, names in enumerate((("smtp.log", "dns.log"), ("dns.log",))):
        p.run("ingest", "-C", f"d{turn}", *names[:1])
        for name in names[1:] or ("smtp.log",):
            p.run("ingest", "-C", f"d{turn}", name)
        os.rename(p.path("c"), p.path(f"old{turn}"))
        os.rename(p.path(f"d{turn}"), p.path("c"))
        for k, f in hunted(p).items():
            assert f["joined"] == first[k]["joined"], (k, f["joined"], first[k]["joined"])


def a_mail_host_stands_beside_the_usual_one(p):
    build(p, *looked_up_and_written_to(random.Random(9)))
    found = hunted(p)
    for key, own in (((HOST, "dns"), ("look-ups", 2)), ((ADDRESS, "smtp"), ("received", 2)), ((PARTNERS[0], "smtp"), ("sent", 1))):
        rows = found[key]["usual"]["rows"]
        # two hosts received and have no median; twenty clients and the partners sent, and others once
        assert [(r["way"], r["hosts"] is None) for r in rows] == [(own[0], True), ("sent", False)], rows
        assert rows[0]["partners"] == own[1] and rows[1]["partners"] == 1, rows
        assert rows[1]["hosts"] == 22 and .3 < rows[1]["per_day"] < .5, rows
        assert found[key]["usual"]["plain"][1].startswith("The median of "), rows
    assert found[HOST, "dns"]["usual"]["rows"][0]["per_day"] == 3, found[HOST, "dns"]["usual"]
    with open(p.path("c/report.html"), encoding="utf-8") as f:
        assert "Beside a normal mail host" in f.read()
    # alone it stands beside the same hosts, in the same words
    alone = json.loads(p.run("show", "-C", "c", "--json", ADDRESS))["usual"]
    assert alone == found[ADDRESS, "smtp"]["usual"], alone
    page = " ".join(p.run("show", "-C", "c", ADDRESS).split())
    assert "Beside a normal mail host" in page and alone["plain"][0] in page and alone["plain"][1] in page, page


def without_mail_names_stand_for_it(p):
    rows = crowd(random.Random(1))[0] + [(t, peer, HOST, ADDRESS, TTL) for t, peer in looked_up_and_written_to(random.Random(9))[0]]
    p.write("dns.log", HEADER + b"".join(zeek_row(t, peer, name, *a) for t, peer, name, *a in sorted(rows)))
    p.run("ingest", "-C", "c", "dns.log")
    f = hunted(p)[HOST, "dns"]
    own, usual = f["usual"]["rows"]
    assert own["hosts"] is None and (usual["way"], usual["hosts"], usual["partners"]) == ("look-ups", 10, 40), f["usual"]
    assert usual["hours"] in (11, 12), usual  # at any time
    # show reads no other names: its own figures in the same words, and who has the others
    alone = json.loads(p.run("show", "-C", "c", "--json", HOST))["usual"]
    assert alone["rows"] == [own] and alone["plain"][0] == f["usual"]["plain"][0], alone
    assert alone["plain"][1].startswith("No mail host of the case stands beside it here"), alone


main([look_ups_and_mail_of_one_host_agree, either_without_the_other_is_a_contradiction,
      an_outage_of_the_mail_sensor_contradicts_nothing, mail_without_look_ups_is_a_contradiction,
      without_mail_in_the_case_nothing_is_contradicted, an_address_of_many_names_is_not_followed_by_them,
      what_has_several_ends_is_marked, the_order_of_the_evidence_does_not_matter,
      a_mail_host_stands_beside_the_usual_one, without_mail_names_stand_for_it])
