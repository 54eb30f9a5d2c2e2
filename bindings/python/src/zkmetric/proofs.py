"""Proofs: making them, their statement, verifying."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from zkmetric import _core, _values
from zkmetric._values import Path, Progress, Threshold
from zkmetric.circuits import Circuit
from zkmetric.data import Dataset
from zkmetric.errors import ArgumentError
from zkmetric.keys import ProvingKey, VerifyingKey
from zkmetric.models import ModelLike, as_model

PROOF_BYTES: int = _core.ZKM_PROOF_BYTES
"""Length of a proof's binary form: 160 of proof, 192 of statement."""


@dataclasses.dataclass(frozen=True)
class Statement:
    """What a proof says (docs/protocol.md).

    Attributes:
        model_id: commitment to the quantised weights.
        dataset_id: commitment to the rows.
        num_samples: how many there are.
        threshold_fixed: the bound times 2^32.
        verdict: 1: the metric is below the bound; 0: it is not.
        context: what the proof is for.
    """

    model_id: str
    dataset_id: str
    num_samples: int
    threshold_fixed: int
    verdict: int
    context: str

    @property
    def threshold(self) -> float:
        """The bound, as the number with the fewest decimals that means it."""
        return float(_core.threshold_to_text(self.threshold_fixed))


class Proof:
    """A proof with its statement. Made by prove, from_bytes, from_json or read. That one exists says nothing:
    verify does.

    Attributes:
        statement: what it says.
        timings: seconds of each stage; empty for a proof that was read.
        private_metric: the exact metric, where prove was asked to show it. It is secret, and no file, text or
            copy of the proof holds it.
    """

    def __init__(
        self,
        handle: _core._Proof,
        timings: Mapping[str, float] | None = None,
        private_metric: float | None = None,
    ) -> None:
        self._handle = handle
        ids = _core.proof_statement(handle)
        self.statement = Statement(
            _values.hexadecimal(ids[0]),
            _values.hexadecimal(ids[1]),
            *ids[2:5],
            _values.hexadecimal(ids[5]),
        )
        self.timings: dict[str, float] = dict(timings or {})
        self.private_metric = private_metric

    @classmethod
    def from_bytes(cls, data: bytes | bytearray | memoryview) -> Proof:
        """From the binary form, or the bytes of the JSON form. FormatError when it is neither."""
        return cls(_core.proof_from_bytes(_values.octets(data, "proof")))

    @classmethod
    def from_json(cls, text: str | Mapping[str, Any]) -> Proof:
        """From the JSON form, as text or parsed. FormatError when it is malformed."""
        if isinstance(text, Mapping):
            try:
                text = json.dumps(text)
            except (TypeError, ValueError, RecursionError) as error:
                raise ArgumentError(f"proof: no JSON object: {error}", place="proof") from error
        if not isinstance(text, str):
            raise ArgumentError("proof: must be JSON text or a dictionary", place="proof")
        return cls(_core.proof_from_bytes(text.encode("utf-8", "surrogatepass")))

    @classmethod
    def read(cls, path: Path) -> Proof:
        """From a file of either form."""
        return cls(_core.proof_read(_values.path(path)))

    def to_bytes(self) -> bytes:
        """The binary form: PROOF_BYTES bytes."""
        return _core.proof_to_bytes(self._handle)

    def to_json(self) -> str:
        """The JSON form (docs/formats.md)."""
        return _core.proof_to_json(self._handle)

    def to_calldata(self) -> dict[str, Any]:
        """What a contract takes: the words of "proof" and "statement", and more (docs/formats.md)."""
        return dict(json.loads(_core.proof_to_calldata(self._handle)))

    def write(self, path: Path, *, binary: bool = False) -> None:
        """Writes a file of one form, by rename."""
        _core.proof_write(self._handle, _values.path(path), binary)

    def __reduce__(self) -> tuple[object, ...]:
        return Proof.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        return f"<Proof of {self.statement}>"


NO_CONTEXT = "0x" + "00" * 32
"""The context of a proof that is bound to no use in particular."""


