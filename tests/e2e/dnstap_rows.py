#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dnstap_rows.py DUMP DATA: every dnstap stream below DATA against dnstap-ldns' printout of it.

What dnstap-ldns prints is kept beside the streams (*.PEER-dnstap-ldns-*.yaml), and is made anew
where the program is installed. From its messages this program makes contacts by its own pairing,
and facts by its own reading of the answer section; both are compared as multisets.
"""
import collections
import datetime
import glob
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

WINDOW = 5 * 10**6
TYPES = {"A": "1", "NS": "2", "CNAME": "5", "SOA": "6", "PTR": "12", "MX": "15", "TXT": "16",
         "AAAA": "28", "SRV": "33", "DNAME": "39", "ANY": "255"}
FACTS = {"A", "AAAA", "CNAME", "NS", "PTR", "DNAME"}
RCODES = {"NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMPL": 4, "REFUSED": 5}


def microseconds(text):
    """As the printout has them: it cuts the nanoseconds."""
    at = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")
    return int(at.replace(tzinfo=datetime.timezone.utc).timestamp()) * 10**6 + at.microsecond


def name_of(text):
    return text.lower() if text == "." else text.lower().rstrip(".")


def wire_message(lines):
    """Header, questions and answers of one message as text; None where it could not be parsed."""
    m = {"questions": [], "answers": [], "soa": None}
    section = ""
    for line in lines:
        line = line.strip()
        if line.startswith(";; ->>HEADER"):
            found = re.search(r"rcode: (\w+), id: (\d+)", line)
            m["rcode"], m["id"] = RCODES[found[1]], found[2]
        elif line.startswith(";; flags:"):
            m["response"] = " qr" in line
        elif line.endswith("SECTION:"):
            section = line.split()[1]
        elif section == "QUESTION" and line.startswith(";"):
            name, _, rrtype = line[1:].split()[:3]
            m["questions"].append((name_of(name), TYPES[rrtype]))
        elif section in ("ANSWER", "AUTHORITY") and line and not line.startswith(";"):
            owner, ttl, _, rrtype, *data = line.split()
            if section == "ANSWER" and rrtype in FACTS:
                m["answers"].append((name_of(owner), TYPES[rrtype], name_of(data[0]), ttl))
            elif rrtype == "SOA" and m["soa"] is None:
                m["soa"] = (name_of(owner), "6", name_of(data[0]), ttl, min(int(ttl), int(data[-1])))
    return m if "id" in m else None


def records(text):
    """The records of the printout, one dictionary each."""
    for part in text.split("\n---"):
        record = {"query": [], "response": []}
        block = None
        for line in part.split("\n"):
            found = re.match(r"  (\w+): ?(.*)", line)
            if found and not line.startswith("    "):
                block = {"query_message": "query", "response_message": "response"}.get(found[1])
                value = found[2].replace("!!timestamp ", "").strip('"')
                if block is None:
                    record[found[1]] = value
            elif block is not None:
                record[block].append(line)
        if "type" in record:
            yield record


def expected(text):
    """Contacts and facts, and how many messages could not be parsed."""
    contacts, facts, broken = [], collections.Counter(), 0
    waiting, met, early = collections.defaultdict(list), {}, []
    for r in records(text):
        role, side = r["type"].split("_")
        m = wire_message(r[side.lower()])
        if m is None:
            broken += 1
            continue
        times = [microseconds(r[k]) for k in ("query_time", "response_time") if k in r]
        at, seen_at = times[0], times[-1]
        facts.update(m["answers"])
        if m["soa"] and not m["answers"]:
            facts[m["soa"][:4]] += 1
        for question in m["questions"]:
            ends = tuple(r.get(k) for k in ("query_address", "response_address", "query_port",
                                            "response_port", "socket_protocol"))
            key = (role, ends, m["id"], question)
            contact = [at, r.get("query_address", "-"), *question, "65535", str(2**32 - 1), "q"]
            if side == "QUERY":
                contacts.append(contact)
                waiting[key].append(contact)
                continue
            ttl = next((a[3] for a in m["answers"] if a[0] == question[0]),
                       str(m["soa"][4]) if m["soa"] else str(2**32 - 1))
            answered = [str(m["rcode"]), ttl]
            # one that comes too late is met in the case, not by the reader
            open_queries = [c for c in waiting[key] if -10**4 <= at - c[0] and seen_at - c[0] <= WINDOW]
            if open_queries:
                open_queries[-1][4:] = answered + ["qr"]
                waiting[key].remove(open_queries[-1])
                met[key] = open_queries[-1][0]
            elif key in met and 0 <= at - met[key] <= WINDOW:
                continue  # a repetition
            else:
                early.append(contact[:4] + answered + ["r"])
    return collections.Counter(map(tuple, contacts + early)), facts, broken


def ours(dump, path):
    contacts, facts, skipped = collections.Counter(), collections.Counter(), 0
    out = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    for f in (line.split("\t") for line in out.splitlines()):
        if f[0] == "contact":
            whole, _, part = f[1].partition(".")
            at = int(whole) * 10**6 + int(part.ljust(6, "0")[:6])
            contacts[(at, f[3], f[4], f[5], f[6], f[7], f[9])] += 1
        elif f[0] == "fact" and f[2] in {TYPES[t] for t in FACTS} | {"6"}:
            facts[tuple(f[1:5])] += 1
        elif f[0] == "skipped":
            skipped += int(f[2])
    return contacts, facts, skipped


def compare(dump, path, text, how):
    want, got = expected(text), ours(dump, path)
    for what, w, g in zip(("contacts", "facts"), want, got):
        if w != g:
            sys.exit(f"{path}, {how}: {what} differ\nmissing {dict(w - g)}\nmore {dict(g - w)}")
    if want[2] != got[2]:
        sys.exit(f"{path}, {how}: {want[2]} messages cannot be parsed, {got[2]} were skipped")
    return sum(want[0].values())


def printed(program, path):
    return subprocess.run([program, "-y", "-r", path], check=True, capture_output=True,
                          text=True).stdout


def varint(n):
    out = b""
    while n > 127:
        out, n = out + bytes([n & 127 | 128]), n >> 7
    return out + bytes([n])


def field(number, value):
    """A number, bytes, or a fixed32 as a tuple of one."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, tuple):
        return varint(number << 3 | 5) + struct.pack("<I", *value)
    return varint(number << 3) + varint(value)


