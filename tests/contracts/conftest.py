"""What the contracts' tests share: a key whose secrets are known, its contract, and machines to run it."""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import chain as chains
from chain import Anvil, Machine, compile_solidity
from checks import Contract
from forger import KEY
from tools import zkmetric


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("verifier")
    (path / "vk.zkm").write_bytes(KEY.to_bytes())
    return path


@pytest.fixture(scope="session")
def source(folder):
    """The generated contract."""
    ran = zkmetric(
        "export",
        "solidity",
        "--key",
        folder / "vk.zkm",
        "--allow-single-party",
        "-o",
        folder / "V.sol",
    )
    assert ran.returncode == 0, ran.stderr
    return (folder / "V.sol").read_text()


@pytest.fixture(scope="session")
def machine():
    chains.install()
    with Machine() as m:
        yield m


@pytest.fixture(scope="session")
def code(source, machine):
    return compile_solidity({"V.sol": source})["ZkmetricVerifier"]


@pytest.fixture(scope="session")
def anvil(machine):
    with Anvil() as node:
        yield node


@pytest.fixture(scope="session")
def contract(code, machine, anvil):
    return Contract(machine, code, anvil)


@pytest.fixture(scope="session")
def verifier(anvil, code):
    return anvil.deploy(code)
