"""Ceremonies as operators and participants meet them: the actions of `zkmetric ceremony`."""
import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "independent")]
import transcripts
from test_cli import CONTEXT, ZKMETRIC, Ran, good, write_csv, write_model

POWER = 12
ACTIONS = ["new-ptau", "contribute-ptau", "beacon-ptau", "check-ptau", "init", "contribute", "beacon", "verify", "finalize"]


def ceremony(action, *args):
    return good("ceremony", action, *args)


def refused(*args, status=(1, 2)):
    r = Ran("ceremony", *args)
    assert r.status in (status if isinstance(status, tuple) else (status,)), (r.status, r.out, r.err)
    assert r.err.startswith(f"zkmetric ceremony {args[0]}: "), r.err
    return r.err


@pytest.fixture(scope="module")
def w(tmp_path_factory):
    """A circuit, powers of tau by two participants, and a ceremony: 0.zkc .. 3.zkc, keys."""
    folder = tmp_path_factory.mktemp("ceremony")
    model = write_model(folder / "model.onnx", hidden=2)
    x = np.random.default_rng(7).normal(size=(4, 3))
    write_csv(folder / "data.csv", x, model(x) + 0.01)
    good("schema", folder / "data.csv", "--target", "y", "-o", folder / "schema.json")
    good("compile", folder / "model.onnx", "--schema", folder / "schema.json", "--calibration", folder / "data.csv", "--capacity", 4,
         "--bits", 8, "-o", folder / "circuit")
    ceremony("new-ptau", POWER, "-o", folder / "0.ptau")
    ceremony("contribute-ptau", folder / "0.ptau", "-o", folder / "1.ptau", "--name", "alice", "--entropy", "dice")
    ceremony("beacon-ptau", folder / "1.ptau", "-o", folder / "2.ptau", "--value", "0x00ff", "--iterations", 10)
    ceremony("init", folder / "circuit", folder / "2.ptau", "-o", folder / "0.zkc")
    ceremony("contribute", folder / "0.zkc", "-o", folder / "1.zkc", "--name", "bob")
    ceremony("contribute", folder / "1.zkc", "-o", folder / "2.zkc", "--name", "carol", "--entropy", "more dice")
    ceremony("beacon", folder / "2.zkc", "-o", folder / "3.zkc", "--value", "c0ffee", "--iterations", 10)
    ceremony("finalize", folder / "circuit", folder / "2.ptau", folder / "3.zkc", "-o", folder / "keys")
    return folder


@pytest.mark.parametrize("action", ACTIONS)
def test_help(action):
    r = ceremony(action, "--help")
    assert f"Usage: zkmetric ceremony {action}" in r.out and "--json" in r.out
    assert f"  {action} " in good("ceremony", "--help").out


def test_bad_use():
    assert Ran("ceremony").status == 2
    assert "no action 'frobnicate'" in Ran("ceremony", "frobnicate").err
    assert "1 to 28" in refused("new-ptau", "29", "-o", "x")
    assert "hex" in refused("beacon", "x", "-o", "y", "--value", "xyz")
    assert "no.zkc" in refused("contribute", "no.zkc", "-o", "y")
    assert "printable" in refused("contribute", "no.zkc", "-o", "y", "--name", "x" * 65)


def test_reports_name_everything_that_must_be_compared(w):
    text = ceremony("verify", w / "circuit", w / "2.ptau", w / "3.zkc", "--key", w / "keys" / "vk.zkm").out
    report = ceremony("verify", w / "circuit", w / "2.ptau", w / "3.zkc", "--json").json
    assert [one["name"] for one in report["list"]] == ["bob", "carol", ""]
    assert [one["kind"] for one in report["list"]] == ["participant", "participant", "beacon"]
    assert report["list"][2]["value"] == "c0ffee"
    assert report["contributions"] == 3 and report["transcript"] == report["list"][2]["hash"]
    assert report["ptau_blake2b"] == hashlib.blake2b((w / "2.ptau").read_bytes()).hexdigest()
    for value in (report["transcript"], report["vk_digest"], report["ptau_blake2b"], "carol", "c0ffee"):
        assert value in text


@pytest.mark.parametrize("name", ["2.ptau", "3.zkc"])
def test_second_checker_accepts_the_transcripts(w, name):
    said = transcripts.check((w / name).read_bytes())
    report = ceremony("check-ptau", w / name, "--json") if name == "2.ptau" else ceremony("verify", w / "circuit", w / "2.ptau", w / name,
                                                                                         "--json")
    assert [("0x" + one["hash"], one["name"]) for one in said] == [(one["hash"], one["name"]) for one in report.json["list"]]
    assert [transcripts.KINDS[one["kind"]] for one in said] == [one["kind"] for one in report.json["list"]]


def test_second_checker_refuses_a_mutated_beacon(w):
    """The last contribution, field by field: cheap to check, as a beacon's secrets are known."""
    _, n, rest = transcripts.beginning(*transcripts.sections((w / "3.zkc").read_bytes()))
    size = transcripts.FRAME + transcripts.LINK * n + 32
    before, last = rest[-2 * size:-size], rest[-size:]
    points = [transcripts.read_g1(before[transcripts.FRAME + transcripts.LINK * i:][:64]) for i in range(n)]
    transcripts.check_one(last, before[-32:], points)
    for at in (0, 4, 8, 12, 76, transcripts.FRAME, transcripts.FRAME + transcripts.LINK + 64, transcripts.FRAME + 128, size - 1):
        with pytest.raises(transcripts.Rejected):
            transcripts.check_one(last[:at] + bytes([last[at] ^ 1]) + last[at + 1:], before[-32:], points)


