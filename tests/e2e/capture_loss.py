#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sensor says of its own losses reaches its coverage, and nothing else."""
import json
import math
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, main, zeek_row

START, DAYS = 1462147200, 20  # 2016-05-02, a Monday
LOSS = (b"#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tcapture_loss\n"
        b"#fields\tts\tts_delta\tpeer\tgaps\tacks\tpercent_lost\n")


def at_night(time):
    """An hour of the night of day 12: so few contacts that their absence alone says nothing."""
    return START + 12 * 86400 + 7200 <= time < START + 12 * 86400 + 10800


def seen(lost):
    """Sixty names by day and night, and one that keeps the hour; nine in ten are lost at times."""
    draw = random.Random(5)
    rows = []
    for window in range(DAYS * 144):
        level = 3 * (1 - .8 * math.cos((window / 6 - 3) / 24 * 2 * math.pi))
        for _ in range(40):
            if draw.random() < level / 40:
                rows.append((START + window * 600 + draw.random() * 600, f"192.0.2.{draw.randrange(40)}",
                             f"n{draw.randrange(60)}.example.com"))
        if window % 6 == 0:
            rows.append((START + window * 600 + draw.random() * 20, "192.0.2.250", "beat.example.net"))
    return HEADER + b"".join(zeek_row(*row) for row in sorted(rows) if not lost(row[0]) or draw.random() > .9)


def losses(lost, share=.9, workers=2, rows=slice(None)):
    lines = [f"{time + 900:.6f}\t900.000000\tw-{w}\t{int(5000 * share) if lost(time) else 0}\t{5000 + time % 7 + w}\t0.0\n".encode()
             for time in range(START, START + DAYS * 86400, 900) for w in range(workers)]
    return LOSS + b"".join(lines[rows])


def head(p, case="c"):
    with open(p.path(f"{case}/findings.jsonl"), encoding="utf-8") as f:
        return json.loads(f.readline())


def an_hour_that_the_sensor_lost_is_an_outage(p):
    p.write("dns.log", seen(at_night))
    p.run("hunt", "-C", "without", "dns.log")
    assert "losses" not in head(p, "without") and head(p, "without")["live_share"] == 1
    p.write("capture_loss.log", losses(at_night))
    p.run("hunt", "-C", "c", "dns.log", "capture_loss.log")
    hunt = head(p)
    assert hunt["losses"]["out_s"] == 3600 and not hunt["losses"]["denied"], hunt["losses"]
    assert [d["day"] for d in hunt["coverage"] if d["live"] < 1] == ["2016-05-14"]
    assert hunt["evidence"] != head(p, "without")["evidence"]
    vet = json.loads(p.run("vet", "-C", "c", "--json"))
    assert vet["outages"] == [{"from": "2016-05-14T02:00:00Z", "to": "2016-05-14T03:00:00Z"}], vet["outages"]
    assert vet["losses"] == hunt["losses"]
    text = p.run("hunt", "-C", "c")
    assert "more than half of the usual for 1 h" in " ".join(text.split()), text
    source = [s for s in p.sources() if s["name"] == "capture_loss.log"][0]
    assert source["contacts"] == 0 and source["losses"]["intervals"] == source["records"] == DAYS * 192
    assert "the sensor lost: " in p.run("case", "-C", "c", "sources")
    with open(p.path("c/report.html"), encoding="utf-8") as f:
        assert f.read().count("the sensor lost") == 2
    # and without other names, from the sensor's word alone
    assert "by its own word the sensor lost" in p.run("show", "-C", "c", "beat.example.net")


def a_sensor_that_lost_nothing_changes_nothing(p):
    p.write("dns.log", seen(at_night))
    p.write("capture_loss.log", losses(lambda time: False))
    alone = p.run("hunt", "-C", "without", "dns.log", "--json")
    assert p.run("hunt", "-C", "c", "dns.log", "capture_loss.log", "--json") == alone
    both = head(p)
    assert both.pop("losses") == {"intervals": DAYS * 192, "lost_share": 0, "out_s": 0, "denied": False}
    assert both == head(p, "without")
    assert p.run("show", "-C", "c", "beat.example.net", "--json") == p.run("show", "-C", "without", "beat.example.net", "--json")


def a_log_of_another_sensor_is_not_believed(p):
    p.write("dns.log", seen(lambda time: False))
    p.write("capture_loss.log", losses(lambda time: START + 3 * 86400 <= time < START + 4 * 86400))
    alone = p.run("hunt", "-C", "without", "dns.log", "--json")
    assert p.run("hunt", "-C", "c", "dns.log", "capture_loss.log", "--json") == alone
    assert head(p)["losses"]["denied"] and head(p)["live_share"] == 1
    assert "not taken as outages" in " ".join(p.run("hunt", "-C", "c").split())


def a_grown_log_is_read_on_and_a_known_one_not_again(p):
    whole = losses(at_night, workers=1)
    begun = losses(at_night, workers=1, rows=slice(500))
    p.write("capture_loss.log", begun)
    assert "1 new source" in p.says("ingest", "-C", "c", "capture_loss.log", expect=0)
    assert "1 known before" in p.says("ingest", "-C", "c", "capture_loss.log", expect=0)
    p.write("capture_loss.log", whole)
    p.run("ingest", "-C", "c", "capture_loss.log")
    assert sorted(s["records"] for s in p.sources()) == [500, DAYS * 96 - 500]
    p.write("dns.log", seen(at_night))
    p.run("hunt", "-C", "c", "dns.log")
    p.write("again.log", b"# the same once more\n" + whole)
    p.run("hunt", "-C", "c", "again.log")
    assert head(p)["losses"]["intervals"] == DAYS * 96
    # rows of the two logs in one file, and as JSON
    lines = [json.dumps({"ts": time + 900.0, "ts_delta": 900.0, "peer": "zeek", "gaps": 4500 if at_night(time) else 0,
                         "acks": 5000, "percent_lost": 0.0}) for time in range(START, START + DAYS * 86400, 900)]
    p.write("mixed.log", p_read(p, "dns.log") + whole)
    p.write("loss.json", "\n".join(lines).encode())
    for case, names in (("m", ["mixed.log"]), ("j", ["dns.log", "loss.json"])):
        p.run("hunt", "-C", case, *names)
        assert head(p, case)["losses"]["out_s"] == 3600, case
        assert "known before" in p.says("ingest", "-C", case, *names, expect=0)


def p_read(p, name):
    with open(p.path(name), "rb") as f:
        return f.read()


main([an_hour_that_the_sensor_lost_is_an_outage, a_sensor_that_lost_nothing_changes_nothing,
      a_log_of_another_sensor_is_not_believed, a_grown_log_is_read_on_and_a_known_one_not_again])
