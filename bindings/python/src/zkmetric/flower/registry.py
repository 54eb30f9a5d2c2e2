"""Who committed to what, and what was asked about it: a SQLite file, of an aggregator or of a venue."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import sqlite3
import threading
import time
from collections.abc import Iterator

from zkmetric._values import Path
from zkmetric.errors import InputOutputError, MismatchError

_TABLES = """
CREATE TABLE IF NOT EXISTS registrations (
    venue TEXT NOT NULL,
    window TEXT NOT NULL,
    dataset_id TEXT NOT NULL UNIQUE,
    registered_at REAL NOT NULL,
    PRIMARY KEY (venue, window)
);
CREATE TABLE IF NOT EXISTS queries (
    dataset_id TEXT NOT NULL,
    run TEXT NOT NULL,
    round INTEGER NOT NULL,
    query BLOB NOT NULL,
    asked_at REAL NOT NULL,
    outcome TEXT,
    proof BLOB,
    PRIMARY KEY (dataset_id, run, round)
);
"""


@dataclasses.dataclass(frozen=True)
class Registration:
    """A venue's commitment for a window of time."""

    venue: str
    window: str
    dataset_id: str
    registered_at: float


class Registry:
    """Registrations and queries, which outlive the process.

    One dataset for each venue and window, one venue for each dataset, one query for each dataset, run and round:
    the first one counts. Several processes may use one file.

    Args:
        path: of the SQLite file; made when missing. ":memory:" keeps nothing.
    """

    def __init__(self, path: Path) -> None:
        self._path = os.fspath(path)
        self._lock = threading.Lock()
        with self._failures():
            self._db = sqlite3.connect(self._path, timeout=30, check_same_thread=False)
            self._db.executescript(_TABLES)

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise InputOutputError(
                f"{self._path}: the registry cannot be used: {error}; check the file and its disk",
                place=self._path,
                remedy="check the file and its disk",
            ) from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._failures(), self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def register(self, venue: str, dataset_id: str, *, window: str = "") -> Registration:
        """Registers a dataset, or finds that it is registered so already.

        An operator who got ids by another way calls this before the run; nodes that claim another id are
        refused then.

        Raises:
            MismatchError: the venue has another dataset in this window, or the dataset another venue or window.
        """
        with self._transaction() as db:
            row = db.execute(
                "SELECT venue, window, dataset_id, registered_at FROM registrations "
                "WHERE (venue = ? AND window = ?) OR dataset_id = ?",
                (venue, window, dataset_id),
            ).fetchone()
            if row is None:
                row = (venue, window, dataset_id, time.time())
                db.execute("INSERT INTO registrations VALUES (?, ?, ?, ?)", row)
        found = Registration(*row)
        if found.dataset_id != dataset_id:
            raise MismatchError(
                f"{venue}: has registered {found.dataset_id} for this window, and {dataset_id} is another; "
                "one dataset counts for a window",
                place=venue,
                remedy="one dataset counts for a window",
            )
        if (found.venue, found.window) != (venue, window):
            raise MismatchError(
                f"{venue}: {dataset_id} is registered already, by another venue or for another window; "
                "commit again, with a fresh salt",
                place=venue,
                remedy="commit again, with a fresh salt",
            )
        return found

    def registration(self, venue: str, *, window: str = "") -> Registration | None:
        """What a venue has registered."""
        with self._failures(), self._lock:
            row = self._db.execute(
                "SELECT venue, window, dataset_id, registered_at FROM registrations "
                "WHERE venue = ? AND window = ?",
                (venue, window),
            ).fetchone()
        return Registration(*row) if row else None

    def ask(
        self, dataset_id: str, run: int, round: int, query: bytes, most: int | None = None
    ) -> bool:
        """Notes a query. False, and nothing is noted: another one about this dataset was noted in this round, or
        `most` in all. The same one again is no other."""
        with self._transaction() as db:
            row = db.execute(
                "SELECT query FROM queries WHERE dataset_id = ? AND run = ? AND round = ?",
                (dataset_id, str(run), round),
            ).fetchone()
            if row is not None:
                return bytes(row[0]) == query
            count = "SELECT count(*) FROM queries WHERE dataset_id = ?"
            if most is not None and db.execute(count, (dataset_id,)).fetchone()[0] >= most:
                return False
            db.execute(
                "INSERT INTO queries (dataset_id, run, round, query, asked_at) VALUES (?, ?, ?, ?, ?)",
                (dataset_id, str(run), round, query, time.time()),
            )
        return True

    def settle(
        self, dataset_id: str, run: int, round: int, outcome: str, proof: bytes | None = None
    ) -> None:
        """Notes how a query ended: "accepted", or why not."""
        with self._transaction() as db:
            db.execute(
                "UPDATE queries SET outcome = ?, proof = ? WHERE dataset_id = ? AND run = ? AND round = ?",
                (outcome, proof, dataset_id, str(run), round),
            )

    def outcomes(self, dataset_id: str) -> list[tuple[int, int, str | None]]:
        """(run, round, outcome) of the queries about a dataset, oldest first."""
        with self._failures(), self._lock:
            rows = self._db.execute(
                "SELECT run, round, outcome FROM queries WHERE dataset_id = ? ORDER BY asked_at, rowid",
                (dataset_id,),
            ).fetchall()
        return [(int(run), round, outcome) for run, round, outcome in rows]

    def close(self) -> None:
        """Closes the file."""
        self._db.close()
