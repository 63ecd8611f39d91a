#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""commands.py LODESTONE SOURCE COMPLETION: pipes, limits, examples and completion of the commands."""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import HEADER, PCAP_HEADER, dns_packet, main, zeek_log, zeek_row

SOURCE, COMPLETION = (os.path.abspath(a) for a in sys.argv[2:4])


def a_closed_pipe_ends_a_listing_quietly(p):
    p.write("a.log", zeek_log(20000))
    run = subprocess.Popen([p.lodestone, "contacts", "a.log"], cwd=p.folder, stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, env=dict(os.environ, TMPDIR=p.folder))
    assert run.stdout.readline()
    run.stdout.close()
    assert run.stderr.read() == b""
    assert run.wait() == -signal.SIGPIPE
    assert os.listdir(p.folder) == ["a.log"]


def a_full_disk_under_the_output_is_an_error(p):
    p.write("a.log", zeek_log(100))
    with open("/dev/full", "wb") as full:
        done = subprocess.run([p.lodestone, "contacts", "a.log"], cwd=p.folder, stdout=full,
                              stderr=subprocess.PIPE)
    assert done.returncode == 2 and b"cannot write to standard output" in done.stderr


def a_full_disk_under_the_case_leaves_it_as_it_was(p):
    p.write("a.log", zeek_log(200))
    # many series, so that the segment is large
    p.write("b.log", HEADER + b"".join(
        zeek_row(1_600_000_000 + i, f"10.0.{i % 250}.{i // 250}", f"n{i}.example.com") for i in range(20000)))
    p.run("ingest", "-C", "c", "a.log")
    before = p.run("contacts", "-C", "c")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    done = subprocess.run([p.lodestone, "ingest", "-C", "c", "b.log"], cwd=p.folder, preexec_fn=limit,
                          stderr=subprocess.PIPE)
    assert done.returncode == 2, done
    assert b"File too large" in done.stderr, done.stderr
    p.run("case", "-C", "c", "verify")
    assert p.run("contacts", "-C", "c") == before
    assert [s["name"] for s in p.sources()] == ["a.log"]
    p.run("ingest", "-C", "c", "b.log")
    assert p.run("contacts", "-C", "c").count("\n") == 20200


def evidence_too_short_to_rank_says_so(p):
    p.write("a.log", zeek_log(50))
    done = p.run_raw("hunt", "a.log")
    assert done.returncode == 0 and b"needed" in done.stdout, done
    assert os.path.getsize(p.path("lodestone.case/report.html")) > 1000
    assert p.run("hunt", "--exit-code") == done.stdout.decode()
    page = p.run("report", "-o", "-")
    with open(p.path("lodestone.case/report.html")) as f:
        assert f.read() == page
    p.run("report", "-o", "here.html")
    with open(p.path("here.html")) as f:
        assert f.read() == page


def what_is_not_there_is_said(p):
    p.write("a.log", zeek_log(50))
    os.mkdir(p.path("nothing"))
    none = p.run_raw("hunt", "-C", "c", "nothing")
    assert b"no evidence was found in 'nothing'" in none.stderr and b"Evidence: none." in none.stdout, none
    p.run("ingest", "-C", "c", "a.log")
    assert p.says("contacts", "-C", "c", expect=0) == ""
    for option, value in ("--target", "no.such.example"), ("--peer", "192.0.2.99"):
        assert "no contact matches" in p.says("contacts", "-C", "c", option, value, expect=0)
    assert "'a.name' of option '--peer' is no address" in p.says("contacts", "-C", "c", "--peer", "a.name")


def a_second_hunt_reads_only_what_is_new(p):
    p.write("a.log", zeek_log(50))
    p.run("hunt", "a.log")
    p.write("b.log", zeek_log(50, 1))
    assert "1 new source with 50 contacts, 1 known before" in p.says("hunt", "a.log", "b.log", expect=0)


def hunts_of_the_same_case_print_the_same_bytes(p):
    for seed in range(4):
        p.write(f"{seed}.log", zeek_log(400, seed))
    p.run("hunt", "-C", "x", "0.log", "1.log", "2.log", "3.log")
    p.run("hunt", "-C", "y", "3.log", "1.log")
    p.run("hunt", "-C", "y", "0.log", "2.log", "--jobs", "1")
    assert p.run("hunt", "-C", "x", "--json") == p.run("hunt", "-C", "y", "--json", "--jobs", "2")


