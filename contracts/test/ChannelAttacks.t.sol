// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {ISettlementHub} from "../interfaces/ISettlementHub.sol";
import {NaiveChannels} from "../mocks/naive/NaiveChannels.sol";
import {ChannelFixture} from "./ChannelFixture.sol";
import {deployed, reverted, same, vm} from "./Vm.sol";

/// @title Attacks on channels: each works on a contract without the guard, and fails on the hub.
contract ChannelAttacksTest is ChannelFixture {
    NaiveChannels private naive;

    function setUp() public override {
        super.setUp();
        naive = new NaiveChannels();
        openNaive(naive, payer);
    }

    function openNaive(NaiveChannels channels, address who) private {
        usdc.mint(who, DEPOSIT);
        vm.prank(who);
        usdc.approve(address(channels), DEPOSIT);
        vm.prank(who);
        channels.open(usdc, DEPOSIT);
    }

    function naiveVoucher(uint256 key, uint256 cumulative) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, naive.digestOf(vm.addr(key), usdc, cumulative));
        return abi.encodePacked(r, s, v);
    }

    function claim(bytes memory packed) private returns (uint256) {
        return hub.claimPacked(splitId, address(usdc), closer, packed);
    }

    function test_aVoucherIsReplayedOnAnotherNaiveContract() public {
        NaiveChannels second = new NaiveChannels();
        openNaive(second, payer);
        bytes memory voucher = naiveVoucher(PAYER_KEY, 5e6);
        naive.claimAmount(payer, usdc, 5e6, voucher);
        second.claimAmount(payer, usdc, 5e6, voucher);
        same("paid twice", naive.received() + second.received(), 10e6);
    }

    /// The same channel at a second hub and the same hub on a second chain: the voucher is for neither.
    function test_aVoucherIsForItsHubAndItsChain() public {
        opened(PAYER_KEY, 7, DEPOSIT);
        bytes memory row = rowOf(PAYER_KEY, 7, 5e6);
        ISettlementHub first = hub;
        hub = ISettlementHub(deployed("SettlementHub.sol:SettlementHub"));
        opened(PAYER_KEY, 7, DEPOSIT);
        same("another hub", claim(row), 0);
        hub = first;
        vm.chainId(10);
        same("another chain", claim(row), 0);
        vm.chainId(31337);
        same("its own", claim(row), 5e6);
    }

    function test_twoVouchersAreAddedOnANaiveContract() public {
        naive.claimAmount(payer, usdc, 5e6, naiveVoucher(PAYER_KEY, 5e6));
        naive.claimAmount(payer, usdc, 8e6, naiveVoucher(PAYER_KEY, 8e6));
        same("the sum of sums", naive.received(), 13e6);
        opened(PAYER_KEY, 7, DEPOSIT);
        same("the last sum", claim(bytes.concat(rowOf(PAYER_KEY, 7, 5e6), rowOf(PAYER_KEY, 7, 8e6))), 8e6);
        same("and no more", claim(rowOf(PAYER_KEY, 7, 5e6)), 0);
    }

    function test_aPayerWithdrawsBeforeTheClaimOnANaiveContract() public {
        bytes memory voucher = naiveVoucher(PAYER_KEY, 90e6);
        vm.prank(payer);
        naive.withdrawNow(usdc);
        vm.expectRevert(reverted("deposit"));
        naive.claimAmount(payer, usdc, 90e6, voucher);

        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        vm.prank(payer);
        hub.requestClose(terms);
        vm.prank(payer);
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.CloseNotDue.selector, idOf(terms), START + 1 days));
        hub.withdraw(terms);
        same("claimed in the delay", claim(rowOf(PAYER_KEY, 7, 90e6)), 90e6);
        vm.warp(START + 1 days);
        same("the rest", hub.withdraw(terms), 10e6);
    }

    /// A payer who has just withdrawn poisons a naive claim of many; here its row is left out.
    function test_onePoisonedRowStopsANaiveClaim() public {
        address second = vm.addr(2);
        openNaive(naive, second);
        address[] memory payers = new address[](2);
        uint256[] memory sums = new uint256[](2);
        bytes[] memory signatures = new bytes[](2);
        (payers[0], payers[1]) = (payer, second);
        (sums[0], sums[1]) = (5e6, DEPOSIT + 1);
        (signatures[0], signatures[1]) = (naiveVoucher(PAYER_KEY, 5e6), naiveVoucher(2, DEPOSIT + 1));
        vm.expectRevert(reverted("deposit"));
        naive.claimAll(payers, usdc, sums, signatures);

        opened(PAYER_KEY, 7, DEPOSIT);
        opened(2, 7, DEPOSIT);
        bytes memory packed = bytes.concat(rowOf(2, 7, uint128(DEPOSIT + 1)), rowOf(PAYER_KEY, 7, 5e6));
        same("the good row", claim(packed), 5e6);
    }

    /// A sum beyond 96 bits whose low bits are small passes a comparison that truncates, and credits money that nobody deposited.
    function test_aSumBeyond96BitsIsCreditedOnANaiveContract() public {
        uint128 beyond = (uint128(1) << 96) + 1;
        naive.claimTruncated(payer, usdc, beyond, naiveVoucher(PAYER_KEY, beyond));
        same("credited from nothing", naive.received(), beyond);
        opened(PAYER_KEY, 7, DEPOSIT);
        same("nothing", claim(rowOf(PAYER_KEY, 7, beyond)), 0);
        same("no credit", receivedOf(splitId), 0);
    }

    /// Ten thousand claims of a unit each change nothing but who paid for gas; here two hundred.
    function test_tinyClaimsSumToTheLastVoucher() public {
        opened(PAYER_KEY, 7, DEPOSIT);
        for (uint128 sum = 1; sum <= 200; sum++) same("a unit", claim(rowOf(PAYER_KEY, 7, sum)), 1);
        same("received", receivedOf(splitId), 200);
    }
}
