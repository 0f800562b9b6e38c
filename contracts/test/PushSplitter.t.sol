// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {IPushSplitter} from "../interfaces/IPushSplitter.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {FalseToken, SilentToken} from "../mocks/OddTokens.sol";
import {HubFixture} from "./HubFixture.sol";
import {deployed, isTrue, reverted, same, vm} from "./Vm.sol";

/// @title One payment divided at once: exactly, and past whoever cannot be paid.
contract PushSplitterTest is HubFixture {
    address private constant A = address(0xA1);
    address private constant B = address(0xA2);
    address private constant C = address(0xA3);

    IPushSplitter private splitter;

    function setUp() public override {
        super.setUp();
        splitter = IPushSplitter(deployed("PushSplitter.sol:PushSplitter"));
        usdc.approve(address(splitter), type(uint256).max);
    }

    function three(uint128 a, uint128 b, uint128 c) private pure returns (IPushSplitter.Payee[] memory payees) {
        payees = new IPushSplitter.Payee[](3);
        payees[0] = IPushSplitter.Payee(A, a);
        payees[1] = IPushSplitter.Payee(B, b);
        payees[2] = IPushSplitter.Payee(C, c);
    }

    /// The parts sum to the value to the unit, nothing stays behind, and each is the difference of two floors.
    function test_aPushIsExact(uint64 value, uint32 a, uint32 b, uint32 c) public {
        uint256 total = uint256(a) + b + c;
        if (value == 0 || total == 0) return;
        splitter.push(address(usdc), REF, value, three(a, b, c));
        uint256 first = (uint256(value) * a) / total;
        uint256 second = (uint256(value) * (uint256(a) + b)) / total;
        same("first", usdc.balanceOf(A), first);
        same("second", usdc.balanceOf(B), second - first);
        same("third", usdc.balanceOf(C), value - second);
        same("left", usdc.balanceOf(address(splitter)), 0);
    }

    function test_aSignedPaymentIsDivided() public {
        IPushSplitter.Payee[] memory payees = three(1, 2, 1);
        bytes32 tableId = keccak256(abi.encode(payees));
        IHubPayments.Auth memory auth = signedPush(tableId, 100);
        IPushSplitter.Payee[] memory other = three(2, 1, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IPushSplitter.OtherTable.selector, tableId, keccak256(abi.encode(other)))
        );
        splitter.pay(address(usdc), auth, other);
        vm.expectEmit(address(splitter));
        emit IPushSplitter.Pushed(tableId, REF, payer, address(usdc), 100);
        splitter.pay(address(usdc), auth, payees);
        same("second", usdc.balanceOf(B), 50);
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        splitter.pay(address(usdc), auth, payees);
        auth.splitId = keccak256(abi.encode(other));
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        splitter.pay(address(usdc), auth, other);
    }

    function signedPush(bytes32 tableId, uint256 value) private view returns (IHubPayments.Auth memory) {
        bytes memory signature = signAuthorization(
            usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), address(splitter), value, keccak256(abi.encode(tableId, REF))
        );
        return IHubPayments.Auth(tableId, REF, payer, value, 0, START + 60, signature);
    }

    function test_aBlacklistedPayeeIsCreditedAndBlocksNobody() public {
        usdc.blacklist(B);
        IPushSplitter.Payee[] memory payees = three(1, 2, 1);
        vm.expectEmit(address(splitter));
        emit IPushSplitter.Credited(keccak256(abi.encode(payees)), B, address(usdc), 50);
        splitter.push(address(usdc), REF, 100, payees);
        same("first", usdc.balanceOf(A), 25);
        same("third", usdc.balanceOf(C), 25);
        same("credit", splitter.credit(B, address(usdc)), 50);
        vm.expectRevert(abi.encodeWithSelector(IPushSplitter.NothingToCollect.selector, address(this), address(usdc)));
        splitter.collect(address(usdc), address(this));
        vm.expectEmit(address(splitter));
        emit IPushSplitter.Collected(B, address(usdc), address(0x5AFE), 50);
        vm.prank(B);
        same("collected", splitter.collect(address(usdc), address(0x5AFE)), 50);
        same("safe", usdc.balanceOf(address(0x5AFE)), 50);
        same("left", usdc.balanceOf(address(splitter)), 0);
        vm.prank(B);
        vm.expectRevert(abi.encodeWithSelector(IPushSplitter.NothingToCollect.selector, B, address(usdc)));
        splitter.collect(address(usdc), B);
    }

    function test_aTableHasOneToFourPayeesAndAShare() public {
        IPushSplitter.Payee[] memory payees = new IPushSplitter.Payee[](0);
        refused(payees, 0);
        refused(three(0, 0, 0), 0);
        payees = new IPushSplitter.Payee[](5);
        for (uint256 i = 0; i < 5; i++) payees[i] = IPushSplitter.Payee(A, 1);
        refused(payees, 4);
    }

    function refused(IPushSplitter.Payee[] memory payees, uint256 total) private {
        vm.expectRevert(abi.encodeWithSelector(IPushSplitter.InvalidTable.selector, payees.length, total));
        splitter.push(address(usdc), REF, 100, payees);
    }

    function test_whoSubmitsCannotStarveAPayeeOfGas() public {
        (bool ok, bytes memory answer) = address(splitter).call{gas: 260_000}(
            abi.encodeCall(splitter.push, (address(usdc), REF, 100, three(1, 2, 1)))
        );
        isTrue("refused", !ok && bytes4(answer) == IPushSplitter.GasTooLow.selector);
        same("nobody is credited", splitter.credit(A, address(usdc)), 0);
    }

    function test_aTokenOfTheOldKindIsDivided() public {
        SilentToken silent = new SilentToken();
        silent.mint(address(this), 100);
        silent.approve(address(splitter), 100);
        splitter.push(address(silent), REF, 100, three(1, 2, 1));
        same("second", silent.balanceOf(B), 50);
    }

    function test_aRefusalByAnswerIsACredit() public {
        FalseToken token = new FalseToken();
        token.mint(address(this), 200);
        token.approve(address(splitter), 200);
        token.refuse(B, false);
        splitter.push(address(token), REF, 100, three(1, 2, 1));
        same("credit", splitter.credit(B, address(token)), 50);
        same("held for it", token.balanceOf(address(splitter)), 50);
        token.refuse(B, true);
        bytes32 tableId = keccak256(abi.encode(three(1, 2, 1)));
        vm.expectRevert(
            abi.encodeWithSelector(IPushSplitter.CreditNotCovered.selector, tableId, address(token), 50, 0)
        );
        splitter.push(address(token), REF, 100, three(1, 2, 1));
    }

    function test_whatArrivedIsDividedNotWhatWasSaid() public {
        HostileToken bad = new HostileToken();
        bad.mint(address(this), 1000);
        bad.approve(address(splitter), 1000);
        vm.expectRevert(
            abi.encodeWithSelector(
                IPushSplitter.NothingPushed.selector, keccak256(abi.encode(three(1, 2, 1))), address(bad), 0
            )
        );
        splitter.push(address(bad), REF, 0, three(1, 2, 1));
        bad.setFee(100);
        splitter.push(address(bad), REF, 1000, three(1, 1, 0));
        same("first, after two fees", bad.balanceOf(A), 405);
        same("left", bad.balanceOf(address(splitter)), 0);
    }
}
