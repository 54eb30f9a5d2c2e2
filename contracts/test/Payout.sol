// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {AgentBVerifier} from "../src/AgentBVerifier.sol";

/// An example of a contract that relies on verdicts: it pays each venue on whose data a model met its
/// bound, once.
contract Payout {
    AgentBVerifier public immutable app;
    bytes32 public immutable federation;
    uint64 public immutable round;
    uint256 public immutable modelId;
    uint256 public immutable reward;
    mapping(address venue => bool) public isPaid;

    error OtherModel();
    error NothingDue(AgentBVerifier.Standing standing, bool verdict);
    error AlreadyPaid();
    error TransferFailed();

    constructor(
        AgentBVerifier app_,
        bytes32 federation_,
        uint64 round_,
        uint256 modelId_,
        uint256 reward_
    ) payable {
        (app, federation, round, modelId, reward) = (app_, federation_, round_, modelId_, reward_);
    }

    /// Anyone may call; the money goes to the venue, never to who sent the proof or this call.
    function pay(address payable venue) external {
        (uint256 asked,,,,,,) = app.rounds(federation, round);
        if (asked != modelId) revert OtherModel();
        (AgentBVerifier.Standing standing, bool verdict,) = app.verdictOf(federation, round, venue);
        if (standing != AgentBVerifier.Standing.Proved || !verdict) {
            revert NothingDue(standing, verdict);
        }
        if (isPaid[venue]) revert AlreadyPaid();
        isPaid[venue] = true;
        (bool sent,) = venue.call{value: reward}("");
        if (!sent) revert TransferFailed();
    }
}
