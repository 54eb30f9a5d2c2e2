// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {IZkmetricVerifier} from "../src/IZkmetricVerifier.sol";
import {Proofs} from "generated/Proofs.sol";

/// Knows one good proof, and answers the router's self-test as it should or wrongly at one step: for what
/// no real verifier does.
contract FakeVerifier {
    bytes32 public immutable vkDigest;
    /// 0: passes the self-test; k: gives the wrong answer at step k.
    uint256 public immutable wrongAt;
    bytes32 private immutable _goodProof;
    bytes32 private immutable _goodStatement;

    constructor(
        bytes32 vkDigest_,
        uint256 wrongAt_,
        uint256[10] memory proof,
        uint256[6] memory statement
    ) {
        vkDigest = vkDigest_;
        wrongAt = wrongAt_;
        _goodProof = keccak256(abi.encode(proof));
        _goodStatement = keccak256(abi.encode(statement));
    }

    function verify(uint256[10] calldata proof, uint256[6] calldata statement)
        public
        virtual
        returns (bool)
    {
        uint256 step = _step(proof, statement);
        return (step == 1) != (step == wrongAt);
    }

    function verifyBatch(uint256[10][] calldata proofs, uint256[6][] calldata statements)
        external
        view
        returns (bool)
    {
        uint256 step = _step(proofs[1], statements[1]) + 1;
        return (step == 2) != (step == wrongAt);
    }

    function _step(uint256[10] calldata proof, uint256[6] calldata statement)
        private
        view
        returns (uint256)
    {
        if (keccak256(abi.encode(statement)) != _goodStatement) return 3;
        return keccak256(abi.encode(proof)) == _goodProof ? 1 : 5;
    }
}

/// Passes the self-test. A proof that begins with 1 it accepts too, but first submits the same claim with
/// one that begins with 2, which it accepts at once.
contract ReentrantVerifier is FakeVerifier {
    constructor(uint256[10] memory proof, uint256[6] memory statement)
        FakeVerifier(keccak256("reentrant"), 0, proof, statement)
    {}

    function verify(uint256[10] calldata proof, uint256[6] calldata statement)
        public
        override
        returns (bool)
    {
        if (proof[0] > 2) return super.verify(proof, statement);
        if (proof[0] == 1) _enter(AgentBVerifier(msg.sender));
        return true;
    }

    function verifyEach(uint256[10][] calldata proofs, uint256[6][] calldata)
        external
        returns (IZkmetricVerifier.Result[] memory results)
    {
        if (proofs[0][0] == 1) _enter(AgentBVerifier(msg.sender));
        results = new IZkmetricVerifier.Result[](proofs.length);
        for (uint256 i = 0; i < results.length; i++) results[i] = IZkmetricVerifier.Result.Valid;
    }

    function _enter(AgentBVerifier app) private {
        uint256[10] memory proof;
        proof[0] = 2;
        AgentBVerifier.Claim memory claim = AgentBVerifier.Claim(Proofs.VENUE0, 5, true);
        // What it does not succeed in, it lets pass.
        (bool entered,) = address(app).call(
            abi.encodeCall(AgentBVerifier.submit, (Proofs.FEDERATION, 1, claim, proof))
        );
        entered;
    }
}
