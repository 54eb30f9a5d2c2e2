// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {World} from "./World.sol";

/// What the application takes above the verification. tests/contracts/test_tools.py compares the
/// number with that of `zkmetric gas`.
contract GasTest is World {
    uint256 private constant SUBMIT_ABOVE_VERIFY = 53_114;
    uint256 private constant VERIFY = 232_671;

    function setUp() external {
        _deploy();
        _open();
    }

    /// Within a fortieth: this counts making the call as well.
    function test_submit_above_verification() external {
        AgentBVerifier.Claim memory claim = _claim(0);
        uint256[10] memory proof = _proof(0);
        uint256 before = gasleft();
        app.submit(FED, 1, claim, proof);
        uint256 used = before - gasleft();
        uint256 expected = VERIFY + SUBMIT_ABOVE_VERIFY;
        require(used > expected && used < expected + expected / 40, "gas");
    }
}
