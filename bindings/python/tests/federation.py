"""A federation without processes, and what the tests of the Flower adapter do with it."""

import itertools
import types

import numpy as np
import pytest
import zkmetric
from helpers import network

flwr = pytest.importorskip("flwr")

from flwr.app import (  # noqa: E402
    Array,
    ArrayRecord,
    ConfigRecord,
    Context,
    Message,
    MetricRecord,
    RecordDict,
)
from flwr.serverapp.strategy import FedAvg  # noqa: E402
from flwr.supercore.task_identity import TaskIdentity  # noqa: E402
from zkmetric.flower import (  # noqa: E402
    Prover,
    Registry,
    Verified,
    onnx_template,
    proof_mod,
    protocol,
)

RUN, THRESHOLD = 77, 0.5
FEW = {"min_train_nodes": 1, "min_evaluate_nodes": 1, "min_available_nodes": 1}


@pytest.fixture(autouse=True)
def identity():
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 1, RUN, 1


def weights(seed=0):
    return {t.name: np.array(a) for t, a in initializers(network([4, 5, 1], seed))}


def initializers(model):
    from onnx import numpy_helper

    return [(t, numpy_helper.to_array(t)) for t in model.graph.initializer]


def record(arrays):
    return ArrayRecord({name: Array(np.asarray(a)) for name, a in arrays.items()})


class Federation:
    """An aggregator and venues whose messages are carried by hand. Venue i is node 100 + i."""

    def __init__(self, world, datasets, venues=3, inner=None, **options):
        self.world, self.datasets = world, datasets
        self.to_model = onnx_template(world.model)
        self.registry = Registry(":memory:")
        settings = {
            "circuit": world.circuit, "key": world.verifying_key, "to_model": self.to_model,
            "registry": self.registry, "threshold": THRESHOLD, "min_samples": 4, "federation": "f",
        }  # fmt: skip
        self.strategy = Verified(
            inner or FedAvg(**FEW),
            **{**settings, **options},
        )
        self.venues = {100 + i: self.venue(f"venue-{i}", rows=8 - i) for i in range(venues)}
        self.mods = {node: proof_mod(prover) for node, prover in self.venues.items()}
        self.claims = {"num-examples": 10**15, "loss": 0.5}
        self.honest = weights()

    def venue(self, name, rows=8, **options):
        w, place = self.world, (name, rows)
        if place not in self.datasets:
            self.datasets[place] = zkmetric.Dataset.commit(
                w.schema, w.features[:rows], w.targets[:rows]
            )
        return Prover(
            name, circuit=w.circuit, key=w.key, dataset=self.datasets[place], to_model=self.to_model,
            federation="f", threads=1, **options,
        )  # fmt: skip

    # The interface of a Grid that the strategies use.
    def get_node_ids(self):
        return list(self.venues)

    def send_and_receive(self, messages, timeout=None):
        return [self.deliver(m) for m in messages]

    def deliver(self, message, app=None):
        node = message.metadata.dst_node_id
        context = Context(RUN, node, {}, RecordDict(), {})
        return self.mods[node](message, context, app or self.app)

    def app(self, message, context):
        """Trains by adding the node's number to every weight."""
        arrays = {k: v.numpy() + context.node_id for k, v in message.content["arrays"].items()}
        content = {"metrics": MetricRecord(self.claims)}
        if message.metadata.message_type == "train":
            content["arrays"] = record(arrays)
        return Message(RecordDict(content), reply_to=message)

    def ask(self, round=1, phase="train", arrays=None):
        configure = getattr(self.strategy, f"configure_{phase}")
        messages = configure(round, record(arrays or self.honest), ConfigRecord(), self)
        return sorted(messages, key=lambda m: m.metadata.dst_node_id)

    def replies(self, round=1, phase="train"):
        return [self.deliver(m) for m in self.ask(round, phase)]

    def train(self, replies, round=1):
        return self.strategy.aggregate_train(round, replies)

    def reasons(self):
        return {d.venue: d.reason for d in self.strategy.decisions if not d.accepted}

    def accepted(self):
        return [d.venue for d in self.strategy.decisions if d.accepted]


@pytest.fixture(scope="session")
def proofs():
    """Proofs that were made, by their statement: nonces and salts come again, so that few have to be made."""
    return {}


@pytest.fixture(scope="session")
def datasets():
    return {}


@pytest.fixture
def make(world, proofs, datasets, monkeypatch):
    def once(circuit, key, model, dataset, *, threshold, context, threads=0):
        name = (dataset.dataset_id, circuit.model_id(model), threshold, context)
        if name not in proofs:
            proofs[name] = zkmetric.prove(
                circuit, key, model, dataset, threshold=threshold, context=context
            )
        return proofs[name]

    def new(**options):
        nonces = itertools.count(1)
        monkeypatch.setattr(protocol, "os", types.SimpleNamespace(
            urandom=lambda n: next(nonces).to_bytes(n, "big")
        ))  # fmt: skip
        return Federation(world, datasets, **options)

    monkeypatch.setattr(protocol, "prove", once)
    return new


def fields(**changes):
    base = {"round": 1, "threshold": int(THRESHOLD * 2**32), "nonce": bytes(32)}
    return {**base, **changes}


def refused(f, replies, words, venue="venue-0", round=1):
    """Exactly this venue is refused, for this reason, and the others are aggregated."""
    arrays, _ = f.train(replies, round)
    decisions = [d for d in f.strategy.decisions if d.round == round]
    bad = [d for d in decisions if not d.accepted]
    assert [d.venue for d in bad] == [venue] and words in bad[0].reason, decisions
    assert arrays is not None and all(np.isfinite(a.numpy()).all() for a in arrays.values())
    good = [d for d in decisions if d.accepted]
    mean = sum(d.num_samples * d.node for d in good) / sum(d.num_samples for d in good)
    assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + mean)


HUGE = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n"


def npy(header, body=bytes(4), version=b"\x01\x00"):
    head = header.encode()
    return (
        b"\x93NUMPY"
        + version
        + len(head).to_bytes(2 if version == b"\x01\x00" else 4, "little")
        + head
        + body
    )


PROVED_MEAN = (8 * 100 + 7 * 101 + 6 * 102) / 21
