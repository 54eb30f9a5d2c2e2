"""Compiles contracts with the repository's own compiler settings and runs them on an Ethereum virtual machine."""

import json
import os
import signal
import socket
import subprocess
import time
import tomllib
import urllib.request

from Crypto.Hash import keccak

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
CONTRACTS = os.path.join(ROOT, "contracts")


def keccak256(data):
    return keccak.new(digest_bits=256, data=data).digest()


def words_to_bytes(words):
    return b"".join(w.to_bytes(32, "big") for w in words)


def selector(signature):
    return keccak256(signature.encode())[:4]


def intrinsic_gas(data):
    """What a transaction costs before its first instruction (EIP-2028)."""
    return 21_000 + sum(16 if byte else 4 for byte in data)


def install():
    """Fetches the pinned compiler and machine where they are missing."""
    ran = subprocess.run(
        [os.path.join(ROOT, "scripts", "npm-install"), CONTRACTS], capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def compile_solidity(sources, warnings=False, **more):
    """{file name: text} to {contract: bytecode}; a warning is an error unless `warnings`."""
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
    errors = [e for e in result.get("errors", []) if e["severity"] == "error" or not warnings]
    assert not errors, "\n".join(e["formattedMessage"] for e in errors)
    return {
        name: "0x" + contract["evm"]["bytecode"]["object"]
        for file in result["contracts"].values()
        for name, contract in file.items()
    }


class Machine:
    """evm.mjs, and the chains in it; `with` ends it."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", os.path.join(HERE, "evm.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.count = 0

    def ask(self, **request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "evm.mjs has died"
        return json.loads(line)

    def chain(self, precompiles=None):
        self.count += 1
        self.ask(do="new", evm=str(self.count), precompiles=precompiles or {})
        return Chain(self, str(self.count))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


class Chain:
    def __init__(self, machine, name):
        self.machine, self.name = machine, name

    def deploy(self, code, *words):
        """The address, or {"error", "out"} when the constructor reverts. `words` are its arguments."""
        code += words_to_bytes(words).hex()
        return self.machine.ask(do="deploy", evm=self.name, code=code)

    def call(self, to, data, gas=60_000_000):
        """{"ok", "out": bytes, "gas"}"""
        r = self.machine.ask(do="call", evm=self.name, to=to, data="0x" + data.hex(), gas=gas)
        return {**r, "out": bytes.fromhex(r["out"][2:])}


class Anvil:
    """A node of its own; `with` ends it."""

    def __init__(self):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        self.process = subprocess.Popen(
            [
                os.path.join(CONTRACTS, "node_modules", ".bin", "anvil"),
                *("--port", str(self.port), "--hardfork", "cancun"),
                *("--gas-limit", "100000000", "--silent"),
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )

    def __enter__(self):
        for _ in range(600):
            try:
                self.account = self.ask("eth_accounts")[0]
                return self
            except OSError:
                assert self.process.poll() is None, "anvil has died"
                time.sleep(0.05)
        raise AssertionError("anvil does not answer")

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()

    def request(self, method, *params):
        """The node's whole answer."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}",
            body.encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def ask(self, method, *params):
        """The result."""
        answer = self.request(method, *params)
        assert "error" not in answer, answer
        return answer["result"]

    def send(self, to, data):
        """The receipt of a mined transaction; `to` None deploys."""
        transaction = {"from": self.account, "data": "0x" + data.hex(), "gas": hex(90_000_000)}
        transaction |= {"to": to} if to else {}
        sent = self.ask("eth_sendTransaction", transaction)
        for _ in range(1000):
            receipt = self.ask("eth_getTransactionReceipt", sent)
            if receipt:
                return receipt
            time.sleep(0.01)
        raise AssertionError("anvil does not mine")

    def deploy(self, code):
        """The address."""
        receipt = self.send(None, bytes.fromhex(code[2:]))
        assert receipt["status"] == "0x1", receipt
        return receipt["contractAddress"]

    def call(self, to, data, gas=60_000_000):
        """{"ok", "out": bytes}; gas is for the execution, as Chain.call's."""
        limit = hex(min(gas + intrinsic_gas(data), 100_000_000))
        call = {"from": self.account, "to": to, "data": "0x" + data.hex(), "gas": limit}
        answer = self.request("eth_call", call, "latest")
        if "result" in answer:
            return {"ok": True, "out": bytes.fromhex(answer["result"][2:])}
        data = answer["error"].get("data") or "0x"
        return {"ok": False, "out": bytes.fromhex(data[2:]), "error": answer["error"]}

    def estimate(self, to, data):
        call = {"from": self.account, "to": to, "data": "0x" + data.hex()}
        return int(self.ask("eth_estimateGas", call), 16)
