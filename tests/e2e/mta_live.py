#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""mta_live.py DUMP: what Postfix and Exim log and write into headers, against what was sent through them.

The two conflict as packages, so both are unpacked side by side into a temporary folder, and run in name
spaces of their own: a network of three hosts on a loopback, users and hosts of theirs. A client
delivers to each of the two, which relays to the other, which delivers to a Maildir (Postfix) or an mbox
(Exim). Each hand-over, refusal and empty session must be in the logs as it was sent, with its time; each
Received hop of the messages must be a hand-over of the logs. Skipped where the packages cannot be had, or run.
"""
import collections
import glob
import os
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time

CLIENT, STRANGER = "203.0.113.7", "203.0.113.99"
POSTFIX, EXIM = "192.0.2.25", "198.51.100.25"
POSTFIX_NAME, EXIM_NAME = "mail.example.org", "mx.example.net"
MESSAGES = 4  # each way
NONE = "65535"  # no reply code
SERVERS = ["postfix", "exim4-daemon-light"]
LIBRARIES = ["libidn12", "libdb5.3", "libicu72", "libnsl2", "libtirpc3", "libsasl2-2", "libpcre2-8-0", "libgnutls30"]
USERS = ["root:x:0:0::/:/bin/sh", "postfix:x:901:901::/:/bin/false", "Debian-exim:x:902:902::/:/bin/false",
         "nobody:x:65534:65534::/:/bin/false"]
GROUPS = ["root:x:0:", "postfix:x:901:", "postdrop:x:903:", "Debian-exim:x:902:", "nogroup:x:65534:"]
HOSTS = ["127.0.0.1 localhost", f"{POSTFIX} {POSTFIX_NAME}", f"{EXIM} {EXIM_NAME}", f"{CLIENT} desk.example.com"]
MAIN = """compatibility_level = 3.6
queue_directory = {place}/postfix/queue
data_directory = {place}/postfix/data
command_directory = {tree}/usr/sbin
daemon_directory = {tree}/usr/lib/postfix/sbin
shlib_directory = {tree}/usr/lib/postfix
meta_directory = {place}/postfix/etc
import_environment = PATH MAIL_CONFIG TZ
maillog_file = {place}/postfix/log
maillog_file_prefixes = {place}
myhostname = {name}
mydestination =
inet_interfaces = {address}
inet_protocols = ipv4
smtp_bind_address = {address}
smtp_host_lookup = native
mynetworks = {client}/32
relayhost = [{relay}]
alias_maps =
smtputf8_enable = no
virtual_mailbox_domains = example.org
virtual_mailbox_base = {place}/postfix
virtual_mailbox_maps = inline:{{ someone@example.org=box/ }}
virtual_uid_maps = static:901
virtual_gid_maps = static:901
"""
MASTER = """smtp inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
EXIM_CONFIG = """primary_hostname = {name}
exim_path = {tree}/usr/sbin/exim4
spool_directory = {place}/exim/spool
log_file_path = {place}/exim/%slog
local_interfaces = {address}
daemon_smtp_ports = 25
domainlist ours = example.net
host_lookup = *
host_lookup_order = byaddr
tls_advertise_hosts =
keep_environment =
rfc1413_query_timeout = 0s
acl_smtp_rcpt = rcpt
begin acl
rcpt:
  accept hosts = {client}
  accept domains = +ours
    local_parts = other
  deny message = relay not permitted
begin routers
out:
  driver = manualroute
  domains = ! +ours
  route_list = * {relay} byname
  transport = remote
box:
  driver = accept
  local_parts = other
  transport = box
begin transports
remote:
  driver = smtp
  interface = {address}
  hosts_try_fastopen =
box:
  driver = appendfile
  file = {place}/exim/mbox
  user = Debian-exim
begin retry
* * F,1h,1m
"""


def skip(why):
    print("SKIP:", why)
    sys.exit(77)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


# ---- outside: the packages

