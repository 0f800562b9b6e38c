// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title A hub that takes payments for revenue splits and pays each payee its share.
/// @notice A split is a table of accounts and shares, known here only by its id:
/// `splitId = keccak256(abi.encode(root, totalShares, metadataHash))`. `root` is the Merkle root over the leaves
/// `keccak256(bytes.concat(keccak256(abi.encode(account, shares))))`; an inner node hashes its children, the lower first; the last node of
/// a level of odd length moves up unchanged.
///
/// There is no owner, no upgrade and no pause. Each split has a pot per token, and one pot can never pay out what another received.
///
/// Tokens: any ERC-20 that keeps balances as they are. A fee taken on transfer is borne by the split (the pot grows by what arrives), but a
/// token that changes balances by itself (rebasing) can leave its own pots, never those of other tokens, without cover.
/// Never transfer a token to the hub directly: nobody is credited and nothing can take it back. Transfer to `receiverOf(splitId)` instead.
interface ISettlementHub {
    /// @notice An EIP-3009 authorization of `from` to pay `value` to this hub. Its nonce is `keccak256(abi.encode(splitId, ref))`, so the one
    /// signature binds the money, the split and the payment's reference.
    struct Auth {
        bytes32 splitId;
        bytes32 ref;
        address from;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes signature;
    }

    /// @notice One leaf of a split's table with what proves that it belongs to it.
    struct Share {
        bytes32 root;
        uint256 totalShares;
        bytes32 metadataHash;
        address account;
        uint256 shares;
        bytes32[] proof;
    }

    /// @notice `value` units arrived for a split. A reference may repeat, and anyone may fund any reference with any value: who reads this
    /// compares the value with what was asked.
    event Paid(bytes32 indexed splitId, bytes32 indexed ref, address indexed from, address token, uint256 value);

    /// @notice `value` units moved from a split's receiver into its pot.
    event Swept(bytes32 indexed splitId, address indexed token, uint256 value);

    /// @notice `value` units were paid out of a split's pot to its payee.
    event Claimed(bytes32 indexed splitId, address indexed account, address indexed token, uint256 value);

    /// @notice The token call succeeded, but the hub's balance did not grow.
    error NothingArrived(bytes32 splitId, address token, uint256 expected);

    /// @notice A pot counts in 128 bits; this value does not fit into it any more.
    error PotOverflow(bytes32 splitId, address token, uint256 received, uint256 value);

    /// @notice Shares are 1 to `totalShares`, which is at most 2^128 - 1.
    error InvalidShare(uint256 shares, uint256 totalShares);

    /// @notice The proof does not lead from this account and its shares to the root.
    error InvalidProof(bytes32 root, address account, uint256 shares);

    /// @notice The table promises more than its total: `due` exceeds what is left of this split's own money.
    error SplitInsolvent(bytes32 splitId, address token, uint256 due, uint256 available);

    /// @notice Takes a signed payment into a split's pot. Anyone may submit it; only this hub can use the signature.
    /// @dev Calls the token's `receiveWithAuthorization` with a `bytes` signature (EIP-3009 as of USDC 2.2).
    function pay(address token, Auth calldata auth) external;

    /// @notice Takes `value` of the caller's tokens, which it has approved, into a split's pot.
    function fund(bytes32 splitId, bytes32 ref, address token, uint256 value) external;

    /// @notice The address that belongs to a split alone. It can be paid before it has code; what arrives there can only go into the pot.
    function receiverOf(bytes32 splitId) external view returns (address);

    /// @notice Moves all of a token from a split's receiver into its pot; deploys the receiver on first use. Anyone may call it.
    /// @return value Units that arrived; 0 when the receiver is empty.
    function sweep(bytes32 splitId, address token) external returns (uint256 value);

    /// @notice Pays a payee what it is owed by now: `floor(received * shares / totalShares)` minus what it was paid before. Anyone may call
    /// it; the money goes to the account in the leaf, which may be the receiver of another split.
    /// @return due Units paid; 0 when nothing is due.
    function claim(Share calldata share, address token) external returns (uint256 due);

    /// @notice What a split received and paid out so far, in units of a token.
    function pot(bytes32 splitId, address token) external view returns (uint128 received, uint128 paidOut);

    /// @notice What an account was paid out of a split so far, in units of a token.
    function paid(bytes32 splitId, address token, address account) external view returns (uint256);
}
