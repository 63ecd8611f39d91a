#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ingest: idempotent, in any order, grown files read on, bad files listed and survived."""
import fcntl
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import (HEADER, PCAP_HEADER, dns_packet, main, zeek_log, zeek_row, zeek_rows)


def the_same_file_twice_is_in_once(p):
    p.write("a.log", zeek_log(200))
    p.run("ingest", "-C", "c", "a.log")
    first, store = p.run("contacts", "-C", "c"), p.store_bytes()
    p.run("ingest", "-C", "c", "a.log")
    p.run("ingest", "-C", "c", "a.log", "a.log")
    assert p.run("contacts", "-C", "c") == first
    assert p.store_bytes() == store
    assert first.count("\n") == 200 and len(p.sources()) == 1


def a_file_and_its_compressed_form_are_one_source(p):
    p.write("x.log", zeek_log(100))
    p.write_gzip("x.log.gz", zeek_log(100))
    p.run("ingest", "-C", "c", "x.log.gz", "x.log")
    assert [s["name"] for s in p.sources()] == ["x.log.gz"]
    assert p.run("contacts", "-C", "c").count("\n") == 100
    # known by its own digest now, whichever came first
    assert "2 known" in p.says("ingest", "-C", "c", "x.log", "x.log.gz", expect=0)


def a_grown_log_gives_what_the_whole_log_gives(p):
    rows = zeek_rows(300)
    for n, cut in enumerate((50, 51, 200, 300)):
        # the last row is being written while we look, but for the last time
        tail = b"" if cut == 300 else rows[cut][:20]
        p.write("dns.log", HEADER + b"".join(rows[:cut]) + tail)
        p.run("ingest", "-C", "c", "dns.log")
        assert len(p.rows("-C", "c")) == cut, (n, cut)
    p.write("whole.log", HEADER + b"".join(rows))
    assert p.rows("-C", "c") == p.rows("whole.log")
    # only the new part was read each time
    assert sorted(s["records"] for s in p.sources()) == [1, 50, 100, 149]


def a_grown_log_may_have_been_compressed_since(p):
    rows = zeek_rows(80)
    p.write("dns.log", HEADER + b"".join(rows[:60]))
    p.run("ingest", "-C", "c", "dns.log")
    p.write_gzip("dns.2017.log.gz", HEADER + b"".join(rows))
    p.run("ingest", "-C", "c", "dns.2017.log.gz")
    assert sorted(s["records"] for s in p.sources()) == [20, 60]
    assert len(p.rows("-C", "c")) == 80


def a_log_that_only_begins_alike_is_new(p):
    rows = zeek_rows(300)
    p.write("a.log", HEADER + b"".join(rows[:200]))
    # far behind the 4096 bytes that candidates are found by
    p.write("b.log", HEADER + b"".join(rows[:150]) + b"".join(zeek_rows(100, seed=5)))
    p.run("ingest", "-C", "c", "a.log")
    p.run("ingest", "-C", "c", "b.log")
    assert sorted(s["records"] for s in p.sources()) == [200, 250]
    # rows equal in two sources are one contact
    assert len(p.rows("-C", "c")) == 300


def a_grown_capture_joins_queries_with_their_late_answers(p):
    packets = []
    for i in range(40):
        at = 1_500_000_000_000_000 + i * 10_000_000
        packets += [dns_packet(at, "198.51.100.7", f"h{i % 5}.example.org", i),
                    dns_packet(at + 20_000, "198.51.100.7", f"h{i % 5}.example.org", i, response=True)]
    whole = PCAP_HEADER + b"".join(packets)
    for cut in (41, 80):  # the first time between a query and its answer
        p.write("t.pcap", PCAP_HEADER + b"".join(packets[:cut]))
        p.run("ingest", "-C", "c", "t.pcap")
    p.write("whole.pcap", whole)
    assert p.rows("-C", "c") == p.rows("whole.pcap")
    assert len(p.rows("-C", "c")) == 40
    assert all(row.endswith("\tqr") for row in p.rows("-C", "c"))


def evidence_in_any_order_gives_the_same_bytes(p):
    names = []
    for seed in range(3):
        names.append(f"{seed}.log")
        p.write(names[-1], zeek_log(120, seed))
    # the same rows again in another source
    p.write("3.log", HEADER + b"".join(zeek_rows(60, 1) + zeek_rows(60, 2)))
    names.append("3.log")
    stores, views = [], []
    for n, order in enumerate(itertools.permutations(names)):
        if n % 5 == 0:  # one process for all, or one for each
            p.run("ingest", "-C", f"c{n}", *order)
        else:
            for name in order:
                p.run("ingest", "-C", f"c{n}", name)
        p.run("case", "-C", f"c{n}", "compact")
        stores.append(p.store_bytes(f"c{n}"))
        views.append(p.run("contacts", "-C", f"c{n}") + p.run("facts", "-C", f"c{n}"))
    assert len(stores) == 24
    assert all(s == stores[0] for s in stores)
    assert all(v == views[0] for v in views)


