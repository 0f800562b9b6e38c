// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {TokenCalls} from "./hub/TokenCalls.sol";
import {IHubPayments} from "./interfaces/IHubPayments.sol";
import {IPushSplitter} from "./interfaces/IPushSplitter.sol";

/// @title The push splitter; what it does for a caller is said at its interface.
/// @dev Invariant, per token that keeps balances: the balance is at least the sum of all credits. A payment is divided while no other call can
/// run here, so what its balance grows by is that payment.
contract PushSplitter is IPushSplitter, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 private constant PAYEES_MAX = 4;

    /// @dev What one transfer may burn: several times what a dear token uses. A payee whom the token calls cannot burn the others' gas.
    uint256 private constant TRANSFER_GAS_MAX = 200_000;

    /// @inheritdoc IPushSplitter
    mapping(address account => mapping(address token => uint256)) public credit;

    /// @inheritdoc IPushSplitter
    function pay(address token, IHubPayments.Auth calldata auth, Payee[] calldata payees) external nonReentrant {
        bytes32 tableId = keccak256(abi.encode(payees));
        if (auth.splitId != tableId) revert OtherTable(auth.splitId, tableId);
        uint256 before = TokenCalls.held(token);
        if (!TokenCalls.tryReceive(token, auth, Hashes.efficientKeccak256(tableId, auth.ref), gasleft())) TokenCalls.bubble();
        uint256 arrived = _divide(tableId, token, before, auth.value, payees);
        emit Pushed(tableId, auth.ref, auth.from, token, arrived);
    }

    /// @inheritdoc IPushSplitter
    function push(address token, bytes32 ref, uint256 value, Payee[] calldata payees) external nonReentrant {
        bytes32 tableId = keccak256(abi.encode(payees));
        uint256 before = TokenCalls.held(token);
        IERC20(token).safeTransferFrom(msg.sender, address(this), value);
        uint256 arrived = _divide(tableId, token, before, value, payees);
        emit Pushed(tableId, ref, msg.sender, token, arrived);
    }

    /// @inheritdoc IPushSplitter
    function collect(address token, address to) external nonReentrant returns (uint256 value) {
        value = credit[msg.sender][token];
        if (value == 0) revert NothingToCollect(msg.sender, token);
        credit[msg.sender][token] = 0;
        emit Collected(msg.sender, token, to, value);
        IERC20(token).safeTransfer(to, value);
    }

    /// @dev Divides what arrived since the balance was `before`.
    function _divide(bytes32 tableId, address token, uint256 before, uint256 expected, Payee[] calldata payees)
        private
        returns (uint256 arrived)
    {
        uint256 total = _totalOf(payees);
        uint256 current = TokenCalls.held(token);
        if (current <= before) revert NothingPushed(tableId, token, expected);
        arrived = current - before;
        uint256 sharesSoFar = 0;
        uint256 paidSoFar = 0;
        uint256 credited = 0;
        for (uint256 i = 0; i < payees.length; ++i) {
            Payee calldata payee = payees[i];
            sharesSoFar += payee.shares;
            // Checked: a value beyond 2^126 times such shares reverts rather than wraps.
            uint256 through = (arrived * sharesSoFar) / total;
            uint256 part = through - paidSoFar;
            paidSoFar = through;
            if (part == 0 || _tryTransfer(token, payee.account, part)) continue;
            credit[payee.account][token] += part;
            credited += part;
            emit Credited(tableId, payee.account, token, part);
        }
        if (credited != 0) _requireCovered(tableId, token, before, credited);
    }

    /// @dev Cannot overflow: at most four numbers of 128 bits.
    function _totalOf(Payee[] calldata payees) private pure returns (uint256 total) {
        for (uint256 i = 0; i < payees.length && i < PAYEES_MAX; ++i) total += payees[i].shares;
        if (total == 0 || payees.length > PAYEES_MAX) revert InvalidTable(payees.length, total);
    }

    /// @dev False when the token refuses. The token has code: it answered with a balance.
    function _tryTransfer(address token, address to, uint256 value) private returns (bool) {
        // A 64th stays with the caller (EIP-150); twice that leaves room for what is done around the call.
        uint256 needed = TRANSFER_GAS_MAX + TRANSFER_GAS_MAX / 32;
        if (gasleft() < needed) revert GasTooLow(gasleft(), needed);
        bytes memory order = abi.encodeCall(IERC20.transfer, (to, value));
        bool ok;
        uint256 answer;
        assembly ("memory-safe") {
            // At most one word of the answer is looked at, however long it is. No answer counts as yes, as with tokens of the old kind.
            mstore(0x00, 0)
            ok := call(TRANSFER_GAS_MAX, token, 0, add(order, 0x20), mload(order), 0x00, 0x20)
            answer := 1
            if returndatasize() { answer := mload(0x00) }
        }
        return ok && answer == 1;
    }

    /// @dev A token that refuses by its answer and moves the money all the same would leave a credit that others' credits pay.
    function _requireCovered(bytes32 tableId, address token, uint256 before, uint256 credited) private view {
        uint256 current = TokenCalls.held(token);
        uint256 left = current > before ? current - before : 0;
        if (left < credited) revert CreditNotCovered(tableId, token, credited, left);
    }
}
