"""Zero-knowledge proofs of a model's error on committed, private data.

    schema = zkmetric.Schema.propose(features, targets)
    circuit = zkmetric.Circuit.compile(model, schema, features, targets, capacity=1024)
    zkmetric.setup(circuit, "keys")                                    # the verifier
    dataset = zkmetric.Dataset.commit(schema, my_features, my_targets)  # a venue, before the model is known
    key = zkmetric.ProvingKey("keys/pk.zkm", circuit)
    proof = zkmetric.prove(circuit, key, model, dataset, threshold=0.05, context=context)
    zkmetric.verify(zkmetric.VerifyingKey.read("keys/vk.zkm"), proof, model_id=circuit.model_id(model),
                    dataset_id=dataset.dataset_id, context=context, min_samples=1000, threshold=0.05)

Long calls leave the interpreter to other threads, tell their progress, and end within a second of Ctrl-C.
"""

from zkmetric import _core
from zkmetric._values import Path, Progress, Threshold
from zkmetric.circuits import Circuit, Evaluation, model_id
from zkmetric.data import Column, Dataset, Schema
from zkmetric.errors import (
    ArgumentError,
    Cancelled,
    Error,
    FormatError,
    InputOutputError,
    InternalError,
    MismatchError,
    NotFoundError,
    OutOfMemoryError,
    RandomError,
    RangeError,
    Rejected,
    Status,
    UnsupportedError,
)
from zkmetric.keys import ProvingKey, VerifyingKey, setup
from zkmetric.models import Model, ModelLike
from zkmetric.proofs import (
    NO_CONTEXT,
    PROOF_BYTES,
    Proof,
    Statement,
    derive_context,
    prove,
    verify,
    verify_batch,
)

__version__ = _core.version()

__all__ = [
    "NO_CONTEXT",
    "PROOF_BYTES",
    "ArgumentError",
    "Cancelled",
    "Circuit",
    "Column",
    "Dataset",
    "Error",
    "Evaluation",
    "FormatError",
    "InputOutputError",
    "InternalError",
    "MismatchError",
    "Model",
    "ModelLike",
    "NotFoundError",
    "OutOfMemoryError",
    "Path",
    "Progress",
    "Proof",
    "ProvingKey",
    "RandomError",
    "RangeError",
    "Rejected",
    "Schema",
    "Statement",
    "Status",
    "Threshold",
    "UnsupportedError",
    "VerifyingKey",
    "backend",
    "derive_context",
    "model_id",
    "prove",
    "select_backend",
    "setup",
    "verify",
    "verify_batch",
]


def backend() -> str:
    """The arithmetic in use: "portable", "adx", "fma" or "ifma". Results do not depend on it."""
    return _core.backend_name()


def select_backend(name: str | None) -> None:
    """Chooses the arithmetic for the whole process; None: the environment variable ZKM_BACKEND's, or the
    fastest. ArgumentError when the processor lacks it."""
    _core.backend_select(name)
