"""The command as a user meets it: every verb, its errors, its exit statuses.

ZKM_BUILD names the build folder (default: build). One tiny model goes the whole way; it is written here,
byte by byte, so that the tests need no ONNX library.
"""
import json
import os
import re
import signal
import stat
import struct
import subprocess
import time

import numpy as np
import pytest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(TOP, "build")))
ZKMETRIC = os.path.join(BUILD, "zkmetric")
HEDGE = os.path.join(TOP, "examples", "hedge")
CONTEXT = "0x" + "0b" * 32
VERBS = ["inspect", "schema", "compile", "setup", "specialise", "model-id", "commit", "prove", "verify", "verify-batch", "export", "gas"]


class Ran:
    def __init__(self, *args, timeout=300, **more):
        p = subprocess.run([ZKMETRIC, *map(str, args)], capture_output=True, timeout=timeout, **more)
        self.status, self.out, self.err = p.returncode, p.stdout.decode(), p.stderr.decode()

    @property
    def json(self):
        return json.loads(self.out)


def good(*args):
    r = Ran(*args)
    assert r.status == 0, r.err
    return r


def bad(verb, *args, status=2):
    """Runs and expects a refusal with one message of the promised form; gives the message."""
    r = Ran(verb, *args)
    assert r.status == status, (r.status, r.out, r.err)
    assert r.err.startswith(f"zkmetric {verb}: "), r.err
    return r.err


# ------------------------------------------------------------------ a model, written by hand

def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    if isinstance(value, str):
        value = value.encode()
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor(name, array):
    array = np.asarray(array, dtype="<f4")
    return b"".join(field(1, d) for d in array.shape) + field(2, 1) + field(8, name) + field(9, array.tobytes())


def value_info(name, width):
    batch, columns = field(1, field(2, "N")), field(1, field(1, width))
    return field(1, name) + field(2, field(1, field(1, 1) + field(2, batch + columns)))


def node(op, inputs, output, name):
    return b"".join(field(1, i) for i in inputs) + field(2, output) + field(3, name) + field(4, op)


def write_model(path, seed=0, activation="Relu", hidden=4, features=3):
    rng = np.random.default_rng(seed)
    w1, b1 = rng.normal(size=(features, hidden)) * 0.6, rng.normal(size=hidden) * 0.1
    w2, b2 = rng.normal(size=(hidden, 1)) * 0.6, rng.normal(size=1) * 0.1
    graph = b"".join(field(1, n) for n in (node("Gemm", ["x", "w1", "b1"], "z", "first"), node(activation, ["z"], "h", "act"),
                                           node("Gemm", ["h", "w2", "b2"], "y", "last")))
    graph += field(2, "tiny")
    graph += b"".join(field(5, tensor(k, v)) for k, v in (("w1", w1), ("b1", b1), ("w2", w2), ("b2", b2)))
    graph += field(11, value_info("x", features)) + field(12, value_info("y", 1))
    with open(path, "wb") as f:
        f.write(field(1, 8) + field(2, "tests") + field(7, graph) + field(8, field(1, "") + field(2, 17)))
    return lambda x: np.maximum(x @ w1 + b1, 0) @ w2 + b2


def write_csv(path, x, y, names=("a", "b", "c", "y")):
    with open(path, "w") as f:
        f.write(",".join(names) + "\n")
        for row in np.concatenate([x, y], axis=1):
            f.write(",".join(repr(float(v)) for v in row) + "\n")


