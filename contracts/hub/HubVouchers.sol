// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {HubChannels} from "./HubChannels.sol";

/// @title Vouchers into pots: many packed in one call, or one by a contract's word.
abstract contract HubVouchers is HubChannels {
    bytes32 private constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 cumulative)");

    /// @dev payer 20, salt 12, cumulative 16, r 32, vs 32.
    uint256 private constant ROW_BYTES = 112;

    /// @inheritdoc IHubChannels
    function claimPacked(bytes32 splitId, address token, address closer, bytes calldata rows)
        external
        nonReentrant
        returns (uint256 value)
    {
        uint256 length = rows.length;
        if (length == 0 || length % ROW_BYTES != 0) revert MalformedRows(length);
        bytes32 termsHash = _termsHash(splitId, token, closer);
        bytes32 domain = _domainSeparatorV4();
        uint256 good = 0;
        // Cannot overflow: each row adds less than 2^96, and calldata holds fewer than 2^32 rows.
        unchecked {
            for (uint256 start = 0; start < length; start += ROW_BYTES) {
                uint256 gained = _claimRow(rows[start:start + ROW_BYTES], termsHash, domain);
                if (gained == 0) continue;
                value += gained;
                ++good;
            }
        }
        if (good == 0) return 0;
        _addToPot(splitId, token, value);
        emit VouchersClaimed(splitId, token, value, good);
    }

    /// @inheritdoc IHubChannels
    function claim1271(ChannelTerms calldata terms, uint128 cumulative, bytes calldata signature)
        external
        nonReentrant
        returns (uint256 value)
    {
        bytes32 channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        uint256 claimed = own.claimed;
        if (cumulative <= claimed) revert VoucherRefused(channelId, SkipReason.NotHigher);
        if (cumulative > own.deposit) revert VoucherRefused(channelId, SkipReason.OverDeposit);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, cumulative)));
        if (!SignatureChecker.isValidSignatureNowCalldata(terms.payer, digest, signature)) {
            revert VoucherRefused(channelId, SkipReason.NotSigned);
        }
        // Fits: cumulative <= deposit, which has 96 bits; and it is above claimed.
        own.claimed = uint96(cumulative);
        unchecked {
            value = cumulative - claimed;
        }
        _addToPot(terms.splitId, terms.token, value);
        emit VouchersClaimed(terms.splitId, terms.token, value, 1);
    }

    /// @dev What one row moves; 0 when it is skipped. The slot is read before the signature is recovered: a stale row costs little.
    function _claimRow(bytes calldata row, bytes32 termsHash, bytes32 domain) private returns (uint256) {
        bytes32 payerWord = bytes32(row[0:32]);
        uint256 cumulative = uint128(bytes16(row[32:48]));
        bytes32 channelId = _channelId(payerWord, termsHash);
        Channel storage own = channel[channelId];
        uint256 claimed = own.claimed;
        if (cumulative <= claimed) return _skip(channelId, SkipReason.NotHigher);
        if (cumulative > own.deposit) return _skip(channelId, SkipReason.OverDeposit);
        bytes32 digest = keccak256(
            abi.encodePacked(hex"1901", domain, keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, cumulative)))
        );
        bytes32 vs = bytes32(row[80:112]);
        // EIP-2098: the top bit of vs is v - 27. A high s is not refused: a voucher is counted by its cumulative, not by its signature.
        address signer =
            ecrecover(digest, uint8(27 + (uint256(vs) >> 255)), bytes32(row[48:80]), vs & bytes32(uint256(type(int256).max)));
        if (signer == address(0) || signer != address(bytes20(payerWord))) return _skip(channelId, SkipReason.NotSigned);
        // Fits: cumulative <= deposit, which has 96 bits; and it is above claimed.
        own.claimed = uint96(cumulative);
        unchecked {
            return cumulative - claimed;
        }
    }

    function _skip(bytes32 channelId, SkipReason reason) private returns (uint256) {
        emit VoucherSkipped(channelId, reason);
        return 0;
    }
}
