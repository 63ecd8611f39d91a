#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""zeek_rows.py DUMP DATA: every Zeek dns.log, conn.log and smtp.log below DATA against its own rows.

Reads each log a second time, in another language and by other means (split, json.loads,
ipaddress, Decimal), and compares contacts in order, the number and reasons of skipped rows, and
that the name of every fact occurs in the row. Other Zeek logs must not be taken for these.
"""
import bz2
import collections
import decimal
import gzip
import ipaddress
import json
import lzma
import os
import re
import subprocess
import sys

TYPES = {"A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33,
         "*": 255}


def opened(path):
    opener = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}.get(os.path.splitext(path)[1], open)
    with opener(path, "rb") as f:
        return f.read()


def name_of(raw):
    """The output form of a name: lower case, no last dot, odd bytes as \\DDD."""
    raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), raw)
    out = ""
    for byte in raw.lower():
        out += chr(byte) if 0x21 <= byte <= 0x7E and byte != 0x5C else "\\%03d" % byte
    if out == "":
        return "."
    return out[:-1] if out.endswith(".") else out


def time_of(value, is_json):
    """Seconds and digits, as text."""
    if is_json and isinstance(value, str):
        from datetime import datetime, timezone
        m = re.fullmatch(r"(\d+-\d+-\d+T\d+:\d+:\d+)(?:\.(\d+))?Z", value)
        at = datetime.fromisoformat(m[1]).replace(tzinfo=timezone.utc)
        return str(int(at.timestamp())) + ("." + m[2] if m[2] else "")
    text = str(value)
    if is_json and "." in text and len(text.split(".")[1]) < 6:
        return text + "0" * (6 - len(text.split(".")[1]))
    whole, _, fraction = text.partition(".")
    return whole + ("." + fraction[:9] if fraction else "")


def ttl_of(value):
    return int(decimal.Decimal(str(value)).quantize(0, decimal.ROUND_HALF_UP))


def rows_of(content):
    """(is_json, row as {field: value without unset ones}) of each line that is a row."""
    fields = None
    for line in content.split(b"\n"):
        if not line:
            continue
        if line.startswith(b"{"):
            row = json.loads(line, parse_float=decimal.Decimal, parse_int=decimal.Decimal)
            row = {k.replace("id_", "id."): v for k, v in row.items()}
            # text as Zeek escapes it in TSV, so that both kinds go one way from here
            yield True, row
        elif line.startswith(b"#"):
            if line.startswith(b"#fields"):
                fields = line.decode().split("\t")[1:]
        else:
            row = dict(zip(fields, line.split(b"\t")))
            yield False, {k: v for k, v in row.items() if v != b"-"}


def text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def expected(row, is_json):
    """The contact that a row must give, or the reason why none."""
    port = text(row.get("id.resp_p", ""))
    if port == "137":
        return None, "netbios name service"
    if "query" not in row:
        return None, "no query name"
    query = row["query"]
    if isinstance(query, str):
        query = query.encode()
    if query == b"(empty)" and not is_json:
        query = b""
    # an empty label other than the last, or a label or name that is too long, is no name
    labels = query.split(b".")
    if query and (b"" in labels[:-1] or any(len(label) > 63 for label in labels)):
        return None, "bad query name"
    kind = {"5353": "mdns", "5355": "llmnr"}.get(port, "dns")
    qtype = int(text(row["qtype"])) if "qtype" in row else TYPES[text(row["qtype_name"])] \
        if "qtype_name" in row else 0
    answered = "rcode" in row
    both = "qtype" in row or "rtt" in row
    ttl = 2**32 - 1
    if "answers" in row and "TTLs" in row:
        ttls = row["TTLs"] if is_json else text(row["TTLs"]).split(",")
        ttl = ttl_of(ttls[0])
    return ["contact", time_of(row["ts"] if is_json else text(row["ts"]), is_json), kind,
            str(ipaddress.ip_address(text(row["id.orig_h"]))), name_of(query), str(qtype),
            text(row["rcode"]) if answered else "65535", str(ttl), "out",
            ("qr" if both else "r") if answered else "q"], None


MAIL_PORTS = ("25", "465", "587")
ONE_SIDED = {"S0": "q", "SH": "q", "RSTOS0": "q", "SHR": "r", "RSTRH": "r"}


def expected_conn(row, is_json):
    port = text(row.get("id.resp_p", "0"))
    return ["contact", time_of(row["ts"] if is_json else text(row["ts"]), is_json), "conn",
            str(ipaddress.ip_address(text(row["id.orig_h"]))),
            str(ipaddress.ip_address(text(row["id.resp_h"]))), port if port in MAIL_PORTS else "0",
            "65535", str(2**32 - 1), "out", ONE_SIDED.get(text(row.get("conn_state", "-")), "qr")], None


def expected_smtp(row, is_json):
    reply = re.match(r"[2-5]\d\d(?!\d)", text(row.get("last_reply", "")))
    return ["contact", time_of(row["ts"] if is_json else text(row["ts"]), is_json), "smtp",
            str(ipaddress.ip_address(text(row["id.orig_h"]))),
            str(ipaddress.ip_address(text(row["id.resp_h"]))), "1", reply[0] if reply else "65535",
            str(2**32 - 1), "out", "qr" if reply else "q"], None


def answers_of(row, is_json):
    answers = row.get("answers", [])
    return [a.encode() for a in answers] if is_json else answers.split(b",") if answers else []


def run(dump, *paths):
    out = subprocess.run([dump, *paths], check=True, stdout=subprocess.PIPE).stdout.decode()
    return out.split("\n")[:-1]


def check(dump, path, expected):
    """Number of contacts that agree; exits on the first difference."""
    content = opened(path)
    got = [line.split("\t") for line in run(dump, path)]
    contacts = 0
    at = 0
    skipped = collections.Counter()
    for is_json, row in rows_of(content):
        want, why = expected(row, is_json)
        if want is None:
            skipped[why] += 1
            continue
        if got[at] != want:
            sys.exit("%s: row %r\nwant %r\ngot  %r" % (path, row, want, got[at]))
        at += 1
        contacts += 1
        if expected is expected_conn:
            continue
        if expected is expected_smtp:
            while got[at][0] == "fact":  # of words of the row, and the client's
                if not all(word in (" ".join(map(text, row.values())).lower()) for word in (got[at][1], got[at][3])):
                    sys.exit("%s: row %r\nfact %r" % (path, row, got[at]))
                at += 1
            continue
        known = {name_of(a) for a in answers_of(row, is_json)} | {want[4]}
        for a in answers_of(row, is_json):
            try:
                known.add(str(ipaddress.ip_address(a.decode("latin-1"))))
            except ValueError:
                pass
        while got[at][0] == "fact":
            if got[at][1] not in known or got[at][3] not in known:
                sys.exit("%s: row %r\nfact %r" % (path, row, got[at]))
            at += 1
    reported = {g[1]: int(g[2]) for g in got[at:] if g[0] == "skipped"}
    if reported != dict(skipped):
        sys.exit("%s: skipped %r, expected %r" % (path, reported, dict(skipped)))
    if got[-1][0] != "end" or int(got[-1][2]) != len(content):
        sys.exit("%s: %r after %d bytes" % (path, got[-1], len(content)))
    return contacts


def same_contacts(dump, folder):
    """One capture logged by Zeek in both notations gives the same contacts and facts."""
    tsv = run(dump, os.path.join(folder, "zeek-default/dns.log.gz"))
    jsonl = run(dump, os.path.join(folder, "zeek-json/dns.json.gz"))
    if [line for line in tsv if line[0] in "cf"] != [line for line in jsonl if line[0] in "cf"]:
        sys.exit("the two logs of %s differ" % folder)


def is_dns(path):
    if "dns" not in os.path.basename(path):
        return False
    head = opened(path)[:4096]
    return b"qtype_name" in head and (head.startswith(b"#separator") or head.startswith(b"{"))


def is_conn(path):
    if "/truncated/" in path:
        return False  # cut within a row, as its name says
    head = opened(path)[:4096]
    first = head.split(b"\n")[0]
    if head.startswith(b"{"):
        return b'"conn_state"' in first and re.search(rb'"id[._]resp_h"', first) is not None
    return b"\n#path\tconn\n" in head


def is_smtp(path):
    head = opened(path)[:4096]
    return b"\n#path\tsmtp\n" in head or (head.startswith(b"{") and b'"last_reply"' in head.split(b"\n")[0])


def main():
    dump, data = sys.argv[1:]
    if not os.path.isdir(data):
        print("no shared test data at %s" % data)
        sys.exit(77)
    logs = contacts = conn_logs = connections = smtp_logs = mails = 0
    others = []
    for top in ("zeek", "labelled"):
        for folder, _, names in sorted(os.walk(os.path.join(data, top))):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if re.search(r"\.(pcap|pcapng|csv|md|txt|xz|yaml|json)$", name):
                    continue
                if is_dns(path):
                    contacts += check(dump, path, expected)
                    logs += 1
                elif is_conn(path):
                    connections += check(dump, path, expected_conn)
                    conn_logs += 1
                elif is_smtp(path):
                    mails += check(dump, path, expected_smtp)
                    smtp_logs += 1
                elif "log" in name and "/truncated/" not in path:
                    others.append(path)
    out = run(dump, *others)
    taken = [line for line in out if line.startswith("end\tzeek")]
    if taken:
        sys.exit("a log was taken for one of Zeek's: %r" % taken[:5])
    same_contacts(dump, os.path.join(data, "zeek/wrccdc-2018"))
    print("%d logs of DNS agree, %d contacts; %d of connections, %d contacts; %d of mail, %d contacts; "
          "%d other logs left alone"
          % (logs, contacts, conn_logs, connections, smtp_logs, mails, len(others)))
    if logs < 80 or conn_logs < 30 or smtp_logs < 2 or len(others) < 10:
        sys.exit("fewer logs than the collection has")


main()