class World:
    """What one user has on disk after keys were made."""

    def __init__(self, folder):
        self.folder = folder
        model = write_model(self["model.onnx"])
        write_model(self["other.onnx"], seed=1)
        rng = np.random.default_rng(7)
        x = rng.normal(size=(24, 3))
        noise = rng.normal(size=(24, 1)) * 0.1
        self.x, self.y = x, model(x) + noise
        self.rmse = float(np.sqrt(np.mean(noise**2)))
        write_csv(self["data.csv"], x, self.y)
        write_csv(self["few.csv"], x[:5], self.y[:5])
        good("schema", self["data.csv"], "--target", "y", "-o", self["schema.json"])
        self.compiled = self.compile(self["circuit"])
        self.set_up = good("setup", self["circuit"], "-o", self["keys"], "--json").json
        self.committed = good("commit", self["data.csv"], "--schema", self["schema.json"], "-o", self["opening"], "--json").json
        self.proved = self.prove("pass", self.rmse * 1.2).json
        self.prove("fail", self.rmse * 0.8)

    def __getitem__(self, name):
        return os.path.join(self.folder, name)

    def compile(self, out, *more):
        return good("compile", self["model.onnx"], "--schema", self["schema.json"], "--calibration", self["data.csv"], "--capacity", 24,
                    "--headroom", 8, "-o", out, "--json", *more).json

    def prove_args(self, out, threshold, **other):
        use = {"circuit": self["circuit"], "key": self["keys/pk.zkm"], "model": self["model.onnx"],
               "opening": self["opening/opening.zkm"], "context": CONTEXT} | other
        args = ["--threshold", f"{threshold:.9f}", "-o", self[out + ".json"], "--binary", self[out + ".bin"]]
        for k, v in use.items():
            args += ["--" + k, v]
        return args

    def prove(self, out, threshold, *more, **other):
        return good("prove", *self.prove_args(out, threshold, **other), "--json", *more)

    def verify(self, proof, *more):
        return Ran("verify", "--key", self["keys/vk.zkm"], self[proof], *more)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return World(str(tmp_path_factory.mktemp("world")))


# ------------------------------------------------------------------ the command itself

@pytest.mark.parametrize("verb", VERBS)
def test_help(verb):
    for args in ((verb, "--help"), ("help", verb)):
        r = good(*args)
        assert f"Usage: zkmetric {verb}" in r.out and "--json" in r.out and "--threads" in r.out
        assert max(map(len, r.out.splitlines())) <= 100


def test_overview_lists_every_verb():
    r = good("--help")
    assert all(f"  {v} " in r.out for v in VERBS)
    assert Ran().status == 2
    assert good("--version").out.startswith("zkmetric ")


def test_misspelt_verb():
    r = Ran("prov")
    assert r.status == 2 and "did you mean 'prove'" in r.err
    assert Ran("frobnicate").status == 2


@pytest.mark.parametrize("verb", [v for v in VERBS if v != "inspect"])
def test_missing_options(verb):
    assert "is missing" in bad(verb) or verb == "export"


def test_unknown_option_and_bad_numbers(world):
    bad("inspect", world["model.onnx"], "--frobnicate")
    assert "from 1 to 1048576" in bad("inspect", world["model.onnx"], "--capacity", "0")
    bad("inspect", world["model.onnx"], "--capacity", "12x")
    bad("inspect", world["model.onnx"], "--capacity", "-3")
    bad("inspect", world["model.onnx"], "--threads", "0")
    assert "given twice" in bad("inspect", world["model.onnx"], "--capacity", "3", "--capacity", "4")
    bad("inspect", world["model.onnx"], "another.onnx")


def test_missing_files_are_named(world):
    for args in (("inspect", "no.onnx"), ("schema", "no.csv", "--target", "y"), ("setup", "no.circuit", "-o", world["k"]),
                 ("verify", "--key", "no.zkm", world["pass.json"]), ("verify", "--key", world["keys/vk.zkm"], "no.json"),
                 ("export", "vk-json", "--key", "no.zkm"), ("export", "calldata", "no.json")):
        assert "no." in bad(*args)


def test_output_that_cannot_be_written(world):
    with open("/dev/full", "wb") as full:
        p = subprocess.run([ZKMETRIC, "inspect", world["model.onnx"], "--json"], stdout=full, stderr=subprocess.PIPE)
    assert p.returncode == 3 and b"standard output" in p.stderr