def json_keeps_to_its_schema(p):
    try:
        import jsonschema
    except ImportError:
        jsonschema = None
        print("skip: no python3-jsonschema, syntax alone is checked")
    p.write("a.log", zeek_log(20) + zeek_row(1.5, "fe80::1", "a\\x22b\\x5c.example", "-", 1))
    p.write("notes", b"of no format")
    p.run("ingest", "-C", "c", ".")
    for words, schema in ((("contacts", "--json"), "contact"), (("facts",), None),
                          (("case", "sources", "--json"), "source"), (("hunt", "--json"), "finding"),
                          (("show", "host1.example.net", "--json"), "finding"),
                          (("vet", "--json"), "vet"), (("vet", "host1.example.net", "--json"), "vet")):
        out = p.run(*words[:1], "-C", "c", *words[1:])
        assert out.count("\n") > 0 or words[0] == "hunt"  # nothing is eligible in 13 minutes
        for line in out.splitlines():
            value = json.loads(line)
            assert line == json.dumps(value, separators=(",", ":"), ensure_ascii=False) or "time" in value
            if jsonschema and schema:
                with open(os.path.join(SOURCE, f"schema/{schema}-v1.schema.json")) as f:
                    jsonschema.validate(value, json.load(f))


def the_findings_of_a_hunt_are_kept_with_what_they_follow_from(p):
    p.write("a.log", zeek_log(400))
    p.write("days.txt", b"2017-07-20 a day\n")
    printed = p.run("hunt", "-C", "c", "--json", "--seed", "7", "--top", "3", "--holidays", "days.txt", "a.log")
    with open(p.path("c/findings.jsonl")) as f:
        first, rest = f.readline(), f.read()
    assert rest == printed
    value = json.loads(first)
    with open(os.path.join(SOURCE, "schema/hunt-v1.schema.json")) as f:
        schema = json.load(f)
    try:
        import jsonschema
        jsonschema.validate(value, schema)
    except ImportError:
        print("skip: no python3-jsonschema")
    assert value["seed"] == 7 and value["settings"]["top"] == 3 and value["contacts"] == 400
    assert value["settings"]["holidays"].startswith("sha256:") and value["settings"]["allow"] is None
    before = value["evidence"]
    p.write("b.log", zeek_log(400, 1))
    p.run("hunt", "-C", "c", "b.log")
    p.run("case", "-C", "c", "compact")
    p.run("hunt", "-C", "d", "b.log", "a.log")
    lines = [open(p.path(c + "/findings.jsonl")).readline() for c in "cd"]
    assert lines[0] == lines[1] and json.loads(lines[0])["evidence"] != before


def a_report_is_verified_by_making_it_anew(p):
    p.write("a.log", zeek_log(400))
    p.write("b.log", zeek_log(400, 1))
    p.run("hunt", "-C", "c", "--seed", "3", "--top", "5", "a.log")
    for name in ("report.html", "findings.jsonl"):
        assert "made anew" in p.run("report", "-C", "c", "--verify", f"c/{name}")
    p.run("report", "-C", "c", "--format", "csv", "--seed", "3", "--top", "5", "-o", "a.csv")
    assert "made anew" in p.run("report", "-C", "c", "--format", "csv", "--verify", "a.csv", "--seed", "3", "--top", "5")
    with open(p.path("c/report.html"), "rb") as f:
        page = f.read()
    at = page.index(b"<h2>What stands out")
    digit = next(i for i in range(at, len(page)) if page[i:i + 1].isdigit())
    p.write("forged.html", page[:digit] + (b"8" if page[digit:digit + 1] != b"8" else b"9") + page[digit + 1:])
    said = p.run("report", "-C", "c", "--verify", "forged.html", expect=1)
    assert f"from byte {digit} on" in said, said
    p.write("cut.html", page[:-10])
    assert "differ from byte" in p.run("report", "-C", "c", "--verify", "cut.html", expect=1)
    p.write("old.html", page.replace(b"version=0.1.0", b"version=0.0.9"))
    assert "another version" in p.run("report", "-C", "c", "--verify", "old.html", expect=1)
    p.run("ingest", "-C", "c", "b.log")
    assert "other evidence" in p.run("report", "-C", "c", "--verify", "c/report.html", expect=1)
    assert "cannot open 'absent'" in p.says("report", "-C", "c", "--verify", "absent")


