"""Ceremonies of plain systems, handed to snarkjs and taken from it.

`zkmetric ceremony` and the real snarkjs work on the same .zkey files in turn.
"""
import hashlib
import json
import os
import struct
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from test_ceremony import ceremony, refused
from test_cli import BUILD, TOP

VECTORS = os.path.join(TOP, "tests", "vectors", "snarkjs")
SYSTEM = os.path.join(VECTORS, "cubic", "circuit.r1cs")  # a domain of 16
WITNESS = os.path.join(VECTORS, "cubic", "witness.wtns")
POWERS = os.path.join(VECTORS, "powers_prepared.ptau")  # of 2^5, by snarkjs
R = 21888242871839275222246405745257275088548364400416034343698204186575808495617


def write_r1cs(path, constraints, wires, outputs, inputs):
    """constraints: three lists of (wire, coefficient) each."""

    def combination(terms):
        return struct.pack("<I", len(terms)) + b"".join(struct.pack("<I", w) + (c % R).to_bytes(32, "little") for w, c in terms)

    header = struct.pack("<I", 32) + R.to_bytes(32, "little")
    header += struct.pack("<IIIIQI", wires, outputs, inputs, wires - 1 - outputs - inputs, wires, len(constraints))
    body = b"".join(combination(terms) for row in constraints for terms in row)
    labels = b"".join(struct.pack("<Q", i) for i in range(wires))
    sections = [(1, header), (2, body), (3, labels)]
    path.write_bytes(b"r1cs" + struct.pack("<II", 1, len(sections)) + b"".join(struct.pack("<IQ", t, len(s)) + s for t, s in sections))


def sections(path):
    data, at, found = path.read_bytes(), 12, {}
    while at < len(data):
        kind, size = struct.unpack_from("<IQ", data, at)
        found[kind] = data[at + 12 : at + 12 + size]
        at += 12 + size
    return found


class Snarkjs:
    def __init__(self, command):
        self.command = command

    def ran(self, *arguments):
        return subprocess.run(["node", self.command, *map(str, arguments)], capture_output=True, text=True)

    def __call__(self, *arguments):
        r = self.ran(*arguments)
        assert r.returncode == 0, r.stdout + r.stderr
        return r.stdout

    def verifies(self, system, powers, key):
        r = self.ran("zkey", "verify", system, powers, key)
        return r.returncode == 0 and "ZKey Ok!" in r.stdout

    def hashes(self, text):
        """The hashes of 64 bytes that it prints, in order."""
        words = [line.split() for line in text.splitlines() if line.startswith("\t\t")]
        return ["".join(sum(words[i : i + 4], [])) for i in range(0, len(words), 4)]


