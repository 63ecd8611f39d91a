# SPDX-License-Identifier: GPL-3.0-or-later
"""A running `lodestone serve`, and cases for it to serve."""
import contextlib
import http.client
import json
import os
import signal
import subprocess

from harness import HEADER, zeek_row

HOSTILE = ["\\x3cscript\\x3ealert(1)\\x3c/script\\x3e.example", "\\x22\\x3e\\x3cimg src.example", "a\\xe2\\x80\\xae.example",
           ".".join(["x" * 61] * 4)[:253], ("\\x1b" * 62 + ".") * 3 + "example"]


def hunted_log(names=6, days=20):
    """Enough for a ranking: one name by an even clock, others at odd hours, hostile ones too."""
    rows = []
    start = 1_500_000_000
    for day in range(days):
        for i in range(24):
            rows.append((start + day * 86400 + i * 3600, "198.51.100.1", "clock.example.net"))
        for n in range(names):
            for i in range(3 + (n * day) % 3):
                rows.append((start + day * 86400 + (i * 7919 * (n + 3) + day * 1009) % 80000, f"198.51.100.{2 + n}", f"name{n}.example.net"))
        for n, name in enumerate(HOSTILE):
            for i in range(2):
                rows.append((start + day * 86400 + (i * 30011 + n * 5003 + day * 611) % 80000, f"203.0.113.{n + 1}", name))
    return HEADER + b"".join(zeek_row(t, peer, name) for t, peer, name in sorted(rows))


class Served:
    def __init__(self, process, address):
        self.process = process
        self.address, self.token = address.strip().split("/#token=")
        self.port = int(self.address.rsplit(":", 1)[1])

    def ask(self, method, path, body=None, **headers):
        """Status, headers, body."""
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {"Authorization": f"Bearer {self.token}"}
        given.update({k.replace("_", "-"): v for k, v in headers.items() if v is not None})
        for name in [k.replace("_", "-") for k, v in headers.items() if v is None]:
            given.pop(name, None)
        c.request(method, path, body if body is None else json.dumps(body), given)
        r = c.getresponse()
        answer = r.status, dict(r.getheaders()), r.read()
        c.close()
        return answer

    def get(self, path, status=200):
        got, _, body = self.ask("GET", path)
        assert got == status, (path, got, body[:300])
        return json.loads(body)


@contextlib.contextmanager
def serve(p, *words):
    process = subprocess.Popen([p.lodestone, "serve", *words], cwd=p.folder, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=dict(os.environ, TMPDIR=p.folder))
    address = process.stdout.readline()
    try:
        assert address.startswith("http://127.0.0.1:"), process.stderr.read()
        yield Served(process, address)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