def a_report_with_another_number_is_told_which_one(p):
    p.write("a.log", HEADER + b"".join(zeek_row(1_500_000_000 + i * 3600, f"198.51.100.{1 + i % 2}", f"host{i % 3}.example.net")
                                       for i in range(24 * 20)))
    p.run("hunt", "-C", "c", "--top", "5", "a.log")
    with open(p.path("c/findings.jsonl")) as f:
        head, first = f.read().split("\n", 2)[:2]
    finding = json.loads(first)
    had = re.search('"p_gap":([^,]*),', first).group(1)
    forged = first.replace(f'"p_gap":{had},', '"p_gap":0.0123,')
    p.write("forged.jsonl", (head + "\n" + forged + "\n").encode())
    said = p.run("report", "-C", "c", "--verify", "forged.jsonl", expect=1)
    assert (f"line 2 ({finding['target']}), tests.periodicity.p_gap: the file has '0.0123', the evidence gives '{had}'"
            in said), said
    with open(p.path("c/report.html")) as f:
        page = f.read()
    row = page.index('<th scope="row">even pauses (p_gap)</th>')
    cell = page.index('<td class="n">', row) + len('<td class="n">')
    p.write("forged.html", (page[:cell] + "1e-9" + page[page.index("<", cell):]).encode())
    said = p.run("report", "-C", "c", "--verify", "forged.html", expect=1)
    assert f"1. {finding['target']}, The tests, even pauses (p_gap), p: the file has '1e-9', the evidence gives '" in said, said
    assert said.count("the file has") == 1
    p.write("allow.txt", b"example.org\n")
    p.run("report", "-C", "c", "--allow", "allow.txt", "-o", "listed.html")
    assert "made with --allow, sha256:" in p.run("report", "-C", "c", "--verify", "listed.html", expect=1)
    assert "made anew" in p.run("report", "-C", "c", "--allow", "allow.txt", "--verify", "listed.html")
    assert "made without --allow" in p.run("report", "-C", "c", "--allow", "allow.txt", "--verify", "c/report.html", expect=1)


def marks_are_put_listed_and_taken_back(p):
    p.write("a.log", zeek_log(400))
    p.run("ingest", "-C", "c", "a.log")
    assert p.run("case", "-C", "c", "marks") == ""
    p.run("case", "-C", "c", "note", "Host1.example.net.", "seen\x1b[2J before")
    p.run("case", "-C", "c", "tag", "host1.example.net", "mail")
    p.run("case", "-C", "c", "mute", "host2.example.net", "our own", "--until", "2026-01-31")
    for word in ("unusual", "cannot tell", "ordinary"):  # as the tool's own: each takes the place of the one before
        said = json.loads(p.run("case", "-C", "c", "verdict", "192.0.2.1", word, "a backup", "--json"))
    assert (said["word"], said["text"], said["kind"], said["until"]) == ("ordinary", "a backup", "verdict", None)
    listed = p.run("case", "-C", "c", "marks").splitlines()
    assert [line.split("\t")[1:] for line in listed] == [
        ["verdict", "192.0.2.1", "ordinary: a backup"], ["note", "host1.example.net", "seen\\u001b[2J before"],
        ["tag", "host1.example.net", "mail"], ["mute", "host2.example.net", "our own (until 2026-01-31)"]], listed
    marks = [json.loads(line) for line in p.run("case", "-C", "c", "marks", "host1.example.net", "--json").splitlines()]
    assert [m["kind"] for m in marks] == ["note", "tag"] and marks[0]["target"] == "host1.example.net"
    p.run("case", "-C", "c", "retire", str(marks[1]["id"]))
    assert "tag" not in p.run("case", "-C", "c", "marks", "host1.example.net")
    for words, fault in ((("retire", str(marks[1]["id"])), "no mark of that number"), (("retire", "x"), "not the number"),
                         (("note", "host1.example.net"), "case note TARGET TEXT"), (("note", "a..b", "x"), "'target'"),
                         (("verdict", "host1.example.net", "evil"), "unusual, ordinary or cannot tell"),
                         (("mute", "host1.example.net", "x", "--until", "soon"), "'until'"),
                         (("tag", "host1.example.net", "x" * 61), "longer"), (("marks", "a..b"), "'target'"),
                         (("tag", "host1.example.net", "x", "--until", "2026-01-31"), "--until"), (("verify", "x"), "takes nothing else")):
        assert fault in p.says("case", "-C", "c", *words), words
    assert "cannot open" in p.says("case", "-C", "absent", "marks") or "no case" in p.says("case", "-C", "absent", "marks")


