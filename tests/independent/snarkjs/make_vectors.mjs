// Makes plain Groth16 keys and proofs with snarkjs alone, from the circuits in circuits.mjs.
//
//   node make_vectors.mjs FOLDER
//
// For each circuit, in FOLDER/NAME: circuit.r1cs, witness.wtns, circuit.zkey, vkey.json,
// proof.json, public.json, and bare_vkey.json with bare_proof.json from a key to which nobody
// contributed (delta is then the generator, gamma too: such proofs can be forged and must be
// refused although snarkjs accepts them). Prints the paths. Powers of tau and contributions are
// drawn anew each time, so the files differ from run to run.
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as snarkjs from "snarkjs";
import { circuits, r1cs, wtns } from "./circuits.mjs";

const folder = process.argv[2];
if (!folder) {
    console.error("make_vectors.mjs: give the folder to write to");
    process.exit(2);
}
const entropy = () => randomBytes(32).toString("hex");
const scratch = mkdtempSync(join(tmpdir(), "snarkjs-"));
const at = (name) => join(scratch, name);

function write(path, data) {
    writeFileSync(path, Buffer.isBuffer(data) ? data : JSON.stringify(data, null, 1) + "\n");
    console.log(path);
}

async function powersOfTau(log2) {
    const curve = await snarkjs.curves.getCurveFromName("bn128");
    await snarkjs.powersOfTau.newAccumulator(curve, log2, at("0.ptau"));
    await snarkjs.powersOfTau.contribute(at("0.ptau"), at("1.ptau"), "one", entropy());
    await snarkjs.powersOfTau.preparePhase2(at("1.ptau"), at("final.ptau"));
    if ((await snarkjs.powersOfTau.verify(at("final.ptau"))) !== true)
        throw new Error("powers of tau do not verify");
    return curve;
}

async function proveWith(zkey, to, prefix) {
    const { proof, publicSignals } = await snarkjs.groth16.prove(zkey, join(to, "witness.wtns"));
    const key = await snarkjs.zKey.exportVerificationKey(zkey);
    if (!(await snarkjs.groth16.verify(key, publicSignals, proof)))
        throw new Error(`${to}: the proof does not verify`);
    write(join(to, prefix + "vkey.json"), key);
    write(join(to, prefix + "proof.json"), proof);
    return publicSignals;
}

async function make(circuit) {
    const to = join(folder, circuit.name);
    const zkey = join(to, "circuit.zkey");
    mkdirSync(to, { recursive: true });
    write(join(to, "circuit.r1cs"), r1cs(circuit));
    write(join(to, "witness.wtns"), wtns(circuit));
    if (!(await snarkjs.wtns.check(join(to, "circuit.r1cs"), join(to, "witness.wtns"))))
        throw new Error(`${to}: the witness is wrong`);
    await snarkjs.zKey.newZKey(join(to, "circuit.r1cs"), at("final.ptau"), at("bare.zkey"));
    await snarkjs.zKey.contribute(at("bare.zkey"), zkey, "one", entropy());
    if (
        (await snarkjs.zKey.verifyFromR1cs(join(to, "circuit.r1cs"), at("final.ptau"), zkey)) !==
        true
    )
        throw new Error(`${zkey} does not verify`);
    console.log(zkey);
    write(join(to, "public.json"), await proveWith(zkey, to, ""));
    await proveWith(at("bare.zkey"), to, "bare_");
}

try {
    const curve = await powersOfTau(8);
    for (const circuit of circuits) await make(circuit);
    await curve.terminate();
} finally {
    rmSync(scratch, { recursive: true, force: true });
}
