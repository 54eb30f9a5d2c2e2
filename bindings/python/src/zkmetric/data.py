"""Schemas, and datasets committed to."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Literal

import numpy.typing as npt

from zkmetric import _core, _values
from zkmetric._values import Path
from zkmetric.errors import ArgumentError


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of the data.

    Attributes:
        name: 1 to 255 bytes of UTF-8.
        role: an input of the model, what it predicts, or kept out of both.
        frac_bits: one unit of the integer is 2**-frac_bits; 0 for a time.
    """

    name: str
    role: Literal["feature", "target", "time"]
    frac_bits: int


class Schema:
    """What the columns of the data are called, what they are for, and at which scale a number becomes
    an integer of 16 bits: round-half-even(x * 2**frac_bits).

    Made by propose, propose_files, from_json or read. Venues that are compared need the same one.
    """

    def __init__(self, handle: _core._Schema) -> None:
        self._handle = handle
        document = json.loads(_core.schema_to_json(handle))
        self.columns: tuple[Column, ...] = tuple(
            Column(c["name"], c["role"], c.get("frac_bits", 0)) for c in document["columns"]
        )

    @classmethod
    def propose(
        cls,
        features: npt.ArrayLike,
        targets: npt.ArrayLike,
        *,
        feature_names: Sequence[str] | None = None,
        target_names: Sequence[str] | None = None,
    ) -> Schema:
        """A schema whose scales leave room for twice the largest value of each column.

        Args:
            features: n rows of K numbers, in the unit that the model takes.
            targets: n rows of m numbers; one dimension is one target.
            feature_names: K names; without them x_0, x_1, ... (x where there is one).
            target_names: m names; without them y, or y_0, y_1, ...

        Raises:
            RangeError: a number is not finite, or too large for the coarsest scale.
            ArgumentError, MismatchError, UnsupportedError: the arrays or names are no such thing.
        """
        x_names = _texts(feature_names or _names("x", features, "features"))
        y_names = _texts(target_names or _names("y", targets, "targets"))
        x = _values.rows(features, "features", x_names)
        y = _values.rows(targets, "targets", y_names)
        return cls(_core.schema_propose([x, y], None, y_names, []))

    @classmethod
    def propose_files(
        cls, *files: Path, targets: Sequence[str], time: Sequence[str] = ()
    ) -> Schema:
        """The same for data files (CSV or .npy; columns of several side by side).

        Args:
            files: their paths.
            targets: names of the columns that the model predicts.
            time: columns to leave out, besides those called time, timestamp, date or datetime.
        """
        return cls(_core.schema_propose(None, _values.paths(files), _texts(targets), _texts(time)))

    @classmethod
    def from_json(cls, text: str) -> Schema:
        """From the text of a schema file (docs/formats-data.md)."""
        return cls(_core.schema_from_json(text))

    @classmethod
    def read(cls, path: Path) -> Schema:
        """From a schema file."""
        return cls(_core.schema_read(_values.path(path)))

    def to_json(self) -> str:
        """The text of a schema file."""
        return _core.schema_to_json(self._handle)

    def write(self, path: Path) -> None:
        """Writes a schema file, by rename."""
        _core.schema_write(self._handle, _values.path(path))

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the model's inputs, in order."""
        return tuple(c.name for c in self.columns if c.role == "feature")

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of what the model predicts, in order."""
        return tuple(c.name for c in self.columns if c.role == "target")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schema) and self.columns == other.columns

    def __hash__(self) -> int:
        return hash(self.columns)

    def __reduce__(self) -> tuple[object, ...]:
        return Schema.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        return f"<Schema of {len(self.features)} features and {len(self.targets)} targets>"

    def _arrays(self, features: npt.ArrayLike, targets: npt.ArrayLike) -> list[_core._Rows]:
        """Labelled rows as the extension takes them."""
        return [
            _values.rows(features, "features", self.features),
            _values.rows(targets, "targets", self.targets),
        ]


def _names(stem: str, values: npt.ArrayLike, name: str) -> list[str]:
    width = _values.matrix(values, name).shape[1]
    return [stem] if width == 1 else [f"{stem}_{i}" for i in range(width)]


def _texts(names: Sequence[str]) -> list[str]:
    if isinstance(names, str):
        raise ArgumentError(f"{names!r}: give a list of names", place=repr(names))
    return list(names)


class Dataset:
    """Labelled samples that are committed to: the opening of a dataset_id.

    It holds the rows and the salt, so it is secret; dataset_id is what may be published, before the
    model is known. Made by commit, commit_files or read.
    """

    def __init__(self, handle: _core._Opening) -> None:
        self._handle = handle
        self.dataset_id: str = _values.hexadecimal(_core.opening_dataset_id(handle))
        self.num_samples: int = _core.opening_num_samples(handle)

    @classmethod
    def commit(cls, schema: Schema, features: npt.ArrayLike, targets: npt.ArrayLike) -> Dataset:
        """Quantises rows under the schema and commits to them with a fresh salt.

        The integers are those of the same numbers in an .npy file.

        Args:
            schema: the schema that the circuit is, or will be, compiled with.
            features: n rows of the schema's features, in its order.
            targets: n rows of its targets; one dimension is one target.

        Raises:
            RangeError: a number is not finite or does not fit its scale; row and column are named.
            ArgumentError, MismatchError, UnsupportedError: the arrays are no such thing.
        """
        arrays = _values.of_kind(schema, Schema, "schema")._arrays(features, targets)
        return cls(_core.opening_commit(schema._handle, arrays, None))

    @classmethod
    def commit_files(cls, schema: Schema, *files: Path) -> Dataset:
        """The same for data files (CSV or .npy; columns of several side by side)."""
        _values.of_kind(schema, Schema, "schema")
        return cls(_core.opening_commit(schema._handle, None, _values.paths(files)))

    @classmethod
    def read(cls, path: Path) -> Dataset:
        """From an opening.zkm file. FormatError when it is damaged."""
        return cls(_core.opening_read(_values.path(path)))

    def write(self, folder: Path) -> None:
        """Writes FOLDER/opening.zkm (secret, mode 0600) and FOLDER/dataset.json (public). An
        opening that is there already is kept under another name."""
        _core.opening_write(self._handle, _values.path(folder))

    def check(self, schema: Schema, features: npt.ArrayLike, targets: npt.ArrayLike) -> None:
        """Raises MismatchError, naming the first row that differs, unless these are the committed
        rows, in their order."""
        arrays = _values.of_kind(schema, Schema, "schema")._arrays(features, targets)
        _core.opening_check_rows(self._handle, arrays)

    def __repr__(self) -> str:
        return f"<Dataset of {self.num_samples} samples, {self.dataset_id}>"
