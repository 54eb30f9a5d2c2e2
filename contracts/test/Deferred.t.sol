// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// Verdicts claimed first and proved, or passed over, later.
contract DeferredTest is World {
    uint256 private constant CLOSED_AT = 1000; // the block in which claims are closed
    uint256 private constant SEED_BLOCK = CLOSED_AT + 4;

    function setUp() external {
        _deploy();
        _open();
    }

    // ------------------------------------------------------------ claiming

    function test_claim_is_the_venues() external {
        _claimAs(0);
        (AgentBVerifier.Standing standing, bool verdict, uint32 n) =
            app.verdictOf(FED, 1, Proofs.VENUE0);
        require(standing == AgentBVerifier.Standing.Claimed && verdict && n == 5, "claimed");
        require(_standing(1, STRANGER) == AgentBVerifier.Standing.None, "nobody else");
    }

    function test_claim_of_who_has_no_dataset() external {
        _claimRefused(STRANGER, 5, AgentBVerifier.Outcome.NoDataset);
    }

    function test_claim_with_too_few_samples() external {
        _claimRefused(Proofs.VENUE3, 3, AgentBVerifier.Outcome.TooFewSamples);
    }

    function test_claim_until_the_last_second() external {
        VM.warp(PROVE_BY);
        _claimAs(0);
        VM.warp(PROVE_BY + 1);
        _claimRefused(Proofs.VENUE1, 5, AgentBVerifier.Outcome.TooLate);
    }

    function test_claim_once() external {
        _claimAs(0);
        VM.expectRevert(AgentBVerifier.AlreadyRecorded.selector);
        _claimAs(0);
        app.submit(FED, 1, _claim(1), _proof(1));
        VM.expectRevert(AgentBVerifier.AlreadyRecorded.selector);
        _claimAs(1);
    }

    function test_claim_where_none_are_taken() external {
        AgentBVerifier.Terms memory terms = _terms();
        terms.registerBy = uint40(block.timestamp + 1);
        (terms.auditSeconds, terms.auditRate) = (0, 0);
        VM.startPrank(Proofs.OPERATOR);
        app.openWindow(FED, terms);
        VM.warp(block.timestamp + 2);
        app.publishModel(FED, 3, 7, 0);
        VM.stopPrank();
        VM.expectRevert(AgentBVerifier.NotDeferrable.selector);
        VM.prank(Proofs.VENUE0);
        app.submitDeferred(FED, 3, 5, true);
    }

    function test_claim_binds() external {
        VM.prank(Proofs.VENUE0);
        app.submitDeferred(FED, 1, 5, false);
        _proofRefused(_claim(0), 0, AgentBVerifier.Outcome.NotAsClaimed);
        VM.prank(Proofs.VENUE2);
        app.submitDeferred(FED, 1, 5, true);
        _proofRefused(_claim(2), 2, AgentBVerifier.Outcome.NotAsClaimed);
        AgentBVerifier.Claim memory lie = AgentBVerifier.Claim(Proofs.VENUE0, 5, false);
        _proofRefused(lie, 0, AgentBVerifier.Outcome.InvalidProof);
    }

    // ------------------------------------------------------------ closing and drawing

    function test_close_after_the_last_claim() external {
        VM.warp(PROVE_BY);
        VM.expectRevert(AgentBVerifier.ClaimsOpen.selector);
        _close();
        VM.warp(PROVE_BY + 1);
        _close();
        VM.expectRevert(AgentBVerifier.ClaimsAlreadyClosed.selector);
        _close();
    }

    function test_close_until_the_audit_is_over() external {
        VM.warp(AUDIT_BY + 1);
        VM.expectRevert(AgentBVerifier.AuditOver.selector);
        _close();
        VM.warp(AUDIT_BY);
        _close();
    }

    function test_close_is_for_members() external {
        VM.warp(PROVE_BY + 1);
        VM.expectRevert(AgentBVerifier.NotMember.selector);
        VM.prank(STRANGER);
        app.closeClaims(FED, 1);
        VM.prank(Proofs.OPERATOR);
        app.closeClaims(FED, 1);
    }

    function test_draw_in_the_256_blocks_after_the_seed_block() external {
        VM.expectRevert(AgentBVerifier.SeedBlockNotReached.selector);
        app.draw(FED, 1, SECRET); // claims are not closed
        VM.warp(PROVE_BY + 1);
        VM.roll(CLOSED_AT);
        _close();
        VM.roll(SEED_BLOCK);
        VM.expectRevert(AgentBVerifier.SeedBlockNotReached.selector);
        app.draw(FED, 1, SECRET);
        VM.roll(SEED_BLOCK + 257);
        VM.expectRevert(AgentBVerifier.SeedBlockTooOld.selector);
        app.draw(FED, 1, SECRET);
        VM.roll(SEED_BLOCK + 256);
        require(blockhash(SEED_BLOCK) != 0, "the EVM still knows it");
        app.draw(FED, 1, SECRET);
    }

    function test_draw_at_the_first_block() external {
        _toSeedBlock(keccak256("hash"));
        app.draw(FED, 1, SECRET);
        (,,,,,, bytes32 seed) = app.rounds(FED, 1);
        require(seed == keccak256(abi.encode(SECRET, keccak256("hash"))), "seed");
        VM.expectRevert(AgentBVerifier.AlreadyDrawn.selector);
        app.draw(FED, 1, SECRET);
    }

    function test_draw_with_another_secret() external {
        _toSeedBlock(keccak256("hash"));
        VM.expectRevert(AgentBVerifier.WrongSecret.selector);
        app.draw(FED, 1, keccak256("another"));
    }

    function test_draw_until_the_audit_is_over() external {
        _toSeedBlock(keccak256("hash"));
        VM.warp(AUDIT_BY + 1);
        VM.expectRevert(AgentBVerifier.AuditOver.selector);
        app.draw(FED, 1, SECRET);
        VM.warp(AUDIT_BY);
        app.draw(FED, 1, SECRET);
    }

    // ------------------------------------------------------------ what claims become

    function test_unpicked_claim_is_sampled() external {
        _claimAs(0);
        _toSeedBlock(_hashThat(false));
        app.draw(FED, 1, SECRET);
        VM.warp(ANSWER_BY);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Claimed, "not yet");
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Sampled, "final");
    }

    function test_picked_claim_lapses() external {
        _claimAs(0);
        _toSeedBlock(_hashThat(true));
        app.draw(FED, 1, SECRET);
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Lapsed, "final");
        _proofRefused(_claim(0), 0, AgentBVerifier.Outcome.TooLate);
    }

    function test_picked_claim_is_proved_at_the_last_second() external {
        _claimAs(0);
        _toSeedBlock(_hashThat(true));
        app.draw(FED, 1, SECRET);
        VM.warp(ANSWER_BY);
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Proved, "final");
    }

    function test_picked_claims_are_proved_in_a_batch() external {
        AgentBVerifier.Claim[] memory claims = new AgentBVerifier.Claim[](3);
        uint256[10][] memory proofs = new uint256[10][](3);
        for (uint256 i = 0; i < 3; i++) {
            if (i != 1) _claimAs(i);
            (claims[i], proofs[i]) = (_claim(i), _proof(i));
        }
        VM.warp(PROVE_BY + 1);
        AgentBVerifier.Outcome[] memory outcomes = app.submitBatch(FED, 1, claims, proofs);
        require(outcomes[0] == AgentBVerifier.Outcome.Recorded, "0");
        require(outcomes[1] == AgentBVerifier.Outcome.TooLate, "1 was not claimed in time");
        require(outcomes[2] == AgentBVerifier.Outcome.Recorded, "2");
    }

    /// Nobody drew: all must be proved.
    function test_lapsed_randomness() external {
        _claimAs(0);
        _claimAs(1);
        _toSeedBlock(_hashThat(false));
        VM.roll(SEED_BLOCK + 257);
        VM.expectRevert(AgentBVerifier.SeedBlockTooOld.selector);
        app.draw(FED, 1, SECRET);
        VM.expectRevert(AgentBVerifier.ClaimsAlreadyClosed.selector);
        _close(); // no second throw
        app.submit(FED, 1, _claim(1), _proof(1));
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Lapsed, "0");
        require(_standing(1, Proofs.VENUE1) == AgentBVerifier.Standing.Proved, "1");
    }

    function test_claims_never_closed() external {
        _claimAs(0);
        VM.warp(ANSWER_BY + 1);
        for (uint160 i = 0; i < 20; i++) {
            require(app.mustProve(FED, 1, address(i)), "all, and not those whom a seed of 0 picks");
        }
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Lapsed, "lapsed");
    }

    function test_stopped_verifier_voids_claims() external {
        _claimAs(0);
        _toSeedBlock(_hashThat(false));
        app.draw(FED, 1, SECRET);
        VM.prank(GUARDIAN);
        router.stop(Proofs.SELECTOR);
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Stopped, "stopped");
    }

    /// Of many venues about auditRate / 65,536 are picked: a half here, within five deviations.
    function testFuzz_share_that_is_picked(bytes32 hash) external {
        VM.assume(hash != 0);
        _toSeedBlock(hash);
        app.draw(FED, 1, SECRET);
        uint256 picked = 0;
        for (uint160 i = 0; i < 400; i++) if (app.mustProve(FED, 1, address(i))) picked++;
        require(picked > 150 && picked < 250, "share");
    }

    // ------------------------------------------------------------ challenges

    function test_challenged_claim_must_be_proved() external {
        _claimAs(0);
        _claimAs(1);
        _toSeedBlock(_hashThat(false));
        app.draw(FED, 1, SECRET);
        VM.prank(Proofs.OPERATOR);
        app.challenge(FED, 1, Proofs.VENUE0);
        VM.prank(Proofs.VENUE3);
        app.challenge(FED, 1, Proofs.VENUE1);
        app.submit(FED, 1, _claim(1), _proof(1));
        VM.warp(ANSWER_BY + 1);
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Lapsed, "0");
        require(_standing(1, Proofs.VENUE1) == AgentBVerifier.Standing.Proved, "1");
    }

    function test_challenge_until_the_audit_is_over() external {
        _claimAs(0);
        VM.warp(AUDIT_BY + 1);
        VM.expectRevert(AgentBVerifier.AuditOver.selector);
        VM.prank(Proofs.OPERATOR);
        app.challenge(FED, 1, Proofs.VENUE0);
        VM.warp(AUDIT_BY);
        VM.prank(Proofs.OPERATOR);
        app.challenge(FED, 1, Proofs.VENUE0);
    }

    function test_challenge_is_for_members() external {
        _claimAs(0);
        VM.expectRevert(AgentBVerifier.NotMember.selector);
        VM.prank(STRANGER);
        app.challenge(FED, 1, Proofs.VENUE0);
    }

    function test_challenge_of_what_is_no_open_claim() external {
        VM.startPrank(Proofs.OPERATOR);
        VM.expectRevert(AgentBVerifier.NotClaimed.selector);
        app.challenge(FED, 1, Proofs.VENUE0);
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.expectRevert(AgentBVerifier.NotClaimed.selector);
        app.challenge(FED, 1, Proofs.VENUE0);
        VM.stopPrank();
    }

    // ------------------------------------------------------------ helpers

    function _claimAs(uint256 venue) private {
        AgentBVerifier.Claim memory claim = _claim(venue);
        VM.prank(claim.venue);
        app.submitDeferred(FED, 1, claim.numSamples, claim.verdict);
    }

    function _claimRefused(address venue, uint32 n, AgentBVerifier.Outcome outcome) private {
        VM.expectRevert(abi.encodeWithSelector(AgentBVerifier.Refused.selector, outcome));
        VM.prank(venue);
        app.submitDeferred(FED, 1, n, true);
    }

    function _proofRefused(
        AgentBVerifier.Claim memory claim,
        uint256 proof,
        AgentBVerifier.Outcome outcome
    ) private {
        VM.expectRevert(abi.encodeWithSelector(AgentBVerifier.Refused.selector, outcome));
        app.submit(FED, 1, claim, _proof(proof));
    }

    function _close() private {
        VM.prank(Proofs.VENUE3);
        app.closeClaims(FED, 1);
    }

    /// Closes claims and goes to the first block in which the draw can be made, the seed block having
    /// this hash.
    function _toSeedBlock(bytes32 hash) private {
        VM.warp(PROVE_BY + 1);
        VM.roll(CLOSED_AT);
        _close();
        VM.roll(SEED_BLOCK + 1);
        VM.setBlockhash(SEED_BLOCK, hash);
    }

    /// A hash of the seed block with which venue 0, and venue 1, is picked or is not.
    function _hashThat(bool picks) private pure returns (bytes32 hash) {
        for (uint256 i = 1;; i++) {
            hash = bytes32(i);
            bytes32 seed = keccak256(abi.encode(SECRET, hash));
            if (
                _picked(seed, Proofs.VENUE0) == picks && _picked(seed, Proofs.VENUE1) == picks
            ) return hash;
        }
    }

    function _picked(bytes32 seed, address venue) private pure returns (bool) {
        return uint256(keccak256(abi.encode(seed, venue))) >> 240 < Proofs.AUDIT_RATE;
    }
}
