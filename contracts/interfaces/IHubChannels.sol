// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Voucher channels: a payer deposits once and then pays a split by signatures alone, each for the sum of all payments so far.
/// @notice A voucher is the payer's EIP-712 signature over `Voucher(bytes32 channelId,uint128 cumulative)`; domain name `SettlementHub`,
/// version `1`, this chain, this contract. It pays a split, not an address. Anyone who holds it may claim it, as long as the deposit lasts:
/// whoever accepts vouchers keeps the last one of each channel, and claims before a requested close takes effect.
interface IHubChannels {
    /// @notice What a channel is: its id commits to all of it.
    /// `channelId = keccak256(abi.encode(payer || salt, keccak256(abi.encode(splitId, token, closer))))`, where `payer || salt` are 20 and
    /// 12 bytes in one word. `closer` may agree, for the split, that the payer gets its rest back at once; nobody may when it is zero.
    struct ChannelTerms {
        address payer;
        uint96 salt;
        bytes32 splitId;
        address token;
        address closer;
    }

    /// @notice An EIP-3009 authorization of the payer to deposit `value`. Its nonce is
    /// `keccak256(abi.encode(keccak256("ChannelDeposit(bytes32 channelId,bytes32 salt)"), channelId, salt))`: three words, so that it can
    /// never be the nonce of a payment, which has two.
    struct DepositAuth {
        uint256 value;
        bytes32 salt;
        uint256 validAfter;
        uint256 validBefore;
        bytes signature;
    }

    /// @notice Why a row of `claimPacked` was left out.
    enum SkipReason {
        NotHigher,
        OverDeposit,
        NotSigned
    }

    /// @notice A channel exists from now on, with a first deposit of `value` units.
    event ChannelOpened(
        bytes32 indexed channelId, address indexed payer, bytes32 indexed splitId, address token, uint256 value, uint96 salt, address closer
    );

    /// @notice `value` units more were deposited in a channel.
    event ChannelToppedUp(bytes32 indexed channelId, bytes32 indexed splitId, address indexed token, uint256 value);

    /// @notice `rows` vouchers moved `value` units from channels into a split's pot.
    event VouchersClaimed(bytes32 indexed splitId, address indexed token, uint256 value, uint256 rows);

    /// @notice A row moved nothing. It does not stop the rows after it.
    event VoucherSkipped(bytes32 indexed channelId, SkipReason reason);

    /// @notice From `closeAt` on (seconds) the payer's rest can be withdrawn. Vouchers can be claimed until that happens.
    event CloseRequested(bytes32 indexed channelId, uint256 closeAt);

    /// @notice The rest of a channel, `value` units, went back to its payer. The channel is closed for ever.
    event ChannelWithdrawn(
        bytes32 indexed channelId, bytes32 indexed splitId, address indexed payer, address token, uint256 value
    );

    error ChannelExists(bytes32 channelId);
    error ChannelMissing(bytes32 channelId);

    /// @notice A close was requested, or has happened; `closeAt` is 2^40 - 1 once it has.
    error ChannelClosing(bytes32 channelId, uint256 closeAt);

    /// @notice The rest may be withdrawn from `closeAt` on; 0 when no close was requested.
    error CloseNotDue(bytes32 channelId, uint256 closeAt);

    /// @notice A channel counts in 96 bits.
    error DepositOverflow(bytes32 channelId, uint256 deposit, uint256 value);
    error OnlyPayer(address caller, address payer);

    /// @notice Rows are 112 bytes each, and at least one.
    error MalformedRows(uint256 bytesGiven);
    error VoucherRefused(bytes32 channelId, SkipReason reason);

    /// @notice The closer agreed to close once `claimedMin` units are claimed; only `claimed` are.
    error ClaimFirst(bytes32 channelId, uint256 claimed, uint256 claimedMin);

    /// @notice The closer did not sign this close.
    error InvalidClose(bytes32 channelId, address closer);

    /// @notice Opens a channel of the caller with `value` of its tokens, which it has approved.
    function open(bytes32 splitId, address token, uint96 salt, address closer, uint256 value) external returns (bytes32 channelId);

    /// @notice Opens a channel, or tops an open one up, by the payer's signature. Anyone may submit it.
    function openWithAuthorization(ChannelTerms calldata terms, DepositAuth calldata auth) external returns (bytes32 channelId);

    /// @notice Adds `value` of the caller's tokens to an open channel. Anyone may; the rest goes to the channel's payer.
    function topUp(ChannelTerms calldata terms, uint256 value) external;

    /// @notice Claims vouchers of accounts with a key into one split's pot. A row is 112 bytes: payer 20, salt 12, cumulative 16, r 32,
    /// vs 32 (EIP-2098). A row that is not higher than what was claimed, exceeds the deposit or is not signed is skipped.
    /// @return value Units that moved into the pot.
    function claimPacked(bytes32 splitId, address token, address closer, bytes calldata rows) external returns (uint256 value);

    /// @notice Claims one voucher whose signature the payer's own contract judges (ERC-1271); also takes one by a key.
    function claim1271(ChannelTerms calldata terms, uint128 cumulative, bytes calldata signature) external returns (uint256 value);

    /// @notice Announces that the payer wants its rest back; only the payer may.
    function requestClose(ChannelTerms calldata terms) external;

    /// @notice Sends the rest to the payer once the delay after `requestClose` is over. Anyone may call it.
    function withdraw(ChannelTerms calldata terms) external returns (uint256 value);

    /// @notice Sends the rest to the payer at once, by the closer's signature over `Close(bytes32 channelId,uint96 claimedMin)`. Anyone may
    /// submit it, but not before `claimedMin` units are claimed: the closer names the total of the vouchers it holds.
    function closeCooperatively(ChannelTerms calldata terms, uint96 claimedMin, bytes calldata signature)
        external
        returns (uint256 value);

    /// @notice Seconds between `requestClose` and `withdraw`.
    function CLOSE_DELAY() external view returns (uint256);

    function channelIdOf(ChannelTerms calldata terms) external pure returns (bytes32);

    /// @notice A channel's deposits, what of them was claimed, and when the rest can be withdrawn (0: no close requested; 2^40 - 1: done).
    function channel(bytes32 channelId) external view returns (uint96 deposit, uint96 claimed, uint40 closeAt);
}
