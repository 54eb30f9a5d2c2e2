"""Clients by the names that simulations of such proofs use, so that their code moves over by its imports.

docs/migration.md shows each step. What a simulation cannot know is new here: a circuit and keys that the verifier
made, a dataset that was committed before, a context.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import pathlib
import time
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from zkmetric import _values
from zkmetric._values import Path, Progress, Threshold
from zkmetric.circuits import Circuit, Evaluation
from zkmetric.data import Dataset, Schema
from zkmetric.errors import (
    ArgumentError,
    FormatError,
    MismatchError,
    NotFoundError,
    RangeError,
    Rejected,
    UnsupportedError,
)
from zkmetric.keys import ProvingKey, VerifyingKey, setup
from zkmetric.models import Model, ModelLike, _is_torch_module, as_model, export_torch, onnx_bytes
from zkmetric.proofs import NO_CONTEXT, Proof, prove, verify

KEYS_VARIABLE = "ZKMETRIC_KEYS"
"""Names a folder with circuit.zkm and pk.zkm, for code that gives a client neither."""

_FLOAT32_SLACK = 1e-5  # of the largest output: what float32 sums in another order differ by


class ProductionZKMLClient:
    """Proves what a model is worth on a venue's own data.

    Args:
        client_id: a name, which comes back in results; nothing is proved about it.
        model: the network; anything that zkmetric.Model takes.
        use_ezkl: the historic name of `backend`: True is "zkmetric", False is "none".
        backend: "zkmetric" proves; "none" never does, so that `fallback` decides.
        circuit: a Circuit or its file. None: circuit.zkm in the folder that ZKMETRIC_KEYS names.
        proving_key: a ProvingKey or its file, made by the verifier's setup. None: pk.zkm there.
        dataset: a Dataset or its opening.zkm, committed before the model was known. None: each proof
            commits afresh, and its dataset_id means nothing to a verifier who wants one registered.
        fallback: what happens when no proof can be made because circuit or key are missing, the
            model is not supported, or the backend is "none": "error" raises; "simulate" returns a
            result whose is_production is False and whose proof no verifier accepts. Wrong arguments
            are an error in either case.
        threads: 0: every processor.
        progress: see zkmetric.Progress.
    """

    def __init__(
        self,
        client_id: str,
        model: ModelLike,
        use_ezkl: bool = True,
        *,
        backend: Literal["zkmetric", "none"] | None = None,
        circuit: Circuit | Path | None = None,
        proving_key: ProvingKey | Path | None = None,
        dataset: Dataset | Path | None = None,
        fallback: Literal["error", "simulate"] = "error",
        threads: int = 0,
        progress: Progress = None,
    ) -> None:
        if backend not in (None, "zkmetric", "none"):
            raise ArgumentError(
                f"backend: {backend!r} is none of 'zkmetric', 'none'", place="backend"
            )
        if fallback not in ("error", "simulate"):
            raise ArgumentError(
                f"fallback: {fallback!r} is none of 'error', 'simulate'", place="fallback"
            )
        self.client_id = client_id
        self.backend = backend or ("zkmetric" if use_ezkl else "none")
        self.fallback = fallback
        self._model, self._circuit, self._key = model, circuit, proving_key
        self._dataset = (
            dataset if isinstance(dataset, Dataset) or dataset is None else Dataset.read(dataset)
        )
        self._threads, self._progress = threads, progress

    def generate_accuracy_proof(
        self,
        model_predictions: npt.ArrayLike | None,
        actual_values: npt.ArrayLike,
        validation_features: npt.ArrayLike,
        threshold: Threshold = 0.05,
        model_hash: str | bytes | None = None,
        *,
        context: str | bytes = NO_CONTEXT,
    ) -> dict[str, Any]:
        """Proves whether the model's RMSE on the rows is below a bound, whichever is true.

        Args:
            model_predictions: what the caller's model predicts for the rows, n or n x m. They are compared
                with the circuit's own; the proof does not use them. None: no comparison.
            actual_values: the labels, n or n x m.
            validation_features: n x K.
            threshold: the bound of the RMSE.
            model_hash: the model_id that the model must have (Circuit.model_id); None: any.
            context: what the proof is for; what the verifier expects, and new for each use.

        Returns:
            proof: the JSON form as a dictionary; proof_bytes: the binary form.
            is_production: True when it is a proof.
            public_inputs: the statement as the JSON form has it (model_hash is the model_id).
            verdict: 1: the RMSE is below the bound; 0: it is not.
            timings: seconds of evaluate, commit, prove, total, and of prove's stages.
            client_id, backend.

        Raises:
            MismatchError: predictions, model_hash or rows are not those of the model or the dataset.
            RangeError, ArgumentError, FormatError, Cancelled: see Circuit.evaluate and prove.
            NotFoundError, UnsupportedError: no proof can be made, and fallback is "error".
        """
        started = time.monotonic()
        bound = _values.threshold(threshold)
        wanted = _values.optional_field(model_hash, "model_hash")
        try:
            circuit, key, model = self._prover()
        except (NotFoundError, UnsupportedError) as error:
            if self.fallback != "simulate":
                raise
            return self._simulated(str(error), model_predictions, actual_values, bound)
        if wanted is not None and circuit.model_id(model) != _values.hexadecimal(wanted):
            raise MismatchError(
                f"model_hash: the model's id is {circuit.model_id(model)}, not {_values.hexadecimal(wanted)}; "
                "give the model that was announced",
                place="model_hash",
                remedy="give the model that was announced",
            )
        clock = _Clock()
        with clock.stage("evaluate"):
            found = circuit.evaluate(
                model, validation_features, actual_values, threads=self._threads
            )
            if model_predictions is not None:
                _compare(model_predictions, found)
        with clock.stage("commit"):
            dataset = self._committed(circuit, validation_features, actual_values)
        with clock.stage("prove"):
            proof = prove(
                circuit,
                key,
                model,
                dataset,
                threshold=threshold,
                context=context,
                threads=self._threads,
                progress=self._progress,
            )
        result = _result(proof)
        result["timings"] = {
            **clock.seconds,
            "total": time.monotonic() - started,
            "stages": proof.timings,
        }
        result |= {"client_id": self.client_id, "backend": self.backend}
        return result

    def _prover(self) -> tuple[Circuit, ProvingKey, Model]:
        if self.backend == "none":
            raise UnsupportedError(
                "backend: 'none' makes no proofs; give backend='zkmetric'",
                place="backend",
                remedy="give backend='zkmetric'",
            )
        circuit = self._given(self._circuit, "circuit", "circuit.zkm")
        if not isinstance(circuit, Circuit):
            circuit = Circuit.read(circuit)
        key = self._given(self._key, "proving_key", "pk.zkm")
        if not isinstance(key, ProvingKey):
            key = ProvingKey(key, circuit)
        model = as_model(self._model, len(circuit.schema.features))
        self._circuit, self._key, self._model = circuit, key, model
        return circuit, key, model

    def _given(self, value: Any, name: str, file: str) -> Any:
        if value is not None:
            return value
        folder = os.environ.get(KEYS_VARIABLE)
        if not folder:
            remedy = f"give {name}=, or set {KEYS_VARIABLE} to the folder of circuit.zkm and pk.zkm"
            raise NotFoundError(f"{name}: none was given; {remedy}", place=name, remedy=remedy)
        return os.path.join(folder, file)

    def _committed(
        self, circuit: Circuit, features: npt.ArrayLike, targets: npt.ArrayLike
    ) -> Dataset:
        if self._dataset is None:
            return Dataset.commit(circuit.schema, features, targets)
        self._dataset.check(circuit.schema, features, targets)
        return self._dataset

    def _simulated(
        self,
        reason: str,
        predictions: npt.ArrayLike | None,
        labels: npt.ArrayLike,
        bound: int,
    ) -> dict[str, Any]:
        """A result without a proof: no points, no ids, nothing that a reader of proofs takes."""
        targets = _values.matrix(labels, "actual_values")
        verdict: int | None = None
        if predictions is not None:
            given = _predictions(predictions, targets.shape)
            error = float(np.sqrt(np.mean((given - targets) ** 2)))
            verdict = int(error < math.ldexp(bound, -32))
        proof = {"simulated": True, "client_id": self.client_id, "reason": reason}
        return {
            "proof": proof,
            "proof_bytes": json.dumps(proof).encode(),
            "is_production": False,
            "public_inputs": {
                "threshold": math.ldexp(bound, -32),
                "threshold_fixed": bound,
                "num_samples": len(targets),
                "verdict": verdict,
            },
            "verdict": verdict,
            "timings": {},
            "client_id": self.client_id,
            "backend": "simulation",
        }


class _Clock:
    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - started


def _result(proof: Proof) -> dict[str, Any]:
    document = json.loads(proof.to_json())
    return {
        "proof": document,
        "proof_bytes": proof.to_bytes(),
        "is_production": True,
        "public_inputs": document["public_inputs"],
        "verdict": proof.statement.verdict,
    }


def _predictions(values: npt.ArrayLike, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """What the caller's model predicts, which must be one row for each row of the data."""
    given = _values.matrix(values, "model_predictions")
    if given.shape != shape:
        raise MismatchError(
            f"model_predictions: {given.shape[0]} rows of {given.shape[1]}, where the data needs {shape[0]} of "
            f"{shape[1]}; predict the rows that are proved",
            place="model_predictions",
            remedy="predict the rows that are proved",
        )
    return given