def test_failing_verbs_report_in_json(world):
    r = Ran("setup", "no.circuit", "-o", world["k"], "--json")
    assert r.status == 2 and r.json["status"] == "ZKM_ERR_NOT_FOUND" and "no.circuit" in r.json["error"]


def test_costs_are_in_every_report(world):
    for report in (world.compiled, world.set_up, world.committed, world.proved):
        assert report["seconds"] >= 0 and report["peak_rss_bytes"] > 1e6


# ------------------------------------------------------------------ inspect, schema, compile

def test_inspect(world):
    j = good("inspect", world["model.onnx"], "--capacity", 24, "--json").json
    assert j["supported"] is True and j["unsupported"] == [] and j["parameters"] == 3 * 4 + 4 + 4 + 1
    assert j["constraints"] > 0 and j["constraints_exact"] is True
    assert {"pk_bytes", "setup_seconds", "prove_seconds", "prove_rss_bytes"} <= set(j["predicted"])
    text = good("inspect", world["model.onnx"]).out
    assert "can be proved" in text and "Gemm" in text


def test_inspect_large_capacity_is_quick(world):
    begin = time.time()
    j = good("inspect", world["model.onnx"], "--capacity", 1000000, "--json").json
    assert time.time() - begin < 10 and j["constraints_exact"] is False and j["constraints"] > 1e6


def test_inspect_unsupported(world):
    write_model(world["odd.onnx"], activation="Softmax")
    r = Ran("inspect", world["odd.onnx"], "--json")
    assert r.status == 2 and r.json["supported"] is False
    assert r.json["unsupported"][0]["op"] == "Softmax" and r.json["unsupported"][0]["node"] and r.json["unsupported"][0]["hint"]
    r = Ran("inspect", world["odd.onnx"])
    assert r.status == 2 and "Softmax" in r.out
    assert "Softmax" in bad("compile", world["odd.onnx"], "--schema", world["schema.json"], "--calibration", world["data.csv"],
                            "--capacity", 4, "-o", world["odd"])


def test_schema_forms_of_targets(world):
    data = world["two.csv"]
    write_csv(data, world.x, world.y, names=("a", "b", "c", "y"))
    for args in ((data, "--target", "c", "--target", "y"), (data, "--target", "c,y"), (data, "--target", "c", "y"),
                 ("--target", "c", "y", data), ("--target=c,y", data)):
        j = good("schema", *args, "-o", world["s.json"], "--json").json
        assert [c["role"] for c in j["columns"]] == ["feature", "feature", "target", "target"], args
        assert json.load(open(world["s.json"]))["columns"] == j["columns"]


def test_schema_to_standard_output(world):
    assert good("schema", world["data.csv"], "--target", "y").json == json.load(open(world["schema.json"]))


def test_schema_errors(world):
    assert "nowhere" in bad("schema", world["data.csv"], "--target", "nowhere")
    bad("schema", world["data.csv"], "--target", "y", "-o", world["no/folder/s.json"])
    with open(world["bad.csv"], "w") as f:
        f.write("a,y\n1,2\n3,x\n")
    message = bad("schema", world["bad.csv"], "--target", "y")
    assert "bad.csv" in message and "row 2" in message and "y" in message


def test_data_in_two_files(world):
    np.save(world["x.npy"], world.x)
    np.save(world["y.npy"], world.y)
    good("schema", world["x.npy"], world["y.npy"], "--target", "y", "-o", world["npy.json"])
    good("compile", world["model.onnx"], "--schema", world["npy.json"], "--calibration", world["x.npy"], "--calibration", world["y.npy"],
         "--capacity", 4, "-o", world["npy.circuit"])
    j = good("commit", world["x.npy"], world["y.npy"], "--schema", world["npy.json"], "-o", world["npy"], "--json").json
    assert j["num_samples"] == 24


