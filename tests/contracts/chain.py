"""Compiles contracts with the repository's own compiler settings and runs them on an Ethereum virtual machine."""

import json
import os
import subprocess
import tomllib

from Crypto.Hash import keccak

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
CONTRACTS = os.path.join(ROOT, "contracts")


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def install():
    """Fetches the pinned compiler and machine where they are missing."""
    ran = subprocess.run(
        [os.path.join(ROOT, "scripts", "npm-install"), CONTRACTS], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def compile_solidity(sources, **more):
    """{file name: text} to {contract: bytecode}; a warning is an error."""
    with open(os.path.join(CONTRACTS, "foundry.toml"), "rb") as f:
        profile = tomllib.load(f)["profile"]["default"]
    settings = {
        "optimizer": {"enabled": profile["optimizer"], "runs": profile["optimizer_runs"]},
        "evmVersion": profile["evm_version"],
        "metadata": {"bytecodeHash": profile["bytecode_hash"]},
        "viaIR": profile.get("via_ir", False),
        "outputSelection": {"*": {"*": ["evm.bytecode.object"]}},
        **more,
    }
    task = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sources.items()},
        "settings": settings,
    }
    ran = subprocess.run(
        [os.path.join(CONTRACTS, "solc-wrap"), "--standard-json"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    result = json.loads(ran.stdout)
    assert not result.get("errors"), "\n".join(e["formattedMessage"] for e in result["errors"])
    return {
        name: "0x" + contract["evm"]["bytecode"]["object"]
        for file in result["contracts"].values()
        for name, contract in file.items()
    }


class Machine:
    """evm.cjs, and the chains in it."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "evm.cjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.count = 0

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "evm.cjs has died"
        return json.loads(line)

    def chain(self, precompiles=None):
        self.count += 1
        self.ask(do="new", evm=str(self.count), precompiles=precompiles or {})
        return Chain(self, str(self.count))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Chain:
    def __init__(self, machine, name):
        self.machine, self.name = machine, name

    def deploy(self, code, *words):
        """The address, or {"error", "out"} when the constructor reverts. `words` are its arguments."""
        code += b"".join(w.to_bytes(32, "big") for w in words).hex()
        return self.machine.ask(do="deploy", evm=self.name, code=code)

    def call(self, to, data, gas=60_000_000):
        """{"ok", "out": bytes, "gas"}"""
        r = self.machine.ask(do="call", evm=self.name, to=to, data="0x" + data.hex(), gas=gas)
        return {**r, "out": bytes.fromhex(r["out"][2:])}
