// A ceremony over the network, from powers of tau to a proof that a contract accepts: see README.md.
//
//   demo.mjs [FOLDER]      (FOLDER: demo-out/ceremony; ZKMETRIC names the command, else build/zkmetric)
import fs from "node:fs";
import path from "node:path";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { compile } from "../../contracts/script/compile.mjs";
import { MNEMONIC, startNode } from "../onchain/node.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const TOP = path.join(HERE, "..", "..");
const { ContractFactory, HDNodeWallet } = createRequire(path.join(TOP, "contracts", "package.json"))("ethers");

const ZKMETRIC = path.resolve(process.env.ZKMETRIC ?? path.join(TOP, "build", "zkmetric"));
const out = path.resolve(process.argv[2] ?? path.join(TOP, "demo-out", "ceremony"));
const at = (...parts) => path.join(out, ...parts);

const POWER = 12;
const VENUES = ["venue A", "venue B", "venue C"];
// In earnest: a block hash or a lottery of a date that was announced before the last contribution.
const BEACON = { name: "a public draw", value: "0123456789abcdef0123456789abcdef", iterations: "16" };
const CONTEXT = "0x" + "01".repeat(32);

let step = 0;
const heading = (text) => console.log(`\n${++step}. ${text}`);
const say = (text) => console.log(`     ${text}`);
const short = (hex) => `${hex.slice(0, 10)}…${hex.slice(-4)}`;
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`;
const times = [];

/** Runs a verb; its report. Notes how long it took under a name, where there is one. */
function zkmetric(name, ...args) {
    const started = Date.now();
    try {
        const text = execFileSync(ZKMETRIC, [...args, "--json"], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
        if (name) times.push([name, seconds(started)]);
        return JSON.parse(text);
    } catch (error) {
        throw new Error(`zkmetric ${args.slice(0, 2).join(" ")}: ${error.stderr || error.message}`);
    }
}

/** Starts a coordinator: {url, stop}. */
async function startCoordinator() {
    const server = spawn(ZKMETRIC, ["ceremony", "serve", at("circuit.zkm"), at("powers.ptau"), at("chain"), "--port", "0",
        "--tokens", at("invitations")], { stdio: ["ignore", "ignore", "pipe"] });
    process.on("exit", () => server.kill("SIGKILL"));
    const ended = new Promise((resolve) => server.on("exit", resolve));
    const stop = () => (server.kill("SIGTERM"), ended);
    const last = [];
    const url = await new Promise((resolve, reject) => {
        createInterface({ input: server.stderr }).on("line", (line) => {
            last.push(line);
            const listening = line.match(/listening on (\S+)/);
            if (listening) resolve(listening[1]);
            else if (/^\d{4}-/.test(line)) say(`coordinator: ${line.slice(21)}`);
        });
        ended.then(() => reject(new Error(`the coordinator has ended: ${last.at(-1)}`)));
    });
    return { url, stop };
}

/** A participant, a process of its own; its report. */
function join(url, name, i) {
    const started = Date.now();
    const child = spawn(ZKMETRIC, ["ceremony", "join", url, "--name", name, "--work", at(`venue${i}`), "--circuit", at("circuit.zkm"),
        "--ptau", at("powers.ptau"), "--invitation", at(`invitation${i}`), "--threads", "1", "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    const text = { out: "", err: "" };
    child.stdout.on("data", (data) => (text.out += data));
    child.stderr.on("data", (data) => (text.err += data));
    return new Promise((resolve, reject) => child.on("close", (status) => {
        times.push([`join: ${name}, waiting included`, seconds(started)]);
        if (status === 0) resolve(JSON.parse(text.out));
        else reject(new Error(`zkmetric ceremony join: ${text.err}`));
    }));
}

async function main() {
    fs.rmSync(out, { recursive: true, force: true });
    fs.mkdirSync(out, { recursive: true });

    heading("A circuit: a network 3-2-1, up to 4 samples");
    zkmetric(null, "schema", path.join(HERE, "data.csv"), "--target", "y", "-o", at("schema.json"));
    const circuit = zkmetric("compile", "compile", path.join(HERE, "model.onnx"), "--schema", at("schema.json"), "--calibration",
        path.join(HERE, "data.csv"), "--capacity", "4", "--bits", "8", "-o", at("circuit.zkm"));
    say(`${circuit.constraints} constraints in a domain of ${circuit.domain}`);

    heading("Phase 1: powers of tau of the federation's own");
    zkmetric(null, "ceremony", "new-ptau", String(POWER), "-o", at("0.ptau"));
    zkmetric("contribute to the powers", "ceremony", "contribute-ptau", at("0.ptau"), "-o", at("1.ptau"), "--name", VENUES[0]);
    zkmetric(null, "ceremony", "beacon-ptau", at("1.ptau"), "-o", at("powers.ptau"), "--value", BEACON.value, "--iterations", BEACON.iterations);
    const powers = zkmetric("check the powers", "ceremony", "check-ptau", at("powers.ptau"));
    say(`BLAKE2b ${short(powers.blake2b)}, ${powers.contributions} contributions, one of them a beacon`);

    heading("Phase 2: a coordinator, and three venues with an invitation each, all at once");
    fs.mkdirSync(at("chain"));
    zkmetric("begin the ceremony", "ceremony", "init", at("circuit.zkm"), at("powers.ptau"), "-o", at("chain", "0000.zkc"));
    const invitations = VENUES.map(() => randomBytes(16).toString("hex"));
    invitations.forEach((secret, i) => fs.writeFileSync(at(`invitation${i}`), secret + "\n", { mode: 0o600 }));
    fs.writeFileSync(at("invitations"), invitations.join("\n") + "\n", { mode: 0o600 });
    const coordinator = await startCoordinator();
    const attestations = await Promise.all(VENUES.map((name, i) => join(coordinator.url, name, i)));
    const page = await (await fetch(coordinator.url)).text();
    if (!attestations.every(({ transcript }) => page.includes(transcript))) throw new Error("the page lacks a contribution");
    await coordinator.stop();

    heading("The beacon: public randomness that nobody knew when the last venue contributed");
    zkmetric("beacon", "ceremony", "beacon", at("chain", "0003.zkc"), "-o", at("chain", "0004.zkc"), "--name", BEACON.name,
        "--value", BEACON.value, "--iterations", BEACON.iterations);
    say(`value ${BEACON.value}, hashed 2^${BEACON.iterations} times`);

    heading("Keys, and the check that anybody can repeat");
    const last = [at("circuit.zkm"), at("powers.ptau"), at("chain", "0004.zkc")];
    zkmetric("finalize", "ceremony", "finalize", ...last, "-o", at("keys"));
    const verified = zkmetric("verify the ceremony and the key", "ceremony", "verify", ...last, "--key", at("keys", "vk.zkm"));
    for (const { transcript, name } of attestations)
        if (!verified.list.some((one) => one.hash === transcript && one.name === name)) throw new Error(`${name}'s attestation is not in the list`);
    say("every venue's attestation is in the list; the key is the ceremony's");

    heading("A proof under that key");
    zkmetric(null, "commit", path.join(HERE, "data.csv"), "--schema", at("schema.json"), "-o", at("opening"));
    zkmetric("prove", "prove", "--circuit", at("circuit.zkm"), "--key", at("keys", "pk.zkm"), "--model", path.join(HERE, "model.onnx"),
        "--opening", at("opening", "opening.zkm"), "--context", CONTEXT, "--threshold", "0.5", "-o", at("proof.json"));
    const checked = zkmetric("verify the proof", "verify", "--key", at("keys", "vk.zkm"), at("proof.json"), "--require-pass");
    if (checked.setup !== "ceremony" || checked.transcript !== verified.transcript) throw new Error("the key is not marked with its ceremony");
    say(`zkmetric verify: accepted; setup ${checked.setup}, ${checked.contributions} contributions`);

    heading("The contract of that key, on a local Ethereum node");
    // Without --allow-single-party: the export refuses keys of one party.
    zkmetric(null, "export", "solidity", "--key", at("keys", "vk.zkm"), "-o", at("ZkmetricVerifier.sol"));
    zkmetric(null, "export", "calldata", at("proof.json"), "-o", at("calldata.json"));
    const { proof, statement } = JSON.parse(fs.readFileSync(at("calldata.json"), "utf8"));
    const { abi, bytecode } = compile(at("ZkmetricVerifier.sol")).contracts.verifier;
    const { provider, stop } = await startNode();
    const contract = await new ContractFactory(abi, bytecode, HDNodeWallet.fromPhrase(MNEMONIC).connect(provider)).deploy();
    await contract.waitForDeployment();
    const accepted = await contract.verify(proof, statement);
    const more = [...statement];
    more[2] = "0x" + (BigInt(more[2]) - 1n).toString(16).padStart(64, "0"); // one sample less than was proved
    const tampered = await contract.verify(proof, more);
    stop();
    say(`verify: ${accepted}; with one number of the statement changed: ${tampered}`);
    if (!accepted || tampered) throw new Error("the contract does not answer as it should");

    console.log(`\n  ${"contribution".padEnd(14)}${"who".padEnd(24)}transcript`);
    for (const { number, kind, name, hash } of verified.list)
        console.log(`  ${String(number).padEnd(14)}${(kind === "beacon" ? `${name} (beacon)` : name).padEnd(24)}${hash}`);
    console.log(`\n  ${"step".padEnd(44)}time`);
    for (const [name, took] of times) console.log(`  ${name.padEnd(44)}${took}`);
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(`demo: ${error.message}`);
        process.exit(3);
    },
);