def test_compile_report(world):
    j = world.compiled
    assert abs(j["float_metric"] - world.rmse) < 1e-4
    assert abs(j["integer_metric"] - world.rmse) < 1e-3 + 0.01 * world.rmse
    assert abs(j["metric_difference"] - (j["integer_metric"] - j["float_metric"])) < 1e-12
    assert j["max_abs_output_error"] < 0.01 and j["capacity"] == 24 and j["bits"] == 16
    assert sum(p["constraints"] for p in j["parts"]) == j["constraints"] <= j["domain"]
    assert len(j["layers"]) == 2 and all(l["headroom_left"] >= 1 for l in j["layers"])
    assert j["circuit_bytes"] == os.path.getsize(world["circuit"])


def test_compile_text(world):
    text = good("compile", world["model.onnx"], "--schema", world["schema.json"], "--calibration", world["data.csv"], "--capacity", 24,
                "-o", world["c2"]).out
    assert "float model" in text and "integer model" in text and "constraints" in text and "first" in text


def test_compile_is_deterministic(world):
    world.compile(world["again"], "--threads", "1")
    assert open(world["again"], "rb").read() == open(world["circuit"], "rb").read()


def test_compile_errors(world):
    def refused(*more, schema="schema.json", model="model.onnx", data="data.csv"):
        return bad("compile", world[model], "--schema", world[schema], "--calibration", world[data], "-o", world["never"], *more)

    assert "rmse" in refused("--capacity", 4, "--metric", "r2")
    refused("--capacity", 4, "--bits", "17")
    refused("--capacity", 4, "--headroom", "0.5")
    refused("--capacity", 0)
    good("schema", world["data.csv"], "--target", "c,y", "-o", world["two.json"])
    assert "two.json" in refused("--capacity", 4, schema="two.json")
    with open(world["broken.json"], "w") as f:
        f.write("{")
    assert "broken.json" in refused("--capacity", 4, schema="broken.json")
    assert not os.path.exists(world["never"])


# ------------------------------------------------------------------ setup, model-id, commit

def test_setup_files(world):
    assert sorted(os.listdir(world["keys"])) == ["pk.zkm", "vk.json", "vk.zkm"]
    j = world.set_up
    assert j["setup"] == "single-party" and j["pk_bytes"] == os.path.getsize(world["keys/pk.zkm"])
    assert json.load(open(world["keys/vk.json"]))["vk_digest"] == j["vk_digest"]


def specialise_args(world, out, **other):
    use = {"circuit": world["circuit"], "key": world["keys/pk.zkm"], "model": world["model.onnx"]} | other
    return [x for k, v in use.items() for x in ("--" + k, v)] + ["-o", world[out]]


def test_specialise(world):
    j = good("specialise", *specialise_args(world, "special.zkm"), "--json").json
    assert j["model_id"] == world.proved["model_id"] and 0 < j["fixed_wires"] < j["wires"]
    assert j["key_bytes"] == os.path.getsize(world["special.zkm"]) < os.path.getsize(world["keys/pk.zkm"])
    assert os.stat(world["special.zkm"]).st_mode & 0o077 == 0  # as secret as the model
    for out, threshold in (("special1", world.rmse * 1.2), ("special0", world.rmse * 0.8)):
        world.prove(out, threshold, key=world["special.zkm"])
        assert world.verify(out + ".json").status == 0


