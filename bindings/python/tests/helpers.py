"""What the tests share: paths, a small network in ONNX and in NumPy, the command."""

import os
import pathlib
import subprocess

import numpy as np
from onnx import TensorProto, helper, numpy_helper

TOP = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("ZKM_BUILD", TOP / "build")).resolve()
HEDGE = TOP / "examples" / "hedge"
CONTEXT = "0x0123456789abcdef" + "00" * 24


def network(widths, seed=0):
    """Dense layers with ReLU between them, as ONNX."""
    rng = np.random.default_rng(seed)
    nodes, weights, name = [], [], "features"
    for i, (k, m) in enumerate(zip(widths, widths[1:])):
        w = (rng.normal(size=(k, m)) / np.sqrt(k)).astype(np.float32)
        weights += [
            numpy_helper.from_array(w, f"w{i}"),
            numpy_helper.from_array(np.zeros(m, np.float32), f"b{i}"),
        ]
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"], [f"z{i}"], f"dense{i}"))
        name = f"z{i}"
        if i + 2 < len(widths):
            nodes.append(helper.make_node("Relu", [name], [f"h{i}"], f"relu{i}"))
            name = f"h{i}"
    shape = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("features", shape, ["n", widths[0]])],
        [helper.make_tensor_value_info(name, shape, ["n", widths[-1]])],
        weights,
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def forward(model, x):
    """The same network in NumPy."""
    w = {t.name: numpy_helper.to_array(t).astype(float) for t in model.graph.initializer}
    layers = len(w) // 2
    for i in range(layers):
        x = x @ w[f"w{i}"] + w[f"b{i}"]
        x = np.maximum(x, 0) if i + 1 < layers else x
    return x


def command(*arguments):
    """The zkmetric command of the same build."""
    return subprocess.run(
        [str(BUILD / "zkmetric"), *map(str, arguments)], capture_output=True, text=True
    )
