"""The Flower adapter without processes: every rule broken by itself, hostile replies, and the registry."""

import dataclasses
import itertools
import math
import random
import re
import sqlite3
import threading
import types

import numpy as np
import pytest
import zkmetric
from helpers import TOP, network

flwr = pytest.importorskip("flwr")

from flwr.app import (  # noqa: E402
    Array,
    ArrayRecord,
    ConfigRecord,
    Context,
    Error,
    Message,
    MetricRecord,
    RecordDict,
)
from flwr.serverapp import strategy as strategies  # noqa: E402
from flwr.serverapp.strategy import FedAvg  # noqa: E402
from flwr.supercore.task_identity import TaskIdentity  # noqa: E402
from zkmetric.flower import (  # noqa: E402
    REGISTER_ACTION,
    Prover,
    Registry,
    Verified,
    VerifiedLegacy,
    onnx_template,
    proof_metrics,
    proof_mod,
    registration,
    registration_properties,
)
from zkmetric.flower import protocol  # noqa: E402
from zkmetric.flower.client import ANSWER_RECORD, QUERY_RECORD  # noqa: E402

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


def test_nonces_are_random(world):
    f = [Federation(world, {}) for _ in range(2)]
    nonces = [m.content[QUERY_RECORD]["nonce"] for g in f for m in g.ask()]
    assert len(set(nonces)) == 6


# ---------------------------------------------------------------------- honest


def test_honest_replies_are_weighted_by_what_they_proved(make):
    f = make()
    arrays, metrics = f.train(f.replies())
    proved = {100: 8, 101: 7, 102: 6}
    assert [d.num_samples for d in f.strategy.decisions] == list(proved.values())
    mean = sum(n * k for k, n in proved.items()) / sum(proved.values())
    for name, array in arrays.items():
        assert np.allclose(array.numpy(), f.honest[name] + mean, rtol=1e-6)
    assert dict(metrics) == {"loss": pytest.approx(0.5)}
    assert all(d.verdict == 1 and d.seconds > 0 for d in f.strategy.decisions)
    evaluated = f.strategy.aggregate_evaluate(1, f.replies(phase="evaluate"))
    assert dict(evaluated) == {"loss": pytest.approx(0.5)}
    assert [d.num_samples for d in f.strategy.decisions[3:]] == [8, 7, 6]
    assert f.registry.outcomes(f.venues[100].dataset.dataset_id) == [(RUN, 1, "accepted")]


def test_each_node_gets_its_own_query_and_the_model_after_it_registered(make):
    f = make()
    seen = []
    for node, mod in list(f.mods.items()):
        f.mods[node] = lambda m, c, n, mod=mod: seen.append(m.metadata.message_type) or mod(m, c, n)
    messages = f.ask()
    assert seen == [f"query.{REGISTER_ACTION}"] * 3, "asked before anything is sent"
    nonces = {m.content[QUERY_RECORD]["nonce"] for m in messages}
    assert len(nonces) == 3 and all("arrays" in m.content for m in messages)
    assert len({id(m.content) for m in messages}) == 3


def test_rounds_follow_each_other_and_new_weights_are_new_models(make):
    f = make(venues=2)
    for round in (1, 2, 3):
        arrays, _ = f.train(f.replies(round), round)
        assert arrays is not None
        f.honest = weights(round)
    assert f.accepted() == ["venue-0", "venue-1"] * 3


PROVED_MEAN = (8 * 100 + 7 * 101 + 6 * 102) / 21


class LastOnly(FedAvg):
    """A strategy of one's own: the last reply is the new model."""

    def aggregate_train(self, server_round, replies):
        content = list(replies)[-1].content
        return content["arrays"], content["metrics"]


INNER = {
    **{name: {} for name in ("FedAdagrad", "FedAdam", "FedYogi", "FedTrimmedAvg", "Krum", "MultiKrum")},
    "FedAvgM": {"server_momentum": 0.9},
    "FedProx": {"proximal_mu": 0.1},
    "QFedAvg": {"client_learning_rate": 0.1, "train_loss_key": "loss"},
}  # fmt: skip


@pytest.mark.parametrize("name", INNER)
def test_other_strategies_may_be_inside(make, name):
    f = make(inner=getattr(strategies, name)(**FEW, **INNER[name]))
    for round in (1, 2):
        arrays, _ = f.train(f.replies(round), round)
        assert all(np.isfinite(array.numpy()).all() for array in arrays.values())
    assert f.accepted() == ["venue-0", "venue-1", "venue-2"] * 2
    assert f.strategy.aggregate_evaluate(2, f.replies(2, "evaluate")) is not None
    if name == "FedProx":
        assert f.ask(3)[0].content["config"]["proximal-mu"] == 0.1
        assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + PROVED_MEAN)


