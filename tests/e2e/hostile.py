#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile.py LODESTONE [sanitized]: evidence made to break a reader, a terminal or a page; all of it is survived."""
import os
import signal
import struct
import subprocess
import sys
import time
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, PCAP_HEADER, dns_packet, main, zeek_log, zeek_rows

SANITIZED = sys.argv[2:] == ["sanitized"]  # memory is then that of the sanitizer
DAY_US = 86_400_000_000
BEGIN_US = 1_500_000_000_000_000


def reading_gigabytes_of_nothing_can_be_stopped(p):
    # looking for a record behind the damage never leaves the reader's one call
    p.write("sparse.pcap", PCAP_HEADER + dns_packet(BEGIN_US, "198.51.100.9", "a.example", 1))
    os.truncate(p.path("sparse.pcap"), 100 << 30)
    p.write("line.log", HEADER + b"x")
    os.truncate(p.path("line.log"), 100 << 30)
    for name in ("sparse.pcap", "line.log"):
        run = subprocess.Popen([p.lodestone, "ingest", "-C", "c", name], cwd=p.folder, stderr=subprocess.PIPE)
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        try:
            err = run.communicate(timeout=30)[1]
        finally:
            run.kill()
        assert run.returncode == -signal.SIGINT and b"stopped by a signal" in err, (name, run.returncode, err)
    assert p.sources() == []


def waiting_for_an_idle_pipe_can_be_stopped(p):
    os.mkfifo(p.path("fifo"))
    for name in ("fifo", "-"):  # nobody ever writes to the one, nor has begun to write to the other
        run = subprocess.Popen([p.lodestone, "ingest", "-C", "c", name], cwd=p.folder, stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE)
        time.sleep(0.5)
        run.send_signal(signal.SIGINT)
        try:
            run.wait(timeout=30)
        finally:
            run.kill()
        err = run.stderr.read()
        run.stdin.close()
        assert run.returncode == -signal.SIGINT and b"stopped by a signal" in err, (name, run.returncode, err)
    assert p.sources() == []


def a_named_pipe_is_read_once(p):
    os.mkfifo(p.path("fifo"))
    log = zeek_log(100)
    for n in (100, 101):  # the second begins as the first did, and ends within a row
        run = subprocess.Popen([p.lodestone, "ingest", "-C", "c", "fifo"], cwd=p.folder, stderr=subprocess.PIPE)
        time.sleep(0.2)  # it is there before its writer
        with open(p.path("fifo"), "wb") as pipe:
            pipe.write(log if n == 100 else log + zeek_rows(1, 7)[0][:20])
        err = run.communicate(timeout=30)[1]
        assert run.returncode == 0, err
    assert len(p.sources()) == 2


def a_bomb_costs_no_memory(p):
    squeeze = zlib.compressobj(1, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    p.write("bomb.gz", b"".join(squeeze.compress(zeros) for _ in range(150)) + squeeze.flush())
    run = subprocess.Popen([p.lodestone, "ingest", "-C", "c", "bomb.gz"], cwd=p.folder, stderr=subprocess.PIPE)
    err = run.stderr.read()
    _, status, usage = os.wait4(run.pid, 0)
    run.returncode = os.waitstatus_to_exitcode(status)
    assert run.returncode == 2 and b"'bomb.gz' is of no format known here" in err, err
    print(f"peak {usage.ru_maxrss} KiB for 150 MiB of zeros")
    assert usage.ru_maxrss < 100 << 10 or SANITIZED


def what_is_no_evidence_is_told_by_name(p):
    p.write("text.pcap", b"hello there\n")
    p.write("empty", b"")
    assert "'text.pcap' is of no format known here" in p.says("ingest", "-C", "c", "text.pcap")
    for name in ("empty", "/dev/null"):
        assert f"'{name}' is empty" in p.says("ingest", "-C", "c", name)
    p.write("none/a", b"")
    p.write("none/b.pcap", b"")
    p.run("ingest", "-C", "c", "none")


def lengths_and_lines_beyond_reason_are_stepped_over(p):
    p.write("len.pcap", PCAP_HEADER + dns_packet(BEGIN_US, "198.51.100.9", "a.example", 1)
            + struct.pack("<IIII", 1_500_000_000, 0, 0xffffffff, 0xffffffff) + b"x" * 100
            + dns_packet(BEGIN_US + 1_000_000, "198.51.100.9", "b.example", 2))
    p.write("line.log", HEADER + b"x" * 10_000_000 + b"\n" + b"".join(zeek_rows(5)))
    err = p.says("ingest", "-C", "c", "len.pcap", "line.log", expect=0)
    assert "'len.pcap' is damaged (damaged record header, first at byte 109)" in err, err
    assert {s["name"]: s["contacts"] for s in p.sources()} == {"len.pcap": 2, "line.log": 5}


def odd_files_in_a_folder_are_passed_by(p):
    p.write("e/a.log", zeek_log(10))
    os.mkfifo(p.path("e/fifo"))
    os.symlink(".", p.path("e/loop"))
    os.symlink("/dev/zero", p.path("e/zero"))
    err = p.says("ingest", "-C", "c", "e", expect=0)
    assert "'e/fifo': not a regular file" in err and "'e/zero': not a regular file" in err, err
    assert "'e/loop': a directory that was already walked" in err, err
    assert [s["contacts"] for s in p.sources()] == [10]


def a_case_that_cannot_be_one_is_told_by_name(p):
    p.write("a.log", zeek_log(10))
    for name in ("a.log", "/dev/null", "a.log/c"):
        assert f"'{name}'" in p.says("ingest", "-C", name, "a.log")
    with open(p.path("a.log"), "rb") as f:
        assert f.read() == zeek_log(10)


def names_made_of_escapes_and_markup_are_shown_as_text(p):
    labels = [b"\x1b[31mred", "\u202egnp".encode(), b"nul\0nul", b"<script>alert(1)</script>", b"\xff\xfe\x80",
              b"a" * 63, b"tab\tnl\n", b"=cmd()", b"a.b"]
    packets = [dns_packet(BEGIN_US + n * n * DAY_US // 40, "198.51.100.7", "X" * len(label) + ".example", n)
               .replace(b"X" * len(label), label) for label in labels for n in range(20)]
    p.write("names.pcap", PCAP_HEADER + b"".join(packets))
    p.run("ingest", "-C", "c", "names.pcap")
    shown = p.run("contacts", "-C", "c")
    assert len({row.split("\t")[3] for row in shown.splitlines()}) == len(labels)
    assert all(c in "\t\n" or " " <= c <= "~" for c in shown)
    page = p.run("report", "-C", "c", "-o", "-")
    for text in (p.run("hunt", "-C", "c"), p.run("hunt", "-C", "c", "--json"), page):
        assert "alert(1)" in text
        assert not any(ord(c) < 32 and c not in "\n\t" or c in "\x7f\u202e" for c in text)
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


if __name__ == "__main__":
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"])