def test_attestation_is_the_transcript_that_verify_shows(w):
    text = ceremony("contribute", w / "2.zkc", "-o", w / "also.zkc", "--name", "dave").out
    last = ceremony("verify", w / "circuit", w / "2.ptau", w / "also.zkc", "--json").json["list"][-1]
    assert last["name"] == "dave" and last["hash"] in text


def test_keys_are_marked_and_prove(w):
    good("commit", w / "data.csv", "--schema", w / "schema.json", "-o", w / "opening")
    good("prove", "--circuit", w / "circuit", "--key", w / "keys" / "pk.zkm", "--model", w / "model.onnx", "--opening",
         w / "opening" / "opening.zkm", "--context", CONTEXT, "--threshold", "0.5", "-o", w / "proof.json")
    r = good("verify", "--key", w / "keys" / "vk.zkm", w / "proof.json")
    assert "ceremony with 3 contributions" in r.out and "single-party" not in r.out
    report = good("verify", "--key", w / "keys" / "vk.zkm", w / "proof.json", "--json").json
    assert report["setup"] == "ceremony" and report["contributions"] == 3
    assert report["transcript"] == ceremony("verify", w / "circuit", w / "2.ptau", w / "3.zkc", "--json").json["transcript"]
    exported = good("export", "vk-json", "--key", w / "keys" / "vk.zkm").out
    assert '"setup": "ceremony"' in exported or '"setup":"ceremony"' in exported


def test_announced_key_of_another_ceremony_is_refused(w):
    ceremony("contribute", w / "2.zkc", "-o", w / "else.zkc")
    ceremony("finalize", w / "circuit", w / "2.ptau", w / "else.zkc", "-o", w / "else")
    assert "not the key" in refused("verify", w / "circuit", w / "2.ptau", w / "3.zkc", "--key", w / "else" / "vk.zkm", status=1)
    good("setup", w / "circuit", "-o", w / "single")
    assert "not the key" in refused("verify", w / "circuit", w / "2.ptau", w / "3.zkc", "--key", w / "single" / "vk.zkm", status=1)


def test_no_keys_without_a_contribution(w):
    assert "no participant has contributed" in refused("finalize", w / "circuit", w / "2.ptau", w / "0.zkc", "-o", w / "none")
    assert not os.path.exists(w / "none" / "pk.zkm")


def test_powers_are_checked(w):
    assert ceremony("check-ptau", w / "2.ptau", "--json").json["contributions"] == 2
    refused("check-ptau", w / "0.ptau", status=1)
    refused("init", w / "circuit", w / "0.ptau", "-o", w / "never.zkc")
    assert not os.path.exists(w / "never.zkc")


KILLED = {"new-ptau": 20, "contribute-ptau": 30, "init": 20, "contribute": 100}
SECONDS = 12  # of kills an action; three at least


@pytest.mark.parametrize("action", KILLED)
def test_killed_at_random_points(w, tmp_path, action):
    """What is there afterwards is a whole file, or none; inputs are untouched; the next run succeeds; beside the output
    there are only temporary files, and what init goes on from, until it is done."""
    small = tmp_path / "small.ptau"
    ceremony("new-ptau", 8, "-o", small)
    inputs = {"new-ptau": [8], "contribute-ptau": [small], "init": [w / "circuit", w / "2.ptau"], "contribute": [w / "2.zkc"]}[action]
    before = {path: path.read_bytes() for path in (small, w / "2.ptau", w / "2.zkc", w / "circuit")}
    out, rng = tmp_path / "out", random.Random(5)
    whole = 0

    def check():
        if action == "contribute-ptau":
            ceremony("check-ptau", out)
        elif action == "contribute":
            ceremony("verify", w / "circuit", w / "2.ptau", out)
        else:  # always the same bytes
            assert out.read_bytes() == (small if action == "new-ptau" else w / "0.zkc").read_bytes()

    start = time.monotonic()
    ceremony(action, *inputs, "-o", tmp_path / "timed")
    usual = time.monotonic() - start
    for _ in range(max(3, min(KILLED[action], round(SECONDS / (0.6 * usual))))):
        p = subprocess.Popen([ZKMETRIC, "ceremony", action, *map(str, inputs), "-o", str(out)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0, 1.2 * usual))
        p.send_signal(signal.SIGKILL)
        p.wait()
        if out.exists():
            whole += 1
            if whole % 8 == 1:
                check()
            out.unlink()
    assert {path: path.read_bytes() for path in before} == before
    left = {path.name for path in tmp_path.iterdir()} - {"small.ptau", "timed"}
    part = r"\.(tau1|tau2|alpha1|beta1|quotient)\.part"  # what an interrupted init goes on from
    kept = rf"out({part})?\.[A-Za-z0-9]{{6}}" + (rf"|out{part}" if action == "init" else "")
    assert all(re.fullmatch(kept, name) for name in left), left
    ceremony(action, *inputs, "-o", out)
    check()
    assert not [path.name for path in tmp_path.iterdir() if path.suffix == ".part"]


def test_full_disk_leaves_nothing(w, tmp_path):
    if not shutil.which("prlimit"):
        pytest.skip("prlimit is missing")
    p = subprocess.run(["prlimit", "--fsize=20000", ZKMETRIC, "ceremony", "contribute", str(w / "2.zkc"), "-o", str(tmp_path / "x.zkc")],
                       capture_output=True)
    assert p.returncode != 0 and not (tmp_path / "x.zkc").exists()
