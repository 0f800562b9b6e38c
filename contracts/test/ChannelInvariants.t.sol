// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelHandler} from "./ChannelHandler.sol";
import {isTrue, same} from "./Vm.sol";

/// @title What holds after any sequence of deposits, vouchers, closes and claims.
contract ChannelInvariantsTest {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    ChannelHandler private handler;

    function setUp() public {
        handler = new ChannelHandler();
    }

    /// @dev Asked by the runner: what it may call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Asked by the runner: which functions of it.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](6);
        selectors[0] = ChannelHandler.openOrTopUp.selector;
        selectors[1] = ChannelHandler.claimVoucher.selector;
        selectors[2] = ChannelHandler.requestClose.selector;
        selectors[3] = ChannelHandler.withdraw.selector;
        selectors[4] = ChannelHandler.closeCooperatively.selector;
        selectors[5] = ChannelHandler.fundAndClaim.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), selectors);
    }

    function invariant_theHubHoldsItsPotsAndItsChannels() public view {
        uint256 channels = 0;
        for (uint256 who = 0; who < handler.PAYERS(); who++) {
            for (uint256 salt = 0; salt < handler.SALTS(); salt++) {
                (uint96 deposit, uint96 claimed,) = handler.stateAt(who, salt);
                isTrue("no more is claimed than was deposited", claimed <= deposit);
                channels += deposit - claimed;
            }
        }
        (uint256 received, uint256 paidOut) = handler.potNow();
        isTrue("a pot pays no more than it received", paidOut <= received);
        same("balance", handler.hubBalance(), received - paidOut + channels);
    }

    function invariant_aPotReceivedItsVouchersAndItsFunding() public view {
        (uint256 received,) = handler.potNow();
        same("received", received, handler.potByVouchers() + handler.potByFunding());
        same("another split's pot", handler.otherPot(), 0);
        isTrue("dust is fewer units than payees", received - handler.owed() < 4);
    }
}
