// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IPermit2} from "../interfaces/IPermit2.sol";
import {TestPermit2} from "../mocks/TestPermit2.sol";
import {TestUSDC} from "../mocks/TestUSDC.sol";
import {deployed, reverted, same, vm} from "./Vm.sol";
import {MuteWallet, YesWallet} from "./Wallets.sol";

/// @title The test Permit2 takes and refuses as Uniswap's does.
contract TestPermit2Test {
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant START = 1_800_000_000;
    string private constant WITNESS = "W witness)TokenPermissions(address token,uint256 amount)W(uint256 x)";

    TestPermit2 private permit2;
    TestUSDC private usdc;
    address private owner = vm.addr(KEY);

    function setUp() public {
        vm.warp(START);
        permit2 = new TestPermit2();
        usdc = TestUSDC(deployed("TestUSDC.sol:TestUSDC"));
        approved(owner);
    }

    function approved(address who) private {
        usdc.mint(who, 100);
        vm.prank(who);
        usdc.approve(address(permit2), 100);
    }

    function sign(uint256 nonce) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 permitted =
            keccak256(abi.encode(keccak256("TokenPermissions(address token,uint256 amount)"), address(usdc), 10));
        bytes32 typehash = keccak256(
            abi.encodePacked(
                "PermitWitnessTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline,",
                WITNESS
            )
        );
        bytes32 structHash = keccak256(abi.encode(typehash, permitted, address(this), nonce, START, bytes32("w")));
        return vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", permit2.DOMAIN_SEPARATOR(), structHash)));
    }

    function take(address from, uint256 nonce, uint256 value, bytes memory signature) private {
        permit2.permitWitnessTransferFrom(
            IPermit2.PermitTransferFrom(IPermit2.TokenPermissions(address(usdc), 10), nonce, START),
            IPermit2.SignatureTransferDetails(address(0xB0B), value),
            from,
            "w",
            WITNESS,
            signature
        );
    }

    function test_itTakesBothFormsOfASignature() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(257);
        take(owner, 257, 10, abi.encodePacked(r, s, v));
        same("bit 1 of word 1", permit2.nonceBitmap(owner, 1), 2);
        (v, r, s) = sign(258);
        take(owner, 258, 4, abi.encodePacked(r, bytes32((uint256(v - 27) << 255) | uint256(s))));
        same("moved", usdc.balanceOf(address(0xB0B)), 14);
    }

    function test_itRefusesWhatIsNotSigned() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(1);
        bytes memory signature = abi.encodePacked(r, s, v);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidAmount.selector, 10));
        take(owner, 1, 11, signature);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSigner.selector));
        take(owner, 2, 10, signature);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSignatureLength.selector));
        take(owner, 1, 10, hex"00");
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidSignature.selector));
        take(owner, 1, 10, abi.encodePacked(r, s, uint8(9)));
        vm.prank(owner);
        permit2.invalidateUnorderedNonces(0, 2);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.InvalidNonce.selector));
        take(owner, 1, 10, signature);
        vm.warp(START + 1);
        vm.expectRevert(abi.encodeWithSelector(TestPermit2.SignatureExpired.selector, START));
        take(owner, 3, 10, signature);
    }

    /// As USDC it asks an account that has code, also one that has it by delegation (EIP-7702), and its key's signature is then no answer.
    function test_itAsksAnAccountWithCode() public {
        address wallet = address(new YesWallet());
        approved(wallet);
        take(wallet, 1, 10, "anything");
        same("moved", usdc.balanceOf(address(0xB0B)), 10);
        (uint8 v, bytes32 r, bytes32 s) = sign(1);
        vm.etch(owner, address(new MuteWallet()).code);
        vm.expectRevert("");
        take(owner, 1, 10, abi.encodePacked(r, s, v));
    }

    function test_itMovesOnlyWhatIsApproved() public {
        vm.prank(owner);
        usdc.approve(address(permit2), 0);
        (uint8 v, bytes32 r, bytes32 s) = sign(1);
        vm.expectRevert(reverted("TRANSFER_FROM_FAILED"));
        take(owner, 1, 10, abi.encodePacked(r, s, v));
    }
}
