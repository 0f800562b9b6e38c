// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {HubFixture} from "./HubFixture.sol";
import {Tree} from "./Tree.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";

/// @title Money out: entitlements, proofs and what one payee can do to another.
contract HubClaimsTest is HubFixture {
    uint256 private constant TOTAL = 10_000;

    function test_aPayeeIsPaidItsFloorOnce(uint128 value) public {
        if (value == 0) return;
        hub.fund(splitId, REF, address(usdc), value);
        uint256 due = (uint256(value) * 300) / TOTAL;
        if (due > 0) {
            vm.expectEmit(address(hub));
            emit IHubClaims.Claimed(splitId, rows[2].account, address(usdc), due);
        }
        same("due", hub.claim(rows[2], address(usdc)), due);
        same("balance", usdc.balanceOf(rows[2].account), due);
        same("paid", hub.paid(splitId, address(usdc), rows[2].account), due);
        same("again", hub.claim(rows[2], address(usdc)), 0);
        same("balance after", usdc.balanceOf(rows[2].account), due);
    }

    /// Claims between payments make no difference, and rounding leaves fewer units than there are payees.
    function test_everySequenceOfPaymentsLeavesTheSame(uint64[6] calldata values, uint8 claimers) public {
        uint256 received = 0;
        for (uint256 p = 0; p < 6; p++) {
            if (values[p] > 0) hub.fund(splitId, bytes32(p), address(usdc), values[p]);
            received += values[p];
            hub.claim(rows[(claimers >> p) % 4], address(usdc));
        }
        uint256 paidOut = 0;
        for (uint256 i = 0; i < 4; i++) {
            hub.claim(rows[i], address(usdc));
            uint256 own = usdc.balanceOf(rows[i].account);
            same("floor", own, (received * rows[i].shares) / TOTAL);
            paidOut += own;
        }
        isTrue("dust is fewer units than payees", received - paidOut < 4);
        same("hub keeps the dust", usdc.balanceOf(address(hub)), received - paidOut);
    }

    function test_aForeignProofReverts() public {
        hub.fund(splitId, REF, address(usdc), 1e6);
        IHubClaims.Share memory share = rows[0];
        share.shares = 2;
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidProof.selector, share.root, share.account, 2));
        hub.claim(share, address(usdc));
        share = rows[0];
        share.account = address(this);
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidProof.selector, share.root, address(this), 1));
        hub.claim(share, address(usdc));
    }

    /// Another total or other metadata is another split, which has received nothing.
    function test_anotherTotalIsAnotherSplit() public {
        hub.fund(splitId, REF, address(usdc), 1e6);
        IHubClaims.Share memory share = rows[0];
        share.totalShares = 1;
        same("due with another total", hub.claim(share, address(usdc)), 0);
        share = rows[0];
        share.metadataHash = bytes32("another album");
        same("due with other metadata", hub.claim(share, address(usdc)), 0);
        same("nothing left", usdc.balanceOf(address(hub)), 1e6);
    }

    function test_sharesBeyondTheTotalRevert() public {
        IHubClaims.Share memory share = rows[0];
        share.shares = 0;
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidShare.selector, 0, TOTAL));
        hub.claim(share, address(usdc));
        share.shares = TOTAL + 1;
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidShare.selector, TOTAL + 1, TOTAL));
        hub.claim(share, address(usdc));
        share.shares = 1;
        share.totalShares = uint256(type(uint128).max) + 1;
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidShare.selector, 1, share.totalShares));
        hub.claim(share, address(usdc));
    }

    function test_aBlacklistedPayeeBlocksOnlyHimself() public {
        hub.fund(splitId, REF, address(usdc), 1e6);
        usdc.blacklist(rows[1].account);
        vm.expectRevert(reverted("Blacklistable: account is blacklisted"));
        hub.claim(rows[1], address(usdc));
        same("first", hub.claim(rows[0], address(usdc)), 100);
        same("third", hub.claim(rows[2], address(usdc)), 30_000);
        usdc.unBlacklist(rows[1].account);
        same("later, in full", hub.claim(rows[1], address(usdc)), 700);
    }

    function test_aPayeeMayBeTheReceiverOfAnotherSplit() public {
        IHubClaims.Share[] memory outer =
            Tree.two([hub.receiverOf(splitId), address(0xB2)], [uint256(1), 1], 2);
        hub.fund(Tree.idOf(outer[0]), REF, address(usdc), 20_000);
        hub.claim(outer[0], address(usdc));
        same("swept", hub.sweep(splitId, address(usdc)), 10_000);
        same("inner payee", hub.claim(rows[3], address(usdc)), 9_692);
    }

    /// Two rows of one account are counted as one: the larger row is what it gets, and the rest stays; nothing reverts or is taken.
    function test_anAccountThatStandsTwiceGetsItsLargerRow() public {
        IHubClaims.Share[] memory twice = Tree.two([address(0xB1), address(0xB1)], [uint256(1), 3], 4);
        hub.fund(Tree.idOf(twice[0]), REF, address(usdc), 400);
        same("larger", hub.claim(twice[1], address(usdc)), 300);
        same("smaller", hub.claim(twice[0], address(usdc)), 0);
    }
}
