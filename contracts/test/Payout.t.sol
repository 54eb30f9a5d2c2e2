// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {Payout} from "./Payout.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// The example of docs/on-chain.md does what is said there.
contract PayoutTest is World {
    Payout private _payout;

    function setUp() external {
        _deploy();
        _open();
        _payout = new Payout{value: 2 ether}(app, FED, 1, _model(1), 1 ether);
    }

    function test_pays_a_proved_verdict_once() external {
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.prank(STRANGER);
        _payout.pay(payable(Proofs.VENUE0));
        require(Proofs.VENUE0.balance == 1 ether && STRANGER.balance == 0, "to the venue");
        VM.expectRevert(Payout.AlreadyPaid.selector);
        _payout.pay(payable(Proofs.VENUE0));
    }

    function test_pays_nothing_before() external {
        _nothing(AgentBVerifier.Standing.None, false);
    }

    function test_pays_nothing_for_a_claim() external {
        VM.prank(Proofs.VENUE0);
        app.submitDeferred(FED, 1, 5, true);
        _nothing(AgentBVerifier.Standing.Claimed, true);
    }

    function test_pays_nothing_for_a_miss() external {
        _payout = new Payout{value: 1 ether}(app, FED, 2, _model(2), 1 ether);
        (uint256[10] memory proof,) = Proofs.round2();
        app.submit(FED, 2, AgentBVerifier.Claim(Proofs.VENUE0, 5, false), proof);
        _nothing(AgentBVerifier.Standing.Proved, false);
    }

    function test_pays_nothing_once_the_key_is_stopped() external {
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.prank(GUARDIAN);
        router.stop(Proofs.SELECTOR);
        _nothing(AgentBVerifier.Standing.Stopped, true);
    }

    function test_pays_nothing_for_another_model() external {
        _payout = new Payout{value: 1 ether}(app, FED, 1, _model(2), 1 ether);
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.expectRevert(Payout.OtherModel.selector);
        _payout.pay(payable(Proofs.VENUE0));
    }

    function _nothing(AgentBVerifier.Standing standing, bool verdict) private {
        VM.expectRevert(abi.encodeWithSelector(Payout.NothingDue.selector, standing, verdict));
        _payout.pay(payable(Proofs.VENUE0));
    }
}
