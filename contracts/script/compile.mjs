// Compiles the contracts and a generated verifier with the pinned compiler and foundry.toml's settings.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const CONTRACTS = path.join(path.dirname(fileURLToPath(import.meta.url)), "..");
const solc = createRequire(path.join(CONTRACTS, "package.json"))("solc");

function setting(name) {
    const toml = fs.readFileSync(path.join(CONTRACTS, "foundry.toml"), "utf8");
    const found = toml.match(new RegExp(`^${name} = "?([^"\n]+)"?$`, "m"));
    if (!found) throw new Error(`contracts/foundry.toml: no ${name}`);
    return found[1];
}

function readSources() {
    const names = fs.readdirSync(path.join(CONTRACTS, "src")).filter((name) => name.endsWith(".sol"));
    const read = (name) => ({ content: fs.readFileSync(path.join(CONTRACTS, "src", name), "utf8") });
    return Object.fromEntries(names.map((name) => [`src/${name}`, read(name)]));
}

function run(sources, settings) {
    const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
    if (output.errors?.length) throw new Error(output.errors.map((e) => e.formattedMessage).join("\n"));
    return output.contracts;
}

/** The ABI of a contract in contracts/src. */
export function abiOf(name) {
    return run(readSources(), { outputSelection: { "*": { "*": ["abi"] } } })[`src/${name}.sol`][name].abi;
}

/** {compiler, settings, contracts: {NAME: {abi, bytecode, deployedBytecode}}}, code as 0x-hex. A warning is an error. */
export function compile(verifierFile) {
    const sources = { ...readSources(), "generated/verifier.sol": { content: fs.readFileSync(verifierFile, "utf8") } };
    const settings = {
        optimizer: { enabled: setting("optimizer") === "true", runs: Number(setting("optimizer_runs")) },
        evmVersion: setting("evm_version"),
        metadata: { bytecodeHash: setting("bytecode_hash") },
    };
    const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } };
    const contracts = {};
    for (const [file, found] of Object.entries(run(sources, { ...settings, outputSelection })))
        for (const [name, { abi, evm }] of Object.entries(found))
            contracts[file.startsWith("generated/") && !name.startsWith("I") ? "verifier" : name] = {
                name,
                abi,
                bytecode: "0x" + evm.bytecode.object,
                deployedBytecode: "0x" + evm.deployedBytecode.object,
            };
    if (!contracts.verifier) throw new Error(`${verifierFile}: no contract in it`);
    return { compiler: solc.version(), settings, contracts };
}
