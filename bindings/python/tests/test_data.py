"""Arrays in: what they mean is what files mean, and what is no array of numbers is refused by name."""

import pickle

import numpy as np
import pytest
import zkmetric
from helpers import HEDGE, command, network

DTYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]
SCHEMA = """{"zkmetric_schema": 1, "columns": [
  {"name": "when", "role": "time"},
  {"name": "x_0", "role": "feature", "frac_bits": 3},
  {"name": "x_1", "role": "feature", "frac_bits": -4},
  {"name": "y", "role": "target", "frac_bits": 12}]}"""


@pytest.fixture
def schema():
    return zkmetric.Schema.from_json(SCHEMA)


def rows_of(dataset, folder):
    """The committed integers, from the opening file: its end is rows and a checksum."""
    folder.mkdir(exist_ok=True)
    dataset.write(folder)
    data = (folder / "opening.zkm").read_bytes()
    return data[-32 - dataset.num_samples * 3 * 2 : -32]


@pytest.mark.parametrize("order", "CF")
@pytest.mark.parametrize("byte_order", "<>")
@pytest.mark.parametrize("dtype", DTYPES)
def test_array_means_what_its_npy_file_means(schema, tmp_path, dtype, byte_order, order):
    rng = np.random.default_rng(5)
    x = rng.integers(0, 2 if dtype == "b1" else 120, (50, 2))
    if dtype[0] == "f":
        x = (x - 60) / 16 + rng.normal(0, 0.1, x.shape)
    elif dtype[0] == "i":
        x = x - 60
    x = np.array(x, dtype=dtype if dtype == "b1" else byte_order + dtype, order=order)
    y = rng.normal(0, 1, 50)
    np.save(tmp_path / "x.npy", x)
    np.save(tmp_path / "y.npy", y)
    from_files = zkmetric.Dataset.commit_files(schema, tmp_path / "x.npy", tmp_path / "y.npy")
    from_arrays = zkmetric.Dataset.commit(schema, x, y)
    assert rows_of(from_files, tmp_path / "a") == rows_of(from_arrays, tmp_path / "b")
    from_files.check(schema, x, y)


def test_array_means_what_the_csv_file_means(hedge, tmp_path):
    names, _, rows = hedge
    schema = zkmetric.Schema.propose_files(HEDGE / "validation.csv", targets=["hedge_ratio"])
    again = zkmetric.Schema.propose(
        rows[:, :25], rows[:, 25], feature_names=names[:25], target_names=names[25:]
    )
    assert schema == again and schema.to_json() == again.to_json()
    dataset = zkmetric.Dataset.commit_files(schema, HEDGE / "validation.csv")
    dataset.check(schema, rows[:, :25], rows[:, 25])
    with pytest.raises(zkmetric.MismatchError, match="row 501 is not the committed one"):
        dataset.check(schema, rows[:, :25], rows[:, 25] + (np.arange(1000) == 500))
    with pytest.raises(zkmetric.MismatchError, match="1000 rows are committed, 999"):
        dataset.check(schema, rows[1:, :25], rows[1:, 25])


def test_circuit_is_the_commands(hedge, tmp_path):
    names, rows, _ = hedge
    schema = zkmetric.Schema.propose(
        rows[:, :25], rows[:, 25], feature_names=names[:25], target_names=names[25:]
    )
    schema.write(tmp_path / "schema.json")
    circuit = zkmetric.Circuit.compile(
        HEDGE / "model.onnx", schema, rows[:, :25], rows[:, 25], capacity=16
    )
    assert command(
        "compile", HEDGE / "model.onnx", "--schema", tmp_path / "schema.json", "--calibration",
        HEDGE / "calibration.csv", "--capacity", 16, "-o", tmp_path / "c.zkm",
    ).returncode == 0  # fmt: skip
    read = zkmetric.Circuit.read(tmp_path / "c.zkm")
    assert read.digest == circuit.digest and read.constraints == circuit.constraints
    assert read.capacity == 16 and read.report is None and read.schema == schema
    assert circuit.report["integer_metric"] == pytest.approx(0.024182, abs=1e-6)
    by_command = command("model-id", HEDGE / "model_round2.onnx", "--circuit", tmp_path / "c.zkm")
    data = (HEDGE / "model_round2.onnx").read_bytes()
    for form in (HEDGE / "model_round2.onnx", data, bytearray(data), zkmetric.Model(data)):
        assert zkmetric.model_id(circuit, form) == by_command.stdout.strip()
    from_files = zkmetric.Circuit.compile_files(
        HEDGE / "model.onnx", schema, HEDGE / "calibration.csv", capacity=16
    )
    assert from_files.digest == circuit.digest


