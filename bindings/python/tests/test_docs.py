"""The Python on the pages of docs runs, block after block, on a small network."""

import re

import numpy as np
import pytest
import zkmetric
from helpers import CONTEXT, TOP, forward, network
from zkmetric.client import EZKLProofGenerator


def blocks(page):
    text = (TOP / "docs" / page).read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)


def test_python_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.onnx").write_bytes(network([6, 4, 1]).SerializeToString())
    names = {}
    for block in blocks("python.md"):
        exec(compile(block, "python.md", "exec"), names)
    assert capsys.readouterr().out.splitlines() == [names["dataset"].dataset_id, "1"]


@pytest.fixture
def federation(tmp_path, monkeypatch):
    """What stands before the page's code: a model, rows, the aggregator's folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZKMETRIC_KEYS", "")
    model = network([6, 4, 1])
    features = np.random.default_rng(4).uniform(-1, 1, (10, 6))
    predictions = forward(model, features)
    aggregator = EZKLProofGenerator(model, features, predictions)
    aggregator.export_model_to_onnx()
    circuit = aggregator.compile_circuit()
    aggregator.setup_proving_keys()
    return {
        "model": model, "features": features, "labels": predictions + 0.01, "predictions": predictions,
        "model_hash": circuit.model_id(model), "context": CONTEXT,
    }  # fmt: skip


def test_migration_page(federation):
    steps = blocks("migration.md")
    assert len(steps) == 5
    names = dict(federation)
    for i in (0, 1, 4):  # the client, the commitment, the verifier
        exec(compile(steps[i], f"migration.md, step {i + 1}", "exec"), names)
        if i == 1:
            names["registered_dataset_id"] = zkmetric.Dataset.read("opening/opening.zkm").dataset_id
    assert names["accepted"] is True
    for i in (2, 3):
        exec(compile(steps[i], f"migration.md, step {i + 1}", "exec"), dict(federation))


def test_a_simulation_is_refused_by_the_pages_verifier(federation):
    steps = blocks("migration.md")
    names = dict(federation)
    exec(compile(steps[2], "migration.md, step 3", "exec"), names)
    names["registered_dataset_id"] = "0x" + "00" * 32
    with pytest.raises(zkmetric.FormatError):
        exec(compile(steps[4], "migration.md, step 5", "exec"), names)
