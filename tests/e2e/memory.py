#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""memory.py LODESTONE FAIL_ALLOC_SO: let requests for memory fail, one a run; no crash, no lie, no loss.

Each command is first run to count its requests. Of these POINTS, spread by a seeded draw over the
whole run, fail in turn; LODESTONE_LONG=1 lets each of them fail. A second sort of run has all requests
fail from one on, as they do when memory is really used up.
"""
import os
import random
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, PCAP_HEADER, dns_packet, main, zeek_log, zeek_row

POINTS = 40
SEED = 1
PRELOAD = os.path.abspath(sys.argv[2])
LONG = os.environ.get("LODESTONE_LONG") == "1"
SCENARIO = b"""\
start: 2016-05-04
days: 6
digits: 0
servers: [192.0.2.53]
crowds:
  - { names: 10, requests: 400, resolvers: 5, exponent: 0.1, suffix: busy.example }
targets:
  - name: mail1.example.net
    class: clock
    needle: true
    type: A
    ttl: 60
    address: 198.51.100.25
    clients: [ { model: clock, peers: [203.0.113.10], gap_s: 3600 } ]
"""


def make_evidence(p):
    p.write("a.pcap", PCAP_HEADER + b"".join(
        dns_packet(1_490_000_000_000_000 + i * 1000, "198.51.100.7", f"n{i % 9}.example", i)
        for i in range(30)))
    p.write("a.log", zeek_log(30))


def requests_of(p, words):
    p.run(*words, env={"LD_PRELOAD": PRELOAD, "FAIL_COUNT": p.path("count")})
    with open(p.path("count")) as f:
        count = int(f.read())
    assert count > 100, (words, count)
    return count


def points(count, how_many):
    """Which requests fail: (first, last)."""
    if LONG:
        return [(n, n) for n in range(1, count + 1)] + [(n, 10 ** 9) for n in range(1, count + 1, 16)]
    draws = random.Random(SEED)
    # one from each of as many equal parts
    spread = [1 + int(count * (i + draws.random()) / how_many) for i in range(how_many)]
    return [(n, n) for n in spread] + [(n, 10 ** 9) for n in spread[::6]]


def fail_everywhere(p, words, how_many=POINTS, before=lambda: None, after=lambda complete: None):
    """after(complete) is told whether the run claims to have done its work."""
    before()
    count = requests_of(p, words)
    whole = {p.run(*words)}
    before()
    # one that cannot load its locale draws in ASCII
    whole.add(p.run(*words, env={"LC_ALL": "C"}))
    refused = 0
    for first, last in points(count, how_many):
        before()
        done = p.run_raw(*words, env={"LD_PRELOAD": PRELOAD, "FAIL_AT": f"{first}-{last}"})
        at = f"{' '.join(words)}: requests {first} to {last} of {count} fail: {done}"
        assert done.returncode in (0, 2), at
        if done.returncode == 2:
            assert b"memory" in done.stderr or b"open file" in done.stderr or b"libyaml" in done.stderr, at
            refused += 1
        else:
            assert done.stdout.decode() in whole, at
        try:
            after(done.returncode == 0)
        except AssertionError as e:
            raise AssertionError(at) from e
    # most must be felt, or nothing has been tested
    assert refused > how_many / 2, (words, refused)
    print(f"{refused} failures of {count} requests of {words[0]}, seed {SEED}", flush=True)


def an_ingest_without_memory_loses_and_doubles_nothing(p):
    make_evidence(p)
    words = ("ingest", "-C", "c", "a.pcap", "a.log")
    p.run("ingest", "-C", "whole", *words[3:])
    expected = p.run("contacts", "-C", "whole"), p.sources("whole")

    def after(complete):
        if not complete:
            p.run(*words)
        assert (p.run("contacts", "-C", "c"), p.sources()) == expected

    fail_everywhere(p, words, before=lambda: shutil.rmtree(p.path("c"), ignore_errors=True), after=after)


def a_grown_log_without_memory_is_read_on_as_ever(p):
    log = zeek_log(60)
    cut = log.rindex(b"\n", 0, len(log) // 2) + 1
    p.write("a.log", log[:cut])
    p.run("ingest", "-C", "base", "a.log")
    p.write("a.log", log)
    shutil.copytree(p.path("base"), p.path("whole"))
    p.run("ingest", "-C", "whole", "a.log")
    expected = p.run("contacts", "-C", "whole"), p.sources("whole")
    words = ("ingest", "-C", "c", "a.log")

    def before():
        shutil.rmtree(p.path("c"), ignore_errors=True)
        shutil.copytree(p.path("base"), p.path("c"))

    def after(complete):
        if not complete:
            p.run(*words)
        assert (p.run("contacts", "-C", "c"), p.sources()) == expected

    fail_everywhere(p, words, before=before, after=after)


def a_listing_without_memory_is_whole_or_refused(p):
    make_evidence(p)
    p.run("ingest", "-C", "c", "a.pcap", "a.log")
    fail_everywhere(p, ("contacts", "-C", "c"))
    fail_everywhere(p, ("case", "-C", "c", "sources", "--json"))


def a_hunt_without_memory_is_whole_or_refused(p):
    rows = [zeek_row(1_500_000_000 + i * 7000, "198.51.100.200", "beacon.example") for i in range(60)]
    rows += [zeek_row(1_500_000_000 + i * 40_000 + n, f"198.51.100.{n + i % 3}", f"n{n}.example")
             for n in range(4) for i in range(9)]
    p.write("h.log", HEADER + b"".join(rows))
    p.run("ingest", "-C", "c", "h.log")
    assert "1 name stands out" in p.run("hunt", "-C", "c")
    fail_everywhere(p, ("hunt", "-C", "c", "--jobs", "1"), how_many=POINTS // 3)


def a_simulation_without_memory_is_whole_or_refused(p):
    p.write("s.yaml", SCENARIO)
    p.run("simulate", "s.yaml", "-o", "whole.log")
    with open(p.path("whole.log"), "rb") as f:
        whole = f.read()

    def after(complete):
        if complete:
            with open(p.path("s.log"), "rb") as f:
                assert f.read() == whole

    fail_everywhere(p, ("simulate", "s.yaml", "-o", "s.log"), after=after)


if __name__ == "__main__":
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"
          and v not in (make_evidence, requests_of, points, fail_everywhere)])
