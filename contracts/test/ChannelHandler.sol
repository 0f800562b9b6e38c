// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {ChannelFixture} from "./ChannelFixture.sol";
import {Tree} from "./Tree.sol";
import {isTrue, same, vm} from "./Vm.sol";

/// @title What the invariant runner may do with channels: three payers, two salts each, one honest split, and a second split that no voucher
/// pays. Every call must succeed or be refused for the reason that the state gives.
contract ChannelHandler is ChannelFixture {
    uint256 public constant PAYERS = 3;
    uint256 public constant SALTS = 2;
    uint256 public potByVouchers;
    uint256 public potByFunding;
    uint256 public returned;
    uint256 private lastEntitlement;

    constructor() {
        setUp();
    }

    /// @dev After each action: what a payee may have claimed in all never falls, and a claim pays at most up to it.
    modifier entitlementsOnlyGrow() {
        _;
        uint256 entitlement = (receivedOf(splitId) * rows[2].shares) / 10_000;
        isTrue("an entitlement fell", entitlement >= lastEntitlement);
        lastEntitlement = entitlement;
    }

    function keyOf(uint256 who) public pure returns (uint256) {
        return 0xC0FFEE + (who % PAYERS);
    }

    function termsAt(uint256 who, uint256 salt) public view returns (IHubChannels.ChannelTerms memory) {
        return termsOf(keyOf(who), uint96(salt % SALTS));
    }

    function stateAt(uint256 who, uint256 salt) public view returns (uint96 deposit, uint96 claimed, uint40 closeAt) {
        return hub.channel(idOf(termsAt(who, salt)));
    }

    function openOrTopUp(uint8 who, uint8 salt, uint32 value) external entitlementsOnlyGrow {
        IHubChannels.ChannelTerms memory terms = termsAt(who, salt);
        (uint96 deposit,, uint40 closeAt) = stateAt(who, salt);
        uint256 units = uint256(value) + 1;
        if (closeAt != 0) return;
        if (deposit == 0) opened(keyOf(who), terms.salt, units);
        else hub.topUp(terms, units);
    }

    /// @dev Up to a little beyond the deposit, so that some vouchers are not covered.
    function claimVoucher(uint8 who, uint8 salt, uint32 part) external entitlementsOnlyGrow {
        (uint96 deposit, uint96 claimed,) = stateAt(who, salt);
        uint128 cumulative = uint128(uint256(part) % (uint256(deposit) + 10));
        uint256 expected = cumulative > claimed && cumulative <= deposit ? cumulative - claimed : 0;
        bytes memory row = rowOf(keyOf(who), uint96(salt % SALTS), cumulative);
        same("a voucher's worth", hub.claimPacked(splitId, address(usdc), closer, bytes.concat(row, row)), expected);
        same("nothing for another split", hub.claimPacked("other", address(usdc), closer, row), 0);
        potByVouchers += expected;
    }

    function requestClose(uint8 who, uint8 salt) external entitlementsOnlyGrow {
        IHubChannels.ChannelTerms memory terms = termsAt(who, salt);
        (uint96 deposit,, uint40 closeAt) = stateAt(who, salt);
        if (deposit == 0 || closeAt != 0) return;
        vm.prank(terms.payer);
        hub.requestClose(terms);
    }

    function withdraw(uint8 who, uint8 salt) external entitlementsOnlyGrow {
        (uint96 deposit, uint96 claimed, uint40 closeAt) = stateAt(who, salt);
        if (closeAt == 0 || closeAt == type(uint40).max) return;
        vm.warp(closeAt);
        same("the rest", hub.withdraw(termsAt(who, salt)), deposit - claimed);
        returned += deposit - claimed;
    }

    function closeCooperatively(uint8 who, uint8 salt) external entitlementsOnlyGrow {
        IHubChannels.ChannelTerms memory terms = termsAt(who, salt);
        (uint96 deposit, uint96 claimed, uint40 closeAt) = stateAt(who, salt);
        if (deposit == 0 || closeAt == type(uint40).max) return;
        same("the rest", hub.closeCooperatively(terms, claimed, signedClose(idOf(terms), claimed)), deposit - claimed);
        returned += deposit - claimed;
    }

    function fundAndClaim(uint32 value, uint8 row) external entitlementsOnlyGrow {
        hub.fund(splitId, REF, address(usdc), uint256(value) + 1);
        potByFunding += uint256(value) + 1;
        IHubClaims.Share memory share = rows[row % 4];
        hub.claim(share, address(usdc));
        same("paid its floor", usdc.balanceOf(share.account), (receivedOf(splitId) * share.shares) / 10_000);
    }

    function potNow() external view returns (uint256 received, uint256 paidOut) {
        return hub.pot(splitId, address(usdc));
    }

    function otherPot() external view returns (uint256 received) {
        return receivedOf("other");
    }

    function hubBalance() external view returns (uint256) {
        return usdc.balanceOf(address(hub));
    }

    function owed() external view returns (uint256 sum) {
        for (uint256 i = 0; i < 4; i++) sum += (receivedOf(splitId) * rows[i].shares) / 10_000;
    }
}
