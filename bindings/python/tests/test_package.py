"""The wheel as it is installed: what it needs, what it brings, its types and its words."""

import importlib
import inspect
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import zkmetric
from helpers import BUILD, CONTEXT, TOP

PACKAGE = pathlib.Path(zkmetric.__file__).parent
MODULES = sorted(str(p.relative_to(PACKAGE).with_suffix("")) for p in PACKAGE.rglob("*.py"))


def run(*command, **more):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, **more)


def test_the_wheel_is_tested_and_not_the_sources():
    assert TOP / "bindings" not in PACKAGE.parents and "site-packages" in str(PACKAGE)


def test_version_is_the_librarys():
    found = re.search(r"project\(zkmetric VERSION ([0-9.]+)", (TOP / "CMakeLists.txt").read_text())
    assert zkmetric.__version__ == found.group(1)


def test_shared_libraries_are_its_own_or_the_c_librarys():
    ours = [PACKAGE / "_core.abi3.so", *(PACKAGE / "_libs").glob("*.so*")]
    assert len(ours) == 4
    for library in ours:
        out = run("ldd", library)
        for line in filter(None, out.stdout.splitlines()):
            name, _, path = line.strip().partition(" => ")
            assert "not found" not in line, (library, line)
            own = path.startswith(str(PACKAGE / "_libs"))
            system = re.match(r"(linux-vdso|libc\.|libm\.|libpthread\.|/lib)", name)
            assert own or system, (library, line)


def test_no_path_of_the_building_machine_is_left():
    out = run("readelf", "-d", PACKAGE / "_core.abi3.so").stdout
    assert re.findall(r"(?:RUNPATH|RPATH).*\[(.*)\]", out) == ["$ORIGIN/_libs"]


def test_wheel_holds_the_terms_of_what_it_brings():
    (wheel,) = (BUILD / "wheel").glob("zkmetric-*.whl")
    assert "-cp311-abi3-" in wheel.name
    names = zipfile.ZipFile(wheel).namelist()
    assert {"zkmetric/py.typed", "zkmetric/_core.pyi"} <= set(names)
    assert not [n for n in names if n.endswith((".c", ".h", ".pyc"))]
    if pathlib.Path("/usr/share/doc/libjansson4/copyright").exists():
        assert sum(n.endswith(".copyright") for n in names) == 3


def test_numpy_is_all_it_needs():
    """Nothing but the standard library, numpy and itself may be imported."""
    code = """
import sys
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top not in ("numpy", "zkmetric"):
            raise ImportError("not allowed: " + name)
sys.meta_path.insert(0, Only())
import numpy
import zkmetric, zkmetric.client
x = numpy.ones((3, 2))
s = zkmetric.Schema.propose(x, x[:, 0])
zkmetric.Dataset.commit(s, x, x[:, 0])
try:
    zkmetric.Model(b"no model")
except zkmetric.FormatError:
    print("good")
"""
    out = run(sys.executable, "-c", code)
    assert out.stdout == "good\n", out.stderr
    metadata = importlib.metadata.requires("zkmetric")
    assert [r for r in metadata if "extra ==" not in r] == ["numpy>=1.24"]


PROVE = """
import sys, numpy, zkmetric
folder, context = sys.argv[1:]
circuit = zkmetric.Circuit.read(folder + "/circuit.zkm")
features = numpy.load(folder + "/features.npy")
dataset = zkmetric.Dataset.commit(circuit.schema, features, features[:, 0])
proof = zkmetric.prove(circuit, zkmetric.ProvingKey(folder + "/keys/pk.zkm", circuit), folder + "/model.onnx", dataset,
                       threshold=1, context=context)
zkmetric.verify(zkmetric.VerifyingKey.read(folder + "/keys/vk.zkm"), proof, context=context)
print(sys.version_info[:2])
"""


@pytest.mark.parametrize("minor", [12, 13, 14])
def test_later_pythons(world, tmp_path, minor):
    """The same wheel, where such a Python is installed."""
    python = shutil.which(f"python3.{minor}")
    if python is None or run(python, "-c", "").returncode != 0:
        pytest.skip(f"Python 3.{minor} is not installed")
    (wheel,) = (BUILD / "wheel").glob("zkmetric-*.whl")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--target",
        tmp_path / "site",
    ]
    numpy = f"numpy=={np.__version__}"
    out = run(*pip, "--python-version", f"3.{minor}", "--only-binary", ":all:", numpy, wheel)
    assert out.returncode == 0, out.stderr
    (world.folder / "model.onnx").write_bytes(world.model.SerializeToString())
    np.save(world.folder / "features.npy", world.features)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    out = run(python, "-c", PROVE, world.folder, CONTEXT, env=environment)
    assert out.stdout == f"(3, {minor})\n", out.stderr


