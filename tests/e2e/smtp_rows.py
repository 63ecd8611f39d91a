#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""smtp_rows.py DUMP DATA: mail sessions of the shared captures against tshark and against Zeek.

What tshark says of them was kept beside the captures, a row a frame with commands, parameters and
reply codes. From these rows this program makes transactions by its own reading: their time,
ends, and the reply that settled them, with the names in HELO, recipients' domains and Message-IDs.
Zeek's smtp.log, where one was kept beside its capture, must name the same client, HELO, Message-ID
and last reply. Each difference must be in the table below, with its reason.
"""
import collections
import csv
import gzip
import ipaddress
import os
import re
import subprocess
import sys

PEER = "pcap-smtp/PEER-tshark-4.0.17.tsv.gz"
HELO, MESSAGE_ID, DATE, GREETING, RECIPIENT = "65401", "65402", "65403", "65404", "65405"
NONE = "65535"
DOMAINS = 4  # LIMIT_SMTP_DOMAINS

# capture: why the two differ
PIPELINED = "tshark shows no command of a segment that holds several, or content behind them"
KNOWN = {
    "arkime/smtp-subject-multi-nospace.pcap": PIPELINED,
    "arkime/smtp-subject-windows.pcap": PIPELINED,
    "suricata-verify/smtp-bdat-last-next-mail/input.pcap": "tshark shows no command bdat in small letters",
    "suricata-verify/smtp-ehlo-reset-after-rejected-data/input.pcap": PIPELINED,
    "suricata-verify/smtp-errors/smtperr.pcap": "tshark shows nothing of one session, a greeting and TLS",
    "suricata-verify/smtp-pipelining/input.pcap": PIPELINED,
    "zeek-btest/smtp_rfc3030-bdat-multipart.pcap/rfc3030-bdat-multipart.pcap":
        "tshark does not read the header in a chunk",
    "zeek-btest/smtp_smtp-bdat-cmd-negative-chunk-size.pcap/smtp-bdat-cmd-negative-chunk-size.pcap":
        "tshark does not show a BDAT of -1 as a command",
    "zeek-btest/smtp_smtp-bdat-pipeline-8bitmime.pcap/smtp-bdat-pipeline-8bitmime.pcap": PIPELINED,
}

Row = collections.namedtuple("Row", "time client server of_server commands parameters codes ids")


def peer_rows(data):
    """The rows of tshark by capture and by connection."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    with gzip.open(os.path.join(data, PEER), "rt", newline="", errors="replace") as f:
        for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE):
            if not (r["tcp.srcport"] or "").isdigit():
                continue  # the rest of a row whose text has line ends
            of_server = r["tcp.srcport"] in ("25", "465", "587")
            ends = [r["ip.src"] or r["ipv6.src"], r["ip.dst"] or r["ipv6.dst"]]
            ports = [r["tcp.srcport"], r["tcp.dstport"]]
            if of_server:
                ends.reverse()
                ports.reverse()
            if ports[1] not in ("25", "465", "587"):
                continue
            row = Row(r["frame.time_epoch"], ends[0], ends[1], of_server,
                      (r["smtp.req.command"] or "").upper().split(","), r["smtp.req.parameter"] or "",
                      [c for c in (r["smtp.response.code"] or "").split(",") if c],
                      r["imf.message_id"] or "")
            found[r["file"]][(*ends, *ports)].append(row)
    return found


def domain(text):
    """Behind the last @, if it is a name."""
    m = re.search(r"@([A-Za-z0-9_.-]+)>?\s*$", text)
    name = m[1].rstrip(".").lower() if m else ""
    try:
        ipaddress.ip_address(name)
        return None
    except ValueError:
        return name if "." in name else None


def expected(rows):
    """Transactions (time, client, server, outcome), and facts, of one connection."""
    transactions, facts = [], set()
    waiting = []  # commands without a reply: (verb, transaction, recipient's domain)
    for r in rows:
        if not r.of_server:
            if r.ids and (name := domain(r.ids)):
                facts.add((MESSAGE_ID, name))
            parts = r.parameters.split(",")
            if len(parts) != len(r.commands):
                parts = [r.parameters] * len(r.commands)
            for command, parameter in zip(r.commands, parts):
                name = None
                if command == "MAIL":
                    transactions.append([r.time, r.client, r.server, NONE])
                if command in ("HELO", "EHLO"):
                    name = parameter.strip().lower()
                    if re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+", name) and domain("@" + name):
                        facts.add((HELO, name))
                if command == "RCPT":
                    m = re.search(r"<([^>]*)>", parameter)
                    name = domain(m[1] if m else parameter.split(":", 1)[-1].split(" ")[0])
                if command:
                    waiting.append((command, len(transactions) - 1, name))
            continue
        for code in r.codes:
            # what is no command and no greeting has the reply that ends a message
            command, k, name = waiting.pop(0) if waiting else ("", len(transactions) - 1, None)
            if command == "DATA" and code == "354":
                waiting.insert(0, (".", k, None))
            elif command in (".", "MAIL", "RCPT", "DATA", "BDAT") and k >= 0 and \
                    (code[0] in "45" or command in (".", "BDAT")):
                transactions[k][3] = code
            if command == "RCPT" and name and code[0] == "2":
                facts.add((RECIPIENT, name))
    facts |= {(RECIPIENT, name) for command, _, name in waiting if command == "RCPT" and name}
    return [tuple(t) for t in transactions], facts