def unpack(place, packages, folder):
    debs = os.path.join(place, "debs")
    os.makedirs(debs, exist_ok=True)
    try:
        got = subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", *packages], cwd=debs,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    except subprocess.TimeoutExpired:
        skip("the packages of the mail servers do not come")
    if got.returncode:
        skip("the packages of the mail servers cannot be had: " + got.stderr.decode(errors="replace").strip().split("\n", maxsplit=1)[0])
    for package in packages:
        subprocess.run(["dpkg-deb", "-x", glob.glob(f"{debs}/{package}_*.deb")[0], os.path.join(place, folder)], check=True)


def library_cache(place):
    """A loader's cache of the system's libraries and those unpacked; programs with the set-uid bit go by it, too."""
    folders = [f"{place}/tree/usr/lib/postfix", f"{place}/tree/usr/lib/x86_64-linux-gnu", f"{place}/tree/lib/x86_64-linux-gnu"]
    write(f"{place}/etc/ld.so.conf", read("/etc/ld.so.conf") + "\n" + "\n".join(folders) + "\n")
    subprocess.run(["/sbin/ldconfig", "-X", "-f", f"{place}/etc/ld.so.conf", "-C", f"{place}/etc/ld.so.cache"], check=True,
                   stderr=subprocess.DEVNULL)


