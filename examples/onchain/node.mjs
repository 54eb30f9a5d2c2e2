// A local Ethereum node for demonstrations: anvil, on a free port of this machine.
import path from "node:path";
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";

const CONTRACTS = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "contracts");
const { JsonRpcProvider } = createRequire(path.join(CONTRACTS, "package.json"))("ethers");

// What anvil gives coins to; nobody's secret.
export const MNEMONIC = "test test test test test test test test test test test junk";

function freePort() {
    return new Promise((resolve) => {
        const server = createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

/** A node of our own: {provider, url, stop}. */
export async function startNode() {
    const url = `http://127.0.0.1:${await freePort()}`;
    const anvil = path.join(CONTRACTS, "node_modules", ".bin", "anvil");
    const node = spawn(anvil, ["--port", new URL(url).port, "--silent", "--mnemonic", MNEMONIC], { stdio: "ignore", detached: true });
    const stop = () => {
        try {
            process.kill(-node.pid);
        } catch {
            // it has ended by itself
        }
    };
    process.on("exit", stop);
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
    const provider = new JsonRpcProvider(url, 31337, { staticNetwork: true, cacheTimeout: -1 });
    for (let i = 0; ; i++) {
        try {
            await provider.send("eth_chainId", []);
            return { provider, url, stop };
        } catch {
            if (i === 200) throw new Error(`${anvil} does not answer; see whether it starts by hand`);
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}