def _compare(predictions: npt.ArrayLike, found: Evaluation) -> None:
    """The caller's predictions must be the circuit's but for what quantisation changes on these very
    rows (the largest difference between model and circuit) and the rounding of float32."""
    given = _predictions(predictions, found.circuit_outputs.shape)
    slack = _FLOAT32_SLACK * max(1.0, float(np.abs(found.model_outputs).max()))
    allowed = found.max_abs_output_error + slack
    apart = np.abs(given - found.circuit_outputs)
    bad = ~(apart <= allowed)  # so that NaN is bad
    if bad.any():
        row = int(np.argmax(bad.any(axis=1)))
        column = int(np.argmax(bad[row]))
        raise MismatchError(
            f"model_predictions: row {row + 1}: {given[row, column]:g} was given, the circuit computes "
            f"{found.circuit_outputs[row, column]:g}, and quantisation explains a difference of {allowed:.2g} at most; "
            "predict these rows with the model that is proved",
            place=f"model_predictions: row {row + 1}",
            remedy="predict these rows with the model that is proved",
        )


class EZKLProofGenerator:
    """The whole way, step by step, with one set of rows: for trying it out, and for the party that makes keys.

    In a federation the aggregator does the first three steps, on rows of its own, and the venues prove with
    ProductionZKMLClient: keys that a venue made itself prove nothing to others.

    Args:
        model: the network; anything that zkmetric.Model takes.
        features: n x K numbers, used for calibration and for proofs.
        targets: their labels, n or n x m.
        work_dir: where model.onnx, schema.json, circuit.zkm, pk.zkm, vk.zkm and vk.json go; made when missing.
        threads: 0: every processor.
        progress: see zkmetric.Progress.
    """

    def __init__(
        self,
        model: ModelLike,
        features: npt.ArrayLike,
        targets: npt.ArrayLike,
        *,
        work_dir: Path = "zkmetric-keys",
        threads: int = 0,
        progress: Progress = None,
    ) -> None:
        self.work_dir = pathlib.Path(work_dir)
        self._source, self._features, self._targets = model, features, targets
        self._threads, self._progress = threads, progress
        self._model: Model | None = None
        self._circuit: Circuit | None = None
        self._key: ProvingKey | None = None
        self._verifying_key: VerifyingKey | None = None
        self._dataset: Dataset | None = None

    def export_model_to_onnx(self) -> pathlib.Path:
        """Writes WORK_DIR/model.onnx. UnsupportedError names the first node that cannot be proved."""
        width = _values.matrix(self._features, "features").shape[1]
        self.work_dir.mkdir(parents=True, exist_ok=True)
        path = self.work_dir / "model.onnx"
        if _is_torch_module(self._source):
            export_torch(self._source, path, width)
        elif isinstance(self._source, (str, os.PathLike)):
            # Weights may lie beside the file, so it stays where it is.
            path = pathlib.Path(self._source)
        else:
            path.write_bytes(onnx_bytes(self._source))
        self._model = Model(path)
        return path

    def compile_circuit(
        self, bits: int = 16, *, capacity: int | None = None, headroom: float = 2.0
    ) -> Circuit:
        """Chooses scales on the rows; writes schema.json and circuit.zkm.

        Args:
            bits: width of activations, 8 to 16.
            capacity: the most samples of one proof; None: as many as there are rows.
            headroom: room for the ranges of later weights, 1 to 64.
        """
        model = self._need(self._model, "export_model_to_onnx")
        rows = _values.matrix(self._features, "features").shape[0]
        schema = Schema.propose(self._features, self._targets)
        self._circuit = Circuit.compile(
            model,
            schema,
            self._features,
            self._targets,
            capacity=rows if capacity is None else capacity,
            bits=bits,
            headroom=headroom,
            threads=self._threads,
            progress=self._progress,
        )
        schema.write(self.work_dir / "schema.json")
        self._circuit.write(self.work_dir / "circuit.zkm")
        return self._circuit

    def setup_proving_keys(self) -> dict[str, Any]:
        """Makes pk.zkm, vk.zkm and vk.json; returns zkmetric.setup's report."""
        circuit = self._need(self._circuit, "compile_circuit")
        report = setup(circuit, self.work_dir, threads=self._threads, progress=self._progress)
        self._key = ProvingKey(self.work_dir / "pk.zkm", circuit)
        self._verifying_key = VerifyingKey.read(self.work_dir / "vk.zkm")
        return report

    def generate_proof(
        self, threshold: Threshold = 0.05, *, context: str | bytes = NO_CONTEXT
    ) -> dict[str, Any]:
        """Proves whether the RMSE on the rows is below a bound. The rows are committed once.

        Returns:
            What ProductionZKMLClient.generate_accuracy_proof returns.
        """
        circuit = self._need(self._circuit, "compile_circuit")
        if self._dataset is None:
            self._dataset = Dataset.commit(circuit.schema, self._features, self._targets)
        client = ProductionZKMLClient(
            "generator",
            self._need(self._model, "export_model_to_onnx"),
            circuit=circuit,
            proving_key=self._need(self._key, "setup_proving_keys"),
            dataset=self._dataset,
            threads=self._threads,
            progress=self._progress,
        )
        return client.generate_accuracy_proof(
            None, self._targets, self._features, threshold, context=context
        )

    def verify_proof(
        self, proof: Proof | Mapping[str, Any] | str | bytes, **expectations: Any
    ) -> bool:
        """True when it is a valid proof that says what is expected; False for whatever else it is.

        Args:
            proof: a Proof, either form of one, or a result of generate_proof.
            expectations: those of zkmetric.verify. Without any, a proof of anything is accepted.

        Raises:
            ArgumentError: an expectation is malformed.
        """
        key = self._need(self._verifying_key, "setup_proving_keys")
        try:
            taken = _as_proof(proof)
        except (FormatError, RangeError, ArgumentError):
            return False
        try:
            verify(key, taken, **expectations)
        except Rejected:
            return False
        return True

    def _need(self, value: Any, step: str) -> Any:
        if value is None:
            raise ArgumentError(f"generator: call {step}() first", place="generator")
        return value


def _as_proof(proof: Proof | Mapping[str, Any] | str | bytes) -> Proof:
    if isinstance(proof, Proof):
        return proof
    if isinstance(proof, Mapping):
        return Proof.from_json(proof.get("proof", {}) if "is_production" in proof else proof)
    return Proof.from_json(proof) if isinstance(proof, str) else Proof.from_bytes(proof)
