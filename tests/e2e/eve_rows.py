#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""eve_rows.py DUMP DATA: the dns events of every eve.json below DATA, read a second time.

Query and answer are put together by flow and transaction ID, which lodestone does not look at, and
contacts and addresses are compared as multisets; so is the number of events of other types.
"""
import collections
import datetime
import gzip
import json
import os
import subprocess
import sys

TYPES = {"A": "1", "AAAA": "28", "PTR": "12", "MX": "15", "TXT": "16", "SRV": "33", "HTTPS": "65",
         "NS": "2", "SOA": "6"}
RCODES = {"NOERROR": "0", "FORMERR": "1", "SERVFAIL": "2", "NXDOMAIN": "3", "NOTIMP": "4", "REFUSED": "5"}
NONE = str(2**32 - 1)


def seconds(text):
    at = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    return f"{int(at.timestamp())}.{text.split('.')[1][:6]}"


def expected(lines):
    contacts, facts, others = [], collections.Counter(), 0
    waiting = {}
    for event in map(json.loads, lines):
        if event["event_type"] != "dns":
            others += 1
            continue
        dns = event["dns"]
        assert dns.get("version", 2) == 2, "the shared logs have no other version"
        key = (event["flow_id"], dns["id"], dns["rrname"])
        if dns["type"] == "query":
            waiting[key] = [seconds(event["timestamp"]), event["src_ip"], dns["rrname"].lower(),
                            TYPES[dns["rrtype"]], "65535", NONE, "q"]
            contacts.append(waiting[key])
            continue
        own = [a for a in dns.get("answers", []) if a["rrname"] == dns["rrname"]]
        soa = [a for a in dns.get("authorities", []) if "soa" in a]
        ttl = own[0]["ttl"] if own else min(soa[0]["ttl"], soa[0]["soa"]["minimum"]) if soa else NONE
        waiting.pop(key)[4:] = [RCODES[dns["rcode"]], str(ttl), "qr"]
        for a in dns.get("answers", []):
            if a["rrtype"] in ("A", "AAAA"):
                facts[(a["rrname"].lower(), TYPES[a["rrtype"]], a["rdata"], str(a["ttl"]))] += 1
    return collections.Counter(map(tuple, contacts)), facts, others


def ours(dump, path):
    contacts, facts, others = collections.Counter(), collections.Counter(), 0
    out = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    for f in (line.split("\t") for line in out.splitlines()):
        if f[0] == "contact":
            contacts[(f[1], *f[3:8], f[9])] += 1
        elif f[0] == "fact" and f[2] in ("1", "28"):
            facts[tuple(f[1:5])] += 1
        elif f[0] == "skipped":
            # without its newline, the last line of a log may be one that is not finished
            assert f[1] in ("EVE event of another type", "last line is cut"), f
            others += int(f[2])
        elif f[0] == "end":
            assert f[1] == "eve", f
    return contacts, facts, others


def main():
    dump, data = sys.argv[1:]
    if not os.path.isdir(os.path.join(data, "suricata")):
        print(f"no shared Suricata logs at {data}: not compared")
        sys.exit(77)
    logs = contacts = 0
    for folder, _, names in sorted(os.walk(os.path.join(data, "suricata"))):
        for path in (os.path.join(folder, n) for n in sorted(names)):
            if not path.endswith(("eve.json", "eve.json.gz", "suricata.json", "evelog.log")):
                continue
            with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as f:
                lines = [line for line in f if line.strip()]
            for what, want, got in zip(("contacts", "facts", "other events"), expected(lines),
                                       ours(dump, path)):
                if want != got:
                    sys.exit(f"{path}: {what} differ\nwant {want}\ngot  {got}")
                contacts += sum(want.values()) if what == "contacts" else 0
            logs += 1
    print(f"{logs} logs agree, {contacts} contacts")
    if logs < 4 or contacts < 30:
        sys.exit("fewer than the collection has")


main()
