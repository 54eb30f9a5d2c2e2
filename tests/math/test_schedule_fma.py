"""scripts/schedule-fma.c: whatever order it stops at, its instructions compute the product."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CC = [os.environ.get("CC", "cc"), "-O2", "-I", ROOT / "src", "-I", ROOT / "include"]

pytestmark = pytest.mark.skipif(os.uname().machine != "x86_64", reason="x86-64 instructions")


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory):
    out = tmp_path_factory.mktemp("scheduler") / "schedule-fma"
    subprocess.run([*CC, "-o", out, ROOT / "scripts/schedule-fma.c"], check=True)
    return out


def check(folder):
    out = folder / "check"
    source = ROOT / "tests/math/scheduled_code.c"
    subprocess.run([*CC[:2], "-I", folder, "-I", ROOT / "tests", *CC[2:], "-o", out, source], check=True)
    run = subprocess.run([out], capture_output=True, text=True)
    if run.returncode == 77:
        pytest.skip("no AVX2 and FMA")
    return run.returncode


@pytest.mark.parametrize("steps", [0, 300])
def test_any_order_computes_the_product(scheduler, tmp_path, steps):
    (tmp_path / "math").mkdir()
    code = subprocess.run([scheduler, str(steps)], check=True, capture_output=True, text=True).stdout
    (tmp_path / "math/fma_product_code.h").write_text(code)
    assert check(tmp_path) == 0


def test_a_wrong_instruction_is_noticed(tmp_path):
    (tmp_path / "math").mkdir()
    code = shutil.copy(ROOT / "src/math/fma_product_code.h", tmp_path / "math")
    assert check(tmp_path) == 0
    text = pathlib.Path(code).read_text()
    at = text.index("vsubpd", len(text) // 3)
    pathlib.Path(code).write_text(text[:at] + "vaddpd" + text[at + 6 :])
    assert check(tmp_path) == 1
