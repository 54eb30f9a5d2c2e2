"""The drop-in client: results, the comparison of predictions, and simulations that nobody accepts."""

import json
import os

import numpy as np
import pytest
import zkmetric
from helpers import CONTEXT, command, forward, network
from zkmetric.client import KEYS_VARIABLE, EZKLProofGenerator, ProductionZKMLClient


@pytest.fixture
def keys(world, tmp_path, monkeypatch):
    """The folder that code with no word about keys finds them in."""
    os.symlink(world.folder / "circuit.zkm", tmp_path / "circuit.zkm")
    os.symlink(world.folder / "keys" / "pk.zkm", tmp_path / "pk.zkm")
    monkeypatch.setenv(KEYS_VARIABLE, str(tmp_path))


@pytest.fixture
def client(world):
    return ProductionZKMLClient(
        "venue-1", world.model, circuit=world.circuit, proving_key=world.key, dataset=world.dataset
    )


def predictions(world):
    return forward(world.model, world.features).astype(np.float32)


def test_the_call_of_the_specification(world, keys):
    client = ProductionZKMLClient(client_id="venue-1", model=world.model, use_ezkl=True)
    result = client.generate_accuracy_proof(
        model_predictions=predictions(world), actual_values=world.targets,
        validation_features=world.features, threshold=0.5,
        model_hash=world.circuit.model_id(world.model),
    )  # fmt: skip
    assert result["is_production"] is True and result["verdict"] == 1
    assert result["client_id"] == "venue-1" and result["backend"] == "zkmetric"
    assert result["public_inputs"] == result["proof"]["public_inputs"]
    assert result["public_inputs"]["threshold"] == 0.5
    assert set(result["timings"]) == {"evaluate", "commit", "prove", "total", "stages"}
    for proof in (
        zkmetric.Proof.from_json(result["proof"]), zkmetric.Proof.from_bytes(result["proof_bytes"])
    ):  # fmt: skip
        statement = zkmetric.verify(world.verifying_key, proof, require_pass=True)
        assert statement.context == zkmetric.NO_CONTEXT
    json.dumps(result["proof"])


def test_the_default_threshold_is_missed_and_that_is_proved(world, client):
    result = client.generate_accuracy_proof(None, world.targets, world.features)
    assert result["verdict"] == 0 and result["public_inputs"]["threshold"] == 0.05
    zkmetric.verify(world.verifying_key, zkmetric.Proof.from_json(result["proof"]))


def test_a_committed_dataset_is_the_one_that_is_proved(world, client):
    result = client.generate_accuracy_proof(
        predictions(world), world.targets, world.features, 0.5, context=CONTEXT
    )
    assert result["public_inputs"]["dataset_id"] == world.dataset.dataset_id
    assert result["public_inputs"]["context"] == CONTEXT
    lies = world.targets.copy()
    lies[5] += 0.25
    with pytest.raises(zkmetric.MismatchError, match="row 6 is not the committed one"):
        client.generate_accuracy_proof(None, lies, world.features, 0.5)


def test_predictions_must_be_the_circuits(world, client):
    found = world.circuit.evaluate(world.model, world.features, world.targets)
    good = [
        predictions(world), predictions(world).ravel(), found.circuit_outputs, found.model_outputs,
    ]  # fmt: skip
    for p in good:
        client.generate_accuracy_proof(p, world.targets, world.features, 0.5)
    allowed = found.max_abs_output_error
    off = found.circuit_outputs.copy()
    off[2] += 1.05 * allowed + 2e-5
    nan = predictions(world)
    nan[2] = np.nan
    for p in (off, nan, predictions(world) + 1, predictions(world)[::-1]):
        with pytest.raises(zkmetric.MismatchError, match="model_predictions: row") as caught:
            client.generate_accuracy_proof(p, world.targets, world.features, 0.5)
    assert "row 1" in caught.value.place
    with pytest.raises(zkmetric.MismatchError, match="7 rows of 1"):
        client.generate_accuracy_proof(predictions(world)[1:], world.targets, world.features, 0.5)


def test_model_hash_must_be_the_models(world, client):
    with pytest.raises(zkmetric.MismatchError, match="model_hash"):
        client.generate_accuracy_proof(
            None, world.targets, world.features, 0.5, model_hash="0x" + "00" * 32
        )
    with pytest.raises(zkmetric.ArgumentError):
        client.generate_accuracy_proof(None, world.targets, world.features, 0.5, model_hash="sha")


def unable(world):
    """Clients that cannot prove, by why."""
    unsupported = network([4, 5, 1])
    unsupported.graph.node[1].op_type = "Softmax"
    ours = {"circuit": world.circuit, "proving_key": world.key}
    return {
        "no circuit": (world.model, {}, zkmetric.NotFoundError),
        "no key": (world.model, {"circuit": world.circuit}, zkmetric.NotFoundError),
        "key not there": (world.model, {"circuit": world.circuit, "proving_key": "no.zkm"}, zkmetric.NotFoundError),
        "unsupported model": (unsupported, ours, zkmetric.UnsupportedError),
        "no backend": (world.model, {**ours, "backend": "none"}, zkmetric.UnsupportedError),
        "use_ezkl": (world.model, {**ours, "use_ezkl": False}, zkmetric.UnsupportedError),
    }  # fmt: skip


CASES = ["no circuit", "no key", "key not there", "unsupported model", "no backend", "use_ezkl"]


@pytest.mark.parametrize("case", CASES)
def test_what_cannot_be_proved_is_an_error(world, case, monkeypatch):
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    model, options, kind = unable(world)[case]
    client = ProductionZKMLClient("v", model, **options)
    with pytest.raises(kind) as caught:
        client.generate_accuracy_proof(predictions(world), world.targets, world.features, 0.5)
    assert caught.value.remedy


