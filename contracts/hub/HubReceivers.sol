// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {SplitReceiver} from "../SplitReceiver.sol";
import {HubPots} from "./HubPots.sol";
import {TokenCalls} from "./TokenCalls.sol";

/// @title Payments by a bare transfer to the address of a split.
abstract contract HubReceivers is HubPots {
    /// @dev The init code of every receiver is the same, so its hash is computed once.
    bytes32 private immutable RECEIVER_INIT_CODE_HASH = keccak256(type(SplitReceiver).creationCode);

    /// @inheritdoc IHubPayments
    function receiverOf(bytes32 splitId) public view returns (address) {
        return Create2.computeAddress(splitId, RECEIVER_INIT_CODE_HASH);
    }

    /// @inheritdoc IHubPayments
    function sweep(bytes32 splitId, address token) external nonReentrant returns (uint256 value) {
        address receiver = receiverOf(splitId);
        uint256 held = IERC20(token).balanceOf(receiver);
        if (held == 0) return 0;
        if (receiver.code.length == 0) new SplitReceiver{salt: splitId}();

        uint256 before = TokenCalls.held(token);
        SplitReceiver(receiver).release(token, held);
        value = _arrived(splitId, token, before, held);
        _addToPot(splitId, token, value);
        emit Swept(splitId, token, value);
    }
}
