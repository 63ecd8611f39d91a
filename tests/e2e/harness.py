# SPDX-License-Identifier: GPL-3.0-or-later
"""What the end-to-end tests share: running lodestone in a folder of its own, making evidence."""
import gzip
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import traceback

FIELDS = ("ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto trans_id query qclass qclass_name "
          "qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected").split()
HEADER = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tdns\n"
          "#fields\t" + "\t".join(FIELDS) + "\n").encode()


def zeek_row(time, peer, name, answer="192.0.2.1", ttl=300):
    values = [f"{time:.6f}", "C", peer, "5353", "203.0.113.53", "53", "udp", "7", name, "1",
              "C_INTERNET", "1", "A", "0", "NOERROR", "T", "F", "F", "F", "0", answer, str(ttl), "F"]
    return ("\t".join(values) + "\n").encode()


def zeek_rows(count, seed=0):
    """count rows of a few names and peers; seeds do not overlap in time."""
    return [zeek_row(1_500_000_000 + seed * 1_000_000 + i * 37.25, f"198.51.100.{1 + (i * 7 + seed) % 9}",
                     f"host{(i * i + seed) % 13}.example.net", f"192.0.2.{1 + i % 5}")
            for i in range(count)]


def zeek_log(count, seed=0):
    return HEADER + b"".join(zeek_rows(count, seed))


def dns_packet(time_us, peer, name, txid, response=False, port=4000):
    """One Ethernet frame in a pcap record."""
    question = b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0" + b"\0\1\0\1"
    flags = 0x8180 if response else 0x0100
    answer = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 60, 4) + bytes([192, 0, 2, 1]) if response else b""
    dns = struct.pack(">HHHHHH", txid, flags, 1, 1 if response else 0, 0, 0) + question + answer
    ports = (53, port) if response else (port, 53)
    udp = struct.pack(">HHHH", *ports, 8 + len(dns), 0) + dns
    ends = [bytes(map(int, peer.split("."))), bytes([203, 0, 113, 53])]
    if response:
        ends.reverse()
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0) + ends[0] + ends[1]
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xffff) + (total >> 16)
    total = (total & 0xffff) + (total >> 16)
    head = head[:10] + struct.pack(">H", ~total & 0xffff) + head[12:]
    frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + head + udp
    return struct.pack("<IIII", time_us // 1_000_000, time_us % 1_000_000, len(frame), len(frame)) + frame


PCAP_HEADER = struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1)


class Place:
    """A folder to run lodestone in."""

    def __init__(self, lodestone, folder):
        self.lodestone = lodestone
        self.folder = folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "wb") as f:
            f.write(content)

    def write_gzip(self, name, content):
        self.write(name, gzip.compress(content, mtime=0))

    def run(self, *words, expect=0, stdin=b"", env=None):
        """Standard output as text; the exit status must be as expected."""
        done = self.run_raw(*words, stdin=stdin, env=env)
        if expect is not None and done.returncode != expect:
            raise AssertionError(f"{' '.join(words)}: exit {done.returncode}, not {expect}\n"
                                 + done.stderr.decode("utf-8", "backslashreplace"))
        return done.stdout.decode()

    def run_raw(self, *words, stdin=b"", env=None):
        return subprocess.run([self.lodestone, *words], cwd=self.folder, input=stdin,
                              env={**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": self.folder, **(env or {})},
                              capture_output=True, timeout=120)

    def says(self, *words, expect=2, stdin=b""):
        """Standard error as text, for a run that must end so."""
        done = self.run_raw(*words, stdin=stdin)
        assert done.returncode == expect, (words, done.returncode, done.stderr)
        return done.stderr.decode("utf-8", "backslashreplace")

    def sources(self, case="c"):
        return [json.loads(line) for line in self.run("case", "-C", case, "sources", "--json").splitlines()]

    def rows(self, *words):
        """Contacts without the column that tells the source."""
        return ["\t".join(line.split("\t")[:8] + line.split("\t")[9:])
                for line in self.run("contacts", *words).splitlines()]

    def store_bytes(self, case="c"):
        """Name and content of every file of the haystack."""
        folder = self.path(f"{case}/haystack")
        files = {}
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), "rb") as f:
                files[name] = f.read()
        return files


def main(tests):
    """Run each test in a fresh folder; its name is the sentence that it proves."""
    lodestone = os.path.abspath(sys.argv[1])
    bad = 0
    # in memory where that can be had: these tests sync a lot, and the disk is not what they test
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    for test in tests:
        folder = tempfile.mkdtemp(prefix="lodestone-e2e-", dir=memory)
        try:
            test(Place(lodestone, folder))
            print(f"ok   {test.__name__}", flush=True)
        except Exception:  # a failed test must not hide the next one
            traceback.print_exc()
            print(f"FAIL {test.__name__}", flush=True)
            bad += 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(tests)} tests, {bad} failed")
    sys.exit(1 if bad or not tests else 0)
