// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {HubFixture} from "./HubFixture.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";

/// @title Money in by signature and by approval.
contract HubPaymentsTest is HubFixture {
    function test_aSignedPaymentCreditsItsSplit() public {
        vm.expectEmit(address(hub));
        emit IHubPayments.Paid(splitId, REF, payer, address(usdc), 5e6);
        hub.pay(address(usdc), signedAuth(splitId, REF, 5e6));
        same("received", receivedOf(splitId), 5e6);
        same("payer", usdc.balanceOf(payer), 995e6);
        same("hub", usdc.balanceOf(address(hub)), 5e6);
        isTrue("nonce used", usdc.authorizationState(payer, keccak256(abi.encode(splitId, REF))));
    }

    function test_aSignedPaymentMayBeSubmittedByAnyone() public {
        vm.prank(address(0xBEEF));
        hub.pay(address(usdc), signedAuth(splitId, REF, 5e6));
        same("received", receivedOf(splitId), 5e6);
    }

    function test_aReplayReverts() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        hub.pay(address(usdc), auth);
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        hub.pay(address(usdc), auth);
        same("received", receivedOf(splitId), 5e6);
    }

    function test_aRedirectToAnotherSplitReverts() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        auth.splitId = keccak256("the relayer's own split");
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
        same("received", receivedOf(auth.splitId), 0);
    }

    function test_aRedirectToAnotherReferenceReverts() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        auth.ref = keccak256("the relayer's own invoice");
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
    }

    function test_anotherValueReverts() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        auth.value = 6e6;
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
    }

    /// The attack that makes `transferWithAuthorization` unusable here: the token moves and the hub does not know for whom.
    function test_nobodyCanSendTheAuthorizationPastTheHub() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        bytes32 nonce = keccak256(abi.encode(splitId, REF));
        vm.expectRevert(reverted("FiatTokenV2: caller must be the payee"));
        usdc.receiveWithAuthorization(payer, address(hub), 5e6, 0, START + 60, nonce, auth.signature);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        usdc.transferWithAuthorization(payer, address(hub), 5e6, 0, START + 60, nonce, auth.signature);
        hub.pay(address(usdc), auth);
        same("received", receivedOf(splitId), 5e6);
    }

    function test_anExpiredAuthorizationReverts() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        vm.warp(START + 60);
        vm.expectRevert(reverted("FiatTokenV2: authorization is expired"));
        hub.pay(address(usdc), auth);
    }

    function test_aPaymentOfNothingReverts() public {
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.NothingArrived.selector, splitId, address(usdc), 0));
        hub.fund(splitId, REF, address(usdc), 0);
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 0);
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.NothingArrived.selector, splitId, address(usdc), 0));
        hub.pay(address(usdc), auth);
    }

    function test_anApprovedPaymentCreditsItsSplit() public {
        vm.expectEmit(address(hub));
        emit IHubPayments.Paid(splitId, REF, address(this), address(usdc), 3e6);
        hub.fund(splitId, REF, address(usdc), 3e6);
        hub.fund(splitId, REF, address(usdc), 1);
        same("received", receivedOf(splitId), 3e6 + 1);
    }

    function test_fundingWithoutAllowanceReverts() public {
        usdc.approve(address(hub), 3e6 - 1);
        vm.expectRevert(reverted("ERC20: transfer amount exceeds allowance"));
        hub.fund(splitId, REF, address(usdc), 3e6);
    }

    function test_aPotThatIsFullRefusesMore() public {
        uint256 all = type(uint128).max;
        hub.fund(splitId, REF, address(usdc), all);
        usdc.mint(address(this), 1);
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.PotOverflow.selector, splitId, address(usdc), all, 1));
        hub.fund(splitId, REF, address(usdc), 1);
        hub.fund(bytes32(uint256(1)), REF, address(usdc), 1);
        same("another pot", receivedOf(bytes32(uint256(1))), 1);
    }
}
