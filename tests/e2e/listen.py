#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ingest --listen: dnstap from senders of every kind, real and hostile, is one source or none."""
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import main

TYPE = b"protobuf:dnstap.Dnstap"
ACCEPT, START, STOP, READY, FINISH = 1, 2, 3, 4, 5


def control(kind, content=None):
    body = struct.pack(">I", kind) + (b"" if content is None else struct.pack(">II", 1, len(content)) + content)
    return struct.pack(">II", 0, len(body)) + body


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def query(i):
    name = f"h{i}.example.com"
    return struct.pack(">6H", i, 0x100, 1, 0, 0, 0) + b"".join(bytes([len(l)]) + l.encode() for l in name.split(".")) + b"\0\0\1\0\1"


def frame(i):
    """A CLIENT_QUERY for a name of its own."""
    message = field(1, 5) + field(2, 1) + field(3, 1) + field(4, bytes([192, 0, 2, 7])) + field(6, 5353) \
        + field(8, 1700000000 + i) + varint(9 << 3 | 5) + struct.pack("<I", 0) + field(10, query(i))
    data = field(14, message) + field(15, 1)
    return struct.pack(">I", len(data)) + data


class Listener:
    def __init__(self, p, where, *more):
        self.done = subprocess.Popen([p.lodestone, "ingest", "-C", "c", "--listen", where, *more], cwd=p.folder,
                                     stderr=subprocess.PIPE, text=True)
        self.said = self.done.stderr.readline()
        self.where = re.match(r"lodestone: listening on (unix|tcp):(.*); until", self.said)
        self.p = p

    def connect(self):
        kind, place = self.where.groups()
        if kind == "tcp":
            return socket.create_connection(place.rsplit(":", 1))
        s = socket.socket(socket.AF_UNIX)
        s.connect(self.p.path(place))
        return s

    def end(self, expect=0):
        said = self.said + self.done.communicate(timeout=60)[1]
        assert expect is None or self.done.returncode == expect, (self.done.returncode, said)
        return said


def send(s, *parts, wait=True):
    s.sendall(b"".join(parts))
    if wait:
        return s.recv(4096)
    return b""


def counts(said):
    return tuple(int(n) for n in re.search(r"(\d+) frames received from (\d+) senders?: (\d+) ended, (\d+) went without ending, (\d+) refused",
                                           said).groups())


def a_sender_ends_it_with_stop(p):
    for where in ("unix:tap.sock", "tcp:0", "tcp:127.0.0.1:0", "tcp:[::1]:0"):
        shutil.rmtree(p.path("c"), ignore_errors=True)
        if "::1" in where:
            try:
                with socket.socket(socket.AF_INET6) as s:
                    s.bind(("::1", 0))
            except OSError:
                continue
        l = Listener(p, where)
        if "[" in where:
            s = socket.create_connection(("::1", int(l.where[2].rsplit(":", 1)[1])))
        else:
            s = l.connect()
        assert send(s, control(READY, TYPE)) == control(ACCEPT, TYPE)
        send(s, control(START, TYPE), *(frame(i) for i in range(30)), wait=False)
        assert send(s, control(STOP)) == control(FINISH)
        assert s.recv(1) == b""
        assert counts(l.end()) == (30, 1, 1, 0, 0)
        assert not os.path.exists(p.path("tap.sock"))
        assert len(p.rows("-C", "c")) == 30
        source = p.sources()[0]
        assert (source["format"], source["vantage"], source["state"]) == ("dnstap", "recursive", "complete")
        # what was received is kept, by the name of its digest, and can be verified and read again
        assert os.listdir(p.path("c/received")) == [os.path.basename(source["name"])]
        assert p.rows(source["name"]) == p.rows("-C", "c")
        assert "as they were ingested 1" in p.run("case", "-C", "c", "verify")


def a_signal_or_the_time_ends_it_as_well(p):
    for case, how in (("term", signal.SIGTERM), ("int", signal.SIGINT), ("for", None)):
        l = Listener(p, "unix:tap.sock", *(["--for", "2s"] if how is None else []))
        s = l.connect()
        # one who does not ask, and goes on
        send(s, control(START, TYPE), frame(1), frame(2), frame(3)[:20], wait=False)
        time.sleep(.5)
        if how is not None:
            l.done.send_signal(how)
        assert counts(l.end())[0] == 2, case
        assert len(p.rows("-C", "c")) == 2
        shutil.rmtree(p.path("c"))
    # nothing came: no source, and no file
    l = Listener(p, "unix:tap.sock", "--for", "1s")
    assert counts(l.end(expect=2)) == (0, 0, 0, 0, 0)
    assert os.listdir(p.path("c/received")) == [] and p.sources() == []


