"""The Flower adapter's registration and registry, and how a venue protects itself."""

import re
import sqlite3
import threading

import numpy as np
import pytest
import zkmetric
from helpers import TOP, network

flwr = pytest.importorskip("flwr")

from federation import (  # noqa: E402, F401
    RUN,
    THRESHOLD,
    datasets,
    fields,
    identity,
    make,
    proofs,
    refused,
    weights,
)
from flwr.app import (  # noqa: E402
    ConfigRecord,
    Context,
    Message,
    RecordDict,
)
from zkmetric.flower import (  # noqa: E402
    Registry,
    onnx_template,
    proof_mod,
    protocol,
    registration,
)
from zkmetric.flower.client import ANSWER_RECORD  # noqa: E402

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
