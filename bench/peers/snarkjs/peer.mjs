// snarkjs's side of bench-peers: one benchmark a process, so that each row has its own peak memory.
//
//   node peer.mjs BENCHMARK LOG2 THREADS REPEAT
//
// BENCHMARK: prove-dense. snarkjs takes all processors whatever THREADS says. The key and the
// witness are those that bench_groth16 --export left in the working folder: the powers of tau for a
// key of snarkjs's own take hours.
import { readFileSync } from "node:fs";
import * as snarkjs from "snarkjs";

const [benchmark, ...numbers] = process.argv.slice(2);
const [log2, threads, repeat] = numbers.map(Number);
const pinned = JSON.parse(readFileSync(new URL("package.json", import.meta.url)));
const version = pinned.dependencies.snarkjs;
const zkey = "snarkjs-dense.zkey";
const wtns = "snarkjs-dense.wtns";

if (benchmark !== "prove-dense" || numbers.length !== 3) {
    console.error("usage: node peer.mjs prove-dense LOG2 THREADS REPEAT");
    process.exit(2);
}

// Prints the row of the fastest of `times` calls.
async function measure(name, times, f) {
    let best = { seconds: Infinity };
    for (let i = 0; i < times; i++) {
        const before = process.cpuUsage();
        const start = performance.now();
        await f();
        const seconds = (performance.now() - start) / 1e3;
        const { user, system } = process.cpuUsage(before);
        if (seconds < best.seconds) best = { seconds, cpu_seconds: (user + system) / 1e6 };
    }
    const peak_rss_bytes = process.resourceUsage().maxRSS * 1024;
    const about = { peak_rss_bytes, log2, threads, peer: "snarkjs", version };
    console.log(JSON.stringify({ benchmark: name, ...best, ...about }));
}

let result;
await measure("prove-dense", repeat, async () => {
    result = await snarkjs.groth16.prove(zkey, wtns);
});
const key = await snarkjs.zKey.exportVerificationKey(zkey);
await measure("verify-dense", 20 * repeat, async () => {
    if (!(await snarkjs.groth16.verify(key, result.publicSignals, result.proof)))
        throw new Error("the proof does not verify");
});
await (await snarkjs.curves.getCurveFromName("bn128")).terminate();
