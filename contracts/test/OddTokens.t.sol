// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {FalseToken, PausableUSDC, SilentToken, ZeroRefusingToken} from "../mocks/OddTokens.sol";
import {HubFixture} from "./HubFixture.sol";
import {isTrue, reverted, same, vm} from "./Vm.sol";

/// @title Tokens that are not as the standard says: they work, or they refuse, and nothing is booked that did not move.
contract OddTokensTest is HubFixture {
    function test_aTokenThatAnswersNothingWorks() public {
        SilentToken token = new SilentToken();
        token.mint(address(this), 20_000);
        token.approve(address(hub), 10_000);
        hub.fund(splitId, REF, address(token), 10_000);
        token.transfer(hub.receiverOf(splitId), 10_000);
        same("swept", hub.sweep(splitId, address(token)), 10_000);
        same("claimed", hub.claim(rows[3], address(token)), 2 * 9692);
        same("balance", token.balanceOf(rows[3].account), 2 * 9692);
    }

    function test_aClaimThatIsAnsweredWithFalseBooksNothing() public {
        FalseToken token = new FalseToken();
        token.mint(address(this), 10_000);
        token.approve(address(hub), 10_000);
        hub.fund(splitId, REF, address(token), 10_000);
        token.refuse(rows[3].account, false);
        vm.expectRevert(abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token)));
        hub.claim(rows[3], address(token));
        same("paid", hub.paid(splitId, address(token), rows[3].account), 0);
        token.refuse(address(0), false);
        same("later", hub.claim(rows[3], address(token)), 9692);
    }

    function test_nothingIsEverMovedWhereATokenRefusesIt() public {
        ZeroRefusingToken token = new ZeroRefusingToken();
        token.mint(address(this), 10_000);
        token.approve(address(hub), 10_000);
        hub.fund(splitId, REF, address(token), 10_000);
        same("first", hub.claim(rows[0], address(token)), 1);
        same("nothing due", hub.claim(rows[0], address(token)), 0);
        same("nothing to sweep", hub.sweep(splitId, address(token)), 0);
        vm.expectRevert(abi.encodeWithSelector(ZeroRefusingToken.NothingToMove.selector));
        hub.fund(splitId, REF, address(token), 0);
    }

    function test_anAddressWithoutCodeIsNoToken() public {
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.NoBalance.selector, address(0xDEAD)));
        hub.fund(splitId, REF, address(0xDEAD), 1);
        IHubPayments.Auth memory auth = signedAuth(splitId, REF, 1);
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.NoBalance.selector, address(0xDEAD)));
        hub.pay(address(0xDEAD), auth);
    }

    /// While the token is paused nothing moves and nothing is booked; afterwards all is as before.
    function test_aPausedTokenStopsEverythingAndLosesNothing() public {
        PausableUSDC token = new PausableUSDC();
        token.mint(address(this), 20_000);
        token.approve(address(hub), 20_000);
        hub.fund(splitId, REF, address(token), 10_000);
        token.pause();
        vm.expectRevert(reverted("Pausable: paused"));
        hub.fund(splitId, REF, address(token), 10_000);
        vm.expectRevert(reverted("Pausable: paused"));
        hub.claim(rows[3], address(token));
        IHubPayments.Auth[] memory auths = new IHubPayments.Auth[](1);
        auths[0] = signedAuth(splitId, REF, 5);
        isTrue("skipped", !hub.payBatch(address(token), auths)[0]);
        token.unpause();
        same("claimed", hub.claim(rows[3], address(token)), 9692);
    }
}
