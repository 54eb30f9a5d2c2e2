"""Models: ONNX files and bytes, onnx.ModelProto, torch modules."""

from __future__ import annotations

import os
import tempfile
from typing import Any

from zkmetric import _core, _values
from zkmetric.errors import ArgumentError, Error, UnsupportedError

ModelLike = Any
"""A Model, or what Model takes: a path, bytes, an onnx.ModelProto or a torch.nn.Module."""


class Model:
    """A neural network whose error can be proved (docs/operators.md).

    Args:
        source: the path of an ONNX file, its bytes, an onnx.ModelProto, or a torch.nn.Module, which
            PyTorch exports (that needs the packages onnx and onnxscript).
        output: which output to take, where the graph has several.
        num_features: how many numbers a sample has; for a torch module that does not begin with a
            Linear layer.

    Raises:
        UnsupportedError: a node cannot be proved; it is named, with what would help.
        FormatError: not an ONNX model, or damaged.
    """

    def __init__(
        self, source: ModelLike, *, output: str | None = None, num_features: int | None = None
    ) -> None:
        self._handle = _open(source, output, num_features)
        self.num_features, self.num_outputs = _core.model_shape(self._handle)

    def __repr__(self) -> str:
        return f"<Model of {self.num_features} features and {self.num_outputs} outputs>"


def as_model(source: ModelLike, num_features: int | None = None) -> Model:
    """A Model of whatever may stand for one."""
    return source if isinstance(source, Model) else Model(source, num_features=num_features)


def _open(source: ModelLike, output: str | None, num_features: int | None) -> _core._Model:
    if output is not None and (not isinstance(output, str) or "\0" in output):
        raise ArgumentError("output: must be the name of an output", place="output")
    if isinstance(source, (str, os.PathLike)):
        return _core.model_open(_values.path(source), output)
    if _is_torch_module(source):
        with tempfile.TemporaryDirectory(prefix="zkmetric-") as folder:
            path = os.path.join(folder, "model.onnx")
            export_torch(source, path, num_features)
            return _core.model_open(os.fsencode(path), output)
    return _core.model_from_bytes(onnx_bytes(source), output)


def onnx_bytes(source: Any) -> bytes:
    """An ONNX file's bytes, of bytes or an onnx.ModelProto."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if hasattr(source, "SerializeToString"):
        return bytes(source.SerializeToString())
    raise ArgumentError(
        f"model: a {type(source).__name__} is none; give an ONNX file or its bytes, an "
        "onnx.ModelProto or a torch.nn.Module",
        place="model",
        remedy="give an ONNX file or its bytes, an onnx.ModelProto or a torch.nn.Module",
    )


def _is_torch_module(source: object) -> bool:
    return any(
        kind.__module__.split(".")[0] == "torch" and kind.__name__ == "Module"
        for kind in type(source).__mro__
    )


def export_torch(module: Any, path: _values.Path, num_features: int | None = None) -> None:
    """Writes a torch module as ONNX, in evaluation mode, with a free batch dimension.

    Args:
        module: a torch.nn.Module that takes one tensor of batch x features.
        path: where to; large weights may go to a second file beside it.
        num_features: features of a sample; None: those of the first Linear layer.

    Raises:
        UnsupportedError: PyTorch cannot export it; the reason is PyTorch's.
    """
    import torch

    width = num_features or _first_width(module)
    parameter = next(iter(module.parameters()), torch.zeros(1))
    example = torch.zeros(2, width, dtype=parameter.dtype, device=parameter.device)
    training = module.training
    module.eval()
    try:
        torch.onnx.export(
            module,
            (example,),
            os.fspath(path),
            input_names=["features"],
            output_names=["outputs"],
            dynamic_axes={"features": {0: "batch"}, "outputs": {0: "batch"}},
            opset_version=18,
        )
    except Error:
        raise
    except Exception as error:  # PyTorch's exporters raise anything
        raise UnsupportedError(
            f"the torch module: PyTorch could not export it to ONNX: {error}",
            place="the torch module",
            remedy="export it with torch.onnx.export and give the file",
        ) from error
    finally:
        module.train(training)


def _first_width(module: Any) -> int:
    import torch

    for part in module.modules():
        if isinstance(part, torch.nn.Linear):
            return int(part.in_features)
    raise ArgumentError(
        "num_features: the torch module has no Linear layer to tell it; give it",
        place="num_features",
        remedy="give it",
    )
