"""Which replies of a round count, and with what weight, for both kinds of strategies."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Mapping
from typing import Any, Literal

import numpy.typing as npt

from zkmetric.errors import ArgumentError
from zkmetric.flower.protocol import Asked, Judge, Refused

_log = logging.getLogger("zkmetric.flower")

Phase = Literal["train", "evaluate"]


@dataclasses.dataclass(frozen=True)
class Decision:
    """What became of one reply.

    Attributes:
        round, phase, node: of the reply.
        venue: that of the node; "" for a node that has none.
        accepted: whether the inner strategy saw it.
        reason: why not; "" when accepted.
        num_samples: the proved number, its weight.
        verdict: of this round's proof: 1: below the bound, 0: not; None: it carried none.
        seconds: what the venue says that its proof took.
    """

    round: int
    phase: Phase
    node: int
    venue: str
    accepted: bool
    reason: str = ""
    num_samples: int = 0
    verdict: int | None = None
    seconds: float | None = None


@dataclasses.dataclass
class Sent:
    """A message of the phase that runs, and what its reply must fit."""

    venue: str
    arrays: Mapping[str, npt.NDArray[Any]]
    asked: Asked | None
    answered: bool = False


@dataclasses.dataclass(frozen=True)
class Proved:
    """The newest proof of a venue that counted."""

    round: int
    num_samples: int
    verdict: int


class Gate:
    """The state of a run: venues of nodes, what was sent, what was proved, what was decided.

    Args:
        judge: checks registrations and proofs.
        phase: in which replies carry a proof.
    """

    def __init__(self, judge: Judge, phase: Phase) -> None:
        if phase not in ("train", "evaluate"):
            raise ArgumentError(f"phase: {phase!r} is none of 'train', 'evaluate'", place="phase")
        self.phase = phase
        self.decisions: list[Decision] = []
        self._judge = judge
        self._nodes: dict[int, str] = {}
        self._sent: dict[int, Sent] = {}
        self._proved: dict[str, Proved] = {}

    # ------------------------------------------------------------------ registration

    def unknown(self, nodes: set[int]) -> set[int]:
        """Those that have not registered."""
        return nodes - set(self._nodes)

    def keep(self, nodes: set[int]) -> None:
        """Forgets the nodes that are gone, so that a venue which starts again, as a new node, has its name free."""
        self._nodes = {node: venue for node, venue in self._nodes.items() if node in nodes}

    def enrol(self, node: int, fields: Mapping[str, Any] | None) -> None:
        """Takes a node's answer to the question for its venue, None when it gave none; a log line says why not."""
        try:
            if fields is None:
                raise Refused("it did not say who it is")
            if node in self._nodes:
                raise Refused("it has registered before")
            venue = self._judge.register(fields)
            if venue in self._nodes.values():
                raise Refused(f"{venue} takes part as another node")
        except Refused as why:
            _log.warning("node %d: not registered: %s", node, why)
            return
        self._nodes[node] = venue
        _log.info("node %d: registered as %s", node, venue)

    # ------------------------------------------------------------------ a phase

    def begin(self) -> None:
        """A new phase: earlier messages have no replies any more."""
        self._sent = {}

    def send(
        self,
        phase: Phase,
        round: int,
        arrays: Mapping[str, npt.NDArray[Any]],
        *,
        run: int,
        node: int,
    ) -> dict[str, int | bytes] | None:
        """Notes a message to a node; the fields of the query that it shall carry, if any. None: the node has not
        registered, and gets no message."""
        venue = self._nodes.get(node)
        if venue is None:
            self.note(Decision(round, phase, node, "", False, "it has not registered"))
            return None
        asked = None
        if phase == self.phase:
            asked = self._judge.ask(arrays, run=run, node=node, venue=venue, round=round)
        self._sent[node] = Sent(venue, arrays, asked)
        return asked.query.fields() if asked else {}

    def venue(self, node: int) -> str:
        """The node's name; "" for a node that has none."""
        return self._nodes.get(node, "")

    def receive(
        self, phase: Phase, round: int, node: int, fields: Mapping[str, Any] | None
    ) -> tuple[Proved, Sent]:
        """What a reply's weight is, by the answer in it. Refused says why it has none."""
        sent = self._sent.get(node)
        if sent is None:
            raise Refused("it was not asked")
        if sent.answered:
            raise Refused("it answered twice")
        sent.answered = True
        if phase != self.phase:
            return self._earlier(phase, round, sent.venue), sent
        if sent.asked is None:
            raise Refused("its dataset was asked about in this round before")
        statement = self._judge.judge(sent.asked, fields or {})
        proved = Proved(round, statement.num_samples, statement.verdict)
        self._proved[sent.venue] = proved
        return proved, sent

    def _earlier(self, phase: Phase, round: int, venue: str) -> Proved:
        found = self._proved.get(venue)
        if found is None or (phase == "evaluate" and found.round != round):
            raise Refused("it has proved nothing that its weight could be")
        return found

    # ------------------------------------------------------------------ decisions

    def accept(
        self,
        phase: Phase,
        round: int,
        node: int,
        proved: Proved,
        fields: Mapping[str, Any] | None,
    ) -> None:
        """Notes that a reply counts."""
        own = phase == self.phase
        self.note(
            Decision(
                round, phase, node, self.venue(node), True,
                num_samples=proved.num_samples,
                verdict=proved.verdict if own else None,
                seconds=_seconds(fields) if own else None,
            )
        )  # fmt: skip

    def refuse(self, phase: Phase, round: int, node: int, why: object) -> None:
        """Notes that a reply does not count."""
        self.note(Decision(round, phase, node, self.venue(node), False, str(why)))

    def note(self, decision: Decision) -> None:
        """Keeps a decision and logs it."""
        self.decisions.append(decision)
        who = (
            f"round {decision.round}, {decision.phase}, {decision.venue or f'node {decision.node}'}"
        )
        if decision.accepted:
            _log.info(
                "%s: accepted, weight %d, verdict %s", who, decision.num_samples, decision.verdict
            )
        else:
            _log.warning("%s: refused: %s", who, decision.reason)


def _seconds(fields: Mapping[str, Any] | None) -> float | None:
    value = (fields or {}).get("seconds")
    return value if isinstance(value, float) and math.isfinite(value) else None


def finite_metrics(
    numbers: Mapping[str, Any], weight_key: str, wanted: tuple[str, ...] | None
) -> dict[str, float]:
    """A reply's numbers but the weight, which is claimed; lists and what is no number are left out. Refused when a number
    cannot be averaged, or a wanted one is missing."""
    found: dict[str, float] = {}
    for name, value in numbers.items():
        if name == weight_key or type(value) not in (int, float) or (wanted and name not in wanted):
            continue
        if not math.isfinite(value) or abs(value) > 1e100:
            raise Refused(f"metrics: '{name[:40]}' is not a number that can be averaged")
        found[name] = float(value)
    for name in wanted or ():
        if name not in found:
            raise Refused(f"metrics: '{name}' is missing")
    return found


def shared_names(all_metrics: list[dict[str, float]], wanted: tuple[str, ...] | None) -> list[str]:
    """The names that the inner strategy sees: those wanted, or those that all have."""
    if wanted is not None or not all_metrics:
        return list(wanted or ())
    return [name for name in all_metrics[0] if all(name in m for m in all_metrics)]
