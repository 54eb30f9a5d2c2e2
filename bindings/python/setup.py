"""Builds the wheel: the C library by CMake, without its tests and tools, then the extension around it.

Where the wheel is installed it needs nothing but numpy: the library is inside the extension, and the three small
shared libraries that it uses lie beside it. It is configured without libzip, since numpy reads .npz archives.
ZKMETRIC_LIBRARY names a libzkmetric_python.a (CMake's goal zkmetric_python) that was made before; otherwise one is
made here.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CORE = ["module", "convert", "call", "data", "circuit", "proof"]
COMPILER = os.environ.get("CC", "cc").split()
# A command, and the Debian package that brings it.
TOOLS = {
    COMPILER[0]: "gcc libc6-dev",
    "cmake": "cmake",
    "make": "make",
    "pkg-config": "pkg-config",
    "protoc-c": "protobuf-c-compiler",
    "readelf": "binutils",
}
# A shared library that goes into the wheel, the package to build with, and the one whose terms it has.
LIBRARIES = {
    "libjansson.so": ("libjansson-dev", "libjansson4"),
    "libprotobuf-c.so": ("libprotobuf-c-dev", "libprotobuf-c1"),
    "libcsv.so": ("libcsv-dev", "libcsv3"),
}
BUNDLE = "_libs"


def located(library: str) -> pathlib.Path | None:
    """Where the compiler finds a library."""
    command = [*COMPILER, f"-print-file-name={library}"]
    path = pathlib.Path(subprocess.run(command, capture_output=True, text=True).stdout.strip())
    return path if path.is_absolute() and path.exists() else None


def require_what_is_needed() -> None:
    if not (ROOT / "CMakeLists.txt").exists():
        sys.exit(
            "zkmetric: the C library's sources are not above this folder; build in a clone of the repository"
        )
    missing = [package for tool, package in TOOLS.items() if not shutil.which(tool)]
    if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
        missing.append("python3-dev")
    if shutil.which(COMPILER[0]):
        missing += [package for name, (package, _) in LIBRARIES.items() if not located(name)]
    if missing:
        names = " ".join(missing)
        sys.exit(f"zkmetric: missing: {names}; on Debian 12, as root: apt-get install {names}")


def version() -> str:
    found = re.search(r"project\(zkmetric VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())
    assert found, "CMakeLists.txt names no version"
    return found.group(1)


def soname(library: pathlib.Path) -> str:
    out = subprocess.run(["readelf", "-d", library], capture_output=True, text=True, check=True)
    found = re.search(r"\(SONAME\).*\[(.+)\]", out.stdout)
    return found.group(1) if found else library.name


class Build(build_ext):
    def build_library(self) -> str:
        given = os.environ.get("ZKMETRIC_LIBRARY")
        if given:
            return os.path.abspath(given)
        folder = os.path.abspath(os.path.join(self.build_temp, "library"))
        os.makedirs(folder, exist_ok=True)
        jobs = os.environ.get("CMAKE_BUILD_PARALLEL_LEVEL", str(len(os.sched_getaffinity(0))))
        options = ["-DCMAKE_BUILD_TYPE=Release", "-DZKM_TESTS=OFF", "-DZKM_NPZ=OFF", "-DZKM_COORDINATOR=OFF"]
        subprocess.run(["cmake", "-S", str(ROOT), "-B", folder, *options], check=True)
        target = ["--target", "zkmetric_python"]
        subprocess.run(["cmake", "--build", folder, *target, "-j", jobs], check=True)
        return os.path.join(folder, "libzkmetric_python.a")

    def bundle(self, ext: Extension) -> list[str]:
        """Copies the shared libraries beside the extension; their paths for the linker."""
        folder = pathlib.Path(self.get_ext_fullpath(ext.name)).parent / BUNDLE
        folder.mkdir(parents=True, exist_ok=True)
        found = []
        for name, (_, package) in LIBRARIES.items():
            library = located(name)
            assert library, name
            shutil.copyfile(library.resolve(), folder / soname(library))
            terms = pathlib.Path("/usr/share/doc", package, "copyright")
            if terms.exists():
                shutil.copyfile(terms, folder / f"{package}.copyright")
            found.append(str(library))
        return found

    def build_extension(self, ext: Extension) -> None:
        ext.extra_objects = [self.build_library(), *self.bundle(ext)]
        # Some Pythons would leave the path of their own library in the wheel; it is not linked with.
        linker = self.compiler.linker_so
        self.compiler.linker_so = [a for a in linker if not a.startswith("-Wl,-rpath")]
        super().build_extension(ext)


require_what_is_needed()
setup(
    version=version(),
    ext_modules=[
        Extension(
            "zkmetric._core",
            [f"src/core/{name}.c" for name in CORE],
            depends=["src/core/core.h"],
            include_dirs=[os.path.relpath(ROOT / "include", HERE)],
            define_macros=[("Py_LIMITED_API", "0x030B0000"), ("_GNU_SOURCE", "1")],
            py_limited_api=True,
            extra_compile_args=["-std=c17", "-Wall", "-Wextra", "-fvisibility=hidden"],
            extra_link_args=[
                "-Wl,--exclude-libs,ALL",
                f"-Wl,-rpath,$ORIGIN/{BUNDLE}",
                "-lpthread",
                "-lm",
            ],
        )
    ],
    cmdclass={"build_ext": Build},
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
