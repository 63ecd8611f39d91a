#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mta_rows.py DUMP DATA: the logs of mail servers below DATA against a second reading of them.

Regular expressions, line by line and with a dictionary for what lines share, in place of words and a
bounded memory; and what the collection publishes: the hosts in fail2ban's comments, the counts of
eximstats. No part of an address of a person may come out, and logs of other programs stay unread.
"""
import collections
import ipaddress
import json
import os
import re
import subprocess
import sys

dump, data = sys.argv[1], os.path.join(sys.argv[2], "mta-logs")
if not os.path.isdir(data):
    print("SKIP: no collection of mail servers' logs at", data)
    sys.exit(77)
HOST = r"(\S*?)\[([0-9a-fA-F:.]+)\]"


def rows(path):
    out = subprocess.run([dump, "--year=2022", path], check=True, stdout=subprocess.PIPE).stdout.decode()
    lines = [line.split("\t") for line in out.split("\n")[:-1]]
    return [(c[3], c[4], c[6]) for c in lines if c[0] == "contact"], lines


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read().split("\n")[:-1]


def address(text):
    return str(ipaddress.ip_address(text))


def postfix(lines):
    """(peer, target, outcome) of each hand-over."""
    used, sent, found = {}, {}, []
    for number, line in enumerate(lines):
        m = re.match(r"(?:\w{3} +\d+ [\d:]{8}|\d{4}-\S+) (\S+) (postfix\S*/(\w+)\[\d+\]): (.*)", line)
        if not m:
            continue
        here, process, service, text = m.groups()
        if service in ("smtpd", "postscreen"):
            if c := re.match(r"connect from " + HOST, text):
                used[process] = False
            elif c := re.match(r"\w+: client=" + HOST, text):
                found.append((address(c[2]), here, "250"))
                used[process] = True
            elif c := re.match(r"\w+: reject: \S+ from " + HOST + r"(?::\d+)?: (\d{3}) ", text):
                found.append((address(c[2]), here, c[3]))
                used[process] = True
            elif (c := re.match(r"disconnect from " + HOST, text)) and used.get(process) is False:
                found.append((address(c[2]), here, "65535"))
                used[process] = True
        elif service == "smtp":
            code = re.search(r"status=.*?[ (]([2-5]\d\d)[ -]", text)
            if c := re.match(r"connect to " + HOST, text):
                found.append((here, address(c[2]), "65535"))
            elif c := re.match(r"(\w+): to=<.*?>, (?:orig_to=<.*?>, )?relay=" + HOST, text):
                minute = line[:19]
                if sent.get(c[1]) != (c[3], minute[:12]):
                    found.append((here, address(c[3]), code[1] if code else "65535"))
                sent[c[1]] = (c[3], minute[:12])
    return [f for f in found if not any(e.startswith("127.") or e == "::1" for e in f[:2])]


def same(path, got, want):
    if collections.Counter(got) != collections.Counter(want):
        sys.exit("%s:\nwant %r\ngot  %r" % (path, sorted(want), sorted(got)))
    return len(got)


def private(path, lines):
    """No word before an '@' of the log stands in what is kept, but for those that are hosts as well."""
    kept = {word for line in lines if line[0] in ("contact", "fact") for word in line}
    if any("@" in word or "<" in word for word in kept):
        sys.exit("%s: an address came out" % path)


count = logs = 0
for folder in ("lightmeter-postfix/individual", "postfix-maillog-dump", "pflogsumm-go"):
    for name in sorted(os.listdir(os.path.join(data, folder))):
        path = os.path.join(data, folder, name)
        if "PEER" in name:
            continue
        got, lines = rows(path)
        private(path, lines)
        if lines[-1][1] == "postfix":
            count += same(path, got, postfix(read(path)))
            logs += 1
print("%d logs of Postfix agree, %d contacts" % (logs, count))

hosts = []
told = None
for line in read(os.path.join(data, "fail2ban/postfix")):
    if line.startswith("# failJSON:"):
        told = json.loads(line.split(":", 1)[1])
    elif told and " reject: " in line and not line.startswith("#"):
        hosts.append(told["host"])
        told = None
got, lines = rows(os.path.join(data, "fail2ban/postfix"))
private("fail2ban/postfix", lines)
missing = set(hosts) - {g[0] for g in got}
if missing or len(hosts) < 15:
    sys.exit("fail2ban/postfix: not found %r of %r" % (missing, hosts))
print("fail2ban: %d hosts that were refused" % len(hosts))

got, lines = rows(os.path.join(data, "exim-exporter/mainlog"))
private("exim-exporter/mainlog", lines)
# eximstats: 3 messages delivered by SMTP, 4 addresses; received ones with a host are the lines with <= and H=
delivered = [g for g in got if g[0] == "-" and g[2] == "250"]
arrivals = [line for line in read(os.path.join(data, "exim-exporter/mainlog")) if re.search(r" <= .* H=", line)]
if len(delivered) != 3 + len(arrivals):
    sys.exit("exim-exporter: %d of 3 delivered and %d received" % (len(delivered), len(arrivals)))
print("eximstats: 3 delivered, %d received" % len(arrivals))

for name in ("fail2ban/cyrus-imap", "fail2ban/qmail", "fail2ban/assp", "crowdsec/dovecot-spam/dovecot-spam.log"):
    if rows(os.path.join(data, name))[0]:
        sys.exit("%s gave contacts" % name)
