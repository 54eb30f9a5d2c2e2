"""Models as their makers export them: recorded exports, scikit-learn's live, PyTorch's and Keras's where installed."""

import csv
import importlib.util
import os
import pathlib
import subprocess
import sys
import types
import warnings

import numpy as np
import pytest
import zkmetric
from helpers import BUILD, CONTEXT, TOP
from zkmetric.client import EZKLProofGenerator

EXPORTS = TOP / "tests" / "vectors" / "onnx"
with open(EXPORTS / "expect.csv") as f:
    CLASSES = {row["file"]: row["class"] for row in csv.DictReader(f)}


@pytest.mark.parametrize("name", [n for n, c in CLASSES.items() if c == "now"])
def test_recorded_exports_give_what_onnxruntime_gave(name):
    model = zkmetric.Model(EXPORTS / name)
    rows = np.fromfile((EXPORTS / name).with_suffix(".rows"), "<f4")
    rows = rows.reshape(64, model.num_features + 1)
    features, outputs = rows[:, :-1], rows[:, -1]
    schema = zkmetric.Schema.propose(features, outputs)
    circuit = zkmetric.Circuit.compile(model, schema, features, outputs, capacity=1)
    found = circuit.evaluate(model, features, outputs)
    assert np.abs(found.model_outputs[:, 0] - outputs).max() < 2e-5
    assert np.abs(found.circuit_outputs - found.model_outputs).max() < 5e-3


@pytest.mark.parametrize("name", [n for n, c in CLASSES.items() if c == "later"])
def test_recorded_exports_that_cannot_be_proved_name_a_node(name):
    with pytest.raises((zkmetric.UnsupportedError, zkmetric.ArgumentError)) as caught:
        zkmetric.Model(EXPORTS / name)
    assert caught.value.place and caught.value.remedy


def estimators():
    from sklearn.linear_model import LinearRegression, Ridge
    from sklearn.neural_network import MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return {
        "linear": LinearRegression(),
        "ridge": Ridge(),
        "mlp": MLPRegressor(hidden_layer_sizes=(8, 8), max_iter=60, random_state=0),
        "tanh": MLPRegressor(
            hidden_layer_sizes=(6,), activation="tanh", max_iter=60, random_state=0
        ),
        "scaled": make_pipeline(
            StandardScaler(), MLPRegressor(hidden_layer_sizes=(8,), max_iter=60, random_state=0)
        ),
    }


