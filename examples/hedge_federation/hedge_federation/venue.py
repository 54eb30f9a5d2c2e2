"""A venue: where its data and its opening lie."""

import pathlib

import numpy as np
import zkmetric
from zkmetric.flower import Prover, Registry, onnx_template

from hedge_federation.cheats import CHEATS

FEDERATION = "hedge"


def prover_of(context):
    """The Prover of a node, by its --node-config: venue, home, public and cheat."""
    config = context.node_config
    home, public = pathlib.Path(config["home"]), pathlib.Path(config["public"])
    circuit = zkmetric.Circuit.read(public / "circuit.zkm")
    prover = CHEATS.get(config.get("cheat", "none"), Prover)(
        str(config["venue"]),
        circuit=circuit,
        key=zkmetric.ProvingKey(public / "pk.zkm", circuit),
        dataset=zkmetric.Dataset.read(home / "opening" / "opening.zkm"),
        to_model=onnx_template(public / "model.onnx"),
        registry=Registry(home / "answers.sqlite"),
        federation=FEDERATION,
    )
    prover.home = home
    return prover


def rows_of(context, name):
    """Labelled rows of the venue, "training" or "validation": features and labels."""
    with np.load(pathlib.Path(context.node_config["home"]) / "rows.npz") as rows:
        return rows[f"{name}_x"], rows[f"{name}_y"]
