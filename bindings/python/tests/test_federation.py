"""A federation of real processes: a SuperLink, three SuperNodes, one round, two lies."""

import json
import subprocess
import sys

import pytest
from helpers import TOP

pytest.importorskip("flwr")
DEMO = TOP / "examples" / "hedge_federation" / "demo.py"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("federation") / "out"
    out = subprocess.run(
        [sys.executable, DEMO, "--rounds", "1", "--rows", "4", "--venues", "honest,labels,weight",
         "--timeout", "600", folder],
        capture_output=True, text=True,
    )  # fmt: skip
    return folder, out


def test_flower_says_that_the_run_completed(ran):
    """By flwr list, which the demonstration asked: flwr run's exit status says nothing."""
    folder, out = ran
    listed = json.loads((folder / "flwr-list.json").read_text())
    assert [r["status"] for r in listed["runs"]] == ["finished:completed"], out.stdout + out.stderr


def test_the_lies_are_refused_and_the_honest_venue_counts(ran):
    folder, out = ran
    report = json.loads((folder / "report.json").read_text())
    train = {d["venue"]: d for d in report["decisions"] if d["phase"] == "train"}
    assert train["venue-1"]["accepted"] and train["venue-1"]["num_samples"] == 4
    assert "dataset_id" in train["venue-2"]["reason"]
    assert "pairing" in train["venue-3"]["reason"]
    evaluated = {d["venue"]: d["accepted"] for d in report["decisions"] if d["phase"] == "evaluate"}
    assert evaluated == {"venue-1": True, "venue-2": False, "venue-3": False}
    assert out.returncode == 0 and 0.01 < report["rmse"]["1"] < 0.2, out.stdout


def test_no_process_is_left(ran):
    folder, _ = ran
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert str(folder) not in listed
