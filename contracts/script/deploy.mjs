// Deploys a generated verifier, the router and the application; see HELP.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { account } from "./account.mjs";
import { compile } from "./compile.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const { AbiCoder, Contract, Interface, JsonRpcProvider, formatEther, formatUnits, getCreateAddress, isAddress, ZeroAddress } =
    createRequire(path.join(here, "..", "package.json"))("ethers");

const CHAINS = {
    anvil: 31337, ethereum: 1, sepolia: 11155111, optimism: 10, "optimism-sepolia": 11155420, base: 8453,
    "base-sepolia": 84532, arbitrum: 42161, "arbitrum-sepolia": 421614,
};

const HELP = `Usage: contracts/script/deploy --rpc URL --chain CHAIN --verifier FILE --proof FILE
           --owner ADDRESS --guardian ADDRESS [OPTION...]

Deploys the verifier that "zkmetric export solidity" has written, a router that holds it, and
AgentBVerifier. Without --broadcast nothing is sent: it compiles, asks the node, runs the router's
self-test on that chain's precompiles, and prints what it would do and cost.

  --rpc URL          the node; or the environment variable ZKM_RPC_URL
  --chain CHAIN      ${Object.keys(CHAINS).slice(0, 5).join(", ")},
                     ${Object.keys(CHAINS).slice(5).join(", ")}, or a chain id; the node must agree
  --verifier FILE    the generated contract
  --proof FILE       any valid proof under its key, as "zkmetric export calldata" writes it
  --owner ADDRESS    proposes verifiers; a multisig
  --guardian ADDRESS stops verifiers; another party
  --delay HOURS      from proposal to activation of later verifiers (default: 48)
  --keystore FILE    who signs: an encrypted key (passphrase typed, or ZKM_KEYSTORE_PASSPHRASE);
                     without it the environment variable ZKM_PRIVATE_KEY
  --from ADDRESS     who would sign, for a dry run without a key
  --confirmations N  blocks to wait for after each transaction (default: 1)
  --allow-single-party   also a key whose maker could forge proofs; without asking on anvil
  --broadcast        send
  -o, --out FILE     where addresses and constructor arguments are written (default: deployment.json)`;

class Trouble extends Error {}

function readOptions() {
    const text = { type: "string" };
    const flag = { type: "boolean", default: false };
    const { values } = parseArgs({
        options: {
            rpc: { type: "string", default: process.env.ZKM_RPC_URL }, chain: text, verifier: text, proof: text,
            owner: text, guardian: text, delay: { type: "string", default: "48" }, keystore: text, from: text,
            confirmations: { type: "string", default: "1" }, "allow-single-party": flag, broadcast: flag,
            out: { type: "string", short: "o", default: "deployment.json" }, help: { type: "boolean", short: "h" },
        },
    });
    if (values.help) {
        console.log(HELP);
        process.exit(0);
    }
    for (const name of ["rpc", "chain", "verifier", "proof", "owner", "guardian"])
        if (!values[name]) throw new Trouble(`--${name} is missing; see --help`);
    for (const name of ["owner", "guardian", "from"])
        if (values[name] !== undefined && (!isAddress(values[name]) || values[name] === ZeroAddress))
            throw new Trouble(`--${name} ${values[name]}: no address`);
    if (!URL.canParse(values.rpc)) throw new Trouble("--rpc: no URL");
    const chainId = CHAINS[values.chain] ?? Number(values.chain);
    if (!Number.isSafeInteger(chainId) || chainId < 1)
        throw new Trouble(`--chain ${values.chain}: none of ${Object.keys(CHAINS).join(", ")}, nor a chain id`);
    const delay = Math.round(Number(values.delay) * 3600);
    if (!(delay >= 60 && delay <= 365 * 86400)) throw new Trouble(`--delay ${values.delay}: hours, from a minute to a year`);
    const confirmations = Number(values.confirmations);
    if (!Number.isInteger(confirmations) || confirmations < 1)
        throw new Trouble(`--confirmations ${values.confirmations}: a whole number, at least 1`);
    if (values.broadcast && fs.existsSync(values.out))
        throw new Trouble(`${values.out} exists: it may be all that is known of a deployment; move it away, or name another with --out`);
    return { ...values, chainId, delay, confirmations };
}

function readText(file) {
    try {
        return fs.readFileSync(file, "utf8");
    } catch (error) {
        throw new Trouble(`${file}: cannot be read (${error.code})`);
    }
}

