#!/usr/bin/env python3
"""A second verifier of committed-round proofs, on py_ecc's curve and pairing and pycryptodome's
Keccak.

    py_verify.py vk.json proof.json        (exit status 0: accepted, 1: rejected)

It shares no line with the C library: written from docs/formats.md and docs/protocol.md alone.
Groth16 over BN254 with one committed round (Mirage, Kosba et al., USENIX Security 2020):

    c = Keccak-256(vk_digest || statement || D) mod r,    P = sum_i statement_i c^i,
    e(A, B) = e(alpha, beta) e(IC_0 + c IC_1 + P IC_2, gamma) e(D, delta1) e(C, delta).
"""

import json
import math
import re
import sys
from fractions import Fraction

from Crypto.Hash import keccak
from py_ecc import optimized_bn128 as bn

R, PRIME = bn.curve_order, bn.field_modulus
STATEMENT = ["model_id", "dataset_id", "num_samples", "threshold", "verdict", "context"]


class Rejected(Exception):
    """Why a proof or key is not accepted."""


def require(good, why):
    if not good:
        raise Rejected(why)


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


# Reading: every number canonical, every point on its curve and in its group, infinity refused.


def decimal(value, what):
    require(
        isinstance(value, str) and re.fullmatch(r"0|[1-9][0-9]{0,79}", value),
        f"{what}: not a decimal string",
    )
    require(int(value) < PRIME, f"{what}: not below the field's modulus")
    return int(value)


def hex32(value, what):
    require(
        isinstance(value, str) and re.fullmatch(r"(0x)?[0-9a-fA-F]{64}", value),
        f"{what}: not 32 bytes of hex",
    )
    return bytes.fromhex(value[-64:])


def integer(value, limit, what):
    require(type(value) is int and 0 <= value < limit, f"{what}: not an integer below {limit}")
    return value


def g1(value, what):
    require(
        isinstance(value, list) and len(value) == 3 and value[2] == "1", f'{what}: not [x, y, "1"]'
    )
    point = (bn.FQ(decimal(value[0], what)), bn.FQ(decimal(value[1], what)), bn.FQ.one())
    require(bn.is_on_curve(point, bn.b), f"{what}: not on the curve")
    return point


def g2(value, what):
    require(
        isinstance(value, list)
        and len(value) == 3
        and value[2] == ["1", "0"]
        and all(isinstance(v, list) and len(v) == 2 for v in value),
        f'{what}: not [[x0, x1], [y0, y1], ["1", "0"]]',
    )
    x, y = ([decimal(c, what) for c in v] for v in value[:2])
    point = (bn.FQ2(x), bn.FQ2(y), bn.FQ2.one())
    require(bn.is_on_curve(point, bn.b2), f"{what}: not on the twist")
    require(bn.is_inf(bn.multiply(point, R)), f"{what}: not in the subgroup of order r")
    return point


def field(data, entry, what):
    require(isinstance(data, dict) and entry in data, f"{what}: {entry} is missing")
    return data[entry]


# Canonical bytes: big-endian, x before y, c1 before c0.


def g1_bytes(point):
    return b"".join(int(v).to_bytes(32, "big") for v in bn.normalize(point))


def g2_bytes(point):
    return b"".join(
        int(v.coeffs[i]).to_bytes(32, "big") for v in bn.normalize(point) for i in (1, 0)
    )


class Key:
    """A checked verifying key; `digest` is computed from its canonical bytes."""

    def __init__(self, vk):
        require(
            field(vk, "protocol", "key") == "groth16"
            and field(vk, "curve", "key") == "bn254"
            and field(vk, "variant", "key") == "mirage",
            "key: not groth16, bn254, mirage",
        )
        self.circuit_digest = hex32(field(vk, "circuit_digest", "key"), "circuit_digest")
        self.alpha = g1(field(vk, "alpha_1", "key"), "alpha_1")
        for name in ("beta", "gamma", "delta", "delta1"):
            setattr(self, name, g2(field(vk, name + "_2", "key"), name + "_2"))
        ic = field(vk, "IC", "key")
        require(isinstance(ic, list) and len(ic) == 3, "IC: not three points")
        self.ic = [g1(p, f"IC[{i}]") for i, p in enumerate(ic)]
        for name in ("delta", "delta1"):
            require(
                not bn.eq(getattr(self, name), bn.G2),
                f"{name}_2: the generator, so its secret is known",
            )
            require(not bn.eq(getattr(self, name), self.gamma), f"{name}_2: equal to gamma_2")
        require(not bn.eq(self.delta, self.delta1), "delta1_2: equal to delta_2")
        self.digest = keccak256(
            b"zkmetric.vk.v1"
            + self.circuit_digest
            + g1_bytes(self.alpha)
            + b"".join(g2_bytes(p) for p in (self.beta, self.gamma, self.delta, self.delta1))
            + b"".join(map(g1_bytes, self.ic))
        )