def test_schema_round_trips(schema, tmp_path):
    assert schema.features == ("x_0", "x_1") and schema.targets == ("y",)
    assert schema.columns[0] == zkmetric.Column("when", "time", 0)
    schema.write(tmp_path / "s.json")
    for other in (
        zkmetric.Schema.read(tmp_path / "s.json"),
        pickle.loads(pickle.dumps(schema)),
        zkmetric.Schema.from_json(schema.to_json()),
    ):
        assert other == schema and hash(other) == hash(schema)
    assert schema != zkmetric.Schema.propose([[1, 2]], [3])


@pytest.mark.parametrize("shape", [(8,), (8, 1), (8, 1, 1)])
def test_shapes_of_one_column(shape):
    schema = zkmetric.Schema.propose(np.ones(shape), np.ones(shape))
    assert schema.features == ("x",) and schema.targets == ("y",)
    zkmetric.Dataset.commit(schema, np.ones(shape), np.ones(8))


def test_views_lists_and_other_layouts(schema, tmp_path):
    rng = np.random.default_rng(2)
    wide = rng.normal(0, 10, (40, 6))
    x, y = wide[::2, 1::3], wide[::2, 0] / 10
    assert not x.flags.c_contiguous
    base = zkmetric.Dataset.commit(schema, np.ascontiguousarray(x), y.copy())
    readonly = x.copy()
    readonly.flags.writeable = False
    for form in (x, x[::-1][::-1], np.asfortranarray(x), x.tolist(), readonly, x.reshape(20, 2, 1)):
        base.check(schema, form, y)
    base.check(schema, np.ma.array(x), list(y))


HOSTILE = [
    (np.full((3, 2), np.nan), zkmetric.RangeError, "row 1, column 'x_0': nan"),
    (np.array([[1, 2], [3, np.inf], [1, 1]]), zkmetric.RangeError, "row 2, column 'x_1': inf"),
    (np.array([[1, 2], [3, 1e300], [1, 1]]), zkmetric.RangeError, "row 2, column 'x_1'"),
    (np.zeros((0, 2)), zkmetric.ArgumentError, "empty"),
    (np.zeros((3, 0)), zkmetric.MismatchError, "0 columns"),
    (np.zeros((3, 3)), zkmetric.MismatchError, "3 columns, but there are 2 names"),
    (np.zeros((4, 2)), zkmetric.FormatError, "3 rows"),
    (np.float64(3), zkmetric.ArgumentError, "a single number"),
    (np.zeros((3, 2), complex), zkmetric.UnsupportedError, "complex128"),
    (np.zeros((3, 2), object), zkmetric.UnsupportedError, "object"),
    (np.zeros((3, 2), "M8[s]"), zkmetric.UnsupportedError, "datetime64"),
    (np.zeros((3, 2), np.longdouble), zkmetric.UnsupportedError, "longdouble|float128"),
    (np.array([["1", "2"]] * 3), zkmetric.UnsupportedError, "<U1"),
    (np.zeros(3, [("a", "f8"), ("b", "f8")]), zkmetric.UnsupportedError, "plain numbers"),
    ([[1, 2], [3], [4, 5]], zkmetric.ArgumentError, "not an array of numbers"),
    (np.ma.array(np.ones((3, 2)), mask=np.eye(3, 2)), zkmetric.ArgumentError, "masked"),
    ("text", zkmetric.UnsupportedError, "plain numbers"),
    (None, zkmetric.UnsupportedError, "object"),
    (np.broadcast_to(np.float64(1), (1 << 40, 2)), zkmetric.ArgumentError, "give fewer rows"),
    (np.broadcast_to(np.float32(1), (3, 1 << 40)), zkmetric.ArgumentError, "more than"),
]


@pytest.mark.parametrize("features, kind, words", HOSTILE)
def test_hostile_arrays(schema, features, kind, words):
    with pytest.raises(kind, match=words) as caught:
        zkmetric.Dataset.commit(schema, features, [1, 2, 3])
    error = caught.value
    assert isinstance(error, zkmetric.Error) and error.code == kind.code
    assert error.place and error.remedy


def test_errors_have_code_place_and_remedy(schema, tmp_path):
    with pytest.raises(zkmetric.RangeError) as caught:
        zkmetric.Dataset.commit(schema, [[1, 2], [5000, 2]], [1, 2])
    assert caught.value.place == "features: row 2, column 'x_0'"
    assert caught.value.remedy.startswith("correct the value, or give the column frac_bits 2")
    assert caught.value.code == zkmetric.Status.RANGE == 12
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is zkmetric.RangeError and vars(again) == vars(caught.value)
    with pytest.raises(zkmetric.NotFoundError) as caught:
        zkmetric.Schema.read(tmp_path / "a; b: c")
    assert caught.value.place == str(tmp_path / "a; b: c")
    with pytest.raises(zkmetric.FormatError, match="line 1"):
        zkmetric.Schema.from_json("{")
    for error in (zkmetric.ArgumentError, zkmetric.FormatError, zkmetric.RangeError):
        assert issubclass(error, ValueError)


