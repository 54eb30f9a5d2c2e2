"""Circuits: an architecture under scales, for which keys are made."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zkmetric import _core, _values
from zkmetric._values import Path, Progress
from zkmetric.data import Schema
from zkmetric.errors import ArgumentError
from zkmetric.models import ModelLike, as_model


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """A model beside its circuit on labelled rows. Nothing of it is proved, and all of it is private.

    Attributes:
        float_metric: RMSE of the model's outputs against the targets.
        integer_metric: RMSE of the circuit's, which a proof is about.
        max_abs_output_error: the largest difference between the two outputs.
        model_outputs: n x m, in double arithmetic.
        circuit_outputs: n x m, exactly those that a proof about these rows is about.
    """

    float_metric: float
    integer_metric: float
    max_abs_output_error: float
    model_outputs: npt.NDArray[np.float64]
    circuit_outputs: npt.NDArray[np.float64]


class Circuit:
    """What a proof computes: an architecture, its scales, a capacity and a metric. It has no weights: each
    round proves new ones with the same circuit and keys. Made by compile, compile_files or read.

    Attributes:
        digest: what keys and proofs name it by.
        constraints: its size, which the time of a proof is proportional to.
        capacity: the most samples of one proof.
        schema: that of the data.
        report: of compile (docs/formats-cli.md): among others float_metric, integer_metric, layers;
            None for a circuit that was read.
    """

    def __init__(self, handle: _core._Circuit, report: dict[str, Any] | None = None) -> None:
        self._handle = handle
        digest, self.constraints, self.capacity = _core.circuit_info(handle)
        self.digest: str = _values.hexadecimal(digest)
        self.schema = Schema(_core.circuit_schema(handle))
        self.report = report

    @classmethod
    def compile(
        cls,
        model: ModelLike,
        schema: Schema,
        features: npt.ArrayLike,
        targets: npt.ArrayLike,
        *,
        capacity: int,
        bits: int = 16,
        headroom: float = 2.0,
        metric: str = "rmse",
        threads: int = 0,
        progress: Progress = None,
    ) -> Circuit:
        """Chooses scales on calibration rows and lays out the circuit.

        Args:
            model: see Model; its weights are only an example of those to come.
            schema: of the data.
            features, targets: calibration rows, as Dataset.commit takes them. The circuit remembers
                their ranges, nothing else of them.
            capacity: the most samples of one proof, 1 to 1,048,576.
            bits: width of activations, 8 to 16.
            headroom: room for the ranges of later rounds' weights, 1 to 64.
            metric: "rmse".
            threads: 0: every processor.
            progress: see zkmetric.Progress.

        Raises:
            RangeError: a layer cannot be quantised, or a row leaves its range.
            MismatchError: model, schema and rows do not go together.
            UnsupportedError, ArgumentError, Cancelled.
        """
        arrays = _values.of_kind(schema, Schema, "schema")._arrays(features, targets)
        return cls._compile(
            model, schema, arrays, None,
            capacity, bits, headroom, metric, threads, progress,
        )  # fmt: skip

    @classmethod
    def compile_files(
        cls,
        model: ModelLike,
        schema: Schema,
        *files: Path,
        capacity: int,
        bits: int = 16,
        headroom: float = 2.0,
        metric: str = "rmse",
        threads: int = 0,
        progress: Progress = None,
    ) -> Circuit:
        """The same with calibration rows from data files (CSV or .npy)."""
        _values.of_kind(schema, Schema, "schema")
        return cls._compile(
            model, schema, None, _values.paths(files),
            capacity, bits, headroom, metric, threads, progress,
        )  # fmt: skip

    @classmethod
    def _compile(
        cls,
        model: ModelLike,
        schema: Schema,
        arrays: Sequence[_core._Rows] | None,
        paths: Sequence[bytes] | None,
        capacity: int,
        bits: int,
        headroom: float,
        metric: str,
        threads: int,
        progress: Progress,
    ) -> Circuit:
        if not isinstance(headroom, (int, float, np.integer, np.floating)):
            raise ArgumentError("headroom: must be from 1 to 64", place="headroom")
        with _values.reporting(progress) as report:
            handle, text = _core.circuit_compile(
                as_model(model, len(schema.features))._handle,
                schema._handle,
                arrays,
                paths,
                metric,
                _values.whole(capacity, "capacity", 1, 1 << 20),
                _values.whole(bits, "bits", 8, 16),
                float(headroom),
                _values.threads(threads),
                report,
            )
        return cls(handle, json.loads(text))

    @classmethod
    def read(cls, path: Path) -> Circuit:
        """From a circuit file."""
        return cls(_core.circuit_read(_values.path(path)))

    def write(self, path: Path) -> None:
        """Writes a circuit file, by rename."""
        _core.circuit_write(self._handle, _values.path(path))

    def model_id(self, model: ModelLike) -> str:
        """The commitment to a model's weights under this circuit's scales: what a proof's model_id
        is compared with.

        Raises:
            MismatchError: its architecture is another.
            RangeError: a weight does not fit.
        """
        handle = as_model(model, len(self.schema.features))._handle
        return _values.hexadecimal(_core.circuit_model_id(self._handle, handle))

    def evaluate(
        self,
        model: ModelLike,
        features: npt.ArrayLike,
        targets: npt.ArrayLike,
        *,
        threads: int = 0,
        progress: Progress = None,
    ) -> Evaluation:
        """Runs model and circuit on labelled rows; see Evaluation.

        Raises:
            RangeError: a row leaves the circuit's ranges, so that no proof about it can be made.
            MismatchError: model or rows are not this circuit's.
        """
        arrays = self.schema._arrays(features, targets)
        with _values.reporting(progress) as report:
            exact, integer, largest, floats, integers = _core.circuit_evaluate(
                self._handle,
                as_model(model, len(self.schema.features))._handle,
                arrays,
                _values.threads(threads),
                report,
            )
        shape = (arrays[0][2], len(self.schema.targets))
        return Evaluation(
            exact,
            integer,
            largest,
            np.frombuffer(floats, np.float64).reshape(shape),
            np.frombuffer(integers, np.float64).reshape(shape),
        )

    def __repr__(self) -> str:
        return f"<Circuit of {self.constraints} constraints for {self.capacity} samples>"


def model_id(circuit: Circuit, model: ModelLike) -> str:
    """Circuit.model_id as a function."""
    return circuit.model_id(model)
