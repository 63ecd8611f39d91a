#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""capture_twins.py DUMP DATA: what other programs wrote of a capture against the capture itself.

C-DNS of dns-stats' compactor, and nmsg's JSON: read by readers of ours that share little with that of
captures, they must give the same contacts and facts. Where the collection has C-DNS only as the
text that diagnostic tools print (RFC 8949 8), it is encoded here first.
"""
import os
import re
import subprocess
import sys
import tempfile

TOKEN = re.compile(r"""\s*(h'[0-9A-Fa-f]*'|"[^"]*"|-?\d+|true|false|[\[{]_?|[\]}:,])""")


def head(major, n):
    for size, info in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if n < 24:
            return bytes([major << 5 | n])
        if n < 1 << 8 * size:
            return bytes([major << 5 | info]) + n.to_bytes(size, "big")
    raise ValueError(n)


def encoded(tokens):
    """The next item of the diagnostic notation as CBOR."""
    word = next(tokens)
    if word[0] in "[{":
        major, items, end = (4, 0, "]") if word[0] == "[" else (5, 0, "}")
        body = b""
        while (peeked := next(tokens)) != end:
            if peeked in ",:":
                continue
            tokens.send(peeked)
            body += encoded(tokens)
            items += 1
        if word[-1] == "_":
            return bytes([major << 5 | 31]) + body + b"\xff"
        return head(major, items // (1 if major == 4 else 2)) + body
    if word[0] == "h":
        data = bytes.fromhex(word[2:-1])
        return head(2, len(data)) + data
    if word[0] == '"':
        return head(3, len(word) - 2) + word[1:-1].encode()
    if word in ("true", "false"):
        return b"\xf5" if word == "true" else b"\xf4"
    return head(0, int(word)) if int(word) >= 0 else head(1, -1 - int(word))


def tokens_of(text):
    """The words; send(word) puts one back."""
    for found in TOKEN.finditer(text):
        back = yield found[1]
        if back is not None:
            yield None
            yield back


def rows(dump, path):
    """Sorted, without the digits of a second that a capture has not; and the format."""
    out = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    *lines, end = (line.split("\t") for line in out.splitlines())
    for line in lines:
        if line[0] == "contact":
            line[1] = line[1][:line[1].index(".") + 7]
    return sorted(lines), end[1]


def compare(dump, form, twin, capture):
    got, found = rows(dump, twin)
    want, _ = rows(dump, capture)
    if found != form:
        sys.exit(f"{twin} is taken for {found}")
    if got != want:
        more = [row for row in got if row not in want]
        less = [row for row in want if row not in got]
        sys.exit(f"{twin} and {capture} differ:\nmore {more[:5]}\nmissing {less[:5]}")
    return len(got)


def main():
    dump, data = sys.argv[1:]
    folder = os.path.join(data, "cdns/compactor")
    if not os.path.isdir(folder):
        print(f"no shared C-DNS files at {folder}: not compared")
        sys.exit(77)
    count = compare(dump, "cdns", f"{folder}/gold.cbor.xz", f"{folder}/gold.pcap.xz")
    with open(f"{folder}/testcontent.diag", encoding="utf-8") as f, \
            tempfile.NamedTemporaryFile(suffix=".cdns") as made:
        made.write(encoded(tokens_of(f.read())))
        made.flush()
        count += compare(dump, "cdns", made.name, f"{folder}/testcontent.pcap.xz")
    nmsg = os.path.join(data, "pcap-dns/nmsg/dnsqr/test1-dnsqr")
    count += compare(dump, "nmsg-json", f"{nmsg}.json", f"{nmsg}.pcap")
    print(f"{count} rows of three files agree with their captures")
    if count < 1000:
        sys.exit("fewer than the collection has")


main()
