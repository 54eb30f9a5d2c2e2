#!/usr/bin/env python3
"""A second checker of the transcripts of ceremonies, on py_ecc's curve and pairing, pycryptodome's
Keccak and hashlib's BLAKE2b.

    transcripts.py FILE...      checks the contributions in .zkc and .ptau files
    transcripts.py --write      writes tests/vectors/math/hash_to_g2.json

It shares no line with the C library: written from docs/formats-ceremony.md alone. It checks hashes,
proofs of knowledge and beacons; that the other points of a file are right is not looked at.
"""

import json
import pathlib
import secrets
import struct
import sys

from Crypto.Hash import keccak
from py_ecc import optimized_bn128 as bn

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "math" / "hash_to_g2.json"
R, P = bn.curve_order, bn.field_modulus
PIECE = 1 << 20
OWN_SECTION = 31339
FRAME, LINK = 140, 256
KINDS = {1: "participant", 2: "beacon"}


class Rejected(Exception):
    """Why a transcript is not accepted."""


def require(good, why):
    if not good:
        raise Rejected(why)


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


# Points


def sqrt(a):
    root = pow(a, (P + 1) // 4, P)  # p = 3 mod 4
    return root if root * root % P == a % P else None


def sqrt2(a, b):
    """A root of a + b u, as a pair, or None: its norm's root gives the real part's square."""
    norm = sqrt((a * a + b * b) % P)
    if norm is None:
        return None
    half = (P + 1) // 2
    for n in (norm, -norm):
        c = sqrt((a + n) * half % P)
        if c:
            return c, b * half * pow(c, -1, P) % P
    if b == 0:  # a is no square, or 0
        d = sqrt(-a % P)
        return None if d is None else (0, d)
    return None


def larger(c0, c1):
    """Whether y is larger than -y, c1 compared first."""
    return (c1 if c1 else c0) > P // 2


def hash_to_g2(seed):
    for t in range(1 << 32):
        h = [int.from_bytes(keccak256(seed + struct.pack("<IB", t, j)), "big") for j in range(4)]
        x = bn.FQ2([((h[0] << 256) + h[1]) % P, ((h[2] << 256) + h[3]) % P])
        root = sqrt2(*(int(c) for c in (x * x * x + bn.b2).coeffs))
        if root is None:
            continue
        odd = keccak256(seed + struct.pack("<IB", t, 4))[0] & 1
        if larger(*root) != (odd == 1):
            root = tuple(-c % P for c in root)
        point = bn.multiply((x, bn.FQ2(root), bn.FQ2.one()), 2 * P - R)
        if not bn.is_inf(point):
            return point


def read_g1(data):
    x, y = (int.from_bytes(data[i : i + 32], "big") for i in (0, 32))
    require(x < P and y < P, "a coordinate is not below the modulus")
    point = (bn.FQ(x), bn.FQ(y), bn.FQ.one())
    require(bn.is_on_curve(point, bn.b), "a point is not on the curve")
    return point


def read_g2(data):
    x1, x0, y1, y0 = (int.from_bytes(data[i : i + 32], "big") for i in range(0, 128, 32))
    require(max(x0, x1, y0, y1) < P, "a coordinate is not below the modulus")
    point = (bn.FQ2([x0, x1]), bn.FQ2([y0, y1]), bn.FQ2.one())
    require(bn.is_on_curve(point, bn.b2), "a point is not on the twist")
    require(bn.is_inf(bn.multiply(point, R)), "a point is not in the subgroup of order r")
    return point


def g2_bytes(point):
    return b"".join(
        int(v.coeffs[i]).to_bytes(32, "big") for v in bn.normalize(point) for i in (1, 0)
    )


def products_equal(a, q, b, h):
    """e(a, q) = e(b, h)"""
    left = bn.pairing(q, a, final_exponentiate=False)
    right = bn.pairing(h, bn.neg(b), final_exponentiate=False)
    return bn.final_exponentiate(left * right) == bn.FQ12.one()


# Files


def sections(data):
    magic, version, count = data[:4], *struct.unpack("<II", data[4:12])
    require(version == 1, "format version")
    found, at = {}, 12
    for _ in range(count):
        kind, size = struct.unpack("<IQ", data[at : at + 12])
        require(kind not in found and at + 12 + size <= len(data), "sections")
        found[kind] = data[at + 12 : at + 12 + size]
        at += 12 + size
    require(at == len(data), "bytes follow the last section")
    return magic, found


def hash_pieces(data):
    return keccak256(b"".join(keccak256(data[i : i + PIECE]) for i in range(0, len(data), PIECE)))


def beginning(magic, found):
    """The first hash before, the number of secrets and the list."""
    if magic == b"ptau":
        power = struct.unpack("<I", found[1][36:40])[0]
        return keccak256(b"zkmetric.ptau.v1" + bytes([power])), 3, found[OWN_SECTION]
    require(magic == b"zkmc", "magic")
    message = b"zkmetric.ceremony.v1" + found[1]
    for s in range(4, 9):
        message += struct.pack("<Q", len(found[s])) + hash_pieces(found[s])
    committed = struct.unpack("<I", found[1][32 + 64 + 8 : 32 + 64 + 12])[0]
    return keccak256(message), 2 if committed else 1, found[3]


# Contributions


def beacon_secrets(value, iterations, before, count):
    s = value
    for _ in range(1 << iterations):
        s = keccak256(s)
    out = []
    for i in range(count):
        for attempt in range(256):
            h = [
                keccak256(b"zkmetric.ceremony.beacon.v1" + s + bytes([i, attempt, j]) + before)
                for j in range(2)
            ]
            x = int.from_bytes(h[0] + h[1], "big") % R
            if x not in (0, 1, R - 1):
                break
        out.append(x)
    return out


def read_frame(frame):
    kind, iterations, length = struct.unpack("<III", frame[:12])
    name, value = frame[12:76].rstrip(b"\0"), frame[76 : 76 + length]
    require(frame[76 + length :].strip(b"\0") == b"", "a beacon's value is not padded by zeros")
    if kind == 1:
        require(iterations == 0 and length == 0, "a participant with a beacon")
    else:
        require(kind == 2 and 1 <= length <= 64 and 10 <= iterations <= 28, "kind or beacon")
    return kind, iterations, value, name.decode()


def check_one(data, before, points):
    """One contribution after `before` and `points`; gives the next two and what it says."""
    n = len(points)
    frame, links, hashed = data[:FRAME], data[FRAME:-32], data[-32:]
    kind, iterations, value, name = read_frame(frame)
    parts = [links[LINK * i : LINK * (i + 1)] for i in range(n)]
    after, share = ([read_g1(p[at : at + 64]) for p in parts] for at in (0, 64))
    proof = [read_g2(p[128:]) for p in parts]
    known = beacon_secrets(value, iterations, before, n) if kind == 2 else None
    for i in range(n):
        bound = b"".join(p[:128] for p in parts)
        base = hash_to_g2(
            keccak256(b"zkmetric.ceremony.proof.v1" + before + bytes([n, i]) + frame + bound)
        )
        if known:
            require(bn.eq(share[i], bn.multiply(bn.G1, known[i])), "share is not the beacon's")
            require(bn.eq(after[i], bn.multiply(points[i], known[i])), "after is not the beacon's")
            require(bn.eq(proof[i], bn.multiply(base, known[i])), "proof is not the beacon's")
        else:  # both equations at once, by a random weight
            w = secrets.randbits(128)
            require(
                products_equal(
                    bn.add(share[i], bn.multiply(after[i], w)),
                    base,
                    bn.add(bn.G1, bn.multiply(points[i], w)),
                    proof[i],
                ),
                "proof of knowledge",
            )
    xs = [bn.normalize(p)[0] for p in [bn.G1, *share]]
    require(len({int(x) for x in xs}) == n + 1, "shares are 1, -1, the same or opposite")
    after_hash = keccak256(b"zkmetric.ceremony.contribution.v1" + before + data[:-32])
    require(hashed == after_hash, "hash of the transcript")
    return after_hash, after, {"kind": kind, "name": name, "hash": after_hash.hex()}


def check(data):
    """The contributions of a file's bytes; Rejected where one does not follow."""
    before, n, rest = beginning(*sections(data))
    size = FRAME + LINK * n + 32
    require(len(rest) == 4 + size * struct.unpack("<I", rest[:4])[0], "length of the list")
    points, out = [bn.G1] * n, []
    for at in range(4, len(rest), size):
        before, points, said = check_one(rest[at : at + size], before, points)
        out.append(said)
    return out


def vectors_text():
    seeds = [keccak256(bytes([i])) for i in range(40)] + [bytes(32), b"\xff" * 32]
    rows = [json.dumps({"seed": s.hex(), "point": g2_bytes(hash_to_g2(s)).hex()}) for s in seeds]
    return "[\n " + ",\n ".join(rows) + "\n]\n"


def main(arguments):
    if arguments == ["--write"]:
        VECTORS.write_text(vectors_text())
        return
    for path in arguments:
        for said in check(pathlib.Path(path).read_bytes()):
            print(path, KINDS[said["kind"]], said["hash"], said["name"])


if __name__ == "__main__":
    main(sys.argv[1:])
