"""Makes what the contracts' tests check: a verifier of a fresh key and real proofs, in Solidity.

    proofs.py ZKMETRIC FOLDER

Writes FOLDER/ZkmetricVerifier.sol and FOLDER/Proofs.sol. The proofs are for the world of
contracts/test/World.sol: its addresses, times and terms are said here once and generated from
here. Contexts and agreements are computed here from the documents alone, so that an accepted proof
shows that contract, C code and documents agree.
"""

import json
import os
import subprocess
import sys

from eth_utils import keccak

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
HEDGE = os.path.join(TOP, "examples", "hedge")

CHAIN_ID = 31337
DEPLOYER, OPERATOR = 0xD0, 0x0BE7A704
VENUES = [0xA1, 0xA2, 0xA3, 0xA4]
ROWS = [5, 5, 6, 3]  # samples of each venue; the last has too few
SALT = 1
START = 1_800_000_000
TERMS = {
    "registerBy": START + 86_400,
    "minSamples": 4,
    "proveSeconds": 2 * 86_400,
    "auditSeconds": 3 * 3_600,
    "auditRate": 0x8000,
}
THRESHOLDS = [0.0625, 0.015625]  # of rounds 1 and 2; exact in binary


def word(number):
    return number.to_bytes(32, "big")


def hash_words(*numbers):
    return int.from_bytes(keccak(b"".join(map(word, numbers))), "big")


def created(deployer, nonce):
    """The address of an account's contract number `nonce`, below 128."""
    rlp = b"\xd6\x94" + deployer.to_bytes(20, "big") + (bytes([nonce]) if nonce else b"\x80")
    return int.from_bytes(keccak(rlp)[12:], "big")


VERIFIER, ROUTER, APPLICATION = (created(DEPLOYER, nonce) for nonce in range(3))
FEDERATION = hash_words(OPERATOR, SALT)


def fixed(threshold):
    return int(threshold * 2**32)


def agreement(selector):
    """keccak256(abi.encode(terms, verifier)); terms end with an array."""
    head = [0x40, VERIFIER, selector << 224, *TERMS.values(), 7 * 32]
    return hash_words(*head, len(THRESHOLDS), *map(fixed, THRESHOLDS))


class Maker:
    """Runs zkmetric in a folder."""

    def __init__(self, zkmetric, folder):
        self.zkmetric, self.folder = zkmetric, folder

    def at(self, name):
        return os.path.join(self.folder, name)

    def run(self, verb, *words, **options):
        """What the command prints; an option without a value is True."""
        command = [self.zkmetric, verb, *words]
        for name, value in options.items():
            command += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0:
            sys.exit(f"proofs.py: zkmetric {verb}: {ran.stderr}")
        return ran.stdout

    def keys(self):
        """The vk_digest of a fresh key."""
        calibration, model = (os.path.join(HEDGE, n) for n in ("calibration.csv", "model.onnx"))
        schema, circuit = self.at("schema.json"), self.at("circuit.zkm")
        self.run("schema", calibration, target="hedge_ratio", out=schema)
        given = {"schema": schema, "calibration": calibration}
        self.run("compile", model, capacity=8, out=circuit, **given)
        return json.loads(self.run("setup", circuit, out=self.at("keys"), json=True))["vk_digest"]

    def commit(self, venue):
        """The dataset_id of a venue's rows of the shipped data, which no other venue has."""
        with open(os.path.join(HEDGE, "validation.csv")) as f:
            lines = f.readlines()
        first = 1 + sum(ROWS[:venue])
        rows, opening = self.at(f"{venue}.csv"), self.at(f"opening{venue}")
        with open(rows, "w") as f:
            f.writelines(lines[:1] + lines[first : first + ROWS[venue]])
        report = self.run("commit", rows, schema=self.at("schema.json"), out=opening, json=True)
        return int(json.loads(report)["dataset_id"], 16)

    def prove(self, model, venue, threshold, context):
        """Ten words of proof and six of statement."""
        proof = self.at("proof.json")
        files = {
            "circuit": self.at("circuit.zkm"),
            "key": self.at("keys/pk.zkm"),
            "model": os.path.join(HEDGE, model),
            "opening": self.at(f"opening{venue}/opening.zkm"),
        }
        self.run("prove", threshold=threshold, context=f"0x{context:064x}", out=proof, **files)
        words = json.loads(self.run("export", "calldata", proof))
        return words["proof"], words["statement"]


