// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {IReceiveWithAuthorization} from "../interfaces/IReceiveWithAuthorization.sol";

/// @title The two calls of a token that every payment makes.
/// @dev By hand, because each payment pays for them: no copy to newly allocated memory and no second look whether the token has code, since
/// an address without code answers no balance.
library TokenCalls {
    /// @dev The token's balance of this contract. Reverts with `NoBalance` when the token does not answer with one.
    function held(address token) internal view returns (uint256 units) {
        bytes4 selector = IERC20.balanceOf.selector;
        bool ok;
        assembly ("memory-safe") {
            mstore(0x00, selector)
            mstore(0x04, address())
            ok := staticcall(gas(), token, 0x00, 0x24, 0x00, 0x20)
            ok := and(ok, gt(returndatasize(), 0x1f))
            units := mload(0x00)
        }
        if (!ok) revert IHubPayments.NoBalance(token);
    }

    /// @dev Calls the token's `receiveWithAuthorization` (EIP-3009, `bytes` form) with at most `gasMax`; false when the token refuses. It says
    /// nothing of what arrived: an address without code refuses nothing.
    function tryReceive(address token, IHubPayments.Auth calldata auth, bytes32 nonce, uint256 gasMax) internal returns (bool ok) {
        bytes4 selector = IReceiveWithAuthorization.receiveWithAuthorization.selector;
        address from = auth.from;
        bytes calldata signature = auth.signature;
        uint256 value = auth.value;
        uint256 validAfter = auth.validAfter;
        uint256 validBefore = auth.validBefore;
        assembly ("memory-safe") {
            // Written beyond what is allocated and left there: nothing after this call needs it.
            let call_ := mload(0x40)
            let size := signature.length
            mstore(call_, selector)
            mstore(add(call_, 0x04), from)
            mstore(add(call_, 0x24), address())
            mstore(add(call_, 0x44), value)
            mstore(add(call_, 0x64), validAfter)
            mstore(add(call_, 0x84), validBefore)
            mstore(add(call_, 0xa4), nonce)
            // Where the signature's length stands, counted from after the selector.
            mstore(add(call_, 0xc4), 0xe0)
            mstore(add(call_, 0xe4), size)
            calldatacopy(add(call_, 0x104), signature.offset, size)
            // Zeros behind the signature, up to a whole word.
            mstore(add(add(call_, 0x104), size), 0)
            ok := call(gasMax, token, 0, call_, add(0x104, and(add(size, 0x1f), not(0x1f))), 0, 0)
        }
    }

    /// @dev Reverts with what the last call answered: the token's own reason.
    function bubble() internal pure {
        assembly ("memory-safe") {
            let answer := mload(0x40)
            returndatacopy(answer, 0, returndatasize())
            revert(answer, returndatasize())
        }
    }
}
