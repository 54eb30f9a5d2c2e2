"""scripts/install-deps asks for what is missing, by its package's name, and for nothing else."""

import os
import shutil
import subprocess

import pytest

SCRIPT = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "install-deps"
)
BUILD = {
    "gcc",
    "libc6-dev",
    "make",
    "cmake",
    "pkg-config",
    "protobuf-c-compiler",
    "libprotobuf-c-dev",
    "libjansson-dev",
    "libzip-dev",
    "libmicrohttpd-dev",
    "libcurl4-openssl-dev",
    "libcsv-dev",
    "libcmocka-dev",
}
CHAIN = {"nodejs", "npm"}
TESTS = {"python3", "python3-venv", "python3-dev"} | CHAIN
if os.uname().machine == "x86_64":
    TESTS.add("qemu-user")


def program(path, text):
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)


@pytest.fixture
def bare(tmp_path):
    """A PATH with nothing but the shell's company and a package manager that only takes notes."""
    for name in ("sh", "tr", "sed", "cat", "env", "uname"):
        (tmp_path / name).symlink_to(shutil.which(name))
    program(tmp_path / "id", "echo 1000")
    program(tmp_path / "sudo", f'echo "sudo $*" >>"{tmp_path}/log"; exec "$@"')
    program(tmp_path / "apt-get", f'echo "apt-get $*" >>"{tmp_path}/log"')
    return tmp_path


def run(path, *args):
    return subprocess.run([SCRIPT, *args], capture_output=True, text=True, env={"PATH": str(path)})


def named(text):
    return set(text.replace(":", " ").split())


def test_all_present_needs_nothing():
    result = subprocess.run([SCRIPT, "--tests"], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_check_names_the_packages(bare):
    result = run(bare, "--check")
    assert (
        result.returncode == 1
        and BUILD <= named(result.stderr)
        and not TESTS & named(result.stderr)
    )
    assert not (bare / "log").exists()


def test_check_for_tests_names_more(bare):
    assert BUILD | TESTS <= named(run(bare, "--tests", "--check").stderr)


def test_check_for_contracts_names_their_own(bare):
    assert BUILD | CHAIN == named(run(bare, "--chain", "--check").stderr) & (BUILD | TESTS)


def test_installs_with_sudo_and_looks_again(bare):
    result = run(bare)
    if "not Debian" in result.stderr:
        pytest.skip("not a Debian system")
    calls = (bare / "log").read_text().splitlines()
    assert calls[0].startswith("sudo env") and BUILD <= named(calls[1])
    # The noted installation installed nothing, and that is seen.
    assert result.returncode == 3 and "still not usable" in result.stderr


def test_without_root_and_sudo_says_what_to_run(bare):
    (bare / "sudo").unlink()
    result = run(bare)
    assert result.returncode == 3 and BUILD <= named(result.stderr)


def test_without_a_package_manager_names_the_packages(bare):
    (bare / "apt-get").unlink()
    result = run(bare)
    assert (
        result.returncode == 3 and "not Debian" in result.stderr and BUILD <= named(result.stderr)
    )


def test_unknown_argument_is_refused(bare):
    assert run(bare, "--yes").returncode == 2
