"""The library as other programs meet it: exported names, the verifier alone, installation, the examples."""
import os
import re
import shutil
import subprocess

import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(TOP, "build")))


def run(*args, **more):
    p = subprocess.run([str(a) for a in args], capture_output=True, text=True, **more)
    assert p.returncode == 0, p.stdout + p.stderr
    return p.stdout


def symbols(*args):
    return {line.split()[-1].split("@")[0] for line in run("nm", *args).splitlines() if len(line.split()) >= 2}


def declared():
    with open(os.path.join(TOP, "include", "zkmetric.h")) as f:
        text = re.sub(r"/\*.*?\*/", "", f.read(), flags=re.S)
    return set(re.findall(r"\b(zkm_\w+)\s*\(", text))


@pytest.mark.parametrize("command", [["cc", "-std=c99", "-x", "c"], ["cc", "-std=c17", "-x", "c"], ["c++", "-std=c++11", "-x", "c++"]])
def test_header_stands_alone(command):
    if not shutil.which(command[0]):
        pytest.skip(f"no {command[0]}")
    header = os.path.join(TOP, "include", "zkmetric.h")
    run(*command, "-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", header)


def test_shared_library_exports_the_header_and_nothing_else():
    names = symbols("-D", "--defined-only", os.path.join(BUILD, "libzkmetric.so"))
    assert names == declared()


@pytest.mark.parametrize("name", ["libzkmetric.a", "libzkmetric_verifier.a"])
def test_static_library_keeps_internal_names_to_itself(name):
    names = symbols("--defined-only", "--extern-only", os.path.join(BUILD, name))
    assert names <= declared() and "zkm_verify" in names


def test_verifier_holds_no_prover():
    archive = os.path.join(BUILD, "libzkmetric_verifier.a")
    names = symbols("--defined-only", archive) | symbols("--undefined-only", archive)
    part = re.compile(r"^(msm_|fft_|r1cs_|builder_|circuit_|program_|model_|onnx|dataset_|opening_|schema_|table_|pk_"
                      r"|groth16_(setup|prove|commit|pk_)|zkm_(prove|setup|model|circuit|opening|schema|proving)|zip_|csv_|protobuf)")
    assert [n for n in sorted(names) if part.match(n)] == []
    assert {"zkm_verify", "zkm_verify_batch", "zkm_proof_read", "zkm_verifying_key_read"} <= names


def test_verifier_is_complete():
    """Nothing that it leaves undefined is ours: an executable with all of it links."""
    archive = os.path.join(BUILD, "libzkmetric_verifier.a")
    defined = symbols("--defined-only", archive)
    missing = symbols("--undefined-only", archive) - defined
    own = symbols("--defined-only", os.path.join(BUILD, "libzkmetric_internal.a"))
    assert missing & own == set()


def test_example_verifier_refuses():
    for name in ("example_verify", "example_verify_or_prove"):
        p = subprocess.run([os.path.join(BUILD, name), "no.zkm", "no.json"], capture_output=True, text=True)
        assert p.returncode == 1 and "no.zkm" in p.stdout


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    run("cmake", "--install", BUILD, "--prefix", folder)
    return folder


PROGRAM = """
#include <stdio.h>
#include <zkmetric.h>
int main(void) {
    uint64_t t = 0;
    return zkm_threshold_from_text(NULL, &t, "0.5") != ZKM_OK || t != 1ull << 31 || puts(zkm_version()) < 0;
}
"""


@pytest.mark.skipif(not shutil.which("cmake"), reason="no cmake")
@pytest.mark.parametrize("target", ["zkmetric::zkmetric", "zkmetric::static", "zkmetric::verifier"])
def test_cmake_package(prefix, tmp_path, target):
    (tmp_path / "main.c").write_text(PROGRAM)
    component = target.split("::")[1]
    components = "" if component == "zkmetric" else f"COMPONENTS {component}"
    sanitize = sanitized()
    (tmp_path / "CMakeLists.txt").write_text(
        f"cmake_minimum_required(VERSION 3.18)\nproject(user C)\nfind_package(zkmetric 0.1 REQUIRED {components})\n"
        f"add_executable(user main.c)\ntarget_link_libraries(user PRIVATE {target})\n"
        + ("target_link_options(user PRIVATE -fsanitize=address,undefined)\n" if sanitize else ""))
    run("cmake", "-S", tmp_path, "-B", tmp_path / "b", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path / "b")
    assert re.match(r"\d+\.\d+\.\d+", run(tmp_path / "b" / "user"))


def sanitized():
    with open(os.path.join(BUILD, "CMakeCache.txt")) as f:
        return "ZKM_SANITIZE:BOOL=ON" in f.read()


def test_pkg_config(prefix, tmp_path):
    (folder,) = [os.path.join(r) for r, _, names in os.walk(prefix) if "zkmetric.pc" in names]
    env = dict(os.environ, PKG_CONFIG_PATH=folder)
    flags = run("pkg-config", "--define-variable=prefix=" + str(prefix), "--cflags", "--libs", "zkmetric", env=env).split()
    (tmp_path / "main.c").write_text(PROGRAM)
    extra = ["-fsanitize=address,undefined"] if sanitized() else []
    run("cc", tmp_path / "main.c", *flags, *extra, "-o", tmp_path / "user")
    library = os.path.join(prefix, os.path.relpath(os.path.dirname(folder), prefix))
    assert run(tmp_path / "user", env=dict(os.environ, LD_LIBRARY_PATH=library)).strip()
