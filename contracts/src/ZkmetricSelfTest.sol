// SPDX-License-Identifier: UNLICENSED
pragma solidity >=0.8.28;

import {IZkmetricVerifier} from "./IZkmetricVerifier.sol";
import {SelfTest} from "./SelfTest.sol";

/// A deployment that succeeds only where the verifier does, and then says so to whoever looks.
contract ZkmetricSelfTest {
    IZkmetricVerifier public immutable verifier;
    bytes32 public immutable vkDigest;

    /// `proof` is a valid proof of `statement` under the verifier's key.
    constructor(IZkmetricVerifier tested, uint256[10] memory proof, uint256[6] memory statement) {
        SelfTest.run(tested, proof, statement);
        verifier = tested;
        vkDigest = tested.vkDigest();
    }
}
