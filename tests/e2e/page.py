#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""page.py LODESTONE SOURCE: the page of lodestone serve in Chromium (tests/web/page.mjs). Skips where
node, the browser or playwright-core is not installed; tools/deps --web installs them."""
import json
import os
import shutil
import subprocess
import sys

from harness import main
from serving import hunted_log, serve

SOURCE = os.path.abspath(sys.argv[2] if len(sys.argv) > 2 else ".")
PLAYWRIGHT = os.path.join(SOURCE, "web/node_modules/playwright-core/index.mjs")
MANY = 10000


def multiply_findings(path):
    """The file of a hunt, as if it had found ten thousand."""
    with open(path) as f:
        hunt, *lines = f.read().splitlines()
    many = [json.loads(line) for line in lines]
    with open(path, "w") as f:
        f.write(hunt + "\n")
        for rank in range(1, MANY + 1):
            finding = dict(many[(rank - 1) % len(many)], rank=rank)
            if rank > len(many):
                finding["target"] = f"n{rank}.example.net"
            f.write(json.dumps(finding, separators=(",", ":")) + "\n")


def the_page_works_in_a_browser(p):
    p.write("a.log", hunted_log())
    p.write("days.txt", b"time,label\n2017-07-20,<b>a day</b>\n")
    p.run("hunt", "-C", "usual", "--top", "20", "--events", "days.txt", "a.log")
    shutil.copytree(p.path("usual"), p.path("many"))
    multiply_findings(p.path("many/findings.jsonl"))
    p.write("b.log", hunted_log(days=1))
    p.run("ingest", "-C", "empty", "b.log")
    with serve(p, "-C", "usual", "--edit") as usual, serve(p, "-C", "many") as many, serve(p, "-C", "empty") as empty:
        cases = {name: {"address": f"{s.address}/#token={s.token}", "pid": s.process.pid}
                 for name, s in (("usual", usual), ("many", many), ("empty", empty))}
        p.write("plan.json", json.dumps({"playwright": PLAYWRIGHT, "browser": shutil.which("chromium"), "cases": cases}).encode())
        done = subprocess.run(["node", os.path.join(SOURCE, "tests/web/page.mjs"), p.path("plan.json")], timeout=600)
        assert done.returncode == 0


if __name__ == "__main__":
    for what, there in (("node", shutil.which("node")), ("chromium", shutil.which("chromium")), ("playwright-core", os.path.exists(PLAYWRIGHT))):
        if not there:
            print(f"skip: no {what}; tools/deps --web installs it")
            sys.exit(77)
    main([the_page_works_in_a_browser])
