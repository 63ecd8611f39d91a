# SPDX-License-Identifier: GPL-3.0-or-later
"""Made-up evidence of DNS in each form that a reader takes, for measurements: FORMS names them all.

A form is a generator of bytes over look-ups (evidence_world.py), written as the program that the form
is of writes it.
"""
import base64
import sqlite3
import struct

from evidence_world import START, address_bytes, date, message, name_bytes


def seconds(row):
    return row.at // 10**9


def micros(row):
    return row.at // 1000 % 10**6


def code_name(row):
    return "NXDOMAIN" if row.missing else "NOERROR"


def lines(write, head=""):
    """A form of one text a look-up."""
    def form(rows):
        yield head.encode()
        for row in rows:
            yield write(row).encode()
    return form


# ---- query logs

def bind(row):
    return (f"{date('%d-%b-%Y %H:%M:%S', seconds(row))}.{row.at // 10**6 % 1000:03} queries: info: client "
            f"@0x7f91b8{row.id:06x} {row.client}#{row.port} ({row.name}): query: {row.name} IN {row.type} "
            f"+E(0)K ({row.server})\n")


def unbound(row):
    return (f"[{seconds(row)}] unbound[2541:0] info: {row.client} {row.name}. {row.type} IN {code_name(row)} "
            f"{row.took_us / 1e6:.6f} 0 {40 + len(row.name)}\n")


def dnsmasq_lines(row, source):
    head = f"{date('%b %e %H:%M:%S', seconds(row))} dnsmasq[812]: "
    text = f"{head}query[{row.type}] {row.name} from {row.client}\n"
    if source == "cached":
        text += "".join(f"{head}cached {owner} is {'<CNAME>' if code == 5 else data}\n"
                        for owner, _, code, data in row.records)
    elif source == "gravity blocked":
        return text + f"{head}gravity blocked {row.name} is 0.0.0.0\n"
    else:
        text += f"{head}forwarded {row.name} to 198.51.100.53\n"
        text += "".join(f"{head}reply {owner} is {'<CNAME>' if code == 5 else data}\n"
                        for owner, _, code, data in row.records)
    return text if row.records or not row.missing else text + f"{head}reply {row.name} is NXDOMAIN\n"


def dnsmasq(row):
    return dnsmasq_lines(row, "cached" if row.id % 3 else "reply")


def pihole(row):
    return dnsmasq_lines(row, ("gravity blocked", "cached", "cached", "reply")[row.id % 4])


def powerdns(row):
    head = date("%b %e %H:%M:%S", seconds(row)) + " ns1 pdns_recursor[8]: "
    tail = f'qname="{row.name}" qtype="{row.type}"'
    remote = f"[{row.client}]:{row.port}" if ":" in row.client else f"{row.client}:{row.port}"
    ts = f'ts="{seconds(row)}.{row.at // 10**6 % 1000:03}"'
    return (f'{head}msg="Question" subsystem="syncres" level="0" prio="Info" tid="1" {ts} ecs="" mtid="{row.id}" '
            f'proto="udp" {tail} remote="{remote}"\n'
            f'{head}msg="Answer" subsystem="syncres" level="0" prio="Info" tid="1" {ts} answers="{len(row.records)}" '
            f'{tail} rcode="{3 if row.missing else 0}" remote="{remote}"\n')


def coredns(row):
    remote = f"[{row.client}]:{row.port}" if ":" in row.client else f"{row.client}:{row.port}"
    return (f"{date('%Y-%m-%dT%H:%M:%S', seconds(row))}.{row.at // 10**6 % 1000:03}Z [INFO] {remote} - {row.id} "
            f'"{row.type} IN {row.name}. udp {40 + len(row.name)} false 4096" {code_name(row)} qr,rd,ra '
            f"{90 + len(row.records) * 16} {row.took_us / 1e6:.9f}s\n")


def adguard(row):
    answer = base64.b64encode(message(row, True)).decode()
    return (f'{{"T":"{date("%Y-%m-%dT%H:%M:%S", seconds(row))}.{row.at % 10**9:09}Z","QH":"{row.name}","QT":"{row.type}",'
            f'"QC":"IN","CP":"","Upstream":"https://dns.example.net:443/dns-query","Answer":"{answer}","Result":{{}},'
            f'"Elapsed":{row.took_us * 1000},"IP":"{row.client}"}}\n')


