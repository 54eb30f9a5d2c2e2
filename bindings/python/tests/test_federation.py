"""A federation of real processes: a SuperLink, three SuperNodes, one round, two lies."""

import json
import subprocess
import sys

import pytest
from helpers import HEDGE, TOP

pytest.importorskip("flwr")
DEMO = TOP / "examples" / "hedge_federation" / "demo.py"
CLIENT = DEMO.with_name("client.py")


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


def test_the_log_of_the_aggregator_says_why(ran):
    """As flwr log gives it."""
    folder, _ = ran
    log = (folder / "server_app.log").read_text()
    for venue, why in (("venue-2", "dataset_id:"), ("venue-3", "proof: the pairing")):
        assert f"round 1, train, {venue}: refused: {why}" in log, log
    assert "round 1, train, venue-1: accepted, weight 4, verdict" in log


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"source": "none.csv"}, "none.csv"),
        ({"source": HEDGE / "model.onnx"}, "model.onnx: "),
        ({"--public": "nowhere"}, "circuit.zkm: cannot open"),
        ({"--validate": "0"}, "1000 rows, of which 0 cannot be committed"),
        ({"--validate": "1000"}, "of which 1000 cannot"),
        ({"venue": "a/b"}, "'a/b' is no name"),
    ],
)
def test_a_venue_is_told_before_it_connects(ran, tmp_path, changes, words):
    """The classic command line, client.py VENUE_ID HOST:PORT SOURCE, with one word of it wrong."""
    options = {"--public": ran[0] / "public", "--validate": "4", "--home": tmp_path}
    given = {"venue": "v", "superlink": "127.0.0.1:1", "source": HEDGE / "validation.csv"}
    given = {**given, **options, **changes}
    words_of = [given["venue"], given["superlink"], given["source"]]
    command = [sys.executable, CLIENT, *words_of, *(w for k in options for w in (k, given[k]))]
    out = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=60)
    assert out.returncode == 1 and out.stderr.startswith("client.py: "), out.stderr
    assert words in out.stderr and "Traceback" not in out.stderr


def test_no_process_is_left(ran):
    folder, _ = ran
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert str(folder) not in listed