def test_specialise_halves_the_quotient(world):
    """Of a circuit of one sample that is mostly model; its rows stand apart."""
    features, at = 20, lambda name: world["large." + name]
    model = write_model(at("onnx"), hidden=10, features=features)
    x = np.random.default_rng(3).normal(size=(8, features))
    names = [f"x{i}" for i in range(features)] + ["y"]
    write_csv(at("all.csv"), x, model(x) + 0.1, names)
    write_csv(at("one.csv"), x[:1], model(x[:1]) + 0.1, names)
    good("schema", at("all.csv"), "--target", "y", "-o", at("schema"))
    good("compile", at("onnx"), "--schema", at("schema"), "--calibration", at("all.csv"), "--capacity", 1, "--headroom", 8, "-o", at("circuit"))
    good("setup", at("circuit"), "-o", at("keys"))
    good("commit", at("one.csv"), "--schema", at("schema"), "-o", at("opening"))
    use = {"circuit": at("circuit"), "key": at("keys/pk.zkm"), "model": at("onnx")}
    assert good("specialise", *specialise_args(world, "large.zkm", **use), "--json").json["halved"] is True
    for out, threshold, key in (("large1", 0.2, at("zkm")), ("large0", 0.05, at("zkm")), ("whole", 0.2, use["key"])):
        world.prove(out, threshold, **use | {"key": key, "opening": at("opening/opening.zkm")})
        assert good("verify", "--key", at("keys/vk.zkm"), world[out + ".json"])
    assert good("specialise", *specialise_args(world, "special.zkm"), "--json").json["halved"] is False


def test_specialise_errors(world):
    good("specialise", *specialise_args(world, "special.zkm"))
    message = bad("prove", *world.prove_args("never", 9.0, key=world["special.zkm"], model=world["other.onnx"]))
    assert "special.zkm" in message and "other.onnx" in message and "another model" in message
    assert not os.path.exists(world["never.json"])
    message = bad("specialise", *specialise_args(world, "twice.zkm", key=world["special.zkm"]))
    assert "special.zkm" in message and "already" in message and not os.path.exists(world["twice.zkm"])
    write_model(world["wide.onnx"], hidden=5)
    bad("specialise", *specialise_args(world, "never.zkm", model=world["wide.onnx"]))
    bad("specialise", *specialise_args(world, "never.zkm", key=world["circuit"]))
    bad("specialise", *specialise_args(world, "none/never.zkm"))
    assert not os.path.exists(world["never.zkm"])


def test_model_id(world):
    j = good("model-id", world["model.onnx"], "--circuit", world["circuit"], "--json").json
    assert j["model_id"] == world.proved["model_id"] == good("model-id", world["model.onnx"], "--circuit", world["circuit"]).out.strip()
    assert good("model-id", world["other.onnx"], "--circuit", world["circuit"], "--json").json["model_id"] != j["model_id"]
    write_model(world["wide.onnx"], hidden=5)
    bad("model-id", world["wide.onnx"], "--circuit", world["circuit"])


def test_commit_files(world):
    assert stat.S_IMODE(os.stat(world["opening/opening.zkm"]).st_mode) == 0o600
    public = json.load(open(world["opening/dataset.json"]))
    assert public["dataset_id"] == world.committed["dataset_id"] and public["num_samples"] == 24
    again = good("commit", world["data.csv"], "--schema", world["schema.json"], "-o", world["opening2"], "--json").json
    assert again["dataset_id"] != world.committed["dataset_id"]


def test_commit_errors_name_the_place(world):
    x = world.x.copy()
    for name, cell in (("nan", "nan"), ("word", "seven"), ("far", "1e12"), ("empty", "")):
        with open(world["bad.csv"], "w") as f:
            f.write(f"a,b,c,y\n1,1,1,1\n1,{cell},1,1\n")
        message = bad("commit", world["bad.csv"], "--schema", world["schema.json"], "-o", world["bad"])
        assert "bad.csv" in message and "row 2" in message and "b" in message
        assert not os.path.exists(world["bad/opening.zkm"])
    write_csv(world["extra.csv"], np.concatenate([x, x[:, :1]], axis=1), world.y, names=("a", "b", "c", "d", "y"))
    assert "d" in bad("commit", world["extra.csv"], "--schema", world["schema.json"], "-o", world["bad"])


# ------------------------------------------------------------------ prove, verify

def test_prove_report(world):
    j = world.proved
    assert j["verdict"] == 1 and j["num_samples"] == 24 and j["proof_bytes"] == 160 and j["context"] == CONTEXT
    assert j["constraints"] == world.compiled["constraints"] and j["dataset_id"] == world.committed["dataset_id"]
    assert "private_metric" not in j
    assert os.path.getsize(world["pass.bin"]) == 160 + 192


