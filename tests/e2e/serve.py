#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""serve.py LODESTONE SOURCE: lodestone serve as a program sees it: its JSON against the description
in schema/, who is let in, what is changed and what is not."""
import json
import os
import subprocess
import sys
import time
import urllib.parse

from harness import main
from serving import HOSTILE, hunted_log, serve

SOURCE = sys.argv[2] if len(sys.argv) > 2 else "."


def described():
    """Checks an answer against the description; None without python3-jsonschema."""
    with open(os.path.join(SOURCE, "schema/serve-v1.openapi.json")) as f:
        api = json.load(f)
    try:
        import jsonschema
    except ImportError:
        print("skip: no python3-jsonschema, answers are not checked against the schema")
        return api, lambda *_: None
    # one document of all: older versions of jsonschema do not follow a reference within an urn:
    text = json.dumps(api)
    whole = {}
    for name in ("contact", "finding", "hunt", "source"):
        with open(os.path.join(SOURCE, f"schema/{name}-v1.schema.json")) as f:
            whole[name] = json.loads(f.read().replace("#/$defs/", f"#/whole/{name}/$defs/"))
        del whole[name]["$id"]
        text = text.replace(f"urn:lodestone:{name}-v1", f"#/whole/{name}")
    together = dict(json.loads(text), whole=whole)

    def check(method, path, status, value):
        schema = together["paths"][path.split("?")[0]][method.lower()]["responses"][str(status)]["content"]["application/json"]["schema"]
        resolver = jsonschema.RefResolver("", together)
        jsonschema.Draft202012Validator(schema, resolver=resolver).validate(value)
    return api, check


def make_case(p, case="c", **kind):
    p.write(f"{case}.log", hunted_log(**kind))
    p.write("days.txt", b"time,label\n2017-07-20,<b>a day</b>\n")
    p.run("hunt", "-C", case, "--top", "20", "--events", "days.txt", f"{case}.log")


def wait_for_names(s):
    for _ in range(200):
        if s.get("/api/case")["names_state"] != "reading":
            return
        time.sleep(0.02)
    raise AssertionError("the names are never read")


def every_answer_is_as_described(p):
    api, check = described()
    make_case(p)
    asked = set()
    with serve(p, "-C", "c", "--edit") as s:
        wait_for_names(s)

        def ask(method, path, status=200, body=None):
            got, _, text = s.ask(method, path, body)
            assert got == status, (path, got, text[:300])
            value = json.loads(text)
            check(method, path, status, value)
            asked.add((path.split("?")[0], method.lower()))
            return value
        name = "name=clock.example.net"
        assert ask("GET", "/api/case")["hunt"]["events"] == [{"day": "2017-07-20", "label": "<b>a day</b>"}]
        ask("GET", "/api/sources")
        for words in ("", "?whole=1&limit=3", "?sort=q&order=falling&offset=2&limit=2", "?needles=needles", "?verdict=ordinary", "?text=NAME1"):
            ask("GET", f"/api/findings{words}")
        assert [f["target"] for f in ask("GET", "/api/findings?text=NAME1")["items"]] == ["name1.example.net"]
        assert len(ask("GET", f"/api/target?{name}")["findings"]) == 1
        assert ask("GET", f"/api/examine?{name}")["findings"][0]["rank"] is None
        ask("GET", f"/api/facts?{name}")
        whole = ask("GET", f"/api/activity?{name}&bins=7")
        assert sum(sum(c["counts"]) for c in whole["curves"]) == 480
        part = ask("GET", f"/api/activity?{name}&from=1500000000&to=1500003600&bins=3600")
        assert sum(part["curves"][0]["counts"]) == 2 and part["bins"] >= 3600
        listed = ask("GET", f"/api/contacts?{name}&from=1500000000&to=1500086399")
        assert listed["total"] == 24 and [c["time"] for c in listed["items"]] == [1500000000 + 3600 * i for i in range(24)]
        assert ask("GET", "/api/search?q=clock")["items"][0]["target"] == "clock.example.net"
        assert ask("GET", "/api/search?q=.example.net")["total"] == 7
        assert ask("GET", "/api/search?q=*.net&limit=2")["total"] == 7
        assert ask("GET", "/api/search?q=nothing-like-it")["total"] == 0
        assert ask("GET", "/api/peers?sort=peer&order=rising&limit=2")["total"] == 12
        assert ask("GET", "/api/peer?name=198.51.100.1")["items"][0]["contacts"] == 480
        made = ask("POST", "/api/marks", body={"target": "Clock.example.net", "kind": "note", "text": "<i>\u202e\n"})
        assert made["target"] == "clock.example.net" and made["text"] == "<i>\u202e\n"
        ask("GET", "/api/marks")
        ask("DELETE", f"/api/marks?id={made['id']}")
        for path, status in (("/api/target?name=..", 400), ("/api/target?name=absent.example", 404), ("/api/peer?name=192.0.2.200", 404),
                             ("/api/findings?sort=odd", 400), ("/api/findings?limit=0", 400), ("/api/search", 400),
                             ("/api/activity?name=absent.example", 404), (f"/api/contacts?{name}&from=x", 400)):
            ask("GET", path, status)
        for body in ({}, [], {"target": "a.example", "kind": "note"}, {"target": "a.example", "kind": "verdict", "word": "guilty"},
                     {"target": "a.example", "kind": "mute"}, {"target": "a.example", "kind": "mute", "text": "x", "until": "2026-02-30T"},
                     {"target": "a..b", "kind": "note", "text": "x"}, {"target": "a.example", "kind": "note", "text": "x" * 8001},
                     {"target": "a.example", "kind": "note", "text": "a\0b"}):
            ask("POST", "/api/marks", 400, body)
        ask("DELETE", "/api/marks?id=99", 404)
    assert asked == {(path, method) for path, methods in api["paths"].items() for method in methods}, "not all of the description was asked for"


def nobody_else_is_let_in(p):
    make_case(p, days=5)
    with serve(p, "-C", "c") as s:
        ours = f"127.0.0.1:{s.port}"
        for path in ("/", "/app.js"):
            assert s.ask("GET", path, Authorization=None)[0] == 200
        for headers, status in (({"Authorization": None}, 401), ({"Authorization": "Bearer " + "0" * 32}, 401), ({"Authorization": s.token}, 401),
                                ({"Host": "evil.example"}, 403), ({"Host": f"evil.example:{s.port}"}, 403), ({"Host": "127.0.0.1"}, 403),
                                ({"Origin": "http://evil.example"}, 403), ({"Origin": "null"}, 403), ({"Origin": f"https://{ours}"}, 403),
                                ({"Sec_Fetch_Site": "cross-site"}, 403), ({"Host": f"localhost:{s.port}"}, 200), ({"Origin": f"http://{ours}"}, 200)):
            assert s.ask("GET", "/api/case", **headers)[0] == status, headers
        assert s.ask("POST", "/api/marks", {"target": "a.example", "kind": "note", "text": "x"})[0] == 403
        assert s.ask("DELETE", "/api/marks?id=1")[0] == 403
        assert s.ask("PUT", "/api/case")[0] == 405 and s.ask("POST", "/")[0] == 405
        for path in ("/../catalogue.db", "/catalogue.db", "/api/", "/%2e%2e/lock"):
            assert s.ask("GET", path)[0] == 404
        assert s.ask("POST", "/api/marks", "x" * 70000)[0] == 413
        headers = s.ask("GET", "/")[1]
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and headers["Cache-Control"] == "no-store"
        # of this machine's addresses, the loopback one alone
        listening = [line.split()[1] for line in open("/proc/net/tcp") if line.split()[1].endswith(f":{s.port:04X}") and line.split()[3] == "0A"]
        assert listening == [f"0100007F:{s.port:04X}"], listening


def reading_changes_nothing(p):
    make_case(p, days=5)
    before = p.store_bytes()
    findings = open(p.path("c/findings.jsonl"), "rb").read()
    with serve(p, "-C", "c") as s:
        wait_for_names(s)
        for path in ("case", "findings", "target?name=clock.example.net", "examine?name=name1.example.net", "marks"):
            s.get(f"/api/{path}")
    assert p.store_bytes() == before and open(p.path("c/findings.jsonl"), "rb").read() == findings


def marks_stand_beside_the_findings(p):
    make_case(p)
    today = time.strftime("%Y-%m-%d", time.gmtime())
    with serve(p, "-C", "c", "--edit") as s:
        before = s.get("/api/target?name=clock.example.net")["findings"]

        def mark(**body):
            status, _, text = s.ask("POST", "/api/marks", {"target": "clock.example.net", **body})
            assert status == 200, text
        mark(kind="verdict", word="ordinary", text="our own monitoring")
        mark(kind="tag", word="mine")
        mark(kind="mute", text="known", until="2020-01-01")
        assert s.get("/api/findings?muted=only")["total"] == 0  # its day is over
        mark(kind="mute", text="known", until=today)
        assert [f["target"] for f in s.get("/api/findings?muted=only")["items"]] == ["clock.example.net"]
        assert s.get("/api/findings?muted=hide")["total"] + 1 == s.get("/api/findings")["total"]
        assert s.get("/api/findings?tag=mine&judged=ordinary")["total"] == 1
        assert s.get("/api/findings?tag=mine&judged=unusual")["total"] == 0
        finding = s.get("/api/target?name=clock.example.net")
        # beside the tool's verdict, never instead
        assert finding["findings"] == before and before[0]["verdict"] and len(finding["marks"]) == 3
    with serve(p, "-C", "c") as s:
        assert s.get("/api/marks")["total"] == 3


def a_hunt_meanwhile_is_seen(p):
    make_case(p)
    with serve(p, "-C", "c", "--edit") as s:
        assert s.get("/api/case")["hunt"]["settings"]["top"] == 20
        listed = p.run("hunt", "-C", "c", "--top", "3", "--json").count("\n")
        assert s.get("/api/case")["hunt"]["settings"]["top"] == 3 and s.get("/api/findings")["total"] == listed
        assert 3 <= listed <= 6  # needles behind the first three follow them


def a_case_without_a_hunt_is_served(p):
    p.write("a.log", hunted_log(days=2))
    p.run("ingest", "-C", "c", "a.log")
    with serve(p, "-C", "c") as s:
        assert s.get("/api/case")["hunt"] is None and s.get("/api/findings")["total"] == 0
        assert s.get("/api/target?name=clock.example.net")["contacts"] == 48
    assert "no case in" in p.says("serve", "-C", "absent")
    with open(p.path("c/findings.jsonl"), "w") as f:
        f.write('{"schema":"lodestone.hunt/1","version":"x"}\n{"rank":1,\n')
    assert "is no finding" in p.says("serve", "-C", "c")


def hostile_names_are_found_by_their_text(p):
    make_case(p)
    with serve(p, "-C", "c") as s:
        wait_for_names(s)
        texts = [item["target"] for item in s.get("/api/search?q=example&limit=100")["items"]]
        assert len(texts) >= 10 and "<script>alert(1)</script>.example" in texts
        for text in texts:
            assert s.get("/api/target?" + urllib.parse.urlencode({"name": text}))["target"] == text
        assert len(HOSTILE) == 5


def a_port_in_use_is_an_error(p):
    make_case(p, days=5)
    with serve(p, "-C", "c") as s:
        assert "cannot listen on port" in p.says("serve", "-C", "c", "--port", str(s.port))
    assert "a port is a number" in p.says("serve", "-C", "c", "--port", "70000")


if __name__ == "__main__":
    if subprocess.run("ldconfig -p | grep -q libmicrohttpd.so.12", shell=True, env=dict(os.environ, PATH=os.environ["PATH"] + ":/sbin")).returncode != 0:
        print("skip: no libmicrohttpd.so.12")
        sys.exit(77)
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"
          and v not in (described, make_case, wait_for_names)])
