#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Databases of Pi-hole: both layouts give the same contacts, however they were copied; hostile ones give none."""
import os
import random
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import main

OLD = """CREATE TABLE queries (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type INTEGER NOT NULL,
    status INTEGER NOT NULL, domain TEXT NOT NULL, client TEXT NOT NULL, forward TEXT);
CREATE TABLE ftl (id INTEGER PRIMARY KEY NOT NULL, value BLOB NOT NULL);
CREATE TABLE counters (id INTEGER PRIMARY KEY NOT NULL, value INTEGER NOT NULL);
CREATE INDEX idx_queries_timestamps ON queries (timestamp);"""
LINKED = """CREATE TABLE query_storage (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL, type INTEGER NOT NULL,
    status INTEGER NOT NULL, domain INTEGER NOT NULL, client INTEGER NOT NULL, forward INTEGER, additional_info INTEGER,
    reply_type INTEGER, reply_time REAL, dnssec INTEGER, list_id INTEGER);
CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT NOT NULL);
CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT);
CREATE TABLE forward_by_id (id INTEGER PRIMARY KEY, forward TEXT NOT NULL);
CREATE TABLE addinfo_by_id (id INTEGER PRIMARY KEY, type INTEGER NOT NULL, content NOT NULL);
CREATE INDEX idx_query_storage_timestamp ON query_storage (timestamp);
CREATE UNIQUE INDEX domain_by_id_domain_idx ON domain_by_id(domain);
CREATE UNIQUE INDEX client_by_id_client_idx ON client_by_id(ip,name);
CREATE VIEW queries AS SELECT id, timestamp, type, status,
    CASE typeof(domain) WHEN 'integer' THEN (SELECT domain FROM domain_by_id d WHERE d.id = q.domain) ELSE domain END domain,
    CASE typeof(client) WHEN 'integer' THEN (SELECT ip FROM client_by_id c WHERE c.id = q.client) ELSE client END client,
    reply_type FROM query_storage q;"""
TYPES = {1: "A", 2: "AAAA", 6: "PTR", 16: "HTTPS", 148: "DNSKEY"}
REPLIES = {None: "-", 1: "NOERROR", 2: "NXDOMAIN", 4: "NOERROR", 7: "SERVFAIL", 12: "-"}


def asked(count):
    draw = random.Random(1)
    return [(1700000000 + 3 * i, draw.choice(list(TYPES)), f"h{draw.randrange(40)}.example.com",
             f"192.0.2.{draw.randrange(9)}", draw.choice(list(REPLIES))) for i in range(count)]


def make(p, name, layout, rows, pragma="", more=""):
    db = sqlite3.connect(p.path(name))
    if pragma:
        db.execute(pragma)
    db.executescript(layout)
    domains = {name: i + 1 for i, name in enumerate(sorted({r[2] for r in rows}))}
    clients = {name: i + 1 for i, name in enumerate(sorted({r[3] for r in rows}))}
    if layout is LINKED:
        db.executemany("INSERT INTO domain_by_id VALUES (?, ?)", [(i, n) for n, i in domains.items()])
        db.executemany("INSERT INTO client_by_id VALUES (?, ?, NULL)", [(i, n) for n, i in clients.items()])
        db.executemany("INSERT INTO query_storage (timestamp, type, status, domain, client, reply_type) VALUES (?, ?, 2, ?, ?, ?)",
                       [(t, q, domains[d], clients[c], r) for t, q, d, c, r in rows])
    elif rows:
        db.executemany("INSERT INTO queries (timestamp, type, status, domain, client) VALUES (?, ?, 2, ?, ?)",
                       [r[:4] for r in rows])
    db.executescript(more)
    db.commit()
    db.close()


def lines(rows, replied):
    return sorted("\t".join([str(t), "dns", c, d, TYPES[q], REPLIES[r] if replied else "-", "-", "out",
                             "qr" if replied and REPLIES[r] != "-" else "q"]) for t, q, d, c, r in rows)


def both_layouts_give_what_was_asked(p):
    rows = asked(3000)
    make(p, "old.db", OLD, rows)
    make(p, "new.db", LINKED, rows)
    make(p, "wal.db", LINKED, rows, "PRAGMA journal_mode = WAL")
    assert sorted(p.rows("old.db")) == lines(rows, False)
    for name in ("new.db", "wal.db"):
        assert sorted(p.rows(name)) == lines(rows, True), name
    # and what SQLite itself makes of FTL's own view
    db = sqlite3.connect(p.path("new.db"))
    assert sorted(db.execute("SELECT timestamp, type, domain, client, reply_type FROM queries"), key=str) == sorted(rows, key=str)
    db.close()
    p.run("ingest", "-C", "c", "new.db")
    source = p.sources()[0]
    assert (source["format"], source["vantage"], source["records"]) == ("pihole-ftl", "recursive", 3000), source


def a_later_copy_adds_what_is_new(p):
    rows = asked(600)
    make(p, "monday.db", LINKED, rows[:400])
    make(p, "tuesday.db", LINKED, rows)
    with open(p.path("tuesday.db"), "rb") as f:
        p.write_gzip("tuesday.db.gz", f.read())
    p.run("ingest", "-C", "c", "monday.db", "tuesday.db.gz")
    assert sorted(p.rows("-C", "c")) == lines(rows, True)


def a_cut_database_gives_what_is_left(p):
    make(p, "whole.db", LINKED, asked(3000))
    with open(p.path("whole.db"), "rb") as f:
        whole = f.read()
    seen = []
    for part in (2, 5, 8):
        p.write("cut.db", whole[:len(whole) * part // 10])
        seen.append(p.run_raw("contacts", "cut.db").stdout.count(b"\n"))
    assert seen == sorted(seen) and 0 < seen[-1] < 3000, seen
    p.run("ingest", "-C", "c", "cut.db")
    assert p.sources()[0]["state"] == "damaged" and "database is damaged" in p.sources()[0]["skipped"]


def a_hostile_database_gives_nothing_and_ends(p):
    rows = asked(50)
    view = LINKED.replace("CREATE TABLE query_storage (", "CREATE TABLE kept (").replace("FROM query_storage q", "FROM kept q") \
        .replace("CREATE INDEX idx_query_storage_timestamp ON query_storage (timestamp);", "")
    for name, sql in {
            "view": view + "CREATE VIEW query_storage AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                           "SELECT i AS id, 1 AS timestamp, 1 AS type, 'a' AS domain, 'b' AS client FROM n;",
            "virtual": "CREATE TABLE ftl (a); CREATE VIRTUAL TABLE queries USING fts5(domain, client, timestamp, type);",
            "other": "CREATE TABLE notes (a); INSERT INTO notes VALUES ('CREATE TABLE query_storage');",
    }.items():
        make(p, "hostile.db", sql, [])
        done = p.run_raw("contacts", "hostile.db")
        assert done.returncode == 2 and done.stdout == b"", (name, done)
        os.remove(p.path("hostile.db"))
    # in a folder it does not keep others from being read, and no temporary file is left
    os.makedirs(p.path("d"))
    make(p, "d/a.db", "CREATE TABLE ftl (a); CREATE VIEW queries AS SELECT 1 domain;", [])
    make(p, "d/b.db", LINKED, rows)
    assert len(p.rows("d")) == 50
    assert [n for n in os.listdir(p.folder) if n.startswith("lodestone-")] == []


main([both_layouts_give_what_was_asked, a_later_copy_adds_what_is_new, a_cut_database_gives_what_is_left,
      a_hostile_database_gives_nothing_and_ends])
