"""What the verifying contract must do. A check is a function of a Contract that fails when the contract
misbehaves; MUTANTS names for each rule of the contract the check that fails without it."""

import itertools
import json
import os

import chain as chains
from chain import keccak256, selector, words_to_bytes
from forger import KEY, Q, R, no_c, prove

BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(chains.ROOT, "build")))
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
    return (
        selector("verifyPacked(bytes)")
        + words_to_bytes([32, len(data)])
        + data
        + bytes(-len(data) % 32)
    )


def precompile_failed(number):
    return selector("PrecompileFailed(uint256)") + words_to_bytes([number])


BAD_BATCH = selector("BadBatch()")


class Contract:
    """Code, deployed where it is wanted: on a node, which is fast, or on a chain of evm.mjs when there is no
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
        words = [
            int.from_bytes(answer["out"][i : i + 32], "big")
            for i in range(0, len(answer["out"]), 32)
        ]
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
ENDS = [
    (0, 0),
    (0, R - 1),
    (1, R - 1),
    (2, 1),
    (2, 2**32 - 1),
    (3, 0),
    (3, 2**48 - 1),
    (4, 0),
    (5, 0),
    (5, R - 1),
]


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


COORDINATES = dict(
    zip(["A.x", "A.y", "B.x1", "B.x0", "B.y1", "B.y0", "C.x", "C.y", "D.x", "D.y"], range(10))
)


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


def transcripts():
    """A thousand random statements that the C library has hashed and folded (test_transcript.c)."""
    with open(os.path.join(BUILD, "contracts", "transcripts.txt")) as f:
        rows = [[int(word, 16) for word in line.split()] for line in f]
    assert len(rows) == 1000
    return rows


def check_public_inputs(contract):
    for row in transcripts():
        call = selector("publicInputs(uint256[6],uint256,uint256)") + words_to_bytes(row[7:15])
        answer = contract.ask(call)
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
    assert not contract.accepts(
        batch([PROOFS[2], p.with_scalars(c=p.c + 5), q.with_scalars(c=q.c - 5)])
    )


def item_hash(p, start, length):
    """keccak256 of part of: challenge's hash, A, B, C."""
    transcript = keccak256(KEY.digest() + words_to_bytes([*p.statement, *p.words[8:]]))
    return keccak256((transcript + words_to_bytes(p.words[:8]))[start : start + length])


def weight(hashes, j):
    return (
        int.from_bytes(keccak256(keccak256(b"".join(hashes)) + words_to_bytes([j])), "big") >> 128
    )


def cheat_on_weights(what, start, length, seen=2):
    """If the weights did not depend on a point, it could be chosen when they are known, so that the second
    proof's error, times its weight, cancels the first's. `seen` is the number of proofs that they depend on."""
    names = ["weights a", "weights b"]
    p, q = (
        prove(name, b=prove(names[0]).b, a=None if what != "b" else prove(names[0]).a)
        for name in names
    )
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
    "public inputs": check_public_inputs,
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
    ("public inputs", "mload(add(statement, 0x60)), R)", "mload(add(statement, 0x40)), R)"),
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
    *(
        (f"{c} below q", f"lt({w}, Q)", "1")
        for c, w in (("B.x1", "x1"), ("B.x0", "x0"), ("B.y1", "y1"), ("B.y0", "y0"))
    ),
    ("A not infinity", "_onCurve(item + 0x140)", "true"),
    ("B not infinity", "_onTwist(item + 0x180)", "true"),
    ("C not infinity", "_onCurve(item + 0x200)", "true"),
    ("D not infinity", "_onCurve(item + 0xe0)", "true"),
    ("B's real equation", "eq(addmod(mulmod(y0, y0, Q), sub(Q, mulmod(y1, y1, Q)), Q), t0)", "1"),
    ("B's imaginary equation", "eq(mulmod(mulmod(y0, y1, Q), 2, Q), t1)", "1"),
    (
        "A.x of the curve",
        "if (!_load(items, proofAt, statementAt)) return false;",
        "_load(items, proofAt, statementAt);",
    ),
    (
        "malformed in a batch",
        "if (!_load(items + j * ITEM",
        "if (!_load(items + j * ITEM, proofAt + j * PROOF, statementAt + j * STATEMENT) && false) return false; if (false && !_load(items + j * ITEM",
    ),
    (
        "malformed in a batch",
        "if (!_prepare(item, source + 69))",
        "if (!_prepare(item, source + 69) && false)",
    ),
    ("valid", "mstore(item, VK_DIGEST)\n            calldatacopy", "calldatacopy"),
    *(
        ("valid", f"_putG2(slot, NEG_{name}_X1", f"_put(slot, 0, 0); _putG2(slot, NEG_{name}_X1")
        for name in ("BETA", "GAMMA", "DELTA", "DELTA1")
    ),
    (
        "7 missing",
        GOOD_CALL + "0x40))\n        }\n        if (!good) revert PrecompileFailed(EC_MUL)",
        "}\n        if (!good) revert PrecompileFailed(EC_MUL)",
    ),
    (
        "6 missing",
        GOOD_CALL + "0x40))\n        }\n        if (!good) revert PrecompileFailed(EC_ADD)",
        "}\n        if (!good) revert PrecompileFailed(EC_ADD)",
    ),
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
    (
        "weights: every proof",
        "seed := keccak256(hashes, shl(5, n))",
        "seed := keccak256(hashes, 0x20)",
    ),
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
