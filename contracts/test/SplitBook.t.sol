// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ISplitBook} from "../interfaces/ISplitBook.sol";
import {deployed, isTrue, same, vm} from "./Vm.sol";
import {YesWallet} from "./Wallets.sol";

/// @title Tables in the logs, and names that point at the split that is meant now.
contract SplitBookTest {
    uint256 private constant OWNER_KEY = 0xB00C;
    bytes32 private constant SALT = "album";

    ISplitBook private book;
    address private owner = vm.addr(OWNER_KEY);

    function setUp() public {
        book = ISplitBook(deployed("SplitBook.sol:SplitBook"));
    }

    function test_aTableIsPublishedUnderItsSplitsId() public {
        bytes memory table = abi.encodePacked(address(0xA1), uint128(1), address(0xA2), uint128(3));
        bytes32 splitId = keccak256(abi.encode(bytes32("root"), 4, bytes32("meta")));
        vm.expectEmit(address(book));
        emit ISplitBook.TablePublished(splitId, address(this), "root", 4, "meta", table);
        isTrue("id", book.publish("root", 4, "meta", table) == splitId);
        vm.expectRevert(abi.encodeWithSelector(ISplitBook.MalformedTable.selector, 0));
        book.publish("root", 4, "meta", "");
        vm.expectRevert(abi.encodeWithSelector(ISplitBook.MalformedTable.selector, 73));
        book.publish("root", 4, "meta", bytes.concat(table, hex"00"));
    }

    function points(bytes32 name, bytes32 splitId, uint64 version) private view {
        (bytes32 ownSplit, uint64 ownVersion) = book.pointer(name);
        isTrue("split", ownSplit == splitId);
        same("version", ownVersion, version);
    }

    function test_anOwnersNamePointsAtItsNewestSplit() public {
        bytes32 name = book.nameOf(address(this), SALT);
        points(name, 0, 0);
        vm.expectEmit(address(book));
        emit ISplitBook.Pointed(name, address(this), "first", SALT, 1);
        same("first", book.point(SALT, "first"), 1);
        same("second", book.point(SALT, "second"), 2);
        points(name, "second", 2);
        points(book.nameOf(owner, SALT), 0, 0);
    }

    function signed(bytes32 splitId, uint64 version) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("SplitBook"),
                keccak256("1"),
                block.chainid,
                address(book)
            )
        );
        bytes32 typehash = keccak256("Pointer(bytes32 name,bytes32 splitId,uint64 version)");
        bytes32 structHash = keccak256(abi.encode(typehash, book.nameOf(owner, SALT), splitId, version));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(OWNER_KEY, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function test_anOwnersSignatureMovesItsNameOnce() public {
        bytes32 name = book.nameOf(owner, SALT);
        bytes memory first = signed("first", 1);
        vm.expectRevert(abi.encodeWithSelector(ISplitBook.InvalidPointer.selector, name, owner, 1));
        book.pointFor(owner, SALT, "another", 1, first);
        book.pointFor(owner, SALT, "first", 1, first);
        points(name, "first", 1);
        vm.expectRevert(abi.encodeWithSelector(ISplitBook.OtherVersion.selector, name, 1, 2));
        book.pointFor(owner, SALT, "first", 1, first);
        book.pointFor(owner, SALT, "second", 2, signed("second", 2));
        points(name, "second", 2);
    }

    function test_aSmartWalletOwnsNamesToo() public {
        address wallet = address(new YesWallet());
        book.pointFor(wallet, SALT, "first", 1, "anything");
        points(book.nameOf(wallet, SALT), "first", 1);
    }
}
