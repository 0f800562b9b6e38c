// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {HubFixture} from "./HubFixture.sol";
import {isTrue, same, vm} from "./Vm.sol";
import {BurningWallet} from "./Wallets.sol";

/// @title Many signed payments in one call: each stands or falls by itself.
contract HubBatchesTest is HubFixture {
    bytes32 private constant OTHER = keccak256("another split");

    function three() private view returns (IHubPayments.Auth[] memory auths) {
        auths = new IHubPayments.Auth[](3);
        auths[0] = signedAuth(splitId, "1", 1e6);
        auths[1] = signedAuth(OTHER, "2", 2e6);
        auths[2] = signedAuth(splitId, "3", 3e6);
    }

    function test_aBatchCreditsEachRowsSplit() public {
        IHubPayments.Auth[] memory auths = three();
        vm.expectEmit(address(hub));
        emit IHubPayments.Paid(OTHER, "2", payer, address(usdc), 2e6);
        bool[] memory good = hub.payBatch(address(usdc), auths);
        isTrue("all", good[0] && good[1] && good[2]);
        same("split", receivedOf(splitId), 4e6);
        same("other", receivedOf(OTHER), 2e6);
        same("hub", usdc.balanceOf(address(hub)), 6e6);
    }

    function test_aBadRowIsSkippedAndTold() public {
        IHubPayments.Auth[] memory auths = three();
        auths[1].value += 1;
        vm.expectEmit(address(hub));
        emit IHubPayments.PaymentSkipped(OTHER, "2", payer, address(usdc));
        bool[] memory good = hub.payBatch(address(usdc), auths);
        isTrue("the others", good[0] && !good[1] && good[2]);
        same("split", receivedOf(splitId), 4e6);
        same("other", receivedOf(OTHER), 0);
        good = hub.payBatch(address(usdc), three());
        isTrue("paid later, and the others not again", !good[0] && good[1] && !good[2]);
        same("split after", receivedOf(splitId), 4e6);
        same("other after", receivedOf(OTHER), 2e6);
    }

    function test_aRowOfNothingBringsNothing() public {
        IHubPayments.Auth[] memory auths = new IHubPayments.Auth[](1);
        auths[0] = signedAuth(splitId, "1", 0);
        isTrue("not paid", !hub.payBatch(address(usdc), auths)[0]);
        same("split", receivedOf(splitId), 0);
        same("no rows", hub.payBatch(address(usdc), new IHubPayments.Auth[](0)).length, 0);
    }

    /// Without a limit such a row leaves the rows after it a 64th of the gas, and the batch fails.
    function test_aRowThatBurnsGasBurnsItsOwn() public {
        IHubPayments.Auth[] memory auths = three();
        auths[1].from = address(new BurningWallet());
        uint256 before = gasleft();
        bool[] memory good = hub.payBatch{gas: 1_500_000}(address(usdc), auths);
        isTrue("the others", good[0] && !good[1] && good[2]);
        isTrue("burned its limit and no more", before - gasleft() < 900_000);
        same("split", receivedOf(splitId), 4e6);
    }
}
