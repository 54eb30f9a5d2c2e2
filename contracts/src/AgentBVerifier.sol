// SPDX-License-Identifier: UNLICENSED
pragma solidity ^0.8.28;

import {IZkmetricVerifier} from "./IZkmetricVerifier.sol";
import {VerifierRouter} from "./VerifierRouter.sol";

/// Records, for federations of venues, whether models meet agreed bounds on data that stays private.
///
/// An operator opens a *window* with all its terms: one threshold for each of its *rounds*, a least
/// number of samples, deadlines, the verifying key. Venues that agree register one dataset each, until
/// `registerBy`. Only then can the models of its rounds be published. A venue's proof for a round
/// yields one verdict, once: RMSE below the round's threshold, or not. The contract writes the
/// statement that a proof has to be about; a caller adds the number of samples and the verdict, nothing
/// else. A refused proof leaves no trace in the state.
///
/// Verdicts can be *deferred*: the venue claims one without a proof, and after the claims are closed
/// a draw picks those that must be proved in time. The operator and other venues can challenge any
/// claim. What must be proved and is not does not count.
///
/// docs/on-chain.md says what each actor can and cannot do. There is no proxy, no owner, and no money
/// in this contract.
contract AgentBVerifier {
    struct Federation {
        address operator;
        uint32 windows; // numbered from 1
        uint64 rounds; // numbered from 1, through all windows
        address pendingOperator;
    }

    /// What a venue agrees to by registering a dataset.
    struct Terms {
        bytes4 selector; // the verifying key's, in the router
        uint40 registerBy; // last second for datasets; models are published after it
        uint32 minSamples;
        uint32 proveSeconds; // from a model's publication to the last second for its verdicts
        uint32 auditSeconds; // half the time for proving deferred verdicts; 0: none are taken
        uint16 auditRate; // a deferred verdict must be proved with this probability, times 65,536
        uint48[] thresholds; // bounds on the RMSE times 2^32, one for each round
    }

    struct Window {
        bytes32 agreement; // names terms and verifier; the nonce of contexts
        bytes4 selector;
        uint40 registerBy;
        uint32 minSamples;
        uint32 proveSeconds;
        uint32 auditSeconds;
        uint16 auditRate;
    }

    struct Round {
        uint256 modelId; // 0 until published
        uint32 window;
        uint48 threshold;
        uint40 proveBy;
        uint64 seedBlock; // its hash enters the draw; 0 until claims are closed
        bytes32 seedCommitment;
        bytes32 seed; // 0 until drawn
    }

    /// A verdict, proved or claimed.
    struct Claim {
        address venue;
        uint32 numSamples;
        bool verdict; // true: RMSE below the threshold; false: not below
    }

    enum Stage {
        None,
        Claimed,
        Challenged,
        Proved
    }

    struct Record {
        Stage stage;
        bool verdict;
        uint32 numSamples;
        uint40 time; // of the last change
    }

    /// What a record is worth now.
    enum Standing {
        None, // no verdict
        Claimed, // deferred, and still to be proved or passed over by the draw
        Lapsed, // had to be proved and was not: counts for nothing
        Sampled, // deferred, passed over by the draw and not challenged; final
        Proved, // final
        Stopped // the verifying key was stopped since: counts for nothing
    }

    /// Why a claim with its proof is not recorded.
    enum Outcome {
        Recorded,
        TooLate,
        NoDataset,
        TooFewSamples,
        AlreadyProved,
        NotAsClaimed, // differs from the venue's deferred verdict
        InvalidProof
    }

    error UnknownWindow();
    error UnknownRound();
    error FederationExists();
    error NotOperator();
    error NotPendingOperator();
    error NotVenue();
    error NotMember();
    error NoRouter();
    error BadTerms();
    error OtherAgreement();
    error NotFieldElement();
    error RegistrationOpen();
    error RegistrationClosed();
    error AlreadyRegistered();
    error AlreadyPublished();
    error ModelAlreadyAsked();
    error NotPublished();
    error BadSeedCommitment();
    error BadBatch();
    error Refused(Outcome outcome);
    error NotDeferrable();
    error AlreadyRecorded();
    error ClaimsOpen();
    error ClaimsAlreadyClosed();
    error AuditOver();
    error AlreadyDrawn();
    error SeedBlockNotReached();
    error SeedBlockTooOld();
    error WrongSecret();
    error NotClaimed();

    event FederationCreated(bytes32 indexed federation, address indexed operator);
    event OperatorOffered(bytes32 indexed federation, address indexed to);
    event OperatorChanged(bytes32 indexed federation, address indexed operator);
    event VenueSet(bytes32 indexed federation, address indexed venue, bool member);
    event WindowOpened(
        bytes32 indexed federation,
        uint32 indexed window,
        uint64 firstRound,
        bytes32 agreement,
        address verifier,
        Terms terms
    );
    event DatasetRegistered(
        bytes32 indexed federation, uint32 indexed window, address indexed venue, uint256 datasetId
    );
    event ModelPublished(
        bytes32 indexed federation, uint64 indexed round, uint256 modelId, uint256 proveBy
    );
    event VerdictProved(
        bytes32 indexed federation,
        uint64 indexed round,
        address indexed venue,
        bool verdict,
        uint32 numSamples
    );
    /// Says something about who sent the batch, and nothing about the venue.
    event BatchItemRefused(
        bytes32 indexed federation, uint64 indexed round, uint256 index, Outcome outcome
    );
    event VerdictClaimed(
        bytes32 indexed federation,
        uint64 indexed round,
        address indexed venue,
        bool verdict,
        uint32 numSamples
    );
    event ClaimChallenged(
        bytes32 indexed federation, uint64 indexed round, address indexed venue, address by
    );
    event SeedBlockSet(bytes32 indexed federation, uint64 indexed round, uint256 seedBlock);
    event Drawn(bytes32 indexed federation, uint64 indexed round, bytes32 seed);

    /// Order of BN254's groups; every field of a statement is below it.
    uint256 private constant R =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant CONTEXT_MASK = type(uint256).max >> 3;

    /// Blocks between the closing of claims and the block whose hash enters the draw.
    uint256 public constant SEED_DELAY = 4;
    /// The EVM knows the hashes of so many blocks.
    uint256 public constant SEED_LIFE = 256;
    uint256 public constant MIN_AUDIT_SECONDS = 1 hours;

    VerifierRouter public immutable router;

    mapping(bytes32 federation => Federation) public federations;
    mapping(bytes32 federation => mapping(address venue => bool)) public isVenue;
    mapping(bytes32 federation => mapping(uint32 window => Window)) public windows;
    mapping(bytes32 federation => mapping(uint32 window => mapping(address venue => uint256)))
        public datasets;
    mapping(bytes32 federation => mapping(uint32 window => mapping(uint256 modelId => bool)))
        public isAsked;
    mapping(bytes32 federation => mapping(uint64 round => Round)) public rounds;
    mapping(bytes32 federation => mapping(uint64 round => mapping(address venue => Record)))
        public records;

    modifier onlyOperator(bytes32 federation) {
        if (msg.sender != federations[federation].operator) revert NotOperator();
        _;
    }

    constructor(VerifierRouter router_) {
        if (address(router_).code.length == 0) revert NoRouter();
        router = router_;
    }

    // ------------------------------------------------------------ federations and venues

    /// Makes the caller the operator of a new federation, whose id no other account can take.
    function createFederation(bytes32 salt) external returns (bytes32 federation) {
        federation = keccak256(abi.encode(msg.sender, salt));
        if (federations[federation].operator != address(0)) revert FederationExists();
        federations[federation].operator = msg.sender;
        emit FederationCreated(federation, msg.sender);
    }

    /// Offers the operator's role; zero withdraws an offer.
    function offerOperator(bytes32 federation, address to) external onlyOperator(federation) {
        federations[federation].pendingOperator = to;
        emit OperatorOffered(federation, to);
    }

    function takeOperator(bytes32 federation) external {
        Federation storage f = federations[federation];
        if (msg.sender != f.pendingOperator) revert NotPendingOperator();
        f.operator = msg.sender;
        f.pendingOperator = address(0);
        emit OperatorChanged(federation, msg.sender);
    }

    /// Membership decides who may register datasets and challenge. Removing a venue leaves alone what
    /// it has registered: its verdicts in open windows still count.
    function setVenue(bytes32 federation, address venue, bool member)
        external
        onlyOperator(federation)
    {
        isVenue[federation][venue] = member;
        emit VenueSet(federation, venue, member);
    }

    // ------------------------------------------------------------ windows, datasets, models

    /// Opens a window and its rounds, one for each threshold. Nothing of it can be changed later.
    function openWindow(bytes32 federation, Terms calldata terms)
        external
        onlyOperator(federation)
        returns (uint32 window, uint64 firstRound)
    {
        _checkTerms(terms);
        Federation storage f = federations[federation];
        window = ++f.windows;
        uint64 last = f.rounds;
        firstRound = last + 1;
        for (uint256 i = 0; i < terms.thresholds.length; i++) {
            Round storage round = rounds[federation][++last];
            round.window = window;
            round.threshold = terms.thresholds[i];
        }
        f.rounds = last;
        address verifier = address(router.verifierOf(terms.selector));
        bytes32 agreement = keccak256(abi.encode(terms, verifier));
        windows[federation][window] = Window({
            agreement: agreement,
            selector: terms.selector,
            registerBy: terms.registerBy,
            minSamples: terms.minSamples,
            proveSeconds: terms.proveSeconds,
            auditSeconds: terms.auditSeconds,
            auditRate: terms.auditRate
        });
        emit WindowOpened(federation, window, firstRound, agreement, verifier, terms);
    }

    /// Registers the calling venue's dataset, for good, and with it the venue's consent to the window's
    /// terms, which `agreement` names.
    function registerDataset(
        bytes32 federation,
        uint32 window,
        uint256 datasetId,
        bytes32 agreement
    ) external {
        Window storage w = windows[federation][window];
        if (w.registerBy == 0) revert UnknownWindow();
        if (!isVenue[federation][msg.sender]) revert NotVenue();
        if (agreement != w.agreement) revert OtherAgreement();
        if (block.timestamp > w.registerBy) revert RegistrationClosed();
        _checkFieldElement(datasetId);
        if (datasets[federation][window][msg.sender] != 0) revert AlreadyRegistered();
        datasets[federation][window][msg.sender] = datasetId;
        emit DatasetRegistered(federation, window, msg.sender, datasetId);
    }

    /// Publishes a round's model, once, when no dataset can be registered any more; a model is asked
    /// about once in a window. `seedCommitment` is keccak256(abi.encode(secret)) of 32 secret random
    /// bytes, where the window takes deferred verdicts, else 0.
    function publishModel(
        bytes32 federation,
        uint64 round,
        uint256 modelId,
        bytes32 seedCommitment
    ) external onlyOperator(federation) {
        Round storage r = rounds[federation][round];
        if (r.window == 0) revert UnknownRound();
        if (r.modelId != 0) revert AlreadyPublished();
        Window storage w = windows[federation][r.window];
        if (block.timestamp <= w.registerBy) revert RegistrationOpen();
        _checkFieldElement(modelId);
        if (isAsked[federation][r.window][modelId]) revert ModelAlreadyAsked();
        if ((seedCommitment != 0) != (w.auditSeconds != 0)) revert BadSeedCommitment();
        isAsked[federation][r.window][modelId] = true;
        r.modelId = modelId;
        r.seedCommitment = seedCommitment;
        // forge-lint: disable-next-line(unsafe-typecast): seconds fit 40 bits for 34,000 years
        r.proveBy = uint40(block.timestamp + w.proveSeconds);
        emit ModelPublished(federation, round, modelId, r.proveBy);
    }

    // ------------------------------------------------------------ verdicts with their proof

    /// Records a venue's verdict. Anyone may send it: only who holds the dataset's opening can make the
    /// proof, and the proof names the venue. Reverts unless the proof is valid.
    function submit(
        bytes32 federation,
        uint64 round,
        Claim calldata claim,
        uint256[10] calldata proof
    ) external {
        Question memory q = _question(federation, round);
        Outcome outcome = _admit(q, claim);
        if (outcome != Outcome.Recorded) revert Refused(outcome);
        if (!q.verifier.verify(proof, _statement(q, claim))) revert Refused(Outcome.InvalidProof);
        _record(q, claim);
    }

    /// Records many verdicts of a round, all checked in one pairing; where that fails the verifier finds
    /// the bad ones, which are named, and the rest is recorded. Reverts when there is too little gas to
    /// tell good from bad. A refusal is final only in that this batch did not record the verdict.
    function submitBatch(
        bytes32 federation,
        uint64 round,
        Claim[] calldata claims,
        uint256[10][] calldata proofs
    ) external returns (Outcome[] memory outcomes) {
        if (claims.length == 0 || claims.length != proofs.length) revert BadBatch();
        Question memory q = _question(federation, round);
        outcomes = _verifyAdmitted(q, claims, proofs);
        for (uint256 i = 0; i < claims.length; i++) {
            // Admitted once more: a venue may occur twice in a batch.
            if (outcomes[i] == Outcome.Recorded) outcomes[i] = _admit(q, claims[i]);
            if (outcomes[i] == Outcome.Recorded) {
                _record(q, claims[i]);
            } else {
                emit BatchItemRefused(federation, round, i, outcomes[i]);
            }
        }
    }

    // ------------------------------------------------------------ deferred verdicts

    /// Claims the calling venue's verdict without a proof. It is binding: a proof can only confirm it.
    function submitDeferred(bytes32 federation, uint64 round, uint32 numSamples, bool verdict)
        external
    {
        Question memory q = _question(federation, round);
        if (q.auditBy == q.proveBy) revert NotDeferrable();
        Record storage record = records[federation][round][msg.sender];
        if (record.stage != Stage.None) revert AlreadyRecorded();
        Outcome outcome = _admit(q, Claim(msg.sender, numSamples, verdict));
        if (outcome != Outcome.Recorded) revert Refused(outcome);
        records[federation][round][msg.sender] =
            Record(Stage.Claimed, verdict, numSamples, _now());
        emit VerdictClaimed(federation, round, msg.sender, verdict, numSamples);
    }

    /// Fixes the block whose hash enters the draw, when no more verdicts can be claimed.
    function closeClaims(bytes32 federation, uint64 round) external {
        Question memory q = _question(federation, round);
        _checkMember(federation);
        Round storage r = rounds[federation][round];
        if (block.timestamp <= q.proveBy) revert ClaimsOpen();
        if (block.timestamp > q.auditBy) revert AuditOver();
        if (r.seedBlock != 0) revert ClaimsAlreadyClosed();
        // forge-lint: disable-next-line(unsafe-typecast): no chain has 2^64 blocks
        r.seedBlock = uint64(block.number + SEED_DELAY);
        emit SeedBlockSet(federation, round, r.seedBlock);
    }

    /// Draws which claims must be proved, from the operator's secret, which was committed to before any
    /// claim, and the hash of a block that came after all of them. Without a draw all must be proved.
    function draw(bytes32 federation, uint64 round, bytes32 secret) external {
        Question memory q = _question(federation, round);
        Round storage r = rounds[federation][round];
        if (r.seed != 0) revert AlreadyDrawn();
        if (r.seedBlock == 0 || block.number <= r.seedBlock) revert SeedBlockNotReached();
        if (block.number > r.seedBlock + SEED_LIFE) revert SeedBlockTooOld();
        if (block.timestamp > q.auditBy) revert AuditOver();
        if (keccak256(abi.encode(secret)) != r.seedCommitment) revert WrongSecret();
        r.seed = keccak256(abi.encode(secret, blockhash(r.seedBlock)));
        emit Drawn(federation, round, r.seed);
    }

    /// Makes a claimed verdict one that must be proved, whatever is drawn.
    function challenge(bytes32 federation, uint64 round, address venue) external {
        Question memory q = _question(federation, round);
        _checkMember(federation);
        Record storage record = records[federation][round][venue];
        if (record.stage != Stage.Claimed) revert NotClaimed();
        if (block.timestamp > q.auditBy) revert AuditOver();
        record.stage = Stage.Challenged;
        record.time = _now();
        emit ClaimChallenged(federation, round, venue, msg.sender);
    }

    // ------------------------------------------------------------ what others read

    /// A venue's verdict in a round and what it is worth now. Proved, and for those who accept
    /// sampling Sampled, are final unless the verifying key is stopped; nothing else counts.
    function verdictOf(bytes32 federation, uint64 round, address venue)
        external
        view
        returns (Standing standing, bool verdict, uint32 numSamples)
    {
        Record memory record = records[federation][round][venue];
        (verdict, numSamples) = (record.verdict, record.numSamples);
        if (record.stage == Stage.None) return (Standing.None, verdict, numSamples);
        Round storage r = rounds[federation][round];
        Window storage w = windows[federation][r.window];
        if (!router.isActive(w.selector)) standing = Standing.Stopped;
        else if (record.stage == Stage.Proved) standing = Standing.Proved;
        else if (block.timestamp <= r.proveBy + 2 * uint256(w.auditSeconds)) standing = Standing.Claimed;
        else if (mustProve(federation, round, venue)) standing = Standing.Lapsed;
        else standing = Standing.Sampled;
    }

    /// Whether the venue's deferred verdict has to be proved, as things are: it was challenged or drawn,
    /// or nothing was drawn.
    function mustProve(bytes32 federation, uint64 round, address venue) public view returns (bool) {
        Round storage r = rounds[federation][round];
        if (records[federation][round][venue].stage == Stage.Challenged || r.seed == 0) return true;
        uint256 ticket = uint256(keccak256(abi.encode(r.seed, venue))) >> 240;
        return ticket < windows[federation][r.window].auditRate;
    }

    /// The context that a venue's proof for a round must have (include/zkmetric.h,
    /// zkm_context_derive; the nonce is the window's agreement).
    function contextOf(bytes32 federation, uint64 round, address venue)
        external
        view
        returns (uint256)
    {
        Round storage r = rounds[federation][round];
        if (r.window == 0) revert UnknownRound();
        return _context(federation, round, venue, windows[federation][r.window].agreement);
    }

    /// The statement that a proof of this claim has to be about.
    function statementOf(bytes32 federation, uint64 round, Claim calldata claim)
        external
        view
        returns (uint256[6] memory)
    {
        return _statement(_question(federation, round), claim);
    }

    // ------------------------------------------------------------ inside

    /// All that a round asks, read once.
    struct Question {
        IZkmetricVerifier verifier;
        bytes32 federation;
        uint64 round;
        uint32 window;
        uint256 modelId;
        uint256 threshold;
        uint256 minSamples;
        bytes32 agreement;
        uint256 proveBy; // last second for verdicts
        uint256 auditBy; // last second for closing claims, drawing and challenging
        uint256 answerBy; // last second for proofs of claimed verdicts
    }

    function _question(bytes32 federation, uint64 round) private view returns (Question memory q) {
        Round storage r = rounds[federation][round];
        if (r.window == 0) revert UnknownRound();
        if (r.modelId == 0) revert NotPublished();
        Window storage w = windows[federation][r.window];
        q.verifier = router.verifierOf(w.selector);
        q.federation = federation;
        q.round = round;
        q.window = r.window;
        q.modelId = r.modelId;
        q.threshold = r.threshold;
        q.minSamples = w.minSamples;
        q.agreement = w.agreement;
        q.proveBy = r.proveBy;
        q.auditBy = q.proveBy + w.auditSeconds;
        q.answerBy = q.auditBy + w.auditSeconds;
    }

    /// Recorded when a claim may be recorded, once its proof is verified; else why not.
    function _admit(Question memory q, Claim memory claim) private view returns (Outcome) {
        Record memory record = records[q.federation][q.round][claim.venue];
        if (record.stage == Stage.Proved) return Outcome.AlreadyProved;
        bool deferred = record.stage != Stage.None;
        if (block.timestamp > (deferred ? q.answerBy : q.proveBy)) return Outcome.TooLate;
        if (
            deferred
                && (record.verdict != claim.verdict || record.numSamples != claim.numSamples)
        ) return Outcome.NotAsClaimed;
        if (datasets[q.federation][q.window][claim.venue] == 0) return Outcome.NoDataset;
        if (claim.numSamples < q.minSamples) return Outcome.TooFewSamples;
        return Outcome.Recorded;
    }

    function _statement(Question memory q, Claim memory claim)
        private
        view
        returns (uint256[6] memory statement)
    {
        statement[0] = q.modelId;
        statement[1] = datasets[q.federation][q.window][claim.venue];
        statement[2] = claim.numSamples;
        statement[3] = q.threshold;
        statement[4] = claim.verdict ? 1 : 0;
        statement[5] = _context(q.federation, q.round, claim.venue, q.agreement);
    }

    function _context(bytes32 federation, uint64 round, address venue, bytes32 nonce)
        private
        view
        returns (uint256)
    {
        return uint256(
            keccak256(
                abi.encode(block.chainid, address(this), federation, uint256(round), venue, nonce)
            )
        ) & CONTEXT_MASK;
    }

    function _record(Question memory q, Claim memory claim) private {
        records[q.federation][q.round][claim.venue] =
            Record(Stage.Proved, claim.verdict, claim.numSamples, _now());
        emit VerdictProved(q.federation, q.round, claim.venue, claim.verdict, claim.numSamples);
    }

    /// The outcome of each claim, given that its venue does not occur before it.
    function _verifyAdmitted(
        Question memory q,
        Claim[] calldata claims,
        uint256[10][] calldata proofs
    ) private view returns (Outcome[] memory outcomes) {
        outcomes = new Outcome[](claims.length);
        uint256[10][] memory admitted = new uint256[10][](claims.length);
        uint256[6][] memory statements = new uint256[6][](claims.length);
        uint256 n = 0;
        for (uint256 i = 0; i < claims.length; i++) {
            outcomes[i] = _admit(q, claims[i]);
            if (outcomes[i] != Outcome.Recorded) continue;
            admitted[n] = proofs[i];
            statements[n++] = _statement(q, claims[i]);
        }
        if (n == 0) return outcomes;
        // Shortens both arrays to what was filled.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(admitted, n)
            mstore(statements, n)
        }
        IZkmetricVerifier.Result[] memory results = q.verifier.verifyEach(admitted, statements);
        n = 0;
        for (uint256 i = 0; i < claims.length; i++) {
            if (outcomes[i] != Outcome.Recorded) continue;
            if (results[n++] != IZkmetricVerifier.Result.Valid) outcomes[i] = Outcome.InvalidProof;
        }
    }

    function _checkTerms(Terms calldata terms) private view {
        bool audited = terms.auditSeconds != 0;
        if (
            terms.registerBy <= block.timestamp || terms.minSamples == 0 || terms.proveSeconds == 0
                || (audited && terms.auditSeconds < MIN_AUDIT_SECONDS)
                || audited != (terms.auditRate != 0) || terms.thresholds.length == 0
        ) revert BadTerms();
        for (uint256 i = 0; i < terms.thresholds.length; i++) {
            if (terms.thresholds[i] == 0) revert BadTerms();
        }
    }

    function _checkFieldElement(uint256 value) private pure {
        if (value == 0 || value >= R) revert NotFieldElement();
    }

    function _checkMember(bytes32 federation) private view {
        if (msg.sender != federations[federation].operator && !isVenue[federation][msg.sender]) {
            revert NotMember();
        }
    }

    function _now() private view returns (uint40) {
        // forge-lint: disable-next-line(unsafe-typecast): seconds fit 40 bits for 34,000 years
        return uint40(block.timestamp);
    }
}
