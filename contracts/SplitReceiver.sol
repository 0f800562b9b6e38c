// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ISplitReceiver} from "./interfaces/ISplitReceiver.sol";

/// @title The address of one split: whatever token is transferred here can only go to the hub.
/// @dev Deployed by the hub with CREATE2 and the split's id as salt. No constructor arguments, so that the init code is the same for every
/// split and the address follows from hub and split alone.
contract SplitReceiver is ISplitReceiver {
    using SafeERC20 for IERC20;

    address private immutable HUB = msg.sender;

    /// @inheritdoc ISplitReceiver
    function release(address token, uint256 value) external {
        if (msg.sender != HUB) revert OnlyHub(msg.sender, HUB);
        IERC20(token).safeTransfer(HUB, value);
    }
}