def ours(dump, path):
    out = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    contacts, facts = [], set()
    for f in (line.split("\t") for line in out.splitlines()):
        if f[0] == "contact" and f[2] == "smtp":
            contacts.append((f[1], f[3], f[4], f[6]))
        elif f[0] == "fact" and f[2] in (HELO, MESSAGE_ID, RECIPIENT):
            facts.add((f[2], f[1]))
        elif f[0] == "fact" and f[2] in (GREETING, DATE):
            facts.add((f[2], f[1]))
    return contacts, facts


def compare(dump, data, file, connections):
    """Differences, and how many transactions there were."""
    contacts, facts = ours(dump, os.path.join(data, "pcap-smtp", file))
    want, want_facts, bare = collections.Counter(), set(), set()
    for rows in connections.values():
        transactions, some = expected(rows)
        want.update((t.rstrip("0"), *rest) for t, *rest in transactions)
        want_facts |= some
        if not transactions:  # a contact of ours, which begins with the session
            bare.add((rows[0].time.rstrip("0"), rows[0].client, rows[0].server))
    got = collections.Counter((t.rstrip("0"), *rest) for t, *rest in contacts)
    differences = [f"missing {k}" for k in want - got]
    differences += [f"more {k}" for k in got - want if k[:3] not in bare]
    seen = {f for f in facts if f[0] in (HELO, MESSAGE_ID, RECIPIENT)}
    domains = [f for f in want_facts if f[0] == RECIPIENT]
    if len(domains) > DOMAINS:  # of one message; no more are kept
        want_facts -= set(domains) - seen
    differences += [f"fact missing {f}" for f in sorted(want_facts - seen)]
    differences += [f"fact more {f}" for f in sorted(seen - want_facts)]
    return differences, sum(want.values())


def zeek_rows(path):
    fields = None
    for line in open(path, encoding="utf-8"):
        if line.startswith("#fields"):
            fields = line.rstrip("\n").split("\t")[1:]
        elif not line.startswith("#"):
            yield dict(zip(fields, line.rstrip("\n").split("\t")))


def compare_zeek(dump, data):
    """Every smtp.log that lies beside its capture."""
    rows, differences = 0, []
    top = os.path.join(data, "pcap-smtp/zeek-btest")
    for folder in sorted(f.name for f in os.scandir(top) if f.is_dir()):
        captures = [f for f in os.listdir(os.path.join(top, folder)) if ".pcap" in f]
        logs = [os.path.join(d, f) for d, _, files in os.walk(os.path.join(top, folder))
                for f in files if f == "smtp.log"]
        if not captures or not logs:
            continue
        contacts, facts = ours(dump, os.path.join(top, folder, captures[0]))
        for r in zeek_rows(logs[0]):
            if r["id.resp_p"] not in ("25", "465", "587"):
                continue  # found by content, where mail is not looked for
            rows += 1
            reply = r["last_reply"][:3] if r["last_reply"] != "-" else NONE
            want = (r["id.orig_h"], r["id.resp_h"], reply)
            if want not in [c[1:] for c in contacts]:
                differences.append(f"zeek {folder}: missing {want}")
            name = domain("@" + r["helo"])
            if name and (HELO, name) not in facts:
                differences.append(f"zeek {folder}: no HELO {name}")
            name = domain(r["msg_id"])
            if name and (MESSAGE_ID, name) not in facts:
                differences.append(f"zeek {folder}: no Message-ID {name}")
            if r["date"] != "-" and not any(f[0] == DATE for f in facts):
                differences.append(f"zeek {folder}: no Date")
    return rows, differences


def main():
    dump, data = sys.argv[1:]
    if not os.path.isfile(os.path.join(data, PEER)):
        print(f"no {PEER} in {data}: not compared")
        sys.exit(77)
    failed, same, total = [], 0, 0
    for file, connections in sorted(peer_rows(data).items()):
        differences, count = compare(dump, data, file, connections)
        total += count
        same += not differences
        if bool(differences) != (file in KNOWN):
            failed += [f"{file}: {d}" for d in differences or ["differs no more"]]
    rows, differences = compare_zeek(dump, data)
    failed += [d for d in differences if d.split(":")[0].split()[1] not in KNOWN]
    print("\n".join(failed))
    print(f"{same} captures as tshark has them, {len(KNOWN)} differ for a reason, {total} transactions; "
          f"{rows} rows of Zeek's")
    sys.exit(bool(failed) or total < 50)


main()
