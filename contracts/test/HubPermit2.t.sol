// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {TestPermit2} from "../mocks/TestPermit2.sol";
import {HubFixture} from "./HubFixture.sol";
import {same, vm} from "./Vm.sol";

/// @title Payment by a Permit2 signature that names split and reference as its witness.
contract HubPermit2Test is HubFixture {
    TestPermit2 private constant PERMIT2 = TestPermit2(0x000000000022D473030F116dDEE9F6B43aC78BA3);
    /// @dev The whole type as a wallet sees it, written out: what the hub and Permit2 put together must be this.
    bytes32 private constant TYPEHASH = keccak256(
        "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,SwitchyardPayment witness)SwitchyardPayment(bytes32 splitId,bytes32 ref)TokenPermissions(address token,uint256 amount)"
    );

    function setUp() public override {
        super.setUp();
        vm.etch(address(PERMIT2), address(new TestPermit2()).code);
        vm.prank(payer);
        usdc.approve(address(PERMIT2), type(uint256).max);
    }

    function permitOf(bytes32 split, bytes32 ref, uint256 value) private view returns (IHubPayments.PermitAuth memory) {
        bytes32 permitted =
            keccak256(abi.encode(keccak256("TokenPermissions(address token,uint256 amount)"), address(usdc), value));
        bytes32 witness =
            keccak256(abi.encode(keccak256("SwitchyardPayment(bytes32 splitId,bytes32 ref)"), split, ref));
        bytes32 structHash = keccak256(abi.encode(TYPEHASH, permitted, address(hub), 5, START + 60, witness));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PAYER_KEY, keccak256(abi.encodePacked(hex"1901", PERMIT2.DOMAIN_SEPARATOR(), structHash)));
        return IHubPayments.PermitAuth(split, ref, payer, value, 5, START + 60, abi.encodePacked(r, s, v));
    }

    function test_aPermitCreditsItsSplitOnce() public {
        IHubPayments.PermitAuth memory auth = permitOf(splitId, REF, 5e6);
        vm.expectEmit(address(hub));
        emit IHubPayments.Paid(splitId, REF, payer, address(usdc), 5e6);
        hub.payPermit2(address(usdc), auth);
        same("received", receivedOf(splitId), 5e6);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidNonce.selector));
        hub.payPermit2(address(usdc), auth);
    }

    function test_aPermitIsForItsSplitReferenceAndValue() public {
        IHubPayments.PermitAuth memory auth = permitOf(splitId, REF, 5e6);
        auth.splitId = keccak256("the relayer's own split");
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSigner.selector));
        hub.payPermit2(address(usdc), auth);
        auth = permitOf(splitId, REF, 5e6);
        auth.ref = keccak256("the relayer's own invoice");
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSigner.selector));
        hub.payPermit2(address(usdc), auth);
        auth = permitOf(splitId, REF, 5e6);
        auth.value = 4e6;
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSigner.selector));
        hub.payPermit2(address(usdc), auth);
    }

    function test_anExpiredPermitReverts() public {
        IHubPayments.PermitAuth memory auth = permitOf(splitId, REF, 5e6);
        vm.warp(START + 61);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.SignatureExpired.selector, START + 60));
        hub.payPermit2(address(usdc), auth);
    }

    function test_withoutPermit2ThereIsNoPermit() public {
        IHubPayments.PermitAuth memory auth = permitOf(splitId, REF, 5e6);
        vm.etch(address(PERMIT2), "");
        vm.expectRevert("");
        hub.payPermit2(address(usdc), auth);
        same("received", receivedOf(splitId), 0);
    }
}
