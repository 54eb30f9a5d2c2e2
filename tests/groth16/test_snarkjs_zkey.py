"""snarkjs proves with the keys and witnesses that we export, and its proofs verify under our verifying key.

The files are what the C test test_groth16_snarkjs leaves in the build folder: snarkjs_zkey/NAME/circuit.zkey,
witness.wtns and vkey.json.
"""
import glob
import json
import os
import subprocess

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
BUILD = os.environ.get("ZKM_BUILD", os.path.join(ROOT, "build"))
KEYS = sorted(glob.glob(os.path.join(BUILD, "snarkjs_zkey", "*", "circuit.zkey")))


@pytest.fixture(scope="session")
def snarkjs():
    found = subprocess.run([os.path.join(ROOT, "scripts", "test-snarkjs")], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


def run(snarkjs, *arguments):
    ran = subprocess.run(["node", snarkjs, *arguments], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_there_are_keys_of_ours():
    if not os.path.exists(os.path.join(BUILD, "test_groth16_snarkjs")):
        pytest.skip("no test_groth16_snarkjs in the build folder, which writes the keys to check")
    assert KEYS, f"test_groth16_snarkjs left nothing in {os.path.join(BUILD, 'snarkjs_zkey')}; run it in the build folder first"


@pytest.mark.parametrize("key", KEYS, ids=lambda p: p.split(os.sep)[-2])
def test_snarkjs_proves_with_our_key(snarkjs, key, tmp_path):
    folder = os.path.dirname(key)
    proof, public = str(tmp_path / "proof.json"), str(tmp_path / "public.json")
    run(snarkjs, "groth16", "prove", key, os.path.join(folder, "witness.wtns"), proof, public)
    assert "OK!" in run(snarkjs, "groth16", "verify", os.path.join(folder, "vkey.json"), public, proof)


@pytest.mark.parametrize("key", KEYS, ids=lambda p: p.split(os.sep)[-2])
def test_snarkjs_reads_the_same_verifying_key(snarkjs, key, tmp_path):
    exported = tmp_path / "vkey.json"
    run(snarkjs, "zkey", "export", "verificationkey", key, str(exported))
    with open(os.path.join(os.path.dirname(key), "vkey.json")) as f:
        assert json.load(f) == json.loads(exported.read_text())
