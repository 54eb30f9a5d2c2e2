// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;

/// Checks proofs of one circuit under one verifying key. Stateless.
///
/// A proof is ten words, A.x A.y B.x1 B.x0 B.y1 B.y0 C.x C.y D.x D.y (EIP-197's order). A statement
/// is six words: model id, dataset id, number of samples, threshold (times 2^32), verdict, context.
///
/// No amount of gas turns a valid proof into an invalid one: what could not be checked reverts, with
/// PrecompileFailed, or without data where not even gas for that is left.
interface IZkmetricVerifier {
    /// What became of one proof of a batch.
    enum Result {
        /// Well-formed, but the pairing equation does not hold: no proof of this statement.
        Invalid,
        /// A proof of its statement.
        Valid,
        /// A field is out of range, a point off its curve, or B outside the subgroup.
        Malformed
    }

    /// A precompile's call failed, or answered with the wrong number of bytes: too little gas, or a
    /// chain without it. Says nothing about the proof.
    error PrecompileFailed(uint256 precompile);
    /// Arrays of different or no length, or packed bytes that are no whole number of proofs.
    error BadBatch();

    /// Keccak-256 that names the verifying key, as in docs/formats.md.
    function vkDigest() external pure returns (bytes32);

    /// The circuit that the key belongs to.
    function circuitDigest() external pure returns (bytes32);

    /// The challenge c and the folded statement P of a proof whose commitment is (dX, dY). Checks
    /// no range.
    function publicInputs(uint256[6] calldata statement, uint256 dX, uint256 dY)
        external
        pure
        returns (uint256 c, uint256 p);

    /// True when the proof is valid, false when it is invalid or malformed.
    function verify(uint256[10] calldata proof, uint256[6] calldata statement)
        external
        view
        returns (bool);

    /// All proofs in one pairing, with 128-bit weights drawn by hashing all of them: true when
    /// every one is valid.
    function verifyBatch(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        view
        returns (bool);

    /// The same for proofs of one model and threshold, in the fewest bytes: model id (32),
    /// threshold (6), and for each proof number of samples (4), verdict (1), dataset id (32),
    /// context (32), proof (320).
    function verifyPacked(bytes calldata batch) external view returns (bool);

    /// The same with a result for each proof: one pairing when all are valid, else smaller ones
    /// that find those which are not.
    function verifyEach(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        view
        returns (Result[] memory results);
}
