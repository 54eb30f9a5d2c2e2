"""The generated Solidity verifier: what it accepts and refuses, beside the C verifier, on two Ethereum virtual
machines; and that each of its rules is needed.

A check is a function of a Contract that fails when the contract misbehaves. Each is run on the contract as
generated, where it must pass, and on mutants with one rule changed, where the check for that rule must fail.
"""

import dataclasses
import itertools
import json
import math
import os
import struct
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chain as chains  # noqa: E402
import proofs  # noqa: E402
from chain import (  # noqa: E402
    Anvil,
    Machine,
    compile_solidity,
    intrinsic_gas,
    keccak256,
    selector,
    words_to_bytes,
)
from forger import KEY, Q, R, g2, no_c, prove  # noqa: E402

BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(chains.ROOT, "build")))
ZKMETRIC = os.path.join(BUILD, "zkmetric")
EC_ADD, EC_MUL, EC_PAIRING = 6, 7, 8
INVALID, VALID, MALFORMED = 0, 1, 2
PRICE = 45_000 + 5 * 34_000  # of one proof's pairing, EIP-1108
# x = 1: a point of the twist that is not in the subgroup.
OUTSIDE = [
    *(0, 1),
    0x0D1271953ED9EA0836846E70A1934187998C7F790CB4D7511B7F8DA82DE048A4,
    0x2869111D5381F072F8E2728FDB825A51AADD70E52C9830E9AB4B871C0531F1BB,
]


# ------------------------------------------------------------------ calldata and answers


def one(p):
    return selector("verify(uint256[10],uint256[6])") + words_to_bytes(p.words + p.statement)


def arrays(name, proofs, statements=None):
    words = [64, 96 + 320 * len(proofs), len(proofs), *itertools.chain(*(p.words for p in proofs))]
    words += [len(statements), *itertools.chain(*statements)]
    return selector(name + "(uint256[10][],uint256[6][])") + words_to_bytes(words)


def batch(proofs):
    return arrays("verifyBatch", proofs, [p.statement for p in proofs])


def each(proofs):
    return arrays("verifyEach", proofs, [p.statement for p in proofs])


def packed_bytes(proofs):
    first = proofs[0].statement
    return (first[0].to_bytes(32, "big") + first[3].to_bytes(6, "big")) + b"".join(
        s[2].to_bytes(4, "big") + bytes([s[4]]) + words_to_bytes([s[1], s[5], *p.words])
        for p, s in ((p, p.statement) for p in proofs)
    )


def packed(data):
    return selector("verifyPacked(bytes)") + words_to_bytes([32, len(data)]) + data + bytes(-len(data) % 32)


def precompile_failed(number):
    return selector("PrecompileFailed(uint256)") + words_to_bytes([number])


BAD_BATCH = selector("BadBatch()")


class Contract:
    """Code, deployed where it is wanted: on a node, which is fast, or on a chain of evm.cjs when there is no
    node or the precompiles are others."""

    def __init__(self, machine, code, node=None):
        self.machine, self.code, self.node, self.places = machine, code, node, {}

    def place(self, precompiles):
        if self.node and not precompiles:
            return self.node, self.node.deploy(self.code)
        chain = self.machine.chain({k[1:]: v for k, v in precompiles.items()})
        return chain, chain.deploy(self.code)["address"]

    def ask(self, data, gas=60_000_000, **precompiles):
        """{"ok", "out"}; `gas` is what the execution may use."""
        key = json.dumps(precompiles)
        if key not in self.places:
            self.places[key] = self.place(precompiles)
        place, address = self.places[key]
        return place.call(address, data, gas)

    def accepts(self, data, **more):
        answer = self.ask(data, **more)
        assert answer["ok"], answer
        assert len(answer["out"]) == 32
        return {0: False, 1: True}[int.from_bytes(answer["out"], "big")]

    def results(self, proofs, **more):
        answer = self.ask(each(proofs), **more)
        assert answer["ok"], answer
        words = [int.from_bytes(answer["out"][i : i + 32], "big") for i in range(0, len(answer["out"]), 32)]
        assert words[:2] == [32, len(proofs)] and len(words) == 2 + len(proofs)
        return words[2:]

    def reverts(self, data, **more):
        """The data of the revert."""
        answer = self.ask(data, **more)
        assert not answer["ok"], answer
        return answer["out"]


PROOFS = [prove(f"proof {i}") for i in range(7)]
GOOD = PROOFS[0]


# ------------------------------------------------------------------ checks of one proof


def check_valid(contract):
    assert contract.accepts(one(GOOD))
    assert contract.accepts(one(PROOFS[1]))


def check_invalid(contract):
    for i in range(6):
        assert not contract.accepts(one(GOOD.with_field(i, GOOD.statement[i] ^ 1)))
    for what in "abcd":
        assert not contract.accepts(one(GOOD.with_scalars(**{what: getattr(GOOD, what) + 1})))


def refuses_field(i, value):
    """A cheater with the secrets proves the statement with this value; only the range stands in the way."""

    def check(contract):
        fields = GOOD.statement[:i] + [value] + GOOD.statement[i + 1 :]
        assert not contract.accepts(one(prove("field", fields=fields)))

    return check