def test_names_are_checked():
    x, y = np.ones((2, 2)), np.ones(2)
    for names in (["a"], ["a", "b", "c"]):
        with pytest.raises(zkmetric.MismatchError, match="names"):
            zkmetric.Schema.propose(x, y, feature_names=names)
    for names in (["a", "a"], ["a", "y"], ["", "b"], ["a\n", "b"], ["a" * 300, "b"], ["a\0", "b"]):
        with pytest.raises((zkmetric.Error, ValueError)):
            zkmetric.Schema.propose(x, y, feature_names=names)
    with pytest.raises(TypeError):
        zkmetric.Schema.propose(x, y, feature_names=[1, 2])
    with pytest.raises(zkmetric.ArgumentError, match="list of names"):
        zkmetric.Schema.propose_files(HEDGE / "validation.csv", targets="hedge_ratio")


def test_npz_is_refused_with_a_remedy(schema, tmp_path):
    np.savez(tmp_path / "d.npz", x=np.ones((2, 2)), y=np.ones(2))
    with pytest.raises(zkmetric.UnsupportedError, match="npz") as caught:
        zkmetric.Dataset.commit_files(schema, tmp_path / "d.npz")
    assert ".npy" in caught.value.remedy


def test_dataset_files(schema, tmp_path):
    dataset = zkmetric.Dataset.commit(schema, [[1, 2], [3, 4]], [1, 2])
    again = zkmetric.Dataset.commit(schema, [[1, 2], [3, 4]], [1, 2])
    assert dataset.dataset_id != again.dataset_id, "the salt is fresh"
    dataset.write(tmp_path / "o")
    assert (tmp_path / "o" / "opening.zkm").stat().st_mode & 0o777 == 0o600
    read = zkmetric.Dataset.read(tmp_path / "o" / "opening.zkm")
    assert (read.dataset_id, read.num_samples) == (dataset.dataset_id, 2)
    damaged = bytearray((tmp_path / "o" / "opening.zkm").read_bytes())
    damaged[-40] ^= 1
    (tmp_path / "bad").write_bytes(damaged)
    with pytest.raises(zkmetric.FormatError, match="checksum"):
        zkmetric.Dataset.read(tmp_path / "bad")


def test_model_sources(world, tmp_path):
    assert zkmetric.Model(world.model).num_features == 4
    data = world.model.SerializeToString()
    assert zkmetric.Model(memoryview(data)).num_outputs == 1
    for source in (3, None, object(), ["m.onnx"]):
        with pytest.raises(zkmetric.ArgumentError, match="model: a "):
            zkmetric.Model(source)
    with pytest.raises(zkmetric.FormatError):
        zkmetric.Model(data[:-7])
    with pytest.raises(zkmetric.NotFoundError):
        zkmetric.Model(tmp_path / "none.onnx")
    with pytest.raises(zkmetric.ArgumentError, match="NUL"):
        zkmetric.Model("a\0b")
    with pytest.raises(zkmetric.ArgumentError, match="no output"):
        zkmetric.Model(data, output="z9")
    unsupported = network([4, 3, 1])
    unsupported.graph.node[1].op_type = "Softmax"
    with pytest.raises(zkmetric.UnsupportedError) as caught:
        zkmetric.Model(unsupported)
    assert "relu0" in caught.value.place and caught.value.remedy


def test_models_of_another_architecture(world):
    with pytest.raises(zkmetric.MismatchError):
        world.circuit.model_id(network([4, 6, 1]))
    with pytest.raises(zkmetric.MismatchError):
        world.circuit.evaluate(network([4, 5, 2]), world.features, world.targets)
    other = network([4, 5, 1], seed=9)
    assert world.circuit.model_id(other) != world.circuit.model_id(world.model)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"capacity": 0}, "capacity"),
        ({"capacity": 1 << 21}, "capacity"),
        ({"capacity": 2.5}, "capacity"),
        ({"capacity": True}, "capacity"),
        ({"capacity": 8, "bits": 7}, "bits"),
        ({"capacity": 8, "bits": 17}, "bits"),
        ({"capacity": 8, "headroom": 0.5}, "headroom"),
        ({"capacity": 8, "headroom": float("nan")}, "headroom"),
        ({"capacity": 8, "headroom": "2"}, "headroom"),
        ({"capacity": 8, "threads": -1}, "threads"),
        ({"capacity": 8, "progress": 3}, "progress"),
    ],
)
def test_options_are_checked(world, options, words):
    with pytest.raises(zkmetric.ArgumentError, match=words):
        zkmetric.Circuit.compile(
            world.model, world.schema, world.features, world.targets, **options
        )
    with pytest.raises(zkmetric.UnsupportedError, match="only rmse"):
        zkmetric.Circuit.compile(
            world.model, world.schema, world.features, world.targets, capacity=8, metric="mae"
        )
