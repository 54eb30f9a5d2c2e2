"""Proofs from Python: against the command, against the vectors, and what is refused."""

import decimal
import json
import pathlib
import pickle

import numpy as np
import pytest
import zkmetric
from helpers import CONTEXT, TOP, command, forward, network

VECTORS = json.loads((TOP / "tests" / "vectors" / "claim" / "vectors.json").read_text())


def test_a_proof_says_what_it_should(world):
    statement = zkmetric.verify(
        world.verifying_key, world.proof, model_id=world.circuit.model_id(world.model),
        dataset_id=world.dataset.dataset_id, context=CONTEXT, min_samples=8, threshold=0.5,
        require_pass=True,
    )  # fmt: skip
    assert statement == world.proof.statement
    assert statement.verdict == 1 and statement.threshold == 0.5 and statement.num_samples == 8
    assert world.verifying_key.circuit_digest == world.circuit.digest
    assert world.verifying_key.setup == "single-party"
    assert set(world.proof.timings) == {"model", "assign", "commit", "solve", "prove", "verify"}


@pytest.mark.parametrize(
    "expected, place",
    [
        ({"model_id": "0x" + "01" * 32}, "model_id"),
        ({"dataset_id": bytes(32)}, "dataset_id"),
        ({"context": "00" * 32}, "context"),
        ({"min_samples": 9}, "num_samples"),
        ({"threshold": "0.4999"}, "threshold"),
    ],
)
def test_each_expectation_refuses(world, expected, place):
    with pytest.raises(zkmetric.Rejected) as caught:
        zkmetric.verify(world.verifying_key, world.proof, **expected)
    assert caught.value.place == place and caught.value.code == 1


def test_both_verdicts(world):
    miss = zkmetric.prove(
        world.circuit, world.key, world.model, world.dataset, threshold=0.001, context=CONTEXT
    )
    assert zkmetric.verify(world.verifying_key, miss).verdict == 0
    assert miss.private_metric is None
    with pytest.raises(zkmetric.Rejected, match="verdict"):
        zkmetric.verify(world.verifying_key, miss, require_pass=True)
    with pytest.raises(zkmetric.Rejected):
        zkmetric.prove(
            world.circuit, world.key, world.model, world.dataset, threshold=0.001,
            context=CONTEXT, require_pass=True,
        )  # fmt: skip


def test_the_metric_is_what_numpy_computes_and_stays_private(world):
    found = world.circuit.evaluate(world.model, world.features, world.targets)
    proof = zkmetric.prove(
        world.circuit, world.key, world.model, world.dataset, threshold=0.3, context=CONTEXT,
        show_metric=True,
    )  # fmt: skip
    assert proof.private_metric == pytest.approx(found.integer_metric, rel=1e-12)
    exact = np.sqrt(np.mean((forward(world.model, world.features) - world.targets) ** 2))
    assert found.float_metric == pytest.approx(exact, rel=1e-6)
    assert np.allclose(found.model_outputs, forward(world.model, world.features), atol=1e-6)
    apart = np.abs(found.model_outputs - found.circuit_outputs).max()
    assert apart == found.max_abs_output_error > 0
    for text in (proof.to_json(), repr(proof), repr(pickle.dumps(proof)), proof.to_bytes().hex()):
        assert str(proof.private_metric)[:8] not in text
    assert pickle.loads(pickle.dumps(proof)).private_metric is None


def test_forms_round_trip(world, tmp_path):
    proof, data = world.proof, world.proof.to_bytes()
    assert len(data) == zkmetric.PROOF_BYTES == 352
    proof.write(tmp_path / "p.json")
    proof.write(tmp_path / "p.bin", binary=True)
    assert (tmp_path / "p.bin").read_bytes() == data
    document = json.loads(proof.to_json())
    for again in (
        zkmetric.Proof.from_bytes(data),
        zkmetric.Proof.from_bytes(bytearray(data)),
        zkmetric.Proof.from_json(proof.to_json()),
        zkmetric.Proof.from_json(document),
        zkmetric.Proof.read(tmp_path / "p.json"),
        zkmetric.Proof.read(tmp_path / "p.bin"),
        pickle.loads(pickle.dumps(proof)),
    ):
        assert again.to_bytes() == data and again.statement == proof.statement
        zkmetric.verify(world.verifying_key, again)
    calldata = proof.to_calldata()
    assert len(calldata["proof"]) == 10 and len(calldata["statement"]) == 6