def test_strategies_that_do_not_average_may_be_inside(make):
    f = make(inner=strategies.FedMedian(**FEW))
    arrays, _ = f.train(f.replies())
    assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + 101)
    f = make(inner=LastOnly(**FEW))
    arrays, metrics = f.train(f.replies())
    assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + 102)
    assert dict(metrics) == {"loss": 0.5, "num-examples": 6}


@pytest.mark.parametrize("private", [False, True])
def test_the_weight_has_the_name_that_the_strategy_weighs_by(make, private):
    """Also where another strategy is wrapped around that one."""
    inner = FedAvg(**FEW, weighted_by_key="rows")
    if private:
        inner = strategies.DifferentialPrivacyServerSideFixedClipping(inner, 0, 1e9, 3)
    f = make(inner=inner)
    f.claims = {"rows": 1, "loss": 0.5}
    replies = f.replies()
    replies[0].content["metrics"] = MetricRecord({"rows": 10**15, "loss": 0.5})
    arrays, _ = f.train(replies)
    assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + PROVED_MEAN, rtol=1e-5)


def test_a_miss_is_proved_and_counts_unless_it_must_pass(make):
    f = make(venues=1, threshold="0.0001")
    f.train(f.replies())
    assert [(d.accepted, d.verdict) for d in f.strategy.decisions] == [(True, 0)]


def test_a_miss_is_refused_where_it_must_pass(make):
    f = make(venues=1, threshold="0.0001", require_pass=True)
    f.train(f.replies())
    assert "verdict" in f.reasons()["venue-0"]


def test_phase_evaluate(make):
    f = make(phase="evaluate", venues=2)
    assert f.train(f.replies()) == (None, None), "nothing is proved yet"
    assert set(f.reasons().values()) == {"it has proved nothing that its weight could be"}
    assert f.strategy.aggregate_evaluate(1, f.replies(phase="evaluate")) is not None
    arrays, _ = f.train(f.replies(2), 2)
    assert arrays is not None and f.strategy.decisions[-1].num_samples == 7


# ---------------------------------------------------------------------- one rule broken at a time


def change(reply, **fields):
    answer = dict(reply.content[ANSWER_RECORD])
    answer.update(fields)
    reply.content[ANSWER_RECORD] = ConfigRecord({k: v for k, v in answer.items() if v is not None})
    return reply


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


def test_no_proof(make):
    f = make()
    replies = f.replies()
    del replies[0].content[ANSWER_RECORD]
    refused(f, replies, "no proof")


def test_a_simulated_proof(make):
    f = make()
    replies = f.replies()
    change(replies[0], proof=b'{"simulated": true}')
    refused(f, replies, "19 bytes")


@pytest.mark.parametrize("size", [0, 1, 351, 353, 1 << 22])
def test_a_proof_of_another_size(make, size):
    f = make()
    replies = f.replies()
    change(replies[0], proof=b"\x80" * size)
    refused(f, replies, f"proof: {size} bytes")


def test_a_changed_proof(make):
    f = make()
    replies = f.replies()
    data = bytearray(replies[0].content[ANSWER_RECORD]["proof"])
    data[5] ^= 1
    change(replies[0], proof=bytes(data))
    f.train(replies)
    assert list(f.reasons()) == ["venue-0"]


def test_the_proof_of_another_venue(make):
    f = make()
    replies = f.replies()
    change(replies[0], proof=replies[1].content[ANSWER_RECORD]["proof"])
    refused(f, replies, "context")


def test_last_rounds_proof(make):
    f = make()
    first = f.replies()
    old = first[0].content[ANSWER_RECORD]["proof"]
    f.train(first)
    f.honest = weights(2)  # another model too; the reason is the replay
    second = f.replies(2)
    change(second[0], proof=old)
    refused(f, second, "context", round=2)


def forged(f, asked_fields=None, node=100, **changes):
    """A proof that venue-0 makes by itself, for a query that it changes."""
    message = next(m for m in f.messages if m.metadata.dst_node_id == node)
    fields = dict(message.content[QUERY_RECORD])
    fields.update(asked_fields or {})
    prover = f.venues[100]
    query = protocol.Query.of_fields(fields, federation="f", run=RUN, node=node, venue=prover.venue)
    query = dataclasses.replace(query, **changes)
    w = f.world
    return zkmetric.prove(
        w.circuit, w.key, f.to_model(f.honest), prover.dataset,
        threshold=zkmetric._core.threshold_to_text(query.threshold), context=query.context(),
    ).to_bytes()  # fmt: skip


def asked(f):
    f.messages = f.ask()
    return [f.deliver(m) for m in f.messages]


def test_an_unchanged_forgery_is_no_forgery(make):
    f = make()
    replies = asked(f)
    change(replies[0], proof=forged(f))
    f.train(replies)
    assert f.reasons() == {}