@pytest.fixture(scope="session")
def snarkjs():
    found = subprocess.run([os.path.join(TOP, "scripts", "test-snarkjs")], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    return Snarkjs(found.stdout.strip())


@pytest.fixture(scope="module")
def w(tmp_path_factory, snarkjs):
    """Begun by us, extended by us, by snarkjs, by us: ours0 .. ours4."""
    folder = tmp_path_factory.mktemp("zkey")
    ceremony("init", SYSTEM, POWERS, "-o", folder / "ours0.zkey")
    ceremony("contribute", folder / "ours0.zkey", "-o", folder / "ours1.zkey", "--name", "Zoë", "--entropy", "dice")
    ceremony("beacon", folder / "ours1.zkey", "-o", folder / "ours2.zkey", "--value", "0xc0ffee", "--iterations", 10)
    snarkjs("zkey", "contribute", folder / "ours2.zkey", folder / "ours3.zkey", "-n=théirs", "-e=more dice")
    ceremony("contribute", folder / "ours3.zkey", "-o", folder / "ours4.zkey", "--name", "last")
    return folder


def test_snarkjs_accepts_what_we_began(w, snarkjs):
    assert snarkjs.verifies(SYSTEM, POWERS, w / "ours2.zkey")
    report = ceremony("verify", SYSTEM, POWERS, w / "ours4.zkey", "--json").json
    assert [one["name"] for one in report["list"]] == ["Zoë", "", "théirs", "last"]
    assert [one["kind"] for one in report["list"]] == ["participant", "beacon", "participant", "participant"]
    assert report["list"][1]["value"] == "c0ffee" and report["list"][1]["iterations_log2"] == 10
    assert report["contributions"] == 4 and report["transcript"] == report["list"][3]["hash"]
    assert report["ptau_blake2b"] == hashlib.blake2b(open(POWERS, "rb").read()).hexdigest()
    # snarkjs shows the same: the circuit's hash as it makes and as it finds it, then contributions, the last one first.
    text = snarkjs("zkey", "verify", SYSTEM, POWERS, w / "ours4.zkey")
    assert "ZKey Ok!" in text and "Zoë" in text
    assert snarkjs.hashes(text) == 2 * [report["initial"]] + [one["hash"] for one in reversed(report["list"])]


def test_attestation_is_what_snarkjs_shows(w, snarkjs):
    text = ceremony("contribute", w / "ours0.zkey", "-o", w / "also.zkey").out
    shown = snarkjs.hashes(snarkjs("zkey", "verify", SYSTEM, POWERS, w / "also.zkey"))
    assert all(one in text for one in shown) and len(set(shown)) == 2


def test_we_go_on_where_snarkjs_began(tmp_path, snarkjs):
    """On a domain of exactly 2^power, whose last power of tau is not in the file."""
    system = tmp_path / "chain.r1cs"
    rows = [([(3 + i, 1)], [(3 + i, 1), (0, -i)], [(4 + i, 1)]) for i in range(20)]  # wire 2, an input, is in no constraint
    rows.append(([(23, 5), (0, R // 3)], [(0, 1)], [(1, 1)]))
    rows.append(([], [], []))
    write_r1cs(system, rows, 26, 1, 1)  # wires 24, 25 are in no constraint
    snarkjs("zkey", "new", system, POWERS, tmp_path / "0.zkey")
    snarkjs("zkey", "contribute", tmp_path / "0.zkey", tmp_path / "1.zkey", "--name=first", "-e=dice")
    snarkjs("zkey", "beacon", tmp_path / "1.zkey", tmp_path / "2.zkey", "0102030405060708", "10", "-n=public")
    ceremony("verify", system, POWERS, tmp_path / "0.zkey")
    report = ceremony("verify", system, POWERS, tmp_path / "2.zkey", "--json").json
    assert [one["name"] for one in report["list"]] == ["first", "public"]
    assert report["domain"] == 32 and report["list"][1]["value"] == "0102030405060708"
    ceremony("contribute", tmp_path / "2.zkey", "-o", tmp_path / "3.zkey", "--name", "ours")
    ceremony("beacon", tmp_path / "3.zkey", "-o", tmp_path / "4.zkey", "--value", "ff" * 32, "--iterations", 11, "--name", "lottery")
    ceremony("verify", system, POWERS, tmp_path / "4.zkey")
    assert snarkjs.verifies(system, POWERS, tmp_path / "4.zkey")
    # Both programs begin alike, byte for byte.
    ceremony("init", system, POWERS, "-o", tmp_path / "ours.zkey")
    assert sections(tmp_path / "ours.zkey") == sections(tmp_path / "0.zkey")


def test_keys_prove_and_are_marked(w, tmp_path, snarkjs):
    key = w / "ours4.zkey"
    report = ceremony("finalize", SYSTEM, POWERS, key, "-o", tmp_path / "keys", "--json").json
    assert report["setup"] == "ceremony" and report["contributions"] == 4
    ceremony("verify", SYSTEM, POWERS, key, "--key", tmp_path / "keys" / "vk.zkm")
    snarkjs("zkey", "export", "verificationkey", key, tmp_path / "theirs.json")
    assert json.loads((tmp_path / "keys" / "vk.json").read_text()) == json.loads((tmp_path / "theirs.json").read_text())
    snarkjs("groth16", "prove", key, WITNESS, tmp_path / "proof.json", tmp_path / "public.json")
    assert "OK!" in snarkjs("groth16", "verify", tmp_path / "keys" / "vk.json", tmp_path / "public.json", tmp_path / "proof.json")
    assert "not the key" in refused("verify", SYSTEM, POWERS, w / "ours2.zkey", "--key", tmp_path / "keys" / "vk.zkm", status=1)
    assert "no participant has contributed" in refused("finalize", SYSTEM, POWERS, w / "ours0.zkey", "-o", tmp_path / "none")


def test_what_is_not_there_or_does_not_fit(w, tmp_path):
    key = w / "ours4.zkey"
    mixed = os.path.join(VECTORS, "mixed", "circuit.r1cs")
    assert "from this system" in refused("verify", mixed, POWERS, key)
    assert "ours9.zkey" in refused("verify", SYSTEM, POWERS, w / "ours9.zkey")
    assert "zkey" in refused("verify", SYSTEM, POWERS, SYSTEM)
    (tmp_path / "cut.zkey").write_bytes(key.read_bytes()[:-1])
    for args in (["verify", SYSTEM, POWERS, tmp_path / "cut.zkey"], ["contribute", tmp_path / "cut.zkey", "-o", tmp_path / "x.zkey"]):
        assert "cut.zkey" in refused(*args)
    assert not (tmp_path / "x.zkey").exists()


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """The files of the C tests: quotient.zkey, big.r1cs, big0.ptau, big1.ptau."""
    folder = tmp_path_factory.mktemp("left")
    for name in ("test_groth16_zkey_points", "test_groth16_zkey_hash"):
        program = os.path.join(BUILD, name)
        if not os.path.exists(program):
            pytest.skip(f"no {name} in the build folder, which writes files to check")
        ran = subprocess.run([program, str(folder)], capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


def test_what_only_we_refuse(left, snarkjs):
    """snarkjs tests n - 1 of the quotient's n relations; a key that breaks the last passes there."""
    assert snarkjs.verifies(SYSTEM, POWERS, left / "quotient.zkey")
    assert "the points of the quotient" in refused("verify", SYSTEM, POWERS, left / "quotient.zkey", status=1)


@pytest.mark.parametrize("powers", ["big0.ptau", "big1.ptau"])
def test_hash_of_a_large_domain(powers, left, tmp_path, snarkjs):
    """Where snarkjs hashes a difference too many: the C test's constants are its own."""
    shown = snarkjs.hashes(snarkjs("zkey", "new", left / "big.r1cs", left / powers, tmp_path / "big.zkey"))
    with open(os.path.join(TOP, "tests", "groth16", "test_zkey_hash.c")) as f:
        text = "".join(f.read().replace('"\n', "").split())
    assert len(shown) == 1 and shown[0] in text.replace('"', "")
