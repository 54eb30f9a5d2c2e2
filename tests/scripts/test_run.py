"""tests/run counts what happened: passes, failures, skips, crashes, silence, hangs."""

import os
import shutil
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
GOOD = "echo 1..2; echo 'ok 1 - a'; echo 'ok 2 - b'"


def script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)


def run(tmp_path, programs, pythons=(), corpora=(), env=(), builds=()):
    """tests/run in a tree of its own, with shell scripts for the test executables."""
    (tmp_path / "tests").mkdir(parents=True)
    (tmp_path / "build").mkdir()
    shutil.copy(os.path.join(ROOT, "tests", "run"), tmp_path / "tests" / "run")
    script(tmp_path / "scripts/test-venv", f"echo '{sys.executable}'")
    for name, text in programs.items():
        script(tmp_path / "build" / name, text)
    for name, text in dict(pythons).items():
        (tmp_path / "tests/area").mkdir(exist_ok=True)
        (tmp_path / "tests/area" / name).write_text(text)
    for name in corpora:
        (tmp_path / "fuzz/corpus" / name).mkdir(parents=True)
        (tmp_path / "fuzz/corpus" / name / "seed").write_text("x")
    result = subprocess.run(
        [tmp_path / "tests/run", tmp_path / "build", *builds],
        capture_output=True,
        text=True,
        env={**os.environ, **dict(env)},
    )
    return result.returncode, result.stdout.splitlines()[-1], result.stdout


def test_all_pass(tmp_path):
    rc, last, _ = run(tmp_path, {"test_a": GOOD, "test_b": GOOD})
    assert (rc, last) == (0, "4 passed, 0 failed")


def test_further_builds_are_scalar_but_for_two_programs(tmp_path):
    tells = "echo 1..1; echo \"ok 1 - ${ZKM_BACKEND:-vectors}\"; echo ${ZKM_BACKEND:-vectors} >>"
    script(tmp_path / "build-asan/test_groth16_prove", f"{tells} '{tmp_path}/prove'")
    script(tmp_path / "build-asan/test_other", f"{tells} '{tmp_path}/other'")
    for probe, prove, other in (("exit 0", "adx vectors", "adx"), ("exit 1", "vectors", "vectors")):
        tree = tmp_path / probe[-1]
        (tmp_path / "prove").unlink(missing_ok=True)
        (tmp_path / "other").unlink(missing_ok=True)
        rc, _, _ = run(
            tree, {"test_a": GOOD, "bench_field": probe}, builds=[tmp_path / "build-asan"]
        )
        assert rc == 0
        assert (tmp_path / "prove").read_text().split() == prove.split()
        assert (tmp_path / "other").read_text().split() == other.split()


def test_failure_is_counted_and_shown(tmp_path):
    rc, last, out = run(
        tmp_path,
        {
            "test_a": "echo 1..2; echo ok 1 - a; echo not ok 2 - b; echo '# reason'; exit 1",
            "test_b": GOOD,
        },
    )
    assert (rc, last) == (1, "3 passed, 1 failed")
    assert "FAIL  test_a" in out and "# reason" in out


def test_skips_are_counted(tmp_path):
    rc, last, _ = run(tmp_path, {"test_a": "echo 1..2; echo ok 1 - a; echo 'not ok 2 # SKIP b'"})
    assert (rc, last) == (0, "1 passed, 0 failed, 1 skipped")


def test_crash_half_way_fails(tmp_path):
    rc, last, out = run(tmp_path, {"test_a": "echo 1..3; echo ok 1 - a; kill -SEGV $$"})
    assert (rc, last) == (1, "1 passed, 2 failed") and "missing" in out


def test_silence_fails(tmp_path):
    rc, last, out = run(tmp_path, {"test_a": "exit 0"})
    assert (rc, last) == (1, "0 passed, 1 failed") and "no results" in out


def test_failure_status_after_passes_fails(tmp_path):
    rc, last, _ = run(tmp_path, {"test_a": GOOD + "; exit 23"})
    assert (rc, last) == (1, "2 passed, 1 failed")


def test_hang_fails(tmp_path):
    rc, last, out = run(
        tmp_path, {"test_a": GOOD + "; exec sleep 60"}, env={"ZKM_TEST_TIMEOUT": "1"}
    )
    assert (rc, last) == (1, "2 passed, 1 failed") and "ran past 1 s" in out


def test_nothing_at_all_fails(tmp_path):
    assert run(tmp_path, {})[:2] == (1, "0 passed, 0 failed")


def test_fuzz_targets_replay_their_corpus(tmp_path):
    rc, last, out = run(
        tmp_path,
        {"fuzz_good": 'test -f "$1/seed"', "fuzz_bad": "exit 77", "fuzz_bare": "exit 0"},
        corpora=["good", "bad"],
    )
    assert (rc, last) == (1, "1 passed, 2 failed")
    assert "no corpus in fuzz/corpus/bare" in out


def test_python_files_are_counted(tmp_path):
    text = (
        "import os, pytest\ndef test_a(): assert os.environ['ZKM_BUILD'].endswith('build')\n"
        "def test_b(): assert 1 == 2\n@pytest.mark.skip(reason='why not')\ndef test_c(): pass\n"
    )
    rc, last, out = run(
        tmp_path, {"test_a": GOOD}, {"test_x.py": text, "test_y.py": "def test_z(): pass\n"}
    )
    assert (rc, last) == (1, "4 passed, 1 failed, 1 skipped") and "why not" in out


def test_broken_python_file_fails(tmp_path):
    assert run(tmp_path, {"test_a": GOOD}, {"test_x.py": "import no_such_module\n"})[:2] == (
        1,
        "2 passed, 1 failed",
    )


def test_python_file_without_tests_fails(tmp_path):
    assert run(tmp_path, {"test_a": GOOD}, {"test_x.py": "x = 1\n"})[:2] == (
        1,
        "2 passed, 1 failed",
    )


def test_backends_that_were_not_chosen_run_too(tmp_path):
    probe = (
        "case ${ZKM_BACKEND:-} in ifma) exit 2;; esac; echo '{\"log2\": 4, \"backend\": \"adx\"}'"
    )
    only_chosen = "echo 1..1; [ -z \"${ZKM_BACKEND:-}\" ] && echo ok 1 - a || echo not ok 1 - a"
    programs = {"bench_field": probe, "test_math_a": GOOD, "test_claim_a": only_chosen}
    rc, last, out = run(tmp_path, programs)
    assert (rc, last) == (0, "7 passed, 0 failed, 1 skipped"), out
