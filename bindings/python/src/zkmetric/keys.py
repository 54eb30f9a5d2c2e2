"""Keys of a circuit."""

from __future__ import annotations

import json
from typing import Any

from zkmetric import _core, _values
from zkmetric._values import Path, Progress
from zkmetric.circuits import Circuit
from zkmetric.models import ModelLike, as_model


def setup(
    circuit: Circuit, folder: Path, *, threads: int = 0, progress: Progress = None
) -> dict[str, Any]:
    """Makes keys by one party: FOLDER/pk.zkm, FOLDER/vk.zkm and FOLDER/vk.json.

    Whoever runs it could keep what forges proofs under these keys. A verifier runs it, or trusts who
    did (docs/threat-model.md); a venue that makes its own keys proves nothing to others.

    Returns:
        The report of the command's setup (docs/formats-cli.md).

    Raises:
        InputOutputError, OutOfMemoryError, Cancelled.
    """
    handle = _values.of_kind(circuit, Circuit, "circuit")._handle
    with _values.reporting(progress) as report:
        text = _core.setup(handle, _values.path(folder), _values.threads(threads), report)
    return dict(json.loads(text))


class ProvingKey:
    """The key that prove needs: public, large, and a file, which is mapped and not read whole.

    Args:
        path: of pk.zkm, which must stay as it is while this object lives.
        circuit: the circuit that it was made for.

    Raises:
        MismatchError: it is another circuit's.
        FormatError: it is damaged. Damage among its points is found by prove.
    """

    def __init__(self, path: Path, circuit: Circuit) -> None:
        handle = _values.of_kind(circuit, Circuit, "circuit")._handle
        self._handle = _core.proving_key_open(_values.path(path), handle)
        self._circuit = circuit

    @classmethod
    def open(cls, path: Path, circuit: Circuit) -> ProvingKey:
        """The constructor, by the name that it has in C."""
        return cls(path, circuit)

    def specialise(
        self, model: ModelLike, path: Path, *, threads: int = 0, progress: Progress = None
    ) -> ProvingKey:
        """A key that proves this model only, with less work: the fewer samples, the less.

        Writes it to path, readable by its owner alone: it is as secret as the model. Proofs with it
        are proofs like any other, under the same verifying key.

        Args:
            model: what prove takes.

        Raises:
            ArgumentError: this key is specialised already.
            MismatchError: the model is of another architecture than the circuit.
            FormatError: this key is damaged.
            InputOutputError, OutOfMemoryError, Cancelled.
        """
        weights = as_model(model, len(self._circuit.schema.features))
        with _values.reporting(progress) as report:
            _core.proving_key_specialise(
                self._handle,
                self._circuit._handle,
                weights._handle,
                _values.path(path),
                _values.threads(threads),
                report,
            )
        return ProvingKey(path, self._circuit)


class VerifyingKey:
    """The key that verify needs: public and small. Made by read or from_bytes.

    Attributes:
        digest: names the key.
        circuit_digest: names the circuit.
        setup: who made it: "single-party", "ceremony" or "foreign".
    """

    def __init__(self, handle: _core._VerifyingKey) -> None:
        self._handle = handle
        digest, circuit_digest, self.setup = _core.verifying_key_info(handle)
        self.digest: str = _values.hexadecimal(digest)
        self.circuit_digest: str = _values.hexadecimal(circuit_digest)

    @classmethod
    def read(cls, path: Path) -> VerifyingKey:
        """From a vk.zkm file."""
        return cls(_core.verifying_key_read(_values.path(path)))

    @classmethod
    def from_bytes(cls, data: bytes) -> VerifyingKey:
        """From the bytes of a vk.zkm file."""
        return cls(_core.verifying_key_from_bytes(_values.octets(data, "key")))

    def to_json(self) -> str:
        """The text of vk.json."""
        return _core.verifying_key_to_json(self._handle)

    def __repr__(self) -> str:
        return f"<VerifyingKey {self.digest}, {self.setup}>"