def is_lacking(place):
    programs = [f"{place}/tree/usr/sbin/exim4"] + glob.glob(f"{place}/tree/usr/lib/postfix/sbin/*")
    library_cache(place)
    out = apart(["sh", "-c", f'mount --bind {place}/etc/ld.so.cache /etc/ld.so.cache && exec ldd "$@"', "ldd", *programs],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return b"not found" in out.stdout


def apart(command, **how):
    """Run it in name spaces of its own."""
    return subprocess.run(["unshare", "--mount", "--net", *command], **how)


def outside(dump):
    lacking = [name for name in ("apt-get", "dpkg-deb", "unshare", "ip", "mount") if shutil.which(name) is None]
    if lacking:
        skip("not there: " + " ".join(lacking))
    if os.geteuid() != 0:
        skip("mail servers are only run by root, in name spaces of their own")
    if apart(["true"], stderr=subprocess.DEVNULL).returncode:
        skip("no name spaces can be made here")
    with tempfile.TemporaryDirectory(prefix="lodestone-mta-") as place:
        os.chmod(place, 0o755)
        unpack(place, SERVERS, "tree")
        if is_lacking(place):
            unpack(place, LIBRARIES, "tree")
        if is_lacking(place):
            skip("libraries of the mail servers are missing")
        sys.exit(apart([sys.executable, sys.argv[0], dump, place], env={**os.environ, "TZ": "UTC", "LC_ALL": "C"}).returncode)


# ---- inside: three hosts

def network(place):
    for words in ["link set lo up"] + [f"addr add {a}/32 dev lo" for a in (CLIENT, STRANGER, POSTFIX, EXIM)]:
        subprocess.run(["ip", *words.split()], check=True)
    for name, lines in (("passwd", USERS), ("group", GROUPS), ("hosts", HOSTS), ("nsswitch.conf", [
            "passwd: files", "group: files", "hosts: files"])):
        write(f"{place}/etc/{name}", "\n".join(lines) + "\n")
    for name in ("passwd", "group", "hosts", "nsswitch.conf", "ld.so.cache"):
        subprocess.run(["mount", "--bind", f"{place}/etc/{name}", f"/etc/{name}"], check=True)


def start_postfix(place):
    queue = f"{place}/postfix/queue"
    for name in ("active bounce corrupt defer deferred flush hold incoming private maildrop public saved trace".split()):
        os.makedirs(f"{queue}/{name}")
        os.chown(f"{queue}/{name}", 901, 903 if name in ("maildrop", "public") else 901)
    os.chmod(f"{queue}/maildrop", 0o730)
    os.makedirs(f"{queue}/pid")
    for name in ("data", "box"):
        os.makedirs(f"{place}/postfix/{name}")
        os.chown(f"{place}/postfix/{name}", 901, 901)
    write(f"{place}/postfix/etc/main.cf", MAIN.format(place=place, tree=f"{place}/tree", name=POSTFIX_NAME, address=POSTFIX,
                                                      client=CLIENT, relay=EXIM_NAME))
    write(f"{place}/postfix/etc/master.cf", MASTER)
    return subprocess.Popen([f"{place}/tree/usr/lib/postfix/sbin/master", "-c", f"{place}/postfix/etc"])


def start_exim(place):
    os.makedirs(f"{place}/exim/spool")
    os.chown(f"{place}/exim", 902, 902)
    os.chown(f"{place}/exim/spool", 902, 902)
    write(f"{place}/exim.conf", EXIM_CONFIG.format(place=place, tree=f"{place}/tree", name=EXIM_NAME, address=EXIM,
                                                   client=CLIENT, relay=POSTFIX_NAME))
    # in the foreground; queue runs as often as there may be messages left
    return subprocess.Popen([f"{place}/tree/usr/sbin/exim4", "-C", f"{place}/exim.conf", "-bdf", "-q5s"],
                            stderr=subprocess.DEVNULL)  # it warns that a configuration of one's own costs it its rights


def session(server, source):
    for _ in range(100):
        try:
            return smtplib.SMTP(server, 25, "desk.example.com", 10, (source, 0))
        except OSError:
            time.sleep(0.1)
    skip(f"the server at {server} does not answer")


def deliver(server, number, sender, recipient, source=CLIENT):
    """The reply code and the second."""
    with session(server, source) as smtp:
        try:
            smtp.sendmail(sender, [recipient], f"From: {sender}\nTo: {recipient}\nSubject: no one's business {number}\n"
                          f"Message-ID: <{number}.{server}@desk.example.com>\n"
                          f"Date: {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\n\nSECRET body {number}\n")
            return "250", time.time()
        except smtplib.SMTPRecipientsRefused as e:
            return str(e.recipients[recipient][0]), time.time()


# ---- what came of it

def rows(dump, *paths):
    out = subprocess.run([dump, time.strftime("--year=%Y"), *paths], check=True, stdout=subprocess.PIPE).stdout.decode()
    if "SECRET" in out or "@" in out or "someone" in out:
        sys.exit("what is no evidence came out:\n" + out)
    lines = [line.split("\t") for line in out.split("\n")[:-1]]
    return [(c[3], c[4], c[6], c[8], float(c[1])) for c in lines if c[0] == "contact"], lines


def same(what, got, want, within=5):
    """By ends, code and direction, and then by time, in seconds: a server takes a moment."""
    if collections.Counter(g[:4] for g in got) != collections.Counter(w[:4] for w in want):
        sys.exit(f"{what}:\nwant {sorted(want)}\ngot  {sorted(got)}")
    for end in {w[:4] for w in want}:
        times = [sorted(r[4] for r in side if r[:4] == end) for side in (got, want)]
        if any(abs(a - b) > within for a, b in zip(*times)):
            sys.exit(f"{what}: {end}: times {times[0]}, not {times[1]}")
    print(f"{what}: {len(got)} hand-overs as they were sent or logged")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return f.read()


def queue_ids(postfix_log, exim_log):
    """Each message of the client's is one queue ID at each server, and one's reply names the other's."""
    count = 0
    for ident, other in re.findall(r"postfix/smtp\[\d+\]: (\w+): to=<.*?>.* status=sent \(250 OK id=(\S+)\)", postfix_log):
        if not re.search(rf"cleanup\[\d+\]: {ident}: message-id=", postfix_log) or f" {other} <= " not in exim_log:
            sys.exit(f"Postfix's {ident} is not Exim's {other}")
        count += 1
    for ident, other in re.findall(r'(\S+) => .* C="250 2\.0\.0 Ok: (?:\d+ bytes )?queued as (\w+)"', exim_log):
        if f" {ident} <= " not in exim_log or not re.search(rf"smtpd\[\d+\]: {other}: client={EXIM_NAME}", postfix_log):
            sys.exit(f"Exim's {ident} is not Postfix's {other}")
        count += 1
    if count != 2 * MESSAGES:
        sys.exit(f"{count} messages passed both, not {2 * MESSAGES}:\n{postfix_log}\n{exim_log}")


def hops(what, dump, paths, first, second, logged):
    """Two a message: the topmost server names itself, the one below it has the address that the topmost saw."""
    got, lines = rows(dump, *paths)
    names = {POSTFIX: POSTFIX_NAME, EXIM: EXIM_NAME}
    same(what, got, [(peer, names[target] if peer == first else target, NONE, "out", when) for peer, target, when in logged
                     if (peer, target) in ((CLIENT, first), (first, second))], 2)
    if any(line[9] != "qr" for line in lines if line[0] == "contact"):
        sys.exit(f"{what}: a hop that nothing vouches for: {lines}")
    facts = [line for line in lines if line[0] == "fact" and line[2] == "65402" and line[1] == "desk.example.com"]
    if len(facts) != MESSAGES or any(line[0] == "skipped" for line in lines):
        sys.exit(f"{what}: {len(facts)} Message-IDs of {MESSAGES}: {lines}")


def traffic(place):
    """What is sent: (peer, target, code, second) as each server must have it."""
    sent = []
    for number in range(MESSAGES):
        for first, second, sender, recipient in ((POSTFIX, EXIM, "someone@example.org", "other@example.net"),
                                                 (EXIM, POSTFIX, "other@example.net", "someone@example.org")):
            code, when = deliver(first, number, sender, recipient)
            sent += [(CLIENT, first, code, when), (first, second, "250", when)]
    for server, recipient, source in ((POSTFIX, "nobody@example.org", CLIENT), (POSTFIX, "x@example.com", STRANGER),
                                      (EXIM, "x@example.com", STRANGER), (EXIM, "nobody@example.net", STRANGER)):
        code, when = deliver(server, 0, "stranger@example.com", recipient, source)
        if code[0] not in "45":
            sys.exit(f"{recipient} was not refused, but {code}")
        sent.append((source, server, code, when))
    session(POSTFIX, STRANGER).quit()
    sent.append((STRANGER, POSTFIX, NONE, time.time()))
    for _ in range(200):
        box = len(glob.glob(f"{place}/postfix/box/new/*"))
        mbox = read(f"{place}/exim/mbox").count("\nSubject: ") if os.path.exists(f"{place}/exim/mbox") else 0
        if (box, mbox) == (MESSAGES, MESSAGES):
            time.sleep(0.5)  # the last lines of the logs
            return sent
        time.sleep(0.1)
    sys.exit(f"{box} and {mbox} of {MESSAGES} messages arrived\n{read(place + '/postfix/log')}\n{read(place + '/exim/mainlog')}")


def inside(dump, place):
    network(place)
    servers = [start_postfix(place), start_exim(place)]
    try:
        sent = traffic(place)
    finally:
        for server in servers:
            server.terminate()
            server.wait(20)
    postfix_log, exim_log = read(f"{place}/postfix/log"), read(f"{place}/exim/mainlog")
    # Postfix's log names its host, short; Exim's does not, so that the other end is the target, and refusals have no code
    host = POSTFIX_NAME.split(".", maxsplit=1)[0]
    by_postfix, by_exim = rows(dump, f"{place}/postfix/log")[0], rows(dump, f"{place}/exim/mainlog")[0]
    same("Postfix's log", by_postfix, [
        (host if p == POSTFIX else p, host if t == POSTFIX else t, code, "out", when) for p, t, code, when in sent if POSTFIX in (p, t)])
    same("Exim's log", by_exim, [
        ("-", t if p == EXIM else p, code if code == "250" else NONE, "out" if p == EXIM else "in", when)
        for p, t, code, when in sent if EXIM in (p, t)])
    queue_ids(postfix_log, exim_log)
    # what was accepted, by the log of the host that accepted it
    logged = [(row[0], POSTFIX, row[4]) for row in by_postfix if row[1] == host and row[2] == "250"]
    logged += [(row[1], EXIM, row[4]) for row in by_exim if row[2:4] == ("250", "in")]
    hops("Maildir", dump, sorted(glob.glob(f"{place}/postfix/box/new/*")), EXIM, POSTFIX, logged)
    hops("mbox", dump, [f"{place}/exim/mbox"], POSTFIX, EXIM, logged)


if len(sys.argv) == 3:
    inside(sys.argv[1], sys.argv[2])
elif len(sys.argv) == 2:
    outside(os.path.abspath(sys.argv[1]))
else:
    sys.exit(__doc__)
