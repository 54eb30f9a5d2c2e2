"""Proofs in federated learning with Flower (flwr 1.41, Python 3.11 and later); docs/federation.md is the manual.

The aggregator wraps its strategy in Verified, a venue puts proof_mod into its ClientApp. The names that need flwr are loaded
when they are used; Registry, Prover and Judge do without.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from zkmetric.flower.gate import Decision, Gate
from zkmetric.flower.protocol import Judge, Prover, Query, Refused, arrays_hash
from zkmetric.flower.registry import Registration, Registry
from zkmetric.flower.template import onnx_template

if TYPE_CHECKING:
    from zkmetric.flower.client import (
        REGISTER_ACTION,
        proof_metrics,
        proof_mod,
        registration,
        registration_properties,
    )
    from zkmetric.flower.legacy import VerifiedLegacy
    from zkmetric.flower.server import Verified

__all__ = [
    "REGISTER_ACTION",
    "Decision",
    "Gate",
    "Judge",
    "Prover",
    "Query",
    "Refused",
    "Registration",
    "Registry",
    "Verified",
    "VerifiedLegacy",
    "arrays_hash",
    "onnx_template",
    "proof_metrics",
    "proof_mod",
    "registration",
    "registration_properties",
]

_PLACES = {
    "REGISTER_ACTION": "client",
    "proof_metrics": "client",
    "proof_mod": "client",
    "registration": "client",
    "registration_properties": "client",
    "Verified": "server",
    "VerifiedLegacy": "legacy",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(importlib.import_module(f"{__name__}.{_PLACES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name and error.name.split(".")[0] == "flwr":
            raise ImportError(
                "zkmetric.flower needs Flower: pip install 'flwr>=1.41,<1.42' onnx"
            ) from error
        raise
