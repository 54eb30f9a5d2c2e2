"""An aggregator's side in Flower: any strategy, which sees only replies whose proofs hold."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy.typing as npt
from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
from flwr.serverapp import Grid
from flwr.serverapp.strategy import Strategy

from zkmetric._values import Threshold
from zkmetric.circuits import Circuit
from zkmetric.errors import ArgumentError
from zkmetric.flower.client import ANSWER_RECORD, QUERY_RECORD, REGISTER_ACTION, record_arrays
from zkmetric.flower.gate import Decision, Gate, Phase, Proved, finite_metrics, shared_names
from zkmetric.flower.protocol import Judge, Refused, ToModel, read_array
from zkmetric.flower.registry import Registry
from zkmetric.keys import VerifyingKey

_log = logging.getLogger("zkmetric.flower")

ARRAYS, METRICS = "arrays", "metrics"  # names of the records that the inner strategy sees


class Verified(Strategy):
    """Wraps a strategy: before it sees a reply, the reply's proof is checked, and what is not proved is taken out.

    A reply counts when its proof is valid under the key; is about the arrays that were sent, the dataset that the venue
    registered before it got a model, and the query of this run, round, node and nonce; covers enough samples; and has
    the bound that was asked about. Its weight is the proved number of samples. Its arrays must have the names, types
    and shapes of those that were sent, and be finite. What does not count is refused with a reason (`decisions`, and
    the log), and the round goes on with the rest.

    One query is asked about a dataset in a round, in one phase:

    - phase "train": training replies carry the proof, about the model that they started from. Evaluation replies of the
      round count for venues whose training reply did, with the same weight.
    - phase "evaluate": evaluation replies carry it. Training replies have the weight of the venue's newest proof, so that the
      training of a venue's first round does not count.

    Args:
        strategy: the inner one. It must send one ArrayRecord to a node.
        circuit, key: the federation's; the aggregator trusts who made the key.
        to_model: makes a model of arrays; see protocol.ToModel.
        registry: a Registry, whose file outlives the run.
        threshold: the bound of the RMSE that is asked about.
        min_samples: the fewest proved samples that count.
        require_pass: refuse replies whose verdict is 0.
        phase: see above.
        venues: names that may take part; None: any.
        window: for which commitments hold, for example a month.
        federation: its name, as the venues have it.
        metrics: names of the metrics that the inner strategy sees; a reply without one of them is refused. None: those
            numbers that all accepted replies of a round have.
        registration_timeout: seconds that new nodes have to register.

    Attributes:
        inner: the strategy.
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
        phase: Phase = "train",
        venues: Iterable[str] | None = None,
        window: str = "",
        federation: str = "",
        metrics: Sequence[str] | None = None,
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
        self._weight_key = _weight_key(strategy)

    @property
    def decisions(self) -> list[Decision]:
        """What became of every reply, in order."""
        return self._gate.decisions

    def configure_train(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """The inner strategy's messages, to registered nodes, with a query each."""
        messages = self.inner.configure_train(server_round, arrays, config, grid)
        return self._prepare("train", server_round, messages, grid)

    def configure_evaluate(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """The same for evaluation."""
        messages = self.inner.configure_evaluate(server_round, arrays, config, grid)
        return self._prepare("evaluate", server_round, messages, grid)

    def aggregate_train(
        self, server_round: int, replies: Iterable[Message]
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """Gives the inner strategy the replies that count."""
        return self.inner.aggregate_train(server_round, self._sift("train", server_round, replies))

    def aggregate_evaluate(
        self, server_round: int, replies: Iterable[Message]
    ) -> MetricRecord | None:
        """The same for evaluation."""
        return self.inner.aggregate_evaluate(
            server_round, self._sift("evaluate", server_round, replies)
        )

    def summary(self) -> None:
        """Logs the inner strategy's configuration and where proofs are asked for."""
        self.inner.summary()
        _log.info("replies count when what they say in phase %s is proved", self._gate.phase)

    # ------------------------------------------------------------------ sending

    def _prepare(
        self, phase: Phase, server_round: int, messages: Iterable[Message], grid: Grid
    ) -> list[Message]:
        taken = list(messages)
        self._register({m.metadata.dst_node_id for m in taken}, grid)
        self._gate.begin()
        return [m for m in taken if self._ask(phase, server_round, m)]

    def _register(self, nodes: set[int], grid: Grid) -> None:
        """Asks nodes that are new for their venue and its commitment, before they get a model."""
        self._gate.keep(set(grid.get_node_ids()))
        unknown = sorted(self._gate.unknown(nodes))
        if not unknown:
            return
        questions = [
            Message(RecordDict(), dst_node_id=node, message_type=f"query.{REGISTER_ACTION}")
            for node in unknown
        ]
        for reply in grid.send_and_receive(questions, timeout=self._timeout):
            node = reply.metadata.src_node_id
            if node in unknown:
                self._gate.enrol(node, _answer(reply) if reply.has_content() else None)

    def _ask(self, phase: Phase, server_round: int, message: Message) -> bool:
        """Puts a query into a message, which gets a content of its own: strategies share one among nodes. False: it
        must not be sent."""
        records = list(message.content.array_records.values())
        if len(records) != 1:
            raise ArgumentError(
                f"strategy: it sends {len(records)} ArrayRecords to a node; a proof is about one",
                place="strategy",
            )
        fields = self._gate.send(
            phase,
            server_round,
            record_arrays(records[0]),
            run=message.metadata.run_id,
            node=message.metadata.dst_node_id,
        )
        if fields is None:
            return False
        content = RecordDict(dict(message.content))
        if fields:
            content[QUERY_RECORD] = ConfigRecord(dict(fields))
        message.content = content
        return True

    # ------------------------------------------------------------------ receiving

    def _sift(self, phase: Phase, server_round: int, replies: Iterable[Message]) -> list[Message]:
        """The replies for the inner strategy: errors as they are, and what counts, made anew."""
        errors: list[Message] = []
        counted: list[tuple[Message, Proved, RecordDict, dict[str, float]]] = []
        for reply in replies:
            if not reply.has_content():
                errors.append(reply)
                continue
            node = reply.metadata.src_node_id
            try:
                proved, content, metrics = self._read(phase, server_round, reply)
            except Refused as why:
                self._gate.refuse(phase, server_round, node, why)
                continue
            self._gate.accept(phase, server_round, node, proved, _answer(reply))
            counted.append((reply, proved, content, metrics))
        shared = shared_names([metrics for *_, metrics in counted], self._metrics)
        for reply, proved, content, metrics in counted:
            numbers: dict[str, Any] = {name: metrics[name] for name in shared}
            content[METRICS] = MetricRecord({**numbers, self._weight_key: proved.num_samples})
            reply.content = content
        return errors + [reply for reply, *_ in counted]

    def _read(
        self, phase: Phase, server_round: int, reply: Message
    ) -> tuple[Proved, RecordDict, dict[str, float]]:
        """Weight, new content and metrics of a reply that counts. The proof comes first: it ends the query, whatever
        else is wrong."""
        try:
            proved, sent = self._gate.receive(
                phase, server_round, reply.metadata.src_node_id, _answer(reply)
            )
            content = RecordDict()
            if phase == "train":
                content[ARRAYS] = _arrays(reply, sent.arrays)
            numbers = {k: v for r in reply.content.metric_records.values() for k, v in r.items()}
            return proved, content, finite_metrics(numbers, self._weight_key, self._metrics)
        except Refused:
            raise
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            _log.debug("a malformed reply", exc_info=True)
            raise Refused(f"the reply is malformed ({type(error).__name__})") from error


def _weight_key(strategy: Strategy) -> str:
    """The name of the metric that a strategy, or the one that it wraps (differential privacy), weighs by."""
    if hasattr(strategy, "weighted_by_key"):
        return str(strategy.weighted_by_key)
    wrapped = [v for v in vars(strategy).values() if isinstance(v, Strategy)]
    return _weight_key(wrapped[0]) if len(wrapped) == 1 else "num-examples"


def _answer(reply: Message) -> Mapping[str, Any] | None:
    record = reply.content.get(ANSWER_RECORD)
    return record if isinstance(record, ConfigRecord) else None


def _arrays(reply: Message, like: Mapping[str, npt.NDArray[Any]]) -> ArrayRecord:
    """The reply's arrays, in the order of those that were sent."""
    records = list(reply.content.array_records.values())
    if len(records) != 1:
        raise Refused(f"arrays: {len(records)} ArrayRecords; one is expected")
    if set(records[0]) != set(like):
        raise Refused("arrays: their names are not those that were sent")
    made = {}
    for name, wanted in like.items():
        array = records[0][name]
        if array.stype != "numpy.ndarray":
            raise Refused(f"arrays: '{name}' is no NumPy array")
        try:
            made[name] = Array(read_array(array.data, wanted))
        except Refused as why:
            raise Refused(f"arrays: '{name}' {why}") from why
    return ArrayRecord(made)