def test_prove_shows_the_metric_only_when_asked(world):
    j = world.prove("shown", 1.0, "--show-metric").json
    assert abs(j["private_metric"] - world.compiled["integer_metric"]) < 1e-9
    r = good("prove", *world.prove_args("shown", 1.0))
    assert f"{world.compiled['integer_metric']:.5g}" not in r.out


def test_proof_json_keys(world):
    p = json.load(open(world["pass.json"]))
    assert set(p["proof"]) == {"pi_a", "pi_b", "pi_c", "pi_d", "protocol", "curve", "variant"}
    assert set(p["public_inputs"]) == {"threshold", "threshold_fixed", "model_hash", "num_samples", "dataset_id", "verdict", "context"}
    assert isinstance(p["public_inputs"]["threshold"], float)


def test_threshold_reads_back(world):
    world.prove("shown", 1.05)
    p = json.load(open(world["shown.json"]))["public_inputs"]
    assert p["threshold"] == 1.05 and p["threshold_fixed"] == int(1.05 * 2**32)


def test_prove_other_weights_under_the_same_keys(world):
    world.prove("other", 9.0, model=world["other.onnx"])
    assert world.verify("other.json").status == 0


def test_prove_fewer_samples(world):
    good("commit", world["few.csv"], "--schema", world["schema.json"], "-o", world["few"])
    world.prove("few", 1.0, opening=world["few/opening.zkm"])
    assert world.verify("few.json", "--min-samples", 5).status == 0
    assert world.verify("few.json", "--min-samples", 6).status == 1


def test_prove_require_pass(world):
    message = bad("prove", *world.prove_args("never", world.rmse * 0.8), "--require-pass", status=1)
    assert "not below" in message and not os.path.exists(world["never.json"])


