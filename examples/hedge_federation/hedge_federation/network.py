"""The network of examples/hedge between Flower's arrays, ONNX and numpy."""

import numpy as np
import onnx
from onnx import numpy_helper


def weights(path):
    """The trainable arrays of the ONNX file, and the standardisation that stays: (weights, mean, std)."""
    tensors = {t.name: numpy_helper.to_array(t).copy() for t in onnx.load(path).graph.initializer}
    mean, std = tensors.pop("mean"), tensors.pop("std")
    return tensors, mean, std


def layers_of(arrays):
    """[(weight, bias), ...] in the order of the network."""
    depth = sorted({int(name.split(".")[1]) for name in arrays})
    return [(arrays[f"net.{i}.weight"], arrays[f"net.{i}.bias"]) for i in depth]


def predict(layers, x):
    """Every layer's activations for standardised rows, the rows first, the output last."""
    seen = [x]
    for i, (w, b) in enumerate(layers):
        z = seen[-1] @ w.T + b
        seen.append(np.maximum(z, 0) if i + 1 < len(layers) else 1 / (1 + np.exp(-z)))
    return seen


def train(arrays, x, y, epochs=3, rate=0.02, batch=64, seed=0):
    """Gradient descent on the mean squared error; new arrays."""
    arrays = {name: a.copy() for name, a in arrays.items()}
    layers = layers_of(arrays)
    rng = np.random.default_rng(seed)
    for _ in range(epochs):
        for rows in np.array_split(rng.permutation(len(x)), max(1, len(x) // batch)):
            seen = predict(layers, x[rows])
            out = seen[-1]
            dz = 2 / len(rows) * (out - y[rows]) * out * (1 - out)
            for i in range(len(layers) - 1, -1, -1):
                w, b = layers[i]
                back = dz @ w
                w -= np.float32(rate) * (dz.T @ seen[i])
                b -= np.float32(rate) * dz.sum(0)
                dz = back * (seen[i] > 0)
    return arrays


def rmse(arrays, x, y):
    """Of standardised rows."""
    return float(np.sqrt(np.mean((predict(layers_of(arrays), x)[-1] - y) ** 2)))