def cases(nonce):
    """Name, model, owner of the data, threshold, context of each proof."""

    def context(**other):
        parts = {
            **{"chain": CHAIN_ID, "contract": APPLICATION, "federation": FEDERATION},
            **{"round": 1, "venue": VENUES[0], "nonce": nonce},
            **other,
        }
        return hash_words(*parts.values()) % 2**253

    first, second = THRESHOLDS
    made = [(f"venue{i}", "model.onnx", i, first, context(venue=VENUES[i])) for i in range(4)]
    made += [
        (f"other_{part}", "model.onnx", 0, first, context(**{part: value}))
        for part, value in (
            *(("chain", 1), ("contract", ROUTER), ("federation", FEDERATION ^ 1)),
            *(("round", 2), ("venue", VENUES[1]), ("nonce", nonce ^ 1)),
        )
    ]
    return made + [
        ("other_threshold", "model.onnx", 0, 2 * first, context()),
        ("other_dataset", "model.onnx", 1, first, context()),
        ("other_model", "model.onnx", 0, second, context(round=2)),
        ("round2", "model_round2.onnx", 0, second, context(round=2)),
    ]


def source(constants, proofs):
    """Solidity of constants and, for each proof, a function that returns it."""
    lines = [
        "// SPDX-License-Identifier: UNLICENSED",
        "pragma solidity ^0.8.28;",
        "",
        "library Proofs {",
    ]
    lines += [f"    {kind} internal constant {name} = {value};" for kind, name, value in constants]
    for name, (proof, statement) in proofs.items():
        sizes = "(uint256[10] memory, uint256[6] memory)"
        lines += [f"    function {name}() internal pure returns {sizes} {{", "        return ("]
        lines += [
            f"            [uint256({w[0]}), {', '.join(w[1:])}]" + end
            for w, end in ((proof, ","), (statement, ""))
        ]
        lines += ["        );", "    }"]
    return "\n".join(lines) + "\n}\n"


def address(number):
    return f"address(uint160({number}))"


def main(zkmetric, folder):
    os.makedirs(folder, exist_ok=True)
    maker = Maker(zkmetric, folder)
    vk_digest = maker.keys()
    selector = int(vk_digest, 16) >> 224
    given = {"key": maker.at("keys/vk.zkm"), "allow_single_party": True}
    maker.run("export", "solidity", out=maker.at("ZkmetricVerifier.sol"), **given)
    datasets = [maker.commit(venue) for venue in range(4)]
    proofs = {name: maker.prove(*rest) for name, *rest in cases(agreement(selector))}
    constants = [
        *(
            ("address", name, address(value))
            for name, value in (("DEPLOYER", DEPLOYER), ("OPERATOR", OPERATOR))
        ),
        *(
            ("address", name, address(value))
            for name, value in (("VERIFIER", VERIFIER), ("ROUTER", ROUTER))
        ),
        ("address", "APPLICATION", address(APPLICATION)),
        *(("address", f"VENUE{i}", address(venue)) for i, venue in enumerate(VENUES)),
        *(("uint256", f"DATASET{i}", hex(dataset)) for i, dataset in enumerate(datasets)),
        *(("uint32", f"ROWS{i}", rows) for i, rows in enumerate(ROWS)),
        ("bytes32", "SALT", f"bytes32(uint256({SALT}))"),
        ("bytes32", "FEDERATION", f"bytes32({FEDERATION:#066x})"),
        ("bytes4", "SELECTOR", f"{selector:#010x}"),
        ("uint256", "START", START),
        ("uint40", "REGISTER_BY", TERMS["registerBy"]),
        ("uint32", "MIN_SAMPLES", TERMS["minSamples"]),
        ("uint32", "PROVE_SECONDS", TERMS["proveSeconds"]),
        ("uint32", "AUDIT_SECONDS", TERMS["auditSeconds"]),
        ("uint16", "AUDIT_RATE", TERMS["auditRate"]),
        *(("uint48", f"THRESHOLD{i + 1}", fixed(t)) for i, t in enumerate(THRESHOLDS)),
    ]
    with open(maker.at("Proofs.sol"), "w") as f:
        f.write(source(constants, proofs))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: proofs.py ZKMETRIC FOLDER")
    main(*sys.argv[1:])