def test_prove_errors(world):
    def refused(**other):
        message = bad("prove", *world.prove_args("never", 1.0, **other))
        assert not os.path.exists(world["never.json"]) and not os.path.exists(world["never.bin"])
        return message

    write_csv(world["many.csv"], np.tile(world.x, (2, 1)), np.tile(world.y, (2, 1)))
    good("commit", world["many.csv"], "--schema", world["schema.json"], "-o", world["many"])
    assert "48" in refused(opening=world["many/opening.zkm"])
    schema = json.load(open(world["schema.json"]))
    schema["columns"][0]["frac_bits"] -= 1
    json.dump(schema, open(world["coarse.json"], "w"))
    good("commit", world["data.csv"], "--schema", world["coarse.json"], "-o", world["coarse"])
    message = refused(opening=world["coarse/opening.zkm"])
    assert "coarse/opening.zkm" in message and "circuit" in message
    good("compile", world["model.onnx"], "--schema", world["schema.json"], "--calibration", world["data.csv"], "--capacity", 3,
         "-o", world["small"])
    good("setup", world["small"], "-o", world["smallkeys"])
    refused(key=world["smallkeys/pk.zkm"])
    key = bytearray(open(world["keys/pk.zkm"], "rb").read())
    for at in range(5000, len(key), len(key) // 5):  # whether opening or proving finds it
        key[at] ^= 1
        open(world["damaged.zkm"], "wb").write(key)
        key[at] ^= 1
        message = refused(key=world["damaged.zkm"])
        assert "damaged.zkm" in message and "damaged, cut off" in message
    write_model(world["wide.onnx"], hidden=5)
    refused(model=world["wide.onnx"])
    refused(context="0x12")
    refused(context="0x" + "ff" * 32)
    refused(circuit=world["schema.json"])
    refused(key=world["circuit"])
    refused(opening=world["circuit"])
    refused(model=world["circuit"])
    bad("prove", *world.prove_args("never", -1.0))
    bad("prove", *world.prove_args("never", 70000.0))


@pytest.mark.parametrize("form", ["json", "bin"])
def test_verify_accepts(world, form):
    r = world.verify(f"pass.{form}", "--dataset-id", world.committed["dataset_id"], "--model-id", world.proved["model_id"],
                     "--min-samples", 24, "--threshold", f"{world.rmse * 1.2:.9f}", "--context", CONTEXT, "--require-pass", "--json")
    assert r.status == 0, r.err
    j = r.json
    assert j["accepted"] is True and j["verdict"] == 1 and j["num_samples"] == 24 and j["setup"] == "single-party"
    assert j["circuit_digest"] == world.compiled["circuit_digest"]


def test_verify_says_single_party(world):
    r = world.verify("pass.json")
    assert r.status == 0 and "accepted" in r.out and "single-party" in r.out


@pytest.mark.parametrize("flag,value", [("--model-id", "0x" + "01" * 32), ("--dataset-id", "0x" + "01" * 32), ("--context", "0x" + "01" * 32),
                                        ("--min-samples", "25"), ("--threshold", "0.0001")])
def test_verify_expectations(world, flag, value):
    r = world.verify("pass.json", flag, value, "--json")
    assert r.status == 1 and r.json["accepted"] is False
    assert flag[2:].replace("-", "_").replace("min_", "num_") in r.json["reason"]


def test_verify_verdict_0(world):
    assert world.verify("fail.json").status == 0
    assert world.verify("fail.json", "--require-pass").status == 1
    assert "not below" in world.verify("fail.json").out


def test_verify_tampered(world):
    proof = json.load(open(world["pass.json"]))
    for part in proof["proof"], proof["public_inputs"]:
        for key, value in part.items():
            old = part[key]
            if isinstance(value, str):
                part[key] = value[:-1] + ("0" if value[-1] != "0" else "1")
            elif isinstance(value, list):
                part[key] = value[::-1]
            else:
                part[key] = value * 2 if isinstance(value, float) else value + 1 if key != "verdict" else 1 - value
            json.dump(proof, open(world["t.json"], "w"))
            part[key] = old
            assert world.verify("t.json").status in (1, 2), key
    p = proof["proof"]
    p["pi_a"], p["pi_c"] = p["pi_c"], p["pi_a"]
    json.dump(proof, open(world["t.json"], "w"))
    assert world.verify("t.json").status == 1


def test_verify_malformed(world):
    raw = open(world["pass.bin"], "rb").read()
    for data in (b"", b"{}", b"[]", b"nonsense", raw[:-1], raw + b"\0", b"\xff" * 352, b"{" * 5000, open(world["circuit"], "rb").read()):
        with open(world["t.bin"], "wb") as f:
            f.write(data)
        r = world.verify("t.bin", "--json")
        assert r.status == 2 and r.json["accepted"] is False and "t.bin" in r.json["reason"]


def test_verify_with_another_key(world):
    good("setup", world["circuit"], "-o", world["keys2"])
    for form in ("json", "bin"):
        r = Ran("verify", "--key", world["keys2/vk.zkm"], world["pass." + form])
        assert r.status == 1
    bad("verify", "--key", world["keys/pk.zkm"], world["pass.json"])
    bad("verify", "--key", world["circuit"], world["pass.json"])


def test_verify_batch(world):
    paths = [world["pass.json"], world["fail.bin"], world["pass.bin"]]
    j = good("verify-batch", "--key", world["keys/vk.zkm"], *paths, "--json").json
    assert j["accepted"] is True and [s["verdict"] for s in j["statements"]] == [1, 0, 1] and j["setup"] == "single-party"
    raw = bytearray(open(world["pass.bin"], "rb").read())
    raw[160 + 95] ^= 1  # num_samples
    open(world["wrong.bin"], "wb").write(raw)
    r = Ran("verify-batch", "--key", world["keys/vk.zkm"], *paths, world["wrong.bin"], world["pass.json"], "--json")
    assert r.status == 1 and r.json["accepted"] is False and r.json["proof"] == world["wrong.bin"] and "wrong.bin" in r.json["reason"]
    open(world["cut.bin"], "wb").write(raw[:100])
    r = Ran("verify-batch", "--key", world["keys/vk.zkm"], *paths, world["cut.bin"], "--json")
    assert r.status == 2 and r.json["proof"] == world["cut.bin"]


# ------------------------------------------------------------------ export

def test_export(world):
    vk = good("export", "vk-json", "--key", world["keys/vk.zkm"]).json
    assert vk == json.load(open(world["keys/vk.json"]))
    j = good("export", "vk-json", "--key", world["keys/vk.zkm"], "-o", world["vk2.json"], "--json").json
    assert j["bytes"] == os.path.getsize(world["vk2.json"])
    words = good("export", "calldata", world["pass.bin"]).json
    assert len(words["proof"]) == 10 and len(words["statement"]) == 6
    assert words["statement"][0] == world.proved["model_id"] and int(words["statement"][2], 16) == 24
    assert words == good("export", "calldata", world["pass.json"]).json


def test_export_errors(world):
    assert "committed round" in bad("export", "snarkjs", "--key", world["keys/vk.zkm"])
    bad("export", "solidity", "--key", world["keys/vk.zkm"])
    bad("export", "vk-json", world["pass.json"])
    bad("export", "calldata")
    assert "--json needs" in bad("export", "vk-json", "--key", world["keys/vk.zkm"], "--json")
    bad("export", "vk-json", "--key", world["keys/vk.zkm"], "-o", world["no/folder/vk.json"])


# ------------------------------------------------------------------ stopping

def interrupted(args, after):
    p = subprocess.Popen([ZKMETRIC, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(after)
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=120)
    return p.returncode, err.decode()


def test_interrupt_writes_nothing(world):
    data = os.path.join(HEDGE, "calibration.csv")
    good("schema", data, "--target", "hedge_ratio", "-o", world["hedge.json"])
    good("compile", os.path.join(HEDGE, "model.onnx"), "--schema", world["hedge.json"], "--calibration", data, "--capacity", 512,
         "-o", world["hedge"])
    status, err = interrupted(["setup", world["hedge"], "-o", world["hedgekeys"]], 1.0)
    assert status == 3 and err.startswith("zkmetric setup: "), err
    assert not os.path.exists(world["hedgekeys"]) or os.listdir(world["hedgekeys"]) == []


# ------------------------------------------------------------------ documents

def keys_of(value):
    if isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from keys_of(v)
    elif isinstance(value, list):
        for v in value:
            yield from keys_of(v)


def test_every_key_of_every_report_is_documented(world):
    with open(os.path.join(TOP, "docs", "formats-cli.md")) as f:
        text = f.read()
    sections = dict(re.findall(r"^## ([\w -]+)\n(.*?)(?=^## |\Z)", text, flags=re.S | re.M))
    vk = world["keys/vk.zkm"]
    reports = {
        "inspect": good("inspect", world["model.onnx"], "--json").json,
        "compile": world.compiled,
        "setup": world.set_up,
        "specialise": good("specialise", *specialise_args(world, "special.zkm"), "--json").json,
        "model-id": good("model-id", world["model.onnx"], "--circuit", world["circuit"], "--json").json,
        "commit": world.committed,
        "prove": world.prove("shown", 1.0, "--show-metric").json,
        "verify": world.verify("pass.json", "--json").json | world.verify("pass.json", "--min-samples", "25", "--json").json,
        "verify-batch": good("verify-batch", "--key", vk, world["pass.json"], "--json").json,
        "export": good("export", "vk-json", "--key", vk, "-o", world["v.json"], "--json").json,
    }
    for verb, report in reports.items():
        known = sections["Every verb"] + sections[verb] + (sections["verify"] if verb == "verify-batch" else "")
        report.pop("operators", None)  # its keys are operators
        assert [k for k in keys_of(report) if f"`{k}`" not in known] == [], verb
