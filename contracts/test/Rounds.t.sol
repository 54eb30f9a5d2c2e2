// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {VerifierRouter} from "../src/VerifierRouter.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";

/// Federations, windows, datasets and models: who may do what, and when.
contract RoundsTest is World {
    function setUp() external {
        _deploy();
    }

    // ------------------------------------------------------------ the contract, federations, venues

    function test_application_needs_a_router() external {
        VM.expectRevert(AgentBVerifier.NoRouter.selector);
        new AgentBVerifier(VerifierRouter(STRANGER));
    }

    function test_federation_is_its_creators() external {
        VM.prank(STRANGER);
        bytes32 other = app.createFederation(Proofs.SALT);
        require(other != FED, "a salt is the creator's own");
        VM.expectRevert(AgentBVerifier.FederationExists.selector);
        VM.prank(Proofs.OPERATOR);
        app.createFederation(Proofs.SALT);
    }

    function test_only_the_operator() external {
        _openWindow();
        VM.warp(PUBLISHED);
        VM.startPrank(STRANGER);
        VM.expectRevert(AgentBVerifier.NotOperator.selector);
        app.setVenue(FED, STRANGER, true);
        VM.expectRevert(AgentBVerifier.NotOperator.selector);
        app.openWindow(FED, _terms());
        VM.expectRevert(AgentBVerifier.NotOperator.selector);
        app.publishModel(FED, 1, 1, bytes32(uint256(1)));
        VM.expectRevert(AgentBVerifier.NotOperator.selector);
        app.offerOperator(FED, STRANGER);
        VM.expectRevert(AgentBVerifier.NotPendingOperator.selector);
        app.takeOperator(FED);
        VM.stopPrank();
    }

    function test_operator_changes_in_two_steps() external {
        VM.prank(Proofs.OPERATOR);
        app.offerOperator(FED, STRANGER);
        VM.prank(Proofs.OPERATOR);
        app.setVenue(FED, STRANGER, true); // still the operator
        VM.prank(STRANGER);
        app.takeOperator(FED);
        VM.expectRevert(AgentBVerifier.NotOperator.selector);
        VM.prank(Proofs.OPERATOR);
        app.setVenue(FED, STRANGER, true);
        VM.expectRevert(AgentBVerifier.NotPendingOperator.selector);
        VM.prank(STRANGER);
        app.takeOperator(FED); // an offer is taken once
    }

    // ------------------------------------------------------------ windows

    function test_window_holds_its_terms() external {
        VM.prank(Proofs.OPERATOR);
        (uint32 window, uint64 first) = app.openWindow(FED, _terms());
        require(window == 1 && first == 1, "numbers");
        VM.prank(Proofs.OPERATOR);
        (window, first) = app.openWindow(FED, _terms());
        require(window == 2 && first == 3, "numbers of the next");
        (, uint32 of3, uint48 threshold,,,,) = app.rounds(FED, 3);
        require(of3 == 2 && threshold == Proofs.THRESHOLD1, "round 3");
        (, uint32 of5,,,,,) = app.rounds(FED, 5);
        require(of5 == 0, "there is no round 5");
    }

    function test_terms_that_are_refused() external {
        for (uint256 i = 0; i < 10; i++) {
            AgentBVerifier.Terms memory terms = _terms();
            if (i == 0) terms.registerBy = uint40(block.timestamp);
            if (i == 1) terms.minSamples = 0;
            if (i == 2) terms.proveSeconds = 0;
            if (i == 3) terms.auditSeconds = 1 hours - 1;
            if (i == 4) terms.auditSeconds = 0;
            if (i == 5) terms.auditRate = 0;
            if (i == 6) terms.thresholds = new uint48[](0);
            if (i == 7) terms.thresholds[1] = 0;
            if (i == 8) terms.registerBy = uint40(block.timestamp + 1);
            if (i == 9) (terms.auditSeconds, terms.auditRate) = (0, 0);
            if (i < 8) VM.expectRevert(AgentBVerifier.BadTerms.selector);
            VM.prank(Proofs.OPERATOR);
            app.openWindow(FED, terms);
        }
    }

    function test_window_needs_an_active_verifier() external {
        AgentBVerifier.Terms memory terms = _terms();
        terms.selector = ~terms.selector;
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotActive.selector, terms.selector, VerifierRouter.State.Unknown
            )
        );
        VM.prank(Proofs.OPERATOR);
        app.openWindow(FED, terms);
    }

    /// Every term, and the verifier, is in what a venue agrees to.
    function test_agreement_names_all_terms() external {
        bytes32[8] memory agreements;
        for (uint256 i = 0; i < 8; i++) {
            AgentBVerifier.Terms memory terms = _terms();
            if (i == 1) terms.registerBy += 1;
            if (i == 2) terms.minSamples += 1;
            if (i == 3) terms.proveSeconds += 1;
            if (i == 4) terms.auditSeconds += 1;
            if (i == 5) terms.auditRate += 1;
            if (i == 6) terms.thresholds[0] += 1;
            if (i == 7) terms.thresholds[1] += 1;
            VM.prank(Proofs.OPERATOR);
            (uint32 window,) = app.openWindow(FED, terms);
            (agreements[i],,,,,,) = app.windows(FED, window);
            require(
                agreements[i] == keccak256(abi.encode(terms, Proofs.VERIFIER)), "agreement"
            );
            for (uint256 j = 0; j < i; j++) require(agreements[i] != agreements[j], "distinct");
        }
    }

    // ------------------------------------------------------------ datasets

    function test_dataset_until_the_last_second() external {
        _openWindow();
        VM.warp(Proofs.REGISTER_BY);
        _register(0);
        require(app.datasets(FED, 1, Proofs.VENUE0) == Proofs.DATASET0, "registered");
    }

    function test_dataset_too_late() external {
        _openWindow();
        VM.warp(uint256(Proofs.REGISTER_BY) + 1);
        VM.expectRevert(AgentBVerifier.RegistrationClosed.selector);
        _register(0);
    }

    function test_dataset_once_per_window() external {
        _openWindow();
        _register(0);
        VM.expectRevert(AgentBVerifier.AlreadyRegistered.selector);
        _register(0);
        VM.expectRevert(AgentBVerifier.AlreadyRegistered.selector);
        VM.prank(Proofs.VENUE0);
        app.registerDataset(FED, 1, Proofs.DATASET1, agreement);
    }

    function test_dataset_of_a_stranger_or_a_removed_venue() external {
        _openWindow();
        VM.expectRevert(AgentBVerifier.NotVenue.selector);
        VM.prank(STRANGER);
        app.registerDataset(FED, 1, Proofs.DATASET0, agreement);
        VM.prank(Proofs.OPERATOR);
        app.setVenue(FED, Proofs.VENUE0, false);
        VM.expectRevert(AgentBVerifier.NotVenue.selector);
        _register(0);
    }

    function test_dataset_under_other_terms() external {
        _openWindow();
        VM.expectRevert(AgentBVerifier.OtherAgreement.selector);
        VM.prank(Proofs.VENUE0);
        app.registerDataset(FED, 1, Proofs.DATASET0, bytes32(uint256(agreement) ^ 1));
    }

    function test_dataset_in_a_window_that_is_none() external {
        VM.expectRevert(AgentBVerifier.UnknownWindow.selector);
        VM.prank(Proofs.VENUE0);
        app.registerDataset(FED, 1, Proofs.DATASET0, 0);
    }

    function testFuzz_dataset_is_a_field_element(uint256 id) external {
        _openWindow();
        if (id == 0 || id >= R) VM.expectRevert(AgentBVerifier.NotFieldElement.selector);
        VM.prank(Proofs.VENUE0);
        app.registerDataset(FED, 1, id, agreement);
    }

    function test_dataset_at_the_edges_of_the_field() external {
        _openWindow();
        uint256[4] memory bad = [uint256(0), R, Proofs.DATASET0 + R, type(uint256).max];
        for (uint256 i = 0; i < 4; i++) {
            VM.expectRevert(AgentBVerifier.NotFieldElement.selector);
            VM.prank(Proofs.VENUE0);
            app.registerDataset(FED, 1, bad[i], agreement);
        }
        VM.prank(Proofs.VENUE0);
        app.registerDataset(FED, 1, R - 1, agreement);
    }

    // ------------------------------------------------------------ models

    function test_model_after_the_last_dataset() external {
        _openWindow();
        VM.warp(Proofs.REGISTER_BY);
        VM.expectRevert(AgentBVerifier.RegistrationOpen.selector);
        _publish(1, 7);
        VM.warp(uint256(Proofs.REGISTER_BY) + 1);
        _publish(1, 7);
        (uint256 modelId,,, uint40 proveBy,,,) = app.rounds(FED, 1);
        require(modelId == 7 && proveBy == PROVE_BY, "published");
    }

    function test_model_once_per_round() external {
        _openWindow();
        VM.warp(PUBLISHED);
        _publish(1, 7);
        VM.expectRevert(AgentBVerifier.AlreadyPublished.selector);
        _publish(1, 8);
    }

    /// The same question at another threshold is the plainest probing.
    function test_model_once_per_window() external {
        _openWindow();
        _openWindow();
        VM.warp(PUBLISHED);
        _publish(1, 7);
        VM.expectRevert(AgentBVerifier.ModelAlreadyAsked.selector);
        _publish(2, 7);
        _publish(2, 8);
        _publish(3, 7); // in another window, on data registered anew
    }

    function test_model_of_a_round_that_is_none() external {
        _openWindow();
        VM.warp(PUBLISHED);
        VM.expectRevert(AgentBVerifier.UnknownRound.selector);
        _publish(3, 7);
        VM.expectRevert(AgentBVerifier.UnknownRound.selector);
        _publish(0, 7);
    }

    function test_model_is_a_field_element() external {
        _openWindow();
        VM.warp(PUBLISHED);
        uint256[3] memory bad = [uint256(0), R, R + 7];
        for (uint256 i = 0; i < 3; i++) {
            VM.expectRevert(AgentBVerifier.NotFieldElement.selector);
            _publish(1, bad[i]);
        }
    }

    function test_model_has_a_seed_commitment_where_verdicts_can_be_deferred() external {
        _openWindow();
        AgentBVerifier.Terms memory terms = _terms();
        (terms.auditSeconds, terms.auditRate) = (0, 0);
        VM.prank(Proofs.OPERATOR);
        app.openWindow(FED, terms);
        VM.warp(PUBLISHED);
        VM.startPrank(Proofs.OPERATOR);
        VM.expectRevert(AgentBVerifier.BadSeedCommitment.selector);
        app.publishModel(FED, 1, 7, 0);
        VM.expectRevert(AgentBVerifier.BadSeedCommitment.selector);
        app.publishModel(FED, 3, 7, bytes32(uint256(1)));
        app.publishModel(FED, 3, 7, 0);
        VM.stopPrank();
    }

    function test_proof_before_publication() external {
        _openWindow();
        _register(0);
        VM.expectRevert(AgentBVerifier.NotPublished.selector);
        app.submit(FED, 1, _claim(0), _proof(0));
    }
}