def made_stream():
    """A stream of all message types and transports that dnstap-ldns 0.2.1 knows: at others it ends."""
    draw = random.Random(5)
    frames = []
    for i in range(400):
        role, asked = draw.randrange(6), 1_500_000_000 * 10**9 + i * 40_000_000
        v6 = draw.random() < .3
        ends = [bytes([0x20, 1, 0xd, 0xb8] + [0] * 11 + [n]) if v6 else bytes([192, 0, 2, n])
                for n in (1 + i % 3, 53)]
        question = b"\4host" + bytes([2, 97 + i % 5, 97]) + b"\7EXAMPLE\0" + b"\0\1\0\1"
        answer = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 60 + i, 4) + bytes([198, 51, 100, i % 200])
        common = field(2, 2 if v6 else 1) + field(3, draw.choice([1, 2]))
        common += field(4, ends[0]) + (field(5, ends[1]) if draw.random() < .8 else b"")
        common += field(6, 1024 + draw.randrange(3)) + field(7, 53)
        for side in (0, 1) if draw.random() < .7 else (draw.randrange(2),):
            at = asked + side * draw.choice([10**6, 10**9, 6 * 10**9])
            flags, counts = (0x8180, (1, 1, 0, 0)) if side else (0x0100, (1, 0, 0, 0))
            dns = struct.pack(">HHHHHH", i % 50, flags, *counts) + question + (answer if side else b"")
            message = field(1, 2 * role + 1 + side) + common
            if not side or draw.random() < .5:
                message += field(8, asked // 10**9) + field(9, (asked % 10**9,))
            if side:
                message += field(12, at // 10**9) + field(13, (at % 10**9,))
            message += field(14 if side else 10, dns)
            frames.append((at, field(1, b"ns1.example.net") + field(14, message) + field(15, 1)))
    content = b"protobuf:dnstap.Dnstap"
    start = struct.pack(">IIIII", 0, 12 + len(content), 2, 1, len(content)) + content
    frames.sort(key=lambda f: f[0])
    return start + b"".join(struct.pack(">I", len(f)) + f for _, f in frames) + struct.pack(">III", 0, 4, 3)


def main():
    dump, data = sys.argv[1:]
    if not os.path.isdir(os.path.join(data, "dnstap")):
        print(f"no shared dnstap streams at {data}: not compared")
        sys.exit(77)
    program = shutil.which("dnstap-ldns")
    streams = contacts = 0
    for printout in sorted(glob.glob(os.path.join(data, "dnstap/*/*.PEER-dnstap-ldns-*.yaml"))):
        path = printout.split(".PEER-")[0]
        with open(printout, encoding="utf-8") as f:
            contacts += compare(dump, path, f.read(), "as printed before")
        if program:
            compare(dump, path, printed(program, path), "as printed here")
        streams += 1
    if program:
        with tempfile.NamedTemporaryFile(suffix=".dnstap") as f:
            f.write(made_stream())
            f.flush()
            contacts += compare(dump, f.name, printed(program, f.name), "made here")
            streams += 1
    print(f"{streams} streams, {contacts} contacts agree with dnstap-ldns"
          + ("" if program else "; it is not installed here, so only with its old printouts"))
    if streams < 3:
        sys.exit("fewer streams than the collection has")


main()
