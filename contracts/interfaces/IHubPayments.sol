// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Money into the pot of a split: by signature, by approval, or through the split's own address.
interface IHubPayments {
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

    /// @notice A Permit2 `permitWitnessTransferFrom` of `from` to this hub as spender, with the witness
    /// `SwitchyardPayment(bytes32 splitId,bytes32 ref)`. `nonce` is any unused bit of Permit2's bitmap.
    struct PermitAuth {
        bytes32 splitId;
        bytes32 ref;
        address from;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
        bytes signature;
    }

    /// @notice `value` units arrived for a split. A reference may repeat, and anyone may fund any reference with any value: who reads this
    /// compares the value with what was asked.
    event Paid(bytes32 indexed splitId, bytes32 indexed ref, address indexed from, address token, uint256 value);

    /// @notice A row of a batch that brought nothing: the token refused it, or it was for nothing. Its authorization stands as it stood before.
    event PaymentSkipped(bytes32 indexed splitId, bytes32 indexed ref, address indexed from, address token);

    /// @notice `value` units moved from a split's receiver into its pot.
    event Swept(bytes32 indexed splitId, address indexed token, uint256 value);

    /// @notice The token call succeeded, but the hub's balance did not grow. `id` is the split or the channel that was to be credited.
    error NothingArrived(bytes32 id, address token, uint256 expected);

    /// @notice The token took rows of a batch for `sum` units and moved fewer, as one that keeps a fee does. Pay its rows one by one.
    error BatchFellShort(address token, uint256 sum, uint256 arrived);

    /// @notice This address does not answer `balanceOf` as a token does.
    error NoBalance(address token);

    /// @notice A pot counts in 128 bits; this value does not fit into it any more.
    error PotOverflow(bytes32 splitId, address token, uint256 received, uint256 value);

    /// @notice Takes a signed payment into a split's pot. Anyone may submit it; only this hub can use the signature.
    /// @dev Calls the token's `receiveWithAuthorization` with a `bytes` signature (EIP-3009 as of USDC 2.2).
    function pay(address token, Auth calldata auth) external;

    /// @notice Takes many signed payments in one token. A row that fails is skipped, says so in `PaymentSkipped`, and blocks no other: a row
    /// may burn 500,000 gas at most. What arrived is measured over the whole batch, so a token that keeps a fee is refused
    /// (`BatchFellShort`), where `pay` credits what arrived.
    /// @return good For each row, whether it was paid.
    function payBatch(address token, Auth[] calldata auths) external returns (bool[] memory good);

    /// @notice Takes a payment signed for Permit2, for tokens without EIP-3009. Permit2, as USDC, asks a payer that has code by ERC-1271: an
    /// account delegated (EIP-7702) to code that does not sign can pay by `fund`, by a transfer to the receiver or by vouchers.
    function payPermit2(address token, PermitAuth calldata auth) external;

    /// @notice Takes `value` of the caller's tokens, which it has approved, into a split's pot.
    function fund(bytes32 splitId, bytes32 ref, address token, uint256 value) external;

    /// @notice The address that belongs to a split alone. It can be paid before it has code; what arrives there can only go into the pot.
    function receiverOf(bytes32 splitId) external view returns (address);

    /// @notice Moves all of a token from a split's receiver into its pot; deploys the receiver on first use. Anyone may call it.
    /// @return value Units that arrived; 0 when the receiver is empty.
    function sweep(bytes32 splitId, address token) external returns (uint256 value);

    /// @notice What a split received and paid out so far, in units of a token.
    function pot(bytes32 splitId, address token) external view returns (uint128 received, uint128 paidOut);
}