def windows(row):
    name = "".join(f"({len(label)}){label}" for label in row.name.split(".")) + "(0)"
    head = date("%-m/%-d/%Y %-I:%M:%S %p", seconds(row)) + f" 0C28 PACKET  00000000{row.id:08X} UDP "
    return (f"{head}Rcv {row.client:<15} {row.id:04x}   Q [0001   D   NOERROR] {row.type:<6} {name}\n"
            f"{head}Snd {row.client:<15} {row.id:04x} R Q [{'8381' if row.missing else '8081'}   DR {code_name(row):>8}] "
            f"{row.type:<6} {name}\n")


# ---- sensors

def eve_head(row, end, kind, at):
    ends = (f'"src_ip":"{row.client}","src_port":{row.port},"dest_ip":"{row.server}","dest_port":53',
            f'"src_ip":"{row.server}","src_port":53,"dest_ip":"{row.client}","dest_port":{row.port}')
    return (f'{{"timestamp":"{date("%Y-%m-%dT%H:%M:%S", at // 10**9)}.{at // 1000 % 10**6:06}+0000","flow_id":{row.number},'
            f'"in_iface":"eth0","event_type":"{kind}",{ends[end]},"proto":"UDP",')


def eve_answers(row):
    return ",".join(f'{{"rrname":"{owner}","rrtype":"{kind}","ttl":{row.ttl},"rdata":"{data}"}}'
                    for owner, kind, _, data in row.records)


def eve_v2(row):
    text = (eve_head(row, 0, "dns", row.at) + f'"dns":{{"type":"query","id":{row.id},"rrname":"{row.name}",'
            f'"rrtype":"{row.type}","tx_id":0}}}}\n')
    answers = f',"answers":[{eve_answers(row)}]' if row.records else ""
    return (text + eve_head(row, 1, "dns", row.at + row.took_us * 1000) + f'"dns":{{"version":2,"type":"answer","id":{row.id},'
            f'"flags":"8180","qr":true,"rd":true,"ra":true,"rrname":"{row.name}","rrtype":"{row.type}",'
            f'"rcode":"{code_name(row)}"{answers}}}}}\n')


def eve_v3(row):
    asked = f'"queries":[{{"rrname":"{row.name}","rrtype":"{row.type}"}}]'
    text = (eve_head(row, 0, "dns", row.at) + f'"dns":{{"version":3,"type":"request","tx_id":0,"id":{row.id},'
            f'"flags":"100","rd":true,"opcode":0,"rcode":"NOERROR",{asked}}}}}\n')
    answers = f',"answers":[{eve_answers(row)}]' if row.records else ""
    return (text + eve_head(row, 1, "dns", row.at + row.took_us * 1000) + f'"dns":{{"version":3,"type":"response","tx_id":1,'
            f'"id":{row.id},"flags":"8180","qr":true,"rd":true,"ra":true,"opcode":0,"rcode":"{code_name(row)}",'
            f'{asked}{answers}}}}}\n')


PACKETQ = '"s","us","src_addr","dst_addr","src_port","dst_port","protocol","msg_id","qr","rd","rcode","qname","qtype","qclass","aname","attl"\n'


def packetq(row):
    at, code = row.at + row.took_us * 1000, 3 if row.missing else 0
    answer = f'"{row.name}.",{row.ttl}' if row.records else '"",0'
    return (f'{seconds(row)},{micros(row)},"{row.client}","{row.server}",{row.port},53,17,{row.id},0,1,0,"{row.name}.",'
            f'{row.code},1,"",0\n{at // 10**9},{at // 1000 % 10**6},"{row.server}","{row.client}",53,{row.port},17,{row.id},1,1,'
            f'{code},"{row.name}.",{row.code},1,{answer}\n')


def table(row):
    return (f"{seconds(row)}.{micros(row):06},{row.client},{row.port},{row.name},{row.type},{code_name(row)},"
            f"{row.ttl if row.records else ''}\n")


CONN = ("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n#fields\tts\tuid\tid.orig_h"
        "\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\thistory\torig_pkts"
        "\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n")