FIELDS = {
    "model_id below r": (0, GOOD.statement[0] + R),
    "dataset_id below r": (1, GOOD.statement[1] + R),
    "num_samples at least 1": (2, 0),
    "num_samples below 2^32": (2, 2**32),
    "threshold below 2^48": (3, 2**48),
    "verdict 0 or 1": (4, 2),
    "context below r": (5, GOOD.statement[5] + R),
}
ENDS = [(0, 0), (0, R - 1), (1, R - 1), (2, 1), (2, 2**32 - 1), (3, 0), (3, 2**48 - 1), (4, 0), (5, 0), (5, R - 1)]


def check_ends_of_ranges(contract):
    for i, value in ENDS:
        fields = GOOD.statement[:i] + [value] + GOOD.statement[i + 1 :]
        assert contract.accepts(one(prove("field", fields=fields))), (i, value)


# The equation holds with infinity in the place of one point.
INFINITE = {
    "A": prove("no A", a=0),
    "B": prove("no B", b=0),
    "C": no_c("no C"),
    "D": prove("no D", d=0),
}


def refuses_infinity(point):
    def check(contract):
        assert not contract.accepts(one(INFINITE[point]))

    return check


def refuses_cheaply(changed):
    """Refused before any precompile is called: one that is given such a point burns all gas it gets."""

    def check(contract):
        assert not contract.accepts(one(changed), gas=10_000)

    return check


COORDINATES = dict(zip(["A.x", "A.y", "B.x1", "B.x0", "B.y1", "B.y0", "C.x", "C.y", "D.x", "D.y"], range(10)))


def overflow(i):
    """The coordinate plus q; for D, in a proof for the challenge that these words give."""
    if i < 8:
        return GOOD.with_words(i, GOOD.words[i] + Q)
    words = GOOD.words[8:]
    words[i - 8] += Q
    return prove("overflow", d=GOOD.d, d_words=words)


def off_curve(i):
    return GOOD.with_words(i, (GOOD.words[i] + 1) % Q)


def half_on_twist(real):
    """B with the real part of its curve equation alone, or the imaginary part, made wrong: (k y0)(y1 / k) is
    y0 y1, and (y0 + y1) k (y0 - y1) / k is y0^2 - y1^2."""
    k, inverse = 3, pow(3, -1, Q)
    y1, y0 = GOOD.words[4:6]
    if real:
        return GOOD.with_words(4, y1 * inverse % Q, y0 * k % Q)
    plus, minus = (y0 + y1) * k, (y0 - y1) * inverse
    half = pow(2, -1, Q)
    return GOOD.with_words(4, (plus - minus) * half % Q, (plus + minus) * half % Q)


def check_outside_subgroup(contract):
    """Refused at a bounded price, whatever gas there is: that of the pairing and a quarter, that of the control
    and 30,000 for the rest."""
    bad = GOOD.with_words(2, *OUTSIDE)
    assert contract.results([bad]) == [MALFORMED]
    forwarding = 64 / 63  # of what is left, all but a 64th can be forwarded
    limit = int((PRICE * 5 / 4 + PRICE * forwarding) + 30_000)
    assert not contract.accepts(one(bad), gas=limit)


def check_public_inputs(contract):
    """A thousand statements that the C library has hashed and folded."""
    with open(os.path.join(BUILD, "contracts", "transcripts.txt")) as f:
        rows = [[int(word, 16) for word in line.split()] for line in f]
    assert len(rows) == 1000
    for row in rows:
        data = selector("publicInputs(uint256[6],uint256,uint256)") + words_to_bytes(row[7:15])
        answer = contract.ask(data)
        assert answer["ok"] and answer["out"] == words_to_bytes(row[15:17])


# ------------------------------------------------------------------ checks of gas and of precompiles


def check_starved(contract):
    """A valid proof is accepted or not judged, whatever gas the caller gives."""
    need, seen = 233_000, set()
    for gas in [*range(1_000, need, 9_973), *range(need - 6_000, need + 8_000, 397), 60_000_000]:
        answer = contract.ask(one(GOOD), gas=gas)
        seen.add("accepted" if answer["ok"] else answer["out"])
        assert not answer["ok"] or int.from_bytes(answer["out"], "big") == 1, gas
    assert seen == {"accepted", b"", precompile_failed(EC_PAIRING)}


def check_starved_outside_subgroup(contract):
    """A malformed proof is refused or not judged."""
    bad = GOOD.with_words(2, *OUTSIDE)
    answers = [contract.ask(one(bad), gas=gas) for gas in range(200_000, 560_000, 30_011)]
    assert all(not a["ok"] or int.from_bytes(a["out"], "big") == 0 for a in answers)
    assert not answers[0]["ok"] and answers[-1]["ok"]


def missing(precompile):
    def check(contract):
        error = contract.reverts(one(GOOD), **{f"_{precompile}": {"absent": True}})
        assert error == precompile_failed(precompile)

    return check


def failing(precompile):
    """It fails with gas left over."""

    def check(contract):
        error = contract.reverts(one(GOOD), **{f"_{precompile}": {"fail": True}})
        assert error == precompile_failed(precompile)

    return check


def wrong_size(precompile, size):
    def check(contract):
        answer = "0x" + (bytes(size - 1) + b"\1").hex()
        error = contract.reverts(one(GOOD), **{f"_{precompile}": {"answer": answer}})
        assert error == precompile_failed(precompile)

    return check


def check_pairing_answers_two(contract):
    answer = "0x" + words_to_bytes([2]).hex()
    assert contract.reverts(one(GOOD), _8={"answer": answer}) == precompile_failed(EC_PAIRING)


