#!/usr/bin/env python3
"""Runs a venue: commits to its rows, then becomes a Flower SuperNode.

    client.py VENUE_ID HOST:PORT SOURCE [--public FOLDER] [--home FOLDER] [--validate N] [--port PORT]

HOST:PORT is the SuperLink's, SOURCE a CSV file of labelled rows, the label last. The last N rows are committed and
never trained on, the others are for training. FOLDER of --public holds what the aggregator published: model.onnx,
circuit.zkm, pk.zkm. --home keeps what is the venue's own, among it the secret opening; a commitment that is there
already is used again. --cheat is for the demonstration.
"""

import argparse
import os
import pathlib
import shutil
import sys

import numpy as np
import zkmetric
from zkmetric.flower import Prover, onnx_template

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hedge_federation import network  # noqa: E402
from hedge_federation.cheats import CHEATS  # noqa: E402


def prepare(options):
    """The venue's own folder: its rows, and the opening of its commitment."""
    home = options.home
    home.mkdir(parents=True, exist_ok=True)
    try:
        rows = np.loadtxt(options.source, delimiter=",", skiprows=1, ndmin=2)
    except ValueError as error:
        sys.exit(f"client.py: {options.source}: {error}")
    if not 0 < options.validate < len(rows):
        sys.exit(
            f"client.py: {options.source} has {len(rows)} rows, of which {options.validate} cannot be committed; "
            "give --validate from 1 to one less than there are"
        )
    train, validate = rows[: -options.validate], rows[-options.validate :]
    np.savez(
        home / "rows.npz",
        training_x=train[:, :-1], training_y=train[:, -1],
        validation_x=validate[:, :-1], validation_y=validate[:, -1],
    )  # fmt: skip
    circuit = zkmetric.Circuit.read(options.public / "circuit.zkm")
    opening = home / "opening" / "opening.zkm"
    if opening.exists():
        dataset = zkmetric.Dataset.read(opening)
        dataset.check(circuit.schema, validate[:, :-1], validate[:, -1])
    else:
        dataset = zkmetric.Dataset.commit(circuit.schema, validate[:, :-1], validate[:, -1])
        dataset.write(home / "opening")
    key = zkmetric.ProvingKey(options.public / "pk.zkm", circuit)
    to_model = onnx_template(options.public / "model.onnx")
    # What would be wrong in every message is wrong here.
    Prover(options.venue, circuit=circuit, key=key, dataset=dataset, to_model=to_model)
    print(
        f"{options.venue}: committed to {dataset.num_samples} rows: {dataset.dataset_id}",
        flush=True,
    )
    if options.cheat == "replay":  # a proof of an earlier run
        arrays, _, _ = network.weights(options.public / "model.onnx")
        old = zkmetric.prove(
            circuit, key, to_model(arrays), dataset, threshold="0.05", context=zkmetric.NO_CONTEXT
        )  # fmt: skip
        old.write(home / "last_proof.bin", binary=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("venue", metavar="VENUE_ID")
    parser.add_argument("superlink", metavar="HOST:PORT")
    parser.add_argument("source", metavar="SOURCE", type=pathlib.Path)
    parser.add_argument("--public", type=pathlib.Path, default=pathlib.Path("public"))
    parser.add_argument("--home", type=pathlib.Path)
    parser.add_argument("--validate", type=int, default=128)
    parser.add_argument("--port", type=int, default=9094)
    parser.add_argument("--cheat", choices=["none", *CHEATS], default="none")
    options = parser.parse_args()
    options.home = (options.home or pathlib.Path(options.venue)).resolve()
    options.public = options.public.resolve()
    try:
        prepare(options)
    except (zkmetric.Error, OSError) as error:
        sys.exit(f"client.py: {error}")
    node = {
        "venue": options.venue, "home": options.home, "public": options.public, "cheat": options.cheat
    }  # fmt: skip
    supernode = (
        shutil.which("flower-supernode", path=os.path.dirname(sys.executable)) or "flower-supernode"
    )
    os.execv(supernode, [
        supernode, "--insecure", "--superlink", options.superlink, "--port", str(options.port),
        "--node-config", " ".join(f'{k}="{v}"' for k, v in node.items()),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