def conn(row):
    port, service = ((443, "ssl"), (80, "http"), (25, "smtp"), (53, "dns"))[row.id % 4]
    responder = row.records[-1][3] if row.records else "203.0.113.7"
    return (f"{seconds(row)}.{micros(row):06}\tC{row.id:08x}AbCdEf{row.port:x}\t{row.client}\t{row.port}\t{responder}\t{port}\ttcp\t"
            f"{service}\t{row.took_us / 1e6:.6f}\t{row.ttl}\t{row.id}\tSF\tShADadfF\t7\t{row.ttl + 364}\t8\t{row.id + 416}\n")


# ---- facts

def records(write):
    """A form of one line a record, of look-ups that have any."""
    def form(rows):
        for row in rows:
            yield "".join(write(row, record) for record in row.records).encode()
    return form


def passivedns(row, record):
    owner, kind, _, data = record
    return (f"{seconds(row)}.{micros(row):06}||{row.client}||{row.server}||IN||{owner}.||{kind}||"
            f"{data + '.' if kind == 'CNAME' else data}||{row.ttl}||{1 + row.id % 9}\n")


def cof(row, record):
    owner, kind, _, data = record
    return (f'{{"count":{1 + row.id},"time_first":{seconds(row)},"time_last":{seconds(row) + row.id},"rrname":"{owner}.",'
            f'"rrtype":"{kind}","bailiwick":"example.com.","rdata":["{data + "." if kind == "CNAME" else data}"]}}\n')


# ---- messages as they were on the wire

def nmsg(row):
    at = row.at + row.took_us * 1000
    query, response = (base64.b64encode(message(row, side)).decode() for side in (False, True))
    return (f'{{"time":"{date("%Y-%m-%d %H:%M:%S", seconds(row))}.{row.at % 10**9:09}","vname":"base","mname":"dnsqr","message":{{'
            f'"type":"UDP_QUERY_RESPONSE","query_ip":"{row.client}","response_ip":"{row.server}","proto":"UDP",'
            f'"query_port":{row.port},"response_port":53,"id":{row.id},"qname":"{row.name}.","qclass":"IN","qtype":"{row.type}",'
            f'"query_time_sec":[{seconds(row)}],"query_time_nsec":[{row.at % 10**9}],"query":"{query}",'
            f'"response_time_sec":[{at // 10**9}],"response_time_nsec":[{at % 10**9}],"response":"{response}"}}}}\n')


def varint(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value)


def fixed(field, value):
    return varint(field << 3 | 5) + struct.pack("<I", value)


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def dnstap(rows):
    """What a recursive server logs of its clients: CLIENT_QUERY and CLIENT_RESPONSE."""
    content = b"protobuf:dnstap.Dnstap"
    yield struct.pack(">IIIII", 0, 12 + len(content), 2, 1, len(content)) + content
    for row in rows:
        common = (number(2, 2 if ":" in row.client else 1) + number(3, 1) + text(4, address_bytes(row.client)) +
                  text(5, address_bytes(row.server)) + number(6, row.port) + number(7, 53) +
                  number(8, seconds(row)) + fixed(9, row.at % 10**9))
        at = row.at + row.took_us * 1000
        query = number(1, 5) + common + text(10, message(row, False))
        response = number(1, 6) + common + number(12, at // 10**9) + fixed(13, at % 10**9) + text(14, message(row, True))
        for tap in (query, response):
            frame = text(1, b"ns1.example.net") + text(14, tap) + number(15, 1)
            yield struct.pack(">I", len(frame)) + frame
    yield struct.pack(">III", 0, 4, 3)


def cbor(value):
    """Numbers, bytes, texts, lists and maps, as RFC 8949 has them."""
    def head(major, count):
        if count < 24:
            return bytes([major << 5 | count])
        size = 0 if count < 256 else 1 if count < 65536 else 2 if count < 2**32 else 3
        return bytes([major << 5 | 24 + size]) + count.to_bytes(1 << size, "big")
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, (bytes, str)):
        value, major = (value, 2) if isinstance(value, bytes) else (value.encode(), 3)
        return head(major, len(value)) + value
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