/** Ten words of proof and six of statement. */
function readProof(file) {
    const text = readText(file);
    const words = (list, n) =>
        Array.isArray(list) && list.length === n && list.every((w) => typeof w === "string" && /^0x[0-9a-fA-F]{1,64}$/.test(w));
    let json;
    try {
        json = JSON.parse(text);
    } catch {
        throw new Trouble(`${file}: no JSON; make it with: zkmetric export calldata PROOF -o ${file}`);
    }
    if (!words(json.proof, 10) || !words(json.statement, 6))
        throw new Trouble(`${file}: not ten words of proof and six of statement; make it with: zkmetric export calldata PROOF`);
    return json;
}

/** What the generated file says of its key. */
function readKey(file) {
    const text = readText(file);
    const of = (name) => text.match(new RegExp(`^// +${name} +(\\S+)$`, "m"))?.[1];
    const key = { vkDigest: of("vk_digest"), circuitDigest: of("circuit_digest"), setup: of("setup") };
    if (!key.vkDigest || !key.circuitDigest || !key.setup)
        throw new Trouble(`${file}: not written by zkmetric export solidity`);
    return key;
}

async function connect({ rpc, chainId }) {
    const provider = new JsonRpcProvider(rpc, undefined, { staticNetwork: true, batchMaxCount: 1 });
    let answer;
    try {
        answer = Number(await provider.send("eth_chainId", []));
    } catch (error) {
        throw new Trouble(`the node at ${new URL(rpc).host} does not answer (${error.code ?? error.message})`);
    }
    if (answer !== chainId) throw new Trouble(`the node is on chain ${answer}, and --chain says ${chainId}`);
    return new JsonRpcProvider(rpc, chainId, { staticNetwork: true, batchMaxCount: 1 });
}

/** The three creations in order: name, address, constructor arguments by name, code that creates, code that results. */
function plan(options, built, from, nonce, proof) {
    const coder = AbiCoder.defaultAbiCoder();
    const [verifier, router, application] = [0, 1, 2].map((i) => getCreateAddress({ from, nonce: nonce + i }));
    const creation = (contract, address, given) => {
        const inputs = new Interface(contract.abi).deploy.inputs;
        const encoded = coder.encode(inputs, Object.values(given));
        return { name: contract.name, address, arguments: given, encoded, data: contract.bytecode + encoded.slice(2), contract };
    };
    const candidates = [{ verifier, proof: proof.proof, statement: proof.statement }];
    return [
        creation(built.contracts.verifier, verifier, {}),
        creation(built.contracts.VerifierRouter, router, {
            owner: options.owner, guardian: options.guardian, delay: options.delay, candidates,
        }),
        creation(built.contracts.AgentBVerifier, application, { router }),
    ];
}

/** Creates the router in an eth_call in which the verifier is there already: its self-test, on this chain. (Not as the
 * account, whose next contract would come to the verifier's address.) */
async function rehearse(provider, [verifier, router]) {
    const code = { [verifier.address]: { code: verifier.contract.deployedBytecode } };
    try {
        await provider.send("eth_call", [{ from: ZeroAddress, data: router.data }, "latest", code]);
        return "passed";
    } catch (error) {
        const data = error?.info?.error?.data ?? error?.error?.data ?? error?.data;
        const known = typeof data === "string" ? explain(data, router.contract.abi) : undefined;
        if (known) throw new Trouble(`the router's constructor reverts with ${known}; nothing was sent`);
        return `could not be run before deployment: ${error?.info?.error?.message ?? error.message}`;
    }
}

/** A revert's name and arguments, or undefined. */
function explain(data, abi) {
    const errors = ["error SelfTestFailed(address verifier, uint256 check)", "error PrecompileFailed(uint256 precompile)"];
    for (const face of [new Interface(abi), new Interface(errors)]) {
        const found = face.parseError(data);
        if (found) return `${found.name}(${found.args.join(", ")})`;
    }
}

/** Gas of each creation with the earlier ones in place; null where the node cannot tell. */
async function estimates(provider, creations) {
    const code = Object.fromEntries(creations.map((c) => [c.address, { code: c.contract.deployedBytecode }]));
    const list = [];
    for (const { data } of creations) {
        try {
            list.push(BigInt(await provider.send("eth_estimateGas", [{ from: ZeroAddress, data }, "latest", code])));
        } catch {
            list.push(null);
        }
    }
    return list;
}

