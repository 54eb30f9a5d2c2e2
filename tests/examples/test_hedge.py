"""The shipped hedge example: its rows come from the simulator that is shipped with it."""

import os
import sys

import numpy as np
import pytest

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "hedge")
sys.path.insert(0, FOLDER)
import market  # noqa: E402


@pytest.mark.parametrize("name, rows, seed", [("validation", 1000, 3), ("calibration", 256, 4)])
def test_rows_are_the_simulators(name, rows, seed):
    with open(os.path.join(FOLDER, name + ".csv")) as f:
        header = f.readline().strip().split(",")
        found = np.loadtxt(f, delimiter=",")
    assert header == market.FEATURES + [market.TARGET]
    x, y = market.simulate(rows, seed)
    # One unit of the last digit: processors differ in the last bit of an exponential before the
    # rounding.
    unit = np.array([10.0 ** -c[3] for c in market.COLUMNS] + [10.0**-market.TARGET_DECIMALS])
    assert found.shape == (rows, 26)
    assert (np.abs(found - np.column_stack([x, y])) <= 1.01 * unit).all()


def test_rows_are_within_the_documented_bounds():
    for name in ("validation", "calibration"):
        rows = np.loadtxt(os.path.join(FOLDER, name + ".csv"), delimiter=",", skiprows=1)
        for column, (_, low, high, _) in zip(rows.T, market.COLUMNS):
            assert low <= column.min() and column.max() <= high
        assert (rows[:, -1] >= 0).all() and (rows[:, -1] <= 1).all() and rows[:, -1].std() > 0.2
