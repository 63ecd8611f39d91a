#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kill.py LODESTONE KILL_AT_SO: kill -9 before every kind of write; nothing lost, nothing doubled."""
import os
import random
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, PCAP_HEADER, dns_packet, main, zeek_log, zeek_rows

POINTS = 18  # instrumented kills in each situation; there are three
RANDOM_KILLS = 20
PRELOAD = os.path.abspath(sys.argv[2])


def make_evidence(p):
    """Ten sources of every sort; the last is a grown form of the first."""
    rows = zeek_rows(150)
    p.write("e/0.log", HEADER + b"".join(rows[:100]))
    for n in range(1, 6):
        p.write(f"e/{n}.log", zeek_log(100, n))
    p.write_gzip("e/6.log.gz", zeek_log(100, 6))
    p.write("e/7.pcap", PCAP_HEADER + b"".join(
        dns_packet(1_490_000_000_000_000 + i * 1000, "198.51.100.7", f"n{i % 9}.example", i)
        for i in range(100)))
    p.write("e/8.txt", b"of no format\n")
    p.write("e/9.log", HEADER + b"".join(rows))
    return [f"e/{name}" for name in sorted(os.listdir(p.path("e")))]


def state(p, case):
    """Everything that a user can see of a case."""
    sources = p.run("case", "-C", case, "sources", "--json")
    return sources, p.run("contacts", "-C", case), p.run("facts", "-C", case)


def assert_whole(p, case):
    """Between a kill and the next run: what is in is in as a whole, and agrees."""
    listed = p.run_raw("case", "-C", case, "sources", "--json")
    if listed.returncode == 2 and b"no case in" in listed.stderr:
        return  # killed before there was one
    p.run("case", "-C", case, "verify")
    shown = p.run("contacts", "-C", case).splitlines()
    for source in p.sources(case):
        rows = sum(1 for row in shown if row.split("\t")[8] == source["source"][7:23])
        assert rows == source["contacts"], (source["name"], rows)


def copy_case(p, base, case):
    shutil.rmtree(p.path(case), ignore_errors=True)
    if base is not None:
        shutil.copytree(p.path(base), p.path(case))


def kill_everywhere(p, base, words, expected, check=assert_whole):
    """Run the command on copies of the base case, killed at points spread over all its writes."""
    copy_case(p, base, "k")
    p.run(*words, env={"LD_PRELOAD": PRELOAD, "KILL_COUNT": p.path("count")})
    with open(p.path("count")) as f:
        count = int(f.read())
    assert count > POINTS, count
    killed = 0
    for i in range(POINTS):
        copy_case(p, base, "k")
        at = 1 + i * (count - 1) // (POINTS - 1)
        done = p.run_raw(*words, env={"LD_PRELOAD": PRELOAD, "KILL_AT": str(at)})
        killed += done.returncode == -signal.SIGKILL
        check(p, "k")
        p.run(*words)
        assert state(p, "k") == expected, f"killed at write {at} of {count}"
        left = [n for n in os.listdir(p.path("k/haystack")) if "tmp" in n]
        assert not left, f"killed at write {at} of {count}: left behind {left}"
    assert killed >= POINTS - 2, killed  # the last writes may vary by one or two
    print(f"{killed} kills among {count} writes of {words[0]}")


def a_first_ingest_may_die_anywhere(p):
    paths = make_evidence(p)
    p.run("ingest", "-C", "whole", *paths, expect=2)  # for 8.txt
    words = ("ingest", "-C", "k", "e")
    kill_everywhere(p, None, words, state(p, "whole"))


def an_ingest_that_compacts_may_die_anywhere(p):
    paths = make_evidence(p)
    for path in paths[:8]:
        p.run("ingest", "-C", "base", path)
    copy_case(p, "base", "whole")
    p.run("ingest", "-C", "whole", "e")
    kill_everywhere(p, "base", ("ingest", "-C", "k", "e"), state(p, "whole"))


def a_compaction_may_die_anywhere(p):
    for path in make_evidence(p)[:6]:
        p.run("ingest", "-C", "base", path)
    kill_everywhere(p, "base", ("case", "-C", "k", "compact"), state(p, "base"))


def an_ingest_may_die_at_any_moment(p):
    paths = make_evidence(p)
    p.run("ingest", "-C", "whole", *paths, expect=2)
    expected = state(p, "whole")
    seed = 1
    draws = random.Random(seed)
    begin = time.monotonic()
    p.run("ingest", "-C", "timed", "e")
    took = time.monotonic() - begin
    kills = 0
    for _ in range(RANDOM_KILLS):
        run = subprocess.Popen([p.lodestone, "ingest", "-C", "r", "e"], cwd=p.folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(draws.uniform(0, took))
        run.kill()
        kills += run.wait() == -signal.SIGKILL
        assert_whole(p, "r")
        if draws.random() < 0.5:  # go on from where it died, or begin anew
            p.run("ingest", "-C", "r", "e")
            assert state(p, "r") == expected
            shutil.rmtree(p.path("r"))
    p.run("ingest", "-C", "r", "e")
    assert state(p, "r") == expected
    print(f"{kills} kills at random moments, seed {seed}")
    assert kills > 0


def a_signal_leaves_what_is_whole(p):
    paths = make_evidence(p)
    p.run("ingest", "-C", "whole", *paths, expect=2)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)  # it may be ignored where the tests run in the background
        run = subprocess.Popen([p.lodestone, "ingest", "-C", f"s{int(number)}", "e/0.log", "-"], cwd=p.folder,
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        # it reads the second source until we stop; more than it looks up after
        time.sleep(0.3)
        run.send_signal(number)
        try:
            for seed in range(200):
                run.stdin.write(zeek_log(500, 50) if seed == 0 else b"".join(zeek_rows(500, 50 + seed)))
        except BrokenPipeError:
            pass
        err = run.stderr.read()
        try:
            run.stdin.close()
        except BrokenPipeError:
            pass
        assert run.wait() == -number, (run.returncode, err)
        assert b"what was whole is in" in err, err
        assert [s["name"] for s in p.sources(f"s{int(number)}")] == ["e/0.log"]
        p.run("case", "-C", f"s{int(number)}", "verify")


def an_ignored_signal_stops_nothing(p):
    p.write("a.log", zeek_log(100))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    run = subprocess.Popen([p.lodestone, "ingest", "-C", "c", "-"], cwd=p.folder, stdin=subprocess.PIPE,
                           stderr=subprocess.PIPE)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    time.sleep(0.3)
    run.send_signal(signal.SIGHUP)
    run.communicate(zeek_log(500, 50))
    assert run.returncode == 0, run.returncode
    assert len(p.sources("c")) == 1


if __name__ == "__main__":
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"
          and v not in (make_evidence, state, assert_whole, copy_case, kill_everywhere)])
