// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {NaiveHub} from "../mocks/naive/NaiveHub.sol";
import {HubFixture} from "./HubFixture.sol";
import {Tree} from "./Tree.sol";
import {same, vm} from "./Vm.sol";

/// @title Tables that lie and tokens that cheat: each may hurt itself, none another split.
contract HubAttacksTest is HubFixture {
    address private constant THIEF = address(0xBAD1);
    address private constant ACCOMPLICE = address(0xBAD2);

    /// Two leaves of 100 shares under a total of 100: each is promised everything.
    function dishonest() private pure returns (IHubClaims.Share[] memory) {
        return Tree.two([THIEF, ACCOMPLICE], [uint256(100), 100], 100);
    }

    function test_aDishonestTableRobsANaiveHub() public {
        NaiveHub naive = new NaiveHub();
        usdc.approve(address(naive), type(uint256).max);
        IHubClaims.Share[] memory bad = dishonest();
        naive.fund(splitId, address(usdc), 1e6);
        naive.fund(Tree.idOf(bad[0]), address(usdc), 1e6);
        naive.claim(bad[0], address(usdc));
        naive.claim(bad[1], address(usdc));
        same("taken", usdc.balanceOf(THIEF) + usdc.balanceOf(ACCOMPLICE), 2e6);
        same("left for the honest", usdc.balanceOf(address(naive)), 0);
    }

    function test_aDishonestTableRobsOnlyItsOwnPayees() public {
        IHubClaims.Share[] memory bad = dishonest();
        bytes32 badId = Tree.idOf(bad[0]);
        hub.fund(splitId, REF, address(usdc), 1e6);
        hub.fund(badId, REF, address(usdc), 1e6);
        hub.claim(bad[0], address(usdc));
        vm.expectRevert(abi.encodeWithSelector(IHubClaims.SplitInsolvent.selector, badId, address(usdc), 1e6, 0));
        hub.claim(bad[1], address(usdc));
        same("taken", usdc.balanceOf(THIEF) + usdc.balanceOf(ACCOMPLICE), 1e6);
        for (uint256 i = 0; i < 4; i++) same("honest", hub.claim(rows[i], address(usdc)), rows[i].shares * 100);
    }

    /// Whatever a table of two promises and whenever it claims, it takes no more than its split received.
    function test_noTableTakesMoreThanItReceived(uint128[2] calldata shares, uint128 total, uint64[2] calldata values) public {
        IHubClaims.Share[] memory table = Tree.two([THIEF, ACCOMPLICE], [uint256(shares[0]), shares[1]], total);
        bytes32 id = Tree.idOf(table[0]);
        hub.fund(splitId, REF, address(usdc), 1e18);
        for (uint256 p = 0; p < 2; p++) {
            if (values[p] > 0) hub.fund(id, REF, address(usdc), values[p]);
            for (uint256 i = 0; i < 2; i++) {
                (bool ok,) = address(hub).call(abi.encodeCall(hub.claim, (table[i], address(usdc))));
                ok;
            }
        }
        (uint128 received, uint128 paidOut) = hub.pot(id, address(usdc));
        uint256 taken = usdc.balanceOf(THIEF) + usdc.balanceOf(ACCOMPLICE);
        same("counted", taken, paidOut);
        same("what is left of it and of the honest", usdc.balanceOf(address(hub)), 1e18 + received - paidOut);
        if (taken > received) revert("took more than it received");
    }

    /// Without the guard the sweep would credit its 50 units and the outer call, which sees the balance grow by 100, would do so again.
    function test_aTokenThatCallsBackCreditsNothingTwice() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 50);
        bad.mint(hub.receiverOf(splitId), 50);
        bad.approve(address(hub), 50);
        bad.arm(address(hub), abi.encodeCall(hub.sweep, (splitId, address(bad))));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        hub.fund(keccak256("another split"), REF, address(bad), 50);
    }

    function test_aClaimCannotBeEntered() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 10_000);
        bad.approve(address(hub), 10_000);
        hub.fund(splitId, REF, address(bad), 10_000);
        bad.arm(address(hub), abi.encodeCall(hub.claim, (rows[0], address(bad))));
        vm.expectRevert(abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
        hub.claim(rows[3], address(bad));
    }

    function test_aTokenThatTakesAFeeCreditsWhatArrived() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 2_000);
        bad.approve(address(hub), 1_000);
        bad.setFee(100);
        hub.fund(splitId, REF, address(bad), 1_000);
        bad.transfer(hub.receiverOf(splitId), 1_000);
        same("swept", hub.sweep(splitId, address(bad)), 810);
        (uint128 received,) = hub.pot(splitId, address(bad));
        same("received", received, 900 + 810);
        same("held", bad.balanceOf(address(hub)), received);
    }

    function test_aTokenThatMovesNothingCreditsNothing() public {
        HostileToken bad = new HostileToken();
        IHubPayments.Auth memory auth = IHubPayments.Auth(splitId, REF, payer, 5, 0, START + 60, "");
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.NothingArrived.selector, splitId, address(bad), 5));
        hub.pay(address(bad), auth);
    }

    /// In a batch the rows are credited as signed, so a token that takes them and moves less is refused as a whole.
    function test_aBatchOfATokenThatMovesNothingIsRefused() public {
        HostileToken bad = new HostileToken();
        IHubPayments.Auth[] memory auths = new IHubPayments.Auth[](1);
        auths[0] = IHubPayments.Auth(splitId, REF, payer, 5, 0, START + 60, "");
        vm.expectRevert(abi.encodeWithSelector(IHubPayments.BatchFellShort.selector, address(bad), 5, 0));
        hub.payBatch(address(bad), auths);
    }

    function test_oneTokensPotPaysNoOtherToken() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 1e6);
        bad.approve(address(hub), 1e6);
        hub.fund(splitId, REF, address(bad), 1e6);
        hub.fund(keccak256("another split"), REF, address(usdc), 1e6);
        same("due in the real token", hub.claim(rows[3], address(usdc)), 0);
        same("real money", usdc.balanceOf(address(hub)), 1e6);
    }
}
