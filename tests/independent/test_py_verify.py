"""The second verifier: on simulated proofs, on proofs of ours, and on what must be refused."""

import copy
import csv
import functools
import json
import os
import subprocess
import sys

import pytest
from py_ecc import optimized_bn128 as bn

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, HERE)
import py_verify  # noqa: E402
import simulate  # noqa: E402
from py_verify import PRIME, R, Key, Rejected, verify  # noqa: E402

ZKMETRIC = os.path.join(os.environ.get("ZKM_BUILD", os.path.join(ROOT, "build")), "zkmetric")
CONTEXT = "0x" + "0b" * 32
POINTS = ["pi_a", "pi_b", "pi_c", "pi_d"]


def read(folder, name):
    with open(os.path.join(folder, name + ".json")) as f:
        return json.load(f)


def simulated():
    folder = os.path.join(ROOT, "tests", "vectors", "mirage")
    return [read(folder, name) for name in ("vk", "pass", "fail")]


def ours(folder):
    """The command's own key and proofs, of the shipped example at 16 samples."""
    if not os.path.exists(ZKMETRIC):
        pytest.skip("no zkmetric in the build folder")
    example = os.path.join(ROOT, "examples", "hedge")
    with open(os.path.join(example, "validation.csv")) as whole, open(
        folder / "few.csv", "w"
    ) as few:
        csv.writer(few).writerows(list(csv.reader(whole))[:17])

    def zkmetric(*args):
        ran = subprocess.run([ZKMETRIC, *args], cwd=folder, capture_output=True, text=True)
        assert (
            ran.returncode == 0
        ), f"zkmetric {' '.join(args)}: status {ran.returncode}: {ran.stderr}"

    model, calibration = os.path.join(example, "model.onnx"), os.path.join(
        example, "calibration.csv"
    )
    zkmetric("schema", calibration, "--target", "hedge_ratio", "-o", "schema.json")
    zkmetric(
        "compile",
        model,
        "--schema",
        "schema.json",
        "--calibration",
        calibration,
        "--metric",
        "rmse",
        "--capacity",
        "16",
        "--bits",
        "16",
        "-o",
        "circuit",
    )
    zkmetric("setup", "circuit", "-o", "keys")
    zkmetric("commit", "few.csv", "--schema", "schema.json", "-o", "opening")
    for name, threshold in (("pass", "0.5"), ("fail", "0.0001")):
        zkmetric(
            "prove",
            "--circuit",
            "circuit",
            "--key",
            "keys/pk.zkm",
            "--model",
            model,
            "--opening",
            "opening/opening.zkm",
            "--threshold",
            threshold,
            "--context",
            CONTEXT,
            "-o",
            name + ".json",
        )
    return [read(folder / "keys", "vk"), read(folder, "pass"), read(folder, "fail")]


def remembering(function):
    """The function, which computes each result once; it must depend on its arguments alone."""
    known = {}

    @functools.wraps(function)
    def call(*args, **more):
        name = repr((args, more))
        if name not in known:
            known[name] = function(*args, **more)
        return known[name]

    return call


