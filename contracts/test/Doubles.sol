// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {IZkmetricVerifier} from "../src/IZkmetricVerifier.sol";
import {Proofs} from "generated/Proofs.sol";

// Verifiers for what no real one does.

/// A real verifier under another name.
contract RenamedVerifier {
    IZkmetricVerifier internal immutable REAL;
    bytes32 public immutable vkDigest;

    constructor(IZkmetricVerifier real, bytes32 vkDigest_) {
        REAL = real;
        vkDigest = vkDigest_;
    }

    function verify(uint256[10] calldata proof, uint256[6] calldata statement)
        external
        virtual
        returns (bool)
    {
        return REAL.verify(proof, statement);
    }

    function verifyBatch(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        virtual
        returns (bool)
    {
        return REAL.verifyBatch(proofs, statements);
    }

    function verifyEach(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        virtual
        returns (IZkmetricVerifier.Result[] memory)
    {
        return REAL.verifyEach(proofs, statements);
    }
}

/// Accepts everything.
contract CredulousVerifier is RenamedVerifier {
    constructor(IZkmetricVerifier real) RenamedVerifier(real, keccak256("credulous")) {}

    function verify(uint256[10] calldata, uint256[6] calldata)
        external
        pure
        override
        returns (bool)
    {
        return true;
    }
}

/// Passes the self-test. A proof that begins with 1 it accepts too, but first submits the same claim
/// with one that begins with 2, which it accepts at once.
contract ReentrantVerifier is RenamedVerifier {
    constructor(IZkmetricVerifier real) RenamedVerifier(real, keccak256("reentrant")) {}

    function verify(uint256[10] calldata proof, uint256[6] calldata statement)
        external
        override
        returns (bool)
    {
        if (proof[0] > 2) return REAL.verify(proof, statement);
        if (proof[0] == 1) _enter();
        return true;
    }

    function verifyEach(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        override
        returns (IZkmetricVerifier.Result[] memory results)
    {
        if (proofs[0][0] > 2) return REAL.verifyEach(proofs, statements);
        _enter();
        results = new IZkmetricVerifier.Result[](1);
        results[0] = IZkmetricVerifier.Result.Valid;
    }

    function _enter() private {
        uint256[10] memory proof;
        proof[0] = 2;
        AgentBVerifier.Claim memory claim = AgentBVerifier.Claim(Proofs.VENUE0, 5, true);
        try AgentBVerifier(msg.sender).submit(Proofs.FEDERATION, 1, claim, proof) {} catch {}
    }
}