def reports_come_in_the_forms_of_other_programs(p):
    p.write("a.log", zeek_log(400))
    p.run("hunt", "-C", "c", "a.log")
    for name, file in (("csv", "findings.csv"), ("stix", "findings.stix.json"), ("ocsf", "findings.ocsf.jsonl"), ("ecs", "findings.ecs.jsonl"),
                       ("timesketch", "findings.timesketch.csv"), ("markdown", "findings.md"), ("jsonl", "findings.jsonl")):
        printed = p.run("report", "-C", "c", "--format", name, "-o", "-")
        p.run("report", "-C", "c", "--format", name)
        with open(p.path(f"c/{file}"), newline="") as f:
            assert f.read() == printed
    assert "no format 'xml' of reports" in p.says("report", "-C", "c", "--format", "xml")


def order_threads_and_locale_change_no_byte(p):
    for seed in range(3):
        p.write(f"{seed}.log", zeek_log(500, seed))
    made = []
    for case, jobs, order, locale in (("x", "1", "012", "C"), ("y", "2", "210", "de_DE.UTF-8"), ("z", "3", "102", "tr_TR.UTF-8")):
        for one in order:
            p.run("ingest", "-C", case, f"{one}.log")
        done = p.run_raw("hunt", "-C", case, "--jobs", jobs, "--json", env={"LC_ALL": locale, "TZ": "Asia/Tokyo" if case == "y" else "UTC"})
        assert done.returncode == 0
        files = [open(p.path(f"{case}/{name}"), "rb").read() for name in ("findings.jsonl", "report.html")]
        # the page lists the sources as they were named, in the order of names
        made.append([done.stdout, *files])
    assert made[0] == made[1] == made[2]


def dates_that_were_chosen_after_the_fact_are_not_tested(p):
    p.run("simulate", "-o", "f.log", os.path.join(SOURCE, "scenarios/founding.yaml"))
    p.run("ingest", "-C", "c", "f.log")
    dates = "time,label\n2016-06-24,the step\n2016-09-22,an act\n"
    for head, part in (("", {"status": "tested", "declared": False}),
                       ("# made: 2016-05-01\n# pool: complete\n", {"status": "tested", "declared": True}),
                       ("# made: 2016-05-01\n# pool: all.csv\n", {"status": "tested", "declared": True}),
                       ("# made: 2016-05-01\n", {"status": "not testable"}),
                       ("# made: 2018-01-01\n# pool: complete\n", {"status": "not testable"})):
        p.write("dates.csv", (head + dates).encode())
        p.write("all.csv", (dates + "2016-08-01,another\n").encode())
        value = json.loads(p.run("show", "-C", "c", "--json", "--events", "dates.csv", "mail1.example.net"))
        events = value["tests"]["events"]
        assert part.items() <= events.items(), (head, events)
        assert ("chosen after the fact" in events.get("why", "")) == (events["status"] != "tested"), events
    p.write("dates.csv", (dates + "soon,x\n").encode())
    said = p.says("hunt", "-C", "c", "--events", "dates.csv", expect=2)
    assert "'dates.csv': line 4: not a time" in said, said
    p.write("dates.csv", dates.encode())
    lines = p.run("hunt", "-C", "c", "--json", "--top", "20", "--events", "dates.csv").splitlines()
    found = [v for v in map(json.loads, lines) if v["target"] == "mail1.example.net"][0]
    assert found["tests"]["changes"]["stopped"].startswith("2016-09-23"), found["tests"]["changes"]
    assert 'It stopped 1 day after "an act"' in found["plain"], found["plain"]