# The statement, in its fixed order.


def statement(inputs):
    def get(entry):
        return field(inputs, entry, "public_inputs")

    ids = {
        entry: int.from_bytes(hex32(get(entry), entry), "big")
        for entry in ("model_hash", "dataset_id", "context")
    }
    for entry, value in ids.items():
        require(value < R, f"{entry}: not below the field's modulus")
    samples = integer(get("num_samples"), 2**32, "num_samples")
    require(samples >= 1, "num_samples: 0")
    fixed = integer(get("threshold_fixed"), 2**48, "threshold_fixed")
    told = get("threshold")
    require(
        type(told) in (int, float) and 0 <= told < 2**16, "threshold: not a number of its range"
    )
    # The rule is about the number's shortest decimal text, which is what repr gives.
    require(
        math.floor(Fraction(repr(told)) * 2**32) == fixed,
        "threshold: not the number that threshold_fixed is",
    )
    verdict = integer(get("verdict"), 2, "verdict")
    return [ids["model_hash"], ids["dataset_id"], samples, fixed, verdict, ids["context"]]


def challenge(key, fields, d):
    data = key.digest + b"".join(v.to_bytes(32, "big") for v in fields) + g1_bytes(d)
    return int.from_bytes(keccak256(data), "big") % R


def fold(fields, c):
    return sum(v * pow(c, i, R) for i, v in enumerate(fields)) % R


def final_exponentiate(f):
    """f to the power (p^12 - 1) / r. The factor p^6 - 1 costs no exponentiation: the power p^6 negates the
    odd coefficients, w^6 being in the field with p^2 elements."""
    conjugate = bn.FQ12([-c if i % 2 else c for i, c in enumerate(f.coeffs)])
    return (conjugate / f) ** ((PRIME**6 + 1) // R)


def pairings_multiply_to_one(pairs):
    product = bn.FQ12.one()
    for p, q in pairs:
        product *= bn.pairing(q, p, final_exponentiate=False)
    return final_exponentiate(product) == bn.FQ12.one()


def verify(vk, proof):
    """Takes parsed JSON; returns the statement as a dict, or raises Rejected."""
    key = Key(vk)
    require(
        hex32(field(vk, "vk_digest", "key"), "vk_digest") == key.digest,
        "vk_digest: not the digest of this key",
    )
    parts = field(proof, "proof", "proof file")
    require(
        field(parts, "protocol", "proof") == "groth16"
        and field(parts, "curve", "proof") == "bn254"
        and field(parts, "variant", "proof") == "mirage",
        "proof: not groth16, bn254, mirage",
    )
    a, c_point, d = (g1(field(parts, n, "proof"), n) for n in ("pi_a", "pi_c", "pi_d"))
    b = g2(field(parts, "pi_b", "proof"), "pi_b")
    if "vk_digest" in proof:
        require(
            hex32(proof["vk_digest"], "vk_digest") == key.digest,
            "vk_digest: the proof names another key",
        )
    fields = statement(field(proof, "public_inputs", "proof file"))
    c = challenge(key, fields, d)
    public = bn.add(
        key.ic[0], bn.add(bn.multiply(key.ic[1], c), bn.multiply(key.ic[2], fold(fields, c)))
    )
    require(
        pairings_multiply_to_one(
            [
                (bn.neg(a), b),
                (key.alpha, key.beta),
                (public, key.gamma),
                (d, key.delta1),
                (c_point, key.delta),
            ]
        ),
        "the pairing equation does not hold",
    )
    return dict(zip(STATEMENT, fields))


def main():
    if len(sys.argv) != 3:
        sys.exit("py_verify.py: give vk.json and proof.json")
    try:
        with open(sys.argv[1]) as vk, open(sys.argv[2]) as proof:
            print(json.dumps({"accepted": True, **verify(json.load(vk), json.load(proof))}))
    except Rejected as why:
        print(json.dumps({"accepted": False, "reason": str(why)}))
        sys.exit(1)


if __name__ == "__main__":
    main()
