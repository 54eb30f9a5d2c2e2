"""What can go wrong. Every exception that the package raises by itself is an Error."""

from __future__ import annotations

import enum

from zkmetric import _core


class Status(enum.IntEnum):
    """The library's status numbers, which are stable."""

    OK = _core.ZKM_OK
    REJECTED = _core.ZKM_REJECTED
    ARGUMENT = _core.ZKM_ERR_ARGUMENT
    FORMAT = _core.ZKM_ERR_FORMAT
    RANGE = _core.ZKM_ERR_RANGE
    UNSUPPORTED = _core.ZKM_ERR_UNSUPPORTED
    MISMATCH = _core.ZKM_ERR_MISMATCH
    NOT_FOUND = _core.ZKM_ERR_NOT_FOUND
    MEMORY = _core.ZKM_ERR_MEMORY
    IO = _core.ZKM_ERR_IO
    RANDOM = _core.ZKM_ERR_RANDOM
    CANCELLED = _core.ZKM_ERR_CANCELLED
    INTERNAL = _core.ZKM_ERR_INTERNAL


class Error(Exception):
    """Something was refused or failed.

    Attributes:
        code: the status, for example Status.FORMAT.
        place: what the message is about, as exactly as known: a file, a row and column, a layer; "" if nothing.
        remedy: what to do about it.
        index: of a batch, the number of the proof that is bad; otherwise None.
    """

    code: Status = Status.INTERNAL
    _remedy: str = "report it with what led to it"

    def __init__(
        self, message: str, *, place: str = "", remedy: str = "", index: int | None = None
    ) -> None:
        super().__init__(message)
        self.place = place
        self.remedy = remedy or self._remedy
        self.index = index

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), str(self), self.place, self.remedy, self.index)


def _again(kind: type[Error], message: str, place: str, remedy: str, index: int | None) -> Error:
    return kind(message, place=place, remedy=remedy, index=index)


class Rejected(Error):
    """A proof is not valid, or does not say what was expected of it."""

    code = Status.REJECTED
    _remedy = "do not rely on it; ask its maker for another"


class ArgumentError(Error, ValueError):
    """An argument is outside its documented range."""

    code = Status.ARGUMENT
    _remedy = "give a value within the documented range"


class FormatError(Error, ValueError):
    """A file or byte string is malformed, truncated or damaged."""

    code = Status.FORMAT
    _remedy = "fetch or make it again"


class RangeError(Error, ValueError):
    """A number does not fit the scale that the schema or the circuit gives it."""

    code = Status.RANGE
    _remedy = "correct the number, or compile with more room"


class UnsupportedError(Error):
    """Well-formed, but outside what this version can prove."""

    code = Status.UNSUPPORTED
    _remedy = "docs/operators.md lists what can be proved"


class MismatchError(Error, ValueError):
    """Two inputs do not belong together: key and circuit, model and circuit, data and commitment."""

    code = Status.MISMATCH
    _remedy = "give what was made together"


class NotFoundError(Error, LookupError):
    """An input file cannot be opened."""

    code = Status.NOT_FOUND
    _remedy = "check the path"


class OutOfMemoryError(Error, MemoryError):
    """Memory is short."""

    code = Status.MEMORY
    _remedy = "free memory or use a smaller capacity"


class InputOutputError(Error):
    """Reading or writing failed."""

    code = Status.IO
    _remedy = "check the disk"


class RandomError(Error):
    """The system's source of randomness failed."""

    code = Status.RANDOM
    _remedy = "check the system"


class Cancelled(Error):
    """A progress callback returned False."""

    code = Status.CANCELLED
    _remedy = "start it again"


class InternalError(Error):
    """A check of the library on itself failed."""


_KINDS: dict[int, type[Error]] = {
    kind.code: kind
    for kind in (
        Rejected,
        ArgumentError,
        FormatError,
        RangeError,
        UnsupportedError,
        MismatchError,
        NotFoundError,
        OutOfMemoryError,
        InputOutputError,
        RandomError,
        Cancelled,
        InternalError,
    )
}


def from_library(status: int, message: str, place: str, remedy: str, index: int) -> Error:
    """The exception for a zkm_error; the extension calls this."""
    kind = _KINDS.get(status, InternalError)
    return kind(message, place=place, remedy=remedy, index=None if index < 0 else index)
