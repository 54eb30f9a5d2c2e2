// A federation's round on a chain, from empty node to recorded verdicts: see README.md.
//
//   demo.mjs [FOLDER]      (FOLDER: demo-out/onchain; ZKMETRIC names the command, else build/zkmetric)
import fs from "node:fs";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { abiOf } from "../../contracts/script/compile.mjs";
import { MNEMONIC, startNode } from "./node.mjs";

const TOP = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");
const CONTRACTS = path.join(TOP, "contracts");
const { Contract, HDNodeWallet, id, isError } = createRequire(path.join(CONTRACTS, "package.json"))("ethers");

const ZKMETRIC = path.resolve(process.env.ZKMETRIC ?? path.join(TOP, "build", "zkmetric"));
const HEDGE = path.join(TOP, "examples", "hedge");
const out = path.resolve(process.argv[2] ?? path.join(TOP, "demo-out", "onchain"));
const at = (...parts) => path.join(out, ...parts);

const THRESHOLD = "0.05";
const CAPACITY = 16;
const ROWS = [16, 16, 12]; // samples of each venue
const MIN_SAMPLES = 10;
const DAY = 86400;
const OUTCOMES = ["recorded", "too late", "no dataset", "too few samples", "already proved", "not as claimed", "invalid proof"];
const STANDINGS = ["none", "claimed", "lapsed", "sampled", "proved", "stopped"];

let step = 0;
const heading = (text) => console.log(`\n${++step}. ${text}`);
const say = (text) => console.log(`     ${text}`);
const short = (hex) => `${hex.slice(0, 10)}…${hex.slice(-4)}`;
const count = (n) => Number(n).toLocaleString("en-US");