class Block:
    """A block of C-DNS (RFC 8618 7.3): items, and the tables that they share."""

    def __init__(self, first):
        self.first = first
        self.tables = [{} for _ in range(8)]
        self.items = []

    def index(self, table, key, value=None):
        return self.tables[table].setdefault(key, (len(self.tables[table]), key if value is None else value))[0]

    def add(self, row):
        v6 = ":" in row.client
        kind = self.index(1, (row.code,), {0: row.code, 1: 1})
        name = self.index(2, name_bytes(row.name))
        code = 3 if row.missing else 0
        signature = self.index(3, (row.server, row.code, code), {
            0: self.index(0, address_bytes(row.server)), 1: 53, 2: int(v6), 3: 1, 4: 3, 5: 0, 6: 0x1010, 8: kind, 16: code})
        item = {0: (row.at - self.first) // 1000, 1: self.index(0, address_bytes(row.client)), 2: row.port, 3: row.id,
                4: signature, 7: name, 8: row.took_us}
        if row.records:
            listed = []
            for owner, _, rcode, data in row.records:
                data = name_bytes(data) if rcode == 5 else address_bytes(data)
                record = (self.index(2, name_bytes(owner)), self.index(1, (rcode,), {0: rcode, 1: 1}), row.ttl,
                          self.index(2, data))
                listed.append(self.index(7, record, dict(enumerate(record))))
            item[12] = {1: self.index(6, tuple(listed), listed)}
        self.items.append(item)

    def written(self):
        tables = {i: [value for _, value in table.values()] for i, table in enumerate(self.tables) if table}
        return cbor({0: {0: [self.first // 10**9, self.first // 1000 % 10**6], 1: 0}, 2: tables, 3: self.items})


def cdns(rows):
    preamble = {0: 1, 1: 0, 3: [{0: {0: 10**6, 1: 5000, 2: {}}}]}
    yield b"\x83" + cbor("C-DNS") + cbor(preamble) + b"\x9f"
    block = None
    for row in rows:
        block = block or Block(row.at)
        block.add(row)
        if len(block.items) == 5000:
            yield block.written()
            block = None
    yield (block.written() if block else b"") + b"\xff"


def pihole_ftl(rows, path):
    """Pi-hole's database in the form that FTL has written since version 12 of it."""
    base = sqlite3.connect(path)
    base.executescript("CREATE TABLE ftl (id INTEGER PRIMARY KEY NOT NULL, value BLOB NOT NULL);"
                       "CREATE TABLE query_storage (id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER NOT NULL,"
                       " type INTEGER NOT NULL, status INTEGER NOT NULL, domain INTEGER NOT NULL, client INTEGER NOT NULL,"
                       " forward INTEGER, additional_info INTEGER, reply_type INTEGER, reply_time REAL, dnssec INTEGER,"
                       " list_id INTEGER);"
                       "CREATE TABLE domain_by_id (id INTEGER PRIMARY KEY, domain TEXT NOT NULL);"
                       "CREATE TABLE client_by_id (id INTEGER PRIMARY KEY, ip TEXT NOT NULL, name TEXT);")
    names, clients, types = {}, {}, {"A": 1, "AAAA": 2, "TXT": 7, "MX": 9, "HTTPS": 16}
    for row in rows:
        name, client = (table.setdefault(key, len(table) + 1) for table, key in ((names, row.name), (clients, row.client)))
        base.execute("INSERT INTO query_storage (timestamp, type, status, domain, client, reply_type, reply_time)"
                     " VALUES (?, ?, ?, ?, ?, ?, ?)", (row.at / 1e9, types[row.type], 2 + row.id % 2, name, client,
                                                       2 if row.missing else 4, row.took_us / 1e6))
    base.executemany("INSERT INTO domain_by_id VALUES (?, ?)", ((number, name) for name, number in names.items()))
    base.executemany("INSERT INTO client_by_id VALUES (?, ?, NULL)", ((number, ip) for ip, number in clients.items()))
    base.commit()
    base.close()


FORMS = {
    "dnstap": dnstap, "cdns": cdns, "eve-v2": lines(eve_v2), "eve-v3": lines(eve_v3), "bind": lines(bind),
    "unbound": lines(unbound), "dnsmasq": lines(dnsmasq), "pihole": lines(pihole), "powerdns": lines(powerdns),
    "coredns": lines(coredns), "adguard": lines(adguard),
    "windows": lines(windows, f"DNS Server log file creation at {date('%-m/%-d/%Y %-I:%M:%S %p', START)}\n\n"),
    "passivedns": records(passivedns), "cof": records(cof), "nmsg": lines(nmsg), "packetq": lines(packetq, PACKETQ),
    "table": lines(table, "time,client,port,name,type,rcode,ttl\n"), "conn": lines(conn, CONN),
}
FILES = {"pihole-ftl": pihole_ftl}