/** Writes to a temporary file beside it and renames. */
function writeJson(file, value) {
    const temporary = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(temporary, JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v), 2) + "\n");
    fs.renameSync(temporary, file);
}

async function send(signer, nonce, creation, confirmations) {
    const response = await signer.sendTransaction({ data: creation.data, nonce });
    console.log(`  ${creation.name}: sent ${response.hash}`);
    const receipt = await response.wait(confirmations);
    console.log(`  ${creation.name}: ${creation.address}, ${receipt.gasUsed} gas, block ${receipt.blockNumber}`);
    return { transaction: receipt.hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

/** Reads back what was deployed. */
async function check(provider, creations, options, key) {
    const [verifier, router, application] = creations.map((c) => new Contract(c.address, c.contract.abi, provider));
    const equal = (what, a, b) => {
        if (String(a).toLowerCase() !== String(b).toLowerCase()) throw new Trouble(`after deployment ${what} is ${a}, not ${b}`);
    };
    equal("the verifier's code", await provider.getCode(creations[0].address), creations[0].contract.deployedBytecode);
    equal("vkDigest", await verifier.vkDigest(), key.vkDigest);
    equal("owner", await router.owner(), options.owner);
    equal("guardian", await router.guardian(), options.guardian);
    equal("delay", await router.delay(), options.delay);
    equal("the active verifier", await router.verifierOf(key.vkDigest.slice(0, 10)), creations[0].address);
    equal("the application's router", await application.router(), creations[1].address);
}

async function main() {
    const options = readOptions();
    const proof = readProof(options.proof);
    const key = readKey(options.verifier);
    if (key.setup === "single-party" && options.chainId !== CHAINS.anvil && !options["allow-single-party"])
        throw new Trouble("the key is single-party: whoever made it could forge proofs; --allow-single-party if you trust them");
    const wallet = await account(options.keystore);
    const from = wallet?.address ?? options.from;
    if (!from) throw new Trouble("no account: --keystore FILE, or the environment variable ZKM_PRIVATE_KEY, or --from for a dry run");
    if (options.broadcast && !wallet) throw new Trouble("--broadcast needs a key: --keystore FILE or ZKM_PRIVATE_KEY");

    const provider = await connect(options);
    const built = compile(options.verifier);
    const nonce = await provider.getTransactionCount(from, "pending");
    const creations = plan(options, built, from, nonce, proof);
    const rehearsed = await rehearse(provider, creations);
    const gas = await estimates(provider, creations);
    const { gasPrice } = await provider.getFeeData();
    console.log(`chain ${options.chainId}, account ${from}, nonce ${nonce}`);
    console.log(`key ${key.vkDigest}, ${key.setup}; circuit ${key.circuitDigest}`);
    console.log(`self-test on this chain's precompiles: ${rehearsed}`);
    creations.forEach((c, i) => console.log(`  ${c.name.padEnd(18)} ${c.address}  ${gas[i] ?? "gas unknown"}`));
    const total = gas.every((g) => g !== null) ? gas.reduce((a, b) => a + b) : null;
    if (total && gasPrice)
        console.log(`${total} gas at ${formatUnits(gasPrice, "gwei")} gwei: ${formatEther(total * gasPrice)} of the chain's coin` +
            " (a rollup adds its fee for data on Ethereum)");
    if (!options.broadcast) {
        console.log("nothing was sent; --broadcast sends");
        return;
    }

    const record = {
        chainId: options.chainId, deployer: from, ...key,
        compiler: built.compiler, settings: built.settings, contracts: {},
    };
    const signer = wallet.connect(provider);
    for (const [i, creation] of creations.entries()) {
        const sent = await send(signer, nonce + i, creation, options.confirmations);
        record.contracts[creation.name] = {
            address: creation.address, constructorArguments: creation.arguments, constructorEncoded: creation.encoded, ...sent,
        };
        writeJson(options.out, record); // after each, so that nothing that was paid for is forgotten
    }
    await check(provider, creations, options, key);
    console.log(`checked, and written to ${options.out}`);
}

main().then(
    () => process.exit(0),
    (error) => {
        console.error(`deploy: ${error instanceof Trouble ? error.message : (error.shortMessage ?? error.message)}`);
        process.exit(2);
    },
);
