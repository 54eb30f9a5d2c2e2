#!/usr/bin/env python3
"""A second implementation of the claim formats, written from docs/formats-data.md: schema digest,
dataset_id, model_id, statement bytes, thresholds, contexts, and the opening file.

    reference.py           compares tests/vectors/claim/vectors.json with what this file computes
    reference.py --write   writes that file; src/claim is compared with it by tests/claim/test_vectors.c

It shares with the library only the table of Poseidon2's constants, which tests/math checks.
"""

import json
import pathlib
import re
import struct
import sys
from fractions import Fraction

from Crypto.Hash import keccak

ROOT = pathlib.Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "claim" / "vectors.json"
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617
RATE, WIDTH = 15, 16


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def hash_to_field(data):
    """Keccak-256 with the top three bits cleared, as an integer."""
    return int.from_bytes(keccak256(data), "big") % 2**253


# Poseidon2, t = 16


def constants():
    text = (ROOT / "src" / "math" / "poseidon2_constants.c").read_text()
    unit = pow(2**256, -1, R)

    def array(name):
        body = re.search(name + r"\[[^]]*\] = \{(.*?)\n\};", text, re.S).group(1)
        limbs = [int(x, 16) for x in re.findall(r"0x[0-9a-fA-F]+", body)]
        return [
            sum(limb << 64 * j for j, limb in enumerate(limbs[i : i + 4])) * unit % R
            for i in range(0, len(limbs), 4)
        ]

    return array("ROUND_CONSTANTS_T16"), array("DIAGONAL_T16")


ROUND_CONSTANTS, DIAGONAL = constants()
M4 = ((5, 7, 1, 3), (4, 6, 1, 1), (1, 3, 5, 7), (1, 1, 4, 6))


def external(x):
    parts = [[sum(a * b for a, b in zip(row, x[i : i + 4])) for row in M4] for i in range(0, 16, 4)]
    columns = [sum(part[j] for part in parts) for j in range(4)]
    return [(part[j] + columns[j]) % R for part in parts for j in range(4)]


def permute(x):
    c = iter(ROUND_CONSTANTS)

    def full(x):
        return external([pow(v + next(c), 5, R) for v in x])

    x = external(x)
    for _ in range(4):
        x = full(x)
    for _ in range(57):
        x = [pow(x[0] + next(c), 5, R)] + x[1:]
        total = sum(x)
        x = [(d * v + total) % R for d, v in zip(DIAGONAL, x)]
    for _ in range(4):
        x = full(x)
    return x


def sponge(tag, blocks):
    state = [0] * RATE + [hash_to_field(tag.encode())]
    for block in blocks:
        block = list(block) + [0] * (RATE - len(block))
        state = permute([(a + b) % R for a, b in zip(state, block)] + state[RATE:])
    return state[0]


def pack(values, offset, per_element, stride):
    return [
        sum(v + offset << stride * j for j, v in enumerate(values[i : i + per_element]))
        for i in range(0, len(values), per_element)
    ]


def chunks(values, n):
    return [values[i : i + n] for i in range(0, len(values), n)]


# Commitments


def schema_digest(columns):
    """columns: dictionaries with name, role, frac_bits, as in a schema file."""

    def part(role):
        out = b""
        for c in columns:
            if c["role"] == role:
                name = c["name"].encode()
                out += struct.pack(">H", len(name)) + name + struct.pack(">b", c["frac_bits"])
        return out

    count = [sum(c["role"] == role for c in columns) for role in ("feature", "target")]
    data = b"zkmetric.schema.v1" + struct.pack(">II", *count) + part("feature") + part("target")
    return hash_to_field(data)