def repriced(a, b):
    """Pairings at a / b of their price: judged the same, or not judged."""

    def check(contract):
        price = {"_8": {"price": [a, b]}}
        assert contract.accepts(one(GOOD), **price)
        assert not contract.accepts(one(GOOD.with_field(5, 1)), **price)
        assert contract.results(PROOFS[:3], **price) == [VALID] * 3
        for gas in range(100_000, 1_500_000, 140_000):
            answer = contract.ask(one(GOOD), gas=gas, **price)
            assert not answer["ok"] or int.from_bytes(answer["out"], "big") == 1, gas

    return check


def check_repriced_outside_subgroup(contract):
    """On a chain where pairings cost more than was reckoned with, no verdict rather than a wrong one."""
    error = contract.reverts(one(GOOD.with_words(2, *OUTSIDE)), _8={"price": [3, 1]})
    assert error == precompile_failed(EC_PAIRING)


# ------------------------------------------------------------------ checks of batches


def check_batches(contract):
    for n in (1, 2, 7):
        assert contract.accepts(batch(PROOFS[:n]))
        assert contract.accepts(packed(packed_bytes(PROOFS[:n])))
        assert contract.results(PROOFS[:n]) == [VALID] * n


def check_one_bad(contract):
    for i in range(4):
        for wrong in (PROOFS[i].with_scalars(c=PROOFS[i].c + 1), PROOFS[i].with_field(5, 1)):
            proofs = PROOFS[:i] + [wrong] + PROOFS[i + 1 : 4]
            assert not contract.accepts(batch(proofs))
            assert not contract.accepts(packed(packed_bytes(proofs)))
        assert contract.results(proofs) == [INVALID if j == i else VALID for j in range(4)]


def check_malformed_in_batch(contract):
    for wrong in (off_curve(0), overflow(8), GOOD.with_field(2, 0), GOOD.with_words(2, *OUTSIDE)):
        for i in (0, 2):
            proofs = PROOFS[1:3]
            proofs.insert(i, wrong)
            assert not contract.accepts(batch(proofs))
            assert not contract.accepts(packed(packed_bytes(proofs)))


def check_results(contract):
    """Codes stand where the proofs do, in every mixture of good, invalid and malformed."""
    outside, invalid = GOOD.with_words(2, *OUTSIDE), GOOD.with_field(3, 1)
    for proofs, expected in (
        ([off_curve(6)], [MALFORMED]),
        ([off_curve(6), overflow(3)], [MALFORMED] * 2),
        ([off_curve(6), *PROOFS[:2]], [MALFORMED, VALID, VALID]),
        ([GOOD, off_curve(0), invalid], [VALID, MALFORMED, INVALID]),
        ([GOOD, outside, invalid], [VALID, MALFORMED, INVALID]),
        # More than a group: with the bad ones in the first, in the last, in both.
        ([invalid, *PROOFS[1:7]], [INVALID] + [VALID] * 6),
        ([*PROOFS[:6], outside], [VALID] * 6 + [MALFORMED]),
        ([off_curve(9), *PROOFS[1:7], invalid], [MALFORMED] + [VALID] * 6 + [INVALID]),
    ):
        assert contract.results(proofs) == expected


def check_bad_batches(contract):
    for data in (
        batch([]),
        each([]),
        arrays("verifyBatch", PROOFS[:2], [GOOD.statement]),
        arrays("verifyEach", PROOFS[:1], [GOOD.statement] * 2),
        packed(b""),
        packed(packed_bytes(PROOFS[:1])[:38]),
        packed(packed_bytes(PROOFS[:2])[:-1]),
        packed(packed_bytes(PROOFS[:2]) + b"\0"),
    ):
        assert contract.reverts(data) == BAD_BATCH
    # Lengths that the calldata does not hold.
    assert contract.reverts(selector("verifyPacked(bytes)") + words_to_bytes([32, 427])) == b""
    assert contract.reverts(batch(PROOFS[:2])[:-32]) == b""
    huge = words_to_bytes([64, 64, 2**64])
    assert contract.reverts(selector("verifyBatch(uint256[10][],uint256[6][])") + huge) == b""


def check_cancelling(contract):
    """Two errors that cancel in a sum without weights, in each part of a proof."""
    p, q = PROOFS[:2]
    for pair in (
        [p.with_scalars(c=p.c + 5), q.with_scalars(c=q.c - 5)],
        [q.with_scalars(c=q.c - 5), p.with_scalars(c=p.c + 5)],
    ):
        assert not contract.accepts(batch(pair))
        assert contract.results(pair) == [INVALID] * 2
    assert not contract.accepts(batch([PROOFS[2], p.with_scalars(c=p.c + 5), q.with_scalars(c=q.c - 5)]))


def item_hash(p, start, length):
    """keccak256 of part of: challenge's hash, A, B, C."""
    transcript = keccak256(KEY.digest() + words_to_bytes([*p.statement, *p.words[8:]]))
    return keccak256((transcript + words_to_bytes(p.words[:8]))[start : start + length])


def weight(hashes, j):
    return int.from_bytes(keccak256(keccak256(b"".join(hashes)) + words_to_bytes([j])), "big") >> 128


