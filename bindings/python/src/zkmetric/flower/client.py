"""A venue's side in Flower: a mod that proves, a query that registers, and the older clients' metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, RecordDict

from zkmetric.flower.protocol import Answer, Prover, arrays_hash

QUERY_RECORD = "zkmetric.query"
ANSWER_RECORD = "zkmetric.answer"
REGISTER_ACTION = "zkmetric_register"
"""The query action by which an aggregator asks venues to register: the message type is "query.zkmetric_register"."""
LEGACY_PREFIX = "zkml_"

ClientFunction = Callable[[Message, Context], Message]
ProverOf = Prover | Callable[[Context], Prover]
"""A Prover, or a function that makes one for a node's context (its node_config)."""


def record_arrays(record: ArrayRecord) -> dict[str, npt.NDArray[Any]]:
    """A record's arrays as NumPy has them. For records of one's own making: read_array reads others'."""
    return {name: array.numpy() for name, array in record.items()}


def proof_mod(prover: ProverOf) -> Callable[[Message, Context, ClientFunction], Message]:
    """A mod for a ClientApp: each reply gets one more ConfigRecord, with the hash of the arrays that came and, where the
    message carries a query, the proof about them. Questions for registration are answered without the app."""

    def mod(message: Message, context: Context, call_next: ClientFunction) -> Message:
        if message.metadata.message_type == f"query.{REGISTER_ACTION}":
            return registration(prover)(message, context)
        records = list(message.content.array_records.values())
        # Before the app runs: it may change the arrays in place.
        arrays = record_arrays(records[0]) if len(records) == 1 else {}
        query = message.content.config_records.get(QUERY_RECORD)
        answer: Answer = {"arrays_hash": arrays_hash(arrays)}
        if query is not None:
            answer = _prover(prover, context).answer(
                dict(query),
                arrays,
                run=message.metadata.run_id,
                node=message.metadata.dst_node_id,
            )
        reply = call_next(message, context)
        if reply.has_content():
            reply.content[ANSWER_RECORD] = ConfigRecord(dict(answer))
        return reply

    return mod


def registration(prover: ProverOf) -> ClientFunction:
    """The function for app.query(REGISTER_ACTION)."""

    def answer(message: Message, context: Context) -> Message:
        record = ConfigRecord(dict(_prover(prover, context).registration()))
        return Message(RecordDict({ANSWER_RECORD: record}), reply_to=message)

    return answer


def _prover(prover: ProverOf, context: Context) -> Prover:
    return prover if isinstance(prover, Prover) else prover(context)


# ---------------------------------------------------------------------- clients with metrics dictionaries


def numbered(arrays: Sequence[npt.NDArray[Any]]) -> dict[str, npt.NDArray[Any]]:
    """A list of arrays, as older clients have them, by number."""
    return {str(i): np.asarray(a) for i, a in enumerate(arrays)}


def proof_metrics(
    prover: Prover,
    parameters: Sequence[npt.NDArray[Any]],
    config: Mapping[str, Any],
    context: Context,
) -> dict[str, Any]:
    """For a NumPyClient: what fit or evaluate adds to its metrics.

    Args:
        prover: the venue's.
        parameters, config: as fit or evaluate got them.
        context: what client_fn got.

    Returns:
        zkml_is_production: True with zkml_proof, the proof's bytes; False with zkml_error, the kind of the failure.
        zkml_arrays_hash, zkml_seconds. Nothing where nothing was asked.
    """
    query = _unprefixed(config)
    if not query:
        return {}
    answer = prover.answer(query, numbered(parameters), run=context.run_id, node=context.node_id)
    return {"zkml_is_production": "proof" in answer, **prefixed(answer)}


def registration_properties(prover: Prover, config: Mapping[str, Any]) -> dict[str, Any]:
    """For a NumPyClient: what get_properties returns, or adds, when an aggregator asks for the registration."""
    return prefixed(prover.registration()) if _unprefixed(config).get("register") else {}


def prefixed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields under the names that they have in a metrics dictionary."""
    return {LEGACY_PREFIX + name: value for name, value in fields.items()}


def _unprefixed(config: Mapping[str, Any]) -> dict[str, Any]:
    n = len(LEGACY_PREFIX)
    return {name[n:]: value for name, value in config.items() if name.startswith(LEGACY_PREFIX)}
