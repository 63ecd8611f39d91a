#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""query_log_rows.py DUMP DATA: the query logs below DATA against what is published beside them.

BIND logs of a lab are read a second time, by a regular expression. Of CrowdSec's lines the parser's
published fields are compared, of fail2ban's the time and host of each comment, and Wazuh's are the
lines that its rules must take for Unbound's. dnsmasq's log of a labelled set is read again in the same way.
"""
import collections
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile

if len(sys.argv) != 3:
    sys.exit(__doc__)
dump, data = sys.argv[1], os.path.join(sys.argv[2], "query-logs")
if not os.path.isdir(data):
    print("SKIP: no collection of query logs at", data)
    sys.exit(77)
TYPES = {"A": 1, "NS": 2, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33, "ANY": 255,
         "AXFR": 252}
LINE = re.compile(r"(\d\d-\w{3}-\d{4} [\d:.]+) .*?client (?:@\w+ )?([\da-fA-F.:]+)#\d+.*?: "
                  r"(?:query: (\S+) \S+ (\S+) |[^']*'(\S+)/(\w+)/IN' denied)")


def rows(path, *options):
    """Contacts as (time, peer, name, type), and the rest: skipped and assumed by reason, format."""
    out = subprocess.run([dump, *options, path], check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = [line.split("\t") for line in out.split("\n")[:-1]]
    contacts = [(c[1], c[3], c[4], int(c[5])) for c in lines if c[0] == "contact"]
    return contacts, {(c[0], c[1]): int(c[2]) for c in lines if c[0] in ("skipped", "assumed", "end")}


def seconds(text, form):
    at = datetime.datetime.strptime(text, form).replace(tzinfo=datetime.timezone.utc)
    return str(int(at.timestamp()))


def bind_time(text):
    return seconds(text[:20], "%d-%b-%Y %H:%M:%S") + text[20:]


def same(what, got, want):
    if got == want:
        print("%s: %d contacts" % (what, len(got)))
        return
    first = next((i for i in range(min(len(got), len(want))) if got[i] != want[i]),
                 min(len(got), len(want)))
    sys.exit("%s: %d contacts for %d, differing at %d:\nwant %r\ngot  %r" %
             (what, len(got), len(want), first, want[first:first + 1], got[first:first + 1]))


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read().split("\n")


def bind_lab(name):
    path = os.path.join(data, "bind-lab-2015", name)
    want = []
    for line in read(path):
        m = LINE.match(line)
        if m:
            asked = m[3].lower().rstrip(".") or "."
            want.append((bind_time(m[1]), m[2], asked, TYPES[m[4]]))
    got, rest = rows(path)
    same(name, got, want)
    if rest != {("assumed", "assumed UTC, no zone in the log"): len(want), ("end", "bind"): os.path.getsize(path)}:
        sys.exit("%s: %r" % (name, rest))


def crowdsec():
    folder = os.path.join(data, "crowdsec-bind9-logs")
    events = collections.defaultdict(dict)
    for line in read(os.path.join(folder, "parser.assert")):
        m = re.match(r'results\["s01-parse"\]\["[^"]*"\]\[(\d+)\]\.Evt\.\w+\["(\w+)"\] == (".*")$', line)
        if m:
            events[int(m[1])][m[2]] = json.loads(m[3])
    # two lines have no date; one is no question, which fits the peer's purpose but is no contact
    want = [(bind_time(e["timestamp"]), e["source_ip"]) for _, e in sorted(events.items())
            if "timestamp" in e and e["timestamp"] and "bad zone transfer" not in e["message"]]
    got, rest = rows(os.path.join(folder, "bind9-logs.log"))
    same("bind9-logs.log", [c[:2] for c in got], want)
    if (rest.get(("skipped", "line without a date")), rest.get(("skipped", "line of another kind"))) != (2, 1):
        sys.exit("bind9-logs.log: %r" % rest)


def fail2ban():
    path = os.path.join(data, "fail2ban", "named-refused")
    want = []
    told = None
    for line in read(path):
        if line.startswith("# failJSON:"):
            told = json.loads(line.split(":", 1)[1])
        elif line and not line.startswith("#"):
            if told and "time" in told and "bad zone transfer" not in line:
                want.append((told["time"][5:], told["host"]))
            elif told and re.match(r"\w{3} \d", line) and "denied" in line:
                # the peer publishes no time of these two
                want.append((seconds("2005 " + line[:15], "%Y %b %d %H:%M:%S"), told["host"]))
            told = None
    got, _ = rows(path, "--year=2005")
    # the years that fail2ban gives to lines without one are those of its tests' clock
    iso = [(datetime.datetime.fromtimestamp(int(c[0].split(".")[0]), datetime.timezone.utc)
            .strftime("%m-%dT%H:%M:%S"), c[1]) for c in got]
    want = [(w[0] if "T" in w[0] else datetime.datetime.fromtimestamp(
        int(w[0]), datetime.timezone.utc).strftime("%m-%dT%H:%M:%S"), w[1]) for w in want]
    same("named-refused", iso, want)


def wazuh():
    lines = [m[1] for line in read(os.path.join(data, "wazuh", "unbound.ini"))
             for m in [re.match(r";?log \d+ pass = (.*)", line)] if m]
    with tempfile.NamedTemporaryFile("w", suffix=".log") as f:
        f.write("".join(line + "\n" for line in lines))
        f.flush()
        got, rest = rows(f.name)
    same("unbound.ini", got, [("1405360802.814490", "127.0.0.1", "talkgadget.google.com", 1)])
    if rest.get(("skipped", "line of another kind")) != len(lines) - 1:
        sys.exit("unbound.ini: %r" % rest)


def dnsmasq():
    path = os.path.join(data, "..", "labelled", "korving-iodine", "dnsmasq.log")
    types = dict(TYPES, NULL=10, CNAME=5)
    want = []
    for line in read(path):
        m = re.match(r"(\w{3} +\d+ [\d:]{8}) dnsmasq\[\d+\]: query\[(\w+)\] (\S+) from (\S+)$", line)
        if m:
            want.append((seconds("2020 " + m[1], "%Y %b %d %H:%M:%S"), m[4], m[3].lower(), types[m[2]]))
    got, _ = rows(path, "--year=2020")
    same("dnsmasq.log", got, want)


bind_lab("queries.log")
bind_lab("queries1.log")
crowdsec()
fail2ban()
wazuh()
dnsmasq()
for name in ("crowdsec-adguardhome-logs/adguardhome-logs.log", "crowdsec-technitium-logs/technitium.log"):
    if rows(os.path.join(data, name))[1] != {("end", "none"): 0}:
        sys.exit("%s holds no queries" % name)