@pytest.mark.parametrize("case", CASES)
def test_a_simulation_is_accepted_by_nobody(world, case, monkeypatch, tmp_path):
    monkeypatch.delenv(KEYS_VARIABLE, raising=False)
    model, options, _ = unable(world)[case]
    client = ProductionZKMLClient("v", model, fallback="simulate", **options)
    result = client.generate_accuracy_proof(predictions(world), world.targets, world.features, 0.5)
    assert result["is_production"] is False and result["backend"] == "simulation"
    assert result["verdict"] == 1
    text, vk = json.dumps(result["proof"]), world.folder / "keys" / "vk.zkm"
    assert "simulated" in text
    for make in (zkmetric.Proof.from_json, lambda p: zkmetric.Proof.from_bytes(p.encode())):
        with pytest.raises(zkmetric.FormatError):
            make(text)
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Proof.from_json(result["proof"])
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Proof.from_bytes(result["proof_bytes"])
    for form in (result, result["proof"], result["proof_bytes"]):
        with pytest.raises(zkmetric.ArgumentError, match="is no Proof"):
            zkmetric.verify(world.verifying_key, form)
        with pytest.raises(zkmetric.ArgumentError, match=r"proofs\[1\]"):
            zkmetric.verify_batch(world.verifying_key, [world.proof, form])
    (tmp_path / "p.json").write_text(text)
    (tmp_path / "p.bin").write_bytes(result["proof_bytes"])
    for name in ("p.json", "p.bin"):
        for verb in ("verify", "verify-batch"):
            out = command(verb, "--key", vk, tmp_path / name)
            assert out.returncode == 2 and "accepted" not in out.stdout, out.stderr


def test_a_simulation_put_beside_real_points_is_refused(world):
    """The whole simulated object inside a real proof's JSON: readers know every key."""
    document = json.loads(world.proof.to_json())
    for change in ({"simulated": True}, {"is_production": False}):
        with pytest.raises(zkmetric.FormatError, match="not known"):
            zkmetric.Proof.from_json({**document, **change})


def test_wrong_arguments_are_errors_in_any_case(world, monkeypatch):
    with pytest.raises(zkmetric.ArgumentError):
        ProductionZKMLClient("v", world.model, fallback="quietly")
    with pytest.raises(zkmetric.ArgumentError):
        ProductionZKMLClient("v", world.model, backend="ezkl")
    client = ProductionZKMLClient(
        "v", world.model, circuit=world.circuit, proving_key=world.key, fallback="simulate"
    )
    with pytest.raises(zkmetric.MismatchError):
        client.generate_accuracy_proof(predictions(world) + 1, world.targets, world.features, 0.5)
    with pytest.raises(zkmetric.ArgumentError):
        client.generate_accuracy_proof(None, world.targets, world.features, "much")
    unable = ProductionZKMLClient("v", world.model, backend="none", fallback="simulate")
    with pytest.raises(zkmetric.MismatchError, match="7 rows of 1, where the data needs 8"):
        unable.generate_accuracy_proof(predictions(world)[1:], world.targets, world.features, 0.5)
    with pytest.raises(zkmetric.RangeError):
        client.generate_accuracy_proof(None, world.targets, world.features * 1e9, 0.5)


def test_generator_step_by_step(world, tmp_path):
    generator = EZKLProofGenerator(
        world.model.SerializeToString(), world.features, world.targets, work_dir=tmp_path / "w"
    )
    for early in (
        generator.compile_circuit,
        generator.setup_proving_keys,
        generator.generate_proof,
    ):
        with pytest.raises(zkmetric.ArgumentError, match="first"):
            early()
    assert generator.export_model_to_onnx() == tmp_path / "w" / "model.onnx"
    generator.compile_circuit(bits=16)
    generator.setup_proving_keys()
    result = generator.generate_proof(threshold=0.5)
    again = generator.generate_proof(threshold=0.5, context=CONTEXT)
    assert result["is_production"] and result["verdict"] == 1
    assert again["public_inputs"]["dataset_id"] == result["public_inputs"]["dataset_id"]
    for form in (result, result["proof"], json.dumps(result["proof"]), result["proof_bytes"]):
        assert generator.verify_proof(form) is True
        assert generator.verify_proof(form, context=CONTEXT) is False
    assert generator.verify_proof(again, context=CONTEXT, threshold=0.5, require_pass=True) is True
    assert generator.verify_proof(world.proof) is False
    for other in ({"simulated": True}, {"is_production": True}, {}, None, 5, "", b"", object()):
        assert generator.verify_proof(other) is False
    nothing = json.loads(json.dumps(result["proof"]))
    nothing["public_inputs"]["num_samples"] = 0
    assert generator.verify_proof(nothing) is False
    assert generator.verify_proof(b"\xff" * 352) is False
    with pytest.raises(zkmetric.ArgumentError):
        generator.verify_proof(result, threshold="much")
    simulated = ProductionZKMLClient("v", world.model, use_ezkl=False, fallback="simulate")
    result = simulated.generate_accuracy_proof(None, world.targets, world.features)
    assert result["verdict"] is None and generator.verify_proof(result) is False
    names = {p.name for p in (tmp_path / "w").iterdir()}
    assert names == {"model.onnx", "schema.json", "circuit.zkm", "pk.zkm", "vk.zkm", "vk.json"}
    assert command("verify", "--key", tmp_path / "w" / "vk.zkm", "--require-pass", write(
        tmp_path / "p.json", json.dumps(again["proof"])
    )).returncode == 0  # fmt: skip


def write(path, text):
    path.write_text(text)
    return path
