// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Where the tables of splits are published, and which table a name means now.
/// @notice The hub knows a split by its id alone; who has lost the table cannot prove a share. Publishing it here keeps it in the logs for ever.
/// Nothing here is trusted by the hub, and a published table is proved by its reader: its rows must lead to the root that the id commits to.
///
/// A split never changes. A name of an owner points at the split that is meant from now on; money that an older version received stays its own
/// payees'. A name is `keccak256(abi.encode(owner, salt))`.
interface ISplitBook {
    /// @notice `table` is 36 bytes a payee, in the order of the leaves: account 20, shares 16 (big-endian). Anyone may publish anything: check
    /// the rows against `root` before you believe them.
    event TablePublished(bytes32 indexed splitId, address indexed publisher, bytes32 root, uint256 totalShares, bytes32 metadataHash, bytes table);

    /// @notice From now on the owner's name means this split.
    event Pointed(bytes32 indexed name, address indexed owner, bytes32 indexed splitId, bytes32 salt, uint64 version);

    /// @notice A table has at least one row and no part of one.
    error MalformedTable(uint256 bytesGiven);

    /// @notice The next version of this name is `expected`.
    error OtherVersion(bytes32 name, uint64 version, uint64 expected);

    /// @notice The owner did not sign this version.
    error InvalidPointer(bytes32 name, address owner, uint64 version);

    /// @notice Publishes a split's table. Returns the split's id.
    function publish(bytes32 root, uint256 totalShares, bytes32 metadataHash, bytes calldata table) external returns (bytes32 splitId);

    /// @notice Points the caller's name at a split, as its next version.
    function point(bytes32 salt, bytes32 splitId) external returns (uint64 version);

    /// @notice The same by the owner's signature (EIP-712 `Pointer(bytes32 name,bytes32 splitId,uint64 version)`, domain `SplitBook`, version 1).
    /// The version must be the next one, so that no signature works twice.
    function pointFor(address owner, bytes32 salt, bytes32 splitId, uint64 version, bytes calldata signature) external;

    function nameOf(address owner, bytes32 salt) external pure returns (bytes32);

    /// @notice The split that a name means, and its version; zero when it was never pointed.
    function pointer(bytes32 name) external view returns (bytes32 splitId, uint64 version);
}
