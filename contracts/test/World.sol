// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";
import {IZkmetricVerifier} from "../src/IZkmetricVerifier.sol";
import {VerifierRouter} from "../src/VerifierRouter.sol";
import {Vm} from "./Vm.sol";
import {Proofs} from "generated/Proofs.sol";
import {ZkmetricVerifier} from "generated/ZkmetricVerifier.sol";

/// Contracts at the addresses that the proofs name, one federation of four venues, one window of two
/// rounds. Proofs are real, made by tests/contracts/proofs.py for this world.
abstract contract World {
    Vm internal constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address internal constant GUARDIAN = address(0x6A);
    address internal constant STRANGER = address(0x57);
    bytes32 internal constant FED = Proofs.FEDERATION;
    bytes32 internal constant SECRET = keccak256("secret");
    uint256 internal constant R =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 internal constant Q =
        21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 internal constant PUBLISHED = uint256(Proofs.REGISTER_BY) + 1;
    uint256 internal constant PROVE_BY = PUBLISHED + Proofs.PROVE_SECONDS;
    uint256 internal constant AUDIT_BY = PROVE_BY + Proofs.AUDIT_SECONDS;
    uint256 internal constant ANSWER_BY = AUDIT_BY + Proofs.AUDIT_SECONDS;

    IZkmetricVerifier internal verifier;
    VerifierRouter internal router;
    AgentBVerifier internal app;
    bytes32 internal agreement;

    /// Verifier, router, application; the federation with its venues; no window.
    function _deploy() internal {
        VM.chainId(31337);
        VM.warp(Proofs.START);
        VM.startPrank(Proofs.DEPLOYER);
        verifier = IZkmetricVerifier(address(new ZkmetricVerifier()));
        router = new VerifierRouter(Proofs.OPERATOR, GUARDIAN, 2 days, _candidates());
        app = new AgentBVerifier(router);
        VM.stopPrank();
        require(
            address(verifier) == Proofs.VERIFIER && address(router) == Proofs.ROUTER
                && address(app) == Proofs.APPLICATION,
            "addresses are not those of the proofs"
        );
        VM.startPrank(Proofs.OPERATOR);
        require(app.createFederation(Proofs.SALT) == FED, "federation");
        for (uint256 i = 0; i < 4; i++) app.setVenue(FED, _venue(i), true);
        VM.stopPrank();
    }

    /// A window with all four datasets, the models of both rounds published.
    function _open() internal {
        _openWindow();
        for (uint256 i = 0; i < 4; i++) _register(i);
        VM.warp(PUBLISHED);
        _publish(1, _model(1));
        _publish(2, _model(2));
    }

    function _openWindow() internal {
        VM.prank(Proofs.OPERATOR);
        app.openWindow(FED, _terms());
        (agreement,,,,,,) = app.windows(FED, 1);
    }

    function _register(uint256 venue) internal {
        VM.prank(_venue(venue));
        app.registerDataset(FED, 1, _dataset(venue), agreement);
    }

    function _publish(uint64 round, uint256 modelId) internal {
        VM.prank(Proofs.OPERATOR);
        app.publishModel(FED, round, modelId, keccak256(abi.encode(SECRET)));
    }

    function _candidates() internal view returns (VerifierRouter.Candidate[] memory candidates) {
        candidates = new VerifierRouter.Candidate[](1);
        (uint256[10] memory proof, uint256[6] memory statement) = Proofs.venue0();
        candidates[0] = VerifierRouter.Candidate(verifier, proof, statement);
    }

    function _terms() internal pure returns (AgentBVerifier.Terms memory terms) {
        terms.selector = Proofs.SELECTOR;
        terms.registerBy = Proofs.REGISTER_BY;
        terms.minSamples = Proofs.MIN_SAMPLES;
        terms.proveSeconds = Proofs.PROVE_SECONDS;
        terms.auditSeconds = Proofs.AUDIT_SECONDS;
        terms.auditRate = Proofs.AUDIT_RATE;
        terms.thresholds = new uint48[](2);
        terms.thresholds[0] = Proofs.THRESHOLD1;
        terms.thresholds[1] = Proofs.THRESHOLD2;
    }

    function _venue(uint256 i) internal pure returns (address) {
        return [Proofs.VENUE0, Proofs.VENUE1, Proofs.VENUE2, Proofs.VENUE3][i];
    }

    function _dataset(uint256 i) internal pure returns (uint256) {
        return [Proofs.DATASET0, Proofs.DATASET1, Proofs.DATASET2, Proofs.DATASET3][i];
    }

    /// A venue's true claim in round 1.
    function _claim(uint256 i) internal pure returns (AgentBVerifier.Claim memory) {
        uint32[4] memory rows = [Proofs.ROWS0, Proofs.ROWS1, Proofs.ROWS2, Proofs.ROWS3];
        return AgentBVerifier.Claim(_venue(i), rows[i], true);
    }

    function _proof(uint256 i) internal pure returns (uint256[10] memory proof) {
        if (i == 0) (proof,) = Proofs.venue0();
        if (i == 1) (proof,) = Proofs.venue1();
        if (i == 2) (proof,) = Proofs.venue2();
        if (i == 3) (proof,) = Proofs.venue3();
    }

    function _model(uint64 round) internal pure returns (uint256) {
        (, uint256[6] memory statement) = round == 1 ? Proofs.venue0() : Proofs.round2();
        return statement[0];
    }

    function _standing(uint64 round, address venue)
        internal
        view
        returns (AgentBVerifier.Standing standing)
    {
        (standing,,) = app.verdictOf(FED, round, venue);
    }
}
