#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""cdns_rows.py DUMP DATA: the C-DNS files of dns-stats' compactor against the captures they were made of.

Both are read by our own readers, which share little: what the compactor wrote of a capture must
give the same contacts and facts as the capture itself. Where the collection has C-DNS only as the
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
    out = subprocess.run([dump, path], check=True, capture_output=True, text=True).stdout
    lines = out.splitlines()
    return sorted(line for line in lines if not line.startswith("end")), lines[-1].split("\t")[1]


def compare(dump, cdns, capture):
    got, form = rows(dump, cdns)
    want, _ = rows(dump, capture)
    if form != "cdns":
        sys.exit(f"{cdns} is taken for {form}")
    if got != want:
        more, less = set(got) - set(want), set(want) - set(got)
        sys.exit(f"{cdns} and {capture} differ:\nmore {sorted(more)[:5]}\nmissing {sorted(less)[:5]}")
    return len(got)


def main():
    dump, data = sys.argv[1:]
    folder = os.path.join(data, "cdns/compactor")
    if not os.path.isdir(folder):
        print(f"no shared C-DNS files at {folder}: not compared")
        sys.exit(77)
    count = compare(dump, f"{folder}/gold.cbor.xz", f"{folder}/gold.pcap.xz")
    with open(f"{folder}/testcontent.diag", encoding="utf-8") as f, \
            tempfile.NamedTemporaryFile(suffix=".cdns") as made:
        made.write(encoded(tokens_of(f.read())))
        made.flush()
        count += compare(dump, made.name, f"{folder}/testcontent.pcap.xz")
    print(f"{count} rows of two C-DNS files agree with their captures")
    if count < 1000:
        sys.exit("fewer than the collection has")


main()