def cheat_on_weights(what, start, length, seen=2):
    """If the weights did not depend on a point, it could be chosen when they are known, so that the second
    proof's error, times its weight, cancels the first's. `seen` is the number of proofs that they depend on."""
    names = ["weights a", "weights b"]
    p, q = (prove(name, b=prove(names[0]).b, a=None if what != "b" else prove(names[0]).a) for name in names)
    if seen == 2:
        z = weight([item_hash(p, start, length), item_hash(q, start, length)], 1)
        p = p.with_scalars(**{what: getattr(p, what) + z})
        q = q.with_scalars(**{what: getattr(q, what) - 1})
    else:
        p = p.with_scalars(c=p.c + 1)
        z = weight([item_hash(p, start, length)], 1)
        q = q.with_scalars(c=q.c - pow(z, -1, R))

    def check(contract):
        assert not contract.accepts(batch([p, q]))

    return check


# ------------------------------------------------------------------ all checks, and what each is for

CHECKS = {
    "valid": check_valid,
    "invalid": check_invalid,
    "ends of ranges": check_ends_of_ranges,
    **{name: refuses_field(*field) for name, field in FIELDS.items()},
    **{f"{point} not infinity": refuses_infinity(point) for point in INFINITE},
    **{f"{name} below q": refuses_cheaply(overflow(i)) for name, i in COORDINATES.items()},
    **{f"{name} of the curve": refuses_cheaply(off_curve(i)) for name, i in COORDINATES.items()},
    "B's real equation": refuses_cheaply(half_on_twist(True)),
    "B's imaginary equation": refuses_cheaply(half_on_twist(False)),
    "outside the subgroup": check_outside_subgroup,
    "starved": check_starved,
    "starved, outside the subgroup": check_starved_outside_subgroup,
    **{f"{p} missing": missing(p) for p in (EC_ADD, EC_MUL, EC_PAIRING)},
    **{f"{p} fails": failing(p) for p in (EC_ADD, EC_MUL, EC_PAIRING)},
    "6 answers a word": wrong_size(EC_ADD, 32),
    "7 answers three words": wrong_size(EC_MUL, 96),
    "8 answers two words": wrong_size(EC_PAIRING, 64),
    "8 answers two": check_pairing_answers_two,
    "pairings dearer": repriced(3, 1),
    "pairings cheaper": repriced(1, 2),
    "pairings dearer, outside the subgroup": check_repriced_outside_subgroup,
    "batches": check_batches,
    "one bad in a batch": check_one_bad,
    "malformed in a batch": check_malformed_in_batch,
    "results": check_results,
    "bad batches": check_bad_batches,
    "errors that cancel": check_cancelling,
    "weights: A": cheat_on_weights("a", 0x60, 0xC0),
    "weights: B": cheat_on_weights("b", 0, 0x60),
    "weights: C": cheat_on_weights("c", 0, 0xE0),
    "weights: every proof": cheat_on_weights("c", 0, 0x120, seen=1),
}

