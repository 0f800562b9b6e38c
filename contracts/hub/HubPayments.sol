// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {IPermit2} from "../interfaces/IPermit2.sol";
import {HubPots} from "./HubPots.sol";
import {TokenCalls} from "./TokenCalls.sol";

/// @title Payments by signature and by approval.
abstract contract HubPayments is HubPots {
    using SafeERC20 for IERC20;

    /// @dev Uniswap deployed Permit2 at this address on every chain it serves. Where it is not, `payPermit2` reverts for want of code.
    IPermit2 private constant PERMIT2 = IPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);

    bytes32 private constant WITNESS_TYPEHASH = keccak256("SwitchyardPayment(bytes32 splitId,bytes32 ref)");

    /// @dev Permit2 puts its own stub before this; the types after the first follow in alphabetical order (EIP-712).
    string private constant WITNESS_TYPE_STRING =
        "SwitchyardPayment witness)SwitchyardPayment(bytes32 splitId,bytes32 ref)TokenPermissions(address token,uint256 amount)";

    /// @dev What one row of a batch may burn. A signature judged by the payer's own contract can cost anything; without a limit one such row
    /// would burn 63/64 of the batch's gas. A passkey's signature checked in Solidity is the dearest honest one, under 400,000.
    uint256 private constant ROW_GAS_MAX = 500_000;

    /// @inheritdoc IHubPayments
    function pay(address token, Auth calldata auth) external nonReentrant {
        uint256 before = TokenCalls.held(token);
        if (!_tryReceive(token, auth, gasleft())) TokenCalls.bubble();
        uint256 arrived = _arrived(auth.splitId, token, before, auth.value);
        _addToPot(auth.splitId, token, arrived);
        emit Paid(auth.splitId, auth.ref, auth.from, token, arrived);
    }

    /// @inheritdoc IHubPayments
    function payBatch(address token, Auth[] calldata auths) external nonReentrant returns (bool[] memory good) {
        good = new bool[](auths.length);
        uint256 before = TokenCalls.held(token);
        uint256 sum = 0;
        // Rows for one split that stand together are added to its pot at once.
        bytes32 splitId;
        uint256 gathered = 0;
        for (uint256 i = 0; i < auths.length; ++i) {
            Auth calldata auth = auths[i];
            uint256 value = auth.value;
            if (value == 0 || value > type(uint128).max || !_tryReceive(token, auth, ROW_GAS_MAX)) {
                emit PaymentSkipped(auth.splitId, auth.ref, auth.from, token);
                continue;
            }
            if (auth.splitId != splitId) {
                if (gathered != 0) _addToPot(splitId, token, gathered);
                splitId = auth.splitId;
                gathered = 0;
            }
            good[i] = true;
            // Cannot overflow: each is less than 2^128, and calldata holds fewer than 2^128 rows.
            unchecked {
                gathered += value;
                sum += value;
            }
            emit Paid(auth.splitId, auth.ref, auth.from, token, value);
        }
        if (gathered != 0) _addToPot(splitId, token, gathered);
        _requireAll(token, before, sum);
    }

    /// @inheritdoc IHubPayments
    function payPermit2(address token, PermitAuth calldata auth) external nonReentrant {
        uint256 before = TokenCalls.held(token);
        PERMIT2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom(IPermit2.TokenPermissions(token, auth.value), auth.nonce, auth.deadline),
            IPermit2.SignatureTransferDetails(address(this), auth.value),
            auth.from,
            keccak256(abi.encode(WITNESS_TYPEHASH, auth.splitId, auth.ref)),
            WITNESS_TYPE_STRING,
            auth.signature
        );
        uint256 arrived = _arrived(auth.splitId, token, before, auth.value);
        _addToPot(auth.splitId, token, arrived);
        emit Paid(auth.splitId, auth.ref, auth.from, token, arrived);
    }

    /// @inheritdoc IHubPayments
    function fund(bytes32 splitId, bytes32 ref, address token, uint256 value) external nonReentrant {
        uint256 before = TokenCalls.held(token);
        IERC20(token).safeTransferFrom(msg.sender, address(this), value);
        uint256 arrived = _arrived(splitId, token, before, value);
        _addToPot(splitId, token, arrived);
        emit Paid(splitId, ref, msg.sender, token, arrived);
    }

    /// @dev The nonce commits to split and reference: with it the payer signs for what the money is.
    function _tryReceive(address token, Auth calldata auth, uint256 gasMax) private returns (bool) {
        return TokenCalls.tryReceive(token, auth, Hashes.efficientKeccak256(auth.splitId, auth.ref), gasMax);
    }

    /// @dev The rows of a batch were credited as signed; together they must have arrived. More than that is a gift to nobody.
    function _requireAll(address token, uint256 before, uint256 sum) private view {
        uint256 current = TokenCalls.held(token);
        uint256 arrived = current > before ? current - before : 0;
        if (arrived < sum) revert BatchFellShort(token, sum, arrived);
    }
}
