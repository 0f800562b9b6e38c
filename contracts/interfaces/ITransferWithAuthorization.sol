// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The one function of EIP-3009 that a batch calls, in the form with (v, r, s), which every such token has.
interface ITransferWithAuthorization {
    /// @notice Moves `value` from `from` to `to` by the signature of `from`, whoever calls.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
}
