"""Writes src/Acceleration.Models/Text/Unicode/unicode14.bin: what the tokenizers of CLIP ask of Unicode, as Python 3.11 (Unicode 14) answers.

Run it with Python 3.11 only: python3.11 eng/unicode14.py FILE
All tables are lists of numbers in base 128, least significant first, deflated; see UnicodeTables.cs.
"""
import sys
import unicodedata
import zlib

CODES = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
assert unicodedata.unidata_version == "14.0.0", "Another Python has another Unicode."


def kind(c):
    category = unicodedata.category(chr(c))
    if c in (9, 10, 13):
        return 4
    if c == 0xFFFD or category[0] == "C":
        return 3
    # Ignoring case, U+0345 is also the letter iota, so that the pattern of words finds it in neither class.
    if c == 0x345 or category in ("Zl", "Zp"):
        return 5
    return {"L": 1, "N": 2, "Z": 4}.get(category[0], 0)


def casing(c):
    if (chr(c) + "\u03a3").lower().endswith("\u03c2"):
        return 1
    return 2 if ("A" + chr(c) + "\u03a3").lower().endswith("\u03c2") else 0


def runs(value):
    """Pairs: a value, and how many code points more than the last run's end have it."""
    out, start, last = [], 0, value(0)
    for c in range(1, 0x110000):
        now = 3 if value is kind and 0xD800 <= c < 0xE000 else 0 if 0xD800 <= c < 0xE000 else value(c)
        if now != last:
            out += [last, c - start]
            start, last = c, now
    return out + [last, 0x110000 - start]


def entries(rows):
    """The count, then rows whose first number counts from the one before."""
    out, before = [len(rows)], 0
    for row in rows:
        out += [row[0] - before, *row[1:]]
        before = row[0]
    return out


lower = [(c, ord(chr(c).lower())) for c in CODES if c != 0x130 and chr(c).lower() != chr(c)]
decomposed = []
for c in CODES:
    parts = unicodedata.decomposition(chr(c))
    if parts and not parts.startswith("<"):
        parts = [int(p, 16) for p in parts.split()]
        first, second = parts[0], parts[1] if len(parts) > 1 else 0
        composes = second and unicodedata.normalize("NFC", chr(first) + chr(second)) == chr(c)
        decomposed.append((c, first, second, int(bool(composes))))

numbers = [
    *runs(kind),
    *runs(casing),
    *entries(lower),
    *entries(decomposed),
    *entries([(c, unicodedata.combining(chr(c))) for c in CODES if unicodedata.combining(chr(c))]),
]
data = bytearray()
for n in numbers:
    while n > 127:
        data.append(n & 127 | 128)
        n >>= 7
    data.append(n)
packer = zlib.compressobj(9, zlib.DEFLATED, -15)
with open(sys.argv[1], "wb") as file:
    file.write(packer.compress(bytes(data)) + packer.flush())
