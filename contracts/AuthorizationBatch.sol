// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAuthorizationBatch} from "./interfaces/IAuthorizationBatch.sol";
import {ITransferWithAuthorization} from "./interfaces/ITransferWithAuthorization.sol";

/// @title Many EIP-3009 transfers in one transaction; what it does for a caller is said at its interface.
contract AuthorizationBatch is IAuthorizationBatch {
    /// @dev What one row may burn. The dearest honest one, to a balance that was never touched, takes under 80,000 on USDC.
    uint256 private constant ROW_GAS_MAX = 200_000;

    /// @dev Left for a row so that 63/64 of it are ROW_GAS_MAX (EIP-150), and for what comes after the last row.
    uint256 private constant ROW_GAS_NEEDED = 210_000;

    uint256 private constant NOT_TRIED = type(uint256).max;

    /// @dev Nine words, as the token takes them.
    uint256 private constant ROW_BYTES = 0x120;

    /// @inheritdoc IAuthorizationBatch
    function transferMany(address token, Row[] calldata rows) external returns (uint256[] memory burned) {
        if (token.code.length == 0) revert NoToken(token);
        burned = new uint256[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 before = gasleft();
            if (before < ROW_GAS_NEEDED) {
                burned[i] = NOT_TRIED;
                continue;
            }
            Row calldata row = rows[i];
            // Looked at when it is mined: an account can get code after it was simulated.
            if (row.from.code.length != 0) continue;
            // Cannot underflow: gas is only spent.
            unchecked {
                if (_transfer(token, row)) burned[i] = before - gasleft();
            }
        }
    }

    /// @dev The row stands in the calldata as the token's arguments are encoded, so it is copied as it is.
    function _transfer(address token, Row calldata row) private returns (bool ok) {
        bytes4 selector = ITransferWithAuthorization.transferWithAuthorization.selector;
        assembly ("memory-safe") {
            // Written beyond what is allocated and left there: nothing after this call needs it.
            let call_ := mload(0x40)
            mstore(call_, selector)
            calldatacopy(add(call_, 0x04), row, ROW_BYTES)
            ok := call(ROW_GAS_MAX, token, 0, call_, 0x124, 0, 0)
        }
    }
}
