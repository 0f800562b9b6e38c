// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IHubClaims} from "../interfaces/IHubClaims.sol";

/// @title Splits for the tests: tables of two and four payees with their proofs, written without the library that the hub verifies with.
library Tree {
    function leaf(address account, uint256 shares) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, shares))));
    }

    function parent(bytes32 a, bytes32 b) internal pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }

    function idOf(IHubClaims.Share memory share) internal pure returns (bytes32) {
        return keccak256(abi.encode(share.root, share.totalShares, share.metadataHash));
    }

    /// @dev `total` is free, so that a table can lie about it.
    function two(address[2] memory accounts, uint256[2] memory shares, uint256 total)
        internal
        pure
        returns (IHubClaims.Share[] memory rows)
    {
        bytes32[2] memory leaves = [leaf(accounts[0], shares[0]), leaf(accounts[1], shares[1])];
        rows = new IHubClaims.Share[](2);
        for (uint256 i = 0; i < 2; i++) {
            bytes32[] memory proof = new bytes32[](1);
            proof[0] = leaves[1 - i];
            rows[i] = IHubClaims.Share(parent(leaves[0], leaves[1]), total, bytes32(0), accounts[i], shares[i], proof);
        }
    }

    function four(address[4] memory accounts, uint256[4] memory shares)
        internal
        pure
        returns (IHubClaims.Share[] memory rows)
    {
        bytes32[4] memory leaves;
        uint256 total = 0;
        for (uint256 i = 0; i < 4; i++) {
            leaves[i] = leaf(accounts[i], shares[i]);
            total += shares[i];
        }
        bytes32[2] memory nodes = [parent(leaves[0], leaves[1]), parent(leaves[2], leaves[3])];
        bytes32 root = parent(nodes[0], nodes[1]);
        rows = new IHubClaims.Share[](4);
        for (uint256 i = 0; i < 4; i++) {
            bytes32[] memory proof = new bytes32[](2);
            proof[0] = leaves[i ^ 1];
            proof[1] = nodes[1 - i / 2];
            rows[i] = IHubClaims.Share(root, total, bytes32("album"), accounts[i], shares[i], proof);
        }
    }
}
