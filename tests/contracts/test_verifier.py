"""The generated Solidity verifier: what it accepts and refuses, beside the C verifier, on two Ethereum
virtual machines; that each of its rules is needed; what it costs."""

import json
import os

import chain as chains
import pytest
from chain import compile_solidity, intrinsic_gas, selector, words_to_bytes
from checks import (
    CHECKS,
    COORDINATES,
    EC_ADD,
    EC_MUL,
    EC_PAIRING,
    ENDS,
    FIELDS,
    GOOD,
    INFINITE,
    MUTANTS,
    OUTSIDE,
    PROOFS,
    Contract,
    batch,
    each,
    off_curve,
    one,
    overflow,
    packed,
    packed_bytes,
    precompile_failed,
    transcripts,
)
from forger import KEY, Q, R, prove
from tools import gas_used, many, proof_json, zkmetric


@pytest.mark.parametrize("name", CHECKS)
def test_check(contract, name):
    CHECKS[name](contract)


@pytest.mark.parametrize(
    "name", ("valid", "invalid", "public inputs", "starved", "outside the subgroup")
)
def test_check__on_another_machine(machine, code, name):
    CHECKS[name](Contract(machine, code))


@pytest.fixture(scope="session")
def mutants(source, machine):
    """Bytecode of Mutant0, Mutant1, ..., and of ZkmetricVerifier compiled like them, without optimizer."""
    sources = {"original.sol": source}
    for i, (_, old, new) in enumerate(MUTANTS):
        assert source.count(old) >= 1, f"mutant {i}: the contract has no {old!r}"
        sources[f"{i}.sol"] = source.replace(old, new).replace(
            "contract ZkmetricVerifier", f"contract Mutant{i}"
        )
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


def test_key_is_that_of_the_transcripts():
    with open(os.path.join(chains.ROOT, "tests", "vectors", "mirage", "vk.json")) as f:
        assert json.load(f)["vk_digest"] == "0x" + KEY.digest().hex()


CONTEXT = """
// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;
contract Context {
    function derive(uint256 chain, address c, bytes32 federation, uint256 round, address client, bytes32 nonce)
        external pure returns (uint256)
    {
        return uint256(keccak256(abi.encode(chain, c, federation, round, client, nonce))) & (2 ** 253 - 1);
    }
}
"""


def test_contexts(machine):
    """What docs/formats.md says of contexts, in Solidity, beside the C library."""
    contract = Contract(machine, compile_solidity({"Context.sol": CONTEXT})["Context"])
    derive = selector("derive(uint256,address,bytes32,uint256,address,bytes32)")
    for row in transcripts():
        assert contract.ask(derive + words_to_bytes(row[:6]))["out"] == words_to_bytes(row[6:7])


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
