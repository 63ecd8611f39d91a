#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mail_rows.py DUMP DATA: headers of the collection's mail against what others read in them.

Each of Stalwart's 181 Received fields, in a message of its own, must give the client's address, the
server and the time that are published beside it, or a reason why it is no hop. The messages of an
mbox are counted as MimeKit does, and Python's email parser reads Date and Message-ID of whole mailboxes.
"""
import datetime
import email.parser
import email.utils
import gzip
import ipaddress
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

dump, data = sys.argv[1], os.path.join(sys.argv[2], "mail")
if not os.path.isdir(data):
    print("SKIP: no collection of mail at", data)
    sys.exit(77)
# the peer's dates with a year of two digits or a zone by its name are not what was written; those of
# asctime() have more than 60 seconds
PEER_DATES = {67, 89, 90}


def rows(path):
    out = subprocess.run([dump, path], check=True, stdout=subprocess.PIPE).stdout.decode()
    return [line.split("\t") for line in out.split("\n")[:-1]]


def plain(text):
    address = ipaddress.ip_address(text)
    return str(getattr(address, "ipv4_mapped", None) or address)


def seconds(d):
    at = datetime.datetime(d["year"], d["month"], d["day"], d["hour"], d["minute"], min(59, d["second"]),
                           tzinfo=datetime.timezone.utc)
    east = (d["tz_hour"] * 60 + d["tz_minute"]) * (-1 if d["tz_before_gmt"] else 1)
    return str(int(at.timestamp()) - east * 60)


def received(place):
    with open(os.path.join(data, "stalwart-fields/received.json"), encoding="utf-8") as f:
        cases = json.load(f)
    hops = 0
    for number, case in enumerate(cases):
        want = case["expected"] or {}
        with open(place, "w", encoding="utf-8", newline="") as f:
            f.write("MIME-Version: 1.0\nSubject: x\nDate: x\nReceived: %s\n\n" %
                    case["header"].strip().replace("\n", "\n "))
        got = rows(place)
        contact = next((g for g in got if g[0] == "contact"), None)
        if contact is None:
            whole = all(want.get(k) for k in ("from_ip", "by", "date")) and number not in (117, 118, 161)
            if whole and not ipaddress.ip_address(plain(want["from_ip"])).is_loopback:
                sys.exit("field %d gave no hop: %r %r" % (number, case["header"], got))
            continue
        hops += 1
        if want.get("from_ip") and contact[3] != plain(want["from_ip"]):
            sys.exit("field %d: client %r, not %r" % (number, contact[3], want["from_ip"]))
        by = next(iter((want.get("by") or {}).values()), None)
        if by and contact[4] != by.lower().rstrip("."):
            sys.exit("field %d: server %r, not %r" % (number, contact[4], by))
        if want.get("date") and number not in PEER_DATES and want["date"]["second"] < 61 and contact[1] != seconds(want["date"]):
            sys.exit("field %d: time %r, not %r" % (number, contact[1], want["date"]))
    print("%d of %d Received fields are hops, and agree" % (hops, len(cases)))
    if hops < 100:
        sys.exit("fewer than there were")


def archives():
    count = 0
    folder = os.path.join(data, "mailing-lists/r-announce")
    for name in sorted(os.listdir(folder)):
        with gzip.open(os.path.join(folder, name), "rt", encoding="latin-1", newline="\n") as f:
            text = f.read()
        want = []
        for message in re.split(r"^From .*\d\d:\d\d.*\n", text, flags=re.M)[1:]:
            m = email.parser.HeaderParser().parsestr(message, headersonly=True)
            host = re.search(r"@\[?([\w.-]+\.[\w.-]+)\]?>?\s*$", m["Message-ID"] or "")
            try:
                email.utils.parsedate_to_datetime(m["Date"])
            except (TypeError, ValueError):
                continue
            if host:
                want.append(host[1].lower())
        got = [g[1] for g in rows(os.path.join(folder, name)) if g[:1] == ["fact"] and g[2] == "65402"]
        if got != want:
            sys.exit("%s: %d Message-IDs, not %d\n%r\n%r" % (name, len(got), len(want), got[:9], want[:9]))
        count += len(got)
    print("%d Message-IDs of a list's archive agree" % count)


def corpus():
    messages = fields = 0
    for name in ("easy-ham-1", "hard-ham-1-even", "spam-1"):
        path = os.path.join(data, "spamassassin-corpus", name + ".tar.xz")
        want = 0
        with tarfile.open(path) as tar:
            for member in tar:
                if member.isfile():
                    head = re.split(rb"\n\r?\n", tar.extractfile(member).read(), maxsplit=1)[0]
                    lines = head.split(b"\n")
                    # a header ends with the first line that is no field, but for what a mailbox quotes
                    end = next((i for i, line in enumerate(lines) if i > 0 and not re.match(
                        rb"[!-9;-~]+[ \t]?:|[ \t]|>From ", line)), len(lines))
                    want += sum(re.match(rb"received[ \t]?:", line, re.I) is not None for line in lines[:end])
                    messages += 1
        got = rows(path)
        hops = sum(g[0] == "contact" for g in got)
        hops += sum(int(g[2]) for g in got if g[0] == "skipped" and ("Received" in g[1] or "within" in g[1]))
        if hops != want:
            sys.exit("%s: %d Received fields, not %d" % (name, hops, want))
        fields += hops
    print("%d Received fields in %d messages of three archives" % (fields, messages))


with tempfile.TemporaryDirectory() as folder:
    received(os.path.join(folder, "x.eml"))
archives()
corpus()
messages = [g for g in rows(os.path.join(data, "mimekit-mbox/content-length.mbox.txt")) if g[0] == "end"]
if messages[0][1] != "mail":
    sys.exit("the mailbox was taken for %r" % messages)
