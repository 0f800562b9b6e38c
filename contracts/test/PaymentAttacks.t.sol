// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IReceiveWithAuthorization} from "../interfaces/IReceiveWithAuthorization.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {ISplitReceiver} from "../interfaces/ISplitReceiver.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {NaivePayments, NaiveReceiver} from "../mocks/naive/NaivePayments.sol";
import {HubFixture} from "./HubFixture.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";

/// @title Attacks on money that comes in: each works on a contract without the guard, and fails on the hub.
contract PaymentAttacksTest is HubFixture {
    bytes32 private constant OTHER = keccak256("the relayer's own split");

    NaivePayments private naive;

    function setUp() public override {
        super.setUp();
        naive = new NaivePayments();
        usdc.approve(address(naive), type(uint256).max);
    }

    function nonceOf(bytes32 split) private pure returns (bytes32) {
        return keccak256(abi.encode(split, REF));
    }

    /// Whoever submits a transfer authorization straight to the token leaves the money in the contract and its payment unpaid.
    function test_anAuthorizationSentPastTheContractIsLostOnANaiveOne() public {
        bytes memory signature = signAuthorization(
            usdc.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), address(naive), 5e6, nonceOf(splitId)
        );
        usdc.transferWithAuthorization(payer, address(naive), 5e6, 0, START + 60, nonceOf(splitId), signature);
        IHubPayments.Auth memory auth = IHubPayments.Auth(splitId, REF, payer, 5e6, 0, START + 60, signature);
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        naive.payByTransfer(usdc, auth);
        same("held", usdc.balanceOf(address(naive)), 5e6);
        same("for nobody", naive.received(splitId), 0);

        // Another split, because a payer's nonce is used once whoever is paid.
        auth = signedAuth(OTHER, REF, 5e6);
        vm.expectRevert(reverted("FiatTokenV2: caller must be the payee"));
        usdc.receiveWithAuthorization(payer, address(hub), 5e6, 0, START + 60, nonceOf(OTHER), auth.signature);
        hub.pay(address(usdc), auth);
        same("for the split", receivedOf(OTHER), 5e6);
    }

    function test_aRelayerRedirectsAPaymentOnANaiveContract() public {
        bytes memory signature =
            signAuthorization(usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), address(naive), 5e6, "random");
        IHubPayments.Auth memory auth = IHubPayments.Auth(OTHER, REF, payer, 5e6, 0, START + 60, signature);
        naive.payUnbound(IReceiveWithAuthorization(address(usdc)), auth, "random");
        same("stolen", naive.received(OTHER), 5e6);

        auth = signedAuth(splitId, REF, 5e6);
        auth.splitId = OTHER;
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
        same("not stolen", receivedOf(OTHER), 0);
    }

    /// Token, chain and payee are in what the payer signs; another token, chain or hub makes another digest.
    function test_aPaymentIsForItsChainAndItsHub() public {
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 5e6);
        vm.chainId(10);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
        vm.chainId(31337);
        address first = address(hub);
        super.setUp();
        isTrue("another hub", address(hub) != first);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        hub.pay(address(usdc), auth);
    }

    function test_oneBadRowStopsANaiveBatch() public {
        IHubPayments.Auth[] memory auths = new IHubPayments.Auth[](2);
        bytes32 typehash = usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH();
        bytes memory good = signAuthorization(typehash, address(naive), 5e6, nonceOf(splitId));
        auths[0] = IHubPayments.Auth(splitId, REF, payer, 5e6, 0, START + 60, good);
        auths[1] = IHubPayments.Auth(OTHER, REF, payer, 5e6, 0, START + 60, good);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        naive.payAll(IReceiveWithAuthorization(address(usdc)), auths);
        same("nothing paid", naive.received(splitId), 0);

        auths[0] = signedAuth(splitId, REF, 5e6);
        auths[1] = signedAuth(splitId, REF, 5e6);
        auths[1].splitId = OTHER;
        hub.payBatch(address(usdc), auths);
        same("the good row paid", receivedOf(splitId), 5e6);
    }

    /// The token calls back while the balance is measured: the inner payment is seen by the outer measure too.
    function test_aTokenThatReentersIsCreditedTwiceOnANaiveContract() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 50);
        bad.mint(address(bad), 50);
        bad.approve(address(naive), 50);
        bad.allow(address(bad), address(naive), 50);
        bad.arm(address(naive), abi.encodeCall(naive.fundUnguarded, (OTHER, bad, 50)));
        naive.fundUnguarded(OTHER, bad, 50);
        same("held", bad.balanceOf(address(naive)), 100);
        same("credited", naive.received(OTHER), 150);
    }

    /// At each call that the hub makes of a token, the token calls back with each of the hub's own calls: none gets in.
    function test_noCallOfTheHubIsEnteredFromAToken() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 1e6);
        bad.approve(address(hub), 1e6);
        hub.fund(splitId, REF, address(bad), 10_000);
        bad.transfer(hub.receiverOf(splitId), 50);
        bytes[4] memory entries = [
            abi.encodeCall(hub.fund, (splitId, REF, address(bad), 50)),
            abi.encodeCall(hub.sweep, (splitId, address(bad))),
            abi.encodeCall(hub.claim, (rows[0], address(bad))),
            abi.encodeCall(hub.open, (splitId, address(bad), 2, address(0), 50))
        ];
        bytes[4] memory orders = [
            abi.encodeCall(hub.fund, (OTHER, REF, address(bad), 50)),
            abi.encodeCall(hub.sweep, (splitId, address(bad))),
            abi.encodeCall(hub.claim, (rows[3], address(bad))),
            abi.encodeCall(hub.open, (splitId, address(bad), 1, address(0), 50))
        ];
        for (uint256 i = 0; i < orders.length; i++) {
            for (uint256 k = 0; k < entries.length; k++) {
                bad.arm(address(hub), entries[k]);
                (bool ok, bytes memory answer) = address(hub).call(orders[i]);
                isTrue("refused", !ok && bytes4(answer) == ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector);
            }
        }
        (uint128 received, uint128 paidOut) = hub.pot(splitId, address(bad));
        same("received", received, 10_000);
        same("paid out", paidOut, 0);
    }

    function test_aFeeMakesANaiveContractOweMoreThanItHas() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 2_000);
        bad.setFee(100);
        bad.approve(address(naive), 1_000);
        naive.fundUnmeasured(splitId, bad, 1_000);
        isTrue("owes more", naive.received(splitId) > bad.balanceOf(address(naive)));
        bad.approve(address(hub), 1_000);
        hub.fund(splitId, REF, address(bad), 1_000);
        (uint128 received,) = hub.pot(splitId, address(bad));
        same("owes what it has", received, bad.balanceOf(address(hub)));
    }

    function test_anyoneEmptiesANaiveReceiver() public {
        NaiveReceiver receiver = new NaiveReceiver();
        usdc.transfer(address(receiver), 5);
        vm.prank(address(0xBAD));
        receiver.release(usdc, 5);
        same("stolen", usdc.balanceOf(address(0xBAD)), 5);

        address real = hub.receiverOf(splitId);
        usdc.transfer(real, 10);
        hub.sweep(splitId, address(usdc));
        usdc.transfer(real, 5);
        vm.prank(address(0xBAD));
        vm.expectRevert(abi.encodeWithSelector(ISplitReceiver.OnlyHub.selector, address(0xBAD), address(hub)));
        ISplitReceiver(real).release(address(usdc), 5);
    }

    function test_aCountOf128BitsWrapsOnANaiveContract() public {
        naive.countInto128(splitId, type(uint128).max);
        naive.countInto128(splitId, 2);
        same("forgot everything", naive.received(splitId), 1);
        hub.fund(splitId, REF, address(usdc), type(uint128).max);
        usdc.mint(address(this), 2);
        vm.expectRevert(
            abi.encodeWithSelector(IHubPayments.PotOverflow.selector, splitId, address(usdc), type(uint128).max, 2)
        );
        hub.fund(splitId, REF, address(usdc), 2);
    }

    /// One payee on the token's blacklist stops a naive push for all; a pot pays each by himself (and `PushSplitter` credits him).
    function test_oneBlacklistedPayeeStopsANaivePush() public {
        usdc.mint(address(naive), 1_000);
        address[] memory payees = new address[](2);
        (payees[0], payees[1]) = (rows[3].account, rows[1].account);
        usdc.blacklist(rows[1].account);
        vm.expectRevert(reverted("Blacklistable: account is blacklisted"));
        naive.pushAll(usdc, payees, 500);
        hub.fund(splitId, REF, address(usdc), 10_000);
        same("the other is paid", hub.claim(rows[3], address(usdc)), 9_692);
    }

    /// Payments of a unit, a claim after each and a stranger's sweep between: nobody loses a unit to it.
    function test_aThousandTinyPaymentsAndClaimsLoseNothing() public {
        for (uint256 i = 0; i < 1_000; i++) {
            hub.fund(splitId, REF, address(usdc), 1);
            hub.claim(rows[i % 4], address(usdc));
            hub.sweep(splitId, address(usdc));
        }
        for (uint256 i = 0; i < 4; i++) {
            hub.claim(rows[i], address(usdc));
            same("the floor of the sum", usdc.balanceOf(rows[i].account), (1_000 * rows[i].shares) / 10_000);
        }
    }
}
