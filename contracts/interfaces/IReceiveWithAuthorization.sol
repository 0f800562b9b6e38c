// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The one function of EIP-3009 that the hub calls, in the form with a `bytes` signature.
interface IReceiveWithAuthorization {
    /// @notice Moves `value` from `from` to `to`, which must be the caller, by the signature of `from`.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;
}
