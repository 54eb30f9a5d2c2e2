// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;

/// Checks proofs of one circuit under one verifying key. Stateless.
///
/// A proof is ten words, A.x A.y B.x1 B.x0 B.y1 B.y0 C.x C.y D.x D.y (EIP-197's order). A statement is six words: model id,
/// dataset id, number of samples, threshold (times 2^32), verdict, context.
interface IZkmetricVerifier {
    /// A precompile's call failed, or answered with the wrong number of bytes: too little gas, or a chain without it.
    /// Says nothing about the proof.
    error PrecompileFailed(uint256 precompile);
    /// Arrays of different or no length, or more items than a batch may hold.
    error BadBatch();

    /// Keccak-256 that names the verifying key, as in docs/formats.md.
    function vkDigest() external pure returns (bytes32);

    /// The circuit that the key belongs to.
    function circuitDigest() external pure returns (bytes32);

    /// True when the proof is valid. False when a field is out of range, a point is off its curve or the pairing does not hold;
    /// reverts with PrecompileFailed when the check could not be made.
    function verify(uint256[10] calldata proof, uint256[6] calldata statement) external view returns (bool);

    /// All proofs in one pairing, with 128-bit weights drawn by hashing all of them: true when every one is valid.
    function verifyBatch(uint256[10][] calldata proofs, uint256[6][] calldata statements) external view returns (bool);
}
