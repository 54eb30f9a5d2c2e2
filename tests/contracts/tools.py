"""The command, and what it takes."""

import math
import os
import subprocess

from checks import BUILD, PROOFS

ZKMETRIC = os.path.join(BUILD, "zkmetric")


def zkmetric(*args):
    return subprocess.run([ZKMETRIC, *map(str, args)], capture_output=True, text=True)


def proof_json(p):
    """proof.json with these words as they are."""
    a, b, c, d = p.words[:2], p.words[2:6], p.words[6:8], p.words[8:]
    point = lambda xy: [*map(str, xy), "1"]  # noqa: E731
    fields = p.statement
    return {
        "proof": {
            "pi_a": point(a),
            "pi_b": [[str(b[1]), str(b[0])], [str(b[3]), str(b[2])], ["1", "0"]],
            "pi_c": point(c),
            "pi_d": point(d),
            **{"protocol": "groth16", "curve": "bn254", "variant": "mirage"},
        },
        "public_inputs": {
            # Ten decimals are enough for any threshold.
            "threshold": math.ceil(fields[3] * 10**10 / 2**32) / 10**10,
            "threshold_fixed": fields[3],
            "model_hash": f"0x{fields[0]:064x}",
            "num_samples": fields[2],
            "dataset_id": f"0x{fields[1]:064x}",
            "verdict": fields[4],
            "context": f"0x{fields[5]:064x}",
        },
    }


def many(n):
    return [PROOFS[i % len(PROOFS)] for i in range(n)]


def gas_used(node, verifier, data):
    """Of a whole transaction."""
    receipt = node.send(verifier, data)
    assert receipt["status"] == "0x1"
    return int(receipt["gasUsed"], 16)
