#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""query_log_peers.py DUMP: what name servers that run here log, against what they were asked.

Each server that is installed runs for a few seconds on a port of the loopback and is asked for the
same names. Its log must give these questions, in order, and nothing else. One that is not installed
is left out, which is said; without any the test is skipped.
"""
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

if len(sys.argv) != 2:
    sys.exit(__doc__)
dump = sys.argv[1]
PATHS = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
ASKED = [("www.example.com", 1), ("WWW.example.com", 28), (".", 2), ("none.example.com", 65),
         ("a b.example.com", 16), ("x.example.com", 65280)]
WANT = [("127.0.0.1", name.lower().replace(" ", "\\032"), qtype) for name, qtype in ASKED]
ZONE = """$TTL 60
@ IN SOA ns.example.com. h.example.com. 1 1 1 1 1
@ IN NS ns
ns IN A 198.51.100.1
www IN A 198.51.100.7
"""


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def ask(port, name, qtype, wait):
    wire = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(wait)
        try:
            s.sendto(struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + wire + struct.pack(">2H", qtype, 1),
                     ("127.0.0.1", port))
            return len(s.recv(4096)) > 0
        except OSError:
            return False


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def named(place, port):
    write(place + "/named.conf", f"""options {{ directory "{place}"; listen-on port {port} {{ 127.0.0.1; }};
        listen-on-v6 {{ none; }}; pid-file none; recursion no; querylog yes; session-keyfile "{place}/key";
        managed-keys-directory "{place}"; }};
controls {{ }};
logging {{ channel q {{ file "{place}/log"; print-time yes; print-category yes; print-severity yes; }};
        category queries {{ q; }}; }};
view "inside" {{ match-clients {{ any; }}; zone "example.com" {{ type primary; file "{place}/zone"; }}; }};
""")
    return ["-f", "-c", place + "/named.conf"]


def unbound(place, port, more):
    write(place + "/unbound.conf", f"""server:
 directory: "{place}"
 chroot: ""
 username: ""
 port: {port}
 interface: 127.0.0.1
 use-syslog: no
 logfile: "{place}/log"
 pidfile: "{place}/pid"
 local-zone: "." static
 do-daemonize: no
 module-config: "iterator"
{more}remote-control:
 control-enable: no
""")
    return ["-d", "-c", place + "/unbound.conf"]


def dnsmasq(place, port, how):
    return ["-k", "-C", "/dev/null", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces",
            "--no-resolv", "--no-hosts", how, f"--log-facility={place}/log", "--user=" + os.environ.get("USER", "root"),
            "--pid-file", "--address=/www.example.com/198.51.100.7"]


def pdns(place, port):
    modules = [os.path.join(folder, "libbindbackend.so") for path in os.environ.get("LD_LIBRARY_PATH", "").split(":") +
               ["/usr/lib/x86_64-linux-gnu"] for folder in [os.path.join(path, "pdns")]]
    found = [m for m in modules if os.path.exists(m)]
    if not found:
        return None
    write(place + "/named.conf", f'zone "example.com" {{ type master; file "{place}/zone"; }};\n')
    return [f"--config-dir={place}", f"--module-dir={os.path.dirname(found[0])}", "--launch=bind",
            f"--bind-config={place}/named.conf", f"--local-port={port}", "--local-address=127.0.0.1",
            "--log-dns-queries=yes", "--loglevel=6", f"--socket-dir={place}", "--disable-syslog",
            "--log-timestamp=yes", "--daemon=no", "--guardian=no"]


def recursor(place, port):
    return [f"--config-dir={place}", f"--socket-dir={place}", f"--local-port={port}",
            "--local-address=127.0.0.1", "--quiet=no", "--disable-syslog", "--log-timestamp=yes",
            "--loglevel=6", "--hint-file=no", "--daemon=no", "--threads=1"]


CASES = [
    ("named", "bind", named),
    ("unbound", "unbound", lambda p, n: unbound(p, n, " log-queries: yes\n log-time-ascii: yes\n")),
    ("unbound", "unbound", lambda p, n: unbound(p, n, " log-replies: yes\n log-tag-queryreply: yes\n")),
    ("unbound", "unbound", lambda p, n: unbound(p, n, " log-queries: yes\n log-replies: yes\n")),
    ("dnsmasq", "dnsmasq", lambda p, n: dnsmasq(p, n, "--log-queries")),
    ("dnsmasq", "dnsmasq", lambda p, n: dnsmasq(p, n, "--log-queries=extra")),
    ("pdns_server", "powerdns", pdns),
    ("pdns_recursor", "powerdns", recursor),
]


def log_of(place, command, port):
    """Run the server while it is asked; the path of what it logged."""
    with open(place + "/out", "wb") as out:
        server = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=place)
        try:
            for _ in range(50):
                if ask(port, "ready.example.com", 1, 0.2) or server.poll() is not None:
                    break
                time.sleep(0.1)
            time.sleep(0.3)
            for name, qtype in ASKED:
                ask(port, name, qtype, 1)
            time.sleep(0.3)
        finally:
            server.terminate()
            server.wait(20)
    return place + ("/log" if os.path.exists(place + "/log") else "/out")


def check(program, form, config):
    path = shutil.which(program, path=PATHS)
    with tempfile.TemporaryDirectory() as place:
        port = free_port()
        options = config(place, port) if path else None
        if options is None:
            print("%s is not installed: left out" % program)
            return False
        write(place + "/zone", ZONE)
        log = log_of(place, [path] + options, port)
        year = time.strftime("--year=%Y")
        lines = subprocess.run([dump, year, log], check=True, stdout=subprocess.PIPE).stdout.decode()
        rows = [line.split("\t") for line in lines.split("\n")[:-1]]
        got = [(c[3], c[4], int(c[5])) for c in rows if c[0] == "contact" and c[4] != "ready.example.com"]
        # Unbound writes a question mark for what it takes for no letter
        want = [(p, n.replace("\\032", "?") if form == "unbound" else n, t) for p, n, t in WANT]
        if rows[-1][1] != form or got != want:
            with open(log, errors="replace") as f:
                print(f.read())
            sys.exit("%s: %s\nwant %r\ngot  %r" % (program, rows[-1], want, got))
        print("%s: %d questions" % (program, len(got)))
        return True


if not any([check(*case) for case in CASES]):
    print("SKIP: none of the servers is installed")
    sys.exit(77)
