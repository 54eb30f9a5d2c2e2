"""AgentBVerifier and VerifierRouter: forge's tests of them with real proofs, their size, and that
the tests notice when a rule is missing. `forge.py BUILD` tries all such mutants; here a sample."""

import glob
import json
import os
import re
import subprocess
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chain  # noqa: E402
import forge  # noqa: E402

BUILD = os.path.abspath(os.environ.get("ZKM_BUILD", os.path.join(forge.ROOT, "build")))
SOURCES = sorted(glob.glob(os.path.join(forge.CONTRACTS, "test", "*.t.sol")))
SIZE_LIMIT = 24_576  # EIP-170


def cases_in(path):
    with open(path) as f:
        text = f.read()
    contract = re.search(r"^contract (\w+)", text, re.M)[1]
    return [
        (os.path.basename(path), contract, test)
        for test in re.findall(r"function (test\w+)\(", text)
    ]


TESTS = [test for path in SOURCES for test in cases_in(path)]


@pytest.fixture(scope="session")
def generated():
    chain.install()
    forge.generate(BUILD)


@pytest.fixture(scope="session")
def results(generated):
    """forge's report: {file:contract: {test_results: {test(...): {status, reason}}}}"""
    ran = forge.forge(BUILD, "test", "--json")
    assert ran.stdout.lstrip().startswith("{"), ran.stdout + ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize("file, contract, test", TESTS, ids=[f"{c}.{t}" for _, c, t in TESTS])
def test_forge(results, file, contract, test):
    found = results[f"test/{file}:{contract}"]["test_results"]
    result = next(r for name, r in found.items() if name.split("(")[0] == test)
    assert result["status"] == "Success", result


def test_contracts_are_small_enough(results):
    for name in ("AgentBVerifier", "VerifierRouter", "ZkmetricVerifier"):
        with open(os.path.join(BUILD, "contracts", "out", f"{name}.sol", f"{name}.json")) as f:
            code = json.load(f)["deployedBytecode"]["object"]
        assert 0 < len(code) // 2 - 1 < SIZE_LIMIT, name


def test_solhint(generated):
    program = os.path.join(forge.CONTRACTS, "node_modules", ".bin", "solhint")
    command = [program, "--disc", "--max-warnings", "0", "src/*.sol"]
    ran = subprocess.run(command, cwd=forge.CONTRACTS, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr


SAMPLE = {
    "test_replay_is_refused": "without if (record.stage == Stage.Proved)"
    " return Outcome.AlreadyProved;",
    "test_chain_that_was_split_off": "block.chainid, address(this), federation"
    " -> uint256(31337), address(this), federation",
}


@pytest.mark.parametrize("test, what", SAMPLE.items(), ids=SAMPLE)
def test_a_missing_rule_is_noticed(generated, test, what):
    name = "AgentBVerifier.sol"
    (source,) = (source for changed, source in forge.mutants(name) if changed == what)
    assert not forge.survives(BUILD, name, source, f"^{test}")


def test_every_mutant_changes_something():
    for name in forge.MUTATED:
        with open(os.path.join(forge.CONTRACTS, "src", name)) as f:
            original = f.read()
        assert all(source != original for _, source in forge.mutants(name))


# ------------------------------------------------------------------ on other chains


def creation(name):
    with open(os.path.join(BUILD, "contracts", "out", f"{name}.sol", f"{name}.json")) as f:
        return json.load(f)["bytecode"]["object"]


@pytest.mark.parametrize(
    "precompiles",
    [
        {},
        *({number: {"absent": True}} for number in "678"),
        {"8": {"answer": "0x" + "00" * 31 + "01"}},
        {"8": {"answer": "0x" + "00" * 32}},
    ],
    ids=["ordinary", "no addition", "no multiplication", "no pairing", "all true", "all false"],
)
def test_router_comes_to_chains_that_can_verify(results, machine, precompiles):
    """On another virtual machine than forge's."""
    proof = os.path.join(BUILD, "contracts", "generated", "proof.json")
    command = [os.path.join(BUILD, "zkmetric"), "export", "calldata", proof]
    made = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    there = machine.chain(precompiles)
    verifier = there.deploy(creation("ZkmetricVerifier"))["address"]
    words = [int(w, 16) for w in (verifier, *made["proof"], *made["statement"])]
    owner, guardian, delay, array, length = 1, 2, 3600, 4 * 32, 1
    router = there.deploy(creation("VerifierRouter"), owner, guardian, delay, array, length, *words)
    assert ("address" in router) == (not precompiles), router
