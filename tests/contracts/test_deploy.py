"""contracts/script/deploy and the example on a chain: what they send, refuse and say."""

import json
import os
import subprocess

import pytest

from forge import CONTRACTS, ROOT
from tools import ZKMETRIC, zkmetric

DEPLOY = os.path.join(CONTRACTS, "script", "deploy")
# The first account of every anvil.
KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"
OWNER, GUARDIAN = ("0x" + c * 40 for c in "ab")


@pytest.fixture(scope="session")
def calldata(tmp_path_factory):
    """Words that are a proof in form, under a key that knows nothing of them."""
    path = tmp_path_factory.mktemp("calldata") / "proof.json"
    path.write_text(json.dumps({"proof": ["0x1"] * 10, "statement": ["0x1"] * 6}))
    return path


@pytest.fixture
def deploy(anvil, folder, source, calldata, tmp_path):
    """Runs the script with a good command line but for what is given; environment in capitals."""

    def run(*more, **changed):
        options = {
            **{"rpc": f"http://127.0.0.1:{anvil.port}", "chain": "anvil"},
            **{"verifier": folder / "V.sol", "proof": calldata, "owner": OWNER},
            **{"guardian": GUARDIAN, "out": tmp_path / "deployment.json"},
        }
        environment = {"ZKM_PRIVATE_KEY": KEY}
        for name, value in changed.items():
            (environment if name.isupper() else options)[name] = value
        words = [f"--{k}={v}" for k, v in options.items() if v is not None]
        kept = {k: v for k, v in environment.items() if v is not None}
        return subprocess.run(
            [DEPLOY, *words, *more], capture_output=True, text=True, env={**os.environ, **kept}
        )

    return run


def refused(ran, what):
    assert ran.returncode == 2 and ran.stderr.startswith("deploy: "), ran.stdout + ran.stderr
    assert what in ran.stderr, ran.stderr


def test_no_key_on_the_command_line(deploy):
    refused(deploy(f"--private-key={KEY}"), "private-key")


@pytest.mark.parametrize(
    "changed, what",
    [
        ({"owner": None}, "--owner is missing"),
        ({"owner": "0x12"}, "--owner 0x12: no address"),
        ({"guardian": "0x" + "0" * 40}, "no address"),
        ({"chain": "mars"}, "--chain mars"),
        ({"delay": "0"}, "--delay 0"),
        ({"confirmations": "0"}, "--confirmations 0"),
        ({"proof": "none.json"}, "none.json: cannot be read"),
        ({"proof": __file__}, "no JSON"),
        ({"verifier": __file__}, "not written by zkmetric export solidity"),
        ({"chain": "base"}, "single-party"),
        ({"ZKM_PRIVATE_KEY": "12"}, "ZKM_PRIVATE_KEY: not 64 hex digits"),
        ({"ZKM_PRIVATE_KEY": None}, "no account"),
        ({"keystore": __file__, "ZKM_KEYSTORE_PASSPHRASE": "x"}, "no keystore"),
        ({"rpc": "http://127.0.0.1:1"}, "does not answer"),
        ({"rpc": "nonsense"}, "--rpc"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_bad_input_is_named(deploy, changed, what):
    refused(deploy(**changed), what)


def test_node_of_another_chain(deploy):
    ran = deploy("--allow-single-party", chain="base")
    refused(ran, "the node is on chain 31337, and --chain says 8453")


def test_an_earlier_deployment_is_not_overwritten(deploy, tmp_path):
    (tmp_path / "deployment.json").write_text("{}")
    refused(deploy("--broadcast"), "exists")


def test_proof_of_another_key_is_seen_before_anything_is_sent(deploy, anvil, tmp_path):
    before = anvil.ask("eth_blockNumber")
    refused(deploy("--broadcast"), "SelfTestFailed")
    assert anvil.ask("eth_blockNumber") == before
    assert os.listdir(tmp_path) == []


def test_example(machine, tmp_path):
    """It deploys with --broadcast, and checks itself what the chain says."""
    demo = os.path.join(ROOT, "examples", "onchain", "demo.mjs")
    environment = {**os.environ, "ZKMETRIC": ZKMETRIC}
    command = ["node", demo, str(tmp_path / "out")]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for line in ("item 1: recorded", "item 3: invalid proof", "refused: already proved"):
        assert line in ran.stdout
    assert ran.stdout.count("proved\n") >= 3
    deployed = json.loads((tmp_path / "out" / "deployment.json").read_text())
    assert deployed["chainId"] == 31337 and deployed["setup"] == "single-party"
    addresses = {name: c["address"] for name, c in deployed["contracts"].items()}
    assert list(addresses) == ["ZkmetricVerifier", "VerifierRouter", "AgentBVerifier"]
    router = deployed["contracts"]["VerifierRouter"]["constructorArguments"]
    assert router["candidates"][0]["verifier"] == addresses["ZkmetricVerifier"]
    application = deployed["contracts"]["AgentBVerifier"]["constructorArguments"]
    assert application == {"router": addresses["VerifierRouter"]}
    proof = tmp_path / "out" / "venue1.json"
    assert zkmetric("verify", "--key", tmp_path / "out/keys/vk.zkm", proof).returncode == 0


def test_keystore(machine, tmp_path):
    def node(script, **environment):
        return subprocess.run(
            ["node", "--input-type=module", "-e", script],
            cwd=CONTRACTS,
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
        )

    store = str(tmp_path / "key.json")
    made = node(
        f"""import {{ Wallet, encryptKeystoreJsonSync }} from "ethers"; import fs from "node:fs";
        const {{ address, privateKey }} = new Wallet("{KEY}");
        const options = {{ scrypt: {{ N: 2, r: 1, p: 1 }} }};
        const text = encryptKeystoreJsonSync({{ address, privateKey }}, "right", options);
        fs.writeFileSync("{store}", text);"""
    )
    assert made.returncode == 0, made.stderr
    read = f"""import {{ account }} from "./script/account.mjs";
        console.log((await account("{store}")).address);"""
    opened = node(read, ZKM_KEYSTORE_PASSPHRASE="right")
    assert opened.stdout.strip() == "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", opened.stderr
    assert "another passphrase" in node(read, ZKM_KEYSTORE_PASSPHRASE="wrong").stderr
    assert "ZKM_KEYSTORE_PASSPHRASE" in node(read).stderr  # there is no terminal to ask at
