// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// What the application takes above the verification (tests/contracts/test_tools.py compares the number
/// with that of `zkmetric gas`), and one call of each kind, for
/// `forge test --isolate --gas-report --match-test gas_of`, where every call is a transaction.
contract GasTest is World {
    uint256 private constant SUBMIT_ABOVE_VERIFY = 53_114;
    uint256 private constant VERIFY = 232_671;

    function setUp() external {
        _deploy();
        _open();
    }

    function test_submit_above_verification() external {
        require(SUBMIT_ABOVE_VERIFY <= 60_000, "limit");
        app.submit(FED, 1, _claim(0), _proof(0));
        uint256 used = VM.lastCallGas().gasTotalUsed;
        uint256 expected = VERIFY + SUBMIT_ABOVE_VERIFY;
        require(used + 100 > expected && used < expected + 100, "gas");
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