def a_stream_cut_at_any_byte_leaves_whole_frames(p):
    parts = [control(READY, TYPE), control(START, TYPE), frame(0), frame(1), control(STOP)]
    stream = b"".join(parts)
    ends = [len(b"".join(parts[:n])) for n in (3, 4)]
    l = Listener(p, "unix:tap.sock")
    for n in range(len(stream)):
        with l.connect() as s:
            send(s, stream[:n], wait=False)
    with l.connect() as s:
        send(s, control(START), frame(2), control(STOP), wait=False)
        assert s.recv(10) == b""
    want = sum(sum(n >= end for end in ends) for n in range(len(stream))) + 1
    frames, senders, ended, cut, refused = counts(l.end())
    assert (frames, senders, ended) == (want, len(stream) + 1, 1) and cut + refused == len(stream), (frames, want)
    # the same query many times over: each is a contact
    assert len(p.rows("-C", "c")) == want


def hostile_senders_are_refused_and_others_are_heard(p):
    l = Listener(p, "unix:tap.sock")
    for bad in (control(READY, b"text"), control(START, b"text"), b"GET / HTTP/1.0\r\n\r\n", frame(1),
                control(START) + b"\xff\xff\xff\xff" * 3, control(START) + struct.pack(">I", (1 << 20) + 1) + bytes(8),
                control(START) + control(READY, TYPE), control(STOP), control(9), struct.pack(">II", 0, 1 << 20),
                bytes(64)):
        with l.connect() as s:
            s.sendall(bad)
            s.settimeout(10)
            try:
                assert s.recv(100) == b"", bad
            except ConnectionResetError:
                pass
    # a crowd that says nothing must make room, and so must a frame that never ends
    crowd = [l.connect() for _ in range(40)]
    slow = l.connect()
    send(slow, control(START), struct.pack(">I", 1 << 20), bytes(1 << 19), wait=False)
    with l.connect() as s:
        assert send(s, control(READY, TYPE)) == control(ACCEPT, TYPE)
        send(s, control(START, TYPE), frame(7), wait=False)
        assert send(s, control(STOP)) == control(FINISH)
    for s in crowd + [slow]:
        s.close()
    said = l.end()
    frames, senders, ended, _, refused = counts(said)
    assert (frames, senders, ended) == (1, 11 + 40 + 1 + 1, 1) and refused >= 11, said
    assert len(p.rows("-C", "c")) == 1


def a_place_that_cannot_be_is_said(p):
    p.write("file", b"")
    for where, what in (("tap.sock", "no place to listen on"), ("unix:", "empty"), ("unix:" + "x" * 200, "longer"),
                        ("tcp:example.com:1", "no place"), ("tcp:127.0.0.1:99999", "no place"), ("tcp:::1:5", "no place"),
                        ("tcp:", "no place"), ("unix:file", "in use"), ("unix:no/where", "No such file")):
        assert what in p.says("ingest", "-C", "c", "--listen", where), where
    assert os.path.exists(p.path("file"))
    assert "--listen" in p.says("ingest", "-C", "c")
    assert "--listen" in p.says("ingest", "-C", "c", "--for", "3s", "file")
    assert "duration" in p.says("ingest", "-C", "c", "--listen", "unix:x", "--for", "soon")
    # a socket that was left behind is replaced, one that is in use is not
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(p.path("tap.sock"))
    l = Listener(p, "unix:tap.sock", "--for", "10s")
    assert "in use" in p.says("ingest", "-C", "d", "--listen", "unix:tap.sock")
    l.done.send_signal(signal.SIGTERM)
    l.end(expect=2)


def killed_it_leaves_a_file_and_no_source(p):
    l = Listener(p, "unix:tap.sock")
    s = l.connect()
    send(s, control(START), *(frame(i) for i in range(4000)), wait=False)
    time.sleep(.5)
    l.done.kill()
    l.done.communicate()
    s.close()
    assert p.sources() == []
    left = os.listdir(p.path("c/received"))
    assert len(left) == 1 and left[0].startswith("receiving-")
    p.run("ingest", "-C", "c", "c/received/" + left[0])
    assert 0 < len(p.rows("-C", "c")) <= 4000


