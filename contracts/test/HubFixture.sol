// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubClaims} from "../interfaces/IHubClaims.sol";
import {IHubPayments} from "../interfaces/IHubPayments.sol";
import {ISettlementHub} from "../interfaces/ISettlementHub.sol";
import {TestUSDC} from "../mocks/TestUSDC.sol";
import {Tree} from "./Tree.sol";
import {deployed, vm} from "./Vm.sol";

/// @title A hub, a token, a payer with a key and an honest split of four, for the tests to start from.
abstract contract HubFixture {
    uint256 internal constant PAYER_KEY = 0xA11CE;
    bytes32 internal constant REF = keccak256("payment 1");
    uint256 internal constant START = 1_800_000_000;

    ISettlementHub internal hub;
    TestUSDC internal usdc;
    address internal payer;
    IHubClaims.Share[] internal rows;
    bytes32 internal splitId;

    function setUp() public virtual {
        vm.warp(START);
        hub = ISettlementHub(deployed("SettlementHub.sol:SettlementHub"));
        usdc = TestUSDC(deployed("TestUSDC.sol:TestUSDC"));
        payer = vm.addr(PAYER_KEY);
        usdc.mint(payer, 1_000e6);
        usdc.mint(address(this), type(uint128).max);
        usdc.approve(address(hub), type(uint256).max);
        IHubClaims.Share[] memory table =
            Tree.four([address(0xA1), address(0xA2), address(0xA3), address(0xA4)], [uint256(1), 7, 300, 9692]);
        for (uint256 i = 0; i < 4; i++) rows.push(table[i]);
        splitId = Tree.idOf(table[0]);
    }

    /// @dev An authorization to the hub as the payer's wallet signs it: the nonce commits to split and reference.
    function signedAuth(bytes32 split, bytes32 ref, uint256 value) internal view returns (IHubPayments.Auth memory) {
        bytes32 nonce = keccak256(abi.encode(split, ref));
        bytes memory signature =
            signAuthorization(usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), address(hub), value, nonce);
        return IHubPayments.Auth(split, ref, payer, value, 0, START + 60, signature);
    }

    function signAuthorization(bytes32 typehash, address to, uint256 value, bytes32 nonce)
        internal
        view
        returns (bytes memory)
    {
        bytes32 structHash = keccak256(abi.encode(typehash, payer, to, value, 0, START + 60, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(PAYER_KEY, digestOf(structHash));
        return abi.encodePacked(r, s, v);
    }

    function digestOf(bytes32 structHash) internal view returns (bytes32) {
        return keccak256(abi.encodePacked("\x19\x01", usdc.DOMAIN_SEPARATOR(), structHash));
    }

    function receivedOf(bytes32 split) internal view returns (uint256 received) {
        (received,) = hub.pot(split, address(usdc));
    }
}
