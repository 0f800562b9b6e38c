// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20, IERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IHubPayments} from "../../interfaces/IHubPayments.sol";
import {IReceiveWithAuthorization} from "../../interfaces/IReceiveWithAuthorization.sol";
import {TestUSDC} from "../TestUSDC.sol";

/// @title Payments without their guards, one a function, to show the attack that each guard stops. Never deploy it.
contract NaivePayments {
    using SafeERC20 for IERC20;

    mapping(bytes32 splitId => uint256) public received;

    /// @notice Uses the authorization that anyone may send: whoever sends it first, past this contract, leaves its money here for nobody.
    function payByTransfer(TestUSDC token, IHubPayments.Auth calldata auth) external {
        bytes32 nonce = keccak256(abi.encode(auth.splitId, auth.ref));
        token.transferWithAuthorization(
            auth.from, address(this), auth.value, auth.validAfter, auth.validBefore, nonce, auth.signature
        );
        received[auth.splitId] += auth.value;
    }

    /// @notice Lets the relayer say what the money is for: the payer's signature does not.
    function payUnbound(IReceiveWithAuthorization token, IHubPayments.Auth calldata auth, bytes32 nonce) external {
        token.receiveWithAuthorization(
            auth.from, address(this), auth.value, auth.validAfter, auth.validBefore, nonce, auth.signature
        );
        received[auth.splitId] += auth.value;
    }

    /// @notice All rows or none.
    function payAll(IReceiveWithAuthorization token, IHubPayments.Auth[] calldata auths) external {
        for (uint256 i = 0; i < auths.length; i++) {
            IHubPayments.Auth calldata auth = auths[i];
            bytes32 nonce = keccak256(abi.encode(auth.splitId, auth.ref));
            token.receiveWithAuthorization(
                auth.from, address(this), auth.value, auth.validAfter, auth.validBefore, nonce, auth.signature
            );
            received[auth.splitId] += auth.value;
        }
    }

    /// @notice Measures what arrives, but may be entered meanwhile.
    function fundUnguarded(bytes32 splitId, IERC20 token, uint256 value) external {
        uint256 before = token.balanceOf(address(this));
        token.safeTransferFrom(msg.sender, address(this), value);
        received[splitId] += token.balanceOf(address(this)) - before;
    }

    /// @notice Believes what the caller says.
    function fundUnmeasured(bytes32 splitId, IERC20 token, uint256 value) external {
        token.safeTransferFrom(msg.sender, address(this), value);
        received[splitId] += value;
    }

    /// @notice Counts in 128 bits and does not look.
    function countInto128(bytes32 splitId, uint256 value) external {
        unchecked {
            received[splitId] = uint128(received[splitId] + value);
        }
    }

    /// @notice Pays everyone, or nobody.
    function pushAll(IERC20 token, address[] calldata payees, uint256 each) external {
        for (uint256 i = 0; i < payees.length; i++) token.safeTransfer(payees[i], each);
    }
}

/// @title A receiver that obeys anyone.
contract NaiveReceiver {
    using SafeERC20 for IERC20;

    function release(IERC20 token, uint256 value) external {
        token.safeTransfer(msg.sender, value);
    }
}