@pytest.mark.parametrize(
    "what", [{"run": RUN + 1}, {"round": 2}, {"node": 101}, {"nonce": bytes(32)}, {"venue": "venue-1"}, {"federation": "g"}]
)  # fmt: skip
def test_a_proof_for_another_use(make, what):
    """Run, round, node, nonce, venue, federation: each alone."""
    f = make()
    replies = asked(f)
    change(replies[0], proof=forged(f, **what))
    refused(f, replies, "context")


@pytest.mark.parametrize("threshold", [0.6, 0.4, 60000])
def test_a_proof_of_another_bound(make, threshold):
    f = make()
    replies = asked(f)
    change(replies[0], proof=forged(f, threshold=int(threshold * 2**32)))
    refused(f, replies, "another bound")


def test_a_proof_about_another_model(make):
    f = make()
    replies = asked(f)
    keep, f.honest = f.honest, weights(9)
    change(replies[0], proof=forged(f))
    f.honest = keep
    refused(f, replies, "model_id")


def test_a_proof_about_labels_that_were_not_registered(make, world):
    f = make()
    f.ask(0)  # everybody registers
    lies = world.targets + 0.3
    f.venues[100].dataset = zkmetric.Dataset.commit(world.schema, world.features, lies)
    refused(f, f.replies(), "dataset_id")


def test_too_few_samples(make):
    f = make(min_samples=7)
    refused(f, f.replies(), "num_samples", venue="venue-2")


@pytest.mark.parametrize("digest", [bytes(32), b"", "text", None])
def test_arrays_that_were_not_sent(make, digest):
    f = make()
    replies = f.replies()
    change(replies[0], arrays_hash=digest)
    refused(f, replies, "evaluated others")


def test_a_venue_without_a_proof_says_of_what_kind_and_no_more(make, world):
    f = make()

    def broken(arrays):
        raise zkmetric.RangeError("row 3, column 'salary': 91000 is outside")

    f.ask(0)
    f.venues[100]._to_model = broken
    replies = f.replies()
    assert set(replies[0].content[ANSWER_RECORD]) == {"arrays_hash", "error"}
    assert "salary" not in repr(replies[0])
    refused(f, replies, "made no proof: RANGE")


@pytest.mark.parametrize(
    "claim", [10**15, 0, -5, float("nan"), float("inf"), 1e300, [1.0, 2.0], None]
)
def test_the_claimed_weight_does_not_count(make, claim):
    f = make()
    replies = f.replies()
    metrics = {"loss": 0.5} if claim is None else {"loss": 0.5, "num-examples": claim}
    replies[0].content["metrics"] = MetricRecord(metrics)
    arrays, _ = f.train(replies)
    assert f.reasons() == {}
    assert np.allclose(arrays["b1"].numpy(), f.honest["b1"] + PROVED_MEAN)


def metric(name, value):
    def make_odd(reply):
        reply.content["metrics"] = MetricRecord({"num-examples": 3, "loss": 0.5, name: value})

    return make_odd