# Check, what it is to be replaced, by what. Without the rule the check must fail.
GOOD_CALL = "good := and(good, eq(returndatasize(), "
MUTANTS = [
    ("model_id below r", "lt(mload(statement), R)", "1"),
    ("dataset_id below r", "lt(mload(add(statement, 0x20)), R)", "1"),
    ("num_samples at least 1", "iszero(iszero(samples))", "1"),
    ("num_samples below 2^32", "iszero(shr(32, samples))", "1"),
    ("threshold below 2^48", "iszero(shr(48, mload(add(statement, 0x60))))", "1"),
    ("verdict 0 or 1", "lt(mload(add(statement, 0x80)), 2)", "1"),
    ("context below r", "lt(mload(add(statement, 0xa0)), R)", "1"),
    ("ends of ranges", "iszero(shr(48,", "iszero(shr(47,"),
    ("ends of ranges", "iszero(shr(32, samples))", "iszero(shr(31, samples))"),
    *((f"{c} below q", old, "1") for c, old in (("A.x", "lt(x, Q)"), ("D.y", "lt(y, Q)"))),
    *((f"{c} below q", f"lt({w}, Q)", "1") for c, w in (("B.x1", "x1"), ("B.x0", "x0"), ("B.y1", "y1"), ("B.y0", "y0"))),
    ("A not infinity", "_onCurve(item + 0x140)", "true"),
    ("B not infinity", "_onTwist(item + 0x180)", "true"),
    ("C not infinity", "_onCurve(item + 0x200)", "true"),
    ("D not infinity", "_onCurve(item + 0xe0)", "true"),
    ("B's real equation", "eq(addmod(mulmod(y0, y0, Q), sub(Q, mulmod(y1, y1, Q)), Q), t0)", "1"),
    ("B's imaginary equation", "eq(mulmod(mulmod(y0, y1, Q), 2, Q), t1)", "1"),
    ("A.x of the curve", "if (!_load(items, proofAt, statementAt)) return false;", "_load(items, proofAt, statementAt);"),
    ("malformed in a batch", "if (!_load(items + j * ITEM", "if (!_load(items + j * ITEM, proofAt + j * PROOF, statementAt + j * STATEMENT) && false) return false; if (false && !_load(items + j * ITEM"),
    ("malformed in a batch", "if (!_prepare(item, source + 69))", "if (!_prepare(item, source + 69) && false)"),
    ("valid", "mstore(item, VK_DIGEST)\n            calldatacopy", "calldatacopy"),
    *(("valid", f"_putG2(slot, NEG_{name}_X1", f"_put(slot, 0, 0); _putG2(slot, NEG_{name}_X1") for name in ("BETA", "GAMMA", "DELTA", "DELTA1")),
    ("7 missing", GOOD_CALL + "0x40))\n        }\n        if (!good) revert PrecompileFailed(EC_MUL)", "}\n        if (!good) revert PrecompileFailed(EC_MUL)"),
    ("6 missing", GOOD_CALL + "0x40))\n        }\n        if (!good) revert PrecompileFailed(EC_ADD)", "}\n        if (!good) revert PrecompileFailed(EC_ADD)"),
    ("8 missing", GOOD_CALL + "0x20))\n", "\n"),
    ("7 fails", "if (!good) revert PrecompileFailed(EC_MUL);", ""),
    ("6 fails", "if (!good) revert PrecompileFailed(EC_ADD);", ""),
    ("8 fails", "if (!good || product > 1) revert PrecompileFailed(EC_PAIRING);", ""),
    ("8 answers two", "!good || product > 1", "!good"),
    ("starved", "if (gasleft() < price) revert PrecompileFailed(EC_PAIRING);", ""),
    ("outside the subgroup", "request = price + price / 4;", "request = gasleft();"),
    ("outside the subgroup", "if (good) return Result.Malformed;", ""),
    ("pairings dearer", "(good, product) = _callPairing(gasleft(), input, size);", ""),
    ("pairings dearer", "(good,) = _callPairing(request,", "(good,) = _callPairing(gasleft(),"),
    ("errors that cancel", "z := shr(128, keccak256(0x00, 0x40))", "z := 1"),
    ("errors that cancel", "mstore(0x20, j)", "mstore(0x20, 1)"),
    ("weights: A", "keccak256(add(items, 0x120), 0x120)", "keccak256(add(items, 0x180), 0xc0)"),
    ("weights: B", "keccak256(add(items, 0x120), 0x120)", "keccak256(add(items, 0x120), 0x60)"),
    ("weights: C", "keccak256(add(items, 0x120), 0x120)", "keccak256(add(items, 0x120), 0xe0)"),
    ("weights: every proof", "seed := keccak256(hashes, shl(5, n))", "seed := keccak256(hashes, 0x20)"),
    ("one bad in a batch", "z := add(z, mload(items))", "z := 1"),
    ("batches", "_sumPoints(slot, items + 0x200, n)", "_sumPoints(slot, items + 0x200, 1)"),
    ("batches", "_sumPoints(slot, items + 0xe0, n)", "_sumPoints(slot, items + 0xe0, 1)"),
    ("results", "results[indices[j]] =", "results[j] ="),
    ("results", "known ? group", "true ? group"),
    ("results", "_checkPart(items, pairs, j, 1)", "_checkPart(items, pairs, first, 1)"),
    ("bad batches", "n == 0 || n != statements.length", "n != statements.length"),
    ("bad batches", "n == 0 || n != statements.length", "n == 0"),
    ("bad batches", "length < PACKED_HEAD + PACKED_ITEM || ", ""),
    ("bad batches", " || (length - PACKED_HEAD) % PACKED_ITEM != 0", ""),
]


# ------------------------------------------------------------------ fixtures and tests


def zkmetric(*args):
    return subprocess.run([ZKMETRIC, *map(str, args)], capture_output=True, text=True)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("verifier")
    (path / "vk.zkm").write_bytes(KEY.to_bytes())
    return path


@pytest.fixture(scope="session")
def source(folder):
    """The generated contract."""
    ran = zkmetric("export", "solidity", "--key", folder / "vk.zkm", "--allow-single-party", "-o", folder / "V.sol")
    assert ran.returncode == 0, ran.stderr
    return (folder / "V.sol").read_text()


@pytest.fixture(scope="session")
def machine():
    chains.install()
    with Machine() as m:
        yield m


@pytest.fixture(scope="session")
def code(source, machine):
    return compile_solidity({"V.sol": source})["ZkmetricVerifier"]


@pytest.fixture(scope="session")
def anvil(machine):
    with Anvil() as node:
        yield node


@pytest.fixture(scope="session")
def contract(code, machine, anvil):
    return Contract(machine, code, anvil)


@pytest.mark.parametrize("name", CHECKS)
def test_check(contract, name):
    CHECKS[name](contract)


@pytest.mark.parametrize("name", ("valid", "invalid", "starved", "outside the subgroup"))
def test_check__on_another_machine(machine, code, name):
    CHECKS[name](Contract(machine, code))


@pytest.fixture(scope="session")
def mutants(source, machine):
    """Bytecode of Mutant0, Mutant1, ..., and of ZkmetricVerifier compiled like them, without optimizer."""
    sources = {"original.sol": source}
    for i, (_, old, new) in enumerate(MUTANTS):
        assert source.count(old) >= 1, f"mutant {i}: the contract has no {old!r}"
        sources[f"{i}.sol"] = source.replace(old, new).replace("contract ZkmetricVerifier", f"contract Mutant{i}")
    return compile_solidity(sources, optimizer={"enabled": False}, warnings=True)


@pytest.fixture(scope="session")
def original(mutants, machine, anvil):
    return Contract(machine, mutants["ZkmetricVerifier"], anvil)


@pytest.mark.parametrize("name", sorted({name for name, *_ in MUTANTS}))
def test_rule_is_kept(original, name):
    CHECKS[name](original)


@pytest.mark.parametrize("i", range(len(MUTANTS)), ids=lambda i: MUTANTS[i][0])
def test_rule_is_needed(mutants, machine, anvil, i):
    with pytest.raises(AssertionError):
        CHECKS[MUTANTS[i][0]](Contract(machine, mutants[f"Mutant{i}"], anvil))