def prove(
    circuit: Circuit,
    key: ProvingKey,
    model: ModelLike,
    dataset: Dataset,
    *,
    threshold: Threshold,
    context: str | bytes,
    require_pass: bool = False,
    show_metric: bool = False,
    threads: int = 0,
    progress: Progress = None,
) -> Proof:
    """Proves whether the model's metric on the committed rows is below a bound, whichever is true, and
    verifies the proof before giving it.

    Each proof about a dataset tells one bit of its metric: prove one bound a round.

    Args:
        circuit, key: what the verifier's key was made with.
        model: this round's weights.
        dataset: the rows.
        threshold: the bound; a decimal number, at least 0 and below 65,536.
        context: what the proof is for, so that it cannot be used for anything else; 32 bytes or hexadecimal
            digits below the field's modulus, for example of derive_context. NO_CONTEXT binds to nothing.
        require_pass: raise Rejected instead of proving that the metric is not below the bound.
        show_metric: keep the exact metric in Proof.private_metric.
        threads: 0: every processor.
        progress: see zkmetric.Progress.

    Raises:
        MismatchError: the four do not belong together.
        RangeError: a weight or a sample does not fit; layer or sample is named.
        FormatError: the key is damaged.
        Rejected, ArgumentError, OutOfMemoryError, RandomError, Cancelled.
    """
    with _values.reporting(progress) as report:
        handle, text = _core.prove(
            _values.of_kind(circuit, Circuit, "circuit")._handle,
            _values.of_kind(key, ProvingKey, "key")._handle,
            as_model(model, len(circuit.schema.features))._handle,
            _values.of_kind(dataset, Dataset, "dataset")._handle,
            _values.threshold(threshold),
            _values.field(context, "context"),
            require_pass,
            _values.threads(threads),
            report,
        )
    found = json.loads(text)
    return Proof(handle, found["stages"], found["private_metric"] if show_metric else None)


def verify(
    key: VerifyingKey,
    proof: Proof,
    *,
    model_id: str | bytes | None = None,
    dataset_id: str | bytes | None = None,
    context: str | bytes | None = None,
    min_samples: int = 0,
    threshold: Threshold | None = None,
    require_pass: bool = False,
) -> Statement:
    """Accepts a proof, or raises Rejected, saying why.

    A proof without expectations proves something, perhaps not what you asked: say what you expect.

    Args:
        key: whose maker you trust.
        proof: of anybody.
        model_id, dataset_id, context: what the statement must name; None: anything.
        min_samples: the statement must cover at least these.
        threshold: its bound must be at most this.
        require_pass: its verdict must be 1.

    Returns:
        The statement, which is now known to be true.
    """
    _core.verify(
        _values.of_kind(key, VerifyingKey, "key")._handle,
        _values.of_kind(proof, Proof, "proof")._handle,
        _values.optional_field(model_id, "model_id"),
        _values.optional_field(dataset_id, "dataset_id"),
        _values.optional_field(context, "context"),
        _values.whole(min_samples, "min_samples", 0, (1 << 32) - 1),
        None if threshold is None else _values.threshold(threshold),
        require_pass,
    )
    return proof.statement


def verify_batch(key: VerifyingKey, proofs: Iterable[Proof]) -> list[Statement]:
    """Accepts all proofs under one key together, several times faster than one by one, or raises
    Rejected, whose index is that of the first bad one. Expectations are the caller's to check, on the
    statements that are returned."""
    taken = [_values.of_kind(p, Proof, f"proofs[{i}]") for i, p in enumerate(proofs)]
    _core.verify_batch(
        _values.of_kind(key, VerifyingKey, "key")._handle, [p._handle for p in taken]
    )
    return [proof.statement for proof in taken]


def derive_context(
    *,
    chain_id: int,
    contract: bytes,
    federation: bytes,
    round: int,
    client: bytes,
    nonce: bytes,
) -> str:
    """The context that a contract checks: Keccak-256 of the six parts as 32-byte words.

    Args:
        chain_id, round: below 2^64.
        contract, client: addresses of 20 bytes.
        federation, nonce: 32 bytes.
    """
    for name, value, length in (
        ("contract", contract, 20),
        ("federation", federation, 32),
        ("client", client, 20),
        ("nonce", nonce, 32),
    ):
        if not isinstance(value, bytes) or len(value) != length:
            raise ArgumentError(f"{name}: must be {length} bytes", place=name)
    return _values.hexadecimal(
        _core.context_derive(
            _values.whole(chain_id, "chain_id", 0, (1 << 64) - 1),
            contract,
            federation,
            _values.whole(round, "round", 0, (1 << 64) - 1),
            client,
            nonce,
        )
    )
