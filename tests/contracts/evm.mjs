// An Ethereum virtual machine (@ethereumjs/evm) that answers one JSON request a line on standard input with one line on
// standard output:
//
//   {"do": "new", "evm": NAME, "precompiles": {ADDRESS: CHANGE}}   a chain of its own; CHANGE is
//       {"absent": true}          no code at the address
//       {"price": [a, b]}         a / b of the gas
//       {"fail": true}            fails, free of charge
//       {"answer": "0x..."}       these bytes, free of charge
//   {"do": "deploy", "evm": NAME, "code": "0x..."}                 -> {"address", "size"} or {"error"}
//   {"do": "call", "evm": NAME, "to", "data", "gas": NUMBER}       -> {"ok", "out", "gas"}: gas of the execution, without
//                                                                     the transaction's 21,000 and its calldata
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

// The modules' ESM builds: Node.js 18 cannot load the others, which require() ESM ones.
const packages = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../contracts/node_modules/@ethereumjs");
const load = (name) => import(pathToFileURL(path.join(packages, name, "dist/esm/index.js")));
const { createEVM, EVMError, getActivePrecompiles } = await load("evm");
const { Common, Mainnet, Hardfork } = await load("common");
const { bytesToHex, createAddressFromString, hexToBytes } = await load("util");

const SENDER = createAddressFromString("0x" + "11".repeat(20));
const evms = {};

function changed(common, address, change) {
    if (change.absent) return { address };
    if (change.fail) {
        const exceptionError = new EVMError("out of gas");
        return { address, function: () => ({ executionGasUsed: 0n, returnValue: new Uint8Array(), exceptionError }) };
    }
    if (change.answer !== undefined) {
        const returnValue = hexToBytes(change.answer);
        return { address, function: () => ({ executionGasUsed: 0n, returnValue }) };
    }
    const original = getActivePrecompiles(common).get(address.slice(2));
    const [a, b] = change.price.map(BigInt);
    return {
        address,
        // With the gas scaled both ways the original runs out of it exactly when the new price is not covered.
        function: async (input) => {
            const result = await original({ ...input, gasLimit: (input.gasLimit * b) / a });
            const used = (result.executionGasUsed * a + b - 1n) / b;
            return { ...result, executionGasUsed: result.exceptionError ? input.gasLimit : used };
        },
    };
}

async function answer(request) {
    if (request.do === "new") {
        const common = new Common({ chain: Mainnet, hardfork: Hardfork.Cancun });
        const customPrecompiles = Object.entries(request.precompiles ?? {}).map(([address, change]) =>
            changed(common, "0x" + address.padStart(40, "0"), change));
        const evm = await createEVM({ common, customPrecompiles });
        // As in a transaction (EIP-2929).
        for (const address of getActivePrecompiles(common).keys()) evm.journal.addAlwaysWarmAddress(address);
        evms[request.evm] = evm;
        return {};
    }
    const evm = evms[request.evm];
    if (request.do === "deploy") {
        const { createdAddress, execResult } = await evm.runCall({
            caller: SENDER, origin: SENDER, data: hexToBytes(request.code), gasLimit: 100_000_000n });
        if (execResult.exceptionError)
            return { error: execResult.exceptionError.error, out: bytesToHex(execResult.returnValue) };
        return { address: createdAddress.toString(), size: execResult.returnValue.length };
    }
    const { execResult } = await evm.runCall({
        caller: SENDER, origin: SENDER, to: createAddressFromString(request.to), data: hexToBytes(request.data),
        gasLimit: BigInt(request.gas) });
    return {
        ok: !execResult.exceptionError, error: execResult.exceptionError?.error,
        out: bytesToHex(execResult.returnValue), gas: Number(execResult.executionGasUsed) };
}

for await (const line of readline.createInterface({ input: process.stdin }))
    process.stdout.write(JSON.stringify(await answer(JSON.parse(line))) + "\n");
