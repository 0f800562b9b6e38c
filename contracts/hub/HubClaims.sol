// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {HubDomain} from "./HubDomain.sol";
import {HubPots} from "./HubPots.sol";
import {SplitHash} from "./SplitHash.sol";

/// @title Entitlements and their payment.
abstract contract HubClaims is HubPots, HubDomain, IHubClaims {
    using SafeERC20 for IERC20;

    bytes32 private constant CLAIM_TO_TYPEHASH =
        keccak256("ClaimTo(bytes32 splitId,address token,address account,address to,uint256 paidMax,uint256 deadline)");

    /// @inheritdoc IHubClaims
    function claim(Share calldata share, address token) external nonReentrant returns (uint256 due) {
        bytes32 splitId = _requireShare(share);
        due = _settle(splitId, share, token, type(uint256).max);
        if (due == 0) return 0;
        emit Claimed(splitId, share.account, token, due);
        IERC20(token).safeTransfer(share.account, due);
    }

    /// @inheritdoc IHubClaims
    function claimMany(address account, address token, SplitShare[] calldata shares, bytes32[] calldata proofs)
        external
        nonReentrant
        returns (uint256 sum)
    {
        bytes32[] memory splitIds = new bytes32[](shares.length);
        uint256[] memory values = new uint256[](shares.length);
        uint256 count = 0;
        uint256 used = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            SplitShare calldata share = shares[i];
            uint256 end;
            // A sum that wraps is below `used`, and a slice that ends before it begins reverts.
            unchecked {
                end = used + share.proofLength;
            }
            bytes32[] calldata proof = proofs[used:end];
            used = end;
            if (!_isShare(share.shares, share.totalShares)) continue;
            if (!_isProved(account, share.shares, share.root, proof)) continue;
            bytes32 splitId = SplitHash.idOf(share.root, share.totalShares, share.metadataHash);
            (uint256 due, uint256 available) =
                _take(_pots[splitId][token], account, share.shares, share.totalShares, type(uint256).max);
            if (due == 0 || due > available) continue;
            splitIds[count] = splitId;
            values[count] = due;
            // Cannot overflow: each is less than 2^128, and calldata holds fewer than 2^128 rows.
            unchecked {
                sum += due;
                ++count;
            }
        }
        if (sum == 0) return 0;
        // Shortens both lists to what was filled; the memory behind them stays unused.
        assembly ("memory-safe") {
            mstore(splitIds, count)
            mstore(values, count)
        }
        emit ClaimedMany(account, token, splitIds, values);
        IERC20(token).safeTransfer(account, sum);
    }

    /// @inheritdoc IHubClaims
    function claimTo(Share calldata share, address token, Redirect calldata redirect) external nonReentrant returns (uint256 due) {
        bytes32 splitId = _requireShare(share);
        _requireRedirect(splitId, share.account, token, redirect);
        due = _settle(splitId, share, token, redirect.paidMax);
        if (due == 0) return 0;
        emit ClaimedTo(splitId, share.account, token, redirect.to, due);
        IERC20(token).safeTransfer(redirect.to, due);
    }

    /// @inheritdoc IHubClaims
    function paid(bytes32 splitId, address token, address account) external view returns (uint256) {
        return _pots[splitId][token].paid[account];
    }

    /// @dev Reverts when the split's own money does not cover what is due.
    function _settle(bytes32 splitId, Share calldata share, address token, uint256 paidMax) private returns (uint256 due) {
        uint256 available;
        (due, available) = _take(_pots[splitId][token], share.account, share.shares, share.totalShares, paidMax);
        if (due > available) revert SplitInsolvent(splitId, token, due, available);
    }

    /// @dev What is due to the account now, booked as paid if `available`, what the split has left, covers it. That is the isolation of
    /// splits: nobody checks that the shares of a table sum to its total, so a table may promise more than it has, but never pays with
    /// another's money. One function, so that each slot is read once.
    function _take(Pot storage own, address account, uint256 shares, uint256 totalShares, uint256 paidMax)
        private
        returns (uint256 due, uint256 available)
    {
        uint256 received = own.received;
        uint256 paidOut = own.paidOut;
        uint256 before = own.paid[account];
        unchecked {
            // paidOut <= received is the pot's invariant.
            available = received - paidOut;
            // Cannot overflow: received < 2^128 and shares <= totalShares < 2^128. The floor is monotone in `received`, and grows beyond
            // `before` or stays: it can fall behind only when one account stands in the table twice, and then nothing is due.
            uint256 entitlement = (received * shares) / totalShares;
            if (entitlement > paidMax) entitlement = paidMax;
            if (entitlement <= before) return (0, available);
            due = entitlement - before;
            if (due > available) return (due, available);
            // Fits: paidOut + due <= received, which has 128 bits.
            own.paidOut = uint128(paidOut + due);
            own.paid[account] = entitlement;
        }
    }

    function _requireShare(Share calldata share) private pure returns (bytes32) {
        if (!_isShare(share.shares, share.totalShares)) revert InvalidShare(share.shares, share.totalShares);
        if (!_isProved(share.account, share.shares, share.root, share.proof)) {
            revert InvalidProof(share.root, share.account, share.shares);
        }
        return SplitHash.idOf(share.root, share.totalShares, share.metadataHash);
    }

    function _isShare(uint256 shares, uint256 totalShares) private pure returns (bool) {
        return shares != 0 && shares <= totalShares && totalShares <= type(uint128).max;
    }

    function _isProved(address account, uint256 shares, bytes32 root, bytes32[] calldata proof) private pure returns (bool) {
        return SplitHash.rootOf(SplitHash.leafOf(account, shares), proof) == root;
    }

    function _requireRedirect(bytes32 splitId, address account, address token, Redirect calldata redirect) private view {
        if (block.timestamp > redirect.deadline) revert DeadlinePassed(redirect.deadline, block.timestamp);
        bytes32 structHash = keccak256(
            abi.encode(CLAIM_TO_TYPEHASH, splitId, token, account, redirect.to, redirect.paidMax, redirect.deadline)
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(account, _hashTypedDataV4(structHash), redirect.signature)) {
            revert InvalidRedirect(account, redirect.to);
        }
    }
}
