"""The Flower adapter with clients of the older kind."""

import numpy as np
import pytest

flwr = pytest.importorskip("flwr")

from federation import (  # noqa: E402, F401
    HUGE,
    PROVED_MEAN,
    RUN,
    THRESHOLD,
    datasets,
    identity,
    make,
    npy,
    proofs,
    weights,
)
from flwr.app import (  # noqa: E402
    Context,
    RecordDict,
)
from zkmetric.flower import (  # noqa: E402
    VerifiedLegacy,
    proof_metrics,
    registration_properties,
)

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
