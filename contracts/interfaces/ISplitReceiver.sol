// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The address at which one split can be paid by a bare transfer.
interface ISplitReceiver {
    /// @notice Only the hub that deployed this receiver may empty it.
    error OnlyHub(address caller, address hub);

    /// @notice Sends `value` units of a token to the hub.
    function release(address token, uint256 value) external;
}
