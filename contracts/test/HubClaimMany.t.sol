// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {HubFixture} from "./HubFixture.sol";
import {Tree} from "./Tree.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";
import {YesWallet} from "./Wallets.sol";

/// @title One payee's claims from many splits at once, and claims to another address by the payee's signature.
contract HubClaimManyTest is HubFixture {
    uint256 private constant PAYEE_KEY = 0xB0B;
    address private constant SAFE = address(0x5AFE);

    address private payee = vm.addr(PAYEE_KEY);

    /// @dev The payee's row in a table of two that gives it a third; `partner` makes it a split of its own.
    function shareIn(address partner) private view returns (IHubClaims.Share memory) {
        return Tree.two([payee, partner], [uint256(1), 2], 3)[0];
    }

    function claimMany(IHubClaims.Share[] memory shares) private returns (uint256) {
        IHubClaims.SplitShare[] memory list = new IHubClaims.SplitShare[](shares.length);
        // Every table here has two payees, so every proof one hash.
        bytes32[] memory proofs = new bytes32[](shares.length);
        for (uint256 i = 0; i < list.length; i++) {
            IHubClaims.Share memory own = shares[i];
            list[i] = IHubClaims.SplitShare(own.root, own.totalShares, own.metadataHash, own.shares, 1);
            proofs[i] = own.proof[0];
        }
        return hub.claimMany(payee, address(usdc), list, proofs);
    }

    function test_onePaymentCollectsFromManySplits() public {
        IHubClaims.Share[] memory shares = new IHubClaims.Share[](3);
        bytes32[] memory splitIds = new bytes32[](3);
        uint256[] memory values = new uint256[](3);
        for (uint160 i = 0; i < 3; i++) {
            shares[i] = shareIn(address(i + 1));
            (splitIds[i], values[i]) = (Tree.idOf(shares[i]), 10 * (i + 1));
            hub.fund(splitIds[i], REF, address(usdc), 30 * (i + 1));
        }
        vm.expectEmit(address(hub));
        emit IHubClaims.ClaimedMany(payee, address(usdc), splitIds, values);
        same("sum", claimMany(shares), 60);
        same("balance", usdc.balanceOf(payee), 60);
        same("again", claimMany(shares), 0);
        for (uint256 i = 0; i < 3; i++) {
            (uint128 received, uint128 paidOut) = hub.pot(splitIds[i], address(usdc));
            same("received", received, 30 * (i + 1));
            same("paid out", paidOut, 10 * (i + 1));
            same("paid", hub.paid(splitIds[i], address(usdc), payee), 10 * (i + 1));
        }
    }

    /// Proofs of unequal length stand one after the other; a list that is too short is the caller's mistake.
    function test_proofsOfUnequalLengthAreTakenInOrder() public {
        IHubClaims.Share[] memory four =
            Tree.four([payee, address(0xA2), address(0xA3), address(0xA4)], [uint256(1), 1, 1, 1]);
        IHubClaims.Share memory pair = shareIn(address(1));
        IHubClaims.SplitShare[] memory list = new IHubClaims.SplitShare[](2);
        list[0] = IHubClaims.SplitShare(four[0].root, 4, four[0].metadataHash, 1, 2);
        list[1] = IHubClaims.SplitShare(pair.root, 3, pair.metadataHash, 1, 1);
        bytes32[] memory proofs = new bytes32[](3);
        (proofs[0], proofs[1], proofs[2]) = (four[0].proof[0], four[0].proof[1], pair.proof[0]);
        hub.fund(Tree.idOf(four[0]), REF, address(usdc), 40);
        hub.fund(Tree.idOf(pair), REF, address(usdc), 30);
        same("sum", hub.claimMany(payee, address(usdc), list, proofs), 20);
        vm.expectRevert("");
        hub.claimMany(payee, address(usdc), list, new bytes32[](2));
    }

    /// A false proof, a table that lies and has no money left, a row that stands twice, a split without money: none blocks the others.
    function test_aSplitThatCannotPayBlocksNoOther() public {
        IHubClaims.Share[] memory shares = new IHubClaims.Share[](6);
        for (uint160 i = 0; i < 6; i++) shares[i] = shareIn(address(i + 1));
        shares[5] = shares[0];
        IHubClaims.Share[] memory lying = Tree.two([payee, address(0xBAD)], [uint256(3), 3], 3);
        shares[2] = lying[0];
        for (uint160 i = 0; i < 4; i++) hub.fund(Tree.idOf(shares[i]), REF, address(usdc), 30);
        hub.claim(lying[1], address(usdc));
        shares[1].shares = 2;
        shares[3].totalShares = 0;
        same("sum", claimMany(shares), 10);
        same("balance", usdc.balanceOf(payee), 10);
        // What was left out is not booked either.
        same("paid by the lying split", hub.paid(Tree.idOf(lying[0]), address(usdc), payee), 0);
        (, uint128 paidOut) = hub.pot(Tree.idOf(lying[0]), address(usdc));
        same("paid out by it", paidOut, 30);
        same("no rows", claimMany(new IHubClaims.Share[](0)), 0);
    }

    function redirect(IHubClaims.Share memory share, address to, uint256 paidMax)
        private
        view
        returns (IHubClaims.Redirect memory)
    {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(
                    "ClaimTo(bytes32 splitId,address token,address account,address to,uint256 paidMax,uint256 deadline)"
                ),
                Tree.idOf(share),
                address(usdc),
                share.account,
                to,
                paidMax,
                START + 60
            )
        );
        (, string memory name, string memory version, uint256 chainId, address verifier,,) = IERC5267(address(hub)).eip712Domain();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256(bytes(version)),
                chainId,
                verifier
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PAYEE_KEY, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return IHubClaims.Redirect(to, paidMax, START + 60, abi.encodePacked(r, s, v));
    }

    /// The way out for a payee on the token's blacklist, and for one without gas.
    function test_aPayeesSignatureSendsItsShareElsewhere() public {
        IHubClaims.Share memory share = shareIn(address(1));
        hub.fund(Tree.idOf(share), REF, address(usdc), 30);
        usdc.blacklist(payee);
        vm.expectEmit(address(hub));
        emit IHubClaims.ClaimedTo(Tree.idOf(share), payee, address(usdc), SAFE, 10);
        same("due", hub.claimTo(share, address(usdc), redirect(share, SAFE, 10)), 10);
        same("safe", usdc.balanceOf(SAFE), 10);
        same("paid", hub.paid(Tree.idOf(share), address(usdc), payee), 10);
    }

    /// A signature for what is due today does not redirect what is earned tomorrow, however often it is sent.
    function test_aRedirectionEndsAtItsSum() public {
        IHubClaims.Share memory share = shareIn(address(1));
        IHubClaims.Redirect memory order = redirect(share, SAFE, 15);
        hub.fund(Tree.idOf(share), REF, address(usdc), 30);
        same("first", hub.claimTo(share, address(usdc), order), 10);
        same("again", hub.claimTo(share, address(usdc), order), 0);
        hub.fund(Tree.idOf(share), REF, address(usdc), 30);
        same("up to its sum", hub.claimTo(share, address(usdc), order), 5);
        same("the rest is the payee's", hub.claim(share, address(usdc)), 5);
        same("safe", usdc.balanceOf(SAFE), 15);
    }

    function test_aRedirectionIsForItsSplitTokenAndAddress() public {
        IHubClaims.Share memory share = shareIn(address(1));
        hub.fund(Tree.idOf(share), REF, address(usdc), 30);
        IHubClaims.Redirect memory order = redirect(share, SAFE, 10);
        order.to = address(this);
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidRedirect.selector, payee, address(this)));
        hub.claimTo(share, address(usdc), order);
        IHubClaims.Share memory other = shareIn(address(2));
        order = redirect(share, SAFE, 10);
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.InvalidRedirect.selector, payee, SAFE));
        hub.claimTo(other, address(usdc), order);
        vm.warp(START + 61);
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.DeadlinePassed.selector, START + 60, START + 61));
        hub.claimTo(share, address(usdc), order);
    }

    function test_aSmartWalletMayRedirect() public {
        payee = address(new YesWallet());
        IHubClaims.Share memory share = shareIn(address(1));
        hub.fund(Tree.idOf(share), REF, address(usdc), 30);
        IHubClaims.Redirect memory order = IHubClaims.Redirect(SAFE, 10, START, "anything");
        same("due", hub.claimTo(share, address(usdc), order), 10);
        isTrue("at its own deadline", block.timestamp == START);
    }

    function test_aTokenThatRefusesThePayeeBooksNothing() public {
        IHubClaims.Share[] memory shares = new IHubClaims.Share[](1);
        shares[0] = shareIn(address(1));
        hub.fund(Tree.idOf(shares[0]), REF, address(usdc), 30);
        usdc.blacklist(payee);
        vm.expectRevert(reverted("Blacklistable: account is blacklisted"));
        claimMany(shares);
        same("paid", hub.paid(Tree.idOf(shares[0]), address(usdc), payee), 0);
    }
}
