// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {IReceiveWithAuthorization} from "../interfaces/IReceiveWithAuthorization.sol";
import {HubDomain} from "./HubDomain.sol";
import {HubPots} from "./HubPots.sol";
import {TokenCalls} from "./TokenCalls.sol";

/// @title Deposits for vouchers, and their way back to the payer.
abstract contract HubChannels is HubPots, HubDomain, IHubChannels {
    using SafeERC20 for IERC20;

    /// @dev One storage slot. `claimed <= deposit` always. All zero before the channel is opened, and never again after.
    struct Channel {
        uint96 deposit;
        uint96 claimed;
        uint40 closeAt;
    }

    /// @inheritdoc IHubChannels
    uint256 public constant CLOSE_DELAY = 1 days;

    /// @dev `closeAt` of a channel whose rest is paid back. It is never opened again: old vouchers would be good for the new deposit.
    uint40 private constant CLOSED = type(uint40).max;

    bytes32 private constant CLOSE_TYPEHASH = keccak256("Close(bytes32 channelId,uint96 claimedMin)");
    bytes32 private constant DEPOSIT_TYPEHASH = keccak256("ChannelDeposit(bytes32 channelId,bytes32 salt)");

    /// @inheritdoc IHubChannels
    mapping(bytes32 channelId => Channel) public channel;

    /// @inheritdoc IHubChannels
    function open(bytes32 splitId, address token, uint96 salt, address closer, uint256 value)
        external
        nonReentrant
        returns (bytes32 channelId)
    {
        channelId = _channelId(_payerWord(msg.sender, salt), _termsHash(splitId, token, closer));
        Channel storage own = channel[channelId];
        // A channel that was closed with nothing claimed has no deposit either, but its time says that it was.
        if (own.deposit != 0 || own.closeAt != 0) revert ChannelExists(channelId);
        uint256 arrived = _pull(channelId, token, value);
        _deposit(channelId, own, arrived);
        emit ChannelOpened(channelId, msg.sender, splitId, token, arrived, salt, closer);
    }

    /// @inheritdoc IHubChannels
    function openWithAuthorization(ChannelTerms calldata terms, DepositAuth calldata auth)
        external
        nonReentrant
        returns (bytes32 channelId)
    {
        channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        _requireOpen(channelId, own);
        uint256 before = TokenCalls.held(terms.token);
        IReceiveWithAuthorization(terms.token).receiveWithAuthorization(
            terms.payer,
            address(this),
            auth.value,
            auth.validAfter,
            auth.validBefore,
            keccak256(abi.encode(DEPOSIT_TYPEHASH, channelId, auth.salt)),
            auth.signature
        );
        uint256 arrived = _arrived(channelId, terms.token, before, auth.value);
        bool isNew = own.deposit == 0;
        _deposit(channelId, own, arrived);
        if (isNew) {
            emit ChannelOpened(channelId, terms.payer, terms.splitId, terms.token, arrived, terms.salt, terms.closer);
        } else {
            emit ChannelToppedUp(channelId, terms.splitId, terms.token, arrived);
        }
    }

    /// @inheritdoc IHubChannels
    function topUp(ChannelTerms calldata terms, uint256 value) external nonReentrant {
        bytes32 channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        if (own.deposit == 0) revert ChannelMissing(channelId);
        _requireOpen(channelId, own);
        uint256 arrived = _pull(channelId, terms.token, value);
        _deposit(channelId, own, arrived);
        emit ChannelToppedUp(channelId, terms.splitId, terms.token, arrived);
    }

    /// @inheritdoc IHubChannels
    function requestClose(ChannelTerms calldata terms) external nonReentrant {
        if (msg.sender != terms.payer) revert OnlyPayer(msg.sender, terms.payer);
        bytes32 channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        if (own.deposit == 0) revert ChannelMissing(channelId);
        _requireOpen(channelId, own);
        uint256 closeAt = block.timestamp + CLOSE_DELAY;
        // Fits for 34,000 years.
        own.closeAt = uint40(closeAt);
        emit CloseRequested(channelId, closeAt);
    }

    /// @inheritdoc IHubChannels
    function withdraw(ChannelTerms calldata terms) external nonReentrant returns (uint256 value) {
        bytes32 channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        uint256 closeAt = own.closeAt;
        // A closed channel's time is never reached.
        if (closeAt == 0 || block.timestamp < closeAt) revert CloseNotDue(channelId, closeAt);
        return _refund(channelId, own, terms);
    }

    /// @inheritdoc IHubChannels
    function closeCooperatively(ChannelTerms calldata terms, uint96 claimedMin, bytes calldata signature)
        external
        nonReentrant
        returns (uint256 value)
    {
        bytes32 channelId = channelIdOf(terms);
        Channel storage own = channel[channelId];
        if (own.deposit == 0) revert ChannelMissing(channelId);
        if (own.closeAt == CLOSED) revert ChannelClosing(channelId, CLOSED);
        if (own.claimed < claimedMin) revert ClaimFirst(channelId, own.claimed, claimedMin);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CLOSE_TYPEHASH, channelId, claimedMin)));
        if (!SignatureChecker.isValidSignatureNowCalldata(terms.closer, digest, signature)) {
            revert InvalidClose(channelId, terms.closer);
        }
        return _refund(channelId, own, terms);
    }

    /// @inheritdoc IHubChannels
    function channelIdOf(ChannelTerms calldata terms) public pure returns (bytes32) {
        return _channelId(_payerWord(terms.payer, terms.salt), _termsHash(terms.splitId, terms.token, terms.closer));
    }

    function _channelId(bytes32 payerWord, bytes32 termsHash) internal pure returns (bytes32) {
        return Hashes.efficientKeccak256(payerWord, termsHash);
    }

    /// @dev Payer and salt in one word, as the first 32 bytes of a packed row have them.
    function _payerWord(address payer, uint96 salt) private pure returns (bytes32) {
        return bytes32((uint256(uint160(payer)) << 96) | salt);
    }

    /// @dev What all channels of one `claimPacked` have in common.
    function _termsHash(bytes32 splitId, address token, address closer) internal pure returns (bytes32) {
        return keccak256(abi.encode(splitId, token, closer));
    }

    function _pull(bytes32 channelId, address token, uint256 value) private returns (uint256) {
        uint256 before = TokenCalls.held(token);
        IERC20(token).safeTransferFrom(msg.sender, address(this), value);
        return _arrived(channelId, token, before, value);
    }

    function _requireOpen(bytes32 channelId, Channel storage own) private view {
        uint256 closeAt = own.closeAt;
        if (closeAt != 0) revert ChannelClosing(channelId, closeAt);
    }

    function _deposit(bytes32 channelId, Channel storage own, uint256 value) private {
        uint256 deposit = own.deposit;
        unchecked {
            if (value > type(uint96).max - deposit) revert DepositOverflow(channelId, deposit, value);
            // Fits: the line above.
            own.deposit = uint96(deposit + value);
        }
    }

    /// @dev Closes for ever: `deposit` falls to `claimed`, so that no voucher is good any more.
    function _refund(bytes32 channelId, Channel storage own, ChannelTerms calldata terms) private returns (uint256 value) {
        uint96 claimed = own.claimed;
        unchecked {
            // claimed <= deposit is the channel's invariant.
            value = own.deposit - claimed;
        }
        own.deposit = claimed;
        own.closeAt = CLOSED;
        emit ChannelWithdrawn(channelId, terms.splitId, terms.payer, terms.token, value);
        if (value != 0) IERC20(terms.token).safeTransfer(terms.payer, value);
    }
}