def test_it_starts_no_process():
    words = re.compile(
        r"^\s*(import|from)\s+(subprocess|multiprocessing)|os\.(system|popen|spawn|exec)", re.M
    )
    assert {"_values", "client", "flower/server"} < set(MODULES)
    for name in MODULES:
        assert not words.search((PACKAGE / f"{name}.py").read_text()), name


def public(module):
    for name, value in vars(module).items():
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("zkmetric"):
            yield name, value
            if inspect.isclass(value):
                for method, member in vars(value).items():
                    call = getattr(member, "__func__", getattr(member, "fget", member))
                    if not method.startswith("_") and inspect.isfunction(call):
                        yield f"{name}.{method}", call


@pytest.mark.parametrize("name", [name for name in MODULES if name != "_values"])
def test_everything_public_is_documented(name):
    path = ["zkmetric", *name.split("/")]
    module = importlib.import_module(".".join(part for part in path if part != "__init__"))
    assert module.__doc__
    for what, value in public(module):
        assert inspect.getdoc(value), f"{name}.{what}"


def test_all_names_are_there():
    assert sorted(zkmetric.__all__) == sorted(set(zkmetric.__all__))
    for name in zkmetric.__all__:
        assert hasattr(zkmetric, name)


@pytest.fixture(scope="module")
def mypy(tmp_path_factory):
    cache = tmp_path_factory.mktemp("mypy")
    return [sys.executable, "-m", "mypy", "--cache-dir", cache]


def test_types_of_the_package(mypy):
    out = run(*mypy, "--config-file", TOP / "bindings" / "python" / "pyproject.toml")
    assert out.returncode == 0, out.stdout


USE = """
import numpy as np
import zkmetric
from zkmetric.client import ProductionZKMLClient

def use(x: np.ndarray, y: list[float]) -> bytes:
    schema = zkmetric.Schema.propose(x, y)
    circuit = zkmetric.Circuit.compile(b"", schema, x, y, capacity=4, progress=lambda s, d, t: d < t)
    key = zkmetric.ProvingKey("pk.zkm", circuit)
    data = zkmetric.Dataset.commit(schema, x, y)
    proof = zkmetric.prove(circuit, key, "m.onnx", data, threshold="0.05", context=bytes(32))
    reveal_type(zkmetric.verify(zkmetric.VerifyingKey.read("vk"), proof).verdict)
    ProductionZKMLClient(client_id="a", model="m.onnx", use_ezkl=True)
    return proof.to_bytes()
"""


def test_types_of_a_program_that_uses_it(mypy, tmp_path):
    (tmp_path / "good.py").write_text(USE)
    wrong = USE.replace('threshold="0.05"', "threshold=[]").replace(
        'compile(b"", schema', 'compile(b"", 3'
    )
    (tmp_path / "bad.py").write_text(wrong)
    out = run(*mypy, "--strict", "good.py", "bad.py", cwd=tmp_path).stdout
    assert 'good.py:12: note: Revealed type is "int"' in out, out
    assert "good.py" not in "".join(line for line in out.splitlines() if "error:" in line), out
    assert out.count("[arg-type]") == 2 == out.count("error:"), out


def test_stub_lists_what_the_extension_has():
    from zkmetric import _core

    stub = (PACKAGE / "_core.pyi").read_text()
    declared = set(re.findall(r"^def (\w+)\(|^(ZKM_\w+):", stub, re.M))
    declared = {a or b for a, b in declared}
    assert declared == {n for n in dir(_core) if not n.startswith("__")}


@pytest.mark.parametrize(
    "there, missing", [((), "gcc libc6-dev cmake make"), (("cc",), "cmake make")]
)
def test_building_without_the_tools_names_their_packages(tmp_path, there, missing):
    for name in there:
        (tmp_path / name).symlink_to(shutil.which(name))
    setup = TOP / "bindings" / "python" / "setup.py"
    out = run(sys.executable, setup, "--version", env={"PATH": str(tmp_path)}, cwd=setup.parent)
    assert out.returncode != 0 and f"zkmetric: missing: {missing} pkg-config" in out.stderr
    assert f"apt-get install {missing}" in out.stderr
