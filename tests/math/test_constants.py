#!/usr/bin/env python3
"""Recomputes what src/math states without proof: Poseidon2's constants and facts about BN254."""

import math
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

X = 4965661367192848881
P = 36 * X**4 + 36 * X**3 + 24 * X**2 + 6 * X + 1
R = 36 * X**4 + 36 * X**3 + 18 * X**2 + 6 * X + 1
T = 6 * X**2 + 1  # trace of Frobenius


def digits(name, file):
    text = (ROOT / "src/math" / file).read_text()
    body = text[text.index(f"{name}[") :]
    body = body[body.index("{") + 1 : body.index("}")]
    return [int(word) for word in body.replace("\n", " ").split(",")]


def test_poseidon2_constants_are_what_the_script_writes():
    subprocess.run([sys.executable, ROOT / "scripts/gen-poseidon2", "--check"], check=True)


def test_subgroup_check_is_exact():
    """pairing_loops.h: gcd(N, r (p - 1 + t)) = r, and every point of G2 passes."""
    # (x + 1) + x psi + x psi^2 - 2x psi^3 as a + b psi, by psi^2 = t psi - p
    a, b = 0, 0
    u, v = 1, 0  # psi^k = u + v psi
    for coefficient in (X + 1, X, X, -2 * X):
        a, b = a + coefficient * u, b + coefficient * v
        u, v = -P * v, u + T * v
    norm = a * a + a * b * T + b * b * P
    assert math.gcd(norm, R * (P - 1 + T)) == R
    # on G2 psi acts as p = t - 1 mod r
    assert (a + b * P) % R == 0


def test_digits_sum_to_their_numbers():
    assert sum(d << i for i, d in enumerate(digits("LOOP_DIGITS", "miller_loops.h"))) == 6 * X + 2
    assert sum(d << i for i, d in enumerate(digits("X_DIGITS", "pairing_loops.h"))) == X
    loop = digits("LOOP_DIGITS", "miller_loops.h")
    assert 64 + sum(d != 0 for d in loop[:-1]) + 2 == 87  # PAIRING_LINES


def test_final_power_is_complete():
    """The chain's exponents 1, 2, 6, 12, 18, 30, 36 of y0 .. y6 give (p^4 - p^2 + 1) / r."""
    y = [
        P + P**2 + P**3,
        -1,
        X**2 * P**2,
        -X * P,
        -X - X**2 * P,
        -(X**2),
        -(X**3) - X**3 * P,
    ]
    total = sum(e * v for e, v in zip((1, 2, 6, 12, 18, 30, 36), y))
    assert (P**4 - P**2 + 1) % R == 0
    assert total % (P**4 - P**2 + 1) == (P**4 - P**2 + 1) // R


def test_square_root_exponent_is_p_plus_1_over_4():
    text = (ROOT / "src/math/field_loops.h").read_text()
    body = text[text.index("e[4] = {") + 8 :]
    limbs = [int(word, 16) for word in body[: body.index("}")].split(",")]
    assert sum(limb << 64 * i for i, limb in enumerate(limbs)) == (P + 1) // 4


def test_split_of_scalars_stays_within_128_bits():
    """glv.h: the basis, its constants and the bounds that 128-bit arithmetic needs."""
    text = (ROOT / "src/math/glv.h").read_text()
    a, b = 2 * X + 1, 6 * X**2 + 2 * X
    root = cube_root_of_one(R)
    lam = next(v for v in (root, root**2 % R) if (a - b * v) % R == 0)
    assert (a + b + a * lam) % R == 0 and a * a + b * (a + b) == R
    assert limbs_after(text, "a_over_r[3] = {") == (a << 256) // R
    assert limbs_after(text, "b_over_r[3] = {") == (b << 256) // R
    assert f"{a:#x}" in text
    assert f"{b >> 64:#x}" in text and f"{b % 2**64:#x}" in text
    assert 2 * a < 2**66 and 4 * a + 2 * b < 2**128 and 2 * b < 2**128 - 2**66
    assert limbs_after((ROOT / "src/math/endomorphism.h").read_text(), "G1_LAMBDA = {\n    {") == (
        lam << 256
    ) % R


def test_cofactor_of_g2_has_no_prime_below_10069():
    """point_check.c: what its random sums rely on; tests/groth16/small_torsion.h."""
    cofactor = 2 * P - R
    assert cofactor % 10069 == 0
    assert all(cofactor % d != 0 for d in range(2, 10069))
    text = (ROOT / "tests/groth16/small_torsion.h").read_text()
    digits = re.findall(r"0x([0-9a-f]{2}),", text)
    assert int("".join(digits), 16) == cofactor // 10069 * R


def cube_root_of_one(modulus):
    return next(v for v in (pow(g, (modulus - 1) // 3, modulus) for g in range(2, 99)) if v != 1)


def limbs_after(text, mark):
    body = text[text.index(mark) + len(mark) :]
    limbs = [int(word, 0) for word in body[: body.index("}")].split(",")]
    return sum(limb << 64 * i for i, limb in enumerate(limbs))


def main():
    """Runs the tests without pytest, with results in TAP."""
    tests = [value for name, value in sorted(globals().items()) if name.startswith("test_")]
    print(f"1..{len(tests)}")
    failed = 0
    for test in tests:
        try:
            test()
            print(f"ok - {test.__name__}")
        except (AssertionError, subprocess.CalledProcessError) as error:
            failed = 1
            print(f"not ok - {test.__name__}: {error!r}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
