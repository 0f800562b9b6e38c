// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {ChannelFixture} from "./ChannelFixture.sol";
import {MuteWallet, YesWallet} from "./Wallets.sol";
import {same, vm} from "./Vm.sol";

/// @title Vouchers into pots: what counts, what is skipped and what a row can do to another.
contract HubVouchersTest is ChannelFixture {
    function claim(bytes memory packed) private returns (uint256) {
        return hub.claimPacked(splitId, address(usdc), closer, packed);
    }

    function expectSkip(bytes32 channelId, IHubChannels.SkipReason reason) private {
        vm.expectEmit(address(hub));
        emit IHubChannels.VoucherSkipped(channelId, reason);
    }

    function claimedOf(IHubChannels.ChannelTerms memory terms) private view returns (uint256 claimed) {
        (, claimed,) = hub.channel(idOf(terms));
    }

    function test_manyVouchersBecomeOneCreditOfThePot() public {
        bytes memory packed;
        for (uint96 i = 1; i <= 10; i++) {
            opened(i, i, DEPOSIT);
            packed = bytes.concat(packed, rowOf(i, i, i * 1e6));
        }
        vm.expectEmit(address(hub));
        emit IHubChannels.VouchersClaimed(splitId, address(usdc), 55e6, 10);
        same("value", claim(packed), 55e6);
        same("received", receivedOf(splitId), 55e6);
        same("hub", usdc.balanceOf(address(hub)), 10 * DEPOSIT);
        same("payee", hub.claim(rows[3], address(usdc)), (55e6 * 9692) / 10_000);
    }

    /// Two vouchers of one channel in one call, in any order: the pot gets the higher one, once.
    function test_aVoucherCountsWhatItAddsToTheOnesBefore(uint64 first, uint64 second) public {
        uint256 deposit = type(uint64).max;
        opened(PAYER_KEY, 7, deposit);
        uint256 higher = first > second ? first : second;
        same("both", claim(bytes.concat(rowOf(PAYER_KEY, 7, first), rowOf(PAYER_KEY, 7, second))), higher);
        same("again", claim(bytes.concat(rowOf(PAYER_KEY, 7, second), rowOf(PAYER_KEY, 7, first))), 0);
        same("received", receivedOf(splitId), higher);
    }

    function test_aPoisonedRowBlocksNoOther() public {
        for (uint96 i = 1; i <= 3; i++) opened(i, i, DEPOSIT);
        bytes memory unsigned = rowOf(2, 2, 5e6);
        unsigned[60] = bytes1(uint8(unsigned[60]) ^ 1);
        bytes memory packed = bytes.concat(rowOf(1, 1, 5e6), unsigned, rowOf(3, 3, 5e6));
        expectSkip(idOf(termsOf(2, 2)), IHubChannels.SkipReason.NotSigned);
        same("value", claim(packed), 10e6);
        same("the poisoned channel", claimedOf(termsOf(2, 2)), 0);
    }

    function test_aVoucherBeyondTheDepositIsSkipped() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        expectSkip(idOf(terms), IHubChannels.SkipReason.OverDeposit);
        same("one unit more", claim(rowOf(PAYER_KEY, 7, uint128(DEPOSIT + 1))), 0);
        expectSkip(idOf(terms), IHubChannels.SkipReason.OverDeposit);
        // Its low 96 bits are a sum that the deposit covers.
        same("beyond 96 bits", claim(rowOf(PAYER_KEY, 7, (uint128(1) << 96) + 1)), 0);
        same("all of it", claim(rowOf(PAYER_KEY, 7, uint128(DEPOSIT))), DEPOSIT);
        expectSkip(idOf(terms), IHubChannels.SkipReason.NotHigher);
        same("again", claim(rowOf(PAYER_KEY, 7, uint128(DEPOSIT))), 0);
    }

    function test_aRowOfAnUnopenedChannelIsSkipped() public {
        expectSkip(idOf(termsOf(PAYER_KEY, 7)), IHubChannels.SkipReason.OverDeposit);
        same("value", claim(rowOf(PAYER_KEY, 7, 1)), 0);
    }

    /// Split, token and closer are in the channel's id: under others the row names a channel that is not open.
    function test_aVoucherPaysNoOtherSplit() public {
        opened(PAYER_KEY, 7, DEPOSIT);
        bytes memory row = rowOf(PAYER_KEY, 7, 5e6);
        bytes32 other = keccak256("another split");
        same("another split", hub.claimPacked(other, address(usdc), closer, row), 0);
        same("another token", hub.claimPacked(splitId, address(0xBAD), closer, row), 0);
        same("another closer", hub.claimPacked(splitId, address(usdc), address(this), row), 0);
        same("received", receivedOf(other), 0);
        same("its own", claim(row), 5e6);
    }

    function test_rowsOfAnotherLengthRevert() public {
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.MalformedRows.selector, 0));
        claim("");
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.MalformedRows.selector, 113));
        claim(bytes.concat(rowOf(PAYER_KEY, 7, 1), hex"00"));
    }

    /// The payer's rest does not wait for a voucher, but until it is gone a voucher is good, also after a close was requested.
    function test_aVoucherIsGoodUntilTheRestIsGone() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        vm.prank(payer);
        hub.requestClose(terms);
        vm.warp(START + 2 days);
        same("late", claim(rowOf(PAYER_KEY, 7, 40e6)), 40e6);
        same("rest", hub.withdraw(terms), DEPOSIT - 40e6);
        same("after", claim(rowOf(PAYER_KEY, 7, 60e6)), 0);
        same("hub keeps what is the split's", usdc.balanceOf(address(hub)), 40e6);
    }

    /// The key of an account that delegated its code (EIP-7702) still signs vouchers, where USDC and Permit2 refuse its signature.
    function test_aDelegatedAccountsKeyStillSigns() public {
        opened(PAYER_KEY, 7, DEPOSIT);
        vm.etch(payer, address(new MuteWallet()).code);
        same("value", claim(rowOf(PAYER_KEY, 7, 5e6)), 5e6);
    }

    function test_aSmartWalletsVoucherCounts() public {
        address wallet = address(new YesWallet());
        usdc.mint(wallet, DEPOSIT);
        vm.prank(wallet);
        usdc.approve(address(hub), DEPOSIT);
        vm.prank(wallet);
        hub.open(splitId, address(usdc), 7, closer, DEPOSIT);
        IHubChannels.ChannelTerms memory terms =
            IHubChannels.ChannelTerms(wallet, 7, splitId, address(usdc), closer);
        vm.expectEmit(address(hub));
        emit IHubChannels.VouchersClaimed(splitId, address(usdc), 5e6, 1);
        same("value", hub.claim1271(terms, 5e6, "anything"), 5e6);
        refused(terms, 5e6, "anything", IHubChannels.SkipReason.NotHigher);
        refused(terms, uint128(DEPOSIT + 1), "anything", IHubChannels.SkipReason.OverDeposit);
        same("received", receivedOf(splitId), 5e6);
    }

    function test_theSlowPathTakesAKeysSignatureToo() public {
        IHubChannels.ChannelTerms memory terms = opened(PAYER_KEY, 7, DEPOSIT);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, voucherDigest(idOf(terms), 5e6));
        refused(terms, 6e6, abi.encodePacked(r, s, v), IHubChannels.SkipReason.NotSigned);
        same("value", hub.claim1271(terms, 5e6, abi.encodePacked(r, s, v)), 5e6);
    }

    function refused(
        IHubChannels.ChannelTerms memory terms,
        uint128 cumulative,
        bytes memory signature,
        IHubChannels.SkipReason reason
    ) private {
        vm.expectRevert(abi.encodeWithSelector(IHubChannels.VoucherRefused.selector, idOf(terms), reason));
        hub.claim1271(terms, cumulative, signature);
    }
}