def smtp_log(rows):
    """rows: (time, client, server), each a hand-over of one message."""
    head = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tsmtp\n"
            "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttrans_depth\thelo\tlast_reply\n")
    return (head + "".join(f"{t:.6f}\tC{i}\t{client}\t4000\t{server}\t25\t1\t-\t250 ok\n"
                           for i, (t, client, server) in enumerate(sorted(rows)))).encode()


def mail_that_goes_both_ways_on_the_same_days_is_told(p):
    """One in and one out on two days in three, and a host that delivers alone."""
    ours, theirs, third = "198.51.100.1", "203.0.113.9", "203.0.113.10"
    rows = []
    for day in range(60):
        noon = 1_500_000_000 + day * 86400
        if day * day % 3 != 1 or day % 5 == 0:
            rows += [(noon + day * 61 % 7000, theirs, ours), (noon + 9000 + day * 83 % 5000, ours, theirs)]
        rows.append((noon + 100, third, ours))
    p.write("smtp.log", smtp_log(rows))
    p.run("ingest", "-C", "c", "smtp.log")
    told = json.loads(p.run("show", "-C", "c", "--json", theirs))["tests"]["reciprocity"]
    both = sum(day * day % 3 != 1 or day % 5 == 0 for day in range(60))
    assert told["days_both"] == told["days_either"] == told["delivered_to"] == told["delivered_by"] == both, told
    assert told["p"] < .01, told
    text = p.run("show", "-C", "c", theirs)
    assert "Does mail go both ways?" in text
    alone = json.loads(p.run("show", "-C", "c", "--json", third))["tests"]["reciprocity"]
    assert alone == {"status": "not testable", "why": "its mail goes one way"}, alone


def show_tells_what_it_has_not(p):
    p.write("a.log", zeek_log(60))
    p.run("ingest", "a.log")
    for words, part in ((("host1.example.org",), "no contact with 'host1.example.org'"),
                        (("example.net",), "did you mean 'host"),
                        (("10.0.0.1",), "no contact with '10.0.0.1'"),
                        (("a..b",), "neither a domain name nor an address"),
                        ((), "one target"), (("a", "b"), "one target"),
                        (("-C", "nothing", "a"), "nothing")):
        assert part in p.says("show", *words, expect=2), words
    out = p.run("show", "--json", "host1.example.net")
    assert json.loads(out)["target"] == "host1.example.net"
    assert p.run("show", "--json", "host1.example.net") == out
    assert "Not testable" in p.run("show", "host1.example.net")  # 60 rows are too few for any test


def vet_reads_the_evidence_again(p):
    """60 names by one resolver over random ports; the target's queries come from one port, with one ID."""
    packets, state = [], 1
    for i in range(61 * 40):
        state = (state * 1103515245 + 12345) % 2**31
        name, time = i % 61, 1_490_000_000 + i * 317 + state % 300
        forged = name == 60
        packets.append((time, dns_packet(time * 1_000_000, "198.51.100.7", f"host{name}.example.net",
                                         4711 if forged else state >> 8 & 0xffff,
                                         port=54321 if forged else 1024 + (state >> 12) % 60000)))
    capture = PCAP_HEADER + b"".join(packet for _, packet in sorted(packets))
    p.write("a.pcap", capture)
    p.run("ingest", "-C", "c", "a.pcap")

    def checks(name):
        lines = p.run("vet", "-C", "c", "--json", name).splitlines()
        assert len(lines) == 1
        value = json.loads(lines[0])
        authenticity = value["target"]["authenticity"]
        return value, authenticity, {c["check"]: c for c in authenticity["checks"]}

    value, authenticity, of = checks("host60.example.net")
    assert authenticity["verdict"] == "concern" and value["remarks"] == []
    assert of["ports"]["p"] < 1e-4 and of["traits"]["p"] > 0.05 and "why" in of["selection"]
    assert checks("host7.example.net")[1]["verdict"] == "no concern"
    text = p.run("vet", "-C", "c", "host60.example.net")
    assert "concern: " in text and "rows that were left out cannot be told" in text.replace("\n", " ")
    assert "ports" in text and "forged" not in text
    # a file that has changed, or is gone, is not believed
    p.write("a.pcap", capture[:-1] + b"x")
    value, _, of = checks("host60.example.net")
    assert value["remarks"] == ["a.pcap: no longer what the case was made of"]
    assert of["ports"] == {"check": "ports", "why": "the evidence file is not there"}
    os.remove(p.path("a.pcap"))
    assert checks("host60.example.net")[0]["remarks"] == ["a.pcap: the evidence file is not there"]
    assert "no contact with" in p.says("vet", "-C", "c", "other.example.net")


