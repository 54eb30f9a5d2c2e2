"""The portable arithmetic on a processor without AVX, BMI2 and ADX, emulated by qemu."""

import json
import os
import shutil
import subprocess

import pytest

BUILD = os.environ.get("ZKM_BUILD", "build")
QEMU = [shutil.which("qemu-x86_64") or "qemu-x86_64", "-cpu", "Nehalem"]
PROGRAMS = ["field", "tower", "groups", "pairing", "keccak", "poseidon2"]

pytestmark = pytest.mark.skipif(os.uname().machine != "x86_64", reason="x86-64 programs")


def emulate(program, *arguments, **environment):
    command = QEMU + [os.path.join(BUILD, program), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=600, env={**os.environ, **environment}
    )


def test_the_portable_backend_is_chosen():
    environment = {"ZKM_BACKEND": ""}
    run = emulate("bench_field", "--log2", "4", "--repeat", "1", "--json", **environment)
    assert run.returncode == 0, run.stderr
    assert {json.loads(row)["backend"] for row in run.stdout.splitlines()} == {"portable"}


def test_a_backend_that_the_processor_lacks_is_refused():
    run = emulate("bench_field", "--log2", "4", ZKM_BACKEND="fma")
    assert run.returncode == 2
    assert "fma" in run.stderr and "lacks" in run.stderr


@pytest.mark.parametrize("name", PROGRAMS)
def test_arithmetic(name):
    run = emulate(f"test_math_{name}", ZKM_BACKEND="")
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_batch_of_proofs_is_verified():
    run = emulate("bench_verify", "--repeat", "1", "--json", ZKM_BACKEND="")
    assert run.returncode == 0, run.stderr
    assert "verify_batch_100" in run.stdout
