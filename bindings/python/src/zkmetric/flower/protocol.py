"""What aggregator and venue agree on, apart from how Flower carries it: queries, contexts, arrays, answers."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import io
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from zkmetric import _core, _values
from zkmetric.circuits import Circuit
from zkmetric.data import Dataset
from zkmetric.errors import ArgumentError, Error, FormatError, InputOutputError, Rejected
from zkmetric.flower.registry import Registry
from zkmetric.keys import ProvingKey, VerifyingKey
from zkmetric.models import ModelLike
from zkmetric.proofs import PROOF_BYTES, Proof, Statement, derive_context, prove, verify

Arrays = Mapping[str, npt.NDArray[Any]]
Answer = dict[str, str | bytes | float]
ToModel = Callable[[Arrays], ModelLike]
"""Makes the model of a round's arrays: anything that zkmetric.Model takes. Aggregator and venues need the same."""

_log = logging.getLogger("zkmetric.flower")
VENUE_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
NONCE_BYTES = 32


class Refused(Exception):
    """Why an answer does not count; the text is for logs."""


def arrays_hash(arrays: Arrays) -> bytes:
    """SHA-256 over names, types, shapes and elements, in the arrays' order."""
    h = hashlib.sha256(b"zkmetric.flower.arrays.v1")
    for name, array in arrays.items():
        head = f"{len(name.encode())}:{name}:{array.dtype.newbyteorder('<').str}:{array.shape};"
        h.update(head.encode())
        h.update(np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes())
    return h.digest()


# ---------------------------------------------------------------------- queries


@dataclasses.dataclass(frozen=True)
class Query:
    """A question to one venue in one round: is the RMSE of this model on your data below this bound?

    The two sides know federation, run, node and venue by themselves; only the rest travels, so that a venue proves for
    no node but its own.
    """

    federation: str
    run: int
    node: int
    venue: str
    round: int
    threshold: int
    nonce: bytes

    def context(self) -> str:
        """The context of the proof: it names all that is asked but the model and the bound, which the
        statement names by itself."""
        place = f"{self.federation}\0{self.run}".encode()
        who = f"{self.venue}\0{self.node}".encode()
        return derive_context(
            chain_id=0,
            contract=bytes(20),
            federation=hashlib.sha256(b"zkmetric.flower.v1\0" + place).digest(),
            round=self.round,
            client=hashlib.sha256(who).digest()[:20],
            nonce=self.nonce,
        )

    def identity(self) -> bytes:
        """The whole query in 32 bytes, for the registry."""
        return hashlib.sha256(f"{self.context()}\0{self.threshold}".encode()).digest()

    def fields(self) -> dict[str, int | bytes]:
        """What travels."""
        return {"round": self.round, "threshold": self.threshold, "nonce": self.nonce}

    @classmethod
    def of_fields(
        cls, fields: Mapping[str, Any], *, federation: str, run: int, node: int, venue: str
    ) -> Query:
        """The query that was sent. FormatError when the fields are none."""
        round, threshold, nonce = (fields.get(k) for k in ("round", "threshold", "nonce"))
        if (
            type(round) is not int
            or type(threshold) is not int
            or not isinstance(nonce, bytes)
            or not 0 <= round < 1 << 63
            or not 0 <= threshold < 1 << 48
            or len(nonce) != NONCE_BYTES
        ):
            raise FormatError("query: malformed", place="query")
        return cls(federation, run, node, venue, round, threshold, nonce)


# ---------------------------------------------------------------------- the venue


