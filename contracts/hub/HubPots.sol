// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {TokenCalls} from "./TokenCalls.sol";

/// @title The pots of all splits, and the only measure of what a token call brought.
/// @dev Invariant, per token: the hub's balance is at least the sum over all splits of `received - paidOut` and over all channels of
/// `deposit - claimed`. What comes in is measured as the growth of the balance during one token call, which is true only while no other
/// call of this contract can run inside it: hence the guard on every function that moves money.
abstract contract HubPots is IHubPayments, ReentrancyGuardTransient {
    /// @dev The two sums share one storage slot. `paidOut <= received` always. `paid` is what each account was paid of `paidOut`.
    struct Pot {
        uint128 received;
        uint128 paidOut;
        mapping(address account => uint256) paid;
    }

    mapping(bytes32 splitId => mapping(address token => Pot)) internal _pots;

    /// @inheritdoc IHubPayments
    function pot(bytes32 splitId, address token) external view returns (uint128 received, uint128 paidOut) {
        Pot storage own = _pots[splitId][token];
        return (own.received, own.paidOut);
    }

    /// @dev What arrived since the balance was `before`; at least one unit. `id` names the split or channel, for the error.
    function _arrived(bytes32 id, address token, uint256 before, uint256 expected) internal view returns (uint256) {
        uint256 current = TokenCalls.held(token);
        if (current <= before) revert NothingArrived(id, token, expected);
        unchecked {
            return current - before;
        }
    }

    /// @dev Adds `value`, which is in the hub and belongs to nobody else, to a split's pot.
    function _addToPot(bytes32 splitId, address token, uint256 value) internal {
        Pot storage own = _pots[splitId][token];
        uint256 received = own.received;
        unchecked {
            if (value > type(uint128).max - received) revert PotOverflow(splitId, token, received, value);
            // Fits: the line above.
            own.received = uint128(received + value);
        }
    }
}
