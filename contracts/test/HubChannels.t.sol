// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {ChannelFixture} from "./ChannelFixture.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";

/// @title Deposits into channels and their way back.
contract HubChannelsTest is ChannelFixture {
    uint40 private constant CLOSED = type(uint40).max;

    function state(bytes32 channelId, uint256 deposit, uint256 claimed, uint256 closeAt) private view {
        (uint96 ownDeposit, uint96 ownClaimed, uint40 ownCloseAt) = hub.channel(channelId);
        same("deposit", ownDeposit, deposit);
        same("claimed", ownClaimed, claimed);
        same("closeAt", ownCloseAt, closeAt);
    }

    function test_aChannelOpensWithItsFirstDeposit() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        bytes32 channelId = idOf(terms);
        vm.prank(payer);
        usdc.approve(address(hub), DEPOSIT);
        vm.expectEmit(address(hub));
        emit IHubChannels.ChannelOpened(channelId, payer, splitId, address(usdc), DEPOSIT, 7, closer);
        vm.prank(payer);
        isTrue("id", hub.open(splitId, address(usdc), 7, closer, DEPOSIT) == channelId);
        isTrue("id of terms", hub.channelIdOf(terms) == channelId);
        state(channelId, DEPOSIT, 0, 0);
        same("hub", usdc.balanceOf(address(hub)), DEPOSIT);
        same("no pot", receivedOf(splitId), 0);
    }

    function test_aChannelOpensOnce() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelExists.selector, idOf(terms)));
        hub.open(splitId, address(usdc), 7, closer, 1);
    }

    /// A deposit of 0 does not tell a channel that was closed with nothing claimed from one that never was.
    function test_aChannelClosedUnusedNeverOpensAgain() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        bytes32 channelId = idOf(terms);
        hub.closeCooperatively(terms, 0, signedClose(channelId, 0));
        state(channelId, 0, 0, CLOSED);
        vm.prank(payer);
        usdc.approve(address(hub), DEPOSIT);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelExists.selector, channelId));
        hub.open(splitId, address(usdc), 7, closer, DEPOSIT);
        IHubChannels.DepositAuth memory auth = signedDeposit(channelId, 5e6, "1");
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelClosing.selector, channelId, CLOSED));
        hub.openWithAuthorization(terms, auth);
    }

    function test_aSignatureOpensAndTopsUp() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        bytes32 channelId = idOf(terms);
        vm.expectEmit(address(hub));
        emit IHubChannels.ChannelOpened(channelId, payer, splitId, address(usdc), 5e6, 7, closer);
        hub.openWithAuthorization(terms, signedDeposit(channelId, 5e6, "1"));
        vm.expectEmit(address(hub));
        emit IHubChannels.ChannelToppedUp(channelId, splitId, address(usdc), 2e6);
        hub.openWithAuthorization(terms, signedDeposit(channelId, 2e6, "2"));
        state(channelId, 7e6, 0, 0);
        IHubChannels.DepositAuth memory used = signedDeposit(channelId, 2e6, "2");
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        hub.openWithAuthorization(terms, used);
    }

    /// A relayer cannot turn a deposit into another channel, or into a payment, nor a payment into a deposit.
    function test_aSignedDepositGoesToItsChannelOnly() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        bytes32 channelId = idOf(terms);
        IHubChannels.DepositAuth memory auth = signedDeposit(channelId, 5e6, "1");
        IHubChannels.ChannelTerms memory other = termsOf(PAYER_KEY, 7);
        other.splitId = keccak256("the relayer's own split");
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.openWithAuthorization(other, auth);
        other = termsOf(PAYER_KEY, 7);
        other.closer = address(this);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.openWithAuthorization(other, auth);
        IHubPayments.Auth memory payment =
            IHubPayments.Auth(channelId, "1", payer, 5e6, 0, START + 60, auth.signature);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), payment);
        payment = signedAuth(channelId, "1", 5e6);
        auth.signature = payment.signature;
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.openWithAuthorization(terms, auth);
    }

    function test_anyoneMayTopUpAnOpenChannel() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        bytes32 channelId = idOf(terms);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelMissing.selector, channelId));
        hub.topUp(terms, 1);
        opened(PAYER_KEY, 7, DEPOSIT);
        hub.topUp(terms, 5);
        state(channelId, DEPOSIT + 5, 0, 0);
        vm.prank(payer);
        hub.requestClose(terms);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelClosing.selector, channelId, START + 1 days));
        hub.topUp(terms, 1);
    }

    function test_aDepositOfNothingReverts() public {
        bytes32 channelId = idOf(IHubChannels.ChannelTerms(address(this), 7, splitId, address(usdc), closer));
        vm.expectRevert(
            abi.encodeWithSelector(IHubPayments.NothingArrived.selector, channelId, address(usdc), 0)
        );
        hub.open(splitId, address(usdc), 7, closer, 0);
    }

    function test_aDepositEndsAt96Bits() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, type(uint96).max);
        bytes32 channelId = idOf(terms);
        state(channelId, type(uint96).max, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IHubChannels.DepositOverflow.selector, channelId, type(uint96).max, 1)
        );
        hub.topUp(terms, 1);
        uint256 more = uint256(type(uint96).max) + 1;
        channelId = idOf(IHubChannels.ChannelTerms(address(this), 8, splitId, address(usdc), closer));
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.DepositOverflow.selector, channelId, 0, more));
        hub.open(splitId, address(usdc), 8, closer, more);
    }

    function test_theRestReturnsAfterTheDelay() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        bytes32 channelId = idOf(terms);
        uint256 before = usdc.balanceOf(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.CloseNotDue.selector, channelId, 0));
        hub.withdraw(terms);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.OnlyPayer.selector, address(this), payer));
        hub.requestClose(terms);
        vm.expectEmit(address(hub));
        emit IHubChannels.CloseRequested(channelId, START + 1 days);
        vm.prank(payer);
        hub.requestClose(terms);
        vm.warp(START + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.CloseNotDue.selector, channelId, START + 1 days));
        hub.withdraw(terms);
        vm.warp(START + 1 days);
        vm.expectEmit(address(hub));
        emit IHubChannels.ChannelWithdrawn(channelId, splitId, payer, address(usdc), DEPOSIT);
        same("rest", hub.withdraw(terms), DEPOSIT);
        same("payer", usdc.balanceOf(payer) - before, DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.CloseNotDue.selector, channelId, CLOSED));
        hub.withdraw(terms);
    }

    function test_aCloseIsRequestedOnceAndOfAChannelThatIs() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelMissing.selector, idOf(terms)));
        hub.requestClose(terms);
        opened(PAYER_KEY, 7, DEPOSIT);
        vm.prank(payer);
        hub.requestClose(terms);
        vm.warp(START + 60);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelClosing.selector, idOf(terms), START + 1 days));
        hub.requestClose(terms);
    }

    function test_theCloserMayReturnTheRestAtOnce() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        bytes32 channelId = idOf(terms);
        bytes memory signature = signedClose(channelId, 30e6);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ClaimFirst.selector, channelId, 0, 30e6));
        hub.closeCooperatively(terms, 30e6, signature);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.InvalidClose.selector, channelId, closer));
        hub.closeCooperatively(terms, 0, signature);
        hub.claimPacked(splitId, address(usdc), closer, rowOf(PAYER_KEY, 7, 30e6));
        same("rest", hub.closeCooperatively(terms, 30e6, signature), DEPOSIT - 30e6);
        state(channelId, 30e6, 30e6, CLOSED);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelClosing.selector, channelId, CLOSED));
        hub.closeCooperatively(terms, 30e6, signature);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.ChannelMissing.selector, idOf(termsOf(PAYER_KEY, 8))));
        hub.closeCooperatively(termsOf(PAYER_KEY, 8), 0, signature);
    }

    /// Without a closer nobody can skip the delay: the zero address signs nothing.
    function test_aChannelWithoutCloserKeepsItsDelay() public {
        IHubChannels.ChannelTerms memory terms = termsOf(PAYER_KEY, 7);
        terms.closer = address(0);
        vm.prank(payer);
        usdc.approve(address(hub), DEPOSIT);
        vm.prank(payer);
        hub.open(splitId, address(usdc), 7, address(0), DEPOSIT);
        bytes memory forged = abi.encodePacked(bytes32(0), bytes32(0), uint8(27));
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.InvalidClose.selector, idOf(terms), address(0)));
        hub.closeCooperatively(terms, 0, forged);
    }
}
