// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {HubDomain} from "./HubDomain.sol";
import {HubPots} from "./HubPots.sol";

/// @title Entitlements and their payment.
abstract contract HubClaims is HubPots, HubDomain, IHubClaims {
    using SafeERC20 for IERC20;

    bytes32 private constant CLAIM_TO_TYPEHASH =
        keccak256("ClaimTo(bytes32 splitId,address token,address account,address to,uint256 paidMax,uint256 deadline)");

    /// @inheritdoc IHubClaims
    mapping(bytes32 splitId => mapping(address token => mapping(address account => uint256))) public paid;

    /// @inheritdoc IHubClaims
    function claim(Share calldata share, address token) external nonReentrant returns (uint256 due) {
        bytes32 splitId = _verify(share);
        due = _settle(splitId, share, token, type(uint256).max);
        if (due == 0) return 0;
        emit Claimed(splitId, share.account, token, due);
        IERC20(token).safeTransfer(share.account, due);
    }

    /// @inheritdoc IHubClaims
    function claimMany(Share[] calldata shares, address token) external nonReentrant returns (uint256 sum) {
        if (shares.length == 0) return 0;
        address account = shares[0].account;
        Part[] memory parts = new Part[](shares.length);
        uint256 count = 0;
        for (uint256 i = 0; i < shares.length; ++i) {
            Share calldata share = shares[i];
            if (share.account != account) revert OtherAccount(share.account, account);
            if (!_isShare(share) || !_isProved(share)) continue;
            bytes32 splitId = _splitIdOf(share);
            (uint256 due, uint256 available) = _due(splitId, share, token, type(uint256).max);
            if (due == 0 || due > available) continue;
            _book(splitId, share.account, token, due);
            parts[count++] = Part(splitId, due);
            // Cannot overflow: each is at most 2^128, and calldata holds fewer than 2^128 rows.
            unchecked {
                sum += due;
            }
        }
        if (sum == 0) return 0;
        // Shortens the list to what was filled; the memory behind it stays unused.
        assembly ("memory-safe") {
            mstore(parts, count)
        }
        emit ClaimedMany(account, token, parts);
        IERC20(token).safeTransfer(account, sum);
    }

    /// @inheritdoc IHubClaims
    function claimTo(Share calldata share, address token, Redirect calldata redirect) external nonReentrant returns (uint256 due) {
        bytes32 splitId = _verify(share);
        _requireRedirect(splitId, share.account, token, redirect);
        due = _settle(splitId, share, token, redirect.paidMax);
        if (due == 0) return 0;
        emit ClaimedTo(splitId, share.account, token, redirect.to, due);
        IERC20(token).safeTransfer(redirect.to, due);
    }

    /// @dev Books what is due as paid. Reverts when the split's own money does not cover it.
    function _settle(bytes32 splitId, Share calldata share, address token, uint256 paidMax) private returns (uint256 due) {
        uint256 available;
        (due, available) = _due(splitId, share, token, paidMax);
        if (due == 0) return 0;
        if (due > available) revert SplitInsolvent(splitId, token, due, available);
        _book(splitId, share.account, token, due);
    }

    /// @dev What the account may be paid now, and what the split has. `available` is the isolation of splits: nobody checks that the shares
    /// of a table sum to its total, so a table may promise more than it has, but never pays with another's money.
    function _due(bytes32 splitId, Share calldata share, address token, uint256 paidMax)
        private
        view
        returns (uint256 due, uint256 available)
    {
        Pot storage own = pot[splitId][token];
        uint256 received = own.received;
        uint256 before = paid[splitId][token][share.account];
        unchecked {
            // paidOut <= received is the pot's invariant.
            available = received - own.paidOut;
            // Cannot overflow: received < 2^128 and shares <= totalShares < 2^128. The floor is monotone in `received`, and grows beyond
            // `before` or stays: it can fall behind only when one account stands in the table twice, and then nothing is due.
            uint256 entitlement = (received * share.shares) / share.totalShares;
            if (entitlement > paidMax) entitlement = paidMax;
            if (entitlement > before) due = entitlement - before;
        }
    }

    /// @dev Fits: paidOut + due <= received, which has 128 bits, and what an account was paid is at most what its split received.
    function _book(bytes32 splitId, address account, address token, uint256 due) private {
        unchecked {
            pot[splitId][token].paidOut += uint128(due);
            paid[splitId][token][account] += due;
        }
    }

    /// @dev The id of the split to which this share belongs, by proof.
    function _verify(Share calldata share) private pure returns (bytes32) {
        if (!_isShare(share)) revert InvalidShare(share.shares, share.totalShares);
        if (!_isProved(share)) revert InvalidProof(share.root, share.account, share.shares);
        return _splitIdOf(share);
    }

    function _isShare(Share calldata share) private pure returns (bool) {
        return share.shares != 0 && share.shares <= share.totalShares && share.totalShares <= type(uint128).max;
    }

    /// @dev The leaf is hashed twice, so that no inner node (one hash of 64 bytes) can pass for a leaf.
    function _isProved(Share calldata share) private pure returns (bool) {
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(share.account, share.shares))));
        return MerkleProof.verifyCalldata(share.proof, share.root, leaf);
    }

    function _splitIdOf(Share calldata share) private pure returns (bytes32) {
        return keccak256(abi.encode(share.root, share.totalShares, share.metadataHash));
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
