// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// One call of each kind, for `forge test --isolate --gas-report --match-contract GasTest`, where every
/// call is a transaction of its own; and what recording a verdict may cost.
contract GasTest is World {
    function setUp() external {
        _deploy();
        _open();
    }

    /// Everything is touched first by `submit`, so that it bears what first touches cost.
    function test_submit_costs_60000_more_than_verification_at_most() external {
        uint256[6] memory statement = app.statementOf(FED, 1, _claim(0));
        AgentBVerifier.Claim memory claim = _claim(1);
        uint256[10] memory proof = _proof(1);
        uint256 start = gasleft();
        app.submit(FED, 1, claim, proof);
        uint256 submitting = start - gasleft();
        proof = _proof(0);
        start = gasleft();
        require(verifier.verify(proof, statement), "valid");
        uint256 verifying = start - gasleft();
        require(submitting > verifying && submitting - verifying <= 60_000, "overhead");
    }

    function test_gas_of_submit() external {
        app.submit(FED, 1, _claim(0), _proof(0));
    }

    function test_gas_of_submitBatch() external {
        AgentBVerifier.Claim[] memory claims = new AgentBVerifier.Claim[](3);
        uint256[10][] memory proofs = new uint256[10][](3);
        for (uint256 i = 0; i < 3; i++) (claims[i], proofs[i]) = (_claim(i), _proof(i));
        app.submitBatch(FED, 1, claims, proofs);
    }

    function test_gas_of_a_deferred_verdict() external {
        VM.prank(Proofs.VENUE0);
        app.submitDeferred(FED, 1, 5, true);
        VM.prank(Proofs.OPERATOR);
        app.challenge(FED, 1, Proofs.VENUE0);
        VM.warp(PROVE_BY + 1);
        VM.prank(Proofs.OPERATOR);
        app.closeClaims(FED, 1);
        VM.roll(block.number + 5);
        app.draw(FED, 1, SECRET);
    }
}
