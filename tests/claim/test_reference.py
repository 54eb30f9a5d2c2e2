"""The second implementation of the claim formats against its vectors, and against what the command writes."""

import csv
import json
import os
import stat
import subprocess
import sys

import numpy as np
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, HERE)
import reference  # noqa: E402

ZKMETRIC = os.path.join(os.environ.get("ZKM_BUILD", os.path.join(ROOT, "build")), "zkmetric")
needs_command = pytest.mark.skipif(not os.path.exists(ZKMETRIC), reason="the command is not built")


def test_vectors_are_what_the_reference_computes():
    assert reference.VECTORS.read_text() == reference.vectors_text()


def run(*args):
    return subprocess.run([ZKMETRIC, *map(str, args)], capture_output=True, text=True, timeout=300)


def done(*args):
    p = run(*args)
    assert p.returncode == 0, p.stderr
    return p


def sample(rows=37, columns=5):
    rng = np.random.default_rng(7)
    x = rng.normal(size=(rows, columns)) * [1, 100, 1e-4, 5e4, 0]
    return x, rng.uniform(size=rows)


def write_csv(path, x, y):
    with open(path, "w", newline="") as f:
        w = csv.writer(f)
        w.writerow([f"x_{i}" for i in range(x.shape[1])] + ["y"])
        w.writerows([[repr(float(v)) for v in (*a, b)] for a, b in zip(x, y)])


def opened(folder):
    with open(folder / "opening.zkm", "rb") as f:
        columns, n, rows, salt, identity = reference.read_opening(f.read())
    public = json.loads((folder / "dataset.json").read_text())
    digest = reference.schema_digest(columns)
    assert identity == reference.dataset_id(digest, salt, rows)
    assert public["dataset_id"] == reference.hex32(identity)
    assert public["schema_digest"] == reference.hex32(digest)
    assert public["num_samples"] == n == len(rows)
    assert stat.S_IMODE(os.stat(folder / "opening.zkm").st_mode) == 0o600
    return columns, rows, identity


@needs_command
def test_commit_is_what_the_reference_computes(tmp_path):
    x, y = sample()
    write_csv(tmp_path / "data.csv", x, y)
    done("schema", tmp_path / "data.csv", "--target", "y", "-o", tmp_path / "schema.json")
    done("commit", tmp_path / "data.csv", "--schema", tmp_path / "schema.json", "-o", tmp_path / "out")
    columns, rows, _ = opened(tmp_path / "out")
    schema = json.loads((tmp_path / "schema.json").read_text())["columns"]
    assert columns == schema
    for column, values in zip(schema, np.column_stack([x, y]).T):
        top = max(abs(values))
        fits = [f for f in range(-15, 16) if top * 2.0**f * 2 <= 32767]
        assert column["frac_bits"] == max(fits)
    for row, values in zip(rows, np.column_stack([x, y])):
        assert row == [reference.quantise(repr(float(v)), c["frac_bits"]) for v, c in zip(values, schema)]


@needs_command
def test_commit_reads_every_form_of_the_same_data_alike(tmp_path):
    x, y = sample()
    write_csv(tmp_path / "data.csv", x, y)
    with open(tmp_path / "y.csv", "w") as f:
        f.write("y\n" + "".join(f"{float(v)!r}\n" for v in y))
    np.save(tmp_path / "x.npy", np.asfortranarray(x))
    np.save(tmp_path / "y.npy", y)
    np.save(tmp_path / "features.npy", x.astype(">f8"))
    np.save(tmp_path / "label.npy", y[:, None])
    np.save(tmp_path / "all.npy", np.column_stack([x, y]))
    np.savez(tmp_path / "stored.npz", y=y, x=x)
    np.savez_compressed(tmp_path / "packed.npz", x=x, y=y)
    done("schema", tmp_path / "data.csv", "--target", "y", "-o", tmp_path / "schema.json")
    forms = ["data.csv", "stored.npz", "packed.npz", "all.npy", "x.npy y.npy", "y.npy x.npy", "x.npy y.csv",
             "y.csv x.npy", "features.npy label.npy", "features.npy y.csv"]
    seen, identities = [], set()
    for i, form in enumerate(forms):
        paths = [tmp_path / name for name in form.split()]
        done("commit", *paths, "--schema", tmp_path / "schema.json", "-o", tmp_path / f"out{i}")
        _, rows, identity = opened(tmp_path / f"out{i}")
        seen.append(rows)
        identities.add(identity)
    assert all(rows == seen[0] for rows in seen), [f for f, rows in zip(forms, seen) if rows != seen[0]]
    assert len(identities) == len(forms)  # every salt is fresh


@needs_command
@pytest.mark.parametrize("target", ["y", "5", "-1"])
def test_schema_of_arrays(tmp_path, target):
    x, y = sample()
    if target == "y":
        np.savez(tmp_path / "d.npz", x=x, y=y)
        data = tmp_path / "d.npz"
    else:
        np.save(tmp_path / "d.npy", np.column_stack([x, y]))
        data = tmp_path / "d.npy"
    done("schema", data, "--target", target, "-o", tmp_path / "schema.json")
    columns = json.loads((tmp_path / "schema.json").read_text())["columns"]
    assert [c["role"] for c in columns] == ["feature"] * 5 + ["target"]
    done("commit", data, "--schema", tmp_path / "schema.json", "-o", tmp_path / "out")
    opened(tmp_path / "out")


@needs_command
@pytest.mark.parametrize("dtype", ["<f2", ">f4", "<f8", "i1", ">i2", "<i4", ">i8", "u1", "<u2", ">u4", "<u8", "?"])
def test_numpy_types(tmp_path, dtype):
    x = np.arange(24).reshape(6, 2, 2) % (2 if dtype == "?" else 100)
    np.save(tmp_path / "x.npy", np.asfortranarray(x.astype(dtype)))
    np.save(tmp_path / "y.npy", np.arange(6).astype(dtype))
    files = (tmp_path / "x.npy", tmp_path / "y.npy")
    done("schema", *files, "--target", "y", "-o", tmp_path / "schema.json")
    done("commit", *files, "--schema", tmp_path / "schema.json", "-o", tmp_path / "out")
    columns, rows, _ = opened(tmp_path / "out")
    y = np.arange(6).astype(dtype).astype(float)
    for row, a, b in zip(rows, x.reshape(6, 4).astype(float), y):
        assert row == [int(v * 2.0 ** c["frac_bits"]) for v, c in zip([*a, b], columns)]


@needs_command
@pytest.mark.parametrize(
    "name, array",
    [("object", np.array([[1, None]], dtype=object)), ("text", np.array([["a", "b"]])), ("complex", np.array([[1j, 2]])),
     ("nan", np.array([[1.0, np.nan]])), ("empty", np.zeros((0, 2)))],
)
def test_arrays_that_hold_no_numbers_are_refused(tmp_path, name, array):
    np.save(tmp_path / "bad.npy", array)
    p = run("schema", tmp_path / "bad.npy", "--target", "bad_1", "-o", tmp_path / "schema.json")
    assert p.returncode == 2 and "bad.npy" in p.stderr, p.stderr
    assert not (tmp_path / "schema.json").exists()
