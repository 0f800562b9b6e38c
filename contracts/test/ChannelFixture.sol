// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubChannels} from "../interfaces/IHubChannels.sol";
import {HubFixture} from "./HubFixture.sol";
import {vm} from "./Vm.sol";

/// @title Channels of payers with keys into the fixture's split, their vouchers as the payers sign them and the rows as they are packed.
abstract contract ChannelFixture is HubFixture {
    uint256 internal constant CLOSER_KEY = 0xC105E;
    uint256 internal constant DEPOSIT = 100e6;
    bytes32 internal constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 cumulative)");
    bytes32 internal constant CLOSE_TYPEHASH = keccak256("Close(bytes32 channelId,uint96 claimedMin)");
    bytes32 internal constant DEPOSIT_TYPEHASH = keccak256("ChannelDeposit(bytes32 channelId,bytes32 salt)");

    address internal closer = vm.addr(CLOSER_KEY);

    /// @dev The channel of the payer with this key and salt.
    function termsOf(uint256 key, uint96 salt) internal view returns (IHubChannels.ChannelTerms memory) {
        return IHubChannels.ChannelTerms(vm.addr(key), salt, splitId, address(usdc), closer);
    }

    /// @dev As the specification has it, written apart from the contract.
    function idOf(IHubChannels.ChannelTerms memory terms) internal pure returns (bytes32) {
        bytes32 common = keccak256(abi.encode(terms.splitId, terms.token, terms.closer));
        return keccak256(abi.encodePacked(terms.payer, terms.salt, common));
    }

    function opened(uint256 key, uint96 salt, uint256 deposit) internal returns (IHubChannels.ChannelTerms memory terms) {
        terms = termsOf(key, salt);
        usdc.mint(terms.payer, deposit);
        vm.prank(terms.payer);
        usdc.approve(address(hub), deposit);
        vm.prank(terms.payer);
        hub.open(splitId, address(usdc), salt, closer, deposit);
    }

    function hubDigest(bytes32 structHash) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SettlementHub"),
                keccak256("1"),
                block.chainid,
                address(hub)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function voucherDigest(bytes32 channelId, uint256 cumulative) internal view returns (bytes32) {
        return hubDigest(keccak256(abi.encode(VOUCHER_TYPEHASH, channelId, cumulative)));
    }

    function rowOf(uint256 key, uint96 salt, uint128 cumulative) internal view returns (bytes memory) {
        IHubChannels.ChannelTerms memory terms = termsOf(key, salt);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, voucherDigest(idOf(terms), cumulative));
        // EIP-2098: v in the top bit of s.
        bytes32 vs = bytes32((uint256(v - 27) << 255) | uint256(s));
        return abi.encodePacked(terms.payer, salt, cumulative, r, vs);
    }

    function signedClose(bytes32 channelId, uint96 claimedMin) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(CLOSER_KEY, hubDigest(keccak256(abi.encode(CLOSE_TYPEHASH, channelId, claimedMin))));
        return abi.encodePacked(r, s, v);
    }

    /// @dev A deposit as the payer's wallet signs it for the token.
    function signedDeposit(bytes32 channelId, uint256 value, bytes32 salt)
        internal
        view
        returns (IHubChannels.DepositAuth memory)
    {
        bytes32 nonce = keccak256(abi.encode(DEPOSIT_TYPEHASH, channelId, salt));
        bytes memory signature =
            signAuthorization(usdc.RECEIVE_WITH_AUTHORIZATION_TYPEHASH(), address(hub), value, nonce);
        return IHubChannels.DepositAuth(value, salt, 0, START + 60, signature);
    }
}
