"""The same for Flower's older strategies and clients, whose metrics are a dictionary."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import numpy.typing as npt
from flwr.common import (
    EvaluateIns,
    EvaluateRes,
    FitIns,
    FitRes,
    GetPropertiesIns,
    Parameters,
    Scalar,
    ndarray_to_bytes,
    parameters_to_ndarrays,
)
from flwr.server.client_manager import ClientManager
from flwr.server.client_proxy import ClientProxy
from flwr.server.strategy import Strategy

from zkmetric._values import Threshold
from zkmetric.circuits import Circuit
from zkmetric.flower.client import LEGACY_PREFIX, numbered, prefixed
from zkmetric.flower.gate import Decision, Gate, Phase, finite_metrics, shared_names
from zkmetric.flower.protocol import Judge, Refused, ToModel, read_array
from zkmetric.flower.registry import Registry
from zkmetric.keys import VerifyingKey

_log = logging.getLogger("zkmetric.flower")

Instructions = TypeVar("Instructions", FitIns, EvaluateIns)
Result = TypeVar("Result", FitRes, EvaluateRes)


class VerifiedLegacy(Strategy):
    """Wraps a strategy of flwr.server.strategy, as Verified wraps one of flwr.serverapp.strategy.

    Its clients answer with proof_metrics and registration_properties. The arrays are named "0", "1", ... for to_model.
    Arguments and attributes are Verified's.
    """

    def __init__(
        self,
        strategy: Strategy,
        *,
        circuit: Circuit,
        key: VerifyingKey,
        to_model: ToModel,
        registry: Registry,
        threshold: Threshold,
        min_samples: int,
        require_pass: bool = False,
        phase: Phase = "evaluate",
        venues: Iterable[str] | None = None,
        window: str = "",
        federation: str = "",
        metrics: Iterable[str] | None = None,
        registration_timeout: float = 120.0,
    ) -> None:
        self.inner = strategy
        judge = Judge(
            circuit=circuit,
            key=key,
            to_model=to_model,
            registry=registry,
            threshold=threshold,
            min_samples=min_samples,
            require_pass=require_pass,
            venues=None if venues is None else frozenset(venues),
            window=window,
            federation=federation,
        )
        self._gate = Gate(judge, phase)
        self._metrics = None if metrics is None else tuple(metrics)
        self._timeout = registration_timeout

    @property
    def decisions(self) -> list[Decision]:
        """What became of every result, in order."""
        return self._gate.decisions

    def initialize_parameters(self, client_manager: ClientManager) -> Parameters | None:
        """The inner strategy's."""
        return self.inner.initialize_parameters(client_manager)

    def evaluate(
        self, server_round: int, parameters: Parameters
    ) -> tuple[float, dict[str, Scalar]] | None:
        """The inner strategy's."""
        return self.inner.evaluate(server_round, parameters)

    def configure_fit(
        self, server_round: int, parameters: Parameters, client_manager: ClientManager
    ) -> list[tuple[ClientProxy, FitIns]]:
        """The inner strategy's instructions, to registered clients, with a query each."""
        self._forget(client_manager)
        asked = self.inner.configure_fit(server_round, parameters, client_manager)
        return self._prepare("train", server_round, asked)

    def configure_evaluate(
        self, server_round: int, parameters: Parameters, client_manager: ClientManager
    ) -> list[tuple[ClientProxy, EvaluateIns]]:
        """The same for evaluation."""
        self._forget(client_manager)
        asked = self.inner.configure_evaluate(server_round, parameters, client_manager)
        return self._prepare("evaluate", server_round, asked)

    def aggregate_fit(
        self,
        server_round: int,
        results: list[tuple[ClientProxy, FitRes]],
        failures: list[tuple[ClientProxy, FitRes] | BaseException],
    ) -> tuple[Parameters | None, dict[str, Scalar]]:
        """Gives the inner strategy the results that count."""
        counted = self._sift("train", server_round, results)
        return self.inner.aggregate_fit(server_round, counted, failures)

    def aggregate_evaluate(
        self,
        server_round: int,
        results: list[tuple[ClientProxy, EvaluateRes]],
        failures: list[tuple[ClientProxy, EvaluateRes] | BaseException],
    ) -> tuple[float | None, dict[str, Scalar]]:
        """The same for evaluation."""
        counted = self._sift("evaluate", server_round, results)
        return self.inner.aggregate_evaluate(server_round, counted, failures)

    # ------------------------------------------------------------------ sending

    def _forget(self, client_manager: ClientManager) -> None:
        self._gate.keep({proxy.node_id for proxy in client_manager.all().values()})

    def _prepare(
        self, phase: Phase, server_round: int, asked: list[tuple[ClientProxy, Instructions]]
    ) -> list[tuple[ClientProxy, Instructions]]:
        for proxy, _ in asked:
            if self._gate.unknown({proxy.node_id}):
                self._gate.enrol(proxy.node_id, self._properties(proxy, server_round))
        self._gate.begin()
        ready = []
        for proxy, instructions in asked:
            fields = self._gate.send(
                phase,
                server_round,
                numbered(parameters_to_ndarrays(instructions.parameters)),
                run=int(getattr(proxy, "run_id", 0)),
                node=proxy.node_id,
            )
            if fields is not None:
                config = {**instructions.config, **prefixed(fields)}
                ready.append((proxy, type(instructions)(instructions.parameters, config)))
        return ready

    def _properties(self, proxy: ClientProxy, server_round: int) -> Mapping[str, Any] | None:
        try:
            question = GetPropertiesIns(prefixed({"register": True}))
            answer = proxy.get_properties(question, self._timeout, server_round)
        except Exception as error:  # of the client, by way of the network
            _log.debug("no properties: %s", error)
            return None
        return _fields(answer.properties)

    # ------------------------------------------------------------------ receiving

    def _sift(
        self, phase: Phase, server_round: int, results: list[tuple[ClientProxy, Result]]
    ) -> list[tuple[ClientProxy, Result]]:
        counted = []
        for proxy, result in results:
            fields: dict[str, Any] = {}
            try:
                fields = _fields(result.metrics)
                proved, sent = self._gate.receive(phase, server_round, proxy.node_id, fields)
                if isinstance(result, FitRes):
                    result.parameters = _parameters(result.parameters, sent.arrays)
                elif not isinstance(result.loss, float) or not abs(result.loss) < 1e100:
                    raise Refused("loss: not a number that can be averaged")
                own = {k: v for k, v in result.metrics.items() if not k.startswith(LEGACY_PREFIX)}
                metrics = finite_metrics(own, "", self._metrics)
            except Refused as why:
                self._gate.refuse(phase, server_round, proxy.node_id, why)
                continue
            except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
                _log.debug("a malformed result", exc_info=True)
                why_not = f"the result is malformed ({type(error).__name__})"
                self._gate.refuse(phase, server_round, proxy.node_id, why_not)
                continue
            self._gate.accept(phase, server_round, proxy.node_id, proved, fields)
            result.num_examples = proved.num_samples
            counted.append((proxy, result, metrics))
        shared = shared_names([metrics for *_, metrics in counted], self._metrics)
        for _, result, metrics in counted:
            result.metrics = {name: metrics[name] for name in shared}
        return [(proxy, result) for proxy, result, _ in counted]


def _fields(metrics: Mapping[str, Any]) -> dict[str, Any]:
    n = len(LEGACY_PREFIX)
    return {
        k[n:]: v for k, v in metrics.items() if isinstance(k, str) and k.startswith(LEGACY_PREFIX)
    }


def _parameters(given: Parameters, like: Mapping[str, npt.NDArray[Any]]) -> Parameters:
    """The arrays of a result, made anew."""
    if len(given.tensors) != len(like):
        raise Refused(f"arrays: {len(given.tensors)}; {len(like)} were sent")
    tensors = []
    for (name, wanted), data in zip(like.items(), given.tensors):
        try:
            tensors.append(ndarray_to_bytes(read_array(data, wanted)))
        except Refused as why:
            raise Refused(f"arrays: {name} {why}") from why
    return Parameters(tensors, "numpy.ndarray")