class Prover:
    """A venue's side: its data, what it was asked, and its answers.

    Args:
        venue: its name in the federation: up to 64 letters, digits, dots, dashes and underscores.
        circuit, key: the aggregator's.
        dataset: committed before the first model came.
        to_model: see ToModel.
        registry: notes what was asked. A second query about the dataset in one round is not answered, however it is
            asked: each answer tells a bit of the metric. None: ":memory:", which forgets with the process, and a
            Flower node is a process a message.
        threshold: the only bound that is answered; None: any.
        max_answers: about the dataset, in all; None: any number. The aggregator counts the rounds, so this is what
            bounds how much it can learn.
        federation: its name, as the aggregator has it.
        threads: 0: every processor.
    """

    def __init__(
        self,
        venue: str,
        *,
        circuit: Circuit,
        key: ProvingKey,
        dataset: Dataset,
        to_model: ToModel,
        registry: Registry | None = None,
        threshold: _values.Threshold | None = None,
        max_answers: int | None = None,
        federation: str = "",
        threads: int = 0,
    ) -> None:
        if not VENUE_PATTERN.match(venue):
            raise ArgumentError(f"venue: {venue!r} is no name for one", place="venue")
        self._threshold = None if threshold is None else _values.threshold(threshold)
        self._max_answers = max_answers
        self.venue, self.federation, self.dataset = venue, federation, dataset
        self._circuit, self._key, self._to_model = circuit, key, to_model
        self._registry = registry or Registry(":memory:")
        self._threads = threads

    def registration(self) -> dict[str, str]:
        """What a venue says when it is asked to register."""
        return {"venue": self.venue, "dataset_id": self.dataset.dataset_id}

    def prove(self, query: Query, arrays: Arrays) -> Proof:
        """Answers a query about the arrays that came with it.

        Raises:
            Rejected: this venue does not answer it: the bound is not the agreed one, another query was answered in this
                round, or enough were answered.
            What zkmetric.prove raises.
        """
        if self._threshold not in (None, query.threshold):
            raise Rejected("query: the bound is not the one that was agreed", place="query")
        identity = query.identity() + arrays_hash(arrays)
        dataset = self.dataset.dataset_id
        if not self._registry.ask(dataset, query.run, query.round, identity, self._max_answers):
            raise Rejected(
                f"query: no more answers about this dataset in round {query.round} of run {query.run}",
                place="query",
            )
        return prove(
            self._circuit,
            self._key,
            self._to_model(arrays),
            self.dataset,
            threshold=_core.threshold_to_text(query.threshold),
            context=query.context(),
            threads=self._threads,
        )

    def answer(self, fields: Mapping[str, Any], arrays: Arrays, *, run: int, node: int) -> Answer:
        """The fields of an answer to a query's fields. What goes wrong is told by its kind alone: a message could tell
        the data."""
        started = time.monotonic()
        answer: Answer = {"arrays_hash": arrays_hash(arrays)}
        try:
            query = Query.of_fields(
                fields, federation=self.federation, run=run, node=node, venue=self.venue
            )
            answer["proof"] = self.prove(query, arrays).to_bytes()
            answer["seconds"] = time.monotonic() - started
        except Error as error:
            _log.warning("%s: no proof: %s", self.venue, error)
            answer["error"] = error.code.name
        return answer


# ---------------------------------------------------------------------- the aggregator


@dataclasses.dataclass(frozen=True)
class Asked:
    """A query that was sent, and what its answer must be about."""

    query: Query
    dataset_id: str
    arrays_hash: bytes
    model_id: str


