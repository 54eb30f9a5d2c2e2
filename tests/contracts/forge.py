"""Runs forge on the contracts, or on a copy with one rule changed.

forge.py BUILD            tries every mutant; a line for each that no test notices (minutes)
"""

import glob
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(os.path.join(HERE, "..", ".."))
CONTRACTS = os.path.join(ROOT, "contracts")
MUTATED = ("AgentBVerifier.sol", "VerifierRouter.sol")


def program():
    """The platform's forge itself: the script in node_modules/.bin loses its exit status."""
    found = glob.glob(
        os.path.join(CONTRACTS, "node_modules", "@foundry-rs", "forge-*", "bin", "forge")
    )
    assert len(found) == 1, "no forge for this platform among contracts/node_modules"
    return found[0]


def generate(build):
    """BUILD/contracts/generated: verifier and proofs, with the key that BUILD's zkmetric makes."""
    folder = os.path.join(build, "contracts", "generated")
    command = [
        sys.executable,
        os.path.join(HERE, "proofs.py"),
        os.path.join(build, "zkmetric"),
        folder,
    ]
    ran = subprocess.run(command, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def forge(build, *arguments, contracts=CONTRACTS, out="out", **environment):
    """Runs forge with the sources that `generate` has left in a build folder."""
    folder = os.path.join(build, "contracts")
    return subprocess.run(
        [
            *(program(), *arguments),
            *("--offline", "--use", os.path.join(CONTRACTS, "solc-wrap")),
            *("-R", f"generated/={folder}/generated/"),
        ],
        cwd=contracts,
        env={
            **os.environ,
            "FOUNDRY_OUT": os.path.join(folder, out),
            "FOUNDRY_CACHE_PATH": os.path.join(folder, out + ".cache"),
            **environment,
        },
        capture_output=True,
        text=True,
    )


# ------------------------------------------------------------------ mutants

CONDITION = r"\n +if \((?:[^;{}]|\n)*?\)\s*"
EXIT = r"(?:revert [^;]+;|return Outcome\.[A-Z]\w+;)"
GUARD = re.compile(rf"{CONDITION}(?:{EXIT}|\{{\s*{EXIT}\s*\}})")
ROLE = re.compile(r"\n? +only(?:Operator\(federation\)|Owner|Guardian)(?=[\s{])")
BOUND = re.compile(r"block\.(?:timestamp|number) (<=|>=|<|>) ")
FLIPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

# What no pattern finds: the text that is changed, and into what.
BY_HAND = {
    "AgentBVerifier.sol": [
        ("block.chainid, address(this), federation", "uint256(31337), address(this), federation"),
        ("block.chainid, address(this), federation", "block.chainid, address(1), federation"),
        ("address(this), federation, uint256(round)", "address(this), bytes32(0), uint256(round)"),
        ("federation, uint256(round), venue, nonce", "federation, uint256(1), venue, nonce"),
        ("uint256(round), venue, nonce", "uint256(round), address(1), nonce"),
        ("uint256(round), venue, nonce", "uint256(round), venue, bytes32(0)"),
        ("& CONTEXT_MASK", "& (CONTEXT_MASK >> 1)"),
        ("statement[0] = q.modelId;", ""),
        ("statement[1] = datasets", "statement[0] = datasets"),
        ("statement[2] = claim.numSamples;", "statement[2] = q.minSamples;"),
        ("statement[3] = q.threshold;", "statement[3] = 1;"),
        ("claim.verdict ? 1 : 0", "1"),
        ("abi.encode(terms, verifier)", "abi.encode(terms.selector, verifier)"),
        ("abi.encode(terms, verifier)", "abi.encode(terms)"),
        ("keccak256(abi.encode(msg.sender, salt))", "salt"),
        ("isAsked[federation][r.window][modelId] = true;", ""),
        ("if (outcomes[i] == Outcome.Recorded) outcomes[i] = _admit(q, claims[i]);", ""),
        (
            "Outcome outcome = _admit(q, Claim(",
            "Outcome outcome = Outcome.Recorded; _admit(q, Claim(",
        ),
        ("f.pendingOperator = address(0);", ""),
        (".stage == Stage.Challenged || r.seed == 0", ".stage == Stage.Challenged"),
        (".stage == Stage.Challenged || r.seed == 0", ".stage == Stage.None || r.seed == 0"),
        ("if (!router.isActive(w.selector)) standing", "if (false) standing"),
        ("abi.encode(secret, blockhash(r.seedBlock))", "abi.encode(secret)"),
        ("abi.encode(secret, blockhash(r.seedBlock))", "abi.encode(blockhash(r.seedBlock))"),
        ("abi.encode(r.seed, venue)", "abi.encode(r.seed)"),
        ("ticket < windows", "ticket > windows"),
        ("deferred ? q.answerBy : q.proveBy", "q.proveBy"),
        ("deferred ? q.answerBy : q.proveBy", "q.answerBy"),
        ("record.verdict != claim.verdict || ", ""),
        (" || record.numSamples != claim.numSamples", ""),
        ("Record(Stage.Proved, claim.verdict", "Record(Stage.Claimed, claim.verdict"),
        ("msg.sender != federations[federation].operator && ", ""),
        (" && !isVenue[federation][msg.sender]", ""),
        ("value == 0 || ", ""),
        (" || value >= R", ""),
        ("terms.registerBy <= block.timestamp || ", ""),
        ("terms.minSamples == 0 || ", ""),
        (" || terms.proveSeconds == 0", ""),
        ("(audited && terms.auditSeconds < MIN_AUDIT_SECONDS)", "false"),
        ("audited != (terms.auditRate != 0)", "false"),
        (" || terms.thresholds.length == 0", ""),
        ("value >= R", "value > R"),
    ],
    "VerifierRouter.sol": [
        ("SelfTest.run(verifier, candidate.proof, candidate.statement);", ""),
        ("block.timestamp + delay", "block.timestamp"),
        ("route.state = State.Stopped;", ""),
        ("route.codeHash = address(verifier).codehash;", ""),
        ("owner_ == address(0) || ", ""),
        (" || guardian_ == address(0)", ""),
        ("msg.sender != guardian && ", ""),
        ("msg.sender != guardian && msg.sender != owner", "msg.sender != guardian"),
        ("pendingOwner = address(0);", ""),
        ("pendingGuardian = address(0);", ""),
    ],
}


def mutants(name):
    """(what is changed, the source so changed) for every rule that can be left out."""
    with open(os.path.join(CONTRACTS, "src", name)) as f:
        source = f.read()

    def cut(match, text):
        return source[: match.start()] + text + source[match.end() :]

    def words(text):
        return " ".join(text.split())

    for match in GUARD.finditer(source):
        yield "without " + words(match[0]), cut(match, "")
    for match in ROLE.finditer(source):
        yield (
            "without "
            + words(match[0])
            + " at "
            + source[: match.start()].rsplit("function ")[-1][:20],
            cut(match, ""),
        )
    for match in BOUND.finditer(source):
        line = words(source[match.start() : source.index("\n", match.start())])
        yield (
            f"{FLIPPED[match[1]]} in {line}",
            cut(match, match[0].replace(match[1], FLIPPED[match[1]])),
        )
    for old, new in BY_HAND[name]:
        assert source.count(old) == 1, f"{name} has not one: {old}"
        yield f"{old} -> {new}", source.replace(old, new)


def survives(build, name, source, tests="test"):
    """Whether all tests whose name matches pass with this source in the place of a contract's."""
    # One folder for all, and tests that are linked to contracts as they run: forge then compiles
    # what was changed, and nothing else.
    folder = os.path.join(build, "contracts", "mutant")
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("src", "test"):
        shutil.copytree(os.path.join(CONTRACTS, part), os.path.join(folder, part))
    shutil.copy(os.path.join(CONTRACTS, "foundry.toml"), folder)
    with open(os.path.join(folder, "src", name), "w") as f:
        f.write(source)
    settings = {
        "FOUNDRY_OPTIMIZER": "false",
        "FOUNDRY_DYNAMIC_TEST_LINKING": "true",
        "FOUNDRY_FUZZ_RUNS": "16",
        "FOUNDRY_DENY": "never",
    }
    # Gas is another without the optimizer.
    arguments = ("test", "--fail-fast", "--no-match-contract", "GasTest", "--match-test", tests)
    ran = forge(build, *arguments, contracts=folder, out="mutant.out", **settings)
    assert "Suite result" in ran.stdout, f"no test ran: {ran.stdout[-2000:]}{ran.stderr[-2000:]}"
    return ran.returncode == 0


def main(build):
    build = os.path.abspath(build)
    generate(build)
    tried = survived = 0
    for name in MUTATED:
        with open(os.path.join(CONTRACTS, "src", name)) as f:
            assert survives(build, name, f.read()), "the tests fail without any change"
        for what, source in mutants(name):
            tried += 1
            if survives(build, name, source):
                survived += 1
                print(f"{name}: {what}", flush=True)
    print(f"{tried} mutants, {survived} noticed by no test")
    return survived != 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: forge.py BUILD")
    sys.exit(main(sys.argv[1]))