def a_directory_is_walked_and_its_bad_files_are_listed(p):
    p.write("e/2017/a.log", zeek_log(30))
    p.write_gzip("e/b.log.gz", zeek_log(40, 1))
    p.write("e/notes.txt", b"not evidence at all\n")
    p.write("e/empty", b"")
    cut = HEADER + b"".join(zeek_rows(50, 2))
    p.write("e/cut.pcap", PCAP_HEADER + dns_packet(1_500_000_000_000_000, "198.51.100.9", "a.example", 1)
            + b"\0" * 7)
    os.symlink("nowhere", p.path("e/dangling"))
    p.write("e/row.log", cut + b"1500000000.5\tshort\n")
    p.run("ingest", "-C", "c", "e")
    states = {s["name"]: (s["state"], s["contacts"]) for s in p.sources()}
    assert states["e/2017/a.log"] == ("complete", 30)
    assert states["e/b.log.gz"] == ("complete", 40)
    assert states["e/notes.txt"] == ("unknown", 0)
    assert states["e/empty"] == ("unknown", 0)
    assert states["e/cut.pcap"] == ("damaged", 1)
    assert states["e/row.log"][1] == 50
    assert len(states) == 6
    assert sum(sum(s["skipped"].values()) for s in p.sources() if s["name"] == "e/row.log") == 1
    p.run("case", "-C", "c", "verify")