# ------------------------------------------------------------------ beside the C library


def test_public_inputs_agree():
    """Compared for the key of the vectors, which KEY is."""
    with open(os.path.join(chains.ROOT, "tests", "vectors", "mirage", "vk.json")) as f:
        assert json.load(f)["vk_digest"] == "0x" + KEY.digest().hex()


def proof_json(p):
    """proof.json with these words as they are."""
    a, b, c, d = p.words[:2], p.words[2:6], p.words[6:8], p.words[8:]
    point = lambda xy: [*map(str, xy), "1"]  # noqa: E731
    fields = p.statement
    return {
        "proof": {
            "pi_a": point(a),
            "pi_b": [[str(b[1]), str(b[0])], [str(b[3]), str(b[2])], ["1", "0"]],
            "pi_c": point(c),
            "pi_d": point(d),
            **{"protocol": "groth16", "curve": "bn254", "variant": "mirage"},
        },
        "public_inputs": {
            # Ten decimals are enough for any threshold.
            "threshold": math.ceil(fields[3] * 10**10 / 2**32) / 10**10,
            "threshold_fixed": fields[3],
            "model_hash": f"0x{fields[0]:064x}",
            "num_samples": fields[2],
            "dataset_id": f"0x{fields[1]:064x}",
            "verdict": fields[4],
            "context": f"0x{fields[5]:064x}",
        },
    }


def variants():
    """(what, proof)"""
    yield from ((f"valid {i}", p) for i, p in enumerate(PROOFS[:3]))
    for i, name in enumerate(COORDINATES):
        yield f"{name} + q", overflow(i)
        yield f"{name} + 1", off_curve(i)
        yield f"{name} = 0", GOOD.with_words(i, 0)
        yield f"{name} negated", GOOD.with_words(i, Q - GOOD.words[i])
    for name, (i, value) in FIELDS.items():
        fields = GOOD.statement[:i] + [value] + GOOD.statement[i + 1 :]
        yield f"not {name}", prove("field", fields=fields)
        yield f"not {name}, proof unchanged", GOOD.with_field(i, value)
    for i, value in ENDS:
        fields = GOOD.statement[:i] + [value] + GOOD.statement[i + 1 :]
        yield f"end of range of field {i}", prove("field", fields=fields)
        yield f"another field {i}", GOOD.with_field(i, GOOD.statement[i] ^ 1)
    for point, p in INFINITE.items():
        yield f"{point} infinity", p
    yield "B outside the subgroup", GOOD.with_words(2, *OUTSIDE)
    for point in "abcd":
        yield f"another {point}", GOOD.with_scalars(**{point: getattr(GOOD, point) + 1})
    k = 0x1234567
    yield "re-randomised", GOOD.with_scalars(a=GOOD.a * k, b=GOOD.b * pow(k, -1, R))
    yield "A and C of another", GOOD.with_words(0, *PROOFS[1].words[:2])


def test_same_verdicts_as_c(contract, folder):
    """Every variant is accepted by both or by neither."""
    accepted = 0
    for what, p in variants():
        path = folder / "proof.json"
        path.write_text(json.dumps(proof_json(p)))
        ran = zkmetric("verify", "--key", folder / "vk.zkm", path)
        assert ran.returncode in (0, 1, 2), (what, ran.stderr)
        assert contract.accepts(one(p)) == (ran.returncode == 0), (what, ran.stderr)
        accepted += ran.returncode == 0
    assert accepted == 3 + len(ENDS) + 1  # and the re-randomised proof


# ------------------------------------------------------------------ a node: whole transactions


@pytest.fixture(scope="session")
def verifier(anvil, code):
    return anvil.deploy(code)


def many(n):
    return [PROOFS[i % len(PROOFS)] for i in range(n)]


def gas_used(node, verifier, data):
    """Of a whole transaction."""
    receipt = node.send(verifier, data)
    assert receipt["status"] == "0x1"
    return int(receipt["gasUsed"], 16)


def test_node__estimate_is_enough(anvil, verifier):
    """The trap of verifiers that return false when the pairing runs out of gas: the estimate then is what
    suffices for false."""
    data = one(GOOD)
    estimate = anvil.estimate(verifier, data)
    answer = anvil.call(verifier, data, estimate - intrinsic_gas(data))
    assert answer["ok"] and answer["out"] == words_to_bytes([1])
    assert gas_used(anvil, verifier, data) <= estimate


def test_node__same_gas(anvil, verifier, machine, code):
    """Two machines agree on gas."""
    other = Contract(machine, code)
    for data in (one(GOOD), batch(PROOFS[:3])):
        assert gas_used(anvil, verifier, data) == other.ask(data)["gas"] + intrinsic_gas(data)


