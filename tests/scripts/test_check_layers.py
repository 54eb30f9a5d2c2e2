"""scripts/check-layers, both ways: this tree passes, a tree with a wrong include does not."""

import os
import subprocess

import pytest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def run(root):
    return subprocess.run(
        [os.path.join(ROOT, "scripts", "check-layers"), str(root)], capture_output=True, text=True
    )


def tree(tmp_path, file, text):
    for folder in ("src/base", "src/math", "src/api", "cli", "coordinator"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for header in ("cli/options.h", "coordinator/queue.h"):
        (tmp_path / header).write_text("")
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return tmp_path


def test_this_tree_passes():
    result = run(ROOT)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "file, text",
    [
        (
            "src/math/fp.c",
            '#include "base/error.h"\n#include "math/fp.h"\n#include <zkmetric.h>\n',
        ),
        ("src/api/prove.c", '#include "circuit/circuit.h"\n#include "base/error.h"\n'),
        ("src/model/onnx.c", '#include "onnx.pb-c.h"\n// says: include "circuit/circuit.h"\n'),
        (
            "cli/main.c",
            "#include <zkmetric.h>\n#include <jansson.h>\n#include <sys/stat.h>\n"
            '#include "options.h"\n#include "cli/options.h"\n#include "coordinator/queue.h"\n',
        ),
        ("coordinator/queue.c", '#include <zkmetric.h>\n#include "coordinator/queue.h"\n'),
    ],
)
def test_allowed(tmp_path, file, text):
    result = run(tree(tmp_path, file, text))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    "file, text",
    [
        ("src/base/error.c", '#include <zkmetric.h>\n#include "math/fp.h"\n'),
        ("src/math/msm.inc", '\n  #  include "r1cs/builder.h"\n'),
        ("src/groth16/prove.c", '\n#include "model/program.h"\n'),
        ("src/claim/schema.h", '\n#include "circuit/circuit.h"\n'),
        ("src/claim/schema.c", "\n#include <circuit/circuit.h>\n"),
        ("src/claim/schema.c", '\n#include "../circuit/circuit.h"\n'),
        ("src/api/api.c", '\n#include "cli/options.h"\n'),
        ("src/extras/x.c", '\n#include "base/error.h"\n'),
        ("cli/main.c", '\n#include "base/error.h"\n'),
        ("cli/main.c", "\n#include <claim/schema.h>\n"),
        ("cli/main.c", '\n#include "../src/base/error.h"\n'),
        ("cli/main.c", '\n#include "error.h"\n'),
        ("coordinator/queue.c", '\n#include "base/error.h"\n'),
        ("coordinator/queue.c", '\n#include "cli/options.h"\n'),
        ("coordinator/queue.c", "\n#include <cli/options.h>\n"),
        ("src/api/api.c", '\n#include "coordinator/queue.h"\n'),
    ],
)
def test_refused_with_file_and_line(tmp_path, file, text):
    result = run(tree(tmp_path, file, text))
    assert result.returncode == 1
    assert file in result.stderr and ("extras" in file or f"{file}:2: " in result.stderr)