def vet_tells_when_the_sensor_was_silent(p):
    p.write("a.log", HEADER + b"".join(
        zeek_row(1_490_000_000 + i * 30, f"198.51.100.{i % 9}", f"host{i % 13}.example.net")
        for i in range(40_000) if not 20_000 <= i < 26_000))
    value = json.loads(p.run("vet", "--json", "a.log"))
    assert value["outages_judged"] and value["target"] is None and value["contacts"] == 34_000
    assert len(value["outages"]) == 1 and 0.8 < value["live_share"] < 0.9
    assert "silent from 2017-03-2" in p.run("vet", "a.log")
    assert "not both" in p.says("vet", "-C", "c", "a.log")


def interrupted_when_it_serves(p, line, env):
    """It serves until it is told to stop: by Ctrl-C, once it has said where the page is."""
    run = subprocess.Popen(line.split(), cwd=p.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env)
    try:
        said = run.stdout.readline()
        assert b"http://" in said, (line, said)
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=30) == 0, (line, run.stderr.read())
    finally:
        run.kill()
        run.communicate()


def the_examples_of_the_manual_run(p):
    p.write("dns.log", zeek_log(60))
    p.write_gzip("dns.log.gz", zeek_log(60))
    p.write("logs/a.log", zeek_log(40, 1))
    for name in ("monday.pcap", "capture.pcap"):
        p.write(name, PCAP_HEADER + b"".join(
            dns_packet(1_490_000_000_000_000 + i, "198.51.100.7", "a.example", i) for i in range(9)))
    shutil.copy(os.path.join(SOURCE, "scenarios", "founding.yaml"), p.folder)
    os.mkdir(p.path("bin"))
    os.symlink(p.lodestone, p.path("bin/lodestone"))
    p.write("logs/mail.log", HEADER + zeek_row(1.5e9, "192.0.2.1", "mail1.example.net"))
    p.run("ingest", "logs")  # pages that look at a case need one
    with open(os.path.join(SOURCE, "man", "lodestone-hunt.1")) as f:
        shown = f.read().partition(".Sh EVENTS")[2]
    p.write("events.csv", shown.partition("indent\n")[2].partition(".Ed")[0].encode())
    count = 0
    for name in sorted(os.listdir(os.path.join(SOURCE, "man"))):
        if not name.endswith(".1"):
            continue
        with open(os.path.join(SOURCE, "man", name)) as f:
            text = f.read()
        examples = text.partition(".Sh EXAMPLES")[2].partition(".Sh SEE ALSO")[0]
        for line in re.findall(r"^(?:\.Dl \$ |)((?:zcat .*\| )?lodestone .*)$", examples, re.M):
            env = dict(os.environ, PATH=p.path("bin") + ":" + os.environ["PATH"])
            if line.startswith("lodestone serve"):
                interrupted_when_it_serves(p, line, env)
            else:
                done = subprocess.run(["sh", "-c", line], cwd=p.folder, capture_output=True, timeout=120, env=env)
                assert done.returncode == 0, (name, line, done.stderr)
            count += 1
    assert count >= 10, count


def the_completion_of_bash_completes(p):
    p.write("dns.log", b"")

    def complete(*words):
        script = (f'. "{COMPLETION}"; compopt() {{ :; }}; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_lodestone; printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", "lodestone", *words], cwd=p.folder,
                              capture_output=True, text=True)
        assert done.stderr == "", done.stderr
        return sorted(done.stdout.split())

    assert complete("hu") == ["hunt"]
    assert complete("hunt", "--js") == ["--json"]
    assert complete("hunt", "d") == ["dns.log"]
    assert complete("case", "ver") == ["verdict", "verify"]
    assert complete("hunt", "--allow", "d") == ["dns.log"]
    assert complete("hunt", "--top", "") == []
    assert "contacts" in complete("")


if __name__ == "__main__":
    main([v for k, v in list(globals().items()) if callable(v) and getattr(v, "__module__", "") == "__main__"
          and v not in (interrupted_when_it_serves, smtp_log)])
