// The account that signs: an encrypted keystore, or the environment. Never the command line, which every process on
// the machine can read.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const { Wallet } = createRequire(path.join(here, "..", "package.json"))("ethers");

/** A passphrase typed at the terminal, not shown. */
function ask(question) {
    if (!process.stdin.isTTY)
        throw new Error("the keystore's passphrase: set ZKM_KEYSTORE_PASSPHRASE, or run at a terminal");
    process.stderr.write(question);
    process.stdin.setRawMode(true);
    return new Promise((resolve, reject) => {
        let typed = "";
        process.stdin.setEncoding("utf8").on("data", (text) => {
            for (const c of text) {
                if (c === "\u0003") return finish(() => reject(new Error("interrupted")));
                if (c === "\r" || c === "\n") return finish(() => resolve(typed));
                typed = c === "\u007f" ? typed.slice(0, -1) : typed + c;
            }
        });
        function finish(then) {
            process.stdin.setRawMode(false);
            process.stdin.pause();
            process.stderr.write("\n");
            then();
        }
    });
}

/** The wallet of a keystore file, else of the environment variable ZKM_PRIVATE_KEY, else null. */
export async function account(keystore) {
    if (keystore) {
        let json;
        try {
            json = fs.readFileSync(keystore, "utf8");
        } catch (error) {
            throw new Error(`${keystore}: cannot be read (${error.code})`);
        }
        const passphrase = process.env.ZKM_KEYSTORE_PASSPHRASE ?? (await ask(`passphrase of ${keystore}: `));
        try {
            return await Wallet.fromEncryptedJson(json, passphrase);
        } catch {
            throw new Error(`${keystore}: no keystore (version 3 JSON), or another passphrase`);
        }
    }
    const key = process.env.ZKM_PRIVATE_KEY;
    if (key === undefined) return null;
    if (!/^(0x)?[0-9a-fA-F]{64}$/.test(key)) throw new Error("ZKM_PRIVATE_KEY: not 64 hex digits");
    return new Wallet(key.startsWith("0x") ? key : "0x" + key);
}
