// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {ISplitReceiver} from "../interfaces/ISplitReceiver.sol";
import {HubFixture} from "./HubFixture.sol";
import {isTrue, same, vm} from "./Vm.sol";

/// @title Payment by a bare transfer to a split's own address.
contract HubReceiversTest is HubFixture {
    /// As an x402 client pays: a TransferWithAuthorization with a nonce of its own, to an address without code, sent by whoever likes.
    function test_anUndeployedReceiverIsPaidAndSwept() public {
        address receiver = hub.receiverOf(splitId);
        same("no code yet", receiver.code.length, 0);
        bytes32 nonce = keccak256("the client's random nonce");
        bytes memory signature = signAuthorization(usdc.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), receiver, 5e6, nonce);
        usdc.transferWithAuthorization(payer, receiver, 5e6, 0, START + 60, nonce, signature);

        vm.expectEmit(address(hub));
        emit IHubPayments.Swept(splitId, address(usdc), 5e6);
        same("swept", hub.sweep(splitId, address(usdc)), 5e6);
        isTrue("deployed", receiver.code.length > 0);
        same("received", receivedOf(splitId), 5e6);

        usdc.transfer(receiver, 7);
        same("swept again", hub.sweep(splitId, address(usdc)), 7);
        same("received in all", receivedOf(splitId), 5e6 + 7);
    }

    function test_anEmptyReceiverIsNotDeployed() public {
        same("swept", hub.sweep(splitId, address(usdc)), 0);
        same("no code", hub.receiverOf(splitId).code.length, 0);
    }

    function test_theReceiversAddressFollowsEip1014(bytes32 split) public view {
        bytes32 initCodeHash = keccak256(vm.getCode("SplitReceiver.sol:SplitReceiver"));
        bytes32 digest = keccak256(abi.encodePacked(bytes1(0xff), address(hub), split, initCodeHash));
        isTrue("address", hub.receiverOf(split) == address(uint160(uint256(digest))));
    }

    function test_aStrangerCannotEmptyAReceiver() public {
        address receiver = hub.receiverOf(splitId);
        usdc.transfer(receiver, 5);
        hub.sweep(splitId, address(usdc));
        usdc.transfer(receiver, 5);
        vm.expectRevert(abi.encodeWithSelector(ISplitReceiver.OnlyHub.selector, address(this), address(hub)));
        ISplitReceiver(receiver).release(address(usdc), 5);
        same("still there", usdc.balanceOf(receiver), 5);
    }

    function test_aSweepMovesOnlyItsOwnSplit() public {
        bytes32 other = keccak256("another split");
        usdc.transfer(hub.receiverOf(splitId), 5);
        usdc.transfer(hub.receiverOf(other), 9);
        hub.sweep(splitId, address(usdc));
        same("own", receivedOf(splitId), 5);
        same("other pot", receivedOf(other), 0);
        same("other receiver", usdc.balanceOf(hub.receiverOf(other)), 9);
    }
}
