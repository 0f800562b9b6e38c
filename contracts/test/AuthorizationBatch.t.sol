// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorizationBatch} from "../interfaces/IAuthorizationBatch.sol";
import {HubFixture} from "./HubFixture.sol";
import {deployed, isTrue, same, vm} from "./Vm.sol";
import {BurningWallet, YesWallet} from "./Wallets.sol";

/// @title Many transfers in one call: each stands or falls by itself, and nobody's row costs more than its limit.
contract AuthorizationBatchTest is HubFixture {
    address private constant SELLER = address(0x5E11E4);
    IAuthorizationBatch private batch;

    function setUp() public override {
        super.setUp();
        batch = IAuthorizationBatch(deployed("AuthorizationBatch.sol:AuthorizationBatch"));
    }

    function row(uint256 value, bytes32 nonce) private view returns (IAuthorizationBatch.Row memory) {
        bytes32 typehash = usdc.TRANSFER_WITH_AUTHORIZATION_TYPEHASH();
        bytes32 structHash = keccak256(abi.encode(typehash, payer, SELLER, value, 0, START + 60, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, digestOf(structHash));
        return IAuthorizationBatch.Row(payer, SELLER, value, 0, START + 60, nonce, v, r, s);
    }

    function three() private view returns (IAuthorizationBatch.Row[] memory list) {
        list = new IAuthorizationBatch.Row[](3);
        list[0] = row(1e6, "1");
        list[1] = row(2e6, "2");
        list[2] = row(3e6, "3");
    }

    function held() private view returns (uint256) {
        return usdc.balanceOf(SELLER);
    }

    function test_everyRowIsTransferredAndSaysItsGas() public {
        uint256[] memory burned = batch.transferMany(address(usdc), three());
        same("seller", held(), 6e6);
        for (uint256 i = 0; i < 3; i++) isTrue("gas", burned[i] > 10_000 && burned[i] < 100_000);
        same("no rows", batch.transferMany(address(usdc), new IAuthorizationBatch.Row[](0)).length, 0);
    }

    function test_aBadRowIsSkippedAndPaidLater() public {
        IAuthorizationBatch.Row[] memory list = three();
        list[1].value += 1;
        uint256[] memory burned = batch.transferMany(address(usdc), list);
        isTrue("the others", burned[0] != 0 && burned[1] == 0 && burned[2] != 0);
        same("seller", held(), 4e6);
        burned = batch.transferMany(address(usdc), three());
        isTrue("it alone", burned[0] == 0 && burned[1] != 0 && burned[2] == 0);
        same("seller after", held(), 6e6);
    }

    function test_oneRowTwiceIsPaidOnce() public {
        IAuthorizationBatch.Row[] memory list = new IAuthorizationBatch.Row[](2);
        list[0] = row(1e6, "1");
        list[1] = list[0];
        uint256[] memory burned = batch.transferMany(address(usdc), list);
        isTrue("the first", burned[0] != 0 && burned[1] == 0);
        same("seller", held(), 1e6);
    }

    /// Its code is not asked, so it burns nothing; also one that would say yes goes alone.
    function test_aPayerWithCodeIsSkippedUnasked() public {
        IAuthorizationBatch.Row[] memory list = three();
        list[0].from = address(new BurningWallet());
        list[1].from = address(new YesWallet());
        usdc.mint(list[1].from, 9e6);
        uint256 before = gasleft();
        uint256[] memory burned = batch.transferMany(address(usdc), list);
        isTrue("spared", before - gasleft() < 200_000);
        isTrue("the other", burned[0] == 0 && burned[1] == 0 && burned[2] != 0);
        same("seller", held(), 3e6);
    }

    /// A batch that is given too little gas pays some rows and loses none: it never reverts half way.
    function test_whatTheGasDoesNotCoverIsNotTried() public {
        uint256[] memory burned = batch.transferMany{gas: 300_000}(address(usdc), three());
        isTrue("the first and not the last", burned[0] < 100_000 && burned[2] == type(uint256).max);
        isTrue("as told", held() == (burned[1] < 100_000 ? 3e6 : 1e6));
    }

    function test_whereThereIsNoTokenItReverts() public {
        IAuthorizationBatch.Row[] memory list = three();
        vm.expectRevert(abi.encodeWithSelector(IAuthorizationBatch.NoToken.selector, SELLER));
        batch.transferMany(SELLER, list);
    }

    function testFuzz_neverMoreThanSigned(uint8 bad, uint256 noise) public {
        IAuthorizationBatch.Row[] memory list = three();
        uint256 expected = 6e6 - list[bad % 3].value;
        list[bad % 3].r ^= bytes32(noise == 0 ? 1 : noise);
        batch.transferMany(address(usdc), list);
        same("seller", held(), expected);
    }
}