def test_the_command_accepts_it_and_the_other_way_round(world, tmp_path):
    vk, circuit = world.folder / "keys" / "vk.zkm", world.folder / "circuit.zkm"
    for binary in (False, True):
        world.proof.write(tmp_path / "p", binary=binary)
        assert command("verify", "--key", vk, tmp_path / "p", "--require-pass").returncode == 0
    (tmp_path / "m.onnx").write_bytes(world.model.SerializeToString())
    world.dataset.write(tmp_path / "o")
    made = command(
        "prove", "--circuit", circuit, "--key", world.folder / "keys" / "pk.zkm", "--model",
        tmp_path / "m.onnx", "--opening", tmp_path / "o" / "opening.zkm", "--threshold", "0.5",
        "--context", CONTEXT, "-o", tmp_path / "c.json",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    by_command = zkmetric.Proof.read(tmp_path / "c.json")
    assert zkmetric.verify(world.verifying_key, by_command) == world.proof.statement


def test_every_bit_of_a_proof_counts(world):
    data = world.proof.to_bytes()
    for i in range(0, len(data), 3):
        changed = bytearray(data)
        changed[i] ^= 1 << (i % 8)
        with pytest.raises((zkmetric.Rejected, zkmetric.FormatError, zkmetric.RangeError)):
            zkmetric.verify(world.verifying_key, zkmetric.Proof.from_bytes(changed))


@pytest.mark.parametrize(
    "data", [b"", b"{", b"\x80", b"\xff" * 352, b"{}", b"[" * 5000, bytes(352)]
)
def test_what_is_no_proof(data):
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Proof.from_bytes(data)


@pytest.mark.parametrize(
    "document", [{}, {"proof": 1}, {1: 2}, {"proof": {}, "public_inputs": float("nan")}]
)
def test_what_is_no_proof_in_json(document):
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Proof.from_json(document)
    with pytest.raises(zkmetric.ArgumentError):
        zkmetric.Proof.from_json({"proof": object()})
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Proof.from_json("\ud800")


def test_batches(world):
    bad = bytearray(world.proof.to_bytes())
    bad[160 + 32 + 31] ^= 1  # of dataset_id
    bad = zkmetric.Proof.from_bytes(bad)
    good = [world.proof] * 5
    assert zkmetric.verify_batch(world.verifying_key, iter(good)) == [world.proof.statement] * 5
    assert zkmetric.verify_batch(world.verifying_key, []) == []
    with pytest.raises(zkmetric.Rejected) as caught:
        zkmetric.verify_batch(world.verifying_key, [*good[:3], bad, *good[3:]])
    assert caught.value.index == 3


def test_independent_proofs_are_read_and_belong_to_another_key(world):
    """Vectors that py_ecc made: their bytes come back, and this key refuses them."""
    for name, verdict in (("pass", 1), ("fail", 0)):
        proof = zkmetric.Proof.read(TOP / "tests" / "vectors" / "mirage" / f"{name}.json")
        assert proof.statement.verdict == verdict
        document = json.loads((TOP / "tests" / "vectors" / "mirage" / f"{name}.json").read_text())
        again = json.loads(zkmetric.Proof.from_bytes(proof.to_bytes()).to_json())
        assert again["proof"] == document["proof"]
        assert again["public_inputs"] == document["public_inputs"]
        with pytest.raises(zkmetric.Rejected, match="proof"):
            zkmetric.verify(world.verifying_key, proof)
        with pytest.raises(zkmetric.Rejected):
            zkmetric.verify(world.verifying_key, zkmetric.Proof.from_bytes(proof.to_bytes()))


@pytest.mark.parametrize("kind", ["proof", "proof_json", "vk", "schema", "onnx", "opening"])
def test_hostile_corpora(kind, tmp_path):
    readers = {
        "proof": lambda p: zkmetric.Proof.from_bytes(p.read_bytes()),
        "proof_json": lambda p: zkmetric.Proof.from_bytes(p.read_bytes()),
        "vk": lambda p: zkmetric.VerifyingKey.from_bytes(p.read_bytes()),
        "schema": zkmetric.Schema.read,
        "onnx": lambda p: zkmetric.Model(p.read_bytes()),
        "opening": zkmetric.Dataset.read,
    }
    files = sorted((TOP / "fuzz" / "corpus" / kind).iterdir())
    assert files
    for file in files:
        try:
            readers[kind](pathlib.Path(file))
        except zkmetric.Error as error:
            assert str(error) and error.remedy


@pytest.mark.parametrize("case", VECTORS["thresholds"], ids=lambda c: c["text"])
def test_thresholds_are_the_vectors(world, case):
    from zkmetric import _values

    if case["value"] is None:
        with pytest.raises(zkmetric.ArgumentError):
            _values.threshold(case["text"])
    else:
        assert _values.threshold(case["text"]) == case["value"]


@pytest.mark.parametrize(
    "value, fixed",
    [
        (0.05, 214748364),
        (np.float64(0.05), 214748364),
        (decimal.Decimal("0.05"), 214748364),
        (decimal.Decimal("5E-2"), 214748364),
        (1, 1 << 32),
        (np.int64(1), 1 << 32),
        (1e-5, 42949),
    ],
)
def test_thresholds_of_every_type(value, fixed):
    from zkmetric import _values

    assert _values.threshold(value) == fixed


@pytest.mark.parametrize(
    "value", [-1, float("nan"), float("inf"), "x", "", "0.05\0", True, None, [1], 65536, b"1"]
)
def test_what_is_no_threshold(world, value):
    with pytest.raises(zkmetric.ArgumentError):
        zkmetric.prove(
            world.circuit, world.key, world.model, world.dataset, threshold=value, context=CONTEXT
        )


@pytest.mark.parametrize(
    "value", ["", "0x", "0x" + "f" * 64, "g" * 64, b"\xff" * 32, b"1", 5, "0" * 63, "0" * 64 + "\0"]
)
def test_what_is_no_context(world, value):
    with pytest.raises(zkmetric.ArgumentError):
        zkmetric.prove(
            world.circuit, world.key, world.model, world.dataset, threshold=0.1, context=value
        )


def test_contexts_are_the_vectors():
    context = zkmetric.derive_context(
        chain_id=1,
        contract=bytes(20),
        federation=bytes(32),
        round=2,
        client=bytes(20),
        nonce=bytes(32),
    )
    assert len(context) == 66 and int(context, 16) < 1 << 253
    for wrong in (
        {"chain_id": -1},
        {"round": 1 << 64},
        {"contract": bytes(19)},
        {"nonce": "0" * 32},
    ):
        parts = {
            "chain_id": 1, "contract": bytes(20), "federation": bytes(32), "round": 2,
            "client": bytes(20), "nonce": bytes(32),
        }  # fmt: skip
        with pytest.raises(zkmetric.ArgumentError):
            zkmetric.derive_context(**{**parts, **wrong})


def test_specialise(world, tmp_path):
    key = world.key.specialise(world.model, tmp_path / "special.zkm")
    proof = zkmetric.prove(
        world.circuit, key, world.model, world.dataset, threshold=1000, context=CONTEXT
    )
    assert zkmetric.verify(world.verifying_key, proof, threshold=1000).verdict == 1
    with pytest.raises(zkmetric.MismatchError, match="another model"):
        zkmetric.prove(
            world.circuit,
            key,
            network([4, 5, 1], seed=5),
            world.dataset,
            threshold=1000,
            context=CONTEXT,
        )
    with pytest.raises(zkmetric.ArgumentError, match="already"):
        key.specialise(world.model, tmp_path / "twice.zkm")
    with pytest.raises(zkmetric.MismatchError):
        world.key.specialise(network([4, 7, 1]), tmp_path / "never.zkm")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["special.zkm"]


def test_what_does_not_belong_together(world, tmp_path):
    other = zkmetric.Circuit.compile(
        world.model, world.schema, world.features, world.targets, capacity=9, bits=8
    )
    with pytest.raises(zkmetric.MismatchError):
        zkmetric.ProvingKey(world.folder / "keys" / "pk.zkm", other)
    with pytest.raises(zkmetric.MismatchError):
        zkmetric.prove(other, world.key, world.model, world.dataset, threshold=1, context=CONTEXT)
    with pytest.raises(zkmetric.MismatchError):
        zkmetric.prove(
            world.circuit,
            world.key,
            network([4, 7, 1]),
            world.dataset,
            threshold=1,
            context=CONTEXT,
        )
    schema = zkmetric.Schema.propose(world.features, world.targets, target_names=["z"])
    dataset = zkmetric.Dataset.commit(schema, world.features, world.targets)
    with pytest.raises(zkmetric.MismatchError, match="another schema"):
        zkmetric.prove(world.circuit, world.key, world.model, dataset, threshold=1, context=CONTEXT)
    many = zkmetric.Dataset.commit(
        world.schema, np.tile(world.features, (2, 1)), np.tile(world.targets, (2, 1))
    )
    with pytest.raises(zkmetric.MismatchError, match="holds 16 samples"):
        zkmetric.prove(world.circuit, world.key, world.model, many, threshold=1, context=CONTEXT)


def test_what_is_of_another_kind(world):
    w = world
    given = {"threshold": 1, "context": CONTEXT}
    for call in (
        lambda: zkmetric.verify(w.folder / "keys" / "vk.zkm", w.proof),
        lambda: zkmetric.verify(w.verifying_key, w.proof.to_bytes()),
        lambda: zkmetric.verify_batch(None, [w.proof]),
        lambda: zkmetric.prove(w.folder / "circuit.zkm", w.key, w.model, w.dataset, **given),
        lambda: zkmetric.prove(w.circuit, w.verifying_key, w.model, w.dataset, **given),
        lambda: zkmetric.prove(w.circuit, w.key, w.model, w.features, **given),
        lambda: zkmetric.setup(w.folder / "circuit.zkm", w.folder),
        lambda: zkmetric.ProvingKey(w.folder / "keys" / "pk.zkm", w.folder / "circuit.zkm"),
        lambda: zkmetric.Circuit.compile(w.model, "schema.json", w.features, w.targets, capacity=1),
        lambda: zkmetric.Circuit.compile_files(w.model, "schema.json", "rows.csv", capacity=1),
        lambda: zkmetric.Dataset.commit("schema.json", w.features, w.targets),
        lambda: zkmetric.Dataset.commit_files("schema.json", "rows.csv"),
        lambda: w.dataset.check("schema.json", w.features, w.targets),
    ):
        with pytest.raises(
            zkmetric.ArgumentError,
            match="is no (VerifyingKey|Proof|Circuit|ProvingKey|Dataset|Schema);",
        ):
            call()
    for number in (5, 10**12, "text", None, [1]):
        with pytest.raises(zkmetric.ArgumentError, match="must be bytes"):
            zkmetric.Proof.from_bytes(number)
        with pytest.raises(zkmetric.ArgumentError, match="must be bytes"):
            zkmetric.VerifyingKey.from_bytes(number)
    with pytest.raises(zkmetric.ArgumentError, match="JSON"):
        zkmetric.Proof.from_json(b"{}")


def test_a_damaged_key_is_refused(world, tmp_path):
    data = bytearray((world.folder / "keys" / "pk.zkm").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "pk.zkm").write_bytes(data)
    with pytest.raises(zkmetric.FormatError, match="pk.zkm"):
        key = zkmetric.ProvingKey(tmp_path / "pk.zkm", world.circuit)
        zkmetric.prove(world.circuit, key, world.model, world.dataset, threshold=1, context=CONTEXT)
    vk = (world.folder / "keys" / "vk.zkm").read_bytes()
    assert zkmetric.VerifyingKey.from_bytes(vk).digest == world.verifying_key.digest
    with pytest.raises(zkmetric.FormatError):
        zkmetric.VerifyingKey.from_bytes(vk[:-1])


def test_handles_of_the_extension_keep_their_types(world):
    """A capsule of one type is no other: a wrong one is an exception, not a crash."""
    from zkmetric import _core

    with pytest.raises(ValueError):
        _core.verify(world.proof._handle, world.proof._handle, None, None, None, 0, None, False)
    with pytest.raises((TypeError, ValueError)):
        _core.proof_to_bytes(object())
    with pytest.raises(TypeError):
        _core.verify(
            world.verifying_key._handle, world.proof._handle, b"short", None, None, 0, None, False
        )
    with pytest.raises(ValueError, match="rows"):
        _core.opening_commit(world.schema._handle, [("x", bytes(8), 2, 1, None)], None)
    with pytest.raises(ValueError, match="rows"):
        _core.opening_commit(world.schema._handle, [("x", bytes(8), 1 << 62, 1 << 62, None)], None)
    with pytest.raises(ValueError):
        _core.opening_commit(world.schema._handle, [("x", bytes(8), -1, -1, None)], None)
    with pytest.raises((BufferError, TypeError)):
        _core.opening_commit(world.schema._handle, [("x", [1.0], 1, 1, None)], None)


def test_backend():
    assert zkmetric.backend() in ("portable", "adx", "fma", "ifma")
    with pytest.raises(zkmetric.ArgumentError):
        zkmetric.select_backend("abacus")
