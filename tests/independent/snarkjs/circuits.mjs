// Two small constraint systems with their witnesses, written in the binary formats of iden3's tools
// (.r1cs: "Binary format for R1CS", https://github.com/iden3/r1csfile; .wtns: the header of
// snarkjs's own files). Nothing here comes from a circuit compiler.
import { createHash } from "node:crypto";

export const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

const mod = (x) => ((x % R) + R) % R;

function power(base, exponent) {
    let result = 1n;
    for (base = mod(base); exponent > 0n; exponent >>= 1n, base = (base * base) % R)
        if (exponent & 1n) result = (result * base) % R;
    return result;
}

// A linear combination is [[wire, coefficient], ...]; wire 0 is the constant one.
const evaluate = (combination, witness) =>
    mod(combination.reduce((sum, [wire, c]) => sum + c * witness[wire], 0n));

// x^3 + x + 5 = out; public bits = sum of four secret bits; a product of two differences = gate.
// Wires: one, out, bits, gate (public), x, x^2, x^3, b0..b3, t (private).
function cubic() {
    const x = 35n;
    const b = [1n, 0n, 1n, 1n];
    const bits = b.reduce((sum, v, i) => sum + (v << BigInt(i)), 0n);
    const t = (3n * x - 2n * bits + 7n) * (x - 40n);
    const gate = (t - x * x) * b[0] + x * x * x;
    const witness = [1n, x ** 3n + x + 5n, bits, gate, x, x * x, x ** 3n, ...b, t].map(mod);
    const constraints = [
        [[[4, 1n]], [[4, 1n]], [[5, 1n]]],
        [[[5, 1n]], [[4, 1n]], [[6, 1n]]],
        [
            [
                [0, 5n],
                [4, 1n],
                [6, 1n],
            ],
            [[0, 1n]],
            [[1, 1n]],
        ],
        ...[7, 8, 9, 10].map((w) => [
            [[w, 1n]],
            [
                [0, -1n],
                [w, 1n],
            ],
            [],
        ]),
        [
            [
                [7, 1n],
                [8, 2n],
                [9, 4n],
                [10, 8n],
            ],
            [[0, 1n]],
            [[2, 1n]],
        ],
        [
            [
                [0, 7n],
                [2, -2n],
                [4, 3n],
            ],
            [
                [0, -40n],
                [4, 1n],
            ],
            [[11, 1n]],
        ],
        [
            [
                [5, -1n],
                [11, 1n],
            ],
            [[7, 1n]],
            [
                [3, 1n],
                [6, -1n],
            ],
        ],
    ];
    return { name: "cubic", outputs: 1, inputs: 2, witness, constraints };
}

// Sixty constraints over full-size values: combinations of up to four earlier wires, coefficients
// small, negative and full-size; two public outputs, three public inputs, the last of them in no
// constraint.
function mixed() {
    let counter = 0;
    const draw = () =>
        BigInt("0x" + createHash("sha256").update(`zkmetric mixed ${counter++}`).digest("hex"));
    const below = (n) => Number(draw() % BigInt(n));
    const coefficient = () =>
        [1n, -1n, BigInt(below(100)) + 2n, -BigInt(below(100)) - 2n, mod(draw())][below(5)];
    const outputs = 2,
        inputs = 3,
        constraints = [],
        count = 60;
    const witness = [1n, 0n, 0n, mod(draw()), mod(draw()), mod(draw())];
    const known = [0, 3, 4];
    const combination = () => {
        const wires = new Set(
            Array.from({ length: 1 + below(4) }, () => known[below(known.length)]),
        );
        return [...wires].sort((a, b) => a - b).map((w) => [w, coefficient()]);
    };
    for (let i = 0; i < count; i++) {
        const a = combination(),
            b = combination(),
            rest = combination();
        const wire = i >= count - outputs ? i - (count - outputs) + 1 : witness.length;
        const c = coefficient();
        witness[wire] = mod(
            (evaluate(a, witness) * evaluate(b, witness) - evaluate(rest, witness)) *
                power(c, R - 2n),
        );
        constraints.push([a, b, [...rest, [wire, c]].sort((p, q) => p[0] - q[0])]);
        known.push(wire);
    }
    return { name: "mixed", outputs, inputs, witness, constraints };
}

export const circuits = [cubic(), mixed()];

for (const { name, witness, constraints } of circuits)
    constraints.forEach(([a, b, c], i) => {
        if (mod(evaluate(a, witness) * evaluate(b, witness)) !== evaluate(c, witness))
            throw new Error(`${name}: constraint ${i} does not hold`);
    });

const u32 = (v) => {
    const b = Buffer.alloc(4);
    b.writeUInt32LE(v);
    return b;
};
const u64 = (v) => {
    const b = Buffer.alloc(8);
    b.writeBigUInt64LE(BigInt(v));
    return b;
};
const field = (v) => Buffer.from(mod(v).toString(16).padStart(64, "0"), "hex").reverse();
const prime = Buffer.from(R.toString(16).padStart(64, "0"), "hex").reverse();
const section = (type, body) => Buffer.concat([u32(type), u64(body.length), body]);

export function r1cs({ outputs, inputs, witness, constraints }) {
    const wires = witness.length;
    const header = Buffer.concat([
        u32(32),
        prime,
        u32(wires),
        u32(outputs),
        u32(inputs),
        u32(wires - 1 - outputs - inputs),
        u64(wires),
        u32(constraints.length),
    ]);
    const combination = (terms) =>
        Buffer.concat([
            u32(terms.length),
            ...terms.map(([wire, c]) => Buffer.concat([u32(wire), field(c)])),
        ]);
    const body = Buffer.concat(constraints.flat().map(combination));
    const labels = Buffer.concat(witness.map((_, i) => u64(i)));
    return Buffer.concat([
        Buffer.from("r1cs"),
        u32(1),
        u32(3),
        section(1, header),
        section(2, body),
        section(3, labels),
    ]);
}

export function wtns({ witness }) {
    const header = Buffer.concat([u32(32), prime, u32(witness.length)]);
    return Buffer.concat([
        Buffer.from("wtns"),
        u32(2),
        u32(2),
        section(1, header),
        section(2, Buffer.concat(witness.map(field))),
    ]);
}
