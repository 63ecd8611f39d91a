# SPDX-License-Identifier: GPL-3.0-or-later
"""A row for each reader of tools/bench: what it reads a CPU second, beside its floor and a peer.

The floor is read(2) and the search for line ends; "digest" adds what any evidence costs here: its
SHA-256, and the window. A peer gets the same file, and brings out the few columns that a contact has,
or counts by them: the program that the format is read with, or the tool that people take to it.
"""
import os
import re
import subprocess

JQ = ["jq", "-r"]
MAP = "--columns=time=time,peer=client,target=name,type=type,outcome=rcode,ttl=ttl"
JOIN = ["SELECT timestamp, ip, d.domain, type FROM query_storage, domain_by_id AS d, client_by_id AS c"
        " WHERE d.id = query_storage.domain AND c.id = client"]
TSHARK = ["tshark", "-n", "-Y", "smtp", "-T", "fields"] + [w for f in (
    "frame.time_epoch", "ip.src", "ip.dst", "smtp.req.command", "smtp.req.parameter", "smtp.response.code") for w in ("-e", f)] + ["-r"]
MAILBOX = """
import email, mailbox, sys
for message in mailbox.mbox(sys.argv[1], factory=lambda f: email.message_from_binary_file(f)):
    message.get_all("Received"), message["Message-ID"], message["Date"]
"""


def mawk(separator, client, name):
    """Counts by two columns."""
    return ["mawk", "-F", separator, f"{{n[${client},${name}]++}}END{{for(k in n)c++;print c}}"]


# form, the reader that must take it, rows in the short form, options, peer
READERS = [
    ("dnstap", "dnstap", 100000, [], ["dnstap-ldns", "-r"]),
    ("cdns", "cdns", 100000, [], None),
    ("eve-v2", "eve", 100000, [], JQ + ["[.timestamp,.src_ip,.dns.rrname,.dns.rcode]|@tsv"]),
    ("eve-v3", "eve", 100000, [], JQ + ["[.timestamp,.src_ip,.dns.queries[0].rrname,.dns.rcode]|@tsv"]),
    ("bind", "bind", 200000, [], mawk(" ", 7, 10)),
    ("unbound", "unbound", 200000, [], mawk(" ", 4, 5)),
    ("dnsmasq", "dnsmasq", 100000, ["--year=2023"], mawk(" ", 8, 6)),
    ("pihole", "dnsmasq", 100000, ["--year=2023"], mawk(" ", 8, 6)),
    ("pihole-ftl", "pihole-ftl", 100000, [], ["sqlite3"]),
    ("powerdns", "powerdns", 100000, ["--year=2023"], mawk(" ", 16, 14)),
    ("coredns", "coredns", 200000, [], mawk(" ", 3, 8)),
    ("adguard", "adguard", 100000, [], JQ + ["[.T,.IP,.QH,.QT]|@tsv"]),
    ("windows", "windows-dns", 100000, [], mawk(" ", 9, 17)),
    ("passivedns", "passivedns", 100000, [], mawk("[|][|]", 5, 7)),
    ("cof", "cof", 100000, [], JQ + ["[.time_first,.time_last,.rrname,.rrtype,.rdata[0]]|@tsv"]),
    ("nmsg", "nmsg-json", 100000, [], JQ + ["[.time,.message.query_ip,.message.qname]|@tsv"]),
    ("packetq", "packetq", 200000, [], mawk(",", 3, 12)),
    ("table", "table", 200000, [MAP], mawk(",", 2, 4)),
    ("conn", "zeek-tsv", 200000, [], mawk("\t", 3, 5)),
    ("zeek-smtp", "zeek-tsv", 100000, [], mawk("\t", 3, 5)),
    ("eve-smtp", "eve", 100000, [], JQ + ["[.timestamp,.src_ip,.dest_ip,.email.message_id]|@tsv"]),
    ("postfix", "postfix", 50000, ["--year=2023"], ["pflogsumm"]),
    ("exim", "exim", 100000, [], ["eximstats"]),
    ("sendmail", "sendmail", 100000, ["--year=2023"], None),
    ("opensmtpd", "opensmtpd", 100000, [], None),
    ("exchange", "msgtrk", 100000, [], mawk(",", 2, 4)),
    ("smtp-pcap", "pcap", 10000, [], TSHARK),
    ("mbox", "mail", 4000, [], ["/usr/bin/python3", "-c", MAILBOX]),
    ("mail-tar", "mail-tar", 4000, [], None),
    ("maildir", "mail", 4000, [], None),
]


def figures(told, line):
    """MB and M rows a second, rows and skipped, of one line of bench-log."""
    m = re.search(rf"^{line} +([\d.]+) M rows/s +([\d.]+) MB/s .*? (\d+) rows +(\d+) facts +(\d+) skipped ?(\S*)", told, re.M)
    return float(m[2]), float(m[1]), int(m[3]), int(m[4]), int(m[5]), m[6]


def readers(bench, only):
    """Print them all; only: names of some."""
    print("readers, per CPU second, without a store; aim for JSON: 400 MB/s")
    print(f"  {'form':<12}{'MB':>6}{'records':>9}{'facts':>9} |{'floor':>7}{'digest':>8}{'reader':>8} MB/s{'k records/s':>13} | peer")
    for form, expected, rows, options, peer in READERS:
        if only and form not in only:
            continue
        path = bench.path(form)
        subprocess.run([os.path.join(os.path.dirname(__file__), "gen_evidence"), form, str(rows * (10 if bench.full else 1)), path],
                       check=True)
        files = [os.path.join(path, "cur", f) for f in sorted(os.listdir(f"{path}/cur"))] if os.path.isdir(path) else [path]
        runs = [subprocess.run([bench.program("bench-log"), *options, *files], check=True, capture_output=True, text=True).stdout
                for _ in range(3)]
        floor, digest, reader = (sorted(figures(told, line) for told in runs)[1] for line in (
            "floor: read, line ends", "stream, digest, lines", "contacts and facts"))
        if reader[5] != expected:
            raise SystemExit(f"bench: {form} was read as {reader[5]}, not {expected}")
        size = sum(os.path.getsize(f) for f in files) / 1e6
        print(f"  {form:<12}{size:>6.0f}{reader[2]:>9}{reader[3]:>9} |{floor[0]:>7.0f}{digest[0]:>8.0f}{reader[0]:>8.0f}     "
              f"{reader[1] * 1000:>13.0f} | {against(bench, peer, path, size)}", flush=True)
        bench.drop(path)


def against(bench, peer, path, size):
    if peer is None:
        return "none"
    seconds = bench.seconds(peer + [path] + (JOIN if peer == ["sqlite3"] else []))
    return f"{peer[0].rsplit('/', maxsplit=1)[-1]} " + ("absent" if seconds is None else f"{size / seconds:.1f} MB/s")
