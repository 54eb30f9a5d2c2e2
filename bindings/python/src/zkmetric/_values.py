"""From what callers have to what the library takes: paths, ids, thresholds, arrays, progress."""

from __future__ import annotations

import contextlib
import decimal
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from zkmetric import _core
from zkmetric.errors import ArgumentError, MismatchError, UnsupportedError

if TYPE_CHECKING:
    from zkmetric._core import _Rows

Kind = TypeVar("Kind")
Path = str | os.PathLike[str]
Threshold = str | int | float | decimal.Decimal
Progress = Callable[[str, int, int], object] | bool | None
"""What a long call tells how far it is: a callable (stage, done, total), whose returning False asks
the call to stop; True for a bar (tqdm where it is installed); None for silence."""


def path(value: Path) -> bytes:
    """A path as the library takes it."""
    encoded = os.fsencode(value)
    if b"\0" in encoded:
        raise ArgumentError(f"{value!r}: a path holds no NUL character", place=repr(value))
    return encoded


def paths(values: Sequence[Path]) -> list[bytes]:
    return [path(value) for value in values]


def of_kind(value: object, kind: type[Kind], name: str) -> Kind:
    """The value, if it is an object of that class of this package."""
    if not isinstance(value, kind):
        remedy = f"give a {kind.__name__} (help(zkmetric.{kind.__name__}) says how one is made)"
        raise ArgumentError(
            f"{name}: {type(value).__name__} is no {kind.__name__}; {remedy}",
            place=name,
            remedy=remedy,
        )
    return value


def octets(value: bytes | bytearray | memoryview, name: str) -> bytes:
    """Bytes of anything that holds bytes; bytes(5) would be five zeros."""
    try:
        return bytes(memoryview(value))
    except TypeError as error:
        message = f"{name}: must be bytes, not {type(value).__name__}; give bytes"
        raise ArgumentError(message, place=name, remedy="give bytes") from error


def field(value: str | bytes, name: str) -> bytes:
    """An id or context: 64 hexadecimal digits with or without 0x, or 32 bytes."""
    if isinstance(value, bytes):
        if len(value) != 32:
            raise ArgumentError(f"{name}: {len(value)} bytes; it has 32", place=name)
        value = value.hex()
    if not isinstance(value, str) or "\0" in value:
        raise ArgumentError(f"{name}: must be 64 hexadecimal digits or 32 bytes", place=name)
    return _core.field_from_hex(value)


def optional_field(value: str | bytes | None, name: str) -> bytes | None:
    return None if value is None else field(value, name)


def hexadecimal(value: bytes) -> str:
    return "0x" + value.hex()


def threshold(value: Threshold) -> int:
    """The bound times 2^32, rounded down: exactly that of the decimal number as written. A float is
    the shortest decimal number that reads back as it, so 0.05 is 0.05."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(
        value, (str, int, float, decimal.Decimal, np.integer, np.floating)
    ):
        raise ArgumentError("threshold: must be a number or its text", place="threshold")
    if isinstance(value, (float, np.floating)):
        value = repr(float(value))
    text = str(value)
    if "\0" in text:
        raise ArgumentError("threshold: must be a number or its text", place="threshold")
    return _core.threshold_from_text(text)


def whole(value: int, name: str, low: int, high: int) -> int:
    """An integer within bounds."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise ArgumentError(f"{name}: must be a whole number", place=name)
    if not low <= value <= high:
        raise ArgumentError(f"{name}: must be from {low} to {high}, not {value}", place=name)
    return int(value)


def threads(value: int) -> int:
    return whole(value, "threads", 0, 1024)


# ---------------------------------------------------------------------- arrays

_MAX_CELLS = 1 << 28  # of a table (docs/formats-data.md), checked before a copy is made


def matrix(values: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """Numbers as rows x columns doubles, contiguous: the cells that an .npy file of the array has.

    One dimension is one column; of more than two, all but the first are flattened. 64-bit integers
    become the nearest double. Numbers that are not finite are left for the library, which names
    row and column.
    """
    try:
        array = np.asanyarray(values)
    except Exception as error:  # whatever a foreign array type raises
        raise ArgumentError(
            f"{name}: not an array of numbers ({error}); give a NumPy array, or of a tensor "
            ".detach().cpu().numpy()",
            place=name,
        ) from error
    if isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array):
        raise ArgumentError(
            f"{name}: the array has masked values; fill them or remove their rows",
            place=name,
            remedy="fill them or remove their rows",
        )
    array = np.asarray(array)
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "fiub" or size > 8:
        raise UnsupportedError(
            f"{name}: elements of type '{array.dtype}' are no plain numbers; convert the array "
            "with .astype('float64')",
            place=name,
            remedy="convert the array with .astype('float64')",
        )
    if array.ndim == 0:
        raise ArgumentError(
            f"{name}: a single number; an array with one row a sample is needed", place=name
        )
    rows = array.shape[0]
    columns = math.prod(array.shape[1:])
    if rows * columns > _MAX_CELLS:
        raise ArgumentError(
            f"{name}: {rows} x {columns} numbers, more than {_MAX_CELLS}; give fewer rows",
            place=name,
            remedy="give fewer rows",
        )
    return np.ascontiguousarray(array.reshape(rows, columns), dtype=np.float64)


def rows(values: npt.ArrayLike, name: str, names: Sequence[str] | None) -> _Rows:
    """One array with names for its columns, as the extension takes it."""
    array = matrix(values, name)
    if names is not None and len(names) != array.shape[1]:
        raise MismatchError(
            f"{name}: {array.shape[1]} columns, but there are {len(names)} names for them "
            f"({', '.join(names[:3])}{', ...' if len(names) > 3 else ''}); give as many columns, in this order",
            place=name,
            remedy="give as many columns, in this order",
        )
    return name, array, array.shape[0], array.shape[1], names


# ---------------------------------------------------------------------- progress


class _Bar:
    """A tqdm bar, or lines on standard error where tqdm is not installed."""

    def __init__(self) -> None:
        self._stage = ""
        self._bar: Any = None
        with contextlib.suppress(ImportError):
            import tqdm

            self._bar = tqdm.tqdm(bar_format="{l_bar}{bar}| {elapsed}", leave=False)

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is not None:
            self._bar.total = total
            self._bar.n = done
            self._bar.set_description(stage)
        elif stage != self._stage:
            print(f"zkmetric: {stage}", file=sys.stderr, flush=True)
        self._stage = stage

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextlib.contextmanager
def reporting(progress: Progress) -> Iterator[Callable[[str, int, int], object] | None]:
    """The callable for the extension, for the time of one call."""
    if progress is None or progress is False:
        yield None
    elif progress is True:
        bar = _Bar()
        try:
            yield bar
        finally:
            bar.close()
    elif callable(progress):
        yield progress
    else:
        raise ArgumentError("progress: must be a callable, True or None", place="progress")