@pytest.fixture(scope="module", autouse=True)
def points_come_again():
    """py_ecc takes a second for the pairings of one proof, and most tests change one of its points."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("pairing", "multiply"):
            patch.setattr(bn, name, remembering(getattr(bn, name)))
        yield


@pytest.fixture(scope="module", params=["simulated", "ours"])
def files(request, tmp_path_factory):
    return simulated() if request.param == "simulated" else ours(tmp_path_factory.mktemp("ours"))


def refused(vk, proof, why):
    with pytest.raises(Rejected, match=why):
        verify(vk, proof)


def changed(data, path, value):
    data = copy.deepcopy(data)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return data


def test_the_vectors_are_the_simulators():
    assert list(simulate.make()) == simulated()


def test_the_final_exponentiation_is_py_eccs():
    f = bn.pairing(bn.G2, bn.G1, final_exponentiate=False)
    assert py_verify.final_exponentiate(f) == bn.final_exponentiate(f) != bn.FQ12.one()


def test_both_verdicts_are_accepted(files):
    vk, good, bad = files
    assert verify(vk, good)["verdict"] == 1
    assert verify(vk, bad)["verdict"] == 0


def test_another_statement_is_refused(files):
    vk, proof, _ = files
    inputs = proof["public_inputs"]
    fixed = inputs["threshold_fixed"] + 2**20
    other = {"num_samples": inputs["num_samples"] + 1, "verdict": 1 - inputs["verdict"]}
    for name in ("model_hash", "dataset_id", "context"):
        other[name] = "0x" + (int(inputs[name], 16) ^ 1).to_bytes(32, "big").hex()
    for name, value in other.items():
        refused(vk, changed(proof, ["public_inputs", name], value), "pairing")
    moved = changed(proof, ["public_inputs", "threshold_fixed"], fixed)
    refused(vk, moved, "threshold: not the number")
    told = (fixed + 0.5) / 2**32  # its shortest text lies between the two thresholds
    refused(vk, changed(moved, ["public_inputs", "threshold"], told), "pairing")


def test_statement_out_of_range_is_refused(files):
    vk, proof, _ = files
    for name, value, why in (
        ("num_samples", 0, "num_samples"),
        ("num_samples", 2**32, "num_samples"),
        ("num_samples", True, "num_samples"),
        ("threshold_fixed", 2**48, "threshold_fixed"),
        ("verdict", 2, "verdict"),
        ("verdict", -1, "verdict"),
        ("threshold", proof["public_inputs"]["threshold"] * 2, "threshold: not"),
        ("context", "0x" + R.to_bytes(32, "big").hex(), "context"),
        ("model_hash", "0x12", "model_hash"),
    ):
        refused(vk, changed(proof, ["public_inputs", name], value), why)
    above = int(proof["public_inputs"]["dataset_id"], 16) + R
    if above < 2**256:  # the same element of the field, written above its modulus
        refused(
            vk,
            changed(proof, ["public_inputs", "dataset_id"], "0x" + above.to_bytes(32, "big").hex()),
            "dataset_id",
        )


def test_swapped_and_foreign_points_are_refused(files):
    vk, proof, other = files
    parts = proof["proof"]
    for a, b in (("pi_a", "pi_c"), ("pi_c", "pi_d"), ("pi_a", "pi_d")):
        refused(
            vk, changed(changed(proof, ["proof", a], parts[b]), ["proof", b], parts[a]), "pairing"
        )
    for name in POINTS:
        refused(vk, changed(proof, ["proof", name], other["proof"][name]), "pairing")


def test_numbers_that_are_not_canonical_are_refused(files):
    vk, proof, _ = files
    x = proof["proof"]["pi_a"][0]
    for value in (str(int(x) + PRIME), "0" + x, "+" + x, int(x), "", "-1"):
        refused(vk, changed(proof, ["proof", "pi_a", 0], value), "pi_a")
    refused(vk, changed(proof, ["proof", "pi_a", 2], "2"), "pi_a")


def test_points_off_the_curve_and_infinity_are_refused(files):
    vk, proof, _ = files
    for name in ("pi_a", "pi_c", "pi_d"):
        refused(vk, changed(proof, ["proof", name, 1], "1"), name)
        refused(vk, changed(proof, ["proof", name], ["0", "0", "1"]), name)
        refused(vk, changed(proof, ["proof", name], ["0", "1", "0"]), name)
    refused(vk, changed(proof, ["proof", "pi_b"], [["0", "0"], ["0", "0"], ["1", "0"]]), "pi_b")
    refused(vk, changed(proof, ["proof", "pi_b"], [["0", "0"], ["1", "0"], ["0", "0"]]), "pi_b")
    refused(vk, changed(proof, ["proof", "pi_b", 0], proof["proof"]["pi_b"][0][::-1]), "pi_b")


def sixteenth_roots_of_one():
    """All of them, in the field with p^2 elements; p^2 = 17 mod 32, so that there are sixteen."""
    for k in range(1, 100):
        root = bn.FQ2([k, 1]) ** ((PRIME**2 - 1) // 16)
        if root**8 != bn.FQ2.one():
            return [root**i for i in range(16)]
    raise AssertionError("no primitive root found")


@functools.cache
def twist_point_outside_the_subgroup():
    """The first point on the twist with x = k + u, k = 1, 2, ...; hardly any is in the subgroup."""
    roots = sixteenth_roots_of_one()
    for k in range(1, 100):
        x = bn.FQ2([k, 1])
        square = x * x * x + bn.b2
        # The square of this is square * square^((p^2-1)/16), a sixteenth root of one away where a
        # root exists.
        nearly = square ** ((PRIME**2 + 15) // 32)
        for y in (nearly * root for root in roots):
            if y * y == square and not bn.is_inf(bn.multiply((x, y, bn.FQ2.one()), R)):
                return [[str(int(c)) for c in v.coeffs] for v in (x, y)] + [["1", "0"]]
    raise AssertionError("no point found")


def test_a_point_outside_the_subgroup_is_refused(files):
    vk, proof, _ = files
    refused(
        vk,
        changed(proof, ["proof", "pi_b"], twist_point_outside_the_subgroup()),
        "pi_b: not in the subgroup",
    )


def test_a_key_whose_secret_is_known_is_refused(files):
    vk, proof, _ = files
    generator = simulate.g2_json(1)
    for name in ("delta_2", "delta1_2"):
        refused(changed(vk, [name], generator), proof, f"{name}: the generator")
        refused(changed(vk, [name], vk["gamma_2"]), proof, f"{name}: (equal|the generator)")
    refused(changed(vk, ["delta1_2"], vk["delta_2"]), proof, "equal to delta_2")


def test_a_key_with_one_part_changed_is_refused(files):
    vk, proof, _ = files
    unnamed = {name: value for name, value in proof.items() if name != "vk_digest"}
    changes = [
        (["circuit_digest"], "0x" + "11" * 32),
        (["alpha_1"], vk["IC"][0]),
        (["IC", 1], vk["IC"][2]),
        (["beta_2"], simulate.g2_json(7)),
        (["gamma_2"], simulate.g2_json(7)),
    ]
    for path, value in changes:
        other = changed(vk, path, value)
        refused(other, proof, "vk_digest")
        # The digest is part of the challenge: an attacker who mends it is stopped by the equation.
        refused({**other, "vk_digest": "0x" + Key(other).digest.hex()}, unnamed, "pairing")
    refused(changed(vk, ["IC"], vk["IC"][:2]), proof, "IC")


def test_missing_parts_are_refused(files):
    vk, proof, _ = files
    for part, names in (
        ("proof", POINTS + ["protocol", "curve", "variant"]),
        ("public_inputs", list(simulate.inputs_of(1))),
    ):
        for name in names:
            short = copy.deepcopy(proof)
            del short[part][name]
            refused(vk, short, name)
    for name in simulated()[0]:
        refused({k: v for k, v in vk.items() if k != name}, proof, name)


def test_the_challenge_binds_everything(files):
    """One bit of the key's digest, of any field of the statement or of D moves the challenge."""
    vk, proof, _ = files
    key, fields = Key(vk), py_verify.statement(proof["public_inputs"])
    d = py_verify.g1(proof["proof"]["pi_d"], "pi_d")
    seen = {py_verify.challenge(key, fields, d), py_verify.challenge(key, fields, bn.neg(d))}
    seen |= {
        py_verify.challenge(key, fields[:i] + [fields[i] ^ 1] + fields[i + 1 :], d)
        for i in range(6)
    }
    key.digest = bytes([key.digest[0] ^ 1]) + key.digest[1:]
    seen.add(py_verify.challenge(key, fields, d))
    assert len(seen) == 9
