// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The hashes by which a split is known: leaf, root and id, as the interface of the hub specifies them.
/// @dev Written in assembly because each claim pays for them: the same words by `abi.encode` and a library for the proof cost 110 gas more a
/// leaf, 60 more a node of the proof. Each hash is over words in scratch space (0x00 to 0x3f), which Solidity leaves to such use, or beyond
/// the end of what is allocated.
library SplitHash {
    /// @dev `keccak256(bytes.concat(keccak256(abi.encode(account, shares))))`. Hashed twice, so that no inner node (one hash of 64 bytes) can
    /// pass for a leaf.
    function leafOf(address account, uint256 shares) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            // The upper 96 bits are cleared, whatever the caller left in them.
            mstore(0x00, shr(96, shl(96, account)))
            mstore(0x20, shares)
            mstore(0x00, keccak256(0x00, 0x40))
            leaf := keccak256(0x00, 0x20)
        }
    }

    /// @dev The root to which `proof` leads from `leaf`. Each pair is hashed with the lower hash first.
    function rootOf(bytes32 leaf, bytes32[] calldata proof) internal pure returns (bytes32 root) {
        assembly ("memory-safe") {
            root := leaf
            let end := add(proof.offset, shl(5, proof.length))
            for { let at := proof.offset } lt(at, end) { at := add(at, 0x20) } {
                let sibling := calldataload(at)
                // 0x20 when the sibling is the lower one: the node then stands second.
                let place := shl(5, lt(sibling, root))
                mstore(place, root)
                mstore(xor(place, 0x20), sibling)
                root := keccak256(0x00, 0x40)
            }
        }
    }

    /// @dev `keccak256(abi.encode(root, totalShares, metadataHash))`.
    function idOf(bytes32 root, uint256 totalShares, bytes32 metadataHash) internal pure returns (bytes32 splitId) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, root)
            mstore(add(free, 0x20), totalShares)
            mstore(add(free, 0x40), metadataHash)
            splitId := keccak256(free, 0x60)
        }
    }
}