@pytest.mark.parametrize("name", ["linear", "ridge", "mlp", "tanh", "scaled"])
def test_scikit_learn(name, tmp_path):
    """Trained here, exported by skl2onnx, proved, and compared with what scikit-learn predicts."""
    from skl2onnx import to_onnx

    rng = np.random.default_rng(3)
    x = rng.normal(0, 2, (200, 5)).astype(np.float32)
    y = np.tanh(x[:, 0]) + 0.3 * x[:, 1] - 0.2 * x[:, 2]
    estimator = estimators()[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        estimator.fit(x[:150], y[:150])
    model = zkmetric.Model(to_onnx(estimator, x[:1]))
    predicted = estimator.predict(x).reshape(-1, 1)
    schema = zkmetric.Schema.propose(x, y)
    circuit = zkmetric.Circuit.compile(model, schema, x[:150], y[:150], capacity=4)
    found = circuit.evaluate(model, x, y)
    assert np.abs(found.model_outputs - predicted).max() < 1e-4
    assert np.abs(found.circuit_outputs - predicted).max() < 0.02
    if name in ("mlp", "linear"):
        zkmetric.setup(circuit, tmp_path)
        key = zkmetric.ProvingKey(tmp_path / "pk.zkm", circuit)
        proof = zkmetric.prove(
            circuit, key, model, zkmetric.Dataset.commit(schema, x[150:154], y[150:154]),
            threshold=2, context=CONTEXT, show_metric=True,
        )  # fmt: skip
        vk = zkmetric.VerifyingKey.read(tmp_path / "vk.zkm")
        assert zkmetric.verify(vk, proof, model_id=circuit.model_id(model)).verdict == 1
        error = np.sqrt(np.mean((predicted[150:154, 0] - y[150:154]) ** 2))
        assert proof.private_metric == pytest.approx(error, abs=0.01)


def interpreter_with(package):
    """A Python of this machine that has the package, or None."""
    pythons = [
        os.environ.get("ZKM_TEST_PYTHON"),
        sys.executable,
        getattr(sys, "_base_executable", None),
    ]
    for python in filter(None, pythons):
        code = f"import {package}, numpy"
        if subprocess.run([python, "-c", code], capture_output=True).returncode == 0:
            return python
    return None


def run_with(package, code, tmp_path):
    """Runs code with the built wheel in an interpreter that has the package; skips where none does."""
    python = interpreter_with(package)
    if python is None:
        pytest.skip(f"{package} is not installed (tests/vectors/onnx stands in for it)")
    (wheel,) = (BUILD / "wheel").glob("zkmetric-*.whl")
    install = [
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--no-deps",
        "--target",
        tmp_path / "site",
        wheel,
    ]
    subprocess.run([str(a) for a in install], check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    out = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    assert out.returncode == 0 and out.stdout.strip().endswith("good"), out.stdout + out.stderr


TORCH = """
import numpy as np, torch, zkmetric
from zkmetric.client import EZKLProofGenerator
torch.manual_seed(0)
x = np.random.default_rng(0).normal(0, 1, (40, 6)).astype("float32")
networks = {
    "relu": torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)),
    "norm": torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.BatchNorm1d(8), torch.nn.GELU(),
                                torch.nn.Dropout(0.5), torch.nn.Linear(8, 2), torch.nn.Sigmoid()),
    "double": torch.nn.Sequential(torch.nn.Linear(6, 4), torch.nn.SiLU(), torch.nn.Linear(4, 1)).double(),
}
for name, net in networks.items():
    assert net.training
    with torch.no_grad():
        y = net.eval()(torch.tensor(x, dtype=next(net.parameters()).dtype)).numpy()
    net.train()
    schema = zkmetric.Schema.propose(x, y)
    circuit = zkmetric.Circuit.compile(net, schema, x, torch.tensor(y), capacity=1)
    assert net.training, "the mode is put back"
    found = circuit.evaluate(net, torch.tensor(x), y)
    assert np.abs(found.model_outputs - y).max() < 1e-5, name
    assert np.abs(found.circuit_outputs - y).max() < 5e-3, name
generator = EZKLProofGenerator(networks["relu"], x[:4], networks["relu"](torch.tensor(x[:4])).detach(), work_dir="w")
print(generator.export_model_to_onnx())
generator.compile_circuit(bits=12)
try:
    zkmetric.Model(torch.nn.Softmax(dim=1), num_features=4)
    raise SystemExit("softmax was taken")
except zkmetric.UnsupportedError as error:
    print(error)
try:
    zkmetric.Model(torch.nn.ReLU())
    raise SystemExit("a width was guessed")
except zkmetric.ArgumentError as error:
    print(error)
try:
    zkmetric.Schema.propose(networks["relu"](torch.tensor(x)), y)
    raise SystemExit("a tensor with a gradient was taken")
except zkmetric.ArgumentError as error:
    assert "detach" in str(error)
print("good")
"""

KERAS = """
import numpy as np, keras, zkmetric
x = np.random.default_rng(0).normal(0, 1, (40, 6)).astype("float32")
net = keras.Sequential([keras.Input((6,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
net.export("net.onnx", format="onnx", verbose=False)
y = np.asarray(net.predict(x, verbose=0))
circuit = zkmetric.Circuit.compile("net.onnx", zkmetric.Schema.propose(x, y), x, y, capacity=1)
assert np.abs(circuit.evaluate("net.onnx", x, y).model_outputs - y).max() < 1e-4
print("good")
"""


def test_torch_modules(tmp_path):
    run_with("torch", TORCH, tmp_path)


@pytest.fixture
def torch(monkeypatch):
    """Of PyTorch, what the package calls; its exporter writes the network that the module holds."""
    if importlib.util.find_spec("torch"):
        pytest.skip("torch is installed")
    torch, nn = types.ModuleType("torch"), types.ModuleType("torch.nn")

    class Module:
        __module__ = "torch.nn.modules.module"
        training, parts = True, ()

        def eval(self):
            self.training = False

        def train(self, mode):
            self.training = mode

        def modules(self):
            return [self, *self.parts]

        def parameters(self):
            return iter([types.SimpleNamespace(dtype="float64", device="cuda:1")])

    class Linear(Module):
        in_features = 4

    def export(module, args, path, **options):
        torch.seen = types.SimpleNamespace(training=module.training, args=args, options=options)
        if module.onnx is None:
            raise RuntimeError("no such operator")
        pathlib.Path(path).write_bytes(module.onnx)

    torch.zeros = lambda *shape, **options: (shape, options)
    torch.nn, nn.Module, nn.Linear = nn, Module, Linear
    torch.onnx = types.SimpleNamespace(export=export)
    monkeypatch.setitem(sys.modules, "torch", torch)
    return torch


def test_a_stand_in_for_torch(torch, world, tmp_path):
    """How the exporter is called, by every way in; torch itself is 5 GB, and a test of its own is above."""

    class Net(torch.nn.Module):
        parts, onnx = (torch.nn.Linear(),), world.model.SerializeToString()

    net = Net()
    assert world.circuit.model_id(net) == world.circuit.model_id(world.model)
    seen = torch.seen
    assert not seen.training and net.training, "exported in evaluation mode, which is put back"
    assert seen.args == (((2, 4), {"dtype": "float64", "device": "cuda:1"}),)
    assert seen.options["dynamic_axes"] == {"features": {0: "batch"}, "outputs": {0: "batch"}}
    proof = zkmetric.prove(
        world.circuit, world.key, net, world.dataset, threshold=0.5, context=CONTEXT
    )
    assert zkmetric.verify(world.verifying_key, proof) == world.proof.statement
    generator = EZKLProofGenerator(net, world.features, world.targets, work_dir=tmp_path)
    assert generator.export_model_to_onnx().read_bytes() == net.onnx
    net.parts = ()
    with pytest.raises(zkmetric.ArgumentError, match="num_features"):
        zkmetric.Model(net)
    assert zkmetric.Model(net, num_features=4).num_outputs == 1
    net.onnx = None
    with pytest.raises(zkmetric.UnsupportedError, match="no such operator"):
        zkmetric.Model(net, num_features=4)
    assert net.training


def test_keras_export(tmp_path):
    run_with("keras", KERAS, tmp_path)


def test_a_machine_without_torch_says_what_is_not_a_model():
    if importlib.util.find_spec("torch"):
        pytest.skip("torch is installed")
    with pytest.raises(zkmetric.ArgumentError, match="torch.nn.Module"):
        zkmetric.Model(pathlib.PurePath)