def the_peer_s_own_sender_is_understood(p):
    replay = shutil.which("fstrm_replay")
    if replay is None:
        print("     skipped: no fstrm_replay (package fstrm-bin)")
        return
    p.write("in.fstrm", control(START, TYPE) + b"".join(frame(i) for i in range(500)) + control(STOP))
    for where in ("unix:tap.sock", "tcp:0"):
        l = Listener(p, where)
        kind, place = l.where.groups()
        to = ["-u", p.path(place)] if kind == "unix" else ["-a", "127.0.0.1", "-p", place.rsplit(":", 1)[1]]
        subprocess.run([replay, "-t", TYPE.decode(), *to, "-r", p.path("in.fstrm")], check=True, timeout=60, capture_output=True)
        assert counts(l.end()) == (500, 1, 1, 0, 0)
        assert p.rows("-C", "c") == p.rows("in.fstrm")
        if shutil.which("dnstap-ldns") is not None:
            file = p.path(p.sources()[0]["name"])
            out = subprocess.run(["dnstap-ldns", "-r", file], capture_output=True, text=True, timeout=60, check=True).stdout
            assert len(re.findall("CLIENT_QUERY|CQ ", out)) >= 500 or out.count("h1.example.com") >= 1, out[:300]
        shutil.rmtree(p.path("c"))


def named(folder, port):
    return "named", ["-f", "-c", folder + "/named.conf"], f"""options {{ directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }}; pid-file none; recursion no; session-keyfile "{folder}/key"; managed-keys-directory "{folder}";
  dnstap {{ auth; }}; dnstap-output unix "{folder}/tap.sock"; }};
controls {{ }};
zone "example.com" {{ type primary; file "{folder}/zone"; }};
"""


def unbound(folder, port):
    return "unbound", ["-d", "-c", folder + "/unbound.conf"], f"""server:
 directory: "{folder}"
 chroot: ""
 username: ""
 port: {port}
 interface: 127.0.0.1
 use-syslog: no
 pidfile: "{folder}/pid"
 local-zone: "." static
 do-daemonize: no
 module-config: "iterator"
dnstap:
 dnstap-enable: yes
 dnstap-socket-path: "{folder}/tap.sock"
 dnstap-log-client-query-messages: yes
 dnstap-log-client-response-messages: yes
"""


def knotd(folder, port):
    return "knotd", ["-c", folder + "/knotd.conf"], f"""server:
  rundir: "{folder}"
  listen: 127.0.0.1@{port}
database:
  storage: "{folder}"
mod-dnstap:
  - id: all
    sink: "unix:{folder}/tap.sock"
template:
  - id: default
    storage: "{folder}"
    global-module: mod-dnstap/all
zone:
  - domain: example.com
    file: zone
"""


def servers_send_what_they_were_asked(p):
    """One that is not installed, or was built without dnstap, is left out, which is said."""
    for make in (named, unbound, knotd):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        name, words, conf = make(p.folder, port)
        program = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
        if program is None:
            print(f"     left out: {name} is not installed")
            continue
        p.write(name + ".conf", conf.encode())
        p.write("zone", b"$TTL 60\n@ IN SOA ns.example.com. h.example.com. 1 1 1 1 1\n@ IN NS ns\nns IN A 198.51.100.1\n")
        l = Listener(p, "unix:tap.sock", "--for", "20s")
        server = subprocess.Popen([program, *words], cwd=p.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        answered = 0
        for _ in range(50):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
                s.settimeout(.2)
                try:
                    s.sendto(query(answered), ("127.0.0.1", port))
                    answered += len(s.recv(4096)) > 0
                except OSError:
                    time.sleep(.1)
            if answered == 5 or server.poll() is not None:
                break
        time.sleep(1)
        server.terminate()
        error = server.communicate(timeout=20)[1].decode("utf-8", "replace")
        l.done.send_signal(signal.SIGTERM)
        said = l.end(expect=None)
        if answered < 5:
            print(f"     left out: {name} does not run so here: {error.strip()[-150:]}")
            continue
        rows = p.rows("-C", "c")
        asked = {row.split("\t")[3] for row in rows}
        assert {f"h{i}.example.com" for i in range(5)} <= asked, (name, said, rows)
        print(f"     {name}: {len(rows)} contacts, vantage {p.sources()[0]['vantage']}")
        shutil.rmtree(p.path("c"))


main([a_sender_ends_it_with_stop, a_signal_or_the_time_ends_it_as_well, a_stream_cut_at_any_byte_leaves_whole_frames,
      hostile_senders_are_refused_and_others_are_heard, a_place_that_cannot_be_is_said, killed_it_leaves_a_file_and_no_source,
      the_peer_s_own_sender_is_understood, servers_send_what_they_were_asked])
