// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IZkmetricVerifier} from "./IZkmetricVerifier.sol";
import {SelfTest} from "./SelfTest.sol";

/// Finds the verifier of a verifying key by its selector, the first four bytes of the key's digest.
///
/// A selector's verifier never changes. The owner proposes verifiers, and anyone may activate one when
/// `delay` has passed. Guardian and owner may stop a selector in any state, at once and for ever. So a
/// stolen owner's key can add nothing that the guardian has no time to stop, and a stolen guardian's
/// key can only stop.
contract VerifierRouter {
    enum State {
        Unknown,
        Proposed,
        Active,
        Stopped
    }

    struct Route {
        IZkmetricVerifier verifier;
        uint40 activeFrom;
        State state;
        bytes32 codeHash; // the code that was proposed; checked at every use
    }

    /// A verifier with a proof that it must accept, made with its key for any statement.
    struct Candidate {
        IZkmetricVerifier verifier;
        uint256[10] proof;
        uint256[6] statement;
    }

    error NotOwner();
    error NotGuardian();
    error NotPending();
    error ZeroAddress();
    error BadDelay();
    error NoCode(address verifier);
    error SelectorTaken(bytes4 selector, State state);
    error NotProposed(bytes4 selector, State state);
    error TooEarly(bytes4 selector, uint256 activeFrom);
    error NotActive(bytes4 selector, State state);
    error CodeChanged(bytes4 selector);
    error AlreadyStopped(bytes4 selector);

    event Proposed(bytes4 indexed selector, address verifier, bytes32 vkDigest, uint256 activeFrom);
    event Activated(bytes4 indexed selector, address verifier);
    event Stopped(bytes4 indexed selector, address by);
    event OwnershipOffered(address indexed from, address indexed to);
    event OwnershipTaken(address indexed owner);
    event GuardianshipOffered(address indexed from, address indexed to);
    event GuardianshipTaken(address indexed guardian);

    /// Seconds between proposal and activation, from a minute (for trials) to a year.
    uint256 public immutable delay;

    address public owner;
    address public pendingOwner;
    address public guardian;
    address public pendingGuardian;

    mapping(bytes4 selector => Route) public routes;

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner();
        _;
    }

    modifier onlyGuardian() {
        if (msg.sender != guardian) revert NotGuardian();
        _;
    }

    /// The verifiers given here are active at once: whoever relies on a router looks at how it was
    /// made.
    constructor(
        address owner_,
        address guardian_,
        uint256 delay_,
        Candidate[] memory candidates
    ) {
        if (owner_ == address(0) || guardian_ == address(0)) revert ZeroAddress();
        if (delay_ < 1 minutes || delay_ > 365 days) revert BadDelay();
        delay = delay_;
        owner = owner_;
        guardian = guardian_;
        emit OwnershipTaken(owner_);
        emit GuardianshipTaken(guardian_);
        for (uint256 i = 0; i < candidates.length; i++) {
            _activate(_propose(candidates[i], block.timestamp));
        }
    }

    /// Proposes a verifier under its key's selector, which must be new. It is tested here, on this
    /// chain's precompiles.
    function propose(Candidate calldata candidate) external onlyOwner returns (bytes4) {
        return _propose(candidate, block.timestamp + delay);
    }

    /// Activates a proposed verifier; anyone may, once the delay has passed.
    function activate(bytes4 selector) external {
        Route storage route = routes[selector];
        if (route.state != State.Proposed) revert NotProposed(selector, route.state);
        if (block.timestamp < route.activeFrom) revert TooEarly(selector, route.activeFrom);
        _activate(selector);
    }

    /// Stops a selector for ever, whatever its state, known or not.
    function stop(bytes4 selector) external {
        if (msg.sender != guardian && msg.sender != owner) revert NotGuardian();
        Route storage route = routes[selector];
        if (route.state == State.Stopped) revert AlreadyStopped(selector);
        route.state = State.Stopped;
        emit Stopped(selector, msg.sender);
    }

    /// The active verifier of a selector.
    function verifierOf(bytes4 selector) external view returns (IZkmetricVerifier) {
        Route storage route = routes[selector];
        if (route.state != State.Active) revert NotActive(selector, route.state);
        IZkmetricVerifier verifier = route.verifier;
        if (address(verifier).codehash != route.codeHash) revert CodeChanged(selector);
        return verifier;
    }

    function isActive(bytes4 selector) external view returns (bool) {
        return routes[selector].state == State.Active;
    }

    /// Offers the ownership; zero withdraws an offer.
    function offerOwnership(address to) external onlyOwner {
        pendingOwner = to;
        emit OwnershipOffered(msg.sender, to);
    }

    function takeOwnership() external {
        if (msg.sender != pendingOwner) revert NotPending();
        owner = msg.sender;
        pendingOwner = address(0);
        emit OwnershipTaken(msg.sender);
    }

    /// Offers the guardianship; only the guardian can, so that no owner gets rid of one.
    function offerGuardianship(address to) external onlyGuardian {
        pendingGuardian = to;
        emit GuardianshipOffered(msg.sender, to);
    }

    function takeGuardianship() external {
        if (msg.sender != pendingGuardian) revert NotPending();
        guardian = msg.sender;
        pendingGuardian = address(0);
        emit GuardianshipTaken(msg.sender);
    }

    function _propose(Candidate memory candidate, uint256 activeFrom)
        private
        returns (bytes4 selector)
    {
        IZkmetricVerifier verifier = candidate.verifier;
        if (address(verifier).code.length == 0) revert NoCode(address(verifier));
        bytes32 vkDigest = verifier.vkDigest();
        // forge-lint: disable-next-line(unsafe-typecast): the first four bytes are meant
        selector = bytes4(vkDigest);
        Route storage route = routes[selector];
        if (route.state != State.Unknown) revert SelectorTaken(selector, route.state);
        SelfTest.run(verifier, candidate.proof, candidate.statement);
        route.verifier = verifier;
        // forge-lint: disable-next-line(unsafe-typecast): seconds fit 40 bits for 34,000 years
        route.activeFrom = uint40(activeFrom);
        route.state = State.Proposed;
        route.codeHash = address(verifier).codehash;
        emit Proposed(selector, address(verifier), vkDigest, activeFrom);
    }

    function _activate(bytes4 selector) private {
        Route storage route = routes[selector];
        if (address(route.verifier).codehash != route.codeHash) revert CodeChanged(selector);
        route.state = State.Active;
        emit Activated(selector, address(route.verifier));
    }
}
