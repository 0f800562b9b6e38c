// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The cheat codes that the tests use; the test runner answers them at a fixed address.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address);
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function prank(address sender) external;
    function chainId(uint256 id) external;
    function warp(uint256 timestamp) external;
    function etch(address target, bytes calldata code) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit(address emitter) external;
}

Vm constant vm = Vm(0x7109709ECfa91a80626fF3989D68f67F5b1DD12D);

/// @dev Creates a contract from its artifact ("File.sol:Name"): the very bytecode that is shipped. `new` would compile another into each test.
function deployed(string memory artifact) returns (address created) {
    bytes memory code = vm.getCode(artifact);
    assembly ("memory-safe") {
        created := create(0, add(code, 0x20), mload(code))
    }
    isTrue(artifact, created != address(0));
}

error Unequal(string what, uint256 actual, uint256 expected);
error NotTrue(string what);

/// @dev Reverts with both values, so that a failing fuzz run says what it found.
function same(string memory what, uint256 actual, uint256 expected) pure {
    if (actual != expected) revert Unequal(what, actual, expected);
}

function isTrue(string memory what, bool condition) pure {
    if (!condition) revert NotTrue(what);
}

/// @dev What a bare `require(false, reason)` reverts with.
function reverted(string memory reason) pure returns (bytes memory) {
    return abi.encodeWithSignature("Error(string)", reason);
}