def dataset_id(digest, salt, rows):
    """rows: K features then m targets each, integers of 16 bits."""
    packed = [pack(row, 2**15, 15, 16) for row in rows]
    e = len(packed[0])
    if e <= RATE:
        blocks = [sum(group, []) for group in chunks(packed, RATE // e)]
    else:
        blocks = [block for row in packed for block in chunks(row, RATE)]
    return sponge("zkmetric.dataset.v1", [[digest, len(rows), salt]] + blocks)


def model_id(architecture_digest, weights, biases):
    elements = [architecture_digest] + pack(weights, 2**15, 15, 16) + pack(biases, 2**39, 5, 48)
    return sponge("zkmetric.model.v1", chunks(elements, RATE))


def statement_bytes(s):
    fields = (s["model_id"], s["dataset_id"], s["num_samples"], s["threshold"], s["verdict"], s["context"])
    return b"".join(int(x).to_bytes(32, "big") for x in fields)


def threshold(text):
    return int(Fraction(text) * 2**32)


def context(chain_id, contract, federation, round_, client, nonce):
    words = (chain_id, contract, federation, round_, client, nonce)
    return hash_to_field(b"".join(w.to_bytes(32, "big") for w in words))


def quantise(text, frac_bits):
    """round-half-even(x * 2^frac_bits) of the double nearest to a decimal number."""
    return round(Fraction(float(text)) * Fraction(2) ** frac_bits)


def read_opening(data):
    """(columns, n, rows, salt, dataset_id) of an opening file; AssertionError when it is damaged."""
    assert data[:8] == b"ZKMOPEN\0" and data[8:12] == struct.pack("<I", 1)
    assert keccak256(data[:-32]) == data[-32:]
    at, columns = 16, []
    for _ in range(struct.unpack_from("<I", data, 12)[0]):
        role, frac, length = struct.unpack_from("<BbH", data, at)
        name = data[at + 4 : at + 4 + length].decode()
        columns.append({"name": name, "role": ("feature", "target", "time")[role], "frac_bits": frac})
        at += 4 + length
    n, k, m = struct.unpack_from("<III", data, at)
    salt, identity = data[at + 12 : at + 44], data[at + 44 : at + 76]
    values = struct.unpack_from(f"<{n * (k + m)}h", data, at + 76)
    assert at + 76 + 2 * n * (k + m) + 32 == len(data)
    features, targets = chunks(values[: n * k], k), chunks(values[n * k :], m)
    rows = [list(f) + list(t) for f, t in zip(features, targets)]
    return columns, n, rows, int.from_bytes(salt, "big"), int.from_bytes(identity, "big")


# Vectors: numbers from a small generator, so that no file holds them.


def numbers(seed, n, bits):
    """n signed integers of `bits` bits: the top bits of x <- x * 6364136223846793005 + 1442695040888963407
    mod 2^64, offset to be signed; the first two are the extremes."""
    out, x = [], seed
    for _ in range(n):
        x = (x * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append((x >> (64 - bits)) - 2 ** (bits - 1))
    out[:2] = [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1][:n]
    return out


def hex32(x):
    return "0x" + x.to_bytes(32, "big").hex()


COLUMNS = [
    {"name": "t", "role": "time", "frac_bits": 0},
    {"name": "moneyness", "role": "feature", "frac_bits": 12},
    {"name": "y", "role": "target", "frac_bits": 15},
    {"name": "größe €", "role": "feature", "frac_bits": -3},
]
SHAPES = [(1, 1, 1), (15, 14, 1), (16, 14, 1), (8, 25, 1), (5, 44, 3), (2, 224, 1), (2, 225, 1), (2, 450, 9)]
MODELS = [(1, 1), (15, 5), (16, 6), (195, 70), (600, 77)]
THRESHOLDS = ["0", "0.05", "5e-2", "0.1", "65535.9999999999", "2.3283064365386962890625e-10", "1e-11", "12.75"]


def vectors():
    digest, salt = schema_digest(COLUMNS), 2**252 - 12345
    datasets = [
        {"n": n, "features": k, "targets": m, "seed": 1000 + i,
         "dataset_id": hex32(dataset_id(digest, salt, chunks(numbers(1000 + i, n * (k + m), 16), k + m)))}
        for i, (n, k, m) in enumerate(SHAPES)
    ]
    models = [
        {"weights": w, "biases": b, "seed": 2000 + i,
         "model_id": hex32(model_id(digest, numbers(2000 + i, w, 16), numbers(3000 + i, b, 40)))}
        for i, (w, b) in enumerate(MODELS)
    ]
    parts = (137, int("c0" * 20, 16), int("fe" * 32, 16), 7, int("c1" * 20, 16), 2**256 - 2)
    statement = {
        "model_id": R - 1, "dataset_id": 5, "num_samples": 1000, "threshold": threshold("0.05"), "verdict": 1,
        "context": context(*parts),
    }
    return {
        "about": "Written by tests/claim/reference.py --write. The rows' numbers come from numbers(seed) there.",
        "columns": COLUMNS,
        "schema_digest": hex32(digest),
        "salt": hex32(salt),
        "datasets": datasets,
        "models": models,
        "permutation_of_0_to_15": [hex32(x) for x in permute(list(range(16)))],
        "context": hex32(context(*parts)),
        "statement": statement_bytes(statement).hex(),
        "thresholds": [{"text": t, "value": threshold(t)} for t in THRESHOLDS],
    }


def vectors_text():
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


def main():
    if sys.argv[1:] == ["--write"]:
        VECTORS.write_text(vectors_text())
    elif sys.argv[1:]:
        sys.exit(__doc__)
    elif VECTORS.read_text() != vectors_text():
        sys.exit(f"{VECTORS}: is not what {sys.argv[0]} computes")


if __name__ == "__main__":
    main()
