"""A small network with its circuit and keys, and the shipped example's rows."""

import dataclasses
import pathlib

import numpy as np
import onnx
import pytest
import zkmetric
from helpers import CONTEXT, HEDGE, forward, network


@dataclasses.dataclass
class World:
    folder: pathlib.Path
    model: onnx.ModelProto
    features: np.ndarray
    targets: np.ndarray
    schema: zkmetric.Schema
    circuit: zkmetric.Circuit
    key: zkmetric.ProvingKey
    verifying_key: zkmetric.VerifyingKey
    dataset: zkmetric.Dataset
    proof: zkmetric.Proof


@pytest.fixture(scope="session")
def world(tmp_path_factory):
    """A network 4-5-1 that is off by about 0.1, eight rows, keys, a proof that 0.5 is met."""
    folder = tmp_path_factory.mktemp("world")
    model = network([4, 5, 1])
    rng = np.random.default_rng(1)
    features = rng.uniform(-1, 1, (8, 4))
    targets = forward(model, features) + rng.normal(0, 0.1, (8, 1))
    schema = zkmetric.Schema.propose(features, targets)
    circuit = zkmetric.Circuit.compile(model, schema, features, targets, capacity=8, bits=8)
    zkmetric.setup(circuit, folder / "keys")
    circuit.write(folder / "circuit.zkm")
    key = zkmetric.ProvingKey(folder / "keys" / "pk.zkm", circuit)
    dataset = zkmetric.Dataset.commit(schema, features, targets)
    return World(
        folder, model, features, targets, schema, circuit, key,
        zkmetric.VerifyingKey.read(folder / "keys" / "vk.zkm"), dataset,
        zkmetric.prove(circuit, key, model, dataset, threshold=0.5, context=CONTEXT),
    )  # fmt: skip


@pytest.fixture(scope="session")
def hedge():
    """The shipped example's names, calibration and validation rows."""
    with open(HEDGE / "calibration.csv") as f:
        names = f.readline().strip().split(",")
    rows = {
        name: np.loadtxt(HEDGE / f"{name}.csv", delimiter=",", skiprows=1)
        for name in ("calibration", "validation")
    }
    return names, rows["calibration"], rows["validation"]