def test_gas(anvil, verifier):
    """What docs/on-chain.md says, for whole transactions and for the execution alone."""
    runtime = anvil.ask("eth_getCode", verifier, "latest")
    report = {"bytes of code": len(runtime) // 2 - 1}
    for name, data, n in (
        ("verify", one(GOOD), 1),
        *(("verifyBatch", batch(many(n)), n) for n in (10, 50)),
        *(("verifyPacked", packed(packed_bytes(many(n))), n) for n in (10, 50)),
        *(("verifyEach", each(many(n)), n) for n in (10, 50)),
    ):
        whole = gas_used(anvil, verifier, data)
        report[name, n] = whole / n, (whole - intrinsic_gas(data)) / n
    print(report)
    assert report["bytes of code"] < 24_576
    assert report["verify", 1][0] <= 262_000
    for name in ("verifyBatch", "verifyPacked", "verifyEach"):
        assert report[name, 10][1] <= 80_000 and report[name, 50][1] <= 62_000


def test_gas_calculator(anvil, verifier):
    """zkmetric gas is within two thousandths of the node; it counts every byte of an id or point as not zero."""
    for n in (1, 2, 10, 50):
        ran = zkmetric("gas", "--chain", "other", "--gas-price", 2, "--token-price", 3, "--proofs", n, "--json")
        calls = {c["call"]: c for c in json.loads(ran.stdout)["calls"]}
        for name, data in (
            ("verify", one(GOOD)),
            ("verifyBatch", batch(many(n))),
            ("verifyEach", each(many(n))),
            ("verifyPacked", packed(packed_bytes(many(n)))),
        ):
            said, used = calls[name], gas_used(anvil, verifier, data)
            limit = 0.004 if n == 1 else 0.002
            assert abs(said["gas"] - used) < limit * used, (name, n, said["gas"], used)
            assert said["calldata_bytes"] == pytest.approx(len(data), abs=32)
            assert said["fee"] == pytest.approx(said["gas"] * 2e-9)
            assert said["cost_per_proof"] == pytest.approx(said["fee"] * 3 / said["proofs"])


def test_gas_calculator__data_fee():
    def fees(chain, *more):
        ran = zkmetric("gas", "--chain", chain, "--gas-price", 0, "--token-price", 1, *more, "--json")
        assert ran.returncode == 0, ran.stderr
        return {c["call"]: c["data_fee"] for c in json.loads(ran.stdout)["calls"]}

    size = 4 + 16 * 32 + 110
    assert fees("arbitrum", "--data-price", 2)["verify"] == pytest.approx(size * 2e-9)
    expected = 0.8365 * (size + size / 255 + 16) - 42.5856
    assert fees("base", "--data-price", 2)["verify"] == pytest.approx(expected * 2e-9)
    assert fees("ethereum")["verify"] == 0
    for arguments in (("base",), ("arbitrum",), ("ethereum", "--data-price", 1), ("nowhere",)):
        assert zkmetric("gas", "--gas-price", 1, "--token-price", 1, "--chain", *arguments).returncode == 2
    assert zkmetric("gas", "--gas-price", -1, "--token-price", 1, "--chain", "other").returncode == 2


# ------------------------------------------------------------------ self-test at deployment

LIAR = """
// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;
contract Liar {
    fallback(bytes calldata) external returns (bytes memory) { return abi.encode(%s); }
}
"""


@pytest.fixture(scope="session")
def self_test(machine):
    names = ("IZkmetricVerifier.sol", "SelfTest.sol", "ZkmetricSelfTest.sol")
    sources = {name: open(os.path.join(chains.CONTRACTS, "src", name)).read() for name in names}
    liars = {f"{v}.sol": (LIAR % v).replace("Liar", f"Liar{v}") for v in ("true", "false")}
    return compile_solidity({**sources, **liars})


def run_self_test(machine, codes, verifier, proof, precompiles=None):
    """The check that failed, None when all pass, or the revert's data when the verifier reverts."""
    chain = machine.chain(precompiles)
    address = int(chain.deploy(verifier)["address"], 16)
    answer = chain.deploy(codes["ZkmetricSelfTest"], address, *proof.words, *proof.statement)
    if "address" in answer:
        return None
    data = bytes.fromhex(answer["out"][2:])
    if data[:4] == selector("SelfTestFailed(address,uint256)"):
        return int.from_bytes(data[36:], "big")
    return data


def test_self_test(machine, self_test, code):
    assert run_self_test(machine, self_test, code, GOOD) is None
    assert run_self_test(machine, self_test, code, GOOD.with_field(5, 1)) == 1
    assert run_self_test(machine, self_test, self_test["Liartrue"], GOOD) == 2
    assert run_self_test(machine, self_test, self_test["Liarfalse"], GOOD) == 1
    for precompile in (EC_ADD, EC_MUL, EC_PAIRING):
        data = run_self_test(machine, self_test, code, GOOD, {str(precompile): {"absent": True}})
        assert data == precompile_failed(precompile)


# ------------------------------------------------------------------ the generator


def export(folder, key, *more):
    """(exit status, message), with the contract in folder/out.sol when the status is 0."""
    (folder / "key.zkm").write_bytes(key)
    out = folder / "out.sol"
    out.unlink(missing_ok=True)
    ran = zkmetric("export", "solidity", "--key", folder / "key.zkm", "-o", out, *more)
    assert out.exists() == (ran.returncode == 0)
    return ran.returncode, ran.stderr


def test_export__setups(tmp_path):
    status, error = export(tmp_path, KEY.to_bytes())
    assert status == 2 and "single-party" in error and "ceremony" in error
    assert export(tmp_path, KEY.to_bytes(), "--allow-single-party")[0] == 0
    assert "setup          single-party" in (tmp_path / "out.sol").read_text()
    assert export(tmp_path, KEY.to_bytes(setup=2, contributions=3))[0] == 0
    assert "setup          ceremony" in (tmp_path / "out.sol").read_text()
    status, error = export(tmp_path, KEY.to_bytes(setup=3))
    assert status == 2 and "another program" in error


DEGENERATE = {
    "gamma = delta": {"gamma": KEY.delta},
    "gamma = -delta": {"gamma": -KEY.delta},
    "gamma = delta1": {"gamma": KEY.delta1},
    "delta = delta1": {"delta": KEY.delta1},
    "delta = -delta1": {"delta": -KEY.delta1},
    "delta is the generator": {"delta": 1},
    "delta1 is the generator": {"delta1": 1},
    **{f"{name} is infinity": {name: 0} for name in KEY.__dataclass_fields__ if name != "circuit_digest"},
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_export__degenerate_key(tmp_path, name):
    key = dataclasses.replace(KEY, **DEGENERATE[name]).to_bytes(setup=2, contributions=1)
    status, error = export(tmp_path, key, "--allow-single-party")
    assert status == 2 and error.startswith("zkmetric export: ")


def test_export__gamma_may_be_the_generator(tmp_path):
    key = dataclasses.replace(KEY, gamma=1)
    assert export(tmp_path, key.to_bytes(setup=2, contributions=1))[0] == 0
    text = (tmp_path / "out.sol").read_text()
    for name, word in zip(("X1", "X0", "Y1", "Y0"), g2(-1)):
        assert f"NEG_GAMMA_{name} =\n        0x{word:064x};" in text


def test_export__plain_key(tmp_path):
    """Of plain Groth16: no delta1, and any number of public wires."""
    points = KEY.points()
    body = b"zkm.vk\0\0" + struct.pack(">IIIII", 1, 2, 1, 0, 2) + keccak256(b"a ceremony") + KEY.circuit_digest
    body += points[: 64 + 3 * 128] + points[64 + 4 * 128 :]
    status, error = export(tmp_path, body + keccak256(body))
    assert status == 2 and "plain Groth16" in error


def test_export__names(tmp_path, source):
    allow = "--allow-single-party"
    assert export(tmp_path, KEY.to_bytes(), allow, "--name", "Credit_Risk2")[0] == 0
    named = (tmp_path / "out.sol").read_text()
    assert named.replace("Credit_Risk2", "ZkmetricVerifier") == source
    for name in ("2x", "a-b", "a b", "x{}", "", "x" * 65, "IZkmetricVerifier"):
        assert export(tmp_path, KEY.to_bytes(), allow, "--name", name)[0] == 2
    assert zkmetric("export", "vk-json", "--key", tmp_path / "key.zkm", "--name", "x").returncode == 2


def test_export__source(contract, source):
    """One file, complete, and of this key."""
    assert "${" not in source and "import" not in source
    for function, digest in (("vkDigest()", KEY.digest()), ("circuitDigest()", KEY.circuit_digest)):
        assert contract.ask(selector(function))["out"] == digest


def test_export__via_ir(source, machine, anvil):
    """The other code generator makes a verifier that passes the same checks."""
    contract = Contract(machine, compile_solidity({"V.sol": source}, viaIR=True)["ZkmetricVerifier"], anvil)
    for name in ("valid", "invalid", "starved", "outside the subgroup", "batches", "results"):
        CHECKS[name](contract)


def test_export__calldata(folder):
    """The command's calldata is what is encoded here by hand."""

    def calldata(*proofs):
        paths = []
        for i, p in enumerate(proofs):
            paths.append(folder / f"{i}.json")
            paths[-1].write_text(json.dumps(proof_json(p)))
        ran = zkmetric("export", "calldata", *paths)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def hexes(words):
        return [f"0x{w:064x}" for w in words]

    assert calldata(GOOD) == {
        "proof": hexes(GOOD.words),
        "statement": hexes(GOOD.statement),
        "verify": "0x" + one(GOOD).hex(),
    }
    some = PROOFS[:3]
    assert calldata(*some) == {
        "proofs": [hexes(p.words) for p in some],
        "statements": [hexes(p.statement) for p in some],
        "verifyBatch": "0x" + batch(some).hex(),
        "verifyEach": "0x" + each(some).hex(),
        "verifyPacked": "0x" + packed(packed_bytes(some)).hex(),
    }
    for field in (0, 3):
        other = prove("other", fields=GOOD.statement[:field] + [7] + GOOD.statement[field + 1 :])
        assert "verifyPacked" not in calldata(GOOD, other)


def test_real_proof(tmp_path, machine, anvil):
    """A proof of the command's own prover, by way of its own calldata."""
    maker = proofs.Maker(ZKMETRIC, str(tmp_path))
    maker.keys()
    maker.commit(0)
    maker.prove("model.onnx", 0, 0.0625, 7)
    export(tmp_path, (tmp_path / "keys" / "vk.zkm").read_bytes(), "--allow-single-party")
    code = compile_solidity({"V.sol": (tmp_path / "out.sol").read_text()})["ZkmetricVerifier"]
    contract = Contract(machine, code, anvil)
    path = tmp_path / "proof.json"
    single = json.loads(maker.run("export", "calldata", str(path)))
    double = json.loads(maker.run("export", "calldata", str(path), str(path)))
    for call in (single["verify"], double["verifyBatch"], double["verifyPacked"]):
        data = bytearray.fromhex(call[2:])
        assert contract.accepts(data)
        data[len(data.rstrip(b"\0")) - 1] ^= 1  # of the context, or of D.y
        assert not contract.accepts(data)
