#!/usr/bin/env python3
"""Makes the files of this folder again: the training data, two rounds of weights, the ONNX files,
the CSVs.

python make.py [FOLDER]        (FOLDER: where to write; by default this one)
"""

import csv
import os
import sys
import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import market
import network

SEED_TRAINING, SEED_WEIGHTS, SEED_VALIDATION, SEED_CALIBRATION, SEED_ROUND2 = 1, 2, 3, 4, 5
TRAINING_ROWS, ROUND2_ROWS, VALIDATION_ROWS, CALIBRATION_ROWS = 100_000, 50_000, 1_000, 256


def export(layers, mean, std, path):
    """Writes the network as PyTorch's exporter does, so that it takes raw units."""
    nodes = [
        helper.make_node("Sub", ["input", "mean"], ["/Sub_output_0"], name="/Sub"),
        helper.make_node("Div", ["/Sub_output_0", "std"], ["/Div_output_0"], name="/Div"),
    ]
    weights = [numpy_helper.from_array(mean, "mean"), numpy_helper.from_array(std, "std")]
    value = "/Div_output_0"
    for i, (w, b) in enumerate(layers):
        last = i + 1 == len(layers)
        at, act = f"net.{2 * i}", "Sigmoid" if last else "Relu"
        gemm, out = f"/net/{2 * i}/Gemm", (
            market.TARGET if last else f"/net/{2 * i + 1}/{act}_output_0"
        )
        nodes.append(
            helper.make_node(
                "Gemm",
                [value, at + ".weight", at + ".bias"],
                [gemm + "_output_0"],
                name=gemm,
                alpha=1.0,
                beta=1.0,
                transB=1,
            )
        )
        nodes.append(
            helper.make_node(act, [gemm + "_output_0"], [out], name=f"/net/{2 * i + 1}/{act}")
        )
        weights += [
            numpy_helper.from_array(w, at + ".weight"),
            numpy_helper.from_array(b, at + ".bias"),
        ]
        value = out
    graph = helper.make_graph(
        nodes,
        "main_graph",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["batch", network.WIDTHS[0]])],
        [helper.make_tensor_value_info(market.TARGET, TensorProto.FLOAT, ["batch", 1])],
        weights,
    )
    model = helper.make_model(
        graph,
        producer_name="zkmetric-hedge-example",
        ir_version=8,
        opset_imports=[helper.make_opsetid("", 17)],
    )
    onnx.checker.check_model(model)
    onnx.save(model, path)


def write_rows(path, x, y):
    decimals = [c[3] for c in market.COLUMNS] + [market.TARGET_DECIMALS]
    with open(path, "w", newline="") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow(market.FEATURES + [market.TARGET])
        for row in np.column_stack([x, y]):
            # Adding 0.0 turns a rounded -0.0 into 0.0.
            rows.writerow(
                [f"{v + 0.0:.{d}f}".rstrip("0").rstrip(".") for v, d in zip(row, decimals)]
            )


def read_rows(path):
    rows = np.loadtxt(path, delimiter=",", skiprows=1)
    return rows[:, :-1], rows[:, -1:]


def check_calibration(x, seen):
    """Scales come from the calibration rows: no column may reach the next power of two later."""
    for name, low, high in zip(market.FEATURES, np.abs(seen).max(0), np.abs(x).max(0)):
        if np.ceil(np.log2(high)) > np.ceil(np.log2(low)):
            raise SystemExit(
                f"{name}: validation reaches {high}, calibration only {low}; choose other seeds"
            )


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    start = time.time()

    def say(text):
        print(f"{time.time() - start:6.1f} s  {text}", flush=True)

    def path(name):
        return os.path.join(folder, name)

    x, y = market.simulate(TRAINING_ROWS, SEED_TRAINING)
    mean, std = x.mean(0).astype(np.float32), x.std(0).astype(np.float32)

    def ready(a):
        return (a.astype(np.float32) - mean) / std

    say(f"{len(x)} training rows")
    for name, rows, seed in (
        ("validation", VALIDATION_ROWS, SEED_VALIDATION),
        ("calibration", CALIBRATION_ROWS, SEED_CALIBRATION),
    ):
        write_rows(path(name + ".csv"), *market.simulate(rows, seed))
    xv, yv = read_rows(path("validation.csv"))
    check_calibration(xv, read_rows(path("calibration.csv"))[0])

    def told(layers, name):
        export(layers, mean, std, path(name))
        answer = ReferenceEvaluator(path(name)).run(None, {"input": xv.astype(np.float32)})[0]
        from_file = float(np.sqrt(np.mean((answer.astype(np.float64) - yv) ** 2)))
        own = network.rmse(layers, ready(xv), yv)
        if abs(from_file - own) > 1e-6:
            raise SystemExit(f"{name}: RMSE {from_file} by onnx's evaluator, {own} by numpy")
        say(f"{name}: RMSE {own:.6f} on validation.csv")

    def progress(epoch, epochs, layers):
        if epoch % 5 == 0:
            error = network.rmse(layers, ready(x[:10000]), y[:10000, None])
            say(f"epoch {epoch} of {epochs}: RMSE {error:.5f} on training rows")

    rng = np.random.default_rng(SEED_WEIGHTS)
    first = network.train(
        network.initial(rng), ready(x), y[:, None].astype(np.float32), 40, rng, report=progress
    )
    told(first, "model.onnx")
    x2, y2 = market.simulate(ROUND2_ROWS, SEED_ROUND2)
    second = network.train(
        first, ready(x2), y2[:, None].astype(np.float32), 10, rng, rate=5e-4, report=progress
    )
    told(second, "model_round2.onnx")


if __name__ == "__main__":
    main()
