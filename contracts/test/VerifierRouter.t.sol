// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {IZkmetricVerifier} from "../src/IZkmetricVerifier.sol";
import {VerifierRouter} from "../src/VerifierRouter.sol";
import {SelfTest} from "../src/SelfTest.sol";
import {
    CredulousVerifier,
    RenamedVerifier,
    ReentrantVerifier
} from "./Doubles.sol";
import {World} from "./World.sol";
import {Proofs} from "generated/Proofs.sol";
import {ZkmetricVerifier} from "generated/ZkmetricVerifier.sol";

/// Who may add and stop verifiers, and when; the self-test; a hostile verifier.
contract VerifierRouterTest is World {
    bytes4 private constant NEW = bytes4(keccak256("new"));

    function setUp() external {
        _deploy();
    }

    // ------------------------------------------------------------ adding

    function test_first_verifiers_are_active_at_once() external view {
        require(router.isActive(Proofs.SELECTOR), "active");
        require(address(router.verifierOf(Proofs.SELECTOR)) == Proofs.VERIFIER, "verifier");
    }

    function test_proposed_verifier_waits() external {
        VerifierRouter.Candidate memory candidate = _renamed();
        VM.prank(Proofs.OPERATOR);
        require(router.propose(candidate) == NEW, "selector");
        _notActive(NEW, VerifierRouter.State.Proposed);
        VM.warp(Proofs.START + 2 days - 1);
        VM.expectRevert(
            abi.encodeWithSelector(VerifierRouter.TooEarly.selector, NEW, Proofs.START + 2 days)
        );
        router.activate(NEW);
        VM.warp(Proofs.START + 2 days);
        VM.prank(STRANGER);
        router.activate(NEW);
        require(address(router.verifierOf(NEW)) == address(candidate.verifier), "active");
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotProposed.selector, NEW, VerifierRouter.State.Active
            )
        );
        router.activate(NEW);
    }

    function test_only_what_was_proposed_is_activated() external {
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotProposed.selector, NEW, VerifierRouter.State.Unknown
            )
        );
        router.activate(NEW);
    }

    function test_only_the_owner_proposes() external {
        VerifierRouter.Candidate memory candidate = _renamed();
        VM.expectRevert(VerifierRouter.NotOwner.selector);
        VM.prank(GUARDIAN);
        router.propose(candidate);
    }

    /// A selector is bound to one verifier for ever, proposed, active or stopped.
    function test_selector_is_taken_once() external {
        VerifierRouter.Candidate memory candidate = _candidates()[0];
        VM.startPrank(Proofs.OPERATOR);
        candidate.verifier = IZkmetricVerifier(address(new ZkmetricVerifier()));
        _taken(candidate, Proofs.SELECTOR, VerifierRouter.State.Active);
        router.propose(_renamed());
        _taken(_renamed(), NEW, VerifierRouter.State.Proposed);
        router.stop(NEW);
        _taken(_renamed(), NEW, VerifierRouter.State.Stopped);
        VM.stopPrank();
    }

    function test_verifier_has_code() external {
        VerifierRouter.Candidate memory candidate = _candidates()[0];
        candidate.verifier = IZkmetricVerifier(STRANGER);
        VM.expectRevert(abi.encodeWithSelector(VerifierRouter.NoCode.selector, STRANGER));
        VM.prank(Proofs.OPERATOR);
        router.propose(candidate);
    }

    /// Code that changes while it waits, or later, is not used.
    function test_code_that_changes() external {
        VerifierRouter.Candidate memory candidate = _renamed();
        VM.prank(Proofs.OPERATOR);
        router.propose(candidate);
        VM.warp(Proofs.START + 2 days);
        bytes memory code = address(candidate.verifier).code;
        VM.etch(address(candidate.verifier), hex"00");
        VM.expectRevert(abi.encodeWithSelector(VerifierRouter.CodeChanged.selector, NEW));
        router.activate(NEW);
        VM.etch(address(candidate.verifier), code);
        router.activate(NEW);
        VM.etch(address(candidate.verifier), hex"00");
        VM.expectRevert(abi.encodeWithSelector(VerifierRouter.CodeChanged.selector, NEW));
        router.verifierOf(NEW);
    }

    // ------------------------------------------------------------ the self-test

    function test_proof_that_is_none() external {
        VerifierRouter.Candidate[] memory candidates = _candidates();
        candidates[0].statement[0] ^= 1;
        VM.expectRevert(
            abi.encodeWithSelector(SelfTest.SelfTestFailed.selector, Proofs.VERIFIER, 1)
        );
        this.make(Proofs.OPERATOR, GUARDIAN, 2 days, candidates);
    }

    function test_verifier_that_accepts_everything() external {
        VerifierRouter.Candidate memory candidate = _candidates()[0];
        candidate.verifier = IZkmetricVerifier(address(new CredulousVerifier(verifier)));
        VM.expectRevert(
            abi.encodeWithSelector(SelfTest.SelfTestFailed.selector, candidate.verifier, 2)
        );
        VM.prank(Proofs.OPERATOR);
        router.propose(candidate);
    }

    // ------------------------------------------------------------ stopping

    function test_stop_is_at_once_and_for_ever() external {
        VM.prank(GUARDIAN);
        router.stop(Proofs.SELECTOR);
        _notActive(Proofs.SELECTOR, VerifierRouter.State.Stopped);
        VM.warp(Proofs.START + 3650 days);
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotProposed.selector, Proofs.SELECTOR, VerifierRouter.State.Stopped
            )
        );
        router.activate(Proofs.SELECTOR);
        VM.expectRevert(
            abi.encodeWithSelector(VerifierRouter.AlreadyStopped.selector, Proofs.SELECTOR)
        );
        VM.prank(GUARDIAN);
        router.stop(Proofs.SELECTOR);
    }

    function test_stop_of_what_waits() external {
        VerifierRouter.Candidate memory candidate = _renamed();
        VM.prank(Proofs.OPERATOR);
        router.propose(candidate);
        VM.prank(GUARDIAN);
        router.stop(NEW);
        VM.warp(Proofs.START + 2 days);
        VM.expectRevert(
            abi.encodeWithSelector(
                VerifierRouter.NotProposed.selector, NEW, VerifierRouter.State.Stopped
            )
        );
        router.activate(NEW);
    }

    function test_stop_is_the_guardians_and_the_owners() external {
        VM.expectRevert(VerifierRouter.NotGuardian.selector);
        VM.prank(STRANGER);
        router.stop(Proofs.SELECTOR);
        VM.prank(Proofs.OPERATOR);
        router.stop(Proofs.SELECTOR);
        VM.prank(GUARDIAN);
        router.stop(NEW); // not even proposed
        _notActive(NEW, VerifierRouter.State.Stopped);
    }

    // ------------------------------------------------------------ roles

    function test_owner_changes_in_two_steps() external {
        VM.expectRevert(VerifierRouter.NotOwner.selector);
        VM.prank(GUARDIAN);
        router.offerOwnership(GUARDIAN);
        VM.prank(Proofs.OPERATOR);
        router.offerOwnership(STRANGER);
        require(router.owner() == Proofs.OPERATOR, "still");
        VM.expectRevert(VerifierRouter.NotPending.selector);
        VM.prank(GUARDIAN);
        router.takeOwnership();
        VM.prank(STRANGER);
        router.takeOwnership();
        require(router.owner() == STRANGER && router.pendingOwner() == address(0), "taken");
    }

    function test_guardian_changes_by_the_guardian_alone() external {
        VM.expectRevert(VerifierRouter.NotGuardian.selector);
        VM.prank(Proofs.OPERATOR);
        router.offerGuardianship(STRANGER);
        VM.prank(GUARDIAN);
        router.offerGuardianship(STRANGER);
        VM.expectRevert(VerifierRouter.NotPending.selector);
        VM.prank(Proofs.OPERATOR);
        router.takeGuardianship();
        VM.prank(STRANGER);
        router.takeGuardianship();
        require(router.guardian() == STRANGER && router.pendingGuardian() == address(0), "taken");
    }

    function test_constructor_refuses() external {
        VerifierRouter.Candidate[] memory none = new VerifierRouter.Candidate[](0);
        VM.expectRevert(VerifierRouter.ZeroAddress.selector);
        this.make(address(0), GUARDIAN, 2 days, none);
        VM.expectRevert(VerifierRouter.ZeroAddress.selector);
        this.make(Proofs.OPERATOR, address(0), 2 days, none);
        VM.expectRevert(VerifierRouter.BadDelay.selector);
        this.make(Proofs.OPERATOR, GUARDIAN, 59, none);
        VM.expectRevert(VerifierRouter.BadDelay.selector);
        this.make(Proofs.OPERATOR, GUARDIAN, 365 days + 1, none);
        this.make(Proofs.OPERATOR, GUARDIAN, 60, none);
        this.make(Proofs.OPERATOR, GUARDIAN, 365 days, none);
    }

    /// A call, so that a revert can be expected of it however forge links contracts to tests.
    function make(
        address owner,
        address guardian,
        uint256 delay,
        VerifierRouter.Candidate[] calldata candidates
    ) external {
        new VerifierRouter(owner, guardian, delay, candidates);
    }

    // ------------------------------------------------------------ a hostile verifier

    function test_reentrant_verifier_records_once() external {
        _windowUnder(IZkmetricVerifier(address(new ReentrantVerifier(verifier))));
        uint256[10] memory proof;
        proof[0] = 1;
        VM.recordLogs();
        app.submit(FED, 1, _claim(0), proof);
        require(VM.getRecordedLogs().length == 1, "one record");
    }

    function test_reentrant_verifier_records_once_in_a_batch() external {
        _windowUnder(IZkmetricVerifier(address(new ReentrantVerifier(verifier))));
        AgentBVerifier.Claim[] memory claims = new AgentBVerifier.Claim[](1);
        uint256[10][] memory proofs = new uint256[10][](1);
        claims[0] = _claim(0);
        proofs[0][0] = 1;
        VM.recordLogs();
        app.submitBatch(FED, 1, claims, proofs);
        require(VM.getRecordedLogs().length == 1, "one record");
    }

    /// A window under another verifier, with venue 0's dataset and a model published.
    function _windowUnder(IZkmetricVerifier other) private {
        VerifierRouter.Candidate memory candidate = _candidates()[0];
        candidate.verifier = other;
        VM.prank(Proofs.OPERATOR);
        bytes4 selector = router.propose(candidate);
        VM.warp(Proofs.START + 2 days);
        router.activate(selector);
        AgentBVerifier.Terms memory terms = _terms();
        terms.selector = selector;
        terms.registerBy = uint40(block.timestamp + 1);
        VM.prank(Proofs.OPERATOR);
        app.openWindow(FED, terms);
        (agreement,,,,,,) = app.windows(FED, 1);
        _register(0);
        VM.warp(block.timestamp + 2);
        _publish(1, 7);
    }

    /// The real verifier under the selector NEW.
    function _renamed() private returns (VerifierRouter.Candidate memory candidate) {
        candidate = _candidates()[0];
        candidate.verifier =
            IZkmetricVerifier(address(new RenamedVerifier(verifier, keccak256("new"))));
    }

    function _taken(
        VerifierRouter.Candidate memory candidate,
        bytes4 selector,
        VerifierRouter.State state
    ) private {
        VM.expectRevert(
            abi.encodeWithSelector(VerifierRouter.SelectorTaken.selector, selector, state)
        );
        router.propose(candidate);
    }

    function _notActive(bytes4 selector, VerifierRouter.State state) private {
        require(!router.isActive(selector), "not active");
        VM.expectRevert(abi.encodeWithSelector(VerifierRouter.NotActive.selector, selector, state));
        router.verifierOf(selector);
    }
}
