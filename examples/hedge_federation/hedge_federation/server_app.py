"""The aggregator's side: FedAvg, which sees what is proved."""

import dataclasses
import json
import logging
import pathlib
import time

import zkmetric
from flwr.app import Array, ArrayRecord
from flwr.serverapp import ServerApp
from flwr.serverapp.strategy import FedAvg
from zkmetric.flower import Registry, Verified, onnx_template

from hedge_federation import network
from hedge_federation.venue import FEDERATION

logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")
app = ServerApp()


class Timed(FedAvg):
    """FedAvg that notes when its rounds begin."""

    def configure_train(self, server_round, arrays, config, grid):
        self.began.append(time.time())
        return super().configure_train(server_round, arrays, config, grid)


@app.main()
def main(grid, context):
    config = context.run_config
    public = pathlib.Path(config["public"])
    venues = str(config["venues"]).split(",")
    inner = Timed(
        min_available_nodes=len(venues),
        min_train_nodes=len(venues),
        min_evaluate_nodes=len(venues),
    )
    inner.began = []
    strategy = Verified(
        inner,
        circuit=zkmetric.Circuit.read(public / "circuit.zkm"),
        key=zkmetric.VerifyingKey.read(public / "vk.zkm"),
        to_model=onnx_template(public / "model.onnx"),
        registry=Registry(public.parent / "registry.sqlite"),
        threshold=str(config["threshold"]),
        min_samples=int(config["min-samples"]),
        venues=venues,
        federation=FEDERATION,
        metrics=["rmse"],
    )
    arrays, _, _ = network.weights(public / "model.onnx")
    result = strategy.start(
        grid=grid,
        initial_arrays=ArrayRecord({k: Array(a) for k, a in arrays.items()}),
        num_rounds=int(config["rounds"]),
    )
    report = {
        "decisions": [dataclasses.asdict(d) for d in strategy.decisions],
        "began": [*inner.began, time.time()],
        "rmse": {r: dict(m)["rmse"] for r, m in result.evaluate_metrics_clientapp.items()},
    }
    (public.parent / "report.json").write_text(json.dumps(report, indent=2))