function zkmetric(...args) {
    try {
        return execFileSync(ZKMETRIC, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
        throw new Error(`zkmetric ${args[0]}: ${error.stderr || error.message}`);
    }
}

/** A proof's ten words. */
function prove(venue, context, name) {
    zkmetric("prove", "--circuit", at("circuit.zkm"), "--key", at("keys", "pk.zkm"), "--model", path.join(HEDGE, "model.onnx"),
        "--opening", at(`opening${venue}`, "opening.zkm"), "--threshold", THRESHOLD,
        "--context", "0x" + context.toString(16).padStart(64, "0"), "-o", at(`${name}.json`));
    zkmetric("export", "calldata", at(`${name}.json`), "-o", at(`${name}.calldata.json`));
    return JSON.parse(fs.readFileSync(at(`${name}.calldata.json`), "utf8"));
}

async function main() {
    fs.rmSync(out, { recursive: true, force: true });
    fs.mkdirSync(out, { recursive: true });
    const gas = [];
    /** Waits for a transaction and notes its gas under a name. */
    const done = async (name, sent) => {
        const receipt = await (await sent).wait();
        gas.push([name, receipt.gasUsed]);
        return receipt;
    };

    heading("A circuit for up to 16 samples, its keys, and the contract that verifies its proofs");
    const calibration = path.join(HEDGE, "calibration.csv");
    zkmetric("schema", calibration, "--target", "hedge_ratio", "-o", at("schema.json"));
    zkmetric("compile", path.join(HEDGE, "model.onnx"), "--schema", at("schema.json"), "--calibration", calibration,
        "--capacity", String(CAPACITY), "-o", at("circuit.zkm"));
    const keys = JSON.parse(zkmetric("setup", at("circuit.zkm"), "-o", at("keys"), "--json"));
    zkmetric("export", "solidity", "--key", at("keys", "vk.zkm"), "--allow-single-party", "-o", at("ZkmetricVerifier.sol"));
    say(`vk_digest ${short(keys.vk_digest)}; by one party, as suits a demonstration`);

    heading("Three venues commit to their labelled samples");
    const rows = fs.readFileSync(path.join(HEDGE, "validation.csv"), "utf8").split("\n");
    const datasets = ROWS.map((n, venue) => {
        const first = 1 + ROWS.slice(0, venue).reduce((a, b) => a + b, 0);
        fs.writeFileSync(at(`${venue}.csv`), [rows[0], ...rows.slice(first, first + n), ""].join("\n"));
        const report = JSON.parse(
            zkmetric("commit", at(`${venue}.csv`), "--schema", at("schema.json"), "-o", at(`opening${venue}`), "--json"));
        say(`venue ${venue + 1}: ${n} samples, dataset_id ${short(report.dataset_id)}`);
        return report.dataset_id;
    });

    heading("A node, and the contracts on it, tested there with a proof and its forgeries");
    const { provider, url, stop } = await startNode();
    const signers = [0, 1, 2, 3, 4, 5].map((i) =>
        HDNodeWallet.fromPhrase(MNEMONIC, "", `m/44'/60'/0'/0/${i}`).connect(provider));
    const [operator, guardian, relayer, ...venues] = signers;
    prove(0, 1n, "selftest");
    const deployment = at("deployment.json");
    execFileSync(process.execPath, [path.join(CONTRACTS, "script", "deploy.mjs"), "--rpc", url, "--chain", "anvil",
        "--verifier", at("ZkmetricVerifier.sol"), "--proof", at("selftest.calldata.json"), "--owner", operator.address,
        "--guardian", guardian.address, "--broadcast", "--out", deployment],
        { env: { ...process.env, ZKM_PRIVATE_KEY: operator.privateKey }, stdio: ["ignore", "ignore", "inherit"] });
    const deployed = JSON.parse(fs.readFileSync(deployment, "utf8")).contracts;
    for (const [name, { address, gasUsed }] of Object.entries(deployed)) {
        say(`${name.padEnd(16)} ${address}`);
        gas.push([`deploy ${name}`, BigInt(gasUsed)]);
    }
    const app = new Contract(deployed.AgentBVerifier.address, abiOf("AgentBVerifier"), operator);
    const as = (signer) => app.connect(signer);
    const later = async (seconds) => {
        await provider.send("evm_increaseTime", [seconds]);
        await provider.send("evm_mine", []);
    };

    heading("A federation, its venues, and a window with one round");
    await done("createFederation", app.createFederation(id("demo")));
    const [{ args: [federation] }] = await app.queryFilter(app.filters.FederationCreated());
    for (const venue of venues) await done("setVenue", app.setVenue(federation, venue.address, true));
    const now = (await provider.getBlock("latest")).timestamp;
    const threshold = Math.floor(Number(THRESHOLD) * 2 ** 32);
    await done("openWindow", app.openWindow(federation, {
        selector: keys.vk_digest.slice(0, 10), registerBy: now + DAY, minSamples: MIN_SAMPLES, proveSeconds: 2 * DAY,
        auditSeconds: 0, auditRate: 0, thresholds: [threshold],
    }));
    const { agreement } = await app.windows(federation, 1);
    say(`RMSE below ${THRESHOLD} on at least ${MIN_SAMPLES} samples; agreement ${short(agreement)}`);
    for (const [i, venue] of venues.entries())
        await done("registerDataset", as(venue).registerDataset(federation, 1, datasets[i], agreement));

    heading("A day later, when no dataset can be registered any more, the model is published");
    await later(DAY + 1);
    const modelId = JSON.parse(zkmetric("model-id", path.join(HEDGE, "model.onnx"), "--circuit", at("circuit.zkm"), "--json")).model_id;
    await done("publishModel", app.publishModel(federation, 1, modelId, "0x" + "0".repeat(64)));
    say(`model_id ${short(modelId)}`);

    heading("The venues prove, each for itself");
    const proofs = [];
    for (const [i, venue] of venues.entries()) {
        const started = Date.now();
        proofs.push(prove(i, await app.contextOf(federation, 1, venue.address), `venue${i + 1}`));
        say(`venue ${i + 1}: proved in ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
    const claims = proofs.map(({ statement }, i) => ({
        venue: venues[i].address, numSamples: BigInt(statement[2]), verdict: BigInt(statement[4]) === 1n,
    }));

    heading("A relayer sends all three at once; the third has been tampered with");
    const tampered = [...proofs[2].proof.slice(0, 6), ...proofs[2].proof.slice(0, 2), ...proofs[2].proof.slice(8)];
    const receipt = await done("submitBatch of 3, one bad", as(relayer).submitBatch(federation, 1, claims,
        [proofs[0].proof, proofs[1].proof, tampered]));
    for (const log of receipt.logs) {
        const event = app.interface.parseLog(log);
        if (event.name === "BatchItemRefused") say(`item ${Number(event.args.index) + 1}: ${OUTCOMES[Number(event.args.outcome)]}`);
        else say(`item ${venues.findIndex((v) => v.address === event.args.venue) + 1}: recorded`);
    }

    heading("The third venue sends its proof itself; and then once more");
    await done("submit", as(venues[2]).submit(federation, 1, claims[2], proofs[2].proof));
    say("recorded");
    try {
        await as(venues[2]).submit.staticCall(federation, 1, claims[2], proofs[2].proof);
        throw new Error("a verdict was recorded twice");
    } catch (error) {
        if (!isError(error, "CALL_EXCEPTION")) throw error;
        say(`refused: ${OUTCOMES[Number(error.revert.args[0])]}`);
    }

    heading("What the chain says now, from its events");
    console.log(`\n  ${"venue".padEnd(44)}${"samples".padStart(8)}  ${"RMSE".padEnd(16)}standing`);
    const events = await app.queryFilter(app.filters.VerdictProved(federation, 1));
    for (const { args: { venue } } of events) {
        const [standing, verdict, n] = await app.verdictOf(federation, 1, venue);
        console.log(`  ${venue.padEnd(44)}${String(n).padStart(8)}  ${`${verdict ? "below" : "not below"} ${THRESHOLD}`.padEnd(16)}${STANDINGS[Number(standing)]}`);
    }
    if (events.length !== 3) throw new Error(`${events.length} verdicts where 3 were due`);

    console.log(`\n  ${"transaction".padEnd(44)}${"gas".padStart(10)}`);
    const seen = new Set();
    for (const [name, used] of gas) if (!seen.has(name)) console.log(`  ${name.padEnd(44)}${count(used).padStart(10)}`), seen.add(name);
    stop();
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(`demo: ${error.message}`);
        process.exit(3);
    },
);
