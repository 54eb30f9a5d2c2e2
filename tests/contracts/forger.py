"""A verifying key whose secrets are known, and whatever proofs its owner likes.

With the secrets, C can be solved for in the verification equation, so every other part of a proof, and every
word of its statement, is free: also those that a verifier has to refuse. Points and scalars are py_ecc's.
"""

import functools
import os
import struct
import sys
from dataclasses import dataclass, replace

from chain import ROOT, keccak256, words_to_bytes
from py_ecc import optimized_bn128 as bn

sys.path.insert(0, os.path.join(ROOT, "tests", "independent"))
import simulate  # noqa: E402

Q, R = bn.field_modulus, bn.curve_order
DIGEST_TAG = b"zkmetric.vk.v1"


def g1(k):
    """The words x, y of k times the generator; infinity is (0, 0)."""
    k %= R
    return [int(v) for v in bn.normalize(bn.multiply(bn.G1, k))] if k else [0, 0]


def g2(k):
    """The words x1, x0, y1, y0."""
    k %= R
    if not k:
        return [0, 0, 0, 0]
    return [int(v.coeffs[i]) for v in bn.normalize(bn.multiply(bn.G2, k)) for i in (1, 0)]


@dataclass(frozen=True)
class Key:
    """Scalars of the key's points."""

    alpha: int
    beta: int
    gamma: int
    delta: int
    delta1: int
    ic0: int
    ic1: int
    ic2: int
    circuit_digest: bytes = keccak256(b"zkmetric simulated circuit")

    def points(self):
        g2s = [w for k in (self.beta, self.gamma, self.delta, self.delta1) for w in g2(k)]
        ic = [w for k in (self.ic0, self.ic1, self.ic2) for w in g1(k)]
        return words_to_bytes([*g1(self.alpha), *g2s, *ic])

    @functools.cache
    def digest(self):
        return keccak256(DIGEST_TAG + self.circuit_digest + self.points())

    def to_bytes(self, setup=1, contributions=0):
        """vk.zkm; setup 1 is single-party, 2 a ceremony, 3 foreign."""
        transcript = keccak256(b"a ceremony") if setup == 2 else bytes(32)
        head = b"zkm.vk\0\0" + struct.pack(">IIIII", 1, setup, contributions, 1, 2) + transcript
        body = head + self.circuit_digest + self.points()
        return body + keccak256(body)


KEY = Key(**{name: simulate.draw(name) for name in simulate.SECRETS})


@dataclass
class Proof:
    """`words` (ten) and `statement` (six) are what a contract is given; the rest are their scalars."""

    words: list
    statement: list
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0

    def with_words(self, first, *words):
        """Some of the ten words changed, whatever they mean."""
        return replace(
            self, words=self.words[:first] + list(words) + self.words[first + len(words) :]
        )

    def with_field(self, i, value):
        """A field of the statement changed, but not the proof."""
        return replace(self, statement=self.statement[:i] + [value] + self.statement[i + 1 :])

    def with_scalars(self, **scalars):
        """Points changed, but C not solved for again."""
        p = replace(self, **scalars)
        p.words = [*g1(p.a), *g2(p.b), *g1(p.c), *g1(p.d)]
        return p


def statement(name, **fields):
    """Six fields drawn from a name, or given."""
    drawn = {
        "model_id": simulate.draw("model") % 2**253,
        "dataset_id": simulate.draw(name + " dataset") % 2**253,
        "num_samples": 1000,
        "threshold": int(0.05 * 2**32),
        "verdict": 1,
        "context": simulate.draw(name + " context") % 2**253,
    }
    return list({**drawn, **fields}.values())


def public_inputs(fields, d_words, key=KEY):
    """c and P."""
    data = key.digest() + words_to_bytes([*fields, *d_words])
    c = int.from_bytes(keccak256(data), "big") % R
    return c, sum(v * pow(c, i, R) for i, v in enumerate(fields)) % R


def rest(proof, key=KEY):
    """What the equation lacks without C: the proof is valid when this is delta times C's scalar."""
    c, p = public_inputs(proof.statement, proof.words[8:], key)
    public = key.ic0 + c * key.ic1 + p * key.ic2
    return proof.a * proof.b - key.alpha * key.beta - public * key.gamma - proof.d * key.delta1


def prove(name, key=KEY, fields=None, a=None, b=None, d=None, d_words=None):
    """A proof that solves the equation. Scalars are drawn from the name, or given; `d_words`, when given,
    stand for D in the proof and in the challenge. Infinity in C's place takes another way: see no_c."""
    a, b, d = (
        simulate.draw(f"{name} {what}") if given is None else given
        for what, given in (("a", a), ("b", b), ("d", d))
    )
    proof = Proof(
        [*g1(a), *g2(b), 0, 0, *(d_words or g1(d))], fields or statement(name), a, b, 0, d
    )
    proof.c = rest(proof, key) * pow(key.delta, -1, R) % R
    return proof.with_words(6, *g1(proof.c))


def no_c(name, key=KEY):
    """A proof that solves the equation with infinity in C's place: A is solved for instead."""
    proof = prove(name, key, a=0)
    a = -rest(proof, key) * pow(proof.b, -1, R) % R
    return replace(proof, a=a, c=0).with_words(0, *g1(a)).with_words(6, 0, 0)
