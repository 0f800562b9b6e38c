// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Accepts every signature, as a smart wallet would that was told to.
contract YesWallet {
    function isValidSignature(bytes32, bytes calldata) external pure returns (bytes4) {
        return 0x1626ba7e;
    }
}

/// @title A contract without `isValidSignature`, such as an account may delegate its code to (EIP-7702).
contract MuteWallet {
    receive() external payable {}
}

/// @title A wallet that burns all the gas it is given when it is asked for its word.
contract BurningWallet {
    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        while (gasleft() > 0) {}
        return 0x1626ba7e;
    }
}
