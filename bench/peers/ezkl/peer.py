"""EZKL's side of bench-peers: one benchmark a process, so that each row has its own peak memory.

    peer.py BENCHMARK LOG2 THREADS REPEAT

BENCHMARK: setup-hedge, prove-hedge. EZKL takes all processors whatever THREADS says. Setup leaves
its files in the working folder, where prove looks for them. Weights and features are private and
not committed to, the output is public: EZKL's cheapest way.
"""

import csv
import importlib.metadata
import json
import os
import resource
import sys
import time

import ezkl

HERE = os.path.dirname(os.path.abspath(__file__))
EXAMPLE = os.path.join(HERE, "..", "..", "..", "examples", "hedge")
MODEL = os.path.join(EXAMPLE, "model.onnx")


def at(name):
    return f"ezkl-hedge.{name}"


def measure(benchmark, times, f):
    """Prints the row of the fastest of `times` calls."""
    best = None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        if not f():
            sys.exit(f"peer.py: {benchmark} failed")
        took = time.perf_counter() - wall, time.process_time() - cpu
        best = min(best or took, took)
    row = {
        "benchmark": benchmark,
        "seconds": best[0],
        "cpu_seconds": best[1],
        "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "log2": log2,
        "threads": threads,
        "peer": "ezkl",
        "version": importlib.metadata.version("ezkl"),
    }
    print(json.dumps(row), file=rows, flush=True)


def compile_model():
    with open(os.path.join(EXAMPLE, "validation.csv")) as f:
        sample = [float(x) for x in list(csv.reader(f))[1][:-1]]
    with open(at("input"), "w") as f:
        json.dump({"input_data": [sample]}, f)
    options = ezkl.PyRunArgs()
    options.variables = [("batch", 1)]
    options.input_visibility = options.param_visibility = "private"
    options.output_visibility = "public"
    ezkl.gen_settings(MODEL, at("settings"), options)
    ezkl.calibrate_settings(at("input"), MODEL, at("settings"), "resources", max_logrows=20)
    ezkl.compile_circuit(MODEL, at("circuit"), at("settings"))


def setup():
    compile_model()
    with open(at("settings")) as f:
        logrows = json.load(f)["run_args"]["logrows"]
    ezkl.gen_srs(at("srs"), logrows)  # serves every circuit, so it is not timed
    measure("setup-hedge", 1, lambda: ezkl.setup(at("circuit"), at("vk"), at("pk"), at("srs")))


def prove():
    def once():
        ezkl.gen_witness(at("input"), at("circuit"), at("witness"))
        return ezkl.prove(at("witness"), at("circuit"), at("pk"), at("proof"), at("srs"))

    measure("prove-hedge", repeat, once)
    arguments = at("proof"), at("settings"), at("vk"), at("srs")
    measure("verify-hedge", repeat, lambda: ezkl.verify(*arguments))


log2, threads, repeat = map(int, sys.argv[2:])
rows = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # EZKL's own reports must not mix with the rows
{"setup-hedge": setup, "prove-hedge": prove}[sys.argv[1]]()
