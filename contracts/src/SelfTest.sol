// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;

import {IZkmetricVerifier} from "./IZkmetricVerifier.sol";

/// Whether a verifier works on this chain, with this chain's precompiles.
library SelfTest {
    /// The first check that did not give what it should, counted from 1 in the order of `run`.
    error SelfTestFailed(address verifier, uint256 check);

    uint256 private constant Q = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;
    uint256 private constant R = 0x30644e72e131a029b85045b68181585d2833e84879b9709143e1f593f0000001;
    // The point of the twist with x = 1, which is not in the subgroup.
    uint256 internal constant OUTSIDE_X1 = 0;
    uint256 internal constant OUTSIDE_X0 = 1;
    uint256 internal constant OUTSIDE_Y1 =
        0x0d1271953ed9ea0836846e70a1934187998c7f790cb4d7511b7f8da82de048a4;
    uint256 internal constant OUTSIDE_Y0 =
        0x2869111d5381f072f8e2728fdb825a51aadd70e52c9830e9ab4b871c0531f1bb;

    /// Reverts unless a valid proof is accepted and tampered ones, each of them well-formed, are
    /// refused, one at a time and in a batch. Takes about 2.4 million gas.
    function run(
        IZkmetricVerifier verifier,
        uint256[10] memory proof,
        uint256[6] memory statement
    ) internal view {
        uint256[10] memory negated = _copy(proof);
        negated[1] = Q - negated[1];
        uint256[10] memory outside = _copy(proof);
        (outside[2], outside[3]) = (OUTSIDE_X1, OUTSIDE_X0);
        (outside[4], outside[5]) = (OUTSIDE_Y1, OUTSIDE_Y0);

        _require(verifier, 1, verifier.verify(proof, statement));
        _require(verifier, 2, !verifier.verify(negated, statement));
        _require(verifier, 3, !verifier.verify(outside, statement));
        uint256 context = statement[5];
        statement[5] = addmod(context, 1, R);
        _require(verifier, 4, !verifier.verify(proof, statement));
        statement[5] = context;

        uint256[10][] memory proofs = new uint256[10][](2);
        uint256[6][] memory statements = new uint256[6][](2);
        (proofs[0], proofs[1]) = (proof, proof);
        (statements[0], statements[1]) = (statement, statement);
        _require(verifier, 5, verifier.verifyBatch(proofs, statements));
        proofs[0] = negated;
        _require(verifier, 6, !verifier.verifyBatch(proofs, statements));
        proofs[0] = outside;
        IZkmetricVerifier.Result[] memory results = verifier.verifyEach(proofs, statements);
        _require(verifier, 7, results[0] == IZkmetricVerifier.Result.Malformed);
        _require(verifier, 8, results[1] == IZkmetricVerifier.Result.Valid);
    }

    function _copy(uint256[10] memory proof) private pure returns (uint256[10] memory copy) {
        for (uint256 i = 0; i < 10; ++i) {
            copy[i] = proof[i];
        }
    }

    function _require(IZkmetricVerifier verifier, uint256 check, bool good) private pure {
        if (!good) revert SelfTestFailed(address(verifier), check);
    }
}
