// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TestUSDC} from "../mocks/TestUSDC.sol";
import {deployed, isTrue, reverted, same, vm} from "./Vm.sol";
import {MuteWallet, YesWallet} from "./Wallets.sol";

/// @title The test token refuses and accepts as USDC 2.2 does.
contract TestUSDCTest {
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant START = 1_800_000_000;
    address private constant PAYEE = address(0xB0B);
    bytes32 private constant NONCE = keccak256("nonce");

    TestUSDC private usdc;
    address private owner;

    function setUp() public {
        vm.warp(START);
        usdc = TestUSDC(deployed("TestUSDC.sol:TestUSDC"));
        owner = vm.addr(KEY);
        usdc.mint(owner, 100);
    }

    function sign(bytes memory fields) private view returns (uint8 v, bytes32 r, bytes32 s) {
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", usdc.DOMAIN_SEPARATOR(), keccak256(fields)));
        return vm.sign(KEY, digest);
    }

    function transferFields(uint256 validAfter, uint256 validBefore) private view returns (bytes memory) {
        return abi.encode(usdc.TRANSFER_WITH_AUTHORIZATION_TYPEHASH(), owner, PAYEE, 40, validAfter, validBefore, NONCE);
    }

    function test_itsDomainIsThatOfUsdc() public view {
        bytes32 domain = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        bytes32 expected = keccak256(
            abi.encode(domain, keccak256("USD Coin"), keccak256("2"), block.chainid, address(usdc))
        );
        same("domain separator", uint256(usdc.DOMAIN_SEPARATOR()), uint256(expected));
        same("decimals", usdc.decimals(), 6);
    }

    function test_itTakesBothFormsOfATransfersSignature() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(transferFields(0, START + 1));
        usdc.transferWithAuthorization(owner, PAYEE, 40, 0, START + 1, NONCE, v, r, s);
        same("split form", usdc.balanceOf(PAYEE), 40);
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, 0, START + 1, NONCE, abi.encodePacked(r, s, v));
    }

    function test_itTakesBothFormsOfAReceiptsSignature() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(
            abi.encode(usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), owner, address(this), 40, 0, START + 1, NONCE)
        );
        vm.prank(PAYEE);
        vm.expectRevert(reverted("FiatTokenV2: caller must be the payee"));
        usdc.receiveWithAuthorization(owner, address(this), 40, 0, START + 1, NONCE, v, r, s);
        usdc.receiveWithAuthorization(owner, address(this), 40, 0, START + 1, NONCE, v, r, s);
        same("received", usdc.balanceOf(address(this)), 40);
    }

    function test_itsTimesAreExclusive() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(transferFields(START, START + 2));
        bytes memory signature = abi.encodePacked(r, s, v);
        vm.expectRevert(reverted("FiatTokenV2: authorization is not yet valid"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, START, START + 2, NONCE, signature);
        vm.warp(START + 2);
        vm.expectRevert(reverted("FiatTokenV2: authorization is expired"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, START, START + 2, NONCE, signature);
        vm.warp(START + 1);
        usdc.transferWithAuthorization(owner, PAYEE, 40, START, START + 2, NONCE, signature);
        same("in time", usdc.balanceOf(PAYEE), 40);
    }

    function test_aCancelledAuthorizationIsUsed() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(abi.encode(usdc.CANCEL_AUTHORIZATION_TYPEHASH(), owner, NONCE));
        usdc.cancelAuthorization(owner, NONCE, v, r, s);
        isTrue("state", usdc.authorizationState(owner, NONCE));
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        usdc.cancelAuthorization(owner, NONCE, abi.encodePacked(r, s, v));
        (v, r, s) = sign(transferFields(0, START + 1));
        vm.expectRevert(reverted("FiatTokenV2: authorization is used or canceled"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, 0, START + 1, NONCE, v, r, s);
    }

    /// On USDC too: the key's own signature fails once the account has code that does not answer ERC-1271, in both forms.
    function test_anAccountWithMuteCodeCannotSign() public {
        (uint8 v, bytes32 r, bytes32 s) = sign(transferFields(0, START + 1));
        vm.etch(owner, address(new MuteWallet()).code);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, 0, START + 1, NONCE, v, r, s);
        vm.expectRevert(reverted("FiatTokenV2: invalid signature"));
        usdc.transferWithAuthorization(owner, PAYEE, 40, 0, START + 1, NONCE, abi.encodePacked(r, s, v));
    }

    function test_aSmartWalletSignsByErc1271() public {
        address wallet = address(new YesWallet());
        usdc.mint(wallet, 40);
        usdc.transferWithAuthorization(wallet, PAYEE, 40, 0, START + 1, NONCE, "anything");
        same("received", usdc.balanceOf(PAYEE), 40);
    }

    function test_itsPermitCountsUp() public {
        bytes32 typehash = usdc.PERMIT_TYPEHASH();
        (uint8 v, bytes32 r, bytes32 s) = sign(abi.encode(typehash, owner, PAYEE, 7, 0, START));
        usdc.permit(owner, PAYEE, 7, START, v, r, s);
        same("allowance", usdc.allowance(owner, PAYEE), 7);
        same("nonce", usdc.nonces(owner), 1);
        vm.expectRevert(reverted("EIP2612: invalid signature"));
        usdc.permit(owner, PAYEE, 7, START, abi.encodePacked(r, s, v));
        vm.expectRevert(reverted("FiatTokenV2: permit is expired"));
        usdc.permit(owner, PAYEE, 7, START - 1, v, r, s);
    }

    function test_itsBlacklistStopsSenderRecipientAndCaller() public {
        usdc.mint(address(this), 10);
        usdc.approve(PAYEE, 10);
        address[3] memory parties = [address(this), owner, PAYEE];
        for (uint256 i = 0; i < 3; i++) {
            usdc.blacklist(parties[i]);
            vm.prank(PAYEE);
            vm.expectRevert(reverted("Blacklistable: account is blacklisted"));
            usdc.transferFrom(address(this), owner, 1);
            usdc.unBlacklist(parties[i]);
        }
        vm.prank(PAYEE);
        usdc.transferFrom(address(this), owner, 1);
        same("after", usdc.balanceOf(owner), 101);
    }

    function test_itMovesNoMoreThanThereIs() public {
        vm.expectRevert(reverted("ERC20: transfer amount exceeds balance"));
        usdc.transfer(PAYEE, 1);
        vm.expectRevert(reverted("ERC20: transfer amount exceeds allowance"));
        usdc.transferFrom(owner, PAYEE, 1);
    }

    function test_aTransferToOneselfChangesNothing() public {
        usdc.mint(address(this), 10);
        usdc.transfer(address(this), 7);
        same("balance", usdc.balanceOf(address(this)), 10);
    }
}
