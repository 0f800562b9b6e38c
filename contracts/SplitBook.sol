// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SplitHash} from "./hub/SplitHash.sol";
import {ISplitBook} from "./interfaces/ISplitBook.sol";

/// @title The book of splits; what it does for a caller is said at its interface. It holds no money.
contract SplitBook is ISplitBook, EIP712("SplitBook", "1") {
    struct Pointer {
        bytes32 splitId;
        uint64 version;
    }

    /// @dev account 20, shares 16.
    uint256 private constant ROW_BYTES = 36;

    bytes32 private constant POINTER_TYPEHASH = keccak256("Pointer(bytes32 name,bytes32 splitId,uint64 version)");

    /// @inheritdoc ISplitBook
    mapping(bytes32 name => Pointer) public pointer;

    /// @inheritdoc ISplitBook
    function publish(bytes32 root, uint256 totalShares, bytes32 metadataHash, bytes calldata table)
        external
        returns (bytes32 splitId)
    {
        if (table.length == 0 || table.length % ROW_BYTES != 0) revert MalformedTable(table.length);
        splitId = SplitHash.idOf(root, totalShares, metadataHash);
        emit TablePublished(splitId, msg.sender, root, totalShares, metadataHash, table);
    }

    /// @inheritdoc ISplitBook
    function point(bytes32 salt, bytes32 splitId) external returns (uint64 version) {
        bytes32 name = nameOf(msg.sender, salt);
        version = pointer[name].version + 1;
        _point(name, msg.sender, salt, splitId, version);
    }

    /// @inheritdoc ISplitBook
    function pointFor(address owner, bytes32 salt, bytes32 splitId, uint64 version, bytes calldata signature) external {
        bytes32 name = nameOf(owner, salt);
        uint64 expected = pointer[name].version + 1;
        if (version != expected) revert OtherVersion(name, version, expected);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(POINTER_TYPEHASH, name, splitId, version)));
        if (!SignatureChecker.isValidSignatureNowCalldata(owner, digest, signature)) revert InvalidPointer(name, owner, version);
        _point(name, owner, salt, splitId, version);
    }

    /// @inheritdoc ISplitBook
    function nameOf(address owner, bytes32 salt) public pure returns (bytes32) {
        return keccak256(abi.encode(owner, salt));
    }

    function _point(bytes32 name, address owner, bytes32 salt, bytes32 splitId, uint64 version) private {
        pointer[name] = Pointer(splitId, version);
        emit Pointed(name, owner, splitId, salt, version);
    }
}
