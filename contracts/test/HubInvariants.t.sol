// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {HubHandler} from "./HubHandler.sol";
import {isTrue, same} from "./Vm.sol";

/// @title What holds after any sequence of calls.
contract HubInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    HubHandler private handler;

    function setUp() public {
        handler = new HubHandler();
    }

    /// @dev Asked by the runner: what it may call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Asked by the runner: which functions of it.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](5);
        selectors[0] = HubHandler.fund.selector;
        selectors[1] = HubHandler.transferToReceiver.selector;
        selectors[2] = HubHandler.sweep.selector;
        selectors[3] = HubHandler.claim.selector;
        selectors[4] = HubHandler.give.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), selectors);
    }

    /// Donations apart, the hub holds exactly what its pots say.
    function invariant_theHubHoldsTheSumOfItsPots() public view {
        uint256 pots = 0;
        for (uint256 split = 0; split < 2; split++) {
            (uint128 received, uint128 paidOut) = pot(split);
            same("received is what was funded and swept", received, handler.funded(split));
            isTrue("a pot pays no more than it received", paidOut <= received);
            pots += received - paidOut;
        }
        same("balance", handler.USDC().balanceOf(address(handler.HUB())), pots + handler.donated());
    }

    function invariant_everyAccountWasPaidWhatThePotSays() public view {
        for (uint256 split = 0; split < 2; split++) {
            (uint128 received, uint128 paidOut) = pot(split);
            uint256 sum = 0;
            for (uint256 i = 0; i < handler.rowCount(split); i++) {
                IHubClaims.Share memory share = handler.row(split, i);
                uint256 paid = handler.HUB().paid(handler.ids(split), address(handler.USDC()), share.account);
                same("balance is paid", handler.USDC().balanceOf(share.account), paid);
                isTrue("paid is within the entitlement", paid <= uint256(received) * share.shares / share.totalShares);
                sum += paid;
            }
            same("paid out", paidOut, sum);
        }
    }

    function invariant_theHonestSplitsDustIsFewerUnitsThanPayees() public view {
        (uint128 received,) = pot(0);
        uint256 owed = 0;
        for (uint256 i = 0; i < 4; i++) {
            IHubClaims.Share memory share = handler.row(0, i);
            owed += uint256(received) * share.shares / share.totalShares;
        }
        isTrue("dust", received - owed < 4);
    }

    function pot(uint256 split) private view returns (uint128 received, uint128 paidOut) {
        return handler.HUB().pot(handler.ids(split), address(handler.USDC()));
    }
}
