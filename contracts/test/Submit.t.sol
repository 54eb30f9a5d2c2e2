// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {SelfTest} from "../src/SelfTest.sol";
import {VerifierRouter} from "../src/VerifierRouter.sol";
import {Vm} from "./Vm.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// Verdicts with their proof, alone and in batches.
contract SubmitTest is World {
    function setUp() external {
        _deploy();
        _open();
    }

    // ------------------------------------------------------------ what is recorded

    function test_submit_records_a_verdict() external {
        VM.recordLogs();
        app.submit(FED, 1, _claim(0), _proof(0));
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(logs.length == 1 && logs[0].emitter == address(app), "one event");
        require(logs[0].topics[0] == AgentBVerifier.VerdictProved.selector, "which");
        require(logs[0].topics[1] == FED && logs[0].topics[2] == bytes32(uint256(1)), "where");
        require(logs[0].topics[3] == bytes32(uint256(uint160(Proofs.VENUE0))), "who");
        require(keccak256(logs[0].data) == keccak256(abi.encode(true, Proofs.ROWS0)), "what");
        (AgentBVerifier.Standing standing, bool verdict, uint32 n) =
            app.verdictOf(FED, 1, Proofs.VENUE0);
        require(standing == AgentBVerifier.Standing.Proved && verdict && n == 5, "verdict");
    }

    function test_submit_records_a_miss() external {
        (uint256[10] memory proof,) = Proofs.round2();
        app.submit(FED, 2, AgentBVerifier.Claim(Proofs.VENUE0, 5, false), proof);
        (AgentBVerifier.Standing standing, bool verdict,) = app.verdictOf(FED, 2, Proofs.VENUE0);
        require(standing == AgentBVerifier.Standing.Proved && !verdict, "verdict");
    }

    function test_submit_may_be_relayed() external {
        VM.prank(STRANGER);
        app.submit(FED, 1, _claim(1), _proof(1));
        require(_standing(1, Proofs.VENUE1) == AgentBVerifier.Standing.Proved, "relayed");
    }

    function test_statement_is_the_one_of_the_proof() external view {
        (, uint256[6] memory proved) = Proofs.venue2();
        uint256[6] memory written = app.statementOf(FED, 1, _claim(2));
        require(keccak256(abi.encode(written)) == keccak256(abi.encode(proved)), "statement");
        require(app.contextOf(FED, 1, Proofs.VENUE2) == proved[5], "context");
    }

    function testFuzz_context_is_keccak_of_six_words(uint64 chain, address venue) external {
        VM.chainId(uint256(chain) % (2 ** 64 - 2) + 1);
        bytes memory words = abi.encodePacked(
            bytes32(block.chainid),
            bytes32(uint256(uint160(address(app)))),
            FED,
            bytes32(uint256(2)),
            bytes32(uint256(uint160(venue))),
            agreement
        );
        uint256 context = uint256(keccak256(words)) & (2 ** 253 - 1);
        require(app.contextOf(FED, 2, venue) == context, "context");
    }

    // ------------------------------------------------------------ replay

    function test_replay_is_refused() external {
        app.submit(FED, 1, _claim(0), _proof(0));
        _refused(1, _claim(0), _proof(0), AgentBVerifier.Outcome.AlreadyProved);
    }

    /// (-A, -B, C, D) proves the same statement with other bytes.
    function test_replay_of_a_rerandomised_proof_is_refused() external {
        uint256[10] memory other = _negated(_proof(0));
        require(verifier.verify(other, app.statementOf(FED, 1, _claim(0))), "it is valid");
        app.submit(FED, 1, _claim(0), _proof(0));
        _refused(1, _claim(0), other, AgentBVerifier.Outcome.AlreadyProved);
    }

    function test_second_query_is_refused() external {
        app.submit(FED, 1, _claim(0), _proof(0));
        (uint256[10] memory proof,) = Proofs.other_threshold();
        _refused(1, _claim(0), proof, AgentBVerifier.Outcome.AlreadyProved);
    }

    // ------------------------------------------------------------ proofs of something else

    function test_other_chain() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_chain();
        _invalid(proof, statement);
    }

    /// Both halves of a split chain hold the same state; a proof holds on one.
    function test_chain_that_was_split_off() external {
        VM.chainId(1);
        _refused(1, _claim(0), _proof(0), AgentBVerifier.Outcome.InvalidProof);
        (uint256[10] memory proof,) = Proofs.other_chain();
        app.submit(FED, 1, _claim(0), proof);
    }

    function test_other_contract() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_contract();
        _invalid(proof, statement);
    }

    function test_other_federation() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_federation();
        _invalid(proof, statement);
    }

    function test_other_round() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_round();
        _invalid(proof, statement);
    }

    function test_other_venue() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_venue();
        _invalid(proof, statement);
    }

    function test_other_terms() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_nonce();
        _invalid(proof, statement);
    }

    function test_other_threshold() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_threshold();
        _invalid(proof, statement);
    }

    function test_other_dataset() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_dataset();
        _invalid(proof, statement);
    }

    /// Round 2 asks about another model than the one that this proof is about, round 1's.
    function test_stale_model() external {
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.other_model();
        _invalid(2, AgentBVerifier.Claim(Proofs.VENUE0, 5, false), proof, statement);
    }

    function test_other_verdict() external {
        AgentBVerifier.Claim memory claim = _claim(0);
        claim.verdict = false;
        _refused(1, claim, _proof(0), AgentBVerifier.Outcome.InvalidProof);
    }

    function test_other_number_of_samples() external {
        AgentBVerifier.Claim memory claim = _claim(0);
        claim.numSamples = 6;
        _refused(1, claim, _proof(0), AgentBVerifier.Outcome.InvalidProof);
    }

    function test_too_few_samples() external {
        uint256[6] memory statement = app.statementOf(FED, 1, _claim(3));
        require(verifier.verify(_proof(3), statement), "the proof is valid");
        _refused(1, _claim(3), _proof(3), AgentBVerifier.Outcome.TooFewSamples);
    }

    function test_venue_without_dataset() external {
        AgentBVerifier.Claim memory claim = _claim(0);
        claim.venue = STRANGER;
        _refused(1, claim, _proof(0), AgentBVerifier.Outcome.NoDataset);
    }

    // ------------------------------------------------------------ proofs that are none

    /// A, B, C, D with one word changed in any way.
    function testFuzz_tampered_proof(uint256 index, uint256 value) external {
        uint256[10] memory proof = _proof(0);
        VM.assume(proof[index % 10] != value);
        proof[index % 10] = value;
        _refused(1, _claim(0), proof, AgentBVerifier.Outcome.InvalidProof);
    }

    /// x + q is the same coordinate; were it taken, one proof would have many encodings.
    function test_coordinates_above_the_modulus() external {
        for (uint256 i = 0; i < 10; i++) {
            uint256[10] memory proof = _proof(0);
            proof[i] += Q;
            _refused(1, _claim(0), proof, AgentBVerifier.Outcome.InvalidProof);
        }
    }

    /// The claim's fields are what the ABI makes of their words, which refuses what does not fit: n + r,
    /// n + 2^32, a verdict of 2, an address with high bits.
    function test_claims_that_do_not_fit_their_types() external {
        uint256 venue = uint256(uint160(Proofs.VENUE0));
        uint256[3][5] memory claims = [
            [venue + 2 ** 160, 5, 1],
            [venue, 5 + R, 1],
            [venue, 5 + 2 ** 32, 1],
            [venue, 5, 2],
            [venue, 5, 1]
        ];
        for (uint256 i = 0; i < claims.length; i++) {
            (bool good,) = address(app).call(
                abi.encodeWithSelector(app.submit.selector, FED, uint64(1), claims[i], _proof(0))
            );
            require(good == (i == 4), "only the honest one, which is the last");
        }
    }

    function test_points_at_infinity() external {
        uint256[10] memory none;
        _refused(1, _claim(0), none, AgentBVerifier.Outcome.InvalidProof);
        uint256[2][4] memory parts = [[uint256(0), 2], [uint256(2), 6], [uint256(6), 8], [uint256(8), 10]];
        for (uint256 k = 0; k < 4; k++) {
            uint256[10] memory proof = _proof(0);
            for (uint256 i = parts[k][0]; i < parts[k][1]; i++) proof[i] = 0;
            _refused(1, _claim(0), proof, AgentBVerifier.Outcome.InvalidProof);
        }
    }

    // ------------------------------------------------------------ rounds and deadlines

    function test_unknown_round() external {
        VM.expectRevert(AgentBVerifier.UnknownRound.selector);
        app.submit(FED, 3, _claim(0), _proof(0));
        VM.expectRevert(AgentBVerifier.UnknownRound.selector);
        app.submit(bytes32(uint256(FED) ^ 1), 1, _claim(0), _proof(0));
        VM.expectRevert(AgentBVerifier.UnknownRound.selector);
        app.contextOf(FED, 3, Proofs.VENUE0);
    }

    function test_last_second() external {
        VM.warp(PROVE_BY);
        app.submit(FED, 1, _claim(0), _proof(0));
    }

    function test_second_too_late() external {
        VM.warp(PROVE_BY + 1);
        _refused(1, _claim(0), _proof(0), AgentBVerifier.Outcome.TooLate);
    }

    function test_stopped_verifier() external {
        app.submit(FED, 1, _claim(0), _proof(0));
        VM.prank(GUARDIAN);
        router.stop(Proofs.SELECTOR);
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotActive.selector, Proofs.SELECTOR, VerifierRouter.State.Stopped
            )
        );
        app.submit(FED, 1, _claim(1), _proof(1));
        require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.Stopped, "past verdict");
        require(_standing(1, Proofs.VENUE1) == AgentBVerifier.Standing.None, "no verdict");
    }

    /// Membership is needed to register a dataset, not any more to have a verdict on it.
    function test_removed_venue_keeps_its_round() external {
        VM.prank(Proofs.OPERATOR);
        app.setVenue(FED, Proofs.VENUE0, false);
        app.submit(FED, 1, _claim(0), _proof(0));
    }

    // ------------------------------------------------------------ batches

    function test_batch_records_all() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        AgentBVerifier.Outcome[] memory outcomes = app.submitBatch(FED, 1, claims, proofs);
        for (uint256 i = 0; i < 3; i++) {
            require(outcomes[i] == AgentBVerifier.Outcome.Recorded, "outcome");
            require(_standing(1, _venue(i)) == AgentBVerifier.Standing.Proved, "standing");
        }
    }

    function test_batch_names_a_bad_proof_and_records_the_rest() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        proofs[1] = proofs[0];
        VM.recordLogs();
        _oneRefused(app.submitBatch(FED, 1, claims, proofs), 1, AgentBVerifier.Outcome.InvalidProof);
        Vm.Log[] memory logs = VM.getRecordedLogs();
        require(logs.length == 3, "an event each");
        require(logs[1].topics[0] == AgentBVerifier.BatchItemRefused.selector, "refused");
        require(
            keccak256(logs[1].data) == keccak256(abi.encode(1, AgentBVerifier.Outcome.InvalidProof)),
            "which and why"
        );
        app.submit(FED, 1, _claim(1), _proof(1)); // a refusal leaves no trace
    }

    /// Whatever stands in the bad proof's place, the good ones are recorded.
    function testFuzz_batch_survives_any_bad_proof(uint256 seed, uint256 which) external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        which %= 3;
        for (uint256 i = 0; i < 10; i++) proofs[which][i] = uint256(keccak256(abi.encode(seed, i)));
        _oneRefused(
            app.submitBatch(FED, 1, claims, proofs), which, AgentBVerifier.Outcome.InvalidProof
        );
    }

    /// The precompile itself fails then.
    function test_batch_survives_B_outside_the_subgroup() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        (proofs[2][2], proofs[2][3]) = (SelfTest.OUTSIDE_X1, SelfTest.OUTSIDE_X0);
        (proofs[2][4], proofs[2][5]) = (SelfTest.OUTSIDE_Y1, SelfTest.OUTSIDE_Y0);
        _oneRefused(app.submitBatch(FED, 1, claims, proofs), 2, AgentBVerifier.Outcome.InvalidProof);
        _refused(1, _claim(2), proofs[2], AgentBVerifier.Outcome.InvalidProof);
    }

    function test_batch_refuses_a_venue_that_occurs_twice() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        claims[2] = claims[0];
        proofs[2] = _negated(proofs[0]);
        _oneRefused(app.submitBatch(FED, 1, claims, proofs), 2, AgentBVerifier.Outcome.AlreadyProved);
    }

    /// A copy of one item, sent before, does not sink the batch.
    function test_batch_survives_a_front_runner() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        app.submit(FED, 1, claims[0], proofs[0]);
        _oneRefused(app.submitBatch(FED, 1, claims, proofs), 0, AgentBVerifier.Outcome.AlreadyProved);
    }

    function test_batch_applies_every_rule_to_every_item() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        (claims[1], proofs[1]) = (_claim(3), _proof(3));
        _oneRefused(app.submitBatch(FED, 1, claims, proofs), 1, AgentBVerifier.Outcome.TooFewSamples);
        claims[1].venue = STRANGER;
        AgentBVerifier.Outcome[] memory outcomes = app.submitBatch(FED, 1, claims, proofs);
        require(outcomes[0] == AgentBVerifier.Outcome.AlreadyProved, "0");
        require(outcomes[1] == AgentBVerifier.Outcome.NoDataset, "1");
    }

    function test_batch_too_late() external {
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        VM.warp(PROVE_BY + 1);
        AgentBVerifier.Outcome[] memory outcomes = app.submitBatch(FED, 1, claims, proofs);
        for (uint256 i = 0; i < 3; i++) {
            require(outcomes[i] == AgentBVerifier.Outcome.TooLate, "outcome");
            require(_standing(1, _venue(i)) == AgentBVerifier.Standing.None, "standing");
        }
    }

    function test_batch_of_nothing_or_unequal_lengths() external {
        (AgentBVerifier.Claim[] memory claims,) = _batch();
        VM.expectRevert(AgentBVerifier.BadBatch.selector);
        app.submitBatch(FED, 1, new AgentBVerifier.Claim[](0), new uint256[10][](0));
        VM.expectRevert(AgentBVerifier.BadBatch.selector);
        app.submitBatch(FED, 1, claims, new uint256[10][](2));
    }

    /// Too little gas reverts; it never refuses a good proof or takes a bad one.
    function testFuzz_stingy_batch(uint256 gasGiven, bool withBad) external {
        gasGiven = 50_000 + gasGiven % 1_500_000;
        (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs) = _batch();
        if (withBad) proofs[1] = proofs[0];
        try app.submitBatch{gas: gasGiven}(FED, 1, claims, proofs) returns (
            AgentBVerifier.Outcome[] memory outcomes
        ) {
            for (uint256 i = 0; i < 3; i++) {
                bool good = !withBad || i != 1;
                require((outcomes[i] == AgentBVerifier.Outcome.Recorded) == good, "outcome");
            }
        } catch {
            require(_standing(1, Proofs.VENUE0) == AgentBVerifier.Standing.None, "no trace");
        }
    }

    function testFuzz_stingy_submit(uint256 gasGiven, bool bad) external {
        gasGiven = 30_000 + gasGiven % 400_000;
        try app.submit{gas: gasGiven}(FED, 1, _claim(0), bad ? _proof(1) : _proof(0)) {
            require(!bad, "a bad proof was taken");
        } catch (bytes memory why) {
            bytes32 invalid = keccak256(
                abi.encodeWithSelector(
                    AgentBVerifier.Refused.selector, AgentBVerifier.Outcome.InvalidProof
                )
            );
            require(bad || keccak256(why) != invalid, "a good proof was called invalid");
        }
    }

    // ------------------------------------------------------------ helpers

    function _refused(
        uint64 round,
        AgentBVerifier.Claim memory claim,
        uint256[10] memory proof,
        AgentBVerifier.Outcome outcome
    ) private {
        VM.expectRevert(abi.encodeWithSelector(AgentBVerifier.Refused.selector, outcome));
        app.submit(FED, round, claim, proof);
    }

    function _invalid(uint256[10] memory proof, uint256[6] memory statement) private {
        _invalid(1, _claim(0), proof, statement);
    }

    /// A valid proof, of a statement that differs in one field from what the claim's has to be.
    function _invalid(
        uint64 round,
        AgentBVerifier.Claim memory claim,
        uint256[10] memory proof,
        uint256[6] memory statement
    ) private {
        require(verifier.verify(proof, statement), "it is valid for its statement");
        uint256[6] memory due = app.statementOf(FED, round, claim);
        uint256 differing = 0;
        for (uint256 i = 0; i < 6; i++) if (due[i] != statement[i]) differing++;
        require(differing == 1, "one field differs");
        _refused(round, claim, proof, AgentBVerifier.Outcome.InvalidProof);
    }

    function _batch()
        private
        pure
        returns (AgentBVerifier.Claim[] memory claims, uint256[10][] memory proofs)
    {
        claims = new AgentBVerifier.Claim[](3);
        proofs = new uint256[10][](3);
        for (uint256 i = 0; i < 3; i++) (claims[i], proofs[i]) = (_claim(i), _proof(i));
    }

    function _oneRefused(
        AgentBVerifier.Outcome[] memory outcomes,
        uint256 which,
        AgentBVerifier.Outcome outcome
    ) private pure {
        for (uint256 i = 0; i < outcomes.length; i++) {
            AgentBVerifier.Outcome due = i == which ? outcome : AgentBVerifier.Outcome.Recorded;
            require(outcomes[i] == due, "outcome");
        }
    }

    function _negated(uint256[10] memory proof) private pure returns (uint256[10] memory) {
        proof[1] = Q - proof[1];
        proof[4] = Q - proof[4];
        proof[5] = Q - proof[5];
        return proof;
    }
}
