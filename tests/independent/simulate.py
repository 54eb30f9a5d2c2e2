#!/usr/bin/env python3
"""Makes a verifying key whose secrets are known, and proofs under it without a witness.

    simulate.py FOLDER        (writes vk.json, pass.json and fail.json)

Whoever knows the setup's secrets can solve the pairing equation for C: such a proof shows nothing,
and a verifier must accept it. So it is a test vector for verifiers that no prover is needed for.
The secrets are drawn from a fixed seed by Keccak-256; the files are the same each time.
"""

import json
import os
import sys

from py_ecc import optimized_bn128 as bn

from py_verify import Key, R, challenge, fold, g1, keccak256, statement

SECRETS = ["alpha", "beta", "gamma", "delta", "delta1", "ic0", "ic1", "ic2"]


def draw(what):
    return 1 + int.from_bytes(keccak256(b"zkmetric simulated " + what.encode()), "big") % (R - 1)


def g1_json(scalar):
    return [str(int(v)) for v in bn.normalize(bn.multiply(bn.G1, scalar))] + ["1"]


def g2_json(scalar):
    return [[str(int(c)) for c in v.coeffs] for v in bn.normalize(bn.multiply(bn.G2, scalar))] + [
        ["1", "0"]
    ]


def key(secrets):
    vk = {
        "protocol": "groth16",
        "curve": "bn254",
        "variant": "mirage",
        "circuit_digest": "0x" + keccak256(b"zkmetric simulated circuit").hex(),
        "alpha_1": g1_json(secrets["alpha"]),
    }
    vk.update(
        {name + "_2": g2_json(secrets[name]) for name in ("beta", "gamma", "delta", "delta1")}
    )
    vk["IC"] = [g1_json(secrets[f"ic{i}"]) for i in range(3)]
    vk["vk_digest"] = "0x" + Key(vk).digest.hex()
    return vk


def prove(vk, secrets, inputs, name):
    """Draws the scalars of A, B and D and solves the verifier's equation for that of C."""
    a, b, d = (draw(f"{name} {x}") for x in "abd")
    parts = {"pi_a": g1_json(a), "pi_b": g2_json(b), "pi_d": g1_json(d)}
    fields = statement(inputs)
    c = challenge(Key(vk), fields, g1(parts["pi_d"], "pi_d"))
    public = secrets["ic0"] + c * secrets["ic1"] + fold(fields, c) * secrets["ic2"]
    rest = (
        a * b
        - secrets["alpha"] * secrets["beta"]
        - public * secrets["gamma"]
        - d * secrets["delta1"]
    )
    parts["pi_c"] = g1_json(rest * pow(secrets["delta"], -1, R) % R)
    order = ("pi_a", "pi_b", "pi_c", "pi_d")
    return {
        "proof": {
            **{k: parts[k] for k in order},
            "protocol": "groth16",
            "curve": "bn254",
            "variant": "mirage",
        },
        "public_inputs": inputs,
    }


def inputs_of(verdict):
    def id_of(what):
        return "0x" + (draw(what) % 2**253).to_bytes(32, "big").hex()

    return {
        "threshold": 0.05,
        "threshold_fixed": int(0.05 * 2**32),
        "model_hash": id_of("model"),
        "num_samples": 1000,
        "dataset_id": id_of("dataset"),
        "verdict": verdict,
        "context": id_of("context"),
    }


def make():
    """(vk, proof of verdict 1, proof of verdict 0)"""
    secrets = {name: draw(name) for name in SECRETS}
    vk = key(secrets)
    return vk, prove(vk, secrets, inputs_of(1), "pass"), prove(vk, secrets, inputs_of(0), "fail")


def main():
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, data in zip(("vk", "pass", "fail"), make()):
        with open(os.path.join(sys.argv[1], name + ".json"), "w") as f:
            json.dump(data, f, indent=1)
            f.write("\n")


if __name__ == "__main__":
    main()
