// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Many EIP-3009 transfers in one transaction, where each stands or falls by itself.
/// @notice Anyone may submit a payer's `transferWithAuthorization`; the payer's signature fixes from whom, to whom and how much. So nothing here
/// is trusted by anybody: it holds no money, keeps no state and emits nothing, because the token's own logs say what moved.
interface IAuthorizationBatch {
    /// @notice What the payer signed, and the signature, in the order in which the token takes them.
    /// Rows are calldata, where every field takes a word in any order.
    // solhint-disable-next-line gas-struct-packing
    struct Row {
        address from;
        address to;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice There is no contract at this address, so that a call of it would refuse nothing and move nothing.
    error NoToken(address token);

    /// @notice Submits every row to the token. A row that the token refuses is skipped and blocks no other: a row may burn 200,000 gas at most. A
    /// payer with code (a contract, or an account delegated by EIP-7702) is skipped unasked, because its code could cost that much every
    /// time. When less gas is left than a row may burn, the rest is not tried.
    /// @return burned For each row the gas that its transfer took; 0 when it did not happen, 2^256-1 when it
    /// was not tried.
    function transferMany(address token, Row[] calldata rows) external returns (uint256[] memory burned);
}
