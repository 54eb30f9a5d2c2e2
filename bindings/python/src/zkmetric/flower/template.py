"""Models of a round's arrays by way of one ONNX file."""

from __future__ import annotations

import os

from zkmetric.errors import MismatchError
from zkmetric.flower.protocol import Arrays, ToModel
from zkmetric.models import ModelLike, onnx_bytes


def onnx_template(model: ModelLike) -> ToModel:
    """A ToModel that puts a round's arrays into a network, in place of its initializers of the same names. The
    others (constants, for example of a standardisation) stay. Needs the package onnx.

    Args:
        model: an ONNX file, its bytes, or an onnx.ModelProto.
    """
    import onnx
    from onnx import numpy_helper

    # A file is loaded, since weights may lie beside it.
    data = onnx_bytes(onnx.load(model) if isinstance(model, (str, os.PathLike)) else model)

    def to_model(arrays: Arrays) -> bytes:
        made = onnx.load_from_string(data)
        places = {tensor.name: tensor for tensor in made.graph.initializer}
        for name, array in arrays.items():
            if name not in places:
                raise MismatchError(f"arrays: the network has no weights '{name}'", place="arrays")
            tensor = numpy_helper.from_array(array, name)
            if list(tensor.dims) != list(places[name].dims):
                raise MismatchError(
                    f"arrays: '{name}' is {list(tensor.dims)}, the network's {list(places[name].dims)}",
                    place="arrays",
                )
            places[name].CopyFrom(tensor)
        return bytes(made.SerializeToString())

    return to_model