ODD = {
    "odd metric key": metric("surprise", 1.0),
    "list": metric("per-class", [0.1, 0.2]),
    "no metrics": lambda r: r.content.pop("metrics"),
    "two metric records": lambda r: r.content.update({"more": MetricRecord({"a": 1})}),
    "odd config record": lambda r: r.content.update({"c": ConfigRecord({"x": b"y"})}),
    "record names": lambda r: r.content.update({"weights": r.content.pop("arrays")}),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_records_do_not_end_the_round(make, name):
    f = make()
    replies = f.replies()
    ODD[name](replies[0])
    arrays, metrics = f.train(replies)
    assert arrays is not None and f.reasons() == {}
    assert set(metrics) <= {"loss"}


def arrays_with(**changes):
    def make_odd(reply):
        arrays = {k: v.numpy() for k, v in reply.content["arrays"].items()}
        arrays.update(changes)
        reply.content["arrays"] = record({k: v for k, v in arrays.items() if v is not None})

    return make_odd


def raw(data=b"", stype="numpy.ndarray", dtype="float32", shape=(1,)):
    def make_odd(reply):
        items = dict(reply.content["arrays"].items())
        items["b1"] = Array(dtype, shape, stype, data)
        reply.content["arrays"] = ArrayRecord(items)

    return make_odd


def npy(header, body=bytes(4), version=b"\x01\x00"):
    head = header.encode()
    return (
        b"\x93NUMPY"
        + version
        + len(head).to_bytes(2 if version == b"\x01\x00" else 4, "little")
        + head
        + body
    )


HUGE = "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,), }\n"
BAD_ARRAYS = {
    "shape": (arrays_with(b1=np.zeros(2, "f4")), "b1"),
    "dtype": (arrays_with(b1=np.zeros(1, "f8")), "b1"),
    "nan": (arrays_with(b1=np.full(1, np.nan, "f4")), "finite"),
    "inf": (arrays_with(w0=np.full((4, 5), np.inf, "f4")), "finite"),
    "missing": (arrays_with(b1=None), "names"),
    "one more": (arrays_with(b9=np.zeros(1, "f4")), "names"),
    "no array": (raw(b"no array"), "is no array"),
    "empty": (raw(b""), "is no array"),
    "pickle": (raw(npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n")), "b1"),
    "huge": (raw(npy(HUGE)), "b1"),
    "header is code": (raw(npy("__import__('os').abort()\n")), "is no array"),
    "long header": (raw(npy("{" + " " * 5000 + "}")), "bytes"),
    "cut off": (raw(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n", b"")), "cut off"),
    "stype": (raw(np.zeros(1, "f4").tobytes(), stype="torch"), "NumPy"),
    "two records": (lambda r: r.content.update({"more": r.content["arrays"]}), "2 ArrayRecords"),
    "none": (lambda r: r.content.pop("arrays"), "0 ArrayRecords"),
    "metric nan": (metric("loss", float("nan")), "averaged"),
    "metric inf": (metric("other", float("-inf")), "averaged"),
    "metric large": (metric("other", 1e200), "averaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_ARRAYS)
def test_bad_arrays_and_metrics_are_refused(make, name):
    f = make()
    replies = f.replies()
    make_odd, words = BAD_ARRAYS[name]
    make_odd(replies[0])
    refused(f, replies, words)


def test_wanted_metrics(make):
    f = make(metrics=["loss"])
    replies = f.replies()
    ODD["no metrics"](replies[0])
    refused(f, replies, "'loss' is missing")


def test_errors_of_nodes_are_left_to_the_strategy(make):
    f = make()
    messages = f.ask()
    replies = [f.deliver(m) for m in messages[1:]]
    replies.append(Message(Error(code=1, reason="crashed"), reply_to=messages[0]))
    arrays, _ = f.train(replies)
    assert arrays is not None and len(f.strategy.decisions) == 2


def test_nobody_counts_and_the_round_lives(make):
    f = make()
    replies = f.replies()
    for reply in replies:
        reply.content = RecordDict()
    assert f.train(replies) == (None, None)
    arrays, _ = f.train(f.replies(2), 2)
    assert arrays is not None


def test_who_was_not_asked_and_who_answers_twice(make):
    f = make()
    messages = f.ask()
    replies = [f.deliver(m) for m in messages]
    again = f.deliver(messages[0])
    stranger = Message(RecordDict(), 555, "train")
    stranger = Message(RecordDict(), reply_to=stranger)
    f.train([*replies, again, stranger])
    assert [d.reason for d in f.strategy.decisions[3:]] == ["it answered twice", "it was not asked"]


def test_one_query_for_a_dataset_and_round(make):
    f = make(venues=2)
    f.train(f.replies())
    again = f.ask()  # the same round, for example after a restart with the same registry
    assert all(QUERY_RECORD not in m.content for m in again)
    assert f.train([f.deliver(m) for m in again]) == (None, None)
    assert f.reasons()["venue-0"] == "its dataset was asked about in this round before"


# ---------------------------------------------------------------------- registration


def answering(fields):
    def mod(message, context, call_next):
        content = (
            RecordDict({ANSWER_RECORD: ConfigRecord(fields)})
            if fields is not None
            else RecordDict()
        )
        return Message(content, reply_to=message)

    return mod


@pytest.mark.parametrize(
    "fields, words",
    [
        (None, "did not say"),
        ({}, "names no venue"),
        ({"venue": "../x", "dataset_id": "0x" + "01" * 32}, "names no venue"),
        ({"venue": "v" * 65, "dataset_id": "0x" + "01" * 32}, "names no venue"),
        ({"venue": 5, "dataset_id": "0x" + "01" * 32}, "names no venue"),
        ({"venue": "venue-9", "dataset_id": "0x" + "01" * 32}, "not one of"),
        ({"venue": "venue-0"}, "no dataset_id"),
        ({"venue": "venue-0", "dataset_id": b"x"}, "no dataset_id"),
        ({"venue": "venue-0", "dataset_id": "0x" + "ff" * 32}, "modulus"),
        ({"venue": "venue-0", "dataset_id": "0x" + "zz" * 32}, "hex"),
    ],
)
def test_bad_registrations_get_no_model(make, caplog, fields, words):
    f = make()
    f.strategy._gate._judge._venues = frozenset({"venue-0", "venue-1", "venue-2"})
    f.mods = {101: f.mods[101], 100: answering(fields), 102: f.mods[102]}
    with caplog.at_level("WARNING", "zkmetric.flower"):
        messages = f.ask()
    assert [m.metadata.dst_node_id for m in messages] == [101, 102]
    assert f.strategy.decisions[0].reason == "it has not registered"
    assert words in caplog.text


def test_a_name_that_another_node_took(make, caplog):
    """First come, first served; unless the operator knew the dataset_id before."""
    squatter = answering({"venue": "venue-1", "dataset_id": "0x" + "01" * 32})
    f = make()
    f.mods[100] = squatter
    assert [m.metadata.dst_node_id for m in f.ask()] == [100, 102]
    f = make()
    f.mods[100] = squatter
    f.registry.register("venue-1", f.venues[101].dataset.dataset_id)
    with caplog.at_level("WARNING", "zkmetric.flower"):
        assert [m.metadata.dst_node_id for m in f.ask()] == [101, 102]
    assert "one dataset counts for a window" in caplog.text


def test_a_second_dataset_in_a_window_and_a_venue_of_two_nodes(make, world, caplog):
    f = make()
    f.ask(0)
    f.strategy._gate._nodes.clear()  # a new run: node ids are others
    f.venues[100].dataset = zkmetric.Dataset.commit(world.schema, world.features, world.targets)
    f.mods[102] = proof_mod(f.venues[101])
    with caplog.at_level("WARNING", "zkmetric.flower"):
        messages = f.ask(1)
    assert [m.metadata.dst_node_id for m in messages] == [101]
    assert "one dataset counts for a window" in caplog.text
    assert "venue-1 takes part as another node" in caplog.text


def test_a_venue_that_starts_again_keeps_its_name(make):
    """As a new node, in the same run; the old one is gone. One that claims the name beside it gets no model."""
    f = make()
    f.train(f.replies())
    f.mods[105], f.venues[105] = f.mods[101], f.venues[101]
    assert [m.metadata.dst_node_id for m in f.ask(2)] == [100, 101, 102]
    del f.mods[101], f.venues[101]
    f.train(f.replies(3), 3)
    last = [(d.venue, d.node, d.accepted) for d in f.strategy.decisions if d.round == 3]
    assert last == [("venue-0", 100, True), ("venue-2", 102, True), ("venue-1", 105, True)]


def test_the_query_function_registers_too(make):
    f = make(venues=1)
    answer = registration(lambda context: f.venues[context.node_id])
    f.mods[100] = lambda m, c, n: answer(m, c)
    f.strategy._register({100}, f)
    assert f.strategy._gate.venue(100) == "venue-0"


def test_registry_outlives_the_process(tmp_path):
    path = tmp_path / "r.sqlite"
    one, other = "0x" + "01" * 32, "0x" + "02" * 32
    first = Registry(path)
    first.register("a", one, window="june")
    assert first.ask(one, 2**64 - 1, 1, b"query")
    first.settle(one, 2**64 - 1, 1, "accepted", b"proof")
    first.close()
    again = Registry(path)
    assert again.registration("a", window="june").dataset_id == one
    assert again.registration("a", window="july") is None
    assert again.register("a", one, window="june").registered_at > 0
    for venue, dataset, window in (("a", other, "june"), ("b", one, "june"), ("a", one, "july")):
        with pytest.raises(zkmetric.MismatchError):
            again.register(venue, dataset, window=window)
    assert again.ask(one, 2**64 - 1, 1, b"query") and not again.ask(one, 2**64 - 1, 1, b"another")
    assert again.ask(one, 2**64 - 1, 2, b"another") and again.ask(one, 1, 1, b"another")
    assert not again.ask(one, 1, 2, b"fourth", most=3) and again.ask(one, 1, 2, b"fourth", most=4)
    assert again.outcomes(one)[0] == (2**64 - 1, 1, "accepted")


def test_registry_of_many_threads_and_handles(tmp_path):
    path = tmp_path / "r.sqlite"
    registries = [Registry(path) for _ in range(4)]
    won = []

    def ask(i):
        if registries[i % 4].ask("0x01", 1, 1, bytes([i])):
            won.append(i)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(32)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(won) == 1


def test_registry_that_is_no_database(tmp_path):
    (tmp_path / "r").write_bytes(b"not a database" * 100)
    with pytest.raises(zkmetric.InputOutputError, match="registry"):
        Registry(tmp_path / "r")
    with pytest.raises(zkmetric.InputOutputError):
        Registry(tmp_path / "no" / "folder")
    assert sqlite3.sqlite_version


# ---------------------------------------------------------------------- the venue protects itself


def fields(**changes):
    base = {"round": 1, "threshold": int(THRESHOLD * 2**32), "nonce": bytes(32)}
    return {**base, **changes}


def test_a_venue_answers_once_in_a_round(make):
    f = make(venues=0)
    venue = f.venue("v")

    def kind(**changes):
        return (
            "proof"
            if "proof" in venue.answer(fields(**changes), f.honest, run=1, node=2)
            else "error"
        )

    assert kind() == "proof"
    assert kind() == "proof", "the same query, carried twice"
    assert kind(nonce=b"\1" * 32) == "error"
    assert kind(threshold=1 << 30) == "error"
    assert kind(round=2) == "proof"
    assert venue.answer(fields(), weights(3), run=1, node=2)["error"] == "REJECTED"


def test_a_venue_answers_the_agreed_bound_and_so_often(make):
    f = make(venues=0)
    venue = f.venue("v", threshold=THRESHOLD, max_answers=2)
    ask = lambda **c: venue.answer(fields(**c), f.honest, run=1, node=2)  # noqa: E731
    assert "proof" in ask() and "proof" in ask(round=2)
    assert ask(round=3)["error"] == "REJECTED"
    other = f.venue("w", threshold=0.25)
    assert other.answer(fields(), f.honest, run=1, node=2)["error"] == "REJECTED"


def test_a_venue_keeps_its_count_in_a_file(make, tmp_path):
    f = make(venues=0)
    venue = f.venue("v", registry=Registry(tmp_path / "v.sqlite"))
    assert "proof" in venue.answer(fields(), f.honest, run=1, node=2)
    venue._registry = Registry(tmp_path / "v.sqlite")
    assert "error" in venue.answer(fields(nonce=b"\1" * 32), f.honest, run=1, node=2)


@pytest.mark.parametrize(
    "changes",
    [{"round": "1"}, {"round": True}, {"round": -1}, {"threshold": 0.5}, {"threshold": 1 << 48}, {"nonce": b""}, {"nonce": "0" * 32}, {"nonce": None}],
)  # fmt: skip
def test_malformed_queries_are_not_answered(make, changes):
    venue = make(venues=0).venue("v")
    assert venue.answer(fields(**changes), weights(), run=1, node=2)["error"] == "FORMAT"


def test_names_of_venues(make):
    f = make(venues=0)
    for name in ("", "a b", "a/b", "-a", "a" * 65, "a\n", "ü"):
        with pytest.raises(zkmetric.ArgumentError):
            f.venue(name)


def test_an_earlier_rounds_proof_carries_no_evaluation(make):
    """Who proved in round 1 and not in round 2 does not count in the evaluation of round 2."""
    f = make()
    f.train(f.replies())
    second = f.replies(2)
    del second[0].content[ANSWER_RECORD]
    refused(f, second, "no proof", round=2)
    f.strategy.decisions.clear()
    assert f.strategy.aggregate_evaluate(2, f.replies(2, "evaluate")) is not None
    assert f.reasons() == {"venue-0": "it has proved nothing that its weight could be"}


def test_arrays_hash_tells_arrays_apart():
    base = {"a": np.arange(6, dtype="f4"), "b": np.zeros(2, "f4")}
    h = protocol.arrays_hash(base)
    assert h == protocol.arrays_hash({k: v.astype(">f4") for k, v in base.items()})
    for other in (
        {"a": base["a"].reshape(2, 3), "b": base["b"]},
        {"a": base["a"].astype("f8"), "b": base["b"]},
        {"b": base["b"], "a": base["a"]},
        {"a": base["a"]},
        {"ab": base["a"], "": base["b"]},
        {"a": base["a"] + 1e-6, "b": base["b"]},
    ):
        assert protocol.arrays_hash(other) != h


def test_template(world):
    to_model = onnx_template(world.model)
    arrays = weights(4)
    assert world.circuit.model_id(to_model(arrays)) == world.circuit.model_id(network([4, 5, 1], 4))
    with pytest.raises(zkmetric.MismatchError, match="no weights 'z'"):
        to_model({**arrays, "z": np.zeros(1, "f4")})
    with pytest.raises(zkmetric.MismatchError, match="b1"):
        to_model({**arrays, "b1": np.zeros(2, "f4")})


def test_judge_refuses_a_key_of_another_circuit(make, world):
    other = zkmetric.Circuit.compile(
        world.model, world.schema, world.features, world.targets, capacity=9, bits=8
    )
    with pytest.raises(zkmetric.ArgumentError, match="another circuit"):
        make(circuit=other)


# ---------------------------------------------------------------------- fuzzed replies


def random_value(rng):
    return rng.choice([
        0, -1, 2**63 - 1, float("nan"), 1e308, "", "x" * 300, b"", bytes(352), b"\xff" * 352, rng.randbytes(40),
        [], [1, 2], [1.5], ["a"], [b"b"], True,
    ])  # fmt: skip


def mangle(reply, rng):
    """Changes a reply at random places, in ways that Flower's records allow."""
    content = reply.content
    for _ in range(rng.randint(1, 4)):
        kind = rng.randrange(7)
        name = rng.choice([*content, "x", ANSWER_RECORD, "arrays", "metrics"])
        if kind == 0:
            content.pop(name, None)
        elif kind == 1:
            keys = [
                *content.get(ANSWER_RECORD, {}),
                "proof",
                "error",
                "arrays_hash",
                "seconds",
                "q",
            ]
            answer = dict(content.config_records.get(ANSWER_RECORD, {}))
            answer[rng.choice(keys)] = random_value(rng)
            content[ANSWER_RECORD] = ConfigRecord(answer)
        elif kind == 2:
            numbers = [0, -1, 2**62, float("nan"), float("inf"), 1e308, [], [1.0, math.inf], [3]]
            content[name] = MetricRecord(
                {rng.choice(["num-examples", "loss", "z" * 99]): rng.choice(numbers)}
            )
        elif kind == 3 and "arrays" in content:
            try:
                items = dict(content.array_records["arrays"].items())
            except KeyError:
                continue
            data = bytearray(rng.choice(list(items.values())).data if items else b"")
            for _ in range(rng.randint(0, 6)):
                if data:
                    data[rng.randrange(len(data))] = rng.randrange(256)
            del data[len(data) - rng.choice([0, 0, 1, 60]) :]
            key = rng.choice([*items, "new"])
            stype = rng.choice(["numpy.ndarray", "numpy.ndarray", "x"])
            items[key] = Array("float32", (rng.randrange(9),), stype, bytes(data))
            content["arrays"] = ArrayRecord(items)
        elif kind == 4:
            content[name] = ConfigRecord({"k": random_value(rng)})
        elif kind == 5:
            content[name] = ArrayRecord()
        else:
            proof = (
                bytearray(content.config_records.get(ANSWER_RECORD, {}).get("proof") or b"")
                if isinstance(content.config_records.get(ANSWER_RECORD, {}).get("proof"), bytes)
                else bytearray()
            )
            if proof:
                proof[rng.randrange(len(proof))] ^= 1 << rng.randrange(8)
                content[ANSWER_RECORD] = ConfigRecord(
                    {**content[ANSWER_RECORD], "proof": bytes(proof)}
                )


def copy(reply):
    return Message(
        RecordDict({k: type(v)(dict(v)) for k, v in reply.content.items()}), metadata=reply.metadata
    )


@pytest.mark.parametrize("phase", ["train", "evaluate"])
def test_mangled_replies_never_end_a_round(make, phase):
    """A hundred rounds, in each of which one reply of three is mangled: the others are always aggregated, and the
    model stays finite."""
    f = make(phase=phase, min_samples=1)
    rng = random.Random(7)
    f.train(f.replies(0), 0)
    f.strategy.aggregate_evaluate(0, f.replies(0, "evaluate"))
    honest = f.replies(1, phase)
    sent = f.strategy._gate._sent
    refusals = set()
    for i in range(100):
        f.strategy._gate._sent = {
            n: dataclasses.replace(s, answered=False) for n, s in sent.items()
        }
        f.strategy.decisions.clear()
        replies = [copy(r) for r in honest]
        mangle(replies[i % 3], rng)
        if phase == "train":
            arrays, _ = f.train(replies)
            for array in arrays.values():
                assert np.isfinite(array.numpy()).all() and np.abs(array.numpy()).max() < 1e38
        else:
            assert f.strategy.aggregate_evaluate(1, replies) is not None
        assert len(f.accepted()) >= 2
        refusals |= {d.reason.split(":")[0] for d in f.strategy.decisions if not d.accepted}
    assert len(refusals) >= (5 if phase == "train" else 3), refusals


# ---------------------------------------------------------------------- older clients


class Proxy:
    """A client of the older kind, called in this process."""

    def __init__(self, node, client):
        self.node_id, self.run_id, self.cid, self.client = node, RUN, str(node), client
        self.context = Context(RUN, node, {}, RecordDict(), {})

    def get_properties(self, ins, timeout, group_id):
        from flwr.common import Code, GetPropertiesRes, Status

        return GetPropertiesRes(
            Status(Code.OK, ""), registration_properties(self.client, ins.config)
        )


class Manager:
    def __init__(self, proxies):
        self.proxies = proxies

    def num_available(self):
        return len(self.proxies)

    def all(self):
        return {proxy.cid: proxy for proxy in self.proxies}

    def sample(self, num_clients, min_num_clients=None, criterion=None):
        return self.proxies


@pytest.fixture
def older(make, world):
    from flwr.common import (
        Code,
        EvaluateRes,
        FitRes,
        Status,
        ndarrays_to_parameters,
        parameters_to_ndarrays,
    )
    from flwr.server.strategy import FedAvg as OldFedAvg

    f = make()
    names = list(weights())
    to_model = lambda arrays: f.to_model(dict(zip(names, arrays.values())))  # noqa: E731
    for venue in f.venues.values():
        venue._to_model = to_model
    f.proxies = [Proxy(node, venue) for node, venue in f.venues.items()]
    f.strategy = VerifiedLegacy(
        OldFedAvg(min_available_clients=1), circuit=world.circuit, key=world.verifying_key,
        to_model=to_model, registry=f.registry, threshold=THRESHOLD, min_samples=4, federation="f",
    )  # fmt: skip
    f.parameters = ndarrays_to_parameters(list(f.honest.values()))

    def results(round, phase):
        configure = f.strategy.configure_fit if phase == "fit" else f.strategy.configure_evaluate
        out = []
        for proxy, ins in configure(round, f.parameters, Manager(f.proxies)):
            arrays = parameters_to_ndarrays(ins.parameters)
            metrics = {
                "accuracy": 0.5,
                **proof_metrics(proxy.client, arrays, ins.config, proxy.context),
            }
            ok = Status(Code.OK, "")
            if phase == "fit":
                moved = ndarrays_to_parameters([a + proxy.node_id for a in arrays])
                out.append((proxy, FitRes(ok, moved, 10**15, metrics)))
            else:
                out.append((proxy, EvaluateRes(ok, float(proxy.node_id), 10**15, metrics)))
        return out

    f.results = results
    return f


def test_older_clients_prove_in_their_metrics(older):
    results = older.results(1, "evaluate")
    metrics = results[0][1].metrics
    assert metrics["zkml_is_production"] is True and len(metrics["zkml_proof"]) == 352
    loss, _ = older.strategy.aggregate_evaluate(1, results, [])
    assert loss == pytest.approx(PROVED_MEAN)
    fit = older.results(2, "fit")
    assert not any(k.startswith("zkml_") for k in fit[0][1].metrics)
    parameters, _ = older.strategy.aggregate_fit(2, fit, [])
    from flwr.common import parameters_to_ndarrays

    moved = parameters_to_ndarrays(parameters)
    assert np.allclose(moved[3], older.honest["b1"] + PROVED_MEAN)


@pytest.mark.parametrize(
    "change_metrics, words",
    [
        ({"zkml_proof": b""}, "0 bytes"),
        ({"zkml_proof": "text"}, "no proof"),
        ({"zkml_arrays_hash": bytes(32)}, "evaluated others"),
        ({"accuracy": float("nan")}, "averaged"),
        ({"zkml_error": "NOT_FOUND"}, "made no proof: NOT_FOUND"),
    ],
)
def test_older_clients_are_refused(older, change_metrics, words):
    results = older.results(1, "evaluate")
    results[0][1].metrics.update(change_metrics)
    loss, _ = older.strategy.aggregate_evaluate(1, results, [])
    assert words in older.reasons()["venue-0"] and len(older.accepted()) == 2
    assert loss == pytest.approx((7 * 101 + 6 * 102) / 13)


def test_older_clients_hostile_results(older):
    older.strategy.aggregate_evaluate(1, older.results(1, "evaluate"), [])
    results = older.results(2, "fit")
    results[0][1].parameters.tensors[0] = npy(HUGE)
    results[1][1].metrics = None
    older.strategy.decisions.clear()
    parameters, _ = older.strategy.aggregate_fit(2, results, [])
    assert parameters is not None and older.accepted() == ["venue-2"]
    results = older.results(3, "evaluate")
    results[0][1].loss = float("nan")
    older.strategy.decisions.clear()
    older.strategy.aggregate_evaluate(3, results, [])
    assert "loss" in older.reasons()["venue-0"]


def test_an_older_client_that_starts_again_keeps_its_name(older):
    older.results(1, "evaluate")
    older.proxies[1] = Proxy(105, older.venues[101])
    results = older.results(2, "evaluate")
    older.strategy.aggregate_evaluate(2, results, [])
    assert [(d.venue, d.node) for d in older.strategy.decisions if d.accepted][1] == (
        "venue-1",
        105,
    )


def test_an_older_client_without_keys_says_so(older):
    older.venues[100]._to_model = lambda arrays: b"no model"
    results = older.results(1, "evaluate")
    metrics = results[0][1].metrics
    assert metrics["zkml_is_production"] is False and metrics["zkml_error"] == "FORMAT"
    assert "zkml_proof" not in metrics


# ---------------------------------------------------------------------- the manual


def test_federation_page(world, tmp_path, monkeypatch):
    """Its two programs, on the small network; a query between them is answered and accepted."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "model.onnx").write_bytes(world.model.SerializeToString())
    world.circuit.write("public/circuit.zkm")
    for name in ("pk.zkm", "vk.zkm"):
        (tmp_path / "public" / name).symlink_to(world.folder / "keys" / name)
    world.dataset.write("opening")
    text = (TOP / "docs" / "federation.md").read_text(encoding="utf-8")
    aggregator, venue = re.findall(r"^```python\n(.*?)^```", text, re.M | re.S)
    names = {}
    exec(
        compile(aggregator.replace("min_samples=100", "min_samples=8"), "federation.md", "exec"),
        names,
    )
    exec(compile(venue, "federation.md", "exec"), names)
    prover = names["prover_of"](Context(RUN, 100, {"venue": "venue-1"}, RecordDict(), {}))
    gate = names["strategy"]._gate
    gate.enrol(100, prover.registration())
    gate.begin()
    query = gate.send("train", 1, weights(), run=RUN, node=100)
    answer = prover.answer(query, weights(), run=RUN, node=100)
    proved, _ = gate.receive("train", 1, 100, answer)
    assert proved.num_samples == 8 and proved.verdict == 0