class Judge:
    """An aggregator's side: registrations, queries, and which answers count.

    Args:
        circuit: the federation's.
        key: its verifying key, whose maker the aggregator trusts.
        to_model: see ToModel.
        registry: see Registry.
        threshold: the bound that is asked about.
        min_samples: the fewest samples that count.
        require_pass: answers that say "not below the bound" are refused.
        venues: the names that may register; None: any.
        window: for which commitments hold, for example a month.
        federation: its name, as the venues have it.
    """

    def __init__(
        self,
        *,
        circuit: Circuit,
        key: VerifyingKey,
        to_model: ToModel,
        registry: Registry,
        threshold: _values.Threshold,
        min_samples: int,
        require_pass: bool = False,
        venues: frozenset[str] | None = None,
        window: str = "",
        federation: str = "",
    ) -> None:
        if key.circuit_digest != circuit.digest:
            raise ArgumentError("key: it is another circuit's", place="key")
        self._circuit, self._key, self._to_model = circuit, key, to_model
        self._registry = registry
        self._threshold = _values.threshold(threshold)
        self._min_samples = _values.whole(min_samples, "min_samples", 1, (1 << 32) - 1)
        self._require_pass = require_pass
        self._venues, self._window, self._federation = venues, window, federation
        self._model_ids: dict[bytes, str] = {}

    def register(self, fields: Mapping[str, Any]) -> str:
        """Takes a venue's registration; its name. Refused says why not."""
        venue, dataset_id = fields.get("venue"), fields.get("dataset_id")
        if not isinstance(venue, str) or not VENUE_PATTERN.match(venue):
            raise Refused("the registration names no venue")
        if self._venues is not None and venue not in self._venues:
            raise Refused(f"{venue} is not one of the federation's venues")
        if not isinstance(dataset_id, str) or len(dataset_id) != 66:
            raise Refused(f"{venue}: the registration has no dataset_id")
        try:
            canonical = _values.hexadecimal(_values.field(dataset_id, "dataset_id"))
            self._registry.register(venue, canonical, window=self._window)
        except InputOutputError:
            raise
        except Error as error:
            raise Refused(str(error)) from error
        return venue

    def ask(self, arrays: Arrays, *, run: int, node: int, venue: str, round: int) -> Asked | None:
        """A fresh query about arrays to a registered venue; None when its dataset was asked about in this round
        before."""
        registered = self._registry.registration(venue, window=self._window)
        if registered is None:
            raise ArgumentError(f"{venue}: has registered nothing", place=venue)
        digest = arrays_hash(arrays)
        if digest not in self._model_ids:
            self._model_ids = {digest: self._circuit.model_id(self._to_model(arrays))}
        query = Query(
            self._federation, run, node, venue, round, self._threshold, os.urandom(NONCE_BYTES)
        )
        if not self._registry.ask(registered.dataset_id, run, round, query.identity()):
            return None
        return Asked(query, registered.dataset_id, digest, self._model_ids[digest])

    def judge(self, asked: Asked, fields: Mapping[str, Any]) -> Statement:
        """The statement of an answer that counts; Refused says why another does not. Either is noted."""
        query = asked.query
        proof = b""
        try:
            proof = _proof_of(asked, fields)
            statement = self._verify(asked, proof)
        except Refused as why:
            self._registry.settle(asked.dataset_id, query.run, query.round, str(why), proof or None)
            raise
        self._registry.settle(asked.dataset_id, query.run, query.round, "accepted", proof)
        return statement

    def _verify(self, asked: Asked, data: bytes) -> Statement:
        try:
            proof = Proof.from_bytes(data)
            statement = proof.statement
            if statement.threshold_fixed != asked.query.threshold:
                raise Refused("threshold: the proof is about another bound than was asked")
            # Before the ids, which a replay has wrong too: the model has moved on.
            if statement.context != asked.query.context():
                raise Refused("context: the proof answers another query, perhaps an earlier one")
            return verify(
                self._key,
                proof,
                model_id=asked.model_id,
                dataset_id=asked.dataset_id,
                context=asked.query.context(),
                min_samples=self._min_samples,
                require_pass=self._require_pass,
            )
        except Error as error:
            raise Refused(str(error)) from error


def _proof_of(asked: Asked, fields: Mapping[str, Any]) -> bytes:
    """The proof's bytes in an answer, if it is about the arrays that were sent."""
    error, proof, digest = (fields.get(k) for k in ("error", "proof", "arrays_hash"))
    if isinstance(error, str):
        raise Refused(f"the venue made no proof: {re.sub('[^A-Z_]', '?', error[:20])}")
    if not isinstance(proof, bytes):
        raise Refused("no proof came with the reply")
    if len(proof) != PROOF_BYTES:
        raise Refused(f"proof: {len(proof)} bytes; a proof has {PROOF_BYTES}")
    if not isinstance(digest, bytes) or not hmac.compare_digest(digest, asked.arrays_hash):
        raise Refused("arrays: the venue evaluated others than were sent")
    return proof


# ---------------------------------------------------------------------- arrays of others

_MAX_HEADER = 4096  # bytes of an .npy header; NumPy writes about a hundred


def read_array(data: bytes, like: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """An array from .npy bytes of somebody else, which must be one of type and shape of `like` with finite
    numbers. Nothing is allocated on the word of the header. Refused says what is wrong."""
    if len(data) > like.nbytes + _MAX_HEADER:
        raise Refused("holds more bytes than the one that was sent")
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version == (1, 0):
            header = np.lib.format.read_array_header_1_0(stream, _MAX_HEADER)
        else:
            header = np.lib.format.read_array_header_2_0(stream, _MAX_HEADER)
    except Exception as error:  # of NumPy's parser of untrusted text
        raise Refused("is no array") from error
    shape, fortran, dtype = header
    if shape != like.shape or dtype != like.dtype or dtype.hasobject:
        raise Refused(f"is {dtype} of {shape}, not {like.dtype} of {like.shape}")
    body = data[stream.tell() :]
    if len(body) != like.nbytes:
        raise Refused("is cut off or too long")
    array = np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
    if not np.isfinite(array).all():
        raise Refused("has numbers that are not finite")
    return array
