"""The command's tools for chains: export solidity, export calldata, gas."""

import dataclasses
import json
import os
import re
import struct

import proofs
import pytest
from chain import CONTRACTS, compile_solidity, keccak256, selector
from checks import CHECKS, GOOD, PROOFS, Contract, batch, each, one, packed, packed_bytes
from forger import KEY, g2, prove
from tools import ZKMETRIC, gas_used, many, proof_json, zkmetric

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
    **{
        f"{name} is infinity": {name: 0}
        for name in KEY.__dataclass_fields__
        if name != "circuit_digest"
    },
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
    body = (
        b"zkm.vk\0\0"
        + struct.pack(">IIIII", 1, 2, 1, 0, 2)
        + keccak256(b"a ceremony")
        + KEY.circuit_digest
    )
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
    assert (
        zkmetric("export", "vk-json", "--key", tmp_path / "key.zkm", "--name", "x").returncode == 2
    )


def test_export__source(contract, source):
    """One file, complete, and of this key."""
    assert "${" not in source and "import" not in source
    for function, digest in (("vkDigest()", KEY.digest()), ("circuitDigest()", KEY.circuit_digest)):
        assert contract.ask(selector(function))["out"] == digest


def test_export__via_ir(source, machine, anvil):
    """The other code generator makes a verifier that passes the same checks."""
    contract = Contract(
        machine, compile_solidity({"V.sol": source}, viaIR=True)["ZkmetricVerifier"], anvil
    )
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


# ------------------------------------------------------------------ gas


def test_gas_calculator(anvil, verifier):
    """zkmetric gas is within two thousandths of the node; it counts every byte of an id or point as not zero."""
    for n in (1, 2, 10, 50):
        ran = zkmetric(
            "gas", "--chain", "other", "--gas-price", 2, "--token-price", 3, "--proofs", n, "--json"
        )
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


def test_gas_calculator__submit():
    """The application's share is what contracts/test/Gas.t.sol measures."""
    ran = zkmetric("gas", "--chain", "other", "--gas-price", 1, "--token-price", 1, "--json")
    gas = {c["call"]: c["execution_gas"] for c in json.loads(ran.stdout)["calls"]}
    with open(os.path.join(CONTRACTS, "test", "Gas.t.sol")) as f:
        measured = dict(re.findall(r"constant (\w+) = ([0-9_]+);", f.read()))
    assert gas["verify"] == int(measured["VERIFY"])
    assert gas["submit"] - gas["verify"] == int(measured["SUBMIT_ABOVE_VERIFY"])


def test_gas_calculator__data_fee():
    def fees(chain, *more):
        ran = zkmetric(
            "gas", "--chain", chain, "--gas-price", 0, "--token-price", 1, *more, "--json"
        )
        assert ran.returncode == 0, ran.stderr
        return {c["call"]: c["data_fee"] for c in json.loads(ran.stdout)["calls"]}

    size = 4 + 16 * 32 + 110
    assert fees("arbitrum", "--data-price", 2)["verify"] == pytest.approx(size * 2e-9)
    expected = 0.8365 * (size + size / 255 + 16) - 42.5856
    assert fees("base", "--data-price", 2)["verify"] == pytest.approx(expected * 2e-9)
    assert fees("ethereum")["verify"] == 0
    for arguments in (("base",), ("arbitrum",), ("ethereum", "--data-price", 1), ("nowhere",)):
        assert (
            zkmetric("gas", "--gas-price", 1, "--token-price", 1, "--chain", *arguments).returncode
            == 2
        )
    assert (
        zkmetric("gas", "--gas-price", -1, "--token-price", 1, "--chain", "other").returncode == 2
    )
