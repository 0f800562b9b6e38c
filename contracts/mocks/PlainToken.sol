// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A dollar token that knows EIP-20 and nothing else: no EIP-3009, no EIP-2612, no domain. Anyone may mint.
contract PlainToken is ERC20("Plain Dollar", "PLAIN") {
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function mint(address to, uint256 value) external {
        _mint(to, value);
    }
}
