"""snarkjs accepts our plain Groth16 keys, proofs and public values, and refuses tampered ones.

Ours are what the C test test_groth16_snarkjs leaves in the build folder: snarkjs/NAME/vkey.json,
proof.json and public.json. The other direction, snarkjs's under our verifier, is in that C test;
the vectors that it reads are shown to be good here.
"""

import glob
import json
import os
import subprocess

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("ZKM_BUILD", os.path.join(ROOT, "build"))
VECTORS = sorted(glob.glob(os.path.join(ROOT, "tests", "vectors", "snarkjs", "*", "vkey.json")))
OURS = sorted(glob.glob(os.path.join(BUILD, "snarkjs", "*", "vkey.json")))


@pytest.fixture(scope="session")
def snarkjs():
    found = subprocess.run(
        [os.path.join(ROOT, "scripts", "test-snarkjs")], capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def verdict(snarkjs, vkey, public, proof):
    ran = subprocess.run(
        ["node", snarkjs, "groth16", "verify", vkey, public, proof], capture_output=True, text=True
    )
    good, bad = "OK!" in ran.stdout, "Invalid proof" in ran.stdout
    assert good != bad and (ran.returncode == 0) == good, ran.stdout + ran.stderr
    return good


def check_folder(snarkjs, vkey, tmp_path):
    folder = os.path.dirname(vkey)
    proof, public = os.path.join(folder, "proof.json"), os.path.join(folder, "public.json")
    assert verdict(snarkjs, vkey, public, proof)
    with open(public) as f:
        values = json.load(f)
    for i in {0, len(values) - 1}:
        changed = values[:i] + [str(int(values[i]) + 1)] + values[i + 1 :]
        (tmp_path / "public.json").write_text(json.dumps(changed))
        assert not verdict(snarkjs, vkey, str(tmp_path / "public.json"), proof)


@pytest.mark.parametrize("vkey", VECTORS, ids=lambda p: p.split(os.sep)[-2])
def test_the_vectors_are_good(snarkjs, vkey, tmp_path):
    check_folder(snarkjs, vkey, tmp_path)


def test_there_are_proofs_of_ours():
    if not os.path.exists(os.path.join(BUILD, "test_groth16_snarkjs")):
        pytest.skip("no test_groth16_snarkjs in the build folder, which writes the proofs to check")
    assert (
        OURS
    ), "test_groth16_snarkjs left nothing in the build folder's snarkjs/; run it there first"


@pytest.mark.parametrize("vkey", OURS, ids=lambda p: p.split(os.sep)[-2])
def test_snarkjs_accepts_ours(snarkjs, vkey, tmp_path):
    check_folder(snarkjs, vkey, tmp_path)