def a_cut_gzip_file_gives_what_is_before_the_cut(p):
    p.write_gzip("whole.gz", zeek_log(2000))
    with open(p.path("whole.gz"), "rb") as f:
        half = f.read()
    p.write("half.log.gz", half[:len(half) // 2])
    p.run("ingest", "-C", "c", "half.log.gz")
    source, = p.sources()
    assert source["state"] == "damaged" and 0 < source["contacts"] < 2000
    # the whole file later: its new part is read on
    p.write_gzip("half.log.gz", zeek_log(2000))
    p.run("ingest", "-C", "c", "half.log.gz")
    assert len(p.rows("-C", "c")) == 2000


def a_named_file_that_gives_nothing_is_a_failure(p):
    p.write("notes.txt", b"hello\n")
    p.write("good.log", zeek_log(10))
    p.write("none.log", HEADER)
    assert "notes.txt" in p.says("ingest", "-C", "c", "notes.txt", "good.log")
    assert len(p.rows("-C", "c")) == 10
    # the second time it is known, and still nothing
    assert "none.log" in p.says("ingest", "-C", "d", "none.log")
    assert "none.log" in p.says("ingest", "-C", "d", "none.log")
    assert "no such file 'god.log', did you mean 'good.log'?" in p.says("ingest", "-C", "e", "god.log")
    assert not os.path.exists(p.path("e"))


def standard_input_is_evidence_too(p):
    log = zeek_log(25)
    p.write("a.log", log)
    assert p.run("contacts", "-", stdin=log) == p.run("contacts", "a.log")
    p.run("ingest", "-C", "c", "-", stdin=log)
    p.run("ingest", "-C", "c", "a.log")
    assert len(p.sources()) == 1


def a_forced_format_is_kept_to(p):
    body = b"".join(zeek_rows(5))
    p.write("headless", body)
    assert "there are " in p.says("ingest", "-C", "c", "--format", "zek", "headless")
    p.says("ingest", "-C", "c", "--format", "pcap", "headless")


def as_nobody(p, *words):
    """Run without the rights of root, who reads and writes everything."""
    if os.geteuid() != 0:
        return p.run_raw(*words)
    os.chmod(p.folder, 0o755)
    program = shutil.copy(p.lodestone, p.path("lodestone"))
    return subprocess.run([program, *words], cwd=p.folder, capture_output=True, timeout=120,
                          user=65534, group=65534, extra_groups=[])


def what_may_not_be_read_does_not_stop_the_rest(p):
    p.write("e/a.log", zeek_log(10))
    p.write("e/b.log", zeek_log(10, 1))
    os.chmod(p.path("e/a.log"), 0)
    done = as_nobody(p, "contacts", "e")
    assert done.returncode == 0 and done.stdout.count(b"\n") == 10, done
    assert b"e/a.log" in done.stderr and b"Permission denied" in done.stderr
    assert as_nobody(p, "contacts", "e/a.log").returncode == 2


def a_case_that_may_not_be_written_can_be_read(p):
    p.write("a.log", zeek_log(50))
    p.run("ingest", "-C", "c", "a.log")
    before = p.run("contacts", "-C", "c")
    for folder, _, files in os.walk(p.path("c")):
        os.chmod(folder, 0o555)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o444)
    assert as_nobody(p, "contacts", "-C", "c").stdout.decode() == before
    assert as_nobody(p, "case", "-C", "c", "verify").returncode == 0
    refused = as_nobody(p, "ingest", "-C", "c", "a.log")
    assert refused.returncode == 2 and b"cannot write to case" in refused.stderr, refused


def an_old_case_on_a_read_only_medium_can_be_read(p):
    p.write("a.log", zeek_log(50))
    p.run("ingest", "-C", "c", "a.log")
    before = [p.run(*words, "-C", "c") for words in (("contacts",), ("case", "sources"))]
    catalogue = sqlite3.connect(p.path("c/catalogue.db"))
    catalogue.executescript("DROP TABLE mark; DROP TABLE loss; PRAGMA user_version = 1; PRAGMA journal_mode = DELETE")
    catalogue.close()
    for folder, _, files in os.walk(p.path("c")):
        os.chmod(folder, 0o555)
        for name in files:
            os.chmod(os.path.join(folder, name), 0o444)
    done = [as_nobody(p, *words, "-C", "c") for words in (("contacts",), ("case", "sources"), ("case", "marks"))]
    assert [d.stdout.decode() for d in done] == before + [""], done
    assert b"cannot write to case" in as_nobody(p, "case", "-C", "c", "note", "a.example", "x").stderr
    os.chmod(p.path("c"), 0o755)
    os.chmod(p.path("c/catalogue.db"), 0o644)
    p.run("case", "-C", "c", "note", "a.example", "x")  # where it can be written it is brought forward
    assert "a.example" in p.run("case", "-C", "c", "marks")


def hostile_names_are_listed_and_harmless(p):
    names = ["a\nb.log", "-n.log", "\u202egol.log", "'; DROP TABLE source; --", "$(touch owned)"]
    for n, name in enumerate(names):
        p.write(f"e/{name}", zeek_log(10, n))
    with open(os.path.join(os.fsencode(p.folder), b"e", b"\xff\xfe.log"), "wb") as f:
        f.write(zeek_log(10, 9))
    p.run("ingest", "-C", "c", "e")
    assert len(p.sources()) == 6
    table = p.run("case", "-C", "c", "sources")
    assert table.count("\n") == 7 and "\u202e" not in table
    assert "\u202e" not in p.run("case", "-C", "c", "sources", "--json")
    assert not os.path.exists(p.path("owned"))


def one_writer_at_a_time_is_told_who_the_other_is(p):
    p.write("a.log", zeek_log(10))
    p.run("ingest", "-C", "c", "a.log")
    with open(p.path("c/lock"), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "is being written by process" in p.says("ingest", "-C", "c", "a.log")
        assert p.run("contacts", "-C", "c").count("\n") == 10


def a_lost_catalogue_is_filled_again_without_doubles(p):
    p.write("a.log", zeek_log(50))
    p.write("b.log", zeek_log(50, 1))
    p.run("ingest", "-C", "c", "a.log", "b.log")
    before, sources = p.run("contacts", "-C", "c"), p.sources()
    os.remove(p.path("c/catalogue.db"))
    assert "no case" in p.says("case", "-C", "c", "sources")
    p.run("ingest", "-C", "c", "b.log")
    p.run("case", "-C", "c", "verify", expect=1)
    p.run("ingest", "-C", "c", "a.log")
    p.run("case", "-C", "c", "verify")
    assert p.run("contacts", "-C", "c") == before and p.sources() == sources


def a_lost_haystack_is_noticed_and_filled_again(p):
    p.write("a.log", zeek_log(50))
    p.run("ingest", "-C", "c", "a.log")
    before = p.run("contacts", "-C", "c")
    shutil.rmtree(p.path("c/haystack"))
    assert "lacks source" in p.run("case", "-C", "c", "verify", expect=1)
    p.run("ingest", "-C", "c", "a.log")
    p.run("case", "-C", "c", "verify")
    assert p.run("contacts", "-C", "c") == before


def evidence_that_was_changed_is_named_by_verify(p):
    """What is whole, has grown or is gone is counted; a pipe in a file's place is not waited for."""
    for name, seed in (("whole.log", 0), ("grown.log", 1), ("gone.log", 2), ("changed.log", 3), ("cut.log", 4),
                       ("pipe.log", 5)):
        p.write(name, zeek_log(20, seed))
    p.run("ingest", "-C", "c", *[f"{n}.log" for n in ("whole", "grown", "gone", "changed", "cut", "pipe")])
    assert "as they were ingested 6, grown since 0, not there 0, changed 0" in p.run("case", "-C", "c", "verify")
    os.remove(p.path("gone.log"))
    os.remove(p.path("pipe.log"))
    os.mkfifo(p.path("pipe.log"))
    p.write("grown.log", zeek_log(25, 1))
    told = p.run("case", "-C", "c", "verify")
    assert "as they were ingested 3, grown since 1, not there 2, changed 0" in told, told
    p.write("changed.log", zeek_log(20, 3).replace(b"198.51.100.", b"198.51.101.", 1))
    p.write("cut.log", zeek_log(20, 4)[:-1])
    told = p.run("case", "-C", "c", "verify", expect=1)
    assert "as they were ingested 1, grown since 1, not there 2, changed 2" in told, told
    assert "'changed.log' is not the file" in told and "'cut.log' is not the file" in told, told


def a_flipped_byte_of_a_segment_is_told_and_never_read(p):
    p.write("a.log", zeek_log(500))
    p.run("ingest", "-C", "c", "a.log")
    folder = p.path("c/haystack")
    segment = max((os.path.join(folder, n) for n in os.listdir(folder)), key=os.path.getsize)
    with open(segment, "r+b") as f:
        f.seek(os.path.getsize(segment) // 2)
        byte = f.read(1)
        f.seek(-1, 1)
        f.write(bytes([byte[0] ^ 1]))
    assert os.path.basename(segment) in p.says("case", "-C", "c", "verify", expect=1)
    assert os.path.basename(segment) in p.says("contacts", "-C", "c")


def a_capture_rotated_anywhere_gives_the_contacts_of_the_whole(p):
    t = 1_500_000_000_000_000

    def packet(ms, name, txid, response=False):
        return dns_packet(t + ms * 1000, "198.51.100.9", name, txid, response)

    packets = [
        packet(0, "a.example", 1), packet(20, "a.example", 1, True),
        packet(1000, "retry.example", 2), packet(2000, "retry.example", 2), packet(2010, "retry.example", 2, True),
        packet(3000, "lost.example", 3), packet(4000, "lost.example", 3),
        packet(5000, "both.example", 4), packet(5500, "both.example", 4),
        packet(5600, "both.example", 4, True), packet(5700, "both.example", 4, True),
        packet(6000, "alone.example", 5, True),
        packet(7000, "late.example", 6), packet(12500, "late.example", 6, True),
        packet(13000, "a.example", 7), packet(13020, "a.example", 7, True),
    ]
    p.write("whole.pcap", PCAP_HEADER + b"".join(packets))
    whole = p.rows("whole.pcap")
    assert len(whole) == 11
    for cut in range(1, len(packets)):
        p.write("1.pcap", PCAP_HEADER + b"".join(packets[:cut]))
        p.write("2.pcap", PCAP_HEADER + b"".join(packets[cut:]))
        # a query whose repetition, in the next file, is answered twice: there the second answer
        # looks like a mere repetition of the first
        if cut != 8:
            assert p.rows("2.pcap", "1.pcap") == whole, cut


def no_trace_is_left_of_evidence_without_a_case(p):
    p.write("a.log", zeek_log(100))
    p.run("contacts", "a.log")
    p.run("facts", "a.log")
    p.says("contacts", "nothing.log")
    assert os.listdir(p.folder) == ["a.log"]


def a_filter_shows_a_part_and_only_that(p):
    p.write("a.log", zeek_log(200))
    p.run("ingest", "-C", "c", "a.log")
    every = p.run("contacts", "-C", "c").splitlines()
    some = p.run("contacts", "-C", "c", "--target", "HOST3.example.net.").splitlines()
    assert some == [r for r in every if r.split("\t")[3] == "host3.example.net"] and some
    some = p.run("contacts", "-C", "c", "--peer", "198.51.100.4").splitlines()
    assert some == [r for r in every if r.split("\t")[2] == "198.51.100.4"] and some
    assert p.run("contacts", "-C", "c", "--target", "example.net") == ""


if __name__ == "__main__":
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"
          and v is not as_nobody])
