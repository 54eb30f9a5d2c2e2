"""A venue's side: it trains on its own rows, and proves about those that it registered."""

import pathlib

import numpy as np
from flwr.app import Array, ArrayRecord, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from zkmetric.flower import REGISTER_ACTION, proof_mod, registration

from hedge_federation import network
from hedge_federation.venue import prover_of, rows_of

app = ClientApp(mods=[proof_mod(prover_of)])
app.query(REGISTER_ACTION)(registration(prover_of))


def standardised(context, name):
    _, mean, std = network.weights(pathlib.Path(context.node_config["public"]) / "model.onnx")
    x, y = rows_of(context, name)
    return ((x - mean) / std).astype(np.float32), y.reshape(-1, 1).astype(np.float32)


def reply(message, context, arrays, x, y):
    claimed = 10**15 if context.node_config.get("cheat") == "weight" else len(x)
    metrics = {"num-examples": claimed, "rmse": network.rmse(arrays, x, y)}
    content = RecordDict({"metrics": MetricRecord(metrics)})
    if message.metadata.message_type == "train":
        content["arrays"] = ArrayRecord({k: Array(a) for k, a in arrays.items()})
    return Message(content, reply_to=message)


@app.train()
def train(message, context):
    """A few epochs from the arrays that came."""
    arrays = {name: a.numpy() for name, a in message.content["arrays"].items()}
    x, y = standardised(context, "training")
    return reply(message, context, network.train(arrays, x, y), x, y)


@app.evaluate()
def evaluate(message, context):
    """The error of the arrays that came on the rows that are registered."""
    arrays = {name: a.numpy() for name, a in message.content["arrays"].items()}
    return reply(message, context, arrays, *standardised(context, "validation"))
