"""The Flower adapter without processes: every rule broken by itself, and hostile replies."""

import dataclasses
import math
import random

import numpy as np
import pytest
import zkmetric

flwr = pytest.importorskip("flwr")

from federation import (  # noqa: E402, F401
    FEW,
    HUGE,
    PROVED_MEAN,
    RUN,
    Federation,
    datasets,
    identity,
    make,
    npy,
    proofs,
    record,
    refused,
    weights,
)
from flwr.app import (  # noqa: E402
    Array,
    ArrayRecord,
    ConfigRecord,
    Error,
    Message,
    MetricRecord,
    RecordDict,
)
from flwr.serverapp import strategy as strategies  # noqa: E402
from flwr.serverapp.strategy import FedAvg  # noqa: E402
from zkmetric.flower import (  # noqa: E402
    REGISTER_ACTION,
    protocol,
)
from zkmetric.flower.client import ANSWER_RECORD, QUERY_RECORD  # noqa: E402


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
